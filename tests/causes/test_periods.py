"""Periods as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from upturn.causes.periods import check_length, check_order, chosen_periods, months_in, parse_period
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


def _held(count: int) -> list[date]:
    """The latest ``count`` whole months up to September 2026."""
    last = 2026 * 12 + 8
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - count + 1, last + 1)]


@pytest.mark.parametrize(
    ("held", "before", "after", "because"),
    [
        (4, "June to August 2026", "September 2026", "a twin needs three months to be fitted to"),
        (5, "May to July 2026", "August to September 2026", "equal lengths would leave two to fit"),
        (6, "April to June 2026", "July to September 2026", "halves: what Annex A holds"),
        (7, "April to June 2026", "July to September 2026", "equal lengths"),
        (17, "June 2025 to January 2026", "February to September 2026", "too few months twice"),
        (18, "April to September 2025", "April to September 2026", "half a year, twice"),
        (23, "November 2024 to September 2025", "November 2025 to September 2026", "months twice"),
        (24, "October 2024 to September 2025", "October 2025 to September 2026", "two years"),
        (43, "October 2024 to September 2025", "October 2025 to September 2026", "the latest two"),
    ],
)
def test_periods_nobody_asked_for_can_be_used(
    held: int, before: str, after: str, because: str
) -> None:
    first, then = chosen_periods(_held(held), None, None)
    assert first is not None
    assert (first.label, then.label) == (before, after), because


@pytest.mark.parametrize(
    ("asked", "found", "because"),
    [
        ({"after": "2026Q2"}, "April to June 2025", "the same months of the year before"),
        ({"after": "2025-10..2026-09"}, "October 2024 to September 2025", "a year before a year"),
        ({"after": "2026-08..2026-09"}, "May to July 2026", "two months are too few to fit to"),
        ({"after": "2025Q1"}, "October to December 2024", "the year before is not held whole"),
        ({"before": "2025Q2"}, "April to June 2026", "the same months of the latest year"),
        ({"before": "2024-10..2025-03"}, "October 2025 to March 2026", "the same, half a year"),
        ({"before": "2025-11..2026-04"}, "May to September 2026", "what is left after it"),
    ],
)
def test_a_period_left_out_is_the_same_months_of_another_year_where_they_are_held(
    asked: dict[str, str], found: str, because: str
) -> None:
    periods = {name: parse_period(text) for name, text in asked.items()}
    before, after = chosen_periods(_held(24), periods.get("before"), periods.get("after"))
    other = before if "after" in asked else after
    assert other is not None
    assert other.label == found, because


def test_against_england_there_is_one_period_of_up_to_a_year() -> None:
    assert chosen_periods(_held(30), None, None, england=True) == (
        None,
        parse_period("2025-10..2026-09"),
    )
    assert chosen_periods(_held(5), None, None, england=True)[1].label == "May to September 2026"


@pytest.mark.parametrize(
    ("held", "asked", "england", "message"),
    [
        (0, {}, False, "at least 4 whole months are needed, and the extract holds no whole month"),
        (1, {}, False, "holds one whole month, September 2026"),
        (3, {}, False, "at least 4 whole months are needed, and the extract holds 3 whole months"),
        (2, {}, True, "at least 3 whole months are needed, and the extract holds 2 whole months"),
        (
            5,
            {"after": "2026Q2"},
            False,
            "at least 3 months before it, and none of them can be used",
        ),
        (6, {"after": "2026-06"}, False, "only 2 of them can be used: the extract holds 6 whole"),
        (6, {"before": "2026-09"}, False, "there is no month after September 2026"),
    ],
)
def test_too_few_months_are_said_with_what_is_held_and_what_is_needed(
    held: int, asked: dict[str, str], england: bool, message: str
) -> None:
    periods = {name: parse_period(text) for name, text in asked.items()}
    with pytest.raises(SourceError, match=message):
        chosen_periods(_held(held), periods.get("before"), periods.get("after"), england=england)


def test_a_first_period_too_short_to_fit_a_twin_to_is_refused() -> None:
    check_length(parse_period("2025Q1"))
    with pytest.raises(SourceError, match=r"May 2026 is one month; .* needs at least 3"):
        check_length(parse_period("2026-05"))
