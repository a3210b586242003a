"""One pass over a sheet's XML for what the fast reader drops or cannot survive.

The fast reader gives null for an error cell and for a formula without a stored result, and asks for
memory for the whole rectangle between the first and the last cell, wherever a forged file puts it.
So each sheet is read once beforehand, in pieces, with patterns over bytes: the cells to put back, the
merged ranges, how far the sheet reaches and how many values it holds.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from upturn.records.files.grid import Place, Range, column_number, error_notes, known_error
from upturn.records.files.markup import doctype_message
from upturn.records.files.xlsx_measure import Look, look_over
from upturn.records.sheets import NO_STORED_VALUE, SourceError, counted

#: A row longer than this was not written by a spreadsheet.
LONGEST_ROW = 256 << 20


@dataclass
class Scan:
    """What one pass over a sheet found. ``kind`` is the name of its root element."""

    kind: str = ""
    patches: dict[Place, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    values: int = 0  # value elements, error cells left out
    formulas: int = 0
    without_result: int = 0
    rows: int = 0  # the sheet reaches at most this row …
    columns: int = 0  # … and this column
    row: int = 0  # row in progress, from 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What the report should say of this sheet's formulas."""
        notes = error_notes(self.errors)
        if self.without_result:
            notes += (
                f"{counted(self.without_result, 'formula has', 'formulas have')} no stored result",
            )
        return notes


@dataclass(frozen=True)
class Patterns:
    """The patterns, for the namespace prefix a file uses on its elements (mostly none)."""

    prefix: bytes
    value: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    tokens: re.Pattern[bytes]
    no_result: re.Pattern[bytes]
    typed: re.Pattern[bytes]
    empty: re.Pattern[bytes]
    inline: re.Pattern[bytes]
    merged: re.Pattern[bytes]


@functools.cache
def patterns(prefix: bytes) -> Patterns:
    """The patterns for a prefix such as ``b""`` or ``b"x:"``."""

    def compiled(text: bytes) -> re.Pattern[bytes]:
        return re.compile(text.replace(b"~", re.escape(prefix)), re.DOTALL)

    formula = rb"<~f\b(?:[^<>]*/>|[^<>]*>[^<]*</~f>)"
    return Patterns(
        prefix=prefix,
        value=compiled(rb"<~v\b"),
        formula=compiled(rb"<~f\b"),
        tokens=compiled(rb"<(/?)~(c|row)\b([^<>]*?)(/?)>"),
        no_result=compiled(
            rb"<~c\b([^<>]*)>\s*" + formula + rb"\s*(<~v\s*/>|<~v\s*></~v>)?\s*</~c>"
        ),
        typed=compiled(rb"""<~c\b([^<>]*\st\s*=\s*["'][ed]["'][^<>]*)(?<!/)>(.*?)</~c>"""),
        empty=compiled(rb"<~c\b([^<>]*)>\s*(?:" + formula + rb"\s*)?<~v(?:\s*/>|\s*></~v>)"),
        inline=compiled(rb"<~is[\s>]"),
        merged=compiled(rb"""<~mergeCell\s[^<>]*?ref\s*=\s*["']([^"']*)["']"""),
    )


_ROOT = re.compile(rb"<(?![?!])(?:([\w.-]+):)?([\w.-]+)[\s/>]")
_REFERENCE = re.compile(rb"""(?<!\S)r\s*=\s*["']([A-Za-z]{0,30})(\d{1,30})["']""")
_TYPE = re.compile(rb"""(?<!\S)t\s*=\s*["'](\w+)["']""")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v\b[^<>]*>([^<]*)<")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)?)?Z?")


def scan_sheet(pieces: Iterable[bytes], *, file: str) -> Scan:
    """Read a sheet's XML once. Raises `SourceError` for entity declarations and endless rows."""
    scan, found = Scan(), None
    for block in _blocks(pieces, file):
        if found is None:
            found = patterns(_root(block, scan, file))
        if scan.kind != "worksheet":
            return scan
        _scan_block(block, found, scan)
    return scan


def correction(pieces: Iterable[bytes], *, file: str) -> int:
    """What to take from `Scan.values` for empty value elements, which give no text unless their cell is
    typed as text.

    Only needed when the plain count and the reader's disagree.
    """
    found, empty = None, 0
    for block in _blocks(pieces, file):
        found = found or patterns(_root(block, Scan(), file))
        for match in found.empty.finditer(block):
            kind = _TYPE.search(match[1])
            empty += kind is None or kind[1] not in (b"str", b"e")
    return empty


def measured(pieces: Iterable[bytes], *, file: str) -> tuple[int, int]:
    """The last row and column that hold anything, counted from 1.

    `Scan.rows` and `Scan.columns` are only upper bounds; this settles it when they are far apart.
    """
    scan, found = Scan(), None
    for block in _blocks(pieces, file):
        found = found or patterns(_root(block, Scan(), file))
        look = _look_closely(block, found) if found.prefix else look_over(block, exact=True)
        _places(block, look, found, scan)
    return scan.rows, scan.columns


