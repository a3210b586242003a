"""OpenDocument spreadsheets (.ods).

Read element by element, because the fast reader gives an empty text or a nought for a failed formula
and cannot tell it from a real one.
Source: OpenDocument 1.3, part 3, sections 9.1 (tables), 19.385 to 19.391 (values).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from upturn.records.files.archive import chunks, open_archive
from upturn.records.files.grid import (
    Cells,
    Grid,
    Range,
    error_notes,
    fill_down,
    known_error,
    sheet_from,
)
from upturn.records.files.markup import Attributes, elements, parse
from upturn.records.files.numbers import plain_number
from upturn.records.sheets import ERROR_VALUES, NO_STORED_VALUE, Sheet, SourceError, counted

#: Cells with something in them, repeats counted. A county's workbook has under a million.
MOST_FILLED = 12_000_000
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384

_CELLS = ("table-cell", "covered-table-cell")
_TABLE, _OFFICE, _TEXT, _STYLE = (
    f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0 "
    for name in ("table", "office", "text", "style")
)
_CALC_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_DRAWN = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 "
_ERROR = re.compile(r"Err:\d+|#\S+")
_DATE = re.compile(r"(-?\d{4,}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:[.,]\d+)?Z?)?")


def read_ods(
    content: bytes, file: str, say: Callable[[str], None]
) -> tuple[list[Sheet], list[str]]:
    """The sheets of a spreadsheet with anything in them, and notes on those left out.

    Raises `SourceError` for a damaged, locked or hostile file.
    """
    archive = open_archive(content, file)
    manifest = "meta-inf/manifest.xml"
    if manifest in archive.parts and any(
        tag == "encryption-data" for tag, _ in elements(chunks(archive, manifest), file=file)
    ):
        raise SourceError(f"{file} is protected with a password; save a copy without one")
    reading = _Reading(file, say)
    parse(
        chunks(archive, "content.xml"),
        file=file,
        start=reading.start,
        end=reading.end,
        text=reading.characters,
    )
    sheets = [(table, _sheet(table, file, reading)) for table in reading.tables]
    notes = [f"{table.name!r} is empty" for table, sheet in sheets if sheet is None]
    return [sheet for _, sheet in sheets if sheet is not None], notes


@dataclass
class _Table:
    name: str
    style: str
    cells: Cells
    merged: list[Range] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    without_result: int = 0


def _sheet(table: _Table, file: str, reading: _Reading) -> Sheet | None:
    grid, filled = fill_down(Grid(table.cells.where, table.cells.frame()), table.merged)
    notes = list(error_notes(table.errors))
    if table.without_result:
        said = counted(table.without_result, "formula has", "formulas have")
        notes.append(f"{said} no stored result")
    if filled:
        notes.append(f"{counted(filled, 'merged range', 'merged ranges')} filled down")
    return sheet_from(
        grid,
        file=file,
        name=table.name,
        hidden=table.style in reading.hidden_styles,
        date_1904=reading.date_1904,
        notes=notes,
    )


class _Reading:
    """The state of one pass over ``content.xml``."""

    def __init__(self, file: str, say: Callable[[str], None]) -> None:
        self.file, self.say = file, say
        self.tables: list[_Table] = []
        self.hidden_styles: set[str] = set()
        self.date_1904 = False
        self.style = ""
        self.depth = 0  # tables inside one another
        self.aside = 0  # inside a comment or a drawing, whose text is no cell's
        self.row = self.row_repeat = self.column = self.filled = 0
        self.row_cells: list[tuple[int, str]] = []
        self.cell: Attributes | None = None
        self.paragraphs: list[str] = []
        self.in_paragraph = 0
        self.starts = {
            _TABLE + "table": self.start_table,
            _TABLE + "table-row": self.start_row,
            _TABLE + "table-cell": self.start_cell,
            _TABLE + "covered-table-cell": self.start_cell,
            _TEXT + "p": self.start_paragraph,
            _TEXT + "s": self.spaces,
            _TEXT + "tab": lambda _: self.characters("\t"),
            _TEXT + "line-break": lambda _: self.characters("\n"),
            _STYLE + "style": self.start_style,
            _STYLE + "table-properties": self.table_properties,
            _TABLE + "null-date": self.null_date,
        }
        self.ends = {
            _TABLE + "table": self.end_table,
            _TABLE + "table-row": self.end_row,
            _TABLE + "table-cell": self.end_cell,
            _TABLE + "covered-table-cell": self.end_cell,
            _TEXT + "p": self.end_paragraph,
        }

    def start(self, tag: str, attributes: Attributes) -> None:
        if self.aside or tag == _OFFICE + "annotation" or tag.startswith(_DRAWN):
            self.aside += 1
        elif handler := self.starts.get(tag):
            handler(attributes)

    def end(self, tag: str) -> None:
        if self.aside:
            self.aside -= 1
        elif handler := self.ends.get(tag):
            handler()

    def characters(self, text: str) -> None:
        if self.in_paragraph and not self.aside:
            self.paragraphs[-1] += text

    def start_style(self, attributes: Attributes) -> None:
        self.style = attributes.get(_STYLE + "name", "")

    def table_properties(self, attributes: Attributes) -> None:
        if attributes.get(_TABLE + "display") == "false":
            self.hidden_styles.add(self.style)

    def null_date(self, attributes: Attributes) -> None:
        self.date_1904 = attributes.get(_TABLE + "date-value", "").startswith("1904")

    def start_table(self, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth == 1:
            name = attributes.get(_TABLE + "name", "")
            self.say(f"Reading sheet {len(self.tables) + 1}: {name}")
            cells = Cells(f"{self.file}, sheet {name!r},")
            self.tables.append(_Table(name, attributes.get(_TABLE + "style-name", ""), cells))
            self.row = 0

    def end_table(self) -> None:
        self.depth -= 1

    def start_row(self, attributes: Attributes) -> None:
        if self.depth == 1:
            self.row_repeat = self.repeats(attributes, "rows", MOST_ROWS)
            self.column, self.row_cells = 0, []

    def end_row(self) -> None:
        if self.depth != 1:
            return
        if self.row_cells:
            self.keep_row(self.tables[-1].cells)
        self.row += self.row_repeat

    def keep_row(self, cells: Cells) -> None:
        self.filled += len(self.row_cells) * self.row_repeat
        if self.filled > MOST_FILLED or self.row + self.row_repeat > MOST_ROWS:
            raise SourceError(
                f"{cells.where} repeats cells until they would fill the memory; it was not opened"
            )
        for row in range(self.row, self.row + self.row_repeat):
            for column, text in self.row_cells:
                cells.put(row, column, text)

    def start_cell(self, attributes: Attributes) -> None:
        if self.depth == 1:
            self.cell, self.paragraphs, self.in_paragraph = attributes, [], 0

    def end_cell(self) -> None:
        if self.depth != 1 or self.cell is None:
            return
        attributes, self.cell = self.cell, None
        repeat = self.repeats(attributes, "columns", MOST_COLUMNS)
        if attributes and (text := self.value(attributes, "\n".join(self.paragraphs))):
            if self.column + repeat > MOST_COLUMNS:
                raise SourceError(
                    f"{self.tables[-1].cells.where} has more columns than a sheet can"
                )
            self.row_cells += [(self.column + i, text) for i in range(repeat)]
            self.note_merge(attributes)
        self.column += repeat

    def note_merge(self, attributes: Attributes) -> None:
        if (
            rows := attributes.get(_TABLE + "number-rows-spanned", "1")
        ) != "1" and rows.isdecimal():
            last = self.row + min(int(rows[:9]), MOST_ROWS) - 1
            self.tables[-1].merged.append((self.row, self.column, last, self.column))

    def repeats(self, attributes: Attributes, what: str, most: int) -> int:
        text = attributes.get(f"{_TABLE}number-{what}-repeated", "1")
        return min(int(text[:9]), most) if text.isdecimal() and text.isascii() else 1

    def start_paragraph(self, _: Attributes) -> None:
        if self.cell is not None:
            self.in_paragraph += 1
            self.paragraphs.append("")

    def end_paragraph(self) -> None:
        self.in_paragraph = max(0, self.in_paragraph - 1)

    def spaces(self, attributes: Attributes) -> None:
        count = attributes.get(_TEXT + "c", "1")
        self.characters(" " * (min(int(count[:6]), 1000) if count.isdecimal() else 1))

    def value(self, attributes: Attributes, shown: str) -> str:
        """What a cell holds, as text; empty for nothing."""
        formula = _TABLE + "formula" in attributes
        kind = attributes.get(_OFFICE + "value-type", "")
        failed = attributes.get(_CALC_TYPE) == "error"
        if failed or (formula and (shown in ERROR_VALUES or _ERROR.fullmatch(shown))):
            self.tables[-1].errors.append(shown)
            return known_error(shown)
        if formula and not kind and not shown:
            self.tables[-1].without_result += 1
            return NO_STORED_VALUE
        return _typed(kind, attributes, shown)


def _typed(kind: str, attributes: Attributes, shown: str) -> str:
    if kind in ("float", "percentage", "currency"):
        return _number(attributes.get(_OFFICE + "value", ""), shown)
    if kind == "date":
        match = _DATE.fullmatch(attributes.get(_OFFICE + "date-value", ""))
        return f"{match[1]} {match[2] or '00:00:00'}" if match else shown
    if kind == "boolean":
        return attributes.get(_OFFICE + "boolean-value", shown)
    return attributes.get(_OFFICE + "string-value", shown)


def _number(value: str, shown: str) -> str:
    if value.isdecimal() and value.isascii() and not value.startswith("0"):
        return value
    try:
        return plain_number(float(value))
    except ValueError:
        return value or shown
