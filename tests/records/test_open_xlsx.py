"""Excel workbooks: what each kind of cell reads as, and where it is said to be."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from raw_workbooks import MAIN, by_reference, shared_strings, write_xlsx, write_zip, xlsx_parts

from upturn.records.sheets import NO_STORED_VALUE, Sheet
from upturn.records.sources import Opened, open_source

REPO_ROOT = Path(__file__).resolve().parents[2]
SAMPLES = REPO_ROOT.parent / "shared" / "data" / "samples"


def only(path: Path) -> Sheet:
    sheets = open_source(path).sheets
    assert len(sheets) == 1
    return sheets[0]


#: cell XML, what it reads as, why
CELLS = [
    ('<c r="A1"><v>9212044</v></c>', "9212044", "an id is no decimal number"),
    ('<c r="A1"><v>123456789012345</v></c>', "123456789012345", "fifteen digits stay as they are"),
    ('<c r="A1"><v>1E15</v></c>', "1000000000000000", "no exponents"),
    ('<c r="A1"><v>1.5</v></c>', "1.5", "decimals stay"),
    ('<c r="A1"><v>0.30000000000000004</v></c>', "0.3", "nine decimals are kept"),
    ('<c r="A1" t="b"><v>1</v></c>', "true", "booleans in words"),
    ('<c r="A1" t="b"><v>0</v></c>', "false", "booleans in words"),
    ('<c r="A1" s="1"><v>46238</v></c>', "2026-08-04 00:00:00", "a number in a date's format"),
    ('<c r="A1" s="1"><v>46238.5733333333</v></c>', "2026-08-04 13:45:36", "with its time"),
    ('<c r="A1" s="1"><v>46238.57333912</v></c>', "2026-08-04 13:45:36", "no part of a second"),
    ('<c r="A1" t="d"><v>2026-08-04</v></c>', "2026-08-04 00:00:00", "a date kept as ISO text"),
    ('<c r="A1" t="d"><v>2026-08-04T09:30:00Z</v></c>', "2026-08-04 09:30:00", "and with a time"),
    ('<c r="A1" t="s"><v>1</v></c>', "Child\u00a0ID ", "hard and trailing spaces are left"),
    ('<c r="A1" t="str"><f>A2</f><v>x &amp; y</v></c>', "x & y", "a formula's stored text"),
    ('<c r="A1"><f>1+1</f><v>2</v></c>', "2", "a formula's stored number"),
    ('<c r="A1" s="1"><f>B1</f><v>46238</v></c>', "2026-08-04 00:00:00", "a formula's stored date"),
    ('<c r="A1" t="inlineStr"><is><t>in the cell</t></is></c>', "in the cell", "text not shared"),
    ('<c r="A1" t="e"><v>#N/A</v></c>', "#N/A", "an error is not an empty cell"),
    ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!", "nor is a failed formula"),
    ("<c r='A1' t='e'><v>#REF!</v></c>", "#REF!", "whatever the quotation marks"),
    ('<c t="e" r="A1"><v>#REF!</v></c>', "#REF!", "in whatever order"),
    ('<c r="A1" t="e"><v>#SPILL!</v></c>', "#SPILL!", "an error newer than the reader"),
    ('<c r="A1" t="e"><v>#ERROR!</v></c>', "#VALUE!", "an error of another program"),
    ('<c r="A1"><f>B1</f></c>', NO_STORED_VALUE, "a formula never worked out"),
    ('<c r="A1"><f>B1</f><v></v></c>', NO_STORED_VALUE, "the same with an empty element"),
    ('<c r="A1"><f>B1</f><v/></c>', NO_STORED_VALUE, "the same, shorter"),
    ('<c r="A1"><f t="shared" si="0"/></c>', NO_STORED_VALUE, "the same, a shared formula"),
    ('<c r="A1" s="1"><v>9434765919</v></c>', "9434765919", "an NHS number in a date's format"),
]


@pytest.mark.parametrize(("cell", "text", "because"), CELLS, ids=[c[2] for c in CELLS])
def test_a_cell_reads_as_it_shows(tmp_path: Path, cell: str, text: str, because: str) -> None:
    strings = shared_strings(["other", "Child\u00a0ID "])
    path = write_xlsx(tmp_path / "a.xlsx", f'<row r="1">{cell}</row>', strings=strings)
    assert by_reference(only(path)) == {"A1": text}


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1"/>',
        '<c r="A1" s="1"/>',
        '<c r="A1" t="str"><f>B1</f><v></v></c>',
        '<c r="A1" t="str"><f>B1</f><v/></c>',
        '<c r="A1" t="s"><v>0</v></c>',
    ],
    ids=["bare", "formatted", "formula giving no text", "the same, shorter", "empty shared text"],
)
def test_an_empty_cell_is_null(tmp_path: Path, cell: str) -> None:
    rows = f'<row r="1">{cell}<c r="B1"><v>1</v></c></row>'
    path = write_xlsx(tmp_path / "a.xlsx", rows, strings=shared_strings([""]))
    assert by_reference(only(path)) == {"B1": "1"}


def test_cells_keep_their_place_when_the_table_starts_at_c5(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("List 1")
        sheet.write(4, 2, "Child Unique ID")
        sheet.write(6, 3, "x")
    sheet = only(path)
    assert (sheet.first_row, sheet.name, sheet.file) == (5, "List 1", "a.xlsx")
    assert sheet.cells.shape == (3, 2)
    assert by_reference(sheet) == {"C5": "Child Unique ID", "D7": "x"}


def test_errors_outside_the_other_cells_are_kept(tmp_path: Path) -> None:
    rows = (
        '<row r="2"><c r="B2"><f>1</f></c></row><row r="4"><c r="D4"><v>1</v></c></row>'
        '<row r="9"><c r="F9" t="e"><v>#N/A</v></c></row>'
    )
    found = by_reference(only(write_xlsx(tmp_path / "a.xlsx", rows)))
    assert found == {"B2": NO_STORED_VALUE, "D4": "1", "F9": "#N/A"}


def test_a_sheet_of_errors_alone_is_read(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", '<row r="3"><c r="C3" t="e"><v>#N/A</v></c></row>')
    assert by_reference(only(path)) == {"C3": "#N/A"}


def test_cells_without_references_are_counted_on(tmp_path: Path) -> None:
    rows = (
        '<row><c><v>1</v></c><c t="e"><v>#N/A</v></c></row><row/>'
        "<row><c/><c><f>1</f></c><c><v>3</v></c></row>"
    )
    found = by_reference(only(write_xlsx(tmp_path / "a.xlsx", rows)))
    assert found == {"A1": "1", "B1": "#N/A", "B3": NO_STORED_VALUE, "C3": "3"}


def test_a_file_with_a_prefix_on_its_elements_is_read(tmp_path: Path) -> None:
    part = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="B2" t="e"><x:v>#N/A</x:v>'
        '</x:c><x:c r="C2"><x:f>1</x:f></x:c><x:c r="D2"><x:v>4</x:v></x:c></x:row></x:sheetData>'
        '<x:mergeCells><x:mergeCell ref="D2:D3"/></x:mergeCells></x:worksheet>'
    )
    path = write_zip(tmp_path / "a.xlsx", xlsx_parts([part]))
    assert by_reference(only(path)) == {"B2": "#N/A", "C2": NO_STORED_VALUE, "D2": "4"}


def test_an_nhs_number_formatted_as_a_date_is_noted(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" s="1"><v>9434765919</v></c><c r="B1" s="1"><v>46238</v></c></row>'
    sheet = only(write_xlsx(tmp_path / "a.xlsx", rows))
    assert by_reference(sheet) == {"A1": "9434765919", "B1": "2026-08-04 00:00:00"}
    assert sheet.notes == ("1 numbers formatted as dates are too large to be dates",)


def test_a_number_that_stops_the_reader_is_read_as_a_number(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" s="1"><v>-1e300</v></c><c r="B1" s="1"><v>46238</v></c></row>'
    sheet = only(write_xlsx(tmp_path / "a.xlsx", rows))
    assert by_reference(sheet)["B1"] == "46238"
    assert "serial numbers" in sheet.notes[0]


def test_a_value_stored_twice_is_noted(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'
    sheet = only(write_xlsx(tmp_path / "a.xlsx", rows))
    assert by_reference(sheet) == {"A1": "2"}
    assert sheet.notes == ("1 values are stored twice for one cell; the last was kept",)


@pytest.mark.parametrize(("system", "serial"), [(False, 46238), (True, 44776)])
def test_both_date_systems_give_the_same_date(tmp_path: Path, system: bool, serial: int) -> None:
    book = openpyxl.Workbook()
    if system:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A1"] = dt.date(2026, 8, 4)
    book.active["B1"] = serial
    book.save(tmp_path / "a.xlsx")
    sheet = only(tmp_path / "a.xlsx")
    assert by_reference(sheet) == {"A1": "2026-08-04 00:00:00", "B1": str(serial)}
    assert sheet.date_1904 is system


def test_formulas_saved_by_a_program_that_cannot_work_them_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Date of Conference", "=DATE(2026,8,4)"])
    book.save(tmp_path / "a.xlsx")
    sheet = only(tmp_path / "a.xlsx")
    assert by_reference(sheet)["B1"] == NO_STORED_VALUE
    assert sheet.notes[0] == "1 formula has no stored result"
    assert "may be out of date" in sheet.notes[1]


#: merged range, rows before, filled after, why
MERGES = [
    (
        "A2:A4",
        {"A2": "team", "B2": "1", "B3": "2", "B4": "3"},
        {"A3": "team", "A4": "team"},
        "what is merged over rows holds for each",
    ),
    ("A2:B2", {"A2": "title", "A3": "x"}, {}, "a title over columns stays in its first cell"),
    ("A2:B3", {"A2": "t", "C2": "1", "C3": "2"}, {"A3": "t"}, "a block fills its first column"),
    ("A2:A9", {"A2": "t", "B2": "1", "B4": "2"}, {"A4": "t"}, "rows with nothing else stay empty"),
    ("A2:A3", {"A2": "t", "A3": "own", "B3": "1"}, {}, "a cell with its own value keeps it"),
    ("A2:A1048576", {"A2": "t", "B3": "1"}, {"A3": "t"}, "a range to the end of the sheet"),
    ("F2:F4", {"A2": "1", "A3": "2"}, {}, "an empty range fills nothing"),
]


@pytest.mark.parametrize(
    ("merged", "cells", "filled", "because"), MERGES, ids=[m[3] for m in MERGES]
)
def test_merged_ranges(
    tmp_path: Path, merged: str, cells: dict[str, str], filled: dict[str, str], because: str
) -> None:
    rows = "".join(
        f'<row r="{ref[1:]}"><c r="{ref}" t="str"><v>{text}</v></c></row>'
        for ref, text in sorted(cells.items(), key=lambda item: (item[0][1:], item[0]))
    )
    after = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>'
    sheet = only(write_xlsx(tmp_path / "a.xlsx", rows, after=after))
    assert by_reference(sheet) == cells | filled
    assert sheet.notes == (("1 merged range filled down",) if filled else ())


def a_workbook_of_every_kind_of_sheet(path: Path) -> Opened:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("A & B – é").write(0, 0, "seen")
        book.add_worksheet("Hidden").write(0, 0, "hidden")
        book.add_worksheet("Very").write(0, 0, "very hidden")
        book.get_worksheet_by_name("Hidden").hide()
        book.get_worksheet_by_name("Very").very_hidden()
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "='Hidden'!$A$1:$A$2"})
        book.add_chartsheet("Picture").set_chart(chart)
        book.add_worksheet("Nothing")
        formatted = book.add_worksheet("Formatted")
        formatted.write_blank(9, 9, None, book.add_format({"bold": True}))
    return open_source(path)


def test_hidden_sheets_are_read_and_empty_ones_named(tmp_path: Path) -> None:
    opened = a_workbook_of_every_kind_of_sheet(tmp_path / "a.xlsx")
    assert [(s.name, s.hidden) for s in opened.sheets] == [
        ("A & B – é", False),
        ("Hidden", True),
        ("Very", True),
    ]
    assert opened.notes == (
        "'Picture' is a chartsheet, not a table of cells",
        "'Nothing' is empty",
        "'Formatted' is empty",
    )


def test_progress_names_each_sheet(tmp_path: Path) -> None:
    said: list[str] = []
    open_source(
        write_xlsx(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>', ""),
        progress=said.append,
    )
    assert said == ["Reading sheet 1 of 2: S1", "Reading sheet 2 of 2: S2"]


def test_a_sheet_longer_and_wider_than_any_list_is_read(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="BZ1" t="e"><v>#N/A</v></c></row>'
        '<row r="150000"><c r="A150000"><v>2</v></c></row>'
    )
    sheet = only(write_xlsx(tmp_path / "a.xlsx", rows))
    assert sheet.cells.shape == (150_000, 78)
    assert by_reference(sheet) == {"A1": "1", "BZ1": "#N/A", "A150000": "2"}


def test_empty_formatted_rows_to_the_end_of_the_sheet_cost_nothing(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"constant_memory": True}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        sheet.write(0, 0, "x")
        for row in range(1, 20_000):
            sheet.write_blank(row, 0, None, bold)
            sheet.write_blank(row, 1, None, bold)
        sheet.write_blank(1_048_575, 16_383, None, bold)
    sheet = only(tmp_path / "a.xlsx")
    assert (sheet.cells.shape, sheet.first_row) == ((1, 1), 1)


def test_blocks_of_a_long_sheet_join_without_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upturn.records.files.archive.CHUNK", 97)
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for row in range(300):
            sheet.write(row, 0, row)
            sheet.write_formula(row, 1, "=NA()", None, "#N/A" if row % 7 else 1)
        sheet.merge_range("C1:C300", "team")
    found = by_reference(only(tmp_path / "a.xlsx"))
    expected = {f"A{row + 1}": str(row) for row in range(300)}
    expected |= {f"B{row + 1}": "#N/A" if row % 7 else "1" for row in range(300)}
    expected |= {f"C{row + 1}": "team" for row in range(300)}
    assert found == expected


def shown(value: object) -> str | None:
    """What a cell that openpyxl read should read as here."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.9f}".rstrip("0")
    return None if value is None or value == "" else str(value)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample workbooks are not here")
@pytest.mark.parametrize("name", ["Annex_A.xlsx", "Annex_A_2024_Jan.xlsx"])
def test_every_cell_of_the_sample_workbooks_agrees_with_openpyxl(name: str) -> None:
    book = openpyxl.load_workbook(SAMPLES / name, data_only=True)
    opened = {sheet.name: sheet for sheet in open_source(SAMPLES / name).sheets}
    assert opened
    for sheet in book.worksheets:
        expected = {
            cell.coordinate: text
            for row in sheet.iter_rows()
            for cell in row
            if (text := shown(cell.value)) is not None
        }
        found = by_reference(opened[sheet.title]) if sheet.title in opened else {}
        assert found == expected
