"""One replication as a log: what happened to each child and each post, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upturn.twin import columns as C
from upturn.twin.room import Span, day_number
from upturn.twin.today_columns import O_DAY

#: The columns of `Log.events`.
EVENTS: dict[str, Any] = {
    "day": pl.Date,
    "event": pl.Enum(C.EVENT_NAMES),
    "child": pl.Int64,
    "post": pl.Int64,
    "value": pl.Float64,
}
_TO_QUEUE, _OUT = ("unallocated",), ("closed", "care")
_IN, _GONE = ("starter", "agency_starts"), ("leaver", "agency_ends", "post_closed")


@dataclass(frozen=True)
class Log:
    """Everything that happened in one replication: its warm-up included, or from the open work it took over.

    ``events`` are in the order they happened: day, event (see `EVENT_NAMES`), child (null for what is
    about a post alone), post (null for nobody) and a value. ``holders`` say who held whom, from and to;
    ``to`` is null for what still runs on ``last``. ``workforce`` says who filled which post. ``families``
    gives each child's family and need. ``monthly`` are the series, from ``start`` on.
    """

    events: pl.DataFrame
    holders: pl.DataFrame
    workforce: pl.DataFrame
    families: pl.DataFrame
    first: date
    start: date
    last: date
    monthly: NDArray[np.float32]


def log_of(arrays: Any, days: Span, start: date, monthly: NDArray[np.float32]) -> Log | None:
    """The log of a replication just run; None when it was longer than its room."""
    n = int(arrays.num[C.LOGGED])
    if n >= len(arrays.log):
        return None
    rows = arrays.log[:n]
    numbers = rows[:, :4].astype(np.int64)
    events = pl.DataFrame(
        {
            "day": pl.Series((numbers[:, 0] + day_number(days.first)).astype(np.int32)).cast(
                pl.Date
            ),
            "event": pl.Series(np.array(C.EVENT_NAMES)[numbers[:, 1]]).cast(EVENTS["event"]),
            "child": _known(numbers[:, 2]),
            "post": _known(numbers[:, 3]),
            "value": rows[:, 4],
        }
    )
    kids = arrays.kid[: int(arrays.num[C.KIDS])]
    # With open work taken over, the log begins on that day; who was known only before is not in it.
    taken = len(arrays.opening) > 0
    first = days.first + timedelta(int(arrays.opening[0, O_DAY])) if taken else days.first
    families = pl.DataFrame(
        {
            "child": kids[:, C.ID].astype(np.int64),
            "family": kids[kids[:, C.FAMILY].astype(np.int64), C.ID].astype(np.int64),
            "need": kids[:, C.NEED],
            "team": kids[:, C.TEAM].astype(np.int64),
        }
    )
    if taken:
        families = families.filter(pl.col("child").is_in(events["child"].implode()))
    numbered = events.with_row_index("n")
    last = pl.Series([day_number(days.first) + len(days.days) - 1]).cast(pl.Int32).cast(pl.Date)[0]
    return Log(
        events,
        holders_of(numbered),
        workforce_of(numbered),
        families,
        first,
        start,
        last,
        monthly,
    )


def _known(values: NDArray[np.int64]) -> pl.Series:
    series = pl.Series(values)
    return series.set(series < 0, None)


def holders_of(events: pl.DataFrame) -> pl.DataFrame:
    """Who held whom: child, post, from, to (null while it lasts), how it began.

    A hand-over in a post (value 2) ends one spell and begins another, with another worker.
    """
    ends = events.filter(pl.col("event").is_in(("allocated", *_TO_QUEUE, *_OUT)))
    after = ends.sort("child", "n").with_columns(
        pl.col("day").shift(-1).over("child").alias("to"),
    )
    kinds = {0.0: "first", 1.0: "changed", 2.0: "taken over"}
    return after.filter(pl.col("event") == "allocated").select(
        "child", "post", pl.col("day").alias("from"), "to",
        pl.col("value").replace_strict(kinds, return_dtype=pl.String).alias("how"),
    )  # fmt: skip


def workforce_of(events: pl.DataFrame) -> pl.DataFrame:
    """Who filled which post: post, worker, from, to (null while it lasts), agency, newly qualified."""
    moves = events.filter(pl.col("event").is_in((*_IN, *_GONE))).sort("post", "n")
    spells = moves.with_columns(
        pl.when(pl.col("event").shift(-1).over("post").is_in(_GONE))
        .then(pl.col("day").shift(-1).over("post"))
        .alias("to"),
        pl.col("event").shift(-1).over("post").alias("ended_by"),
    ).filter(pl.col("event").is_in(_IN))
    return spells.with_columns(
        pl.int_range(pl.len()).over("post").alias("nth"),
    ).select(
        "post",
        pl.format("W{}-{}", pl.col("post"), pl.col("nth")).alias("worker"),
        pl.col("day").alias("from"), "to",
        (pl.col("event") == "agency_starts").alias("agency"),
        ((pl.col("event") == "starter") & (pl.col("value") > 0)).alias("newly_qualified"),
    )  # fmt: skip
