"""What comes into Annex A is accepted or quarantined, and the two add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from annex_a_lists import casebook, every_list, opened, sheet
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.records.annex_a.layout import annex_a
from upturn.records.annex_a.reader import read_sheets
from upturn.records.casebook import Casebook
from upturn.records.quarantine import SCHEMA
from upturn.records.sheets import Sheet, SourceError
from upturn.records.tables import TABLES

CHILD, SEEN = "Child Unique ID", "Child Seen During Continuous Assessment"
START, DONE = "Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation"
S47 = "Strategy discussion initiating Section 47 Enquiry Start Date"
ICPC = "Date of Initial Child Protection Conference"
NOT_NEEDED = "Was an Initial Child Protection Conference deemed unnecessary?"
AS_AT = date(2026, 9, 30)


def checks(book: Casebook) -> list[str]:
    return book.quarantine["check"].to_list()


def adds_up(book: Casebook) -> bool:
    rows = book.quarantine.filter(pl.col("level") == "row").height
    return sum(c.rows_in for c in book.counts) == sum(c.accepted for c in book.counts) + rows


#: list, rows, the check that should name the fault, its level, and why.
FAULTS = [
    (4, [{CHILD: None, START: "01/09/2026"}], "no-child-id", "row", "no child can be helped by it"),
    (4, [{CHILD: "unknown", START: "01/09/2026"}], "no-child-id", "row", "a word is no identifier"),
    (4, [{CHILD: "Total", START: "42"}], "total-row", "row", "it is a sum, not a child"),
    (4, [{CHILD: CHILD, START: START}], "repeated-header", "row", "it is the header again"),
    (4, [{CHILD: 1, START: None}], "no-key-date", "row", "an assessment with no start"),
    (4, [{CHILD: 1, START: "soon"}], "no-key-date", "row", "a start that is no date"),
    (4, [{CHILD: 1, START: "01/10/2026"}], "no-key-date", "row", "a start after the extract"),
    (4, [{CHILD: 1, START: "01/09/2026"}] * 2, "duplicate-row", "row", "the same row twice"),
    (4, [{CHILD: 1, START: "01/09/2026", DONE: "tbc"}], "date-not-understood", "cell", "no date"),
    (4, [{CHILD: 1, START: "01/09/2026", DONE: "09/16/2026"}], "date-not-understood", "cell",
     "month first is not turned round"),
    (4, [{CHILD: 1, START: "01/09/2026", DONE: "01/01/1900"}], "date-impossible", "cell",
     "what spreadsheets show for nothing"),
    (4, [{CHILD: 1, START: "01/09/2026", DONE: "02/10/2026"}], "date-after-extract", "cell",
     "done after the extract was run"),
    (4, [{CHILD: 1, START: "01/09/2026", DONE: "31/08/2026"}], "out-of-sequence", "cell",
     "ended before it started"),
    (4, [{CHILD: 1, START: "01/09/2026", DONE: "#REF!"}], "error-value", "cell", "broken formula"),
    (4, [{CHILD: 1, START: "01/09/2026", SEEN: "CS Assessment Updated"}], "value-not-understood",
     "cell", "an answer to another question"),
    (4, [{CHILD: 1, START: "01/09/2024", "Date of Birth": "01/09/2026"}], "born-after-event",
     "cell", "born years later"),
    (4, [{CHILD: 1, START: "01/09/2026", "Date of Birth": "01/12/2026"}], "unborn", "note",
     "known before birth"),
    (4, [{CHILD: 1, START: "01/09/2026", DONE: "10/09/2026"},
         {CHILD: 1, START: "01/09/2026", DONE: "11/09/2026"}], "contradictory-rows", "cell",
     "two ends for one assessment"),
    (5, [{CHILD: 1, S47: "01/09/2026", ICPC: "12/09/2026"}], "conference-on-weekend", "cell",
     "12 September 2026 is a Saturday"),
    (3, [{CHILD: 1, "Date of Referral": "01/09/2026",
          "Number of Referrals in Last 12 Months": "lots"}], "number-not-understood", "cell",
     "not a number"),
    (7, [{CHILD: 1, "Child Protection Plan Start Date": "01/09/2026"}], "unknown-child", "note",
     "a child on a plan is a child in need"),
    (7, [{CHILD: 1, "Child Protection Plan Start Date": "01/09/2026"},
         {CHILD: 1, "Child Protection Plan Start Date": "02/09/2026"}], "open-twice", "note",
     "one child has one plan at a time"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "rows", "check", "level", "because"), FAULTS, ids=[f"{f[2]}: {f[4]}" for f in FAULTS]
)
def test_each_fault_is_named_with_its_place(number, rows, check, level, because):
    book = casebook({number: rows}, as_at=AS_AT)
    found = book.quarantine.filter(pl.col("check") == check)
    assert found.height >= 1, because
    entry = found.row(0, named=True)
    assert entry["level"] == level
    assert entry["source_list"] == f"List {number}"
    assert entry["source_row"] >= 2
    assert entry["reason"]
    assert entry["what_to_do"]
    assert "{" not in entry["reason"].replace('{"', "")
    assert adds_up(book)


def test_a_quarantined_row_is_kept_whole():
    book = casebook(
        {4: [{CHILD: None, START: "01/09/2026", "Allocated Team": "North"}]}, as_at=AS_AT
    )
    value = book.quarantine["value"][0]
    assert "01/09/2026" in value
    assert "North" in value
    assert book.quarantine["team"][0] == "North"


def test_a_cell_set_aside_is_marked_so_that_nothing_reads_it_as_not_done():
    book = casebook({5: [{CHILD: 1, S47: "01/09/2026", ICPC: "12/09/2026"}]}, as_at=AS_AT)
    row = book.table("initial_cp_conference").row(0, named=True)
    assert row["icpc_icpc_date"] is None
    assert row["set_aside"] == ["icpc_icpc_date"]


def test_a_conference_may_be_booked_ahead_but_not_years_ahead():
    rows = [{CHILD: 1, S47: "01/09/2026", ICPC: "09/10/2026"},
            {CHILD: 2, S47: "01/09/2026", ICPC: "09/10/2028"}]  # fmt: skip
    book = casebook({5: rows}, as_at=AS_AT)
    assert book.table("initial_cp_conference")["icpc_icpc_date"].to_list() == [
        date(2026, 10, 9),
        None,
    ]
    assert checks(book) == ["date-after-extract"]


def test_the_first_of_two_alike_is_kept_and_the_second_names_it():
    book = casebook({4: [{CHILD: 7, START: "01/09/2026"}] * 3}, as_at=AS_AT)
    assert book.table("cin_assessments").height == 1
    assert [r for r in book.quarantine["reason"].to_list() if "row 2" in r] == book.quarantine[
        "reason"
    ].to_list()


def test_as_at_is_the_extracts_own_latest_date_and_one_slip_does_not_move_it():
    rows = [{CHILD: n, START: f"{n:02}/09/2026"} for n in range(1, 20)]
    book = casebook({4: [*rows, {CHILD: 99, START: "05/09/2026", DONE: "05/09/2062"}]})
    assert book.as_at == date(2026, 9, 19)
    assert book.as_at_reason == "the latest date in the extract"
    assert checks(book) == ["date-after-extract"]


def test_bookings_and_births_do_not_move_the_extracts_date():
    rows = [{CHILD: n, S47: f"{n:02}/09/2026", ICPC: "20/11/2026", "Date of Birth": "01/12/2026"}
            for n in range(1, 10)]  # fmt: skip
    assert casebook({5: rows}).as_at == date(2026, 9, 9)


def test_no_date_anywhere_asks_for_one():
    with pytest.raises(SourceError, match="--as-at"):
        casebook({9: [{CHILD: 1}]})


def test_no_list_at_all_is_refused_in_one_line():
    nothing = Sheet("book.xlsx", "Budget", pl.DataFrame({"a": ["x", "1"], "b": ["y", "2"]}))
    with pytest.raises(SourceError) as refused:
        read_sheets(opened(nothing))
    assert "\n" not in str(refused.value)
    assert "Budget" in str(refused.value)


def test_a_sheet_is_known_by_its_headers_not_its_name():
    book = read_sheets(
        opened(sheet(4, [{CHILD: 1, START: "01/09/2026"}], name="List 3")), as_at=AS_AT
    )
    assert book.counts[0].source_list == "List 4"
    assert any("List 3" in note and "List 4" in note for note in book.notes)


def test_of_two_sheets_for_one_list_the_visible_one_is_used_and_the_other_is_quarantine():
    old = sheet(4, [{CHILD: 1, START: "01/03/2026"}], name="Old", hidden=True)
    new = sheet(4, [{CHILD: 1, START: "01/09/2026"}], name="List 4")
    book = read_sheets(opened(old, new), as_at=AS_AT)
    assert book.table("cin_assessments")["cina_assessment_start_date"].to_list() == [
        date(2026, 9, 1)
    ]
    assert checks(book) == ["second-sheet"]
    assert adds_up(book)
    chosen = read_sheets(opened(old, new), as_at=AS_AT, sheets={4: "Old"})
    assert chosen.table("cin_assessments")["cina_assessment_start_date"][0] == date(2026, 3, 1)


def test_of_two_visible_sheets_the_one_with_the_lists_plain_name_is_used():
    old = sheet(4, [{CHILD: 1, START: "01/03/2026"}], name="List 4 (old)")
    new = sheet(4, [{CHILD: 1, START: "01/09/2026"}], name="list_4")
    book = read_sheets(opened(old, new), as_at=AS_AT)
    assert book.table("cin_assessments")["cina_assessment_start_date"][0] == date(2026, 9, 1)
    assert any("List 4 (old)" in note and "not used" in note for note in book.notes)


def test_asking_for_a_sheet_that_is_not_there_names_those_that_are():
    with pytest.raises(SourceError, match="List 4"):
        read_sheets(opened(sheet(4, [{CHILD: 1, START: "01/09/2026"}])), sheets={4: "Nope"})


def test_a_list_and_a_column_that_are_not_there_are_said():
    book = read_sheets(
        opened(sheet(5, [{CHILD: 1, S47: "01/09/2026"}], leave_out=[ICPC])), as_at=AS_AT
    )
    assert any("List 4" in said for said in book.absent)
    assert any(ICPC in said for said in book.absent)
    assert "icpc_icpc_date" in book.absent_fields
    assert "cina_assessment_start_date" in book.absent_fields


#: how the header row may be spelled and still be known
HEADERS = [
    ("shouted", str.upper),
    ("curly quotes and a stray bracket", lambda h: h.replace("'", "’") + ")"),
    ("no question marks", lambda h: h.replace("?", "")),
    ("spaces", lambda h: f"  {h.replace(' ', '  ')} "),
    ("words after", lambda h: h + " (dd/mm/yyyy)" if "Date" in h and len(h) > 12 else h),
]


@pytest.mark.parametrize(("how", "spell"), HEADERS, ids=[h[0] for h in HEADERS])
@pytest.mark.parametrize("number", range(1, 12))
def test_headers_are_known_however_they_are_typed(number, how, spell):
    clean = sheet(number, [])
    frame = clean.cells.select(pl.all().map_elements(spell, return_dtype=pl.String))
    book = read_sheets(opened(replace(clean, cells=frame)), as_at=AS_AT)
    assert book.counts[0].source_list == f"List {number}"
    assert not [a for a in book.absent if a.startswith(f"List {number} has no")]


def test_a_title_above_the_headers_and_blank_rows_between_do_no_harm():
    clean = sheet(4, [{CHILD: 1, START: "01/09/2026"}, {}, {CHILD: 2, START: "02/09/2026"}])
    title = clean.cells.head(1).select(
        pl.lit("Annex A: assessments").alias(c) if i == 0 else pl.lit(None, pl.String).alias(c)
        for i, c in enumerate(clean.cells.columns)
    )
    book = read_sheets(opened(replace(clean, cells=pl.concat([title, clean.cells]))), as_at=AS_AT)
    assert book.table("cin_assessments")["source_row"].to_list() == [3, 5]
    assert book.counts[0].rows_in == 2


def test_lists_that_disagree_about_a_birth_are_noted_and_the_commonest_is_used():
    born = "Date of Birth"
    book = casebook({
        1: [{CHILD: 1, "Date of Contact": "01/08/2026", born: "05/05/2015"}],
        3: [{CHILD: 1, "Date of Referral": "02/08/2026", born: "06/05/2015"}],
        4: [{CHILD: 1, START: "03/08/2026", born: "06/05/2015"}],
    }, as_at=AS_AT)  # fmt: skip
    assert book.table("person")["pers_dob"].to_list() == [date(2015, 5, 6)]
    assert checks(book) == ["child-contradicted"]


def test_an_empty_workbook_of_lists_gives_an_empty_casebook():
    book = read_sheets(every_list({}), as_at=AS_AT)
    assert all(table.is_empty() for table in book.tables.values())
    assert [c.rows_in for c in book.counts] == [0] * 11


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(["1", "2", "Total", "a) Yes", "b) No", "#N/A", "01/09/2026", "2026-09-01 00:00:00",
                     "31/02/2026", "45000", "-", "North", "={1+1}", "{value}", "{other}"]),
    st.dates().map(str),
    st.floats().map(str),
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(number=st.integers(1, 11), data=st.data())
def test_any_table_of_any_cells_is_read_or_quarantined_and_the_counts_add_up(number, data):
    layout = annex_a()[number - 1]
    headers = [c.header for c in layout.columns]
    width = len(headers)
    rows = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=8))
    clean = sheet(number, [dict(zip(headers, row, strict=True)) for row in rows])
    book = read_sheets(opened(clean), as_at=AS_AT)
    assert adds_up(book)
    assert book.quarantine.schema == pl.Schema(SCHEMA)
    for name, table in book.tables.items():
        assert table.schema == pl.Schema(TABLES[name].schema)
    blank = [all(v is None or not str(v).strip(" \t\r\n\u00a0") for v in row) for row in rows]
    assert book.counts[0].rows_in == len(rows) - sum(blank)
