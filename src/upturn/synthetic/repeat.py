"""Events that repeat over a child's time in something: visits, reviews, core groups, health checks."""

from __future__ import annotations

import numpy as np
import polars as pl

from upturn.synthetic.days import NEVER
from upturn.synthetic.draw import Gaps, runs

#: The columns that events carry on; all of a child's columns for every visit would fill the memory.
_CARRIED = frozenset(
    "episode child child_id family born plan_id period_id care_id plan_start plan_end started closed "
    "care_start care_end placed".split()
)


def repeated(
    rows: pl.DataFrame,
    *,
    start: str,
    end: str,
    gaps: Gaps,
    shortest: int,
    working: bool,
    as_at: int,
    alone: bool = False,
) -> pl.DataFrame:
    """One row per child and event between the child's ``start`` and ``end`` (or ``as_at``).

    Brothers and sisters of one episode share the events' days, unless ``alone``. Adds ``nth`` (0 first)
    and ``day``, and keeps the columns that say whose the event is. The gaps are as for
    `upturn.synthetic.draw.runs`.
    """
    by = ["episode", "child"] if alone else ["episode"]
    rows = rows.select(c for c in rows.columns if c in _CARRIED)
    rows = rows.filter((pl.col(start) < NEVER) & (pl.col(start) <= as_at))
    groups = rows.group_by(by, maintain_order=True).agg(
        pl.col(start).min().alias("from"),
        pl.col(end).max().clip(upper_bound=as_at).alias("to"),
    )
    which, nth, day = runs(
        groups["from"].to_numpy().astype(np.int64),
        groups["to"].to_numpy().astype(np.int64),
        gaps,
        shortest=shortest,
        working=working,
    )
    events = groups[which].select(by).with_columns(nth=pl.Series(nth), day=pl.Series(day))
    inside = (pl.col("day") > pl.col(start)) & (pl.col("day") <= pl.col(end))
    return rows.join(events, on=by, maintain_order="left_right").filter(inside)


def cut_after(events: pl.DataFrame, limit: pl.DataFrame, *, on: str) -> pl.DataFrame:
    """The events without those of the named children or families later than their ``limit`` day."""
    joined = events.join(limit.select(on, "limit"), on=on, how="left", maintain_order="left")
    return joined.filter(pl.col("limit").is_null() | (pl.col("day") <= pl.col("limit"))).drop(
        "limit"
    )
