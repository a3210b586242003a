"""Tables as CSV files and workbooks: harmless, whole, and readable by others."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from upturn.render.cells import CELL_LIMIT, csv_bytes, excel_text, harmless
from upturn.render.outputs import OutputError, write_table
from upturn.render.sheetnames import LIMIT, sheet_names


@pytest.mark.parametrize(
    ("cell", "because"),
    [
        ("=1+1", "a formula"),
        ("+44 20", "a formula to Excel"),
        ("-A1", "a formula to Excel"),
        ("@SUM(A1)", "a formula to older Excel"),
        ("\t=1+1", "a tab hides the mark"),
        ("\r=1", "so does a return"),
        (" =1", "so does a space in some programs"),
        ("＝1+1", "full-width marks are folded into plain ones"),
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_escaped(cell, because):
    assert harmless(cell) == f"'{cell}", because
    assert csv_bytes(pl.DataFrame({"x": [cell]})).decode("utf-8-sig").lstrip('x\n"')[0] == "'", (
        because
    )


def test_numbers_dates_and_ordinary_text_are_left_alone():
    frame = pl.DataFrame({"n": [-1], "d": [date(2026, 8, 4)], "t": ["A-17"], "none": [None]})
    assert csv_bytes(frame) == b"\xef\xbb\xbfn,d,t,none\n-1,2026-08-04,A-17,\n"


def test_a_text_too_long_for_excel_is_cut_and_says_so():
    cut = excel_text("x" * 40_000)
    assert len(cut) == CELL_LIMIT
    assert "cut" in cut[-60:]


def test_a_workbook_holds_each_kind_of_cell_and_no_formula(tmp_path: Path):
    frame = pl.DataFrame(
        {
            "text": ["=1+1", "<r>a</r>", "nul \x00 and \ufffe", None],
            "date": [date(2026, 8, 4), date(1850, 1, 1), None, None],
            "moment": [datetime(2026, 8, 4, 9, 30), None, None, None],
            "number": [1.5, float("nan"), float("inf"), None],
            "whole": [1, -2, 10**17, None],
            "flag": [True, False, None, None],
            "list": [["a", "b"], [], None, None],
            "length": [timedelta(days=1), None, None, None],
            "=head": ["x", "y", "z", None],
        }
    )
    made = write_table(frame, tmp_path / "all.xlsx", title="All / kinds")
    sheet = openpyxl.load_workbook(made)["All kinds"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert rows[0][:2] == ("'=1+1", datetime(2026, 8, 4))
    assert rows[1][:2] == ("'<r>a</r>", "1850-01-01")
    assert rows[1][3] == "nan"
    assert rows[2][0] == "nul � and �"
    assert rows[2][4] == "100000000000000000"
    assert rows[0][6] == "a; b"
    assert sheet.cell(1, 9).value == "'=head"
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:I5"


def test_a_csv_file_is_read_back_as_it_was(tmp_path: Path):
    frame = pl.DataFrame({"name": ['say "hi", twice', "two\nlines", "東京"], "n": [1, None, 3]})
    made = write_table(frame, tmp_path / "list.csv")
    with made.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == frame["name"].to_list()
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]


def test_a_large_table_is_written_row_by_row_and_is_whole(tmp_path: Path):
    frame = pl.DataFrame({"n": range(50_010)})
    made = write_table(frame, tmp_path / "large.xlsx")
    sheet = openpyxl.load_workbook(made, read_only=True)["Table"]
    assert sum(row[0] for row in sheet.iter_rows(min_row=2, values_only=True)) == sum(range(50_010))


@pytest.mark.parametrize("name", ["list.txt", "list"])
def test_another_ending_is_refused(tmp_path: Path, name: str):
    with pytest.raises(OutputError, match=r"must end in \.csv or \.xlsx"):
        write_table(pl.DataFrame({"a": [1]}), tmp_path / name)


def test_a_frame_without_columns_or_rows_is_still_a_workbook(tmp_path: Path):
    for number, frame in enumerate((pl.DataFrame(), pl.DataFrame(schema={"a": pl.String}))):
        openpyxl.load_workbook(write_table(frame, tmp_path / f"{number}.xlsx"))


@pytest.mark.parametrize(
    ("names", "given", "because"),
    [
        (["A", "a"], ["A", "a (2)"], "Excel does not tell capitals from small letters"),
        (["x" * 40, "x" * 45], ["x" * 31, "x" * 27 + " (2)"], "cut names can be the same"),
        (["A/B:C*?[D]\\"], ["A B C D"], "forbidden characters"),
        (["'quoted'"], ["quoted"], "a name may not begin or end with an apostrophe"),
        (["", " "], ["Sheet", "Sheet (2)"], "a name may not be empty"),
        (["History"], ["History (2)"], "Excel keeps this name"),
        (["🧒" * 20], ["🧒" * 15], "Excel counts as UTF-16 does"),
    ],
)
def test_sheet_names_are_ones_that_excel_accepts(names, given, because):
    made = sheet_names(names)
    assert made == given, because
    assert all(len(name.encode("utf-16-le")) <= 2 * LIMIT for name in made)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (618831.1159514906, "#,##0"),
        (412.372, "0.0"),
        (3.14159, "0.00"),
        (0.6665807560137458, "0.000"),
        (-0.0086, "0.000"),
        (5.354825835712132e-05, "General"),
        (12.0, "General"),
    ],
)
def test_a_number_is_shown_with_the_digits_it_deserves_and_keeps_them_all(
    tmp_path: Path, value: float, shown: str
):
    write_table(pl.DataFrame({"share": [value]}), tmp_path / "t.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "t.xlsx").active["A2"]
    assert cell.value == value
    assert cell.number_format == shown


def test_long_text_is_wrapped_in_a_row_that_is_high_enough(tmp_path: Path):
    frame = pl.DataFrame({"answer": ["short", "a sentence of several words " * 8], "n": [1, 2]})
    write_table(frame, tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert sheet["A3"].alignment.wrap_text
    assert not sheet["B3"].alignment.wrap_text
    assert sheet.column_dimensions["A"].width < 62
    assert sheet.row_dimensions[3].height >= 3 * 15, "lines of 15 points"
