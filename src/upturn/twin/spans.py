"""Counting what happened, and what stood open, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from upturn.rulebooks.calendar import DAY0, DAYS, add_months, day_number, working_day_count

Floats = npt.NDArray[np.float64]
Days = npt.NDArray[np.int64]
#: Further off than any date of an extract: what has not ended yet.
NEVER = 10**6


def whole_months(first: date, last: date) -> tuple[date, ...]:
    """The first days of the calendar months that lie wholly in ``first`` to ``last``, both included.

    >>> [str(m) for m in whole_months(date(2026, 3, 31), date(2026, 5, 31))]
    ['2026-04-01', '2026-05-01']
    """
    month, found = first.replace(day=1), []
    while add_months(month, 1) - timedelta(1) <= last:
        if month >= first:
            found.append(month)
        month = add_months(month, 1)
    return tuple(found)


def days_of(column: pl.Series, *, blank: int = NEVER) -> Days:
    """Dates as day numbers; a blank as ``blank``."""
    return column.cast(pl.Int32).cast(pl.Int64).fill_null(blank).to_numpy()


def edges(months: Sequence[date]) -> Days:
    """The day numbers on which the months begin, and that on which the last of them is over."""
    ends = [*months, add_months(months[-1], 1)] if months else []
    return np.array([day_number(m) for m in ends], dtype=np.int64)


def count_in(days: Days, months: Sequence[date]) -> Floats:
    """How many of ``days`` fall in each month. Shape (months,)."""
    found, _ = np.histogram(days, bins=edges(months))
    return found.astype(float)


def sum_in(days: Days, amounts: Floats, months: Sequence[date]) -> Floats:
    """The amounts of the days that fall in each month, added up. Shape (months,)."""
    found, _ = np.histogram(days, bins=edges(months), weights=amounts)
    return np.asarray(found, dtype=float)


def mean_open(starts: Days, ends: Days, months: Sequence[date]) -> Floats:
    """How many stood open on an average day of each month: begun on or before it, ended after it.

    >>> may = (date(2026, 5, 1),)
    >>> float(mean_open(np.array([day_number(date(2026, 4, 1))]), np.array([NEVER]), may)[0])
    1.0
    """
    bounds = edges(months)
    every_day = np.arange(bounds[0], bounds[-1])
    begun = np.searchsorted(np.sort(starts), every_day, side="right")
    # A spell of no length, or one that ends before it begins, never stood open.
    over = np.searchsorted(np.sort(np.maximum(ends, starts)), every_day, side="right")
    total, _ = np.histogram(every_day, bins=bounds, weights=(begun - over).astype(float))
    return np.asarray(total / np.diff(bounds), dtype=float)


def working_days_from(starts: Days, ends: Days) -> Days:
    """Working days of (start, end] for day numbers; -1 where the calendar does not reach or end is NEVER."""
    w = working_day_count().astype(np.int64)

    def at(days: Days) -> Days:
        off = days - DAY0
        held = (off >= 0) & (off < DAYS)
        return np.where(held, w[np.where(held, off, 0)], -1)

    first, last = at(starts), at(ends)
    told = (first >= 0) & (last >= 0) & (ends >= starts)
    return np.asarray(np.where(told, last - first, -1), dtype=np.int64)


def histogram_in(
    days: Days, lengths: Days, months: Sequence[date], *, bins: int
) -> npt.NDArray[np.int64]:
    """How many lengths of 0, 1 … ``bins`` - 1 or more end in each month. Shape (months, bins).

    Lengths below 0 are not known and are left out.
    """
    known = lengths >= 0
    month = np.searchsorted(edges(months), days[known], side="right") - 1
    inside = (month >= 0) & (month < len(months))
    found = np.zeros((len(months), bins), dtype=np.int64)
    np.add.at(found, (month[inside], np.minimum(lengths[known][inside], bins - 1)), 1)
    return found
