"""What of a scorecard may leave the council: figures without a child, small numbers suppressed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from upturn.measures.breakdown import BY, COLUMNS, publishable
from upturn.measures.scorecard import Scorecard
from upturn.measures.words import day_words
from upturn.render import excel
from upturn.render.cells import csv_bytes
from upturn.render.delivery import delivered
from upturn.render.excel import Column
from upturn.render.words import weekday

#: The files that `write_published` writes.
PUBLISHED = ("published.csv", "published.xlsx")
SAID = (
    "Where 1 to 4 children are in a figure, out of it or in a group, it is not shown; nor is another from "
    "which it could be worked out."
)
_WIDE = {"name": 60, "by": 22, "group": 26, "suppressed": 34}


def published_table(card: Scorecard) -> pl.DataFrame:
    """Every figure for all children and for each group asked for, small numbers suppressed.

    Columns are those of `upturn.measures.breakdown.COLUMNS` without ``cannot_tell``, with ``suppressed``.
    """
    whole = [
        {
            "measure": e.measure.id, "name": e.measure.name, "unit": e.measure.unit, "by": "",
            "group": "all", "value": None if e.value.value is None else round(e.value.value, 1),
            "n": e.value.n, "of": e.value.of,
            "low": round(e.value.interval[0], 1) if e.value.interval else None,
            "high": round(e.value.interval[1], 1) if e.value.interval else None,
            "cannot_tell": e.value.missing, "against_the_rest": "",
        }
        for e in card.entries
        if e.value.value is not None
    ]  # fmt: skip
    parts = [pl.DataFrame(whole, schema=COLUMNS, orient="row")]
    if card.groups is not None:
        parts.append(card.groups.with_columns(pl.col("by").replace_strict(BY)))
    return publishable(pl.concat(parts))


def write_published(
    card: Scorecard, out: Path, *, progress: Callable[[str], None] | None = None
) -> list[Path]:
    """Write the two files into ``out``, both or neither. Returns their paths.

    Raises `OutputError` when ``out`` cannot be written.
    """
    paths: list[Path] = []
    if progress:
        progress("Writing what may be published")
    table = published_table(card)
    with delivered(out, paths) as staged:
        (staged / "published.csv").write_bytes(csv_bytes(table))
        _workbook(card, table, staged / "published.xlsx")
    return paths


def _workbook(card: Scorecard, table: pl.DataFrame, path: Path) -> None:
    window = " to ".join(day_words(day) for day in card.window)
    with excel.workbook(path, as_at=card.as_at) as book:
        sheet = book.workbook.add_worksheet("Figures")
        heads = [
            Column(head.replace("_", " ").capitalize(), _WIDE.get(head, 12), wrap=True)
            for head in table.columns
        ]
        title = f"Figures as at {weekday(card.as_at)}; what happened {window}"
        excel.put(sheet, 0, 0, title, book, book.title)
        excel.put(sheet, 1, 0, SAID, book)
        excel.head(sheet, book, heads, row=3, rows=table.height)
        for row, values in enumerate(table.iter_rows(), start=4):
            for column, value in enumerate(values):
                excel.put(sheet, row, column, value, book)
        excel.for_print(sheet, header=title, row=3)
