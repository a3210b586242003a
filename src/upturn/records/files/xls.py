"""Workbooks of Excel 97 to 2003 (.xls), through xlrd."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator

import xlrd
from xlrd import xldate

from upturn.records.files.grid import Cells, Grid, Range, fill_down, sheet_from
from upturn.records.files.numbers import plain_number
from upturn.records.sheets import Sheet, SourceError, counted

#: Codes of error cells, as the format defines them ([MS-XLS] 2.5.10).
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


def read_xls(
    content: bytes, file: str, say: Callable[[str], None]
) -> tuple[list[Sheet], list[str]]:
    """The sheets of a workbook with anything in them, and notes on those left out.

    Raises `SourceError` for a damaged or locked file.
    """
    try:
        return _read(content, file, say)
    except (SourceError, KeyboardInterrupt):
        raise
    except Exception as error:  # xlrd raises whatever the bytes lead it to
        if "encrypted" in str(error).lower():
            raise SourceError(
                f"{file} is protected with a password; save a copy without one"
            ) from error
        raise SourceError(
            f"{file} is damaged or not a workbook; open it in Excel and save it as .xlsx"
        ) from error


def _read(content: bytes, file: str, say: Callable[[str], None]) -> tuple[list[Sheet], list[str]]:
    book = xlrd.open_workbook(
        file_contents=content,
        logfile=io.StringIO(),  # it would print warnings
        on_demand=True,
        formatting_info=True,  # for merged ranges
        ragged_rows=True,
    )
    sheets, notes = [], []
    for index, name in enumerate(book.sheet_names()):
        say(f"Reading sheet {index + 1} of {book.nsheets}: {name}")
        if sheet := _sheet(book, index, file):
            sheets.append(sheet)
        else:
            notes.append(f"{name!r} is empty")
        book.unload_sheet(index)
    return sheets, [*notes, *_left_out(book)]


def _left_out(book: xlrd.Book) -> list[str]:
    """Charts and macro sheets, which xlrd lists apart from the sheets it reads."""
    every = list(getattr(book, "_all_sheets_map", []))
    count = sum(1 for place in every if place < 0)
    return [f"{count} chart or macro sheets are not tables of cells"] if count else []


def _sheet(book: xlrd.Book, index: int, file: str) -> Sheet | None:
    source = book.sheet_by_index(index)
    where = f"{file}, sheet {source.name!r},"
    cells = Cells(where)
    for row, column, text in _cells(source, book.datemode):
        cells.put(row, column, text)
    merged: list[Range] = [
        (first, left, last - 1, right - 1) for first, last, left, right in source.merged_cells
    ]
    grid, filled = fill_down(Grid(where, cells.frame()), merged)
    return sheet_from(
        grid,
        file=file,
        name=source.name,
        hidden=source.visibility != 0,
        date_1904=book.datemode == 1,
        notes=[f"{counted(filled, 'merged range', 'merged ranges')} filled down"] if filled else [],
    )


def _cells(source: xlrd.sheet.Sheet, datemode: int) -> Iterator[tuple[int, int, str]]:
    for row in range(source.nrows):
        kinds, values = source.row_types(row), source.row_values(row)
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            if kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                yield row, column, _text(kind, value, datemode)


def _text(kind: int, value: object, datemode: int) -> str:
    if kind == xlrd.XL_CELL_TEXT:
        return str(value)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "true" if value else "false"
    if kind == xlrd.XL_CELL_ERROR:
        return ERRORS.get(int(str(value)), "#VALUE!")
    number = float(str(value))
    return _date(number, datemode) if kind == xlrd.XL_CELL_DATE else plain_number(number)


def _date(serial: float, datemode: int) -> str:
    """A date as text; the serial number itself when it is no date a calendar has."""
    try:
        moment = xldate.xldate_as_datetime(serial, datemode)
    except (ValueError, OverflowError):
        return plain_number(serial)
    moment += dt.timedelta(microseconds=500)  # a serial is exact to the millisecond at best
    return f"{moment:%Y-%m-%d %H:%M:%S}".rjust(19, "0")
