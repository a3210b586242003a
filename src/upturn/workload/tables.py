"""The two tables this room is built on: who worked here, and who held which child."""

from __future__ import annotations

from datetime import date

import polars as pl

#: What a row of the workforce file says: one spell of one post, or of one worker's absence.
KINDS = ("in post", "leave", "sickness")

#: Where a row came from; ``set_aside`` names the columns whose cell could not be trusted.
PLACE: dict[str, pl.DataType] = {
    "source_file": pl.String(),
    "source_sheet": pl.String(),
    "source_list": pl.String(),
    "source_row": pl.UInt32(),
    "set_aside": pl.List(pl.String),
}

WORKFORCE: dict[str, pl.DataType] = {
    "post_id": pl.String(),
    "worker": pl.String(),  # null: nobody held the post in this spell
    "team": pl.String(),
    "role": pl.String(),
    "hours": pl.Float64(),  # contracted, a week
    "start": pl.Date(),
    "end": pl.Date(),  # the first day it no longer held; null: it still does
    "agency": pl.Boolean(),  # null: the file does not say
    "newly_qualified": pl.Boolean(),
    "kind": pl.String(),  # one of KINDS
    **PLACE,
}

ALLOCATIONS: dict[str, pl.DataType] = {
    "child_id": pl.String(),
    "worker": pl.String(),  # null: with a team and no worker
    "team": pl.String(),
    "start": pl.Date(),  # null: the source does not hold since when
    "end": pl.Date(),  # the first day the worker no longer held the child; null: still does
    "role": pl.String(),
    **PLACE,
}


def typed(frame: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """The frame with exactly these columns, those it lacks as nulls.

    >>> typed(pl.DataFrame({"child_id": ["1"]}), ALLOCATIONS).columns[:3]
    ['child_id', 'worker', 'team']
    """
    return frame.select(
        (pl.col(c) if c in frame.columns else pl.lit(None)).cast(t).alias(c)
        for c, t in schema.items()
    )


def covers(day: pl.Expr | date) -> pl.Expr:
    """Whether a spell holds on ``day``: begun (or begun nobody knows when), and not ended.

    >>> from datetime import date
    >>> spell = pl.DataFrame({"start": [date(2026, 1, 5)], "end": [date(2026, 1, 9)]})
    >>> spell.select(covers(date(2026, 1, 9))).item()
    False
    """
    on = pl.lit(day) if isinstance(day, date) else day
    begun = pl.col("start").is_null() | (pl.col("start") <= on)
    return begun & (pl.col("end").is_null() | (pl.col("end") > on))


#: More days than any date is from 1970: how far apart `levels` puts one owner's days from the next's.
_APART = 10**6


def levels(*own: str) -> pl.Expr:
    """For rows in the order of their owners, a number for each, so far apart that days fit between.

    A running maximum of days on these levels starts anew with each owner, and is one pass over all rows where
    one within each of many thousand owners is not.
    """
    return pl.struct(own).rle_id().cast(pl.Int64) * _APART


def stretch_numbers(*own: str, end: str = "end") -> pl.Expr:
    """Numbers for stretches that touch or overlap, the same for those of one owner that do.

    For rows sorted by owner, ``start`` and ``end``, all of them known.

    >>> rows = pl.DataFrame({"who": ["a", "a", "b"], "start": [1, 4, 4], "end": [4, 6, 9]})
    >>> dates = rows.with_columns(pl.col("start", "end").cast(pl.Date))
    >>> dates.select(stretch_numbers("who")).to_series().to_list()
    [1, 1, 2]
    """
    start, over = (levels(*own) + pl.col(day).to_physical() for day in ("start", end))
    before = over.cum_max().shift(1)
    return (before.is_null() | (start > before)).cum_sum()