def _root(block: bytes, scan: Scan, file: str) -> bytes:
    match = _ROOT.search(block)
    head = block[: match.start()] if match else block
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise SourceError(doctype_message(file))
    scan.kind = match[2].decode("ascii", "replace") if match else ""
    return match[1] + b":" if match and match[1] else b""


def _blocks(pieces: Iterable[bytes], file: str) -> Iterator[bytes]:
    """The sheet in pieces that begin with a row, all but the first."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        cut = max(piece.rfind(b"<row"), piece.rfind(b"<", 0, max(0, piece.rfind(b":row "))))
        if cut > 0:
            yield b"".join([*held, piece[:cut]])
            held, size, piece = [], 0, piece[cut:]
        held.append(piece)
        size += len(piece)
        if size > LONGEST_ROW:
            raise SourceError(f"{file} has a row of endless length; it was not made as a workbook")
    yield b"".join(held)


def _scan_block(block: bytes, found: Patterns, scan: Scan) -> None:
    look = _look_closely(block, found) if found.prefix else look_over(block)
    scan.values += look.values
    scan.formulas += look.formulas
    places = _places(block, look, found, scan)
    if look.formulas:
        _no_results(block, found, scan, places)
    if look.errors:
        _typed(block, found, scan, places)
    tail = block.rfind(b"sheetData>")
    if tail >= 0:
        scan.merged += [r for ref in found.merged.findall(block, tail) if (r := _range(ref))]


def _look_closely(block: bytes, found: Patterns) -> Look:
    """`look_over` for elements with a prefix, which few programs write: slower, and always followed."""
    values, formulas = len(found.value.findall(block)), len(found.formula.findall(block))
    values += len(found.inline.findall(block))
    return Look(values, formulas, errors=True, adrift=True, rows=0, columns=0)


def _places(block: bytes, look: Look, found: Patterns, scan: Scan) -> dict[int, Place]:
    """Measure the block; where cells do not say where they are, return their places by offset."""
    if look.adrift:
        return _walk(block, found, scan)
    scan.rows = max(scan.rows, look.rows)
    scan.columns = max(scan.columns, look.columns)
    last = block.rfind(b"<row r=")
    if last >= 0 and (match := _REFERENCE.search(block, last, last + 40)):
        scan.row = int(match[2])  # as an index, the row after it
    return {}


def _walk(block: bytes, found: Patterns, scan: Scan) -> dict[int, Place]:
    """Follow rows and cells one by one, counting on from the one before where a reference is missing."""
    places: dict[int, Place] = {}
    row, column = scan.row, 0
    for match in found.tokens.finditer(block):
        closing, tag, attributes, empty = match.groups()
        reference = None if closing else _REFERENCE.search(attributes)
        if tag == b"c" and not closing:
            place = _place(reference) or (row, column)
            places[match.start()] = place
            column = place[1] + 1
            if not empty:
                scan.rows = max(scan.rows, place[0] + 1)
                scan.columns = max(scan.columns, column)
        elif tag == b"row":
            row = int(reference[2]) - 1 if reference else row
            if closing or empty:
                row, column = row + 1, 0
    scan.row = row
    return places


def _place(reference: re.Match[bytes] | None) -> Place | None:
    if reference is None or not reference[1]:
        return None
    return int(reference[2]) - 1, column_number(reference[1].decode())


def _at(match: re.Match[bytes], places: dict[int, Place]) -> Place | None:
    """Where a matched cell is. None only for a cell inside a comment."""
    return _place(_REFERENCE.search(match[1])) or places.get(match.start())


def _no_results(block: bytes, found: Patterns, scan: Scan, places: dict[int, Place]) -> None:
    """Formulas never worked out. A formula whose stored result is an empty text is not one of them."""
    for match in found.no_result.finditer(block):
        kind, place = _TYPE.search(match[1]), _at(match, places)
        empty_text = match[2] and kind and kind[1] == b"str"
        if place and not empty_text and not (kind and kind[1] == b"e"):
            scan.patches[place] = NO_STORED_VALUE
            scan.without_result += 1


def _typed(block: bytes, found: Patterns, scan: Scan, places: dict[int, Place]) -> None:
    for match in found.typed.finditer(block):
        kind, place, value = _TYPE.search(match[1]), _at(match, places), _VALUE.search(match[2])
        text = html.unescape(value[1].decode("utf-8", "replace")).strip() if value else ""
        if place is None or kind is None:
            continue
        if kind[1] == b"e":
            scan.values -= value is not None
            scan.errors.append(text)
            scan.patches[place] = known_error(text)
        elif iso := _ISO.fullmatch(text):
            scan.patches[place] = f"{iso[1]} {iso[2] or '00:00'}{iso[3] or ':00'}"


def _range(reference: bytes) -> Range | None:
    ends = re.fullmatch(
        r"\$?([A-Za-z]{1,3})\$?(\d{1,7}):\$?([A-Za-z]{1,3})\$?(\d{1,7})",
        reference.decode("ascii", "replace"),
    )
    if ends is None:
        return None
    return int(ends[2]) - 1, column_number(ends[1]), int(ends[4]) - 1, column_number(ends[3])
