"""Whatever the bytes, a source opens or is refused in one line; whatever the cells, none is lost."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from raw_workbooks import write_ods

from upturn.records.sheets import Sheet, SourceError
from upturn.records.sources import open_source

SETTINGS = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
HEADER = ["Child Unique ID", "Date of Contact", "Contact Source"]


def valid_xlsx() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("List 1")
        sheet.write_row(0, 0, HEADER)
        sheet.write(1, 0, 9212044)
        sheet.write_datetime(1, 1, dt.datetime(2026, 8, 4), book.add_format({"num_format": 14}))
        sheet.write_formula(1, 2, "=NA()", None, "#N/A")
        sheet.merge_range("A3:A5", "x")
    return out.getvalue()


def valid_xls() -> bytes:
    out = io.BytesIO()
    book = xlwt.Workbook()
    sheet = book.add_sheet("List 1")
    for column, header in enumerate(HEADER):
        sheet.write(0, column, header)
    sheet.write(1, 1, dt.date(2026, 8, 4), xlwt.easyxf(num_format_str="DD/MM/YYYY"))
    book.save(out)
    return out.getvalue()


def valid_ods(folder: Path) -> bytes:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{header}</text:p></table:table-cell>'
        for header in HEADER
    )
    body = f'<table:table table:name="T"><table:table-row>{cells}</table:table-row></table:table>'
    return write_ods(folder / "valid.ods", body).read_bytes()


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return {
        "xlsx": valid_xlsx(),
        "xls": valid_xls(),
        "ods": valid_ods(tmp_path_factory.mktemp("ods")),
        "csv": b'Child Unique ID,"Date of\r\nContact"\r\n9212044,04/08/2026\r\n',
    }


def opens_or_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        opened = open_source(path)
    except SourceError as error:
        said = str(error)
    else:
        said = f"{path.name}: {len(opened.sheets)} sheets"
        assert opened.sheets
        assert {dtype for sheet in opened.sheets for dtype in sheet.cells.dtypes} == {pl.String}
    assert path.name in said
    assert "\n" not in said


@SETTINGS
@given(content=st.binary(max_size=400), suffix=st.sampled_from(["xlsx", "xls", "ods", "csv"]))
def test_any_bytes(tmp_path: Path, content: bytes, suffix: str) -> None:
    opens_or_is_refused(tmp_path / f"a.{suffix}", content)


@SETTINGS
@given(data=st.data(), kind=st.sampled_from(["xlsx", "xls", "ods", "csv"]))
def test_any_file_cut_short(
    tmp_path: Path, valid: dict[str, bytes], data: st.DataObject, kind: str
) -> None:
    content = valid[kind]
    length = data.draw(st.integers(0, len(content)))
    opens_or_is_refused(tmp_path / f"a.{kind}", content[:length])


@SETTINGS
@given(data=st.data(), kind=st.sampled_from(["xlsx", "xls", "ods", "csv"]))
def test_any_byte_changed(
    tmp_path: Path, valid: dict[str, bytes], data: st.DataObject, kind: str
) -> None:
    content = bytearray(valid[kind])
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    opens_or_is_refused(tmp_path / f"a.{kind}", bytes(content))


def plain_text() -> st.SearchStrategy[str]:
    """Text that every format can hold: no control characters, no lone surrogates."""
    return st.text(
        st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff\x85"),
        max_size=12,
    ).filter(lambda text: not text.startswith(("sep=", "_x")) and "\ufeff" not in text)


TABLES = st.lists(st.lists(plain_text(), min_size=1, max_size=5), min_size=1, max_size=8)


def filled(rows: list[list[str]]) -> set[tuple[int, int, str]]:
    return {(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row) if text}


def cells_of(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    for c, column in enumerate(sheet.cells.get_columns()):
        for r, text in enumerate(column):
            if text is not None:
                yield r + sheet.first_row - 1, ord(column.name) - 65, text
        assert c < 26


@settings(SETTINGS, max_examples=50)
@given(rows=TABLES)
def test_no_cell_of_a_workbook_is_lost_or_moved(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                sheet.write_string(r, c, text)
    expected = filled(rows)
    if not expected:
        with pytest.raises(SourceError):
            open_source(path)
        return
    assert set(cells_of(open_source(path).sheets[0])) == expected


@SETTINGS
@given(rows=TABLES, separator=st.sampled_from(",;\t"))
def test_no_cell_of_a_csv_file_is_lost_or_moved(
    tmp_path: Path, rows: list[list[str]], separator: str
) -> None:
    rows = [HEADER, *([text, *row] for text, row in zip("abcdefgh", rows, strict=False))]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
    path = tmp_path / "a.csv"
    path.write_bytes(out.getvalue().encode("utf-8"))
    assert set(cells_of(open_source(path).sheets[0])) == filled(rows)
