"""Which source is this? One door for every reader, so that the rest need not ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from upturn.records.casebook import Casebook

Say = Callable[[str], None]


def read_source(
    path: Path,
    *,
    as_at: date | None = None,
    mapping: Path | None = None,
    sheets: Mapping[int, str] | None = None,
    progress: Say | None = None,
) -> Casebook:
    """The casebook of whatever ``path`` holds. See `upturn.records.annex_a.reader.read_annex_a`.

    Raises SourceError when nothing in the input can be read.
    """
    from upturn.records.annex_a.reader import read_annex_a

    return read_annex_a(path, as_at=as_at, mapping=mapping, sheets=sheets, progress=progress)
