"""Whether the children of one list are in the list that should hold them all."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from upturn.records.lists.compare import where
from upturn.records.lists.rows import Rows, set_aside


def unknown_children(lists: Sequence[Rows]) -> list[Rows]:
    """Note the children on a plan (list 7) or in care (list 8) who are not among those in need (list 6)."""
    need = next((rows for rows in lists if rows.source.layout.number == 6), None)
    if need is None:
        return list(lists)
    known = need.filled_by("child").implode()
    return [
        _unknown(rows, known) if rows.source.layout.number in (7, 8) else rows for rows in lists
    ]


def _unknown(rows: Rows, known: pl.Series) -> Rows:
    problem = where(~rows.filled_by("child").is_in(known), "unknown-child")
    other = pl.Series([rows.label.lower()] * rows.at.len(), dtype=pl.String())
    return set_aside(rows, rows.source.layout.child.header, problem, other=other)
