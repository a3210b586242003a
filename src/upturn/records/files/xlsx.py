"""Excel workbooks (.xlsx, .xlsm).

Values come from fastexcel (the calamine library), which is fast and right for nearly every cell. What
it drops is put back from `upturn.records.files.xlsx_scan`; a count of values shows whether anything
else went missing.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import fastexcel
import polars as pl

from upturn.records.files.archive import Archive, chunks, open_archive, read, rebuilt
from upturn.records.files.grid import Grid, fill_down, is_vast, patch, refuse_if_vast, sheet_from
from upturn.records.files.markup import elements
from upturn.records.files.xlsx_guard import check_strings
from upturn.records.files.xlsx_scan import Scan, correction, measured, scan_sheet
from upturn.records.sheets import ERROR_VALUES, Sheet, SourceError, counted

T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """A sheet as the workbook lists it; ``part`` is where its XML is, ``index`` its place."""

    index: int
    name: str
    hidden: bool
    part: str


@dataclass(frozen=True)
class Book:
    """The workbook's own part: its sheets and how it counts days and works out formulas."""

    file: str
    archive: Archive
    content: bytes
    entries: tuple[Entry, ...]
    date_1904: bool
    recalculate: bool


def read_xlsx(
    content: bytes, file: str, say: Callable[[str], None]
) -> tuple[list[Sheet], list[str]]:
    """The sheets of a workbook with anything in them, and notes on those left out.

    Raises `SourceError` for a damaged, locked or hostile file.
    """
    book = _book(content, file)
    reader = _reader(book, content)
    sheets, notes = [], []
    # The next sheet is scanned while this one is read: the fast reader works outside Python's lock.
    with ThreadPoolExecutor(1) as ahead:
        scans = [ahead.submit(_scan, book, entry) for entry in book.entries]
        try:
            for entry, scan in zip(book.entries, scans, strict=True):
                say(f"Reading sheet {entry.index + 1} of {len(scans)}: {entry.name}")
                sheet, note = _sheet(book, reader, entry, scan.result())
                sheets += [sheet] if sheet else []
                notes += [note] if note else []
        finally:
            ahead.shutdown(cancel_futures=True)
    return sheets, notes


def _book(content: bytes, file: str) -> Book:
    archive = open_archive(content, file)
    part = _main_part(archive)
    folder = posixpath.dirname(part)
    relations = _relations(archive, posixpath.join(folder, "_rels", posixpath.basename(part)))
    targets = {key: _inside(folder, target) for key, _, target in relations}
    found = elements(chunks(archive, part), file=file)
    named = {tag: attributes for tag, attributes in found if tag in ("workbookPr", "calcPr")}
    listed = [attributes for tag, attributes in found if tag == "sheet"]
    _check_parts(archive, [(kind, targets[key]) for key, kind, _ in relations])
    return Book(
        file=file,
        archive=archive,
        content=content,
        entries=tuple(_entry(i, attributes, targets) for i, attributes in enumerate(listed)),
        date_1904=_is_on(named.get("workbookPr", {}).get("date1904")),
        recalculate=_is_on(named.get("calcPr", {}).get("fullCalcOnLoad")),
    )


def _main_part(archive: Archive) -> str:
    """Where the workbook's own part is: mostly ``xl/workbook.xml``."""
    mains = [
        _inside("", target)
        for _, kind, target in _relations(archive, "_rels/")
        if kind.endswith("/officeDocument")
    ]
    return mains[0] if mains else "xl/workbook.xml"


def _relations(archive: Archive, part: str) -> list[tuple[str, str, str]]:
    """Key, type and target of each part that a part of the archive refers to."""
    return [
        (attributes.get("Id", ""), attributes.get("Type", ""), attributes.get("Target", ""))
        for tag, attributes in elements(chunks(archive, f"{part}.rels"), file=archive.name)
        if tag == "Relationship"
    ]


def _inside(folder: str, target: str) -> str:
    """The name, in the archive, of a target named from a folder of it."""
    path = posixpath.join("/", folder, target.replace("\\", "/"))
    return posixpath.normpath(path).lstrip("/").lower()


def _check_parts(archive: Archive, targets: list[tuple[str, str]]) -> None:
    """Check what the fast reader opens by itself before it sees a sheet."""
    there = [(kind.rpartition("/")[2], part) for kind, part in targets if part in archive.parts]
    sheets = [part for kind, part in there if kind == "worksheet"]
    strings = {part for kind, part in there if kind == "sharedStrings"}
    strings |= {part for part in archive.parts if part.endswith("sharedstrings.xml")}
    for part in strings:
        check_strings(archive, part, sheets)
    styles = {part for kind, part in there if kind == "styles"}
    for part in styles | ({"xl/styles.xml"} & archive.parts.keys()):
        read(archive, part)  # for its checksum


def _is_on(value: str | None) -> bool:
    return value in ("1", "true", "on")


def _entry(index: int, attributes: dict[str, str], targets: dict[str, str]) -> Entry:
    hidden = attributes.get("state", "visible") != "visible"
    part = targets.get(attributes.get("id", ""), "")
    return Entry(index, attributes.get("name", ""), hidden, part)


def _reader(book: Book, content: bytes) -> fastexcel.ExcelReader:
    reader = _calm(book.file, lambda: fastexcel.read_excel(content))
    if len(reader.sheet_names) != len(book.entries):
        raise SourceError(f"{book.file} is damaged (its list of sheets); save it again in Excel")
    return reader


