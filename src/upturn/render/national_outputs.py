"""The files of the national panel, written together: all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from upturn._version import __version__
from upturn.published.national.beside import Beside
from upturn.published.national.effects import NOT_IDENTIFIED, Effects, estimates
from upturn.render.cells import csv_bytes
from upturn.render.delivery import delivered
from upturn.render.national import authority_html
from upturn.render.summary import to_json
from upturn.render.tables import write_sheets

#: The files that `write_authority` writes.
AUTHORITY_OUTPUTS = ("national.html", "national.xlsx", "national.csv", "national.json")


def write_authority(
    found: Beside, out: Path, *, progress: Callable[[str], None] | None = None
) -> list[Path]:
    """Write the page, the workbook, the CSV file and the JSON of one authority into ``out``; their paths.

    Raises `OutputError` when ``out`` cannot be written; nothing half-written remains then.
    """
    if progress:
        progress("Writing the page and the workbook")
    paths: list[Path] = []
    with delivered(out, paths) as staged:
        table = authority_table(found)
        (staged / "national.html").write_bytes(authority_html(found).encode())
        write_sheets(
            {"Figures": table, "Inspections": judged_table(found), "Sources": found.sources},
            staged / "national.xlsx",
        )
        (staged / "national.csv").write_bytes(csv_bytes(table))
        record = to_json(authority_record(found))
        (staged / "national.json").write_text(record, "utf-8", newline="\n")
    return paths


def authority_table(found: Beside) -> pl.DataFrame:
    """Every figure and year of an authority in one table, with the place of each value."""
    files = dict(found.sources.select("id", "name").iter_rows())
    parts = [
        line.years.select(
            pl.lit(line.figure.id).alias("figure"), pl.lit(line.figure.name).alias("name"),
            pl.lit(line.figure.unit).alias("unit"),
            pl.col("year").map_elements(line.figure.census_day, return_dtype=pl.Date).alias("census"),
            "own", "status", "neighbours", "low", "high", "known", "england",
            pl.col("source").replace_strict(files, return_dtype=pl.String).alias("file"), "row",
        )
        for line in found.lines
    ]  # fmt: skip
    return pl.concat(parts) if parts else pl.DataFrame(schema={"figure": pl.String})


def judged_table(found: Beside) -> pl.DataFrame:
    """An authority's judgements with the file and line of each."""
    files = dict(found.sources.select("id", "name").iter_rows())
    file = pl.col("source").replace_strict(files, return_dtype=pl.String).alias("file")
    return found.judged.with_columns(file).drop("source", "family", "previous", "next", "next_date")


def authority_record(found: Beside) -> dict[str, object]:
    """An authority in one object, ready for `to_json`."""
    return {
        "upturn": __version__,
        "authority": found.area,
        "la_code": found.code,
        "region": found.region,
        "neighbours": found.neighbours,
        "notes": [*found.notes, *(f"{one.figure.name}: {note}" for one in found.lines for note in one.notes)],
        "judgements": judged_table(found),
        "figures": authority_table(found),
        "sources": found.sources,
    }  # fmt: skip


def effects_record(found: Effects) -> dict[str, object]:
    """What followed a judgement in one object, ready for `to_json`."""
    return {
        "upturn": __version__,
        "figure": found.figure.id,
        "name": found.figure.name,
        "after": found.after,
        "scale": found.figure.scale,
        "estimates": estimates(found),
        "ways_at_first_census": found.ways,
        "not_identified": NOT_IDENTIFIED,
        "rows": found.rows,
    }
