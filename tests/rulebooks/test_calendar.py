"""The working-day calendar of England."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import holidays
import numpy as np
import pytest

from upturn.rulebooks import calendar
from upturn.rulebooks.calendar import (
    DAY0,
    DAYS,
    EPOCH,
    FIRST,
    LAST,
    add_months,
    add_working_days,
    bank_holidays_between,
    basis_of,
    due_on,
    due_table,
    in_table,
    is_working_day,
    working_day_count,
    working_days_between,
)
from upturn.rulebooks.model import Interval

PUBLISHED = (
    Path(__file__).resolve().parents[3]
    / "shared/data/extracted/bank_holidays_england_wales_from_govuk_bank_holidays_0.13.csv"
)
EVE = FIRST - timedelta(1)
ALL_HOLIDAYS = [d for d, _ in bank_holidays_between(EVE, LAST)]


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def test_the_table_agrees_with_an_independent_list_of_england_in_every_year() -> None:
    independent = holidays.country_holidays("GB", subdiv="ENG", years=range(2000, 2036))
    assert sorted(d for d in independent if d.weekday() < 5) == ALL_HOLIDAYS


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published list is not here")
def test_the_table_agrees_with_the_published_list_of_2012_to_2025() -> None:
    with PUBLISHED.open(encoding="utf-8") as rows:
        published = [date.fromisoformat(row["date"]) for row in csv.DictReader(rows)]
    assert sorted(published) == [d for d in ALL_HOLIDAYS if 2012 <= d.year <= 2025]


EXTRAORDINARY = [
    ("2000-01-03", False, "New Year's Day 2000 was a Saturday"),
    ("2002-05-27", True, "the spring holiday moved to June for the Golden Jubilee"),
    ("2002-06-03", False, "Golden Jubilee"),
    ("2002-06-04", False, "Golden Jubilee"),
    ("2011-04-29", False, "royal wedding"),
    ("2012-05-28", True, "the spring holiday moved to June for the Diamond Jubilee"),
    ("2012-06-04", False, "Diamond Jubilee"),
    ("2012-06-05", False, "Diamond Jubilee"),
    ("2020-05-04", True, "the early May holiday moved to VE Day"),
    ("2020-05-08", False, "VE Day"),
    ("2022-05-30", True, "the spring holiday moved to June for the Platinum Jubilee"),
    ("2022-06-02", False, "Platinum Jubilee"),
    ("2022-06-03", False, "Platinum Jubilee"),
    ("2022-09-19", False, "State Funeral"),
    ("2023-05-08", False, "Coronation"),
    ("2016-12-27", False, "Christmas Day 2016 was a Sunday"),
    ("2021-12-28", False, "Boxing Day 2021 was a Sunday"),
    ("2024-03-01", True, "St David's Day is no holiday in England"),
    ("2024-01-02", True, "2 January is a holiday in Scotland only"),
    ("2024-08-05", True, "the first Monday of August is a holiday in Scotland only"),
    ("2024-07-12", True, "12 July is a holiday in Northern Ireland only"),
    ("2024-12-28", False, "a Saturday"),
]


@pytest.mark.parametrize(("day", "works", "because"), EXTRAORDINARY)
def test_extraordinary_days_are_known(day: str, works: bool, because: str) -> None:
    assert is_working_day(date.fromisoformat(day)) is works, because


def test_the_table_says_how_sure_it_is_of_each_day() -> None:
    rows = [line.split(",") for line in calendar._TABLE.read_text("utf-8").splitlines()]
    marked = {r[0]: r[2] for r in rows if r[0][:1] == "2"}
    assert {basis for day, basis in marked.items() if day < "2012"} == {"history"}
    assert {basis for day, basis in marked.items() if "2012" <= day < "2026"} == {"published"}
    assert {basis for day, basis in marked.items() if day >= "2026"} == {"standing rules"}
    assert all(basis_of(date.fromisoformat(day)) == basis for day, basis in marked.items())


LIMITS = [Interval(n, "working_days") for n in (1, 10, 15, 20, 45)]
MONTHS = [Interval(n, "months") for n in (1, 2, 3, 6, 12)]
CALENDAR_DAYS = [Interval(n, "calendar_days") for n in (2, 7, 28, 42, 84)]
START_DAYS = days(date(2010, 1, 1), date(2030, 12, 31))


def counted_day_by_day(start: date, n: int) -> date:
    """The slow, obvious way: step a day at a time and count those that are not free."""
    free = set(ALL_HOLIDAYS)
    day = start
    while n:
        day += timedelta(1)
        n -= day.weekday() < 5 and day not in free
    return day


@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_a_limit_in_working_days_is_exact_on_every_start_day_2010_to_2030(limit: Interval) -> None:
    table = due_table(limit)
    free = np.array(ALL_HOLIDAYS, dtype="M8[D]")
    for start in START_DAYS:
        expected = counted_day_by_day(start, limit.number)
        assert due_on(start, limit) == expected
        assert table[(start - EPOCH).days - DAY0] == (expected - EPOCH).days
    # numpy's own business days, told the same holidays, as a second witness
    starts = np.array(START_DAYS, dtype="M8[D]")
    before = np.busday_offset(starts, 0, roll="backward", holidays=free)
    theirs = np.busday_offset(before, limit.number, holidays=free)
    ours = table[starts.astype(int) - DAY0]
    assert (theirs.astype(int) == ours).all()


@pytest.mark.parametrize("limit", MONTHS, ids=str)
def test_a_limit_in_months_is_exact_on_every_start_day_2010_to_2030(limit: Interval) -> None:
    table = due_table(limit)
    for start in START_DAYS:
        month = start.month - 1 + limit.number
        day = start.day
        while True:  # the same day of the month, or the last one that exists
            try:
                expected = date(start.year + month // 12, month % 12 + 1, day)
                break
            except ValueError:
                day -= 1
        assert due_on(start, limit) == expected
        assert table[(start - EPOCH).days - DAY0] == (expected - EPOCH).days


@pytest.mark.parametrize("limit", CALENDAR_DAYS, ids=str)
def test_a_limit_in_calendar_days_counts_every_day(limit: Interval) -> None:
    table = due_table(limit)
    assert (table == np.arange(DAY0, DAY0 + DAYS) + limit.number).all()
    assert due_on(date(2024, 12, 24), limit) == date(2024, 12, 24) + timedelta(limit.number)


def test_working_days_between_agree_with_a_count_of_days() -> None:
    count = working_day_count()
    rng = np.random.default_rng(7)
    for a, b in rng.choice(len(START_DAYS), size=(400, 2)).tolist():
        first, last = START_DAYS[min(a, b)], START_DAYS[max(a, b)]
        expected = sum(is_working_day(d) for d in days(first, last)[1:])
        assert working_days_between(first, last) == expected
        assert working_days_between(last, first) == -expected
        place = [(d - EPOCH).days - DAY0 for d in (first, last)]
        assert count[place[1]] - count[place[0]] == expected


def test_a_limit_and_the_days_used_agree() -> None:
    for start in START_DAYS[::97]:
        due = add_working_days(start, 45)
        assert due is not None
        assert working_days_between(start, due) == 45


BEYOND = [
    (FIRST - timedelta(1), None, "the day before the table begins"),
    (FIRST, date(2000, 1, 24), "the first day of the table"),
    (date(2035, 12, 6), date(2035, 12, 31), "Christmas left out, the last day of the table"),
    (date(2035, 12, 7), None, "the fifteenth working day would fall in 2036"),
    (LAST, None, "nothing is left of the table"),
    (LAST + timedelta(1), None, "past the end of the table"),
]


@pytest.mark.parametrize(("start", "due", "because"), BEYOND)
def test_beyond_the_table_a_limit_in_working_days_cannot_be_told(
    start: date, due: date | None, because: str
) -> None:
    assert add_working_days(start, 15) == due, because
    day = due_table(Interval(15, "working_days"))[(start - EPOCH).days - DAY0]
    assert day == ((due - EPOCH).days if due else -1), because


def test_beyond_the_table_days_and_months_still_work() -> None:
    assert due_on(date(2036, 1, 31), Interval(1, "months")) == date(2036, 2, 29)
    assert due_on(date(1995, 1, 1), Interval(7, "calendar_days")) == date(1995, 1, 8)
    assert working_days_between(date(2035, 12, 1), date(2036, 1, 2)) is None


def test_the_arrays_mark_what_they_do_not_know_and_cannot_be_written() -> None:
    count, known = working_day_count(), in_table()
    assert count.shape == known.shape == due_table(Interval(1, "working_days")).shape == (DAYS,)
    assert (count[~known] == -1).all()
    assert (count[known] >= 0).all()
    assert known.sum() == (LAST - FIRST).days + 1
    with pytest.raises(ValueError, match="read-only"):
        count[0] = 1


def test_nothing_to_wait_for_is_due_on_the_start_itself() -> None:
    assert add_working_days(date(2024, 12, 25), 0) == date(2024, 12, 25)
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2024, 12, 25), -1)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-12-15", 1, "2025-01-15"),
    ],
)
def test_months_are_cut_to_the_end_of_a_shorter_month(
    start: str, months: int, expected: str
) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(expected)


def test_the_days_left_out_are_those_after_the_start_up_to_the_end() -> None:
    found = [d for d, _ in bank_holidays_between(date(2024, 12, 25), date(2025, 1, 1))]
    assert found == [date(2024, 12, 26), date(2025, 1, 1)]
