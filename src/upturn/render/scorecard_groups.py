"""The breakdown of one measure, in words for its page."""

from __future__ import annotations

import polars as pl

from upturn.measures.breakdown import BY
from upturn.measures.scorecard import Entry, Scorecard
from upturn.measures.words import number

Row = tuple[str, str, str, str, str]


def group_tables(card: Scorecard, entry: Entry) -> list[tuple[str, list[Row]]]:
    """For each breakdown asked for: its name, and group, value, numbers, interval and difference as words."""
    if card.groups is None:
        return []
    mine = card.groups.filter(pl.col("measure") == entry.measure.id)
    return [
        (BY[str(by)], [_words(row) for row in part.iter_rows(named=True)])
        for (by,), part in mine.group_by("by", maintain_order=True)
    ]


def _words(row: dict[str, object]) -> Row:
    unit = str(row["unit"])
    counted = f"{row['n']:,} of {row['of']:,}" if unit == "percent" else f"{row['n']:,}"
    value, low, high = (_figure(row[name], unit) for name in ("value", "low", "high"))
    against = str(row["against_the_rest"])
    return (
        str(row["group"]),
        value or "nothing to count",
        counted,
        f"{low} to {high}" if low and high else "",
        f"{against} than the rest" if against else "",
    )


def _figure(value: object, unit: str) -> str:
    if not isinstance(value, (int, float)):
        return ""
    return f"{number(value, unit)} %" if unit == "percent" else number(value, unit)
