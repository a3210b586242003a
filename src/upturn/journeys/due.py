"""Monday's list: what is overdue and what is due soon, each piece of work once.

A published statistic often counts the same work as a statutory clock from another day. Where the statutory
clock of that child is on the list already, the statistic would only say it twice and is left out; where
it is not (an assessment whose referral is older than the extract), the statistic is all there is to say it.
"""

from __future__ import annotations

import polars as pl

from upturn.journeys.result import Check

DUE = ("overdue", "due soon")


def due_list(check: Check) -> pl.DataFrame:
    """The clocks overdue or due soon, worst first, with the columns of `upturn.journeys.result.CLOCKS`.

    Overdue before due soon, then by days late (working or calendar, as the rule counts), then by child.
    """
    work = {r.id: " ".join(r.stops) for r in check.rules.values()}
    due = check.clocks.filter(pl.col("state").is_in(DUE)).with_columns(
        _work=pl.col("rule").replace(work), _statistic=pl.col("kind") == "statistic"
    )
    said_by_law = (~pl.col("_statistic")).any().over("child_id", "_work")
    return (
        due.filter(~(pl.col("_statistic") & said_by_law))
        .sort(pl.col("state") != "overdue", "days_late", "child_id", "rule",
              descending=[False, True, False, False], nulls_last=True, maintain_order=True)
        .drop("_work", "_statistic")
    )
