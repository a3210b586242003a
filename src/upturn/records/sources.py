"""Opening what a council sends: one workbook, one CSV file or a folder of CSV files.

The format is decided by the bytes, never by the name. Whatever is wrong with a file, the answer is one
`SourceError` that says what and what to do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from upturn.records.files.delimited import read_delimited
from upturn.records.files.magic import Kind, kind_of
from upturn.records.files.ods import read_ods
from upturn.records.files.xls import read_xls
from upturn.records.files.xlsx import read_xlsx
from upturn.records.sheets import Sheet, SourceError

#: Bytes of one file as it lies on the disk. A county's workbook has under 10 million.
LARGEST_FILE = 1 << 30
TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
_READERS = {Kind.XLSX: read_xlsx, Kind.XLS: read_xls, Kind.ODS: read_ods}


@dataclass(frozen=True)
class Opened:
    """A source that has been read: its name, its hash, its sheets and what the report should say.

    ``sha256`` is of the file's bytes; of a folder, of the names, lengths and bytes of its CSV files in
    the order of their names. ``as_at`` is the date that the source gives for itself, if it does.
    """

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...]
    as_at: date | None = None


def open_source(path: Path, *, progress: Callable[[str], None] | None = None) -> Opened:
    """Read a workbook (.xlsx, .xlsm, .xls, .ods), a CSV file or a folder of CSV files.

    ``progress`` is called with one line for each sheet or file. Every sheet is read, hidden ones too;
    empty sheets and charts are left out with a note. Raises `SourceError`, and nothing else, when the
    source cannot be used.

    >>> open_source(Path("no such file.xlsx"))
    Traceback (most recent call last):
        ...
    upturn.records.sheets.SourceError: no such file.xlsx is not there; check the name and the folder
    """
    say = progress or (lambda _: None)
    try:
        if path.is_dir():
            return _open_folder(path, say)
        return _open_file(path, say)
    except SourceError:
        raise
    except MemoryError as error:
        raise SourceError(f"{path.name} needs more memory than there is") from error
    except Exception as error:  # a fault of ours, on bytes nobody thought of
        raise SourceError(
            f"{path.name} cannot be read ({type(error).__name__}); "
            "open it in a spreadsheet program and save it again as .xlsx"
        ) from error


def _open_file(path: Path, say: Callable[[str], None]) -> Opened:
    content = read_bytes(path)
    kind = kind_of(content, path.name)
    if kind is Kind.TEXT:
        sheets, notes = _one_text(content, path, say)
    else:
        sheets, notes = _READERS[kind](content, path.name, say)
        if kind.value not in _suffix_kinds(path):
            notes.append(f"{path.name} is an .{kind.value} file by its content and was read as one")
    if not sheets:
        raise SourceError(f"{path.name} has no cells with anything in them; export it again")
    return Opened(path.name, hashlib.sha256(content).hexdigest(), tuple(sheets), tuple(notes))


def _suffix_kinds(path: Path) -> tuple[str, ...]:
    suffix = path.suffix.lower().lstrip(".")
    return ("xlsx", "xlsm") if suffix in ("xlsx", "xlsm", "xltx", "xltm") else (suffix,)


def _one_text(
    content: bytes, path: Path, say: Callable[[str], None]
) -> tuple[list[Sheet], list[str]]:
    say(f"Reading {path.name}")
    sheet = read_delimited(content, path.name, path.stem)
    if path.suffix.lower() in TEXT_SUFFIXES or sheet is None:
        return [sheet] if sheet else [], []
    if sheet.cells.width < 2:
        raise SourceError(f"{path.name} is not a workbook but plain text; ask for the workbook")
    return [sheet], [f"{path.name} is text with separated columns and was read as CSV"]


def read_bytes(path: Path) -> bytes:
    """The bytes of one file of a source. Raises SourceError for what is not there or may not be read."""
    try:
        if not path.exists():
            raise SourceError(f"{path.name} is not there; check the name and the folder")
        if not path.is_file():
            raise SourceError(f"{path.name} is neither a file nor a folder")
        if path.stat().st_size > LARGEST_FILE:
            raise SourceError(f"{path.name} is over {LARGEST_FILE >> 20} MB; export less of it")
        return path.read_bytes()
    except PermissionError as error:
        raise SourceError(
            f"{path.name} may not be read: close it in other programs, or ask for permission"
        ) from error
    except OSError as error:
        raise SourceError(f"{path.name} cannot be read: {error.strerror or error}") from error


def _open_folder(path: Path, say: Callable[[str], None]) -> Opened:
    entries = _entries(path)
    files = [entry for entry in entries if _is_text(entry)]
    ignored = [entry.name for entry in entries if entry not in files and entry.name[0] != "."]
    if not files:
        raise SourceError(_no_csv(path, ignored))
    digest, sheets, notes = hashlib.sha256(), [], []
    for number, file in enumerate(files, 1):
        say(f"Reading file {number} of {len(files)}: {file.name}")
        content = read_bytes(file)
        digest.update(f"{file.name}\0{len(content)}\0".encode() + content)
        sheet = _folder_sheet(content, file)
        sheets += [sheet] if sheet else []
        notes += [] if sheet else [f"{file.name} is empty"]
    if ignored:
        notes.append(f"not CSV, left out: {', '.join(ignored)}")
    if not sheets:
        raise SourceError(f"The CSV files in {path.name} are all empty; export them again")
    return Opened(path.name, digest.hexdigest(), tuple(sheets), tuple(notes))


def _entries(path: Path) -> list[Path]:
    try:
        return sorted(path.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        raise SourceError(f"The folder {path.name} may not be read; ask for permission") from error


def _is_text(entry: Path) -> bool:
    return entry.suffix.lower() in TEXT_SUFFIXES and entry.is_file() and entry.name[0] != "."


def _no_csv(path: Path, ignored: list[str]) -> str:
    if not ignored:
        return f"The folder {path.name} is empty; put the CSV files in it, one for each list"
    return (
        f"The folder {path.name} holds no CSV file (it holds {', '.join(ignored[:3])}); "
        "give a folder with one CSV file for each list, or the workbook itself"
    )


def _folder_sheet(content: bytes, file: Path) -> Sheet | None:
    if not content.strip():
        return None
    if kind_of(content, file.name) is not Kind.TEXT:
        raise SourceError(f"{file.name} is a workbook and not CSV; give it by itself")
    return read_delimited(content, file.name, file.stem)
