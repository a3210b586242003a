"""The rows of a sheet that is known to hold a list."""

from __future__ import annotations

import polars as pl

from upturn.records.annex_a.identify import Identified
from upturn.records.lists.rows import Rows


def read_rows(source: Identified) -> Rows:
    """The rows below the header that have anything in them, not yet understood."""
    first = source.sheet.first_row + source.header_at + 1
    body = source.sheet.cells.slice(source.header_at + 1)
    text = pl.all().str.strip_chars(" \t\r\n\u00a0")
    kept = body.select(pl.any_horizontal((text != "").fill_null(False))).to_series()
    at = pl.int_range(first, first + body.height, dtype=pl.UInt32, eager=True).filter(kept)
    body = body.filter(kept)
    raw = body.select(pl.col(body.columns[i]).alias(header) for header, i in source.columns.items())
    ids = pl.select(id=pl.format("{}.{}", pl.lit(source.layout.prefix), at))
    return Rows(source, raw, pl.DataFrame(), pl.DataFrame(), at, ids, raw.height)
