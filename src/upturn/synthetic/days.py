"""Days as numbers, for whole columns at once.

A day is the number of days since 1 January 1970. `NEVER` stands for something that has not happened; it
is later than every day, so ``end > as_at`` holds for it. Working days are England's, from the calendar.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upturn.rulebooks.calendar import (
    DAY0,
    DAYS,
    EPOCH,
    FIRST,
    LAST,
    bank_holidays_between,
    in_table,
    working_day_count,
)

Days = NDArray[np.int64]
Mask = NDArray[np.bool_]
NEVER = 2**31 - 1


@cache
def working_days() -> Days:
    """Every working day of the calendar, in order."""
    day = DAY0 + np.arange(DAYS)
    count = np.where(in_table(), working_day_count(), 0).astype(np.int64)
    found: Days = day[np.diff(count, prepend=0) > 0].astype(np.int64)
    found.setflags(write=False)
    return found


def day_of(d: date) -> int:
    """The number of a date.

    >>> day_of(date(1970, 1, 3))
    2
    """
    return (d - EPOCH).days


def date_of(day: int) -> date:
    """The date of a number.

    >>> date_of(2)
    datetime.date(1970, 1, 3)
    """
    return date.fromordinal(EPOCH.toordinal() + int(day))


def on_or_after(day: Days) -> Days:
    """The first working day on or after each day; NEVER stays NEVER.

    >>> [date_of(d).day for d in on_or_after(np.array([day_of(date(2026, 8, 29))]))]
    [1]
    """
    return _at(np.searchsorted(working_days(), day, side="left"), day)


def on_or_before(day: Days) -> Days:
    """The last working day on or before each day; NEVER stays NEVER."""
    return _at(np.searchsorted(working_days(), day, side="right") - 1, day)


def plus(day: Days, working: Days | int) -> Days:
    """The n-th working day after each day; for 0 the first on or after it. NEVER stays NEVER.

    >>> [str(date_of(d)) for d in plus(np.array([day_of(date(2026, 8, 4))]), 45)]
    ['2026-10-07']
    """
    after = np.searchsorted(working_days(), day, side="right") + working - 1
    same = np.searchsorted(working_days(), day, side="left")
    return _at(np.where(np.asarray(working) == 0, same, after), day)


def between(a: Days, b: Days) -> Days:
    """Working days of ``(a, b]``.

    >>> int(between(np.array([day_of(date(2026, 8, 4))]), np.array([day_of(date(2026, 10, 7))]))[0])
    45
    """
    days = working_days()
    gone = np.searchsorted(days, b, side="right") - np.searchsorted(days, a, side="right")
    return np.asarray(gone, dtype=np.int64)


def _at(place: NDArray[Any], day: Days) -> Days:
    inside = np.clip(place, 0, len(working_days()) - 1)
    return np.where(np.asarray(day) >= NEVER, NEVER, working_days()[inside])


def dates(frame: pl.DataFrame, *columns: str, as_at: int) -> pl.DataFrame:
    """Day numbers turned into dates; what lies after ``as_at`` has not happened yet and is null."""
    return frame.with_columns(
        pl.when(pl.col(c) <= as_at).then(pl.col(c)).cast(pl.Int32).cast(pl.Date).alias(c)
        for c in columns
    )


def weekdays(day: Days) -> Days:
    """0 for Monday to 6 for Sunday.

    >>> weekdays(np.array([day_of(date(2026, 8, 4))])).tolist()
    [1]
    """
    return (np.asarray(day) + 3) % 7


@cache
def bank_holidays() -> dict[int, str]:
    """Bank holidays that fall on a weekday, with their names."""
    return {day_of(d): name for d, name in bank_holidays_between(FIRST, LAST)}


@cache
def school_holidays() -> Days:
    """Days when most schools of England are shut, in round figures (dates differ by council)."""
    spans: list[tuple[int, int]] = []
    for year in range(FIRST.year, LAST.year):
        spans += [
            (day_of(date(year, 7, 24)), day_of(date(year, 8, 31))),
            (day_of(date(year, 12, 20)), day_of(date(year + 1, 1, 3))),
            (day_of(date(year, 2, 14)), day_of(date(year, 2, 20))),
            (day_of(date(year, 10, 25)), day_of(date(year, 10, 31))),
        ]
    for day, name in bank_holidays().items():
        if name == "Good Friday":
            spans.append((day - 4, day + 10))
        if name.startswith("Spring"):
            spans.append((day, day + 4))
    return np.unique(np.concatenate([np.arange(a, b + 1) for a, b in spans])).astype(np.int64)
