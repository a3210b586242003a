"""Faults of practice in what is recorded of children in care and of care leavers.

As in `upturn.synthetic.faults.records`: each function gives the records back with the fault in them.
"""

from __future__ import annotations

import polars as pl

from upturn.synthetic.days import on_or_before
from upturn.synthetic.faults.planter import Planter
from upturn.synthetic.faults.records import limits
from upturn.synthetic.people import YEAR
from upturn.synthetic.repeat import cut_after


def late_care_visits(
    p: Planter, care: pl.DataFrame, placed: pl.DataFrame, visits: pl.DataFrame
) -> pl.DataFrame:
    """Visits to children in care without the latest months' for some who should be seen every six weeks.

    That is those whose placement is not meant to last (then three months would do) and began before the
    last visit (or the wait would count from the placement).
    """
    fault = "care-visits-late"
    if not p.wants(fault):
        return visits
    last = placed.group_by("care_id").agg(pl.col("day", "kind_of").sort_by("day").last())
    plain = last.filter((pl.col("day") <= p.as_at - 240) & ~pl.col("kind_of").is_in(["U1", "U4"]))
    can = _in_care(p, care, (240, 9000)).filter(pl.col("care_id").is_in(plain["care_id"].implode()))
    hit = limits(p, fault, can, (110, 160), least=2, share=0.03)
    detail = "last visited 110 days ago or more"
    p.record(fault, hit["child_id"], source_list="List 8", expected="care-visit", detail=detail)
    return cut_after(visits, hit, on="care_id")


def _in_care(p: Planter, care: pl.DataFrame, days: tuple[int, int]) -> pl.DataFrame:
    since = p.as_at - pl.col("care_start")
    return care.filter((pl.col("care_end") > p.as_at) & since.is_between(*days))


def late_care_reviews(p: Planter, care: pl.DataFrame, reviews: pl.DataFrame) -> pl.DataFrame:
    """Reviews of children in care of which the first, second or a later one is missing."""
    fault = "care-reviews-late"
    if not p.wants(fault):
        return reviews
    for rule, since, back in (
        ("care-review-first", (40, 90), (91, 91)),
        ("care-review-second", (150, 215), (100, 100)),
        ("care-review-later", (480, 9000), (200, 260)),
    ):
        hit = limits(p, fault, _in_care(p, care, since), back, least=2, share=0.03)
        if rule == "care-review-second":  # only the first review took place
            hit = hit.with_columns(limit=pl.col("care_start") + 60)
        p.record(
            fault, hit["child_id"], source_list="List 8", expected=rule, detail="no review in time"
        )
        reviews = cut_after(reviews, hit, on="care_id")
    return reviews


def overdue_health(p: Planter, care: pl.DataFrame, health: pl.DataFrame) -> pl.DataFrame:
    """Health assessments without the latest, for some children in care."""
    fault = "health-overdue"
    if not p.wants(fault):
        return health
    age = (p.as_at - pl.col("born")) / YEAR
    for rule, who, since, back in (
        ("care-health-under-5", age < 4.9, (345, 9000), (200, 300)),
        ("care-health-5-and-over", age > 6.7, (530, 9000), (400, 480)),
    ):
        hit = limits(p, fault, _in_care(p, care, since).filter(who), back, least=2, share=0.03)
        p.record(
            fault,
            hit["child_id"],
            source_list="List 8",
            expected=rule,
            detail="health assessment overdue",
        )
        health = cut_after(health, hit, on="care_id")
    return health


def no_interview(p: Planter, care: pl.DataFrame, missing: pl.DataFrame) -> pl.DataFrame:
    """Missing episodes of which some were followed by no offer of a return interview."""
    fault = "return-interview-not-offered"
    if not p.wants(fault):
        return missing
    lately = missing.filter(pl.col("day") > p.as_at - 350)["care_id"].unique()
    hit = limits(
        p,
        fault,
        _in_care(p, care, (30, 9000)).filter(pl.col("care_id").is_in(lately.implode())),
        (0, 0),
        least=2,
        share=0.08,
    )
    hit = hit.filter(pl.col("care_id").is_in(lately.implode()))
    p.record(
        fault,
        hit["child_id"],
        source_list="List 8",
        expected="return-interview",
        detail="not offered",
    )
    last = pl.col("care_id").is_in(hit["care_id"].implode()) & (
        pl.col("day") == pl.col("day").max().over("care_id")
    )
    return missing.with_columns(
        offered=pl.col("offered") & ~last, accepted=pl.col("accepted") & ~last
    )


def leavers(p: Planter, found: pl.DataFrame) -> pl.DataFrame:
    """Care leavers of whom some have an old pathway plan, and some are out of touch."""
    for fault, column, days, rule, share in (
        ("pathway-plans-overdue", "plan_review", (220, 400), "pathway-plan-review", 0.06),
        ("care-leavers-out-of-touch", "contact", (100, 200), "care-leaver-contact", 0.05),
    ):
        if not p.wants(fault):
            continue
        hit = limits(p, fault, found, days, least=3, share=share)
        found = found.join(
            hit.select("child_id", "limit"), on="child_id", how="left", maintain_order="left"
        )
        has = pl.col("limit").is_not_null()
        day = pl.Series(on_or_before(found["limit"].fill_null(p.as_at).to_numpy()))
        lost = has & (column == "contact")
        found = found.with_columns(
            pl.when(has).then(day).otherwise(column).alias(column),
            in_touch=pl.when(lost).then(pl.lit("N")).otherwise("in_touch"),
        ).drop("limit")
        p.record(
            fault, hit["child_id"], source_list="List 9", expected=rule, detail=f"{column} days ago"
        )
    return found
