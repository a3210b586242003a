"""Quarantine: what could not be trusted, kept whole with its place, the reason and what to do.

Three levels. A ``row`` was not accepted at all. A ``cell`` was set aside: its row was accepted without
it, and whatever rests on it is "cannot tell". A ``note`` was used as it stood but somebody should look.
"""

from __future__ import annotations

import polars as pl

LEVELS = ("row", "cell", "note")

SCHEMA: dict[str, pl.DataType] = {
    "level": pl.String(),
    "check": pl.String(),  # id of the check, e.g. "date-not-understood"
    "source_list": pl.String(),  # e.g. "List 4"
    "child_id": pl.String(),
    "source_file": pl.String(),
    "source_sheet": pl.String(),
    "source_row": pl.UInt32(),  # 1-based, as the spreadsheet shows it
    "column": pl.String(),  # header as found in the file; null for a whole row
    "value": pl.String(),  # the cell; for a row, its cells as one JSON object
    "reason": pl.String(),
    "what_to_do": pl.String(),
    "team": pl.String(),
    "worker": pl.String(),
}


def nothing() -> pl.DataFrame:
    """An empty quarantine.

    >>> nothing().height
    0
    """
    return pl.DataFrame(schema=SCHEMA)
