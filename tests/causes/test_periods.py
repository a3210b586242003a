"""Periods as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from upturn.causes.periods import check_order, months_in, parse_period
from upturn.records.sheets import SourceError


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2025-04..2025-09", date(2025, 4, 1), date(2025, 9, 30), "April to September 2025"),
        ("2025-04", date(2025, 4, 1), date(2025, 4, 30), "April 2025"),
        ("2024-2", date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        ("2025Q1", date(2025, 1, 1), date(2025, 3, 31), "January to March 2025"),
        ("2025-q4", date(2025, 10, 1), date(2025, 12, 31), "October to December 2025"),
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "January to December 2025"),
        ("2024/25", date(2024, 4, 1), date(2025, 3, 31), "April 2024 to March 2025"),
        ("2024Q4..2025Q1", date(2024, 10, 1), date(2025, 3, 31), "October 2024 to March 2025"),
        (" 2024..2025-03 ", date(2024, 1, 1), date(2025, 3, 31), "January 2024 to March 2025"),
    ],
)
def test_a_period_is_whole_months(text: str, start: date, end: date, label: str) -> None:
    found = parse_period(text)
    assert (found.start, found.end, found.label) == (start, end, label)


@pytest.mark.parametrize(
    "text", ["", "last year", "2025-13", "2025Q5", "2024/26", "25", "2025..", "..", "0000-01"]
)
def test_what_is_not_a_period_is_refused_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(SourceError, match=r"write 2025-04\.\.2025-09"):
        parse_period(text)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(SourceError, match="ends before it begins"):
        parse_period("2025-09..2025-04")


def test_periods_are_compared_in_order_and_apart() -> None:
    check_order(parse_period("2024"), parse_period("2025"))
    for later in ("2024", "2023", "2024-12..2025-03"):
        with pytest.raises(SourceError, match="overlap or stand in the wrong order"):
            check_order(parse_period("2024"), parse_period(later))


def test_months_are_counted() -> None:
    assert [months_in(parse_period(t)) for t in ("2025", "2025Q1", "2024-11..2025-02")] == [
        12,
        3,
        4,
    ]
