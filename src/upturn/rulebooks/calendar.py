"""Working days in England: Monday to Friday, less the bank holidays of England.

Bank holidays come from ``bank_holidays_england.csv``, which says for each one whether it was
published or is worked out from the standing rules. The table ends; past its ends a count of
working days cannot be told, and every function here says so (None, or -1 in an array) and does not
guess. Calendar days and months need no table and always work.

Counting: day 1 is the working day after the start, so a count from ``a`` to ``b`` takes in the
working days of ``(a, b]``. A start at a weekend or on a bank holiday is allowed and counts nothing
itself. Months: the same day of a later month, or that month's last day when it is shorter.

The functions on single dates are the plain statement of the rules. The arrays below them answer
the same questions for every start day at once; a test compares the two on every day.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from upturn.rulebooks.model import Interval

#: The first and last day for which working days can be told.
FIRST, LAST = date(2000, 1, 1), date(2035, 12, 31)
#: Where the day numbers of numpy, Polars and the arrays below begin.
EPOCH = date(1970, 1, 1)
#: Day number of the first day the arrays hold (1 January 1990) and how many days they hold (to
#: 2040).
DAY0 = (date(1990, 1, 1) - EPOCH).days
DAYS = (date(2040, 12, 31) - EPOCH).days - DAY0 + 1

Days = NDArray[np.int32]
_TABLE = Path(__file__).with_name("bank_holidays_england.csv")


@lru_cache(maxsize=1)
def _table() -> dict[date, tuple[str, str]]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {date.fromisoformat(r["date"]): (r["name"], r["basis"]) for r in rows}


@lru_cache(maxsize=1)
def _working_days() -> tuple[date, ...]:
    everyday = (FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1))
    return tuple(d for d in everyday if is_working_day(d))


def is_working_day(d: date) -> bool:
    """Whether ``d`` is Monday to Friday and no bank holiday of England.

    Outside `FIRST` to `LAST` a weekday counts as a working day here, because no holiday is known;
    use `in_table` or the counting functions where that matters.

    >>> is_working_day(date(2020, 5, 4)), is_working_day(date(2020, 5, 8))
    (True, False)
    """
    return d.weekday() < 5 and d not in _table()


def is_known(d: date) -> bool:
    """Whether the table reaches ``d``.

    >>> is_known(date(2026, 3, 18)), is_known(date(2036, 1, 1))
    (True, False)
    """
    return FIRST <= d <= LAST


def basis_of(d: date) -> str:
    """How sure the table is of ``d``: ``published`` to 2025, ``standing rules`` after it.

    ``history`` is 2000 to 2011; ``not known`` is outside the table. A day of 2026 or later may
    still change by proclamation.

    >>> basis_of(date(2023, 5, 8)), basis_of(date(2031, 5, 5))
    ('published', 'standing rules')
    """
    if not is_known(d):
        return "not known"
    if d.year < 2012:
        return "history"
    return "published" if d.year <= 2025 else "standing rules"


def bank_holidays_between(start: date, end: date) -> list[tuple[date, str]]:
    """The bank holidays of ``(start, end]`` that take a weekday away, in order, with their names.

    The same days a count of working days from ``start`` to ``end`` leaves out.

    >>> bank_holidays_between(date(2026, 8, 4), date(2026, 10, 7))
    [(datetime.date(2026, 8, 31), 'Summer bank holiday')]
    """
    return [(d, name) for d, (name, _) in _table().items() if start < d <= end]


def working_days_between(a: date, b: date) -> int | None:
    """Working days of ``(a, b]``; negative when ``b`` is before ``a``; None outside the table.

    >>> working_days_between(date(2026, 8, 4), date(2026, 10, 7))
    45
    >>> working_days_between(date(2026, 10, 7), date(2026, 8, 4))
    -45
    >>> working_days_between(date(1999, 12, 31), date(2000, 1, 4)) is None
    True
    """
    if not (is_known(a) and is_known(b)):
        return None
    days = _working_days()
    return bisect_right(days, b) - bisect_right(days, a)


def add_working_days(d: date, n: int) -> date | None:
    """The ``n``-th working day after ``d``; ``d`` itself for 0; None outside the table.

    Raises ValueError for a negative ``n``.

    >>> add_working_days(date(2026, 8, 4), 45)
    datetime.date(2026, 10, 7)
    >>> add_working_days(date(2035, 12, 28), 10) is None
    True
    """
    if n < 0:
        raise ValueError(f"a limit cannot be negative: {n} working days")
    if not is_known(d):
        return None
    if n == 0:
        return d
    days = _working_days()
    place = bisect_right(days, d) + n - 1
    return days[place] if place < len(days) else None


def add_months(d: date, n: int) -> date:
    """The same day ``n`` months later, or the last day of that month when it is shorter.

    >>> add_months(date(2023, 11, 30), 3)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(d.year * 12 + d.month - 1 + n, 12)
    next_year, next_month = divmod(year * 12 + month + 1, 12)
    last = date(next_year, next_month + 1, 1) - timedelta(1)
    return last.replace(day=min(d.day, last.day))


