"""Monday's list: what is overdue and what is due soon, each piece of work once.

A published statistic often counts the same work as a statutory clock from another day. Where the statutory
clock of that child says it already, the statistic would only say it twice; where it does not (an
assessment whose referral is older than the extract), the statistic is all there is to say it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from upturn.journeys.result import Check
from upturn.rulebooks.model import Rule

DUE = ("overdue", "due soon")
#: What was recorded as not done longer ago than this is history.
LONG_AGO_MONTHS = 6


def due_list(check: Check) -> pl.DataFrame:
    """The clocks overdue or due soon, worst first, with the columns of `upturn.journeys.result.CLOCKS`.

    Overdue before due soon, then by days late (working or calendar, as the rule counts), then by child.
    """
    # What is said already is said by another clock that is due: the few that are due can be looked at alone.
    due = check.clocks.filter(pl.col("state").is_in(DUE))
    off = off_the_list(due, check.rules.values(), as_at=check.as_at)
    return due.filter(~off).sort(
        pl.col("state") != "overdue",
        "days_late",
        "child_id",
        "rule",
        descending=[False, True, False, False],
        nulls_last=True,
        maintain_order=True,
    )


def off_the_list(clocks: pl.DataFrame, rules: Iterable[Rule], *, as_at: date) -> pl.Series:
    """For each clock, whether lists and totals leave it out: said already, or a matter of history.

    What was recorded as not done (a child not seen in an assessment) has no due day to run from. Annex A
    goes back six months; in a source with years of history what is older than that is not Monday's work.
    """
    long_ago = pl.lit(as_at).dt.offset_by(f"-{LONG_AGO_MONTHS}mo")
    history = (
        (pl.col("state") == "overdue")
        & pl.col("days_late").is_null()
        & (pl.col("due_on") < long_ago)
    )
    again = said_already(clocks, rules)
    return clocks.select((again | history.fill_null(False)).alias("off_the_list")).to_series()


def said_already(clocks: pl.DataFrame, rules: Iterable[Rule]) -> pl.Series:
    """For each clock, whether it is a statistic that a statutory or local clock of that child repeats.

    Two clocks are about the same work when the same events stop them; overdue and due soon count as one
    state here, since either puts the work on the list.
    """
    work = {rule.id: " ".join(rule.stops) for rule in rules}
    statistic = pl.col("kind") == "statistic"
    state = pl.when(pl.col("state").is_in(DUE)).then(pl.lit("due")).otherwise("state")
    about = ["child_id", pl.col("rule").replace(work).alias("_work"), state.alias("_state")]
    repeated = statistic & (~statistic).any().over(about)
    return clocks.select(repeated.fill_null(False).alias("said_already")).to_series()
