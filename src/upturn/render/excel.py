"""The few moves every workbook of ours is made of: a workbook, its formats, a sheet with a table."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from upturn.render.cells import excel_text

DARK_BLUE, PINK = "#12436D", "#801650"
#: Above this many rows a workbook is written row by row, so that it never stands in memory whole.
LARGE = 50_000
#: Excel's own limit, less the header.
MOST_ROWS = 1_048_575

#: How a number that is not whole is shown, by its least size; smaller ones as the program likes.
_FIGURES = {1000: "#,##0", 100: "0.0", 1: "0.00", 0.001: "0.000"}

#: Height of one line of text, in points.
_LINE = 15.0

_NOT_XML = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]")

Format = Any  # xlsxwriter has no public type for it
Sheet = Any


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its heading, its width in characters, and whether its text wraps."""

    heading: str
    width: float
    wrap: bool = False


class Book:
    """A workbook being written, with its formats made once."""

    def __init__(self, workbook: Any) -> None:
        """Make the formats of an open ``workbook``."""
        self.workbook = workbook
        add: Callable[[dict[str, object]], Format] = workbook.add_format
        top: dict[str, object] = {"valign": "top"}
        self.plain = add({**top})
        self.wrap = add({**top, "text_wrap": True})
        self.date = add({**top, "num_format": "d mmm yyyy", "align": "left"})
        self.moment = add({**top, "num_format": "d mmm yyyy hh:mm:ss", "align": "left"})
        self.bold = add({**top, "bold": True})
        self.title = add({"bold": True, "font_size": 14, "font_color": DARK_BLUE})
        self.heading = add(
            {"bold": True, "font_color": "#FFFFFF", "bg_color": DARK_BLUE, "text_wrap": True,
             "valign": "top", "border": 1, "border_color": DARK_BLUE}
        )  # fmt: skip
        self.overdue = add({**top, "bold": True, "font_color": PINK, "text_wrap": True})
        self.soon = add({**top, "font_color": "#9A3412", "text_wrap": True})
        self.link = add({**top, "font_color": DARK_BLUE, "underline": 1})
        self.figures = [
            (least, add({**top, "num_format": shown})) for least, shown in _FIGURES.items()
        ]

    def figure(self, value: float) -> Format:
        """The format that shows the digits a number deserves; its cell keeps all of them."""
        if value == int(value):
            return self.plain
        return next((shown for least, shown in self.figures if abs(value) >= least), self.plain)


@contextmanager
def workbook(path: Path, *, as_at: date | None, rows: int = 0) -> Iterator[Book]:
    """An open workbook that is written to ``path`` on leaving.

    ``as_at`` becomes the date of creation in its properties, so that the same result gives the same
    bytes. ``rows`` is about how many rows will come. Nothing a cell holds is read as a formula or link.
    """
    options = {
        "constant_memory": rows > LARGE,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": datetime.combine(as_at or date(2000, 1, 1), time())})
    yield Book(book)
    book.close()


def put(
    sheet: Sheet, row: int, column: int, value: object, book: Book, style: Format = None
) -> None:
    """One cell: text made harmless, a date as a date, a number as a number, nothing for null."""
    if value is None:
        if style:
            sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, excel_text(value), style or book.plain)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, style or book.plain)
    elif isinstance(value, (int, float)):
        _number(sheet, row, column, value, book, style)
    elif isinstance(value, datetime):
        moment = value.replace(tzinfo=None)
        _dated(sheet, row, column, moment, style or book.moment, moment.date())
    elif isinstance(value, date):
        _dated(sheet, row, column, value, style or book.date, value)
    else:
        sheet.write_string(row, column, excel_text(str(value)), style or book.plain)


def _number(sheet: Sheet, row: int, column: int, value: float, book: Book, style: Format) -> None:
    """Excel keeps fifteen digits and has no NaN: what it would spoil is written as text."""
    if value != value or abs(value) == float("inf") or abs(value) >= 10**15:
        sheet.write_string(row, column, str(value), style or book.plain)
    else:
        sheet.write_number(row, column, value, style or book.figure(value))


def _dated(sheet: Sheet, row: int, column: int, value: date, style: Format, day: date) -> None:
    """Excel's calendar begins in 1900 and is wrong until March of that year: earlier dates are text."""
    if day < date(1900, 3, 1):
        sheet.write_string(row, column, value.isoformat(), style)
    else:
        sheet.write_datetime(row, column, value, style)


def head(sheet: Sheet, book: Book, columns: Sequence[Column], *, row: int, rows: int) -> None:
    """Column headings in ``row``, with filters on and everything down to there frozen."""
    fit(sheet, row, [column.heading for column in columns], columns, bold=True)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width, book.wrap if column.wrap else book.plain)
        sheet.write_string(row, number, excel_text(column.heading), book.heading)
    sheet.freeze_panes(row + 1, 0)
    if columns:
        sheet.autofilter(row, 0, row + max(rows, 1), len(columns) - 1)


def fit(
    sheet: Sheet,
    row: int,
    values: Sequence[object],
    columns: Sequence[Column],
    *,
    bold: bool = False,
) -> None:
    """Make a row as high as its longest wrapped cell; call it before the row's cells are written.

    Not every spreadsheet program works heights out for itself when it opens a file.
    """
    lines = [
        _lines(str(value), column.width / (1.15 if bold else 1))
        for value, column in zip(values, columns, strict=False)
        if value is not None and (column.wrap or bold)
    ]
    sheet.set_row(row, _LINE * max(lines, default=1))


def _lines(text: str, width: float) -> int:
    """How many lines of ``width`` characters ``text`` takes when it is wrapped at spaces."""
    return sum(max(1, len(textwrap.wrap(part, max(1, int(width))))) for part in text.split("\n"))


def link(sheet: Sheet, row: int, column: int, text: str, book: Book, *, to: str) -> None:
    """A cell that leads to the sheet named ``to``; a link's text is XML that nobody escapes further."""
    place = to.replace("'", "''")
    shown = excel_text(text)[:255]
    sheet.write_url(row, column, f"internal:'{place}'!A1", book.link, shown)


def _header_text(text: str) -> str:
    """Text for a page's header: "&" begins a command there, and XML has no control characters.

    >>> _header_text("North & South \x1b")
    'North && South  '
    """
    return _NOT_XML.sub(" ", text)[:110].replace("&", "&&")  # Excel allows 255 units in all


def for_print(sheet: Sheet, *, header: str, row: int) -> None:
    """Landscape A4, as wide as the page, the headings on every page, ``header`` at the top."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.6)
    sheet.set_header("&L&9 " + _header_text(header))
    sheet.set_footer("&L&9&A&R&9Page &P of &N")
    sheet.repeat_rows(0, row)
