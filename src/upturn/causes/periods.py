"""Periods as people type them: a month, a quarter, a year, or from one month to another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from upturn.records.sheets import SourceError
from upturn.rulebooks.calendar import add_months
from upturn.twin.fitted import Period

#: Fewest months of the period that the twin is fitted to, as `upturn.twin.fit` needs.
FEWEST = 3
#: Most months of a period that nobody asked for.
MOST = 12
#: From so many months a year apart on, the same months of two years are compared: season then cancels out.
SAME_MONTHS = 6
#: The forms a period may be written in, for messages and help.
FORMS = (
    "2025-04..2025-09, 2025-04, 2025Q1 (January to March), 2025 (January to December) or 2024/25"
)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_QUARTER = re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE)
_YEAR = re.compile(r"(\d{4})")
_FINANCIAL = re.compile(r"(\d{4})/(\d{2}|\d{4})")


def parse_period(text: str) -> Period:
    """The whole months that ``text`` names; its label is how a sentence would say them.

    Raises SourceError, with the forms there are, for anything else.

    >>> found = parse_period("2025-04..2025-09")
    >>> found.start, found.end, found.label
    (datetime.date(2025, 4, 1), datetime.date(2025, 9, 30), 'April to September 2025')
    >>> parse_period("2024/25").label
    'April 2024 to March 2025'
    """
    first, dots, last = text.strip().partition("..")
    start, end = _span(first.strip(), text)
    if dots:
        end = _span(last.strip(), text)[1]
    if end < start:
        raise SourceError(f"period {text!r} ends before it begins")
    return Period(label_of(start, end), start, end)


def _span(text: str, whole: str) -> tuple[date, date]:
    """First and last day of one month, quarter or year."""
    start, months = None, 0
    if found := _MONTH.fullmatch(text):
        start, months = (int(found[1]), int(found[2])), 1
    elif found := _QUARTER.fullmatch(text):
        start, months = (int(found[1]), 3 * int(found[2]) - 2), 3
    elif found := _YEAR.fullmatch(text):
        start, months = (int(found[1]), 1), 12
    elif (found := _FINANCIAL.fullmatch(text)) and (int(found[1]) + 1) % 100 == int(found[2]) % 100:
        start, months = (int(found[1]), 4), 12
    if start is None or not 1 <= start[1] <= 12 or not 1990 <= start[0] < 2200:
        raise SourceError(f"{whole!r} is not a period; write {FORMS}")
    first = date(*start, 1)
    return first, add_months(first, months) - timedelta(1)


def label_of(start: date, end: date) -> str:
    """A stretch of whole months as a sentence says it.

    >>> label_of(date(2025, 1, 1), date(2025, 1, 31))
    'January 2025'
    """
    first, last = f"{start:%B %Y}", f"{end:%B %Y}"
    if first == last:
        return first
    return f"{start:%B} to {last}" if start.year == end.year else f"{first} to {last}"


def period_of(months: Sequence[date]) -> Period:
    """The period from the first of some months (first days, in order) to the end of the last.

    >>> period_of([date(2025, 2, 1), date(2025, 3, 1)]).label
    'February to March 2025'
    """
    end = add_months(months[-1], 1) - timedelta(1)
    return Period(label_of(months[0], end), months[0], end)


def months_in(period: Period) -> int:
    """How many months a period holds.

    >>> months_in(parse_period("2025Q2"))
    3
    """
    start, end = period.start, period.end
    return (end.year - start.year) * 12 + end.month - start.month + 1


def check_order(before: Period, after: Period) -> None:
    """Raise SourceError unless the first period ends before the second begins."""
    if after.start <= before.end:
        raise SourceError(
            f"the periods overlap or stand in the wrong order: {before.label}, then {after.label}"
        )


def check_length(first: Period) -> None:
    """Raise SourceError for a first period of fewer months than a twin can be fitted to."""
    if (many := months_in(first)) < FEWEST:
        raise SourceError(
            f"{first.label} is {'one month' if many == 1 else f'{many} months'}; the twin is fitted to the "
            f"first period, which needs at least {FEWEST} (or give a fit)"
        )


def chosen_periods(
    months: Sequence[date], before: Period | None, after: Period | None, *, england: bool = False
) -> tuple[Period | None, Period]:
    """The two periods to compare: those asked for, and for those that were not, what ``months`` allow.

    ``months`` are the whole months held (first days, in order). The same months of two years are taken where
    they are held, so that season cancels out; otherwise the latest months and as many before them. The first
    period, to which the twin is fitted, has three months or more. With ``england`` there is only the
    later one, of up to twelve months. Raises SourceError, saying what is held and what is needed, when the
    months do not allow it.

    >>> held = [date(2025, month, 1) for month in range(1, 6)]
    >>> [period.label for period in chosen_periods(held, None, None) if period]
    ['January to March 2025', 'April to May 2025']
    """
    if england:
        return None, after or _latest(months, MOST, least=FEWEST)
    if after is None:
        after = _later(months, before)
    if before is None:
        before = _earlier(months, after)
    return before, after


def _later(months: Sequence[date], before: Period | None) -> Period:
    """The later period, when none was asked for."""
    if before is None:
        if len(months) < FEWEST + 1:
            raise SourceError(_too_few(months, FEWEST + 1))
        held = len(months)
        apart = held - 12
        size = apart if SAME_MONTHS <= apart < MOST else min(MOST, held // 2)
        # fewer than three before would be too few to fit a twin to
        return _latest(months, min(size, held - FEWEST))
    years = [_shifted(before, n) for n in range(1, 6)]
    if same := [one for one in years if one.start > before.end and _whole(months, one)]:
        return same[-1]
    left = [month for month in months if month > before.end]
    if not left:
        raise SourceError(f"there is no month after {before.label}: {_held(months)}")
    return _latest(left, months_in(before))


def _earlier(months: Sequence[date], after: Period) -> Period:
    """The period to compare with, when none was asked for: a year before, or just before."""
    year_before = _shifted(after, -1)
    if months_in(after) >= FEWEST and year_before.end < after.start and _whole(months, year_before):
        return year_before
    left = [month for month in months if month < after.start]
    if len(left) < FEWEST:
        many = f"only {len(left)}" if left else "none"
        raise SourceError(
            f"{after.label} has to be compared with at least {FEWEST} months before it, and {many} of them "
            f"can be used: {_held(months)}"
        )
    return _latest(left, max(months_in(after), FEWEST))


def _latest(months: Sequence[date], most: int, *, least: int = 1) -> Period:
    if len(months) < least:
        raise SourceError(_too_few(months, least))
    return period_of(months[-most:])


def _too_few(months: Sequence[date], needed: int) -> str:
    return (
        f"too few months to compare: at least {needed} whole months are needed, and {_held(months)}"
    )


def _held(months: Sequence[date]) -> str:
    """What the extract holds, as a clause."""
    if not months:
        return "the extract holds no whole month"
    many = f"{len(months)} whole months" if len(months) > 1 else "one whole month"
    return f"the extract holds {many}, {period_of(months).label}"


def _shifted(period: Period, years: int) -> Period:
    """The same months so many years later."""
    start = add_months(period.start, 12 * years)
    end = add_months(start, months_in(period)) - timedelta(1)
    return Period(label_of(start, end), start, end)


def _whole(months: Sequence[date], period: Period) -> bool:
    held = sum(period.start <= month <= period.end for month in months)
    return held == months_in(period)
