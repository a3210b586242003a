"""Which source is this? One door for every reader, so that the rest need not ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from upturn.records.casebook import Casebook
from upturn.records.cin_census.recognise import is_census

Say = Callable[[str], None]


def read_source(
    path: Path,
    *,
    as_at: date | None = None,
    mapping: Path | None = None,
    sheets: Mapping[int, str] | None = None,
    progress: Say | None = None,
) -> Casebook:
    """The casebook of whatever ``path`` holds, told by its bytes.

    A children in need census in XML is read by `upturn.records.cin_census.reader.read_cin_census`, all else
    by `upturn.records.annex_a.reader.read_annex_a`; only the latter has ``sheets``. Raises SourceError when
    nothing in the input can be read.
    """
    if is_census(path):
        from upturn.records.cin_census.reader import read_cin_census

        return read_cin_census(path, as_at=as_at, mapping=mapping, progress=progress)
    from upturn.records.annex_a.reader import read_annex_a

    return read_annex_a(path, as_at=as_at, mapping=mapping, sheets=sheets, progress=progress)
