"""How far several sources together reach: what nobody has held of a child since a date cannot be told.

A casebook of several sources is as at the latest of their dates. Where the source that holds a child's
visits is an older one, or does not know the child, a visit since then may well have been made: the clock
that waits for it is "cannot tell", and says up to when its records reach.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from upturn.records.casebook import Casebook
from upturn.records.combine.parts import parts_of
from upturn.rulebooks.model import Rule

#: The table whose rows show each event that can stop a clock.
SHOWN_IN = {
    "contact_decided": "cin_episodes",
    "referral_decided": "cin_assessments",
    "assessment_authorised": "cin_assessments",
    "child_seen_in_assessment": "cin_assessments",
    "s47_started": "s47_enquiry",
    "s47_ended": "s47_enquiry",
    "strategy_discussion": "s47_enquiry",
    "conference_held": "initial_cp_conference",
    "transfer_in_conference": "initial_cp_conference",
    "plan_started": "cp_plans",
    "cp_visit": "cp_visits",
    "seen_alone": "cp_visits",
    "cp_review": "cp_reviews",
    "cin_seen": "cin_visits",
    "care_visit": "cla_visits",
    "care_review": "cla_reviews",
    "care_review_first": "cla_reviews",
    "care_review_second_or_later": "cla_reviews",
    "care_review_of_unknown_order": "cla_reviews",
    "health_assessment": "cla_health",
    "dental_check": "cla_health",
    "return_interview_offered": "missing",
    "pathway_plan_review": "care_leavers",
    "care_leaver_contact": "care_leavers",
}
#: An extract's own date is the latest in it, which may be some days before it was taken. Assumed: no more
#: than this.
GRACE_DAYS = 7
_WAITING = ("overdue", "due soon", "running")


def within_reach(
    clocks: pl.DataFrame, casebook: Casebook, rules: Mapping[str, Rule]
) -> pl.DataFrame:
    """The clocks, those still waiting for what no source holds up to the as-at date made "cannot tell".

    A clock that has stopped stays as it is, and so does a check that says no. A casebook of one source is not
    touched. ``rules`` are by their ``ref``.
    """
    if not casebook.parts or clocks.is_empty():
        return clocks
    needed = _needed(rules)
    held = reach_of(casebook, sorted(set(needed["table"])))
    far = (
        clocks.lazy()
        .with_row_index("_i")
        .filter(pl.col("state").is_in(_WAITING), pl.col("days_late").is_not_null())
        .select("_i", "child_id", "rule", "edition")
        .join(needed.lazy(), on=["edition", "rule"])
        .join(held.lazy(), on=["child_id", "table"], how="left")
        .group_by("_i")
        .agg(_until=pl.when(pl.col("held_until").is_not_null().all()).then(pl.col("held_until").min()))
        .collect()
    )  # fmt: skip
    limit = casebook.as_at - timedelta(days=GRACE_DAYS)
    short = far.filter(pl.col("_until").is_null() | (pl.col("_until") < limit))
    return _untold(clocks, short)


def _needed(rules: Mapping[str, Rule]) -> pl.DataFrame:
    """For each rule the tables that would show that it was done."""
    rows = [
        (rule.edition, rule.id, SHOWN_IN[stop])
        for rule in rules.values()
        for stop in rule.stops
        if stop in SHOWN_IN
    ]
    schema = dict.fromkeys(("edition", "rule", "table"), pl.String())
    return pl.DataFrame(rows, schema=schema, orient="row").unique()


def reach_of(casebook: Casebook, tables: list[str]) -> pl.DataFrame:
    """For each child and table the date of the newest source that names the child and holds the table.

    Columns ``child_id, table, held_until``; no row where no source does both.
    """
    none = {"child_id": pl.String(), "table": pl.String(), "held_until": pl.Date()}
    found = [pl.DataFrame(schema=none)]
    for part in parts_of(casebook.parts):
        there = [name for name in tables if part.holds(name)]
        children = pl.DataFrame(
            {"child_id": sorted(part.children)}, schema={"child_id": pl.String()}
        )
        named = pl.DataFrame({"table": there}, schema={"table": pl.String()})
        found.append(
            children.join(named, how="cross").with_columns(held_until=pl.lit(part.book.as_at))
        )
    return pl.concat(found).group_by("child_id", "table").agg(pl.col("held_until").max())


def _untold(clocks: pl.DataFrame, short: pl.DataFrame) -> pl.DataFrame:
    """The clocks in ``short`` as "cannot tell", with how far the records reach in their reason."""
    until = pl.col("_until").dt.strftime("%-d %b %Y")
    why = (
        pl.when(pl.col("_until").is_null())
        .then(pl.lit("no source that names this child holds what would show it"))
        .otherwise(pl.format("the source that would show it reaches to {} only", until))
    )
    reason = pl.format("{}; cannot tell: {}.", pl.col("reason").str.replace(r"; [^;]*$", ""), why)
    cut = pl.col("_short").fill_null(False)
    return (
        clocks.with_row_index("_i")
        .join(short.with_columns(_short=pl.lit(True)), on="_i", how="left", maintain_order="left")
        .with_columns(
            state=pl.when(cut).then(pl.lit("cannot tell")).otherwise("state"),
            days_late=pl.when(~cut).then("days_late"),
            reason=pl.when(cut).then(reason).otherwise("reason"),
        )
        .select(clocks.columns)
    )