def _calm(file: str, call: Callable[[], T]) -> T:
    """The result of a call into the fast reader; its errors and panics as one `SourceError`."""
    try:
        return call()
    except (KeyboardInterrupt, SystemExit, SourceError):
        raise
    except BaseException as error:  # a panic in the reader is not an Exception
        raise SourceError(
            f"{file} is damaged; open it in Excel and save it again as .xlsx"
        ) from error


def _scan(book: Book, entry: Entry) -> Scan:
    where = f"{book.file}, sheet {entry.name!r},"
    scan = scan_sheet(chunks(book.archive, entry.part), file=where)
    if is_vast(scan.rows, scan.columns):  # perhaps: these are upper bounds
        refuse_if_vast(*measured(chunks(book.archive, entry.part), file=where), where=where)
    return scan


def _sheet(
    book: Book, reader: fastexcel.ExcelReader, entry: Entry, scan: Scan
) -> tuple[Sheet | None, str | None]:
    if scan.kind != "worksheet":
        return (
            None,
            f"{entry.name!r} is a {scan.kind or 'part without content'}, not a table of cells",
        )
    grid, lost = _values(book, reader, entry, scan)
    grid = patch(grid, scan.patches)
    grid, filled = fill_down(grid, scan.merged)
    notes = [*scan.notes, *lost]
    if filled:
        notes.append(f"{counted(filled, 'merged range', 'merged ranges')} filled down")
    if scan.formulas and book.recalculate:
        notes.append(
            f"{counted(scan.formulas, 'formula', 'formulas')}, in a file that asks to be worked out again "
            "when opened: the results stored in it may be out of date"
        )
    where = {"file": book.file, "name": entry.name}
    sheet = sheet_from(grid, **where, hidden=entry.hidden, date_1904=book.date_1904, notes=notes)
    return sheet, None if sheet else f"{entry.name!r} is empty"


def _values(
    book: Book, reader: fastexcel.ExcelReader, entry: Entry, scan: Scan
) -> tuple[Grid, list[str]]:
    """The sheet as the fast reader gives it, made good where it gives less than the file holds."""
    where = f"{book.file}, sheet {entry.name!r},"
    repairs = _repaired_errors(book, entry, scan)
    try:
        if repairs:
            reader = _reader(book, rebuilt(book.archive, repairs))
        grid = _load(reader, entry, where)
    except SourceError:
        # A number far out of range in a cell with a date's format stops the reader.
        return _undated(book, entry, repairs, where), [_UNDATED]
    missing = scan.values - _count(grid.frame)
    if missing:
        missing -= correction(chunks(book.archive, entry.part), file=where)
    if missing <= 0:
        return grid, []
    full = _merged_with(grid, _undated(book, entry, repairs, where))
    found = _count(full.frame) - _count(grid.frame)
    notes = [f"{found} numbers formatted as dates are too large to be dates"] if found else []
    if missing > found:
        notes.append(f"{missing - found} values are stored twice for one cell; the last was kept")
    return full, notes


_UNDATED = "a number formatted as a date is too large to be one; dates are read as serial numbers"


def _load(reader: fastexcel.ExcelReader, entry: Entry, where: str) -> Grid:
    def call() -> Grid:
        sheet = reader.load_sheet(entry.index, header_row=None, skip_rows=0, dtypes="string")
        columns = sheet.available_columns()
        frame = sheet.to_polars() if columns else pl.DataFrame()
        return Grid(where, frame, columns[0].absolute_index if columns else 0)

    return _calm(where.rstrip(","), call)


def _count(frame: pl.DataFrame) -> int:
    return frame.width * frame.height - sum(s.null_count() for s in frame.get_columns())


def _repaired_errors(book: Book, entry: Entry, scan: Scan) -> dict[str, bytes]:
    """The sheet with error texts that the fast reader refuses (those of other programs) as ``#N/A``."""
    if all(text in _READABLE for text in scan.errors):
        return {}
    part = read(book.archive, entry.part)
    pattern = rb"""(\st\s*=\s*["']e["'][^<>]*>(?:<[^v].*?>)?\s*<(?:[\w.-]+:)?v[^<>]*>)([^<]*)"""
    return {entry.part: re.sub(pattern, rb"\1#N/A", part, flags=re.DOTALL)}


_READABLE = ERROR_VALUES & {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}


def _undated(book: Book, entry: Entry, repairs: dict[str, bytes], where: str) -> Grid:
    """The sheet without its number formats, so that no number is taken for a date."""
    part = repairs.get(entry.part) or read(book.archive, entry.part)
    pattern = rb"""(<(?:[\w.-]+:)?c\b[^<>]*?)\ss\s*=\s*["']\d+["']"""
    plain = {entry.part: re.sub(pattern, rb"\1", part)}
    return _load(_reader(book, rebuilt(book.archive, plain)), entry, where)


def _merged_with(grid: Grid, other: Grid) -> Grid:
    series = [
        pl.Series(name, mine.zip_with(mine.is_not_null(), theirs))
        for name, mine, theirs in zip(
            grid.frame.columns, grid.frame.get_columns(), other.frame.get_columns(), strict=True
        )
    ]
    return Grid(grid.where, pl.DataFrame(series), grid.first_column)
