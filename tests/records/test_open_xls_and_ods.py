"""Old Excel and OpenDocument workbooks give the same sheets as .xlsx ones."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import xlwt
from odf import opendocument, table, text
from raw_workbooks import by_reference, write_ods

from upturn.records.sheets import NO_STORED_VALUE, Sheet
from upturn.records.sources import open_source

DATE = xlwt.easyxf(num_format_str="DD/MM/YYYY")


def only(path: Path) -> Sheet:
    sheets = open_source(path).sheets
    assert len(sheets) == 1
    return sheets[0]


def test_an_xls_cell_reads_as_it_shows(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("List 1")
    values = [9212044, 1.5, 1e15, "text\u00a0", True, False, dt.date(2026, 8, 4)]
    for column, value in enumerate(values):
        sheet.write(4, 2 + column, value, DATE if isinstance(value, dt.date) else xlwt.XFStyle())
    sheet.write(5, 2, dt.datetime(2026, 8, 4, 13, 45, 30), DATE)
    sheet.write(6, 2, 9434765919, DATE)
    sheet.row(7).set_cell_error(2, 0x2A)
    sheet.row(8).set_cell_error(2, 0x17)
    book.save(str(tmp_path / "a.xls"))
    found = by_reference(only(tmp_path / "a.xls"))
    assert found == {
        "C5": "9212044", "D5": "1.5", "E5": "1000000000000000", "F5": "text\u00a0",
        "G5": "true", "H5": "false", "I5": "2026-08-04 00:00:00",
        "C6": "2026-08-04 13:45:30", "C7": "9434765919", "C8": "#N/A", "C9": "#REF!",
    }  # fmt: skip


def test_xls_hidden_sheets_and_merged_ranges(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("List 1")
    sheet.write_merge(1, 3, 0, 0, "team")
    for row in (1, 2, 3):
        sheet.write(row, 1, f"child {row}")
    hidden, very = book.add_sheet("Hidden"), book.add_sheet("Very")
    hidden.visibility, very.visibility = 1, 2
    hidden.write(0, 0, "x")
    very.write(0, 0, "y")
    book.add_sheet("Nothing")
    book.save(str(tmp_path / "a.xls"))
    opened = open_source(tmp_path / "a.xls")
    assert [(s.name, s.hidden) for s in opened.sheets] == [
        ("List 1", False),
        ("Hidden", True),
        ("Very", True),
    ]
    assert opened.sheets[0].cells["A"].to_list() == ["team"] * 3
    assert opened.sheets[0].notes == ("1 merged range filled down",)
    assert opened.notes == ("'Nothing' is empty",)


def test_an_xls_file_in_the_1904_system(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = True
    book.add_sheet("A").write(0, 0, 44776, DATE)
    book.save(str(tmp_path / "a.xls"))
    sheet = only(tmp_path / "a.xls")
    assert sheet.date_1904
    assert by_reference(sheet) == {"A1": "2026-08-04 00:00:00"}


def shown(content: str) -> str:
    return f"<text:p>{content}</text:p>"


def value(kind: str, attribute: str, content: str, seen: str = "", more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="{kind}" office:{attribute}="{content}" {more}>'
        f"{shown(seen)}</table:table-cell>"
    )


NA = 'table:formula="of:=NA()"'
FAILED = 'calcext:value-type="error"'
#: cell XML, what it reads as (None: empty), why
ODS_CELLS = [
    (value("float", "value", "9212044", "9,212,044"), "9212044", "the value, not how it shows"),
    (value("float", "value", "9.434765919E9"), "9434765919", "no exponents"),
    (value("float", "value", "1.5"), "1.5", "decimals stay"),
    (value("percentage", "value", "0.5", "50%"), "0.5", "a share as its number"),
    (value("boolean", "boolean-value", "true", "TRUE"), "true", "booleans in words"),
    (value("date", "date-value", "2026-08-04", "4/8/26"), "2026-08-04 00:00:00", "a date"),
    (value("date", "date-value", "2026-08-04T13:45:30.5"), "2026-08-04 13:45:30", "its time"),
    (value("time", "time-value", "PT13H45M00S", "13:45"), "13:45", "a time as it shows"),
    (value("string", "string-value", "Y", "Yes"), "Y", "a text kept apart from what shows"),
    (value("string", "string-value", "", "#N/A", f"{NA} {FAILED}"), "#N/A", "a failed formula"),
    (value("float", "value", "0", "#DIV/0!", f"{NA} {FAILED}"), "#DIV/0!", "is not a nought"),
    (value("string", "string-value", "", "#N/A", NA), "#N/A", "as other programs write it"),
    (value("float", "value", "0", "Err:508", NA), "#VALUE!", "an error with a number"),
    (value("string", "string-value", "", "", NA), None, "a formula that gives no text"),
    (f"<table:table-cell {NA}/>", NO_STORED_VALUE, "a formula never worked out"),
    ('<table:table-cell office:value-type="string"><text:p>a</text:p><text:p>b<text:s text:c="2"/>'
     "<text:span>c</text:span></text:p></table:table-cell>", "a\nb  c", "lines and spaces"),
    ('<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p>'
     "</office:annotation><text:p>cell</text:p></table:table-cell>", "cell", "not its comment"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "text", "because"), ODS_CELLS, ids=[c[2] for c in ODS_CELLS])
def test_an_ods_cell_reads_as_it_shows(
    tmp_path: Path, cell: str, text: str | None, because: str
) -> None:
    end = f'<table:table-cell office:value-type="string">{shown("end")}</table:table-cell>'
    body = (
        f'<table:table table:name="T"><table:table-row>{cell}{end}</table:table-row></table:table>'
    )
    expected = {"B1": "end"} | ({"A1": text} if text else {})
    assert by_reference(only(write_ods(tmp_path / "a.ods", body))) == expected


def test_ods_repeats_merges_and_hidden_sheets(tmp_path: Path) -> None:
    def cell(content: str, more: str = "") -> str:
        kind = 'office:value-type="string"'
        return f"<table:table-cell {kind} {more}>{shown(content)}</table:table-cell>"

    gap = '<table:table-cell table:number-columns-repeated="2"/>'
    merged = cell("team", 'table:number-rows-spanned="2"')
    twice = cell("x", 'table:number-columns-repeated="2"')
    rows = [
        '<table:table-row table:number-rows-repeated="3">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
        f"<table:table-row>{gap}{merged}{twice}</table:table-row>",
        f"<table:table-row>{gap}<table:covered-table-cell/>{cell('y')}</table:table-row>",
        f'<table:table-row table:number-rows-repeated="2">{cell("z")}</table:table-row>',
        '<table:table-row table:number-rows-repeated="1048569"><table:table-cell/></table:table-row>',
    ]
    body = (
        f'<table:table table:name="T">{"".join(rows)}</table:table>'
        f'<table:table table:name="H" table:style-name="ta2"><table:table-row>{cell("h")}'
        '</table:table-row></table:table><table:table table:name="E"/>'
    )
    style = (
        '<style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    opened = open_source(write_ods(tmp_path / "a.ods", body, styles=style))
    first, hidden = opened.sheets
    assert by_reference(first) == {
        "C4": "team", "D4": "x", "E4": "x", "C5": "team", "D5": "y", "A6": "z", "A7": "z",
    }  # fmt: skip
    assert (first.first_row, first.hidden, hidden.hidden) == (4, False, True)
    assert first.notes == ("1 merged range filled down",)
    assert opened.notes == ("'E' is empty",)


def test_a_spreadsheet_written_by_another_library(tmp_path: Path) -> None:
    document = opendocument.OpenDocumentSpreadsheet()
    sheet = table.Table(name="List 1")
    row = table.TableRow()
    for attributes, content in [
        ({"valuetype": "string"}, "Child Unique ID"),
        ({"valuetype": "float", "value": 9212044}, "9212044"),
        ({"valuetype": "date", "datevalue": "2026-08-04"}, "04/08/2026"),
        ({"formula": "of:=1+1"}, ""),
    ]:
        made = table.TableCell(**attributes)
        if content:
            made.addElement(text.P(text=content))
        row.addElement(made)
    sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    document.save(str(tmp_path / "a.ods"))
    assert by_reference(only(tmp_path / "a.ods")) == {
        "A1": "Child Unique ID",
        "B1": "9212044",
        "C1": "2026-08-04 00:00:00",
        "D1": NO_STORED_VALUE,
    }
