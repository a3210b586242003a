"""The workforce file: tolerant of headers and words, strict about what it believes, nothing lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.records.quarantine import SCHEMA
from upturn.records.sheets import SourceError
from upturn.workload.tables import WORKFORCE
from upturn.workload.workforce import Workforce, read_workforce

HEAD = "post_id,worker,team,role,hours,start,end,agency,newly_qualified,kind\n"


def read(tmp_path: Path, text: str) -> Workforce:
    file = tmp_path / "workforce.csv"
    file.write_text(text, encoding="utf-8")
    return read_workforce(file)


def test_a_plain_file_is_read_as_it_stands(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + "P1,Ann Lee,North,SW,37,2026-01-05,,N,Y,in post\n")
    row = found.spells.row(0, named=True)
    assert found.spells.schema == WORKFORCE
    assert (row["worker"], row["hours"]) == ("Ann Lee", 37.0)
    assert (row["agency"], row["newly_qualified"]) == (False, True)
    assert (row["start"], row["end"], row["kind"]) == (date(2026, 1, 5), None, "in post")
    assert (row["source_file"], row["source_row"]) == ("workforce.csv", 2)


@pytest.mark.parametrize(
    ("headers", "cells", "column", "value", "because"),
    [
        ("Employee,Date from", "Ann,1/4/2026", "start", date(2026, 4, 1), "a slash date is day first"),
        ("Name,From,FTE", "Ann,2026-04-01,0.6", "hours", 22.2, "a share of full time becomes hours"),
        ("Name,From,Hours", "Ann,2026-04-01,0.5", "hours", 18.5, "hours under 1.5 throughout are shares"),
        ("Name,From,Contract Type", "Ann,2026-04-01,Locum", "agency", True, "locum is agency"),
        ("Name,From,Contract Type", "Ann,2026-04-01,Perm", "agency", False, "permanent is not"),
        ("Name,From,ASYE", "Ann,2026-04-01,yes", "newly_qualified", True, "the assessed and supported year"),
        ("Name,From,Absence", "Ann,2026-04-01,Maternity leave", "kind", "leave", "leave by its kind"),
        ("Name,From,Absence", "Ann,2026-04-01,SICK", "kind", "sickness", "in any case"),
        ("Post,Name,From", "P1,VACANT,2026-04-01", "worker", None, "a vacancy is nobody's name"),
        ("Post,Name,From", "P1,,2026-04-01", "kind", "in post", "blank is in post"),
    ],
)  # fmt: skip
def test_headers_and_words_of_councils_are_understood(
    tmp_path: Path, headers: str, cells: str, column: str, value: object, because: str
) -> None:
    found = read(tmp_path, f"{headers}\n{cells}\n")
    assert found.spells[column].to_list() == [value], because


@pytest.mark.parametrize(
    ("row", "check", "because"),
    [
        ("P1,Ann,,,37,,,,,", "no-start", "nothing says when"),
        ("P1,Ann,,,37,soon,,,,", "no-start", "soon is not a date"),
        ("P1,Ann,,,37,2026-02-01,2026-01-01,,,", "ends-before-start", "the end is first"),
        ("P1,Ann,,,37,2026-02-01,whenever,,,", "end-not-understood", "it may have ended"),
        (",,North,,37,2026-02-01,,,,", "nobody-and-nowhere", "neither post nor worker"),
        ("P1,,,,,2026-02-01,,,,sick", "absence-of-nobody", "nobody was sick"),
        ("P1,Ann,,,37,2026-02-01,,,,dancing", "kind-not-understood", "no such kind"),
        ("Total,,,,370,2026-02-01,,,,", "total-row", "a sum is no spell"),
    ],
)
def test_a_row_that_cannot_be_trusted_goes_to_quarantine_whole(
    tmp_path: Path, row: str, check: str, because: str
) -> None:
    found = read(tmp_path, HEAD + "P9,Bo,,,37,2026-01-01,,,,\n" + row + "\n")
    entry = found.quarantine.filter(pl.col("level") == "row").row(0, named=True)
    assert (entry["check"], entry["source_row"], found.spells.height) == (check, 3, 1), because
    assert entry["value"].startswith('{"post_id"')
    assert entry["what_to_do"]
    assert found.quarantine.schema == SCHEMA


@pytest.mark.parametrize(
    ("row", "column", "check"),
    [
        ("P1,Ann,,,half,2026-01-01,,,,", "hours", "number-not-understood"),
        ("P1,Ann,,,370,2026-01-01,,,,", "hours", "hours-impossible"),
        ("P1,Ann,,,37,2026-01-01,,perhaps,,", "agency", "value-not-understood"),
        ("P1,Ann,#REF!,,37,2026-01-01,,,,", "team", "error-value"),
    ],
)
def test_a_cell_that_cannot_be_trusted_is_set_aside_and_its_row_kept(
    tmp_path: Path, row: str, column: str, check: str
) -> None:
    found = read(tmp_path, HEAD + row + "\n")
    assert found.spells[column].to_list() == [None]
    assert column in found.spells["set_aside"].to_list()[0]
    assert found.quarantine["check"].to_list() == [check]


def test_a_post_held_twice_is_noted_and_a_row_given_twice_is_dropped(tmp_path: Path) -> None:
    text = "P1,Ann,,,37,2026-01-01,,,,\nP1,Bo,,,37,2026-02-01,,,,\nP1,Ann,,,37,2026-01-01,,,,\n"
    found = read(tmp_path, HEAD + text)
    assert set(found.quarantine["check"]) == {"duplicate-row", "post-held-twice"}
    assert (found.spells.height, found.quarantined, found.rows_in) == (2, 1, 3)


def test_a_workbook_with_a_title_above_and_a_sheet_of_notes_is_read(tmp_path: Path) -> None:
    file = tmp_path / "people.xlsx"
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("Notes").write(0, 0, "See HR")
        sheet = book.add_worksheet("Staff")
        sheet.write(0, 0, "Children's workforce")
        for n, cell in enumerate(("Post number", "Employee name", "Start date", "Hours per week")):
            sheet.write(2, n, cell)
        for n, cell in enumerate(("P1", "Ann Lee", "01/04/2026", 30)):
            sheet.write(3, n, cell)
    found = read_workforce(file)
    assert found.spells.select("worker", "hours", "source_row").rows() == [("Ann Lee", 30.0, 4)]


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "worker\nAnn\n", "start,end\n2026-01-01,\n"])
def test_a_file_without_the_columns_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match="no columns for the worker and the start") as error:
        read(tmp_path, text)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not there"):
        read_workforce(tmp_path / "none.csv")


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELL | st.sampled_from(["2026-01-01", "37", "Y", "leave", ""]), min_size=10,
                         max_size=10), min_size=1, max_size=8))  # fmt: skip
def test_every_row_is_accepted_or_quarantined_whatever_it_holds(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    quoted = [",".join('"' + c.replace('"', '""') + '"' for c in row) for row in rows]
    file = tmp_path_factory.mktemp("w") / "workforce.csv"
    file.write_text(HEAD + "P0,Ann,,,37,2026-01-01,,,,\n" + "\n".join(quoted) + "\n", "utf-8")
    found = read_workforce(file)
    assert found.rows_in == found.spells.height + found.quarantined
    assert found.spells["start"].null_count() == 0


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "has no rows under its headings"),
        ("P1,Ann Lee,,,37,soon,,,,\n", "its one row cannot be used; each needs a start"),
        ("P1,Ann Lee,,,37,soon,,,,\n" * 2, "none of its 2 rows can be used"),
    ],
)
def test_a_file_with_no_row_that_can_be_used_is_refused(
    tmp_path: Path, rows: str, said: str
) -> None:
    with pytest.raises(SourceError, match=said):
        read(tmp_path, HEAD + rows)


def test_rows_that_were_not_used_are_said_and_columns_are_named_as_in_the_file(
    tmp_path: Path,
) -> None:
    found = read(tmp_path, "worker,start\nAnn Lee,2024-04-01\nBo Ray,soon\n")
    assert found.lost == "1 row of the workforce file could not be used"
    assert "1 row gives no hours: full time (37 hours a week) is assumed." in found.notes
    assert any("no column for post, team, end" in note for note in found.notes)


def test_nothing_is_said_of_a_file_of_which_all_was_used(tmp_path: Path) -> None:
    assert read(tmp_path, "worker,start\nAnn Lee,2024-04-01\n").lost == ""
