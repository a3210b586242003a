"""Which source is this? One door for every reader, so that the rest need not ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from upturn.records.casebook import Casebook
from upturn.records.cin_census.recognise import is_census
from upturn.records.ssd.connect import is_address
from upturn.records.ssd.folder import is_ssd

Say = Callable[[str], None]


def place(source: str | Path) -> Path | str:
    """Where a source is: a path, or the address of a database as it stands.

    >>> place("postgresql://host/db")
    'postgresql://host/db'
    """
    return str(source) if is_address(source) else Path(source)


def read_source(
    source: Path | str,
    *,
    as_at: date | None = None,
    mapping: Path | None = None,
    sheets: Mapping[int, str] | None = None,
    progress: Say | None = None,
) -> Casebook:
    """The casebook of whatever ``source`` holds, told by its bytes.

    A children in need census in XML is read by `upturn.records.cin_census.reader.read_cin_census`; the
    Standard Safeguarding Dataset, as files or in a database named by its address, by
    `upturn.records.ssd.reader.read_ssd`; all else by `upturn.records.annex_a.reader.read_annex_a`, and only
    this has ``sheets``. Raises SourceError when
    nothing in the input can be read.
    """
    where = place(source)
    if isinstance(where, str) or is_ssd(where):
        from upturn.records.ssd.reader import read_ssd

        return read_ssd(where, as_at=as_at, mapping=mapping, progress=progress)
    if is_census(where):
        from upturn.records.cin_census.reader import read_cin_census

        return read_cin_census(where, as_at=as_at, mapping=mapping, progress=progress)
    from upturn.records.annex_a.reader import read_annex_a

    return read_annex_a(where, as_at=as_at, mapping=mapping, sheets=sheets, progress=progress)
