"""A folder of CSV or Parquet files, one for each table, read as sheets of text."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from upturn.records.files.delimited import decoded, read_delimited
from upturn.records.files.magic import Kind, kind_of
from upturn.records.lists.layout import comparable
from upturn.records.sheets import Sheet, SourceError
from upturn.records.sources import TEXT_SUFFIXES, Opened, read_bytes
from upturn.records.ssd.layout import ssd
from upturn.records.ssd.manifest import MANIFEST, Manifest, read_manifest

Say = Callable[[str], None]
_PARQUET = (".parquet", ".pq")
_PARQUET_MARK = b"PAR1"
#: Bytes of a file that are looked at to see whether its columns are the dataset's.
_HEAD = 8192


def is_ssd(path: Path) -> bool:
    """Whether ``path`` is a folder of files of the dataset, a SQLite database, or a file of Parquet.

    A CSV file without ``ssd_`` before its name counts when its columns are the dataset's, since the
    lists of Annex A may have names like its tables. Never raises.
    """
    try:
        if path.is_dir():
            return any(_is_table(entry) for entry in path.iterdir())
        return path.is_file() and (_is_table(path) or is_sqlite(path))
    except OSError:
        return False


def is_sqlite(path: Path) -> bool:
    """Whether the file is a SQLite database by its first bytes."""
    with path.open("rb") as file:
        return file.read(15) == b"SQLite format 3"


def _is_table(entry: Path) -> bool:
    suffix = entry.suffix.lower()
    if suffix not in (*TEXT_SUFFIXES, *_PARQUET) or ssd().table_named(entry.stem) is None:
        return False
    if entry.stem.lower().startswith("ssd_") or suffix in _PARQUET:
        return True
    with entry.open("rb") as file:
        text, _ = decoded(file.read(_HEAD))
    head = {comparable(h) for h in text.partition("\n")[0].replace(";", ",").split(",")}
    layout = ssd().tables.get(ssd().table_named(entry.stem) or "")
    return layout is not None and len(head & {comparable(c.header) for c in layout.columns}) >= 2


def open_folder(path: Path, *, progress: Say | None = None) -> Opened:
    """The tables of the dataset in a folder, or in one file, as sheets named by table.

    Every cell is text, as the file has it. Empty files are left out with a note, and so are files that
    are no table of the dataset. What the folder says of itself (`upturn.records.ssd.manifest`) comes with
    them. Raises SourceError for a file that cannot be read.
    """
    say = progress or (lambda _: None)
    files = sorted(path.iterdir(), key=lambda e: e.name.lower()) if path.is_dir() else [path]
    digest, sheets = hashlib.sha256(), []
    notes, left, said = [], [], Manifest()
    for file in files:
        if file.name == MANIFEST and file.is_file():
            content = read_bytes(file)
            digest.update(f"{file.name}\0{len(content)}\0".encode() + content)
            said = read_manifest(content)
            continue
        name = ssd().table_named(file.stem)
        if file.suffix.lower() not in (*TEXT_SUFFIXES, *_PARQUET) or not file.is_file():
            left += [file.name] if not file.name.startswith(".") else []
            continue
        if name is None or name not in ssd().tables:
            left.append(file.name)
            continue
        say(f"Reading {file.name}")
        content = read_bytes(file)
        digest.update(f"{file.name}\0{len(content)}\0".encode() + content)
        sheet = _sheet(content, file, name)
        sheets += [sheet] if sheet else []
        notes += [] if sheet else [f"{file.name} is empty."]
    left = [name for name in left if name not in said.beside]
    if left:
        notes.append(f"Not read, because the casebook has no place for it: {', '.join(left)}.")
    if not sheets:
        raise SourceError(
            f"{path.name} has no table of the Standard Safeguarding Dataset with anything in it; "
            "export the tables again, one file each, named like the tables (ssd_person.csv)"
        )
    # What must be known before anything else comes first.
    return Opened(
        said.named(path.name),
        digest.hexdigest(),
        tuple(sheets),
        (*said.notes, *notes),
        as_at=said.as_at,
    )


def _sheet(content: bytes, file: Path, table: str) -> Sheet | None:
    if file.suffix.lower() in _PARQUET:
        return _parquet(content, file, table) if content else None
    if not content.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        return None
    if content.startswith(_PARQUET_MARK):
        return _parquet(content, file, table)
    if kind_of(content, file.name) is not Kind.TEXT:
        raise SourceError(f"{file.name} is a workbook and not CSV; save it as CSV or Parquet")
    return read_delimited(content, file.name, table)


def _parquet(content: bytes, file: Path, table: str) -> Sheet:
    if not content.startswith(_PARQUET_MARK):
        raise SourceError(f"{file.name} is not a Parquet file by its content; export it again")
    try:
        frame = pl.read_parquet(io.BytesIO(content))
    except (Exception, pl.exceptions.PanicException) as error:  # bytes nobody thought of
        raise SourceError(
            f"{file.name} cannot be read as Parquet ({type(error).__name__}); export it again"
        ) from error
    return sheet_of(frame, file=file.name, table=table)


def sheet_of(frame: pl.DataFrame, *, file: str, table: str) -> Sheet:
    """A frame as a sheet: its columns' names as row 0, its rows from 1 on, every cell as text."""
    cells = pl.DataFrame([_text(s).alias(f"c{i}") for i, s in enumerate(frame.iter_columns())])
    names = {f"c{i}": [name] for i, name in enumerate(frame.columns)}
    head = pl.DataFrame(names, schema=dict.fromkeys(names, pl.String()))
    return Sheet(file, table, pl.concat([head, cells]) if frame.width else head, first_row=0)


def _text(cells: pl.Series) -> pl.Series:
    """Any column as text; lists and objects as JSON."""
    if cells.dtype.is_nested() or cells.dtype == pl.Object:
        said = [None if v is None else json.dumps(_plain(v), default=str) for v in cells.to_list()]
        return pl.Series(said, dtype=pl.String)
    if cells.dtype == pl.Binary:
        said = [None if v is None else bytes(v).decode("utf-8", "replace") for v in cells.to_list()]
        return pl.Series(said, dtype=pl.String)
    if isinstance(cells.dtype, pl.Datetime):
        return cells.dt.strftime("%Y-%m-%d %H:%M:%S")
    return cells.cast(pl.String)


def _plain(value: Any) -> Any:
    return value.to_list() if isinstance(value, pl.Series) else value
