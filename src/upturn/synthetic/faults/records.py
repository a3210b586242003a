"""Faults of practice in what is recorded of referred children: seeing, visits, reviews, allocation.

Each function takes the records of one part of the council and gives them back with the fault in them, or
as they were when the fault is not wanted.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from upturn.synthetic.days import NEVER, on_or_before
from upturn.synthetic.faults.planter import Planter
from upturn.synthetic.people import YEAR
from upturn.synthetic.repeat import cut_after


def limits(
    p: Planter, fault: str, rows: pl.DataFrame, days: tuple[int, int], *, least: int, share: float
) -> pl.DataFrame:
    """Families taken from ``rows`` for a fault, each with the last day on which anything happened."""
    taken = p.take(fault, rows["family"].to_list(), least=least, share=share)
    back = p.rng(fault + " days").integers(days[0], days[1] + 1, len(taken))
    limits = pl.DataFrame(
        {"family": taken, "limit": p.as_at - back}, schema={"family": pl.Int64, "limit": pl.Int64}
    )
    return rows.join(limits, on="family", maintain_order="left")


def _open_plans(p: Planter, plans: pl.DataFrame, *, days: int) -> pl.DataFrame:
    return plans.filter((pl.col("plan_end") > p.as_at) & (pl.col("plan_start") <= p.as_at - days))


def unseen_children(p: Planter, plans: pl.DataFrame, visits: pl.DataFrame) -> pl.DataFrame:
    """Visits without those of one team's open plans in the last weeks."""
    fault = "team-with-unseen-children"
    open_ = _open_plans(p, plans, days=120).filter(
        pl.col("team").str.starts_with("Family Safeguarding")
    )
    free = open_.filter(~pl.col("family").is_in(list(p.used)))
    if not p.wants(fault) or free.is_empty():
        return visits
    team = free.group_by("team").len().sort("len", "team", descending=[True, False])["team"][0]
    hit = limits(p, fault, free.filter(pl.col("team") == team), (50, 90), least=1, share=1.0)
    p.record(
        fault,
        hit["child_id"],
        source_list="List 7",
        expected="cp-visit",
        detail=f"not visited by {team}",
    )
    return cut_after(visits, hit, on="plan_id")


def not_seen_alone(p: Planter, plans: pl.DataFrame, visits: pl.DataFrame) -> pl.DataFrame:
    """Visits at the latest of which some children were not seen alone."""
    fault = "not-seen-alone"
    if not p.wants(fault):
        return visits
    older = _open_plans(p, plans, days=40).filter((p.as_at - pl.col("born")) / YEAR > 4.3)
    older = older.filter(pl.col("plan_id").is_in(visits["plan_id"].implode()))
    hit = limits(p, fault, older, (0, 0), least=3, share=0.06)
    p.record(
        fault,
        hit["child_id"],
        source_list="List 7",
        expected="cp-seen-alone",
        detail="latest visit, not alone",
    )
    latest = pl.col("plan_id").is_in(hit["plan_id"].implode()) & (
        pl.col("day") == pl.col("day").max().over("plan_id")
    )
    return visits.with_columns(alone=pl.col("alone") & ~latest)


def lapsed_reviews(p: Planter, plans: pl.DataFrame, reviews: pl.DataFrame) -> pl.DataFrame:
    """Reviews without those of the last half year, for some open plans."""
    fault = "reviews-lapsed"
    if not p.wants(fault):
        return reviews
    hit = limits(p, fault, _open_plans(p, plans, days=300), (190, 205), least=2, share=0.08)
    young = _open_plans(p, plans, days=100).filter(pl.col("plan_start") >= p.as_at - 150)
    none = limits(p, fault, young, (151, 151), least=2, share=0.04)
    left = cut_after(reviews, pl.concat([hit, none]), on="plan_id")
    for rows in (hit, none):
        again = rows["plan_id"].is_in(left["plan_id"].implode())
        for some, rule in (
            (rows.filter(again), "cp-review-later"),
            (rows.filter(~again), "cp-review-first"),
        ):
            p.record(
                fault,
                some["child_id"],
                source_list="List 7",
                expected=rule,
                detail="no review in time",
            )
    return left


