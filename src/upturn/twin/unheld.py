"""Children whom nobody held, day by day: open, and in no worker's involvements."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from upturn.twin import spans
from upturn.twin.counted import Counted
from upturn.twin.open_children import open_periods
from upturn.workload.allocations import allocations, has_history, spells
from upturn.workload.cases import merged
from upturn.workload.continuity import nobody

#: With more of the children open than this in no worker's involvements, the involvements are taken to be
#: incomplete. Assumed: in a service that works, nearly every child has a worker.
MOST_UNHELD = 0.2
_PARTLY = (
    "of {:.0%} of the days of children open the source names no worker: it may leave workers out"
)


def unheld(c: Counted) -> None:
    """Children open whom no worker held, where the source says who held a child before the extract."""
    if not has_history(c.book):
        if "unallocated" not in c.series:
            c.untold("the source does not say when a child had no worker", "unallocated")
        return
    periods = open_periods(c)
    if periods is None or periods.is_empty():
        c.untold("the source does not say when a child was open", "unallocated")
        return
    open_ = _until(periods.rename({"child": "child_id"}), c)
    known = _until(spells(allocations(c.book)).select("child_id", "start", "end"), c)
    gaps = nobody(open_, merged(known, "child_id"))
    days = (open_["end"] - open_["start"]).dt.total_days().sum()
    share = float(gaps["d"].sum()) / max(float(days), 1.0)
    if share > MOST_UNHELD:
        c.untold(_PARTLY.format(share), "unallocated")
        return
    c.open("unallocated", spans.days_of(gaps["start"]), spans.days_of(gaps["end"]))


def _until(rows: pl.DataFrame, c: Counted) -> pl.DataFrame:
    """The rows with an end: the day after the extract, where none has come."""
    after = c.book.as_at + timedelta(1)
    ended = rows.with_columns(end=pl.min_horizontal(pl.col("end").fill_null(after), pl.lit(after)))
    return ended.filter(pl.col("end") > pl.col("start"))
