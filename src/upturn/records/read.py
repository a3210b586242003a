"""Which source is this? One door for every reader, so that the rest need not ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from upturn.records.casebook import Casebook
from upturn.records.cin_census.recognise import is_census
from upturn.records.ssd.connect import is_address
from upturn.records.ssd.folder import is_ssd

Say = Callable[[str], None]
#: One source, or several that make one longer casebook.
Sources = str | Path | Sequence[str | Path]


def place(source: str | Path) -> Path | str:
    """Where a source is: a path, or the address of a database as it stands.

    >>> place("postgresql://host/db")
    'postgresql://host/db'
    """
    return str(source) if is_address(source) else Path(source)


def read_source(
    source: Sources,
    *,
    as_at: date | None = None,
    mapping: Path | None = None,
    sheets: Mapping[int, str] | None = None,
    progress: Say | None = None,
) -> Casebook:
    """The casebook of whatever ``source`` holds, told by its bytes; of several sources, one of them all.

    A children in need census in XML is read by `upturn.records.cin_census.reader.read_cin_census`; the
    Standard Safeguarding Dataset, as files or in a database named by its address, by
    `upturn.records.ssd.reader.read_ssd`; all else by `upturn.records.annex_a.reader.read_annex_a`, and only
    this has ``sheets``. Several sources are each read on their own date and put together by
    `upturn.records.combine.books.combine`. Raises SourceError when nothing in the input can be read, and
    for a folder that holds an Annex A workbook beside CSV files which Upturn did not write.
    """
    if not isinstance(source, (str, Path)):
        return _read_several(
            list(source), as_at=as_at, mapping=mapping, sheets=sheets, progress=progress
        )
    return _read_one(source, as_at=as_at, mapping=mapping, sheets=sheets, progress=progress)


def _read_several(
    sources: list[str | Path],
    *,
    as_at: date | None,
    mapping: Path | None,
    sheets: Mapping[int, str] | None,
    progress: Say | None,
) -> Casebook:
    """Each source on its own date, or on ``as_at`` where that is earlier, and all of them as one."""
    from upturn.records.combine.books import combine

    if len(sources) == 1:
        return _read_one(sources[0], as_at=as_at, mapping=mapping, sheets=sheets, progress=progress)
    books = []
    for source in sources:
        book = _read_one(source, as_at=None, mapping=mapping, sheets=sheets, progress=progress)
        if as_at is not None and book.as_at > as_at:
            book = _read_one(source, as_at=as_at, mapping=mapping, sheets=sheets, progress=progress)
        books.append(book)
    if progress and len(books) > 1:
        progress(f"Putting {len(books)} sources together")
    return combine(books, as_at=as_at)


def _read_one(
    source: str | Path,
    *,
    as_at: date | None,
    mapping: Path | None,
    sheets: Mapping[int, str] | None,
    progress: Say | None,
) -> Casebook:
    where, note = place(source), ""
    if not isinstance(where, str) and where.is_dir():
        from upturn.records.beside import one_source

        where, note = one_source(where)
    if isinstance(where, str) or is_ssd(where):
        from upturn.records.ssd.reader import read_ssd

        book = read_ssd(where, as_at=as_at, mapping=mapping, progress=progress)
        return replace(book, notes=(*book.notes, note)) if note else book
    if is_census(where):
        from upturn.records.cin_census.reader import read_cin_census

        return read_cin_census(where, as_at=as_at, mapping=mapping, progress=progress)
    from upturn.records.annex_a.reader import read_annex_a

    book = read_annex_a(where, as_at=as_at, mapping=mapping, sheets=sheets, progress=progress)
    return replace(book, notes=(*book.notes, note)) if note else book