def not_seen_in_assessment(p: Planter, found: pl.DataFrame, *, window: int) -> pl.DataFrame:
    """Assessments of which some were authorised without the child having been seen."""
    fault = "assessment-not-seen"
    if not p.wants(fault):
        return found
    done = found.filter(pl.col("authorised_on").is_between(window + 5, p.as_at) & ~pl.col("update"))
    hit = limits(p, fault, done, (0, 0), least=3, share=0.01)
    p.record(
        fault,
        hit["child_id"],
        source_list="List 4",
        expected="assessment-child-seen",
        detail="not seen",
    )
    unseen = pl.col("assessment_id").is_in(hit["assessment_id"].implode())
    return found.with_columns(seen=pl.when(unseen).then(NEVER).otherwise("seen"))


def unseen_in_need(
    p: Planter, periods: pl.DataFrame, assessments: pl.DataFrame, visits: pl.DataFrame
) -> pl.DataFrame:
    """Child in need visits without the latest months' for some families who are only in need."""
    fault = "cin-not-seen"
    if not p.wants(fault):
        return visits
    lately = assessments.filter(pl.col("started") > p.as_at - 220)["episode"]
    more = periods.filter((pl.col("plan_start") < NEVER) | pl.col("in_care"))["episode"]
    only = periods.filter(
        (pl.col("closed") > p.as_at)
        & (pl.col("authorised") <= p.as_at - 200)
        & ~pl.col("episode").is_in(pl.concat([lately, more]).unique().implode())
    )
    hit = limits(p, fault, only, (100, 160), least=4, share=0.015)
    p.record(
        fault,
        hit["child_id"],
        source_list="List 6",
        expected="cin-seen",
        detail="last seen over 100 days ago",
    )
    return cut_after(visits, hit, on="period_id")


def held_contacts(p: Planter, rows: pl.DataFrame, contacts: pl.DataFrame) -> pl.DataFrame:
    """Contacts with some more: three before a referral that led at once to a section 47 enquiry."""
    fault = "held-contacts"
    if not p.wants(fault):
        return contacts
    first = rows.filter(pl.col("referred") == pl.col("referred").min().over("family"))
    soon = first.filter(
        pl.col("referred").is_between(p.as_at - 120, p.as_at - 20) & (pl.col("s47") <= p.as_at)
    )
    soon = soon.filter(pl.col("born") < pl.col("referred") - 60)
    hit = limits(p, fault, soon, (0, 0), least=3, share=0.03)
    p.record(
        fault,
        hit["child_id"],
        source_list="List 1",
        expected=None,
        detail="three contacts without a referral, then a section 47 enquiry",
    )
    more = [
        hit.select(
            contact_id=pl.format(f"CH{n}-{{}}", "child_id"),
            child_id="child_id",
            day=pl.Series(on_or_before((hit["referred"] - days).to_numpy()))
            .cast(pl.Int32)
            .cast(pl.Date),
            source=pl.lit(source),
            referral_id=pl.lit(None, dtype=pl.String),
        )
        for n, (days, source) in enumerate(((53, "2A"), (31, "3B"), (13, "6")))
    ]
    return pl.concat([contacts, *more]).sort("day", "child_id", "source")


def unallocated(
    p: Planter, periods: pl.DataFrame, assessments: pl.DataFrame
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Episodes whose children have a team and no worker: being assessed now."""
    fault = "unallocated"
    if not p.wants(fault):
        return np.array([], dtype=np.int64)
    now = assessments.filter(
        (pl.col("started") <= p.as_at - 5) & (pl.col("authorised_on") > p.as_at) & ~pl.col("update")
    )
    open_ = periods.filter(
        (pl.col("closed") > p.as_at) & pl.col("episode").is_in(now["episode"].unique().implode())
    )
    hit = limits(p, fault, open_, (0, 0), least=3, share=0.02)
    for source_list in ("List 4", "List 6"):
        p.record(
            fault,
            hit["child_id"],
            source_list=source_list,
            expected=None,
            detail="team and no worker",
        )
    return hit["episode"].unique().to_numpy()
