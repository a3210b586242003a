"""The files of a scorecard, written together: all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from upturn.measures.moving import Moving, moving
from upturn.measures.scorecard import Entry, Scorecard, entries_table
from upturn.measures.words import day_words
from upturn.render import excel
from upturn.render.cells import csv_bytes
from upturn.render.delivery import delivered
from upturn.render.excel import Book, Column
from upturn.render.scorecard import scorecard_html
from upturn.render.scorecard_funnel import funnels_table
from upturn.render.scorecard_pack import members_table
from upturn.render.summary import provenance, to_json
from upturn.render.words import BANNER, weekday

#: The files that `write_scorecard` writes.
OUTPUTS = (
    "scorecard.html",
    "scorecard.xlsx",
    "scorecard.csv",
    "scorecard_children.csv",
    "scorecard.json",
)
_WIDE = {"name": 42, "said": 28, "england_band": 24, "direction": 34, "special_causes": 44,
         "comment": 40, "source": 44, "group": 24, "why_not": 28, "bands": 40,
         "definition": 90}  # fmt: skip


def write_scorecard(
    card: Scorecard, out: Path, *, progress: Callable[[str], None] | None = None
) -> list[Path]:
    """Write the page, the workbook, the two CSV files and the JSON. Returns the paths.

    Raises `OutputError` when ``out`` cannot be written; nothing half-written remains then.
    """
    paths: list[Path] = []
    if progress:
        progress("Writing the scorecard")
    with delivered(out, paths) as staged:
        table = entries_table(card)
        (staged / "scorecard.html").write_bytes(scorecard_html(card).encode())
        _write_workbook(card, table, staged / "scorecard.xlsx")
        (staged / "scorecard.csv").write_bytes(csv_bytes(table))
        (staged / "scorecard_children.csv").write_bytes(csv_bytes(members_table(card)))
        (staged / "scorecard.json").write_text(
            to_json(scorecard_record(card)), "utf-8", newline="\n"
        )
    return paths


def scorecard_record(card: Scorecard) -> dict[str, object]:
    """The scorecard as one JSON object: what it rests on, every line, every point."""
    return {
        **provenance(card.check),
        "window": card.window,
        "population": card.population,
        "authority": card.la,
        "measures": entries_table(card),
        "points": points_table(card),
        "moving": moving_table(moving(card.entries)),
        "funnels": funnels_table(card),
        "groups": card.groups if card.groups is not None else [],
    }


def points_table(card: Scorecard) -> pl.DataFrame:
    """Every point of every series with the mean and limits of its chart, in the measure's unit."""
    parts = [_points(entry) for entry in card.entries if entry.series is not None]
    return pl.concat(parts) if parts else pl.DataFrame(schema={"measure": pl.String})


def moving_table(found: Moving) -> pl.DataFrame:
    """One row for each driver or outcome that moves beyond chance the way that makes things harder."""
    rows = [
        (
            kind,
            m.entry.measure.id,
            m.entry.measure.name,
            m.since,
            "up" if m.high else "down",
            m.words,
            m.because,
        )
        for kind, movers in (("driver", found.drivers), ("outcome", found.outcomes))
        for m in movers
    ]
    heads = {"kind": pl.String, "measure": pl.String, "name": pl.String, "since": pl.Date,
             "way": pl.String, "signal": pl.String, "because": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=heads, orient="row")


def _points(entry: Entry) -> pl.DataFrame:
    assert entry.series is not None
    told = entry.series.points.filter(pl.col("value").is_not_null())
    chart, factor = entry.series.chart, 100.0 if entry.measure.unit == "percent" else 1.0
    nothing = pl.lit(None, dtype=pl.Float64)
    lines = (
        {} if chart is None else {"mean": chart.mean, "lower": chart.lower, "upper": chart.upper}
    )
    drawn = {name: pl.Series(line * factor).round(2) for name, line in lines.items()}
    said = [", ".join(chart.named(n)) if chart else "" for n in range(told.height)]
    return told.select(
        pl.lit(entry.measure.id).alias("measure"), "start", "n", "of", pl.col("value").round(2)
    ).with_columns(
        *(drawn.get(name, nothing).alias(name) for name in ("mean", "lower", "upper")),
        pl.Series("special", said, dtype=pl.String),
    )


def _write_workbook(card: Scorecard, table: pl.DataFrame, path: Path) -> None:
    with excel.workbook(path, as_at=card.as_at) as book:
        title = f"Scorecard, as at {weekday(card.as_at)}"
        _sheet(book, "Scorecard", title, table.drop("measure", "source"), card)
        _sheet(book, "Over time", "Points of each measure", points_table(card), card)
        _sheet(
            book,
            "What is moving",
            moving(card.entries).words,
            moving_table(moving(card.entries)),
            card,
        )
        if card.groups is not None:
            _sheet(
                book,
                "By group",
                "Each measure by group of children",
                card.groups.drop("measure"),
                card,
            )
        if any(entry.funnel for entry in card.entries):
            _sheet(book, "Funnels", "Every authority's published figure", funnels_table(card), card)
        entries = [(e.measure.id, e.measure.definition, e.measure.source) for e in card.entries]
        heads = ["measure", "definition", "source"]
        definitions = pl.DataFrame(entries, schema=heads, orient="row")
        _sheet(book, "Definitions", "What each measure counts", definitions, card)


def _sheet(book: Book, name: str, title: str, table: pl.DataFrame, card: Scorecard) -> None:
    sheet = book.workbook.add_worksheet(name)
    columns = [
        Column(head.replace("_", " ").capitalize(), _WIDE.get(head, 13), wrap=True)
        for head in table.columns
    ]
    excel.put(sheet, 0, 0, title, book, book.title)
    window = " to ".join(day_words(day) for day in card.window)
    excel.put(sheet, 1, 0, f"{card.check.casebook.source_name}; {window}. {BANNER}", book)
    excel.head(sheet, book, columns, row=3, rows=table.height)
    for row, values in enumerate(table.iter_rows(), start=4):
        for column, value in enumerate(values):
            wrap = book.wrap if isinstance(value, str) else None
            excel.put(sheet, row, column, value, book, wrap)
    excel.for_print(sheet, header=f"{name} · {title} · {BANNER}", row=3)
