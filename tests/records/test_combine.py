"""Several sources as one longer casebook: the newest wins, earlier ones add, and differences are said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import polars as pl
import pytest
from annex_a_lists import Row
from annex_a_lists import casebook as annex_a
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.journeys.check import check_casebook
from upturn.journeys.result import Check
from upturn.records.casebook import Casebook
from upturn.records.combine.books import combine
from upturn.records.disagreements import KINDS, SCHEMA
from upturn.records.quality import by_source, quality_report
from upturn.records.sheets import SourceError
from upturn.records.tables import TABLES
from upturn.rulebooks import load_rulebooks

JUNE, SEPTEMBER = date(2026, 6, 30), date(2026, 9, 30)
Lists = Mapping[int, Sequence[Row]]


def book(lists: Lists, as_at: date, name: str) -> Casebook:
    """The casebook of one extract, under a name and hash of its own."""
    return replace(annex_a(lists, as_at=as_at), source_name=name, sha256=name)


def two(june: Lists, september: Lists) -> Casebook:
    return combine([book(june, JUNE, "june.xlsx"), book(september, SEPTEMBER, "september.xlsx")])


def assessment(child: str, started: date, authorised: date | None = None, **more: Any) -> Row:
    return {
        "Child Unique ID": child,
        "Continuous Assessment Start Date": started,
        "Continuous Assessment Date of Authorisation": authorised,
        **more,
    }


rulebooks = cache(load_rulebooks)


def checked(casebook: Casebook) -> Check:
    return check_casebook(casebook, rulebooks())


def test_the_newest_wins_for_a_record_and_the_earlier_adds_what_it_no_longer_holds():
    old = assessment("C1", date(2026, 1, 5), date(2026, 2, 1))
    both = two(
        {4: [old, assessment("C1", date(2026, 6, 1))]},
        {4: [assessment("C1", date(2026, 6, 1), date(2026, 7, 10))]},
    )
    rows = both.table("cin_assessments").sort("cina_assessment_start_date")
    assert rows["cina_assessment_auth_date"].to_list() == [date(2026, 2, 1), date(2026, 7, 10)]
    assert rows["source_list"].to_list() == ["june.xlsx List 4", "september.xlsx List 4"]
    assert both.as_at == SEPTEMBER
    assert both.disagreements.is_empty()


CASES = [
    (
        "a date that both give",
        assessment("C1", date(2026, 6, 1), date(2026, 6, 20)),
        assessment("C1", date(2026, 6, 1), date(2026, 6, 21)),
        ("differs", "2026-06-21", "2026-06-20"),
    ),
    (
        "a date that was there and is blank now",
        assessment("C1", date(2026, 6, 1), date(2026, 6, 20)),
        assessment("C1", date(2026, 6, 1)),
        ("blank in the newer", None, "2026-06-20"),
    ),
    (
        "a day that had passed and was not in the earlier extract",
        assessment("C1", date(2026, 6, 1)),
        assessment("C1", date(2026, 6, 1), date(2026, 6, 20)),
        ("recorded late", "2026-06-20", None),
    ),
]


@pytest.mark.parametrize(
    ("because", "june", "september", "expect"), CASES, ids=[c[0] for c in CASES]
)
def test_a_difference_is_a_row_with_both_places(because, june, september, expect):
    found = two({4: [june]}, {4: [september]}).disagreements.row(0, named=True)
    assert (found["disagreement"], found["newer"], found["earlier"]) == expect, because
    assert found["newer_place"].startswith("september.xlsx List 4 row ")
    assert found["earlier_place"].startswith("june.xlsx List 4 row ")
    assert found["child_id"] == "C1"


def test_what_was_not_yet_when_the_earlier_extract_was_taken_is_no_difference():
    both = two(
        {4: [assessment("C1", date(2026, 6, 1))]},
        {4: [assessment("C1", date(2026, 6, 1), date(2026, 7, 20))]},
    )
    assert both.disagreements.is_empty()


def test_a_record_that_both_should_hold_and_one_does_is_said_of_children_both_name():
    known = {"Child Unique ID": "C1", "Date of Referral": date(2026, 6, 2)}
    gone = {"Child Unique ID": "C1", "Date of Referral": date(2026, 6, 9)}
    stranger = {"Child Unique ID": "C2", "Date of Referral": date(2026, 6, 9)}
    both = two({3: [known, gone, stranger]}, {3: [known]})
    said = both.disagreements.select("disagreement", "child_id", "earlier", "used").rows()
    assert said == [("only in the earlier", "C1", "2026-06-09", "the earlier")]
    assert both.table("cin_episodes").height == 3
    assert both.disagreements["newer_place"].to_list() == ["september.xlsx has no row"]
    assert by_source(both)["disagreements"].to_list() == [1, 1]


def test_open_in_the_earlier_and_gone_from_the_newer_is_neither_overdue_nor_in_time():
    both = two(
        {4: [assessment("C1", date(2026, 6, 1)), assessment("C2", date(2026, 6, 2))]},
        {4: [assessment("C2", date(2026, 6, 2))]},
    )
    states = dict(
        checked(both)
        .clocks.filter(rule="assessment-45-from-start")
        .select("child_id", "state")
        .iter_rows()
    )
    assert states == {"C1": "cannot tell", "C2": "overdue"}
    assert both.disagreements["disagreement"].to_list() == ["open, then gone"]


def test_a_booking_of_an_earlier_extract_is_not_taken_for_what_happened():
    plan = {"Child Unique ID": "C1", "Child Protection Plan Start Date": date(2026, 5, 1),
            "Date of latest review conference": date(2026, 7, 20)}  # fmt: skip
    lists = book({7: [plan]}, JUNE, "june.xlsx")
    other = {"Child Unique ID": "C9", "Child Protection Plan Start Date": date(2026, 9, 1)}
    both = combine([lists, book({7: [other]}, SEPTEMBER, "september.xlsx")])
    review = both.table("cp_reviews").filter(cppr_person_id="C1").row(0, named=True)
    assert review["cppr_cp_review_date"] is None
    assert "cppr_cp_review_date" in review["set_aside"]


def test_nobody_is_matched_by_birth_date_and_it_is_said_that_no_child_is_in_both():
    same = {"Date of Birth": date(2015, 1, 1), "Date of Referral": date(2026, 6, 9)}
    both = two({3: [{"Child Unique ID": "A", **same}]}, {3: [{"Child Unique ID": "B", **same}]})
    assert both.table("person").height == 2
    assert any("No child of june.xlsx is in another source" in note for note in both.notes)


def test_an_extract_given_twice_is_refused():
    once = book({4: [assessment("C1", date(2026, 6, 1))]}, JUNE, "june.xlsx")
    with pytest.raises(SourceError, match="given twice"):
        combine([once, once])
    with pytest.raises(SourceError, match="No source"):
        combine([])
    assert combine([once]) is once


def test_rows_in_are_accepted_or_quarantined_for_each_source():
    bad = {"Child Unique ID": None, "Continuous Assessment Start Date": date(2026, 6, 1)}
    both = two(
        {4: [assessment("C1", date(2026, 6, 1)), bad]}, {4: [assessment("C1", date(2026, 6, 1))]}
    )
    report = quality_report(both)
    assert by_source(both).select("source", "rows_in", "accepted", "quarantined").rows() == [
        ("september.xlsx", 1, 1, 0),
        ("june.xlsx", 2, 1, 1),
    ]
    assert report.by_list.filter(pl.col("quarantined") > 0)["source_list"].to_list() == [
        "june.xlsx List 4"
    ]
    assert report.by_column.filter(source_list="june.xlsx List 4")["rows"].unique().to_list() == [1]
    assert set(report.tables()) >= {"By source", "Disagreements"}


def test_two_files_of_one_name_are_told_apart_by_their_dates():
    rows = {4: [assessment("C1", date(2026, 6, 1))]}
    both = combine(
        [replace(book(rows, JUNE, "a.xlsx"), sha256="1"), book(rows, SEPTEMBER, "a.xlsx")]
    )
    assert both.labels == ("a.xlsx at 30 Sep 2026", "a.xlsx at 30 Jun 2026")


days = st.dates(date(2025, 10, 1), JUNE)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, date, date | None]]:
    """Assessments of a few children, each told once: child, start, authorised."""
    found = {}
    for child, start in draw(st.lists(st.tuples(st.sampled_from("ABC"), days), max_size=8)):
        length = draw(st.one_of(st.none(), st.integers(0, 120)))
        found[child, start] = None if length is None else start + timedelta(days=length)
    return [(c, s, e) for (c, s), e in found.items()]


def cut(told: list[tuple[str, date, date | None]], as_at: date, since: date) -> Lists:
    """What an extract of a date holds: open, or authorised since; later ends not yet."""
    rows = []
    for child, start, end in told:
        end = None if end is None or end > as_at else end
        if end is None or end >= since:
            rows.append(assessment(child, start, end))
    return {4: rows}


@settings(max_examples=12, deadline=None)
@given(told=histories())
def test_two_extracts_of_one_truth_agree_and_lose_nothing(told):
    earlier = book(cut(told, JUNE, date(2026, 1, 1)), JUNE, "june.xlsx")
    newer = book(cut(told, SEPTEMBER, date(2026, 4, 1)), SEPTEMBER, "september.xlsx")
    both = combine([newer, earlier])
    assert both.disagreements.is_empty()
    held = {
        (child, start, end if end is None or end <= SEPTEMBER else None)
        for child, start, end in told
        if end is None or end >= date(2026, 1, 1)
    }
    rows = both.table("cin_assessments").select(
        "cina_person_id", "cina_assessment_start_date", "cina_assessment_auth_date"
    )
    assert set(rows.iter_rows()) == held
    alone = checked(newer).clocks.select("child_id", "rule", "started_on", "state", "due_on")
    combined = checked(both).clocks.select(alone.columns)
    keys = pl.col("rule") == "assessment-45-from-start"
    missing = alone.filter(keys).join(combined.filter(keys), on=alone.columns, how="anti")
    assert missing.is_empty()


@settings(max_examples=8, deadline=None)
@given(told=histories(), swap=st.booleans())
def test_the_order_in_which_extracts_are_given_makes_no_difference(told, swap):
    pair = [
        book(cut(told, SEPTEMBER, date(2026, 4, 1)), SEPTEMBER, "september.xlsx"),
        book(cut(told, JUNE, date(2026, 1, 1)), JUNE, "june.xlsx"),
    ]
    one, other = combine(pair), combine(pair[::-1] if swap else pair)
    assert one.sha256 == other.sha256
    assert all(one.table(name).equals(other.table(name)) for name in TABLES)


def test_disagreements_have_their_columns_and_their_kinds_have_words():
    both = two({4: [CASES[0][1]]}, {4: [CASES[0][2]]})
    assert dict(both.disagreements.schema) == SCHEMA
    assert set(both.disagreements["disagreement"]) <= set(KINDS)
