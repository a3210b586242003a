"""The sheets of a workbook before it is written: cells, headers, and what was done to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from upturn.records.annex_a.layout import ListLayout, annex_a
from upturn.synthetic.annex_a.spelling import spelled
from upturn.synthetic.draw import Streams


@dataclass(frozen=True)
class Formula:
    """A formula with the value the file stores for it; ``#N/A`` makes it an error cell."""

    text: str
    value: str | float


Cell = str | float | int | date | Formula | None


@dataclass(frozen=True)
class WrittenSheet:
    """One sheet as it will be written.

    ``rows`` has a column ``at`` with the sheet's row number (1-based) and then one column for each of
    ``headers``. ``cells`` holds what stands in a cell instead of its value, by sheet row and column
    (0-based); ``merged`` are runs of rows, first and last, and the column whose cells are one cell.
    """

    name: str
    number: int
    headers: tuple[str, ...]
    rows: pl.DataFrame
    header_row: int = 1
    title: str | None = None
    hidden: bool = False
    cells: Mapping[tuple[int, int], Cell] = field(default_factory=dict)
    merged: tuple[tuple[int, int, int], ...] = ()


def keys(layout: ListLayout, rows: pl.DataFrame) -> list[tuple[str, str]]:
    """The columns a sheet has, as header and name in ``rows``, in the order of the template."""
    named = [(c.header, c.to or "age") for c in layout.columns]
    return [(header, name) for header, name in named if name in rows.columns]


def as_numbers(layout: ListLayout, rows: pl.DataFrame) -> pl.DataFrame:
    """Identifiers as the numbers that case systems give them. Raises if one is not a number."""
    ids = [c.to for c in layout.columns if c.type == "id" and c.to in rows.columns]
    return rows.with_columns(pl.col(name).cast(pl.Int64) for name in ids if name)


def clean_sheets(lists: Mapping[int, pl.DataFrame]) -> tuple[WrittenSheet, ...]:
    """The official form: the template's headers, sheet names and pick-lists."""
    return tuple(_clean(layout, lists[layout.number], streams=None) for layout in annex_a())


def _clean(layout: ListLayout, rows: pl.DataFrame, *, streams: Streams | None) -> WrittenSheet:
    rows = spelled(rows, layout, streams=streams)
    columns = keys(layout, rows)
    body = as_numbers(layout, rows).select(pl.col(name).alias(header) for header, name in columns)
    body = body.with_row_index("at", offset=2)
    return WrittenSheet(layout.label, layout.number, tuple(h for h, _ in columns), body)
