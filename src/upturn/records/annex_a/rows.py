"""The rows of a sheet that is known to hold a list."""

from __future__ import annotations

import polars as pl

from upturn.records.annex_a.identify import Identified
from upturn.records.lists.rows import Rows


def read_rows(source: Identified) -> Rows:
    """The rows below the header that have anything in them, not yet understood."""
    first = source.sheet.first_row + source.header_at + 1
    body = source.sheet.cells.slice(source.header_at + 1)
    kept = body.select(_filled(pl.nth(source.columns[source.layout.child.header]))).to_series()
    if not kept.all():  # only then is it worth looking at every cell
        kept = body.select(pl.any_horizontal(_filled(pl.all()))).to_series()
    at = pl.int_range(first, first + body.height, dtype=pl.UInt32, eager=True).filter(kept)
    body = body.filter(kept)
    raw = body.select(pl.col(body.columns[i]).alias(header) for header, i in source.columns.items())
    ids = pl.select(id=pl.format("{}.{}", pl.lit(source.layout.prefix), at))
    return Rows(source, raw, pl.DataFrame(), pl.DataFrame(), at, ids, raw.height)


def _filled(cells: pl.Expr) -> pl.Expr:
    return (cells.str.strip_chars(" \t\r\n\u00a0") != "").fill_null(False)
