"""A library of published reports as a page and a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from upturn._version import __version__
from upturn.published.report.search import (
    causes_named,
    consistency,
    reports_in,
    themes,
    themes_by,
)
from upturn.render.delivery import delivered
from upturn.render.national import page
from upturn.render.read_reports import AREAS
from upturn.render.tables import write_sheets

#: The files that `write_library` writes.
LIBRARY_OUTPUTS = ("library.html", "library.xlsx")
_SAID_IN = {"action": "what is asked for", "paragraph": "paragraphs"}


def write_library(library: Path, out: Path) -> list[Path]:
    """Write ``library.html`` and ``library.xlsx`` into ``out``, both or neither. Returns the paths.

    Raises `SourceError` when ``library`` is none, and `OutputError` when ``out`` cannot be written.
    """
    reports, causes = reports_in(library), causes_named(library)
    by_framework, by_region = themes_by(library), themes_by(library, by="region")
    alike = consistency(library)
    paths: list[Path] = []
    with delivered(out, paths) as staged:
        text = page(
            "reports_library.html.j2",
            reports=_report_rows(reports),
            areas=list(AREAS.values()),
            causes=_cause_rows(causes),
            frameworks=_theme_rows(by_framework, "framework"),
            regions=_theme_rows(by_region, "region"),
            alike=[tuple(map(str, row)) for row in alike.iter_rows()],
            version=__version__,
            count_of=reports.height,
        )
        (staged / "library.html").write_bytes(text.encode())
        sheets = {
            "Reports": reports,
            "Causes named": causes,
            "Themes by framework": by_framework,
            "Themes by region": by_region,
            "Like evidence, unlike grades": alike,
        }
        write_sheets({name: f for name, f in sheets.items() if f.width}, staged / "library.xlsx")
    return paths


def _report_rows(reports: pl.DataFrame) -> list[list[str]]:
    return [
        [
            f"{row['authority'] or row['file']}",
            str(row["fieldwork_end"] or row["published"] or "not found"),
            str(row["framework"] or "not found"),
            *(str(row[area] or "").capitalize() for area in AREAS),
            str(row["actions"]),
        ]
        for row in reports.to_dicts()
    ]


def _cause_rows(causes: pl.DataFrame) -> list[list[str]]:
    return [
        [
            str(row["framework"] or "not found"), _SAID_IN[row["said_in"]], f"{row['concerns']:,}",
            f"{row['name_a_cause']:,}", f"{100 * row['share']:.0f} %",
            f"{row['reports_that_do']} of {row['reports']}",
        ]
        for row in causes.to_dicts()
    ]  # fmt: skip


def _theme_rows(found: pl.DataFrame, by: str) -> tuple[list[str], list[list[str]]]:
    """Headings and rows: a theme each, the share of reports of each slice that ask for something of it."""
    if found.is_empty():
        return ["Theme"], []
    sizes = dict(found.select(by, "reports").unique().iter_rows())
    slices: Sequence[str | None] = sorted(sizes, key=str)
    shares = {(row[by], row["theme"]): row["share"] for row in found.to_dicts()}
    titles = themes()
    asked = found.group_by("theme").agg(pl.col("with_it").sum())
    ids = asked.sort("with_it", "theme", descending=[True, False])["theme"].to_list()
    heads = ["Theme", *(f"{s or 'not found'} ({sizes[s]})" for s in slices)]
    rows = [
        [titles.get(theme, theme), *(f"{100 * shares.get((s, theme), 0):.0f} %" for s in slices)]
        for theme in ids
    ]
    return heads, rows
