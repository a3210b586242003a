"""The workbook for team managers, read back with another library."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from upturn.render.cells import excel_text
from upturn.render.due import write_due
from upturn.render.view import PRESSING, once, worst_first


@pytest.fixture(scope="module")
def book(check, tmp_path_factory):
    path = tmp_path_factory.mktemp("due") / "due.xlsx"
    write_due(check, worst_first(check), path)
    return openpyxl.load_workbook(path)


def _teams(book):
    return [sheet for sheet in book if sheet.title not in ("Summary", "About")]


def _rows(sheet):
    return list(sheet.iter_rows(min_row=3, values_only=True))


def test_the_summary_comes_first_and_about_last(book):
    assert book.sheetnames[0] == "Summary"
    assert book.sheetnames[-1] == "About"
    assert "No team" in book.sheetnames


def test_each_team_with_something_due_has_a_sheet_and_every_clock_is_on_one(book, check):
    pressing = once(worst_first(check)).filter(pl.col("state").is_in(PRESSING))
    assert len(_teams(book)) == pressing["team"].n_unique()
    listed = Counter(row[0] for sheet in _teams(book) for row in _rows(sheet))
    children = pressing["child_id"].to_list()
    assert listed == Counter(None if child is None else excel_text(child) for child in children)


def test_a_sheet_is_ready_to_send(book):
    for sheet in _teams(book):
        assert [cell.value for cell in sheet[2]] == [
            "Child", "What is due", "State", "Started", "Due", "Worker", "Reason", "Source rows",
        ]  # fmt: skip
        assert sheet.freeze_panes == "A3"
        assert sheet.auto_filter.ref == f"A2:H{sheet.max_row}"
        assert "as at Wed 30 Sep 2026" in sheet["A1"].value
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert "As at Wed 30 Sep 2026" in sheet.oddHeader.left.text
        assert sheet.print_title_rows == "$1:$2"


def test_a_sheet_is_sorted_worst_first_and_says_so_in_words(book):
    for sheet in _teams(book):
        overdue = ["late" in row[2] or row[2] == "overdue" for row in _rows(sheet)]
        assert overdue == sorted(overdue, reverse=True)
        due = [row[4] for row in _rows(sheet) if row[4] and "late" in row[2]]
        assert due == sorted(due)
        assert all(isinstance(day, datetime) for day in due)


def test_the_summary_counts_what_is_on_the_sheets(book, check):
    summary = book["Summary"]
    rows = {row[0]: row[1:5] for row in summary.iter_rows(min_row=6, values_only=True)}
    states = Counter(once(worst_first(check))["state"].to_list())
    assert rows["All teams"][:3] == (states["overdue"], states["due soon"], states["cannot tell"])
    assert rows["No team"][0] + rows["No team"][1] == len(_rows(book["No team"]))
    links = [cell.hyperlink.location for cell in summary["A"] if cell.hyperlink]
    assert len(links) == len(_teams(book))


def test_nothing_in_it_is_a_formula_whatever_the_extract_holds(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if text[:1] in "=+-@\t\r" and text]


def test_what_it_rests_on_is_in_it(book, check):
    said = {row[0]: row[1] for row in book["About"].iter_rows(min_row=3, values_only=True)}
    assert said["SHA-256 of the extract"] == check.casebook.sha256
    assert check.casebook.as_at_reason in said["As at"]
    about = [row[1] for row in book["About"].iter_rows(min_row=3, values_only=True)]
    assert any("0123456789ab" in line for line in about)
    assert any("Annex A does not hold core groups" in line for line in about)


def test_with_nothing_due_it_says_so(empty_check, tmp_path: Path):
    write_due(empty_check, worst_first(empty_check), tmp_path / "due.xlsx")
    book = openpyxl.load_workbook(tmp_path / "due.xlsx")
    assert book.sheetnames == ["Summary", "About"]
    assert "Nothing is overdue or due soon" in book["Summary"]["A1"].value
