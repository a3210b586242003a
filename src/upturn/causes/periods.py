"""Periods as people type them: a month, a quarter, a year, or from one month to another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from upturn.records.sheets import SourceError
from upturn.rulebooks.calendar import add_months
from upturn.twin.fitted import Period

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