def due_on(start: date, within: Interval) -> date | None:
    """The last day in time for something due ``within`` an interval of ``start``.

    None when the interval is in working days and the table does not reach.

    >>> due_on(date(2018, 7, 4), Interval(15, "working_days"))
    datetime.date(2018, 7, 25)
    >>> due_on(date(2024, 1, 31), Interval(3, "months"))
    datetime.date(2024, 4, 30)
    """
    if within.unit == "working_days":
        return add_working_days(start, within.number)
    if within.unit == "months":
        return add_months(start, within.number)
    return start + timedelta(within.number)


def day_number(d: date) -> int:
    """Days from 1 January 1970 to ``d``, as numpy and Polars count them.

    >>> day_number(date(1990, 1, 1)) == DAY0
    True
    """
    return (d - EPOCH).days


def _frozen(values: NDArray[np.generic]) -> Days:
    array = values.astype(np.int32)
    array.setflags(write=False)
    return array


@lru_cache(maxsize=1)
def in_table() -> NDArray[np.bool_]:
    """For each day from `DAY0`, whether working days can be told. Shape ``(DAYS,)``, bool.

    >>> bool(in_table()[day_number(date(2026, 1, 1)) - DAY0])
    True
    """
    day = DAY0 + np.arange(DAYS)
    known = (day >= day_number(FIRST)) & (day <= day_number(LAST))
    known.setflags(write=False)
    return known


@lru_cache(maxsize=1)
def _working_day_numbers() -> Days:
    return _frozen(np.array([day_number(d) for d in _working_days()]))


@lru_cache(maxsize=1)
def working_day_count() -> Days:
    """Working days from `FIRST` to each day from `DAY0`, both included. Shape ``(DAYS,)``, int32.

    With W this array, the working days of ``(a, b]`` are ``W[b - DAY0] - W[a - DAY0]``. W is -1
    where the table does not reach: test for it before subtracting.

    >>> w = working_day_count()
    >>> int(w[day_number(date(2026, 10, 7)) - DAY0] - w[day_number(date(2026, 8, 4)) - DAY0])
    45
    """
    day = DAY0 + np.arange(DAYS)
    count = np.searchsorted(_working_day_numbers(), day, side="right")
    return _frozen(np.where(in_table(), count, -1))


@lru_cache(maxsize=64)
def due_table(within: Interval) -> Days:
    """The day number on which what starts on each day from `DAY0` is due. Shape ``(DAYS,)``.

    int32, days since 1 January 1970; -1 where it cannot be told. A due day in calendar days or
    months may lie past the last day of the arrays.

    >>> int(due_table(Interval(45, "working_days"))[day_number(date(2026, 8, 4)) - DAY0])
    20733
    """
    day = DAY0 + np.arange(DAYS)
    if within.unit == "calendar_days":
        return _frozen(day + within.number)
    if within.unit == "months":
        return _frozen(_months_after(day, within.number))
    if within.number == 0:
        return _frozen(np.where(in_table(), day, -1))
    place = working_day_count() + within.number - 1
    known = in_table() & (place < len(_working_day_numbers()))
    return _frozen(np.where(known, _working_day_numbers()[np.where(known, place, 0)], -1))


def _months_after(day: NDArray[np.int64], months: int) -> NDArray[np.int64]:
    start = day.astype("M8[D]")
    month = start.astype("M8[M]")
    day_of_month = (start - month.astype("M8[D]")).astype(np.int64)
    target = month + months
    length = ((target + 1).astype("M8[D]") - target.astype("M8[D]")).astype(np.int64)
    first: NDArray[np.int64] = target.astype("M8[D]").astype(np.int64)
    due: NDArray[np.int64] = first + np.minimum(day_of_month, length - 1)
    return due
