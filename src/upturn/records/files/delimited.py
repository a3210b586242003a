"""Text files with separated columns: CSV, and its relatives with semicolons or tabs."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from itertools import chain, islice, zip_longest

import polars as pl

from upturn.records.files.grid import Grid, letters, refuse_if_vast, sheet_from
from upturn.records.sheets import Sheet, SourceError

SEPARATORS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_delimited(content: bytes, file: str, sheet_name: str) -> Sheet | None:
    """One text file as a sheet; None when it holds nothing but blank lines.

    Encoding and separator are worked out from the content. A quoted line break stays in its cell, so
    ``first_row`` and rows count records, as a spreadsheet that opens the file does. Longer rows keep
    their extra cells. Raises `SourceError` when a quotation mark is never closed.
    """
    text, notes = decoded(content)
    if "\x00" in text:
        notes.append(f"{text.count(chr(0))} NUL characters left out")
        text = text.replace("\x00", "")
    separator, hinted = _separator(text)
    rows = _records(text, separator, file)
    if hinted:
        rows[0] = []
    notes += _uneven(rows)
    where = f"{file},"
    refuse_if_vast(len(rows), max(map(len, rows), default=0), where=where)
    columns = [
        pl.Series(letters(i), values, dtype=pl.String)
        for i, values in enumerate(zip_longest(*rows))
    ]
    return sheet_from(Grid(where, pl.DataFrame(columns)), file=file, name=sheet_name, notes=notes)


def decoded(content: bytes) -> tuple[str, list[str]]:
    """The text of a file and notes on how it was read.

    UTF-8 and UTF-16 with or without their mark, else Windows-1252, which is what Excel in Britain writes
    when it is not asked for UTF-8.

    >>> decoded("Zoë".encode("cp1252"))
    ('Zoë', ['read as Windows-1252'])
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _lenient(content[len(mark) :], encoding)
    if unmarked := _unmarked_utf16(content):
        return _lenient(content, unmarked)
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        rest = content[: error.start]
        if error.start >= len(content) - 3 and not rest.isascii():  # cut off within a character
            return _lenient(content, "utf-8")
    return _western(content)


def _unmarked_utf16(content: bytes) -> str | None:
    """Western text in UTF-16 has a zero in nearly every second byte."""
    head = content[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 4 and odd > 4 * even:
        return "utf-16-le"
    if even > len(head) // 4 and even > 4 * odd:
        return "utf-16-be"
    return None


def _lenient(content: bytes, encoding: str) -> tuple[str, list[str]]:
    text = content.decode(encoding, errors="replace")
    name = encoding.removesuffix("-le").removesuffix("-be").upper()
    notes = [] if name == "UTF-8" else [f"read as {name}"]
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        notes.append(f"{text.count(chr(0xFFFD))} characters could not be read and show as \ufffd")
    return text, notes


def _western(content: bytes) -> tuple[str, list[str]]:
    notes = ["read as Windows-1252"]
    text = content.decode("cp1252", errors="replace")
    if lost := text.count("\ufffd"):
        notes.append(f"{lost} characters could not be read and show as \ufffd")
    return text, notes


def _separator(text: str) -> tuple[str, bool]:
    """The separator, and whether the first line is Excel's ``sep=`` hint and not data."""
    first = text[:8].splitlines()[0].strip('"') if text else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], True
    return max(SEPARATORS, key=lambda each: _fields(text, each)), False


def _fields(text: str, separator: str) -> int:
    """How many fields the first records have with this separator; 0 if it splits nothing."""
    head = io.StringIO(text[:65536], newline="")
    try:
        records = list(islice(csv.reader(head, delimiter=separator), 20))
    except csv.Error:
        return 0
    return sum(len(record) - 1 for record in records)


def _records(text: str, separator: str, file: str) -> list[list[str]]:
    """The records of a text without NULs; one NUL after its end shows whether the last was complete."""
    lines = chain(io.StringIO(text, newline=""), ["\x00"])
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(lines, delimiter=separator))
    except csv.Error as error:
        raise SourceError(
            f"{file}, row {len(rows) + 1:,}, has a cell of over {csv.field_size_limit():,} characters; "
            'a quotation mark (") in it may never be closed'
        ) from error
    if rows.pop() != ["\x00"]:
        raise SourceError(
            f'{file}, row {len(rows) + 1:,}, opens a quotation mark (") that is never closed; '
            "close it or take it out, so that the rows after it can be told apart"
        )
    return rows


def _uneven(rows: list[list[str]]) -> list[str]:
    """A note on rows longer than the rest: often a separator within a value that nobody quoted."""
    lengths = Counter(len(row) for row in rows if row)
    if len(lengths) < 2:
        return []
    usual = lengths.most_common(1)[0][0]
    longer = [i for i, row in enumerate(rows, 1) if len(row) > usual and any(row[usual:])]
    if not longer:
        return []
    return [f"{len(longer)} rows have more than {usual} cells, the first is row {longer[0]}"]
