"""A library of published reports as a page and a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from upturn._version import __version__
from upturn.published.report.evenness import consistency, evenness
from upturn.published.report.search import reports_in, themes
from upturn.published.report.tallies import BY, causes_named, causes_which, themes_by
from upturn.published.themes import load_rules
from upturn.render.delivery import delivered
from upturn.render.national import page
from upturn.render.read_reports import AREAS
from upturn.render.tables import write_sheets

#: From so many reports on, shares are in per cent.
MANY = 10
#: The files that `write_library` writes.
LIBRARY_OUTPUTS = ("library.html", "library.xlsx")
NAMES = {"framework": "framework", "region": "region of the authority",
         "lead_region": "region of the lead inspector", "year": "year of the fieldwork",
         "grade": "overall grade"}  # fmt: skip
_SAID_IN = {"action": "what is asked for", "paragraph": "paragraphs"}


def write_library(library: Path, out: Path) -> list[Path]:
    """Write ``library.html`` and ``library.xlsx`` into ``out``, both or neither. Returns the paths.

    Raises `SourceError` when ``library`` is none, and `OutputError` when ``out`` cannot be written.
    """
    reports, causes, which = reports_in(library), causes_named(library), causes_which(library)
    asked = {by: themes_by(library, by=by) for by in BY}
    if "lead_region" not in _told(asked["lead_region"]):
        del asked["lead_region"]
    alike, even = consistency(library), evenness(library)
    paths: list[Path] = []
    with delivered(out, paths) as staged:
        text = page(
            "reports_library.html.j2",
            reports=_report_rows(reports),
            areas=list(AREAS.values()),
            causes=_cause_rows(causes),
            which=_which_rows(which),
            asked=[(by, NAMES[by], *_theme_rows(found, by)) for by, found in asked.items()],
            even=[tuple(map(str, row)) for row in even.iter_rows()],
            alike=[tuple(map(str, row)) for row in alike.iter_rows()],
            version=__version__,
            count_of=reports.height,
        )
        (staged / "library.html").write_bytes(text.encode())
        sheets = {
            "Reports": reports,
            "Causes named": causes,
            "Which causes": which,
            **{f"Themes by {by.replace('_', ' ')}": found for by, found in asked.items()},
            "Like evidence, unlike grades": alike,
            "How even grades are": even,
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


def _told(found: pl.DataFrame) -> set[str]:
    """The columns that have a value."""
    return {name for name in found.columns if found[name].null_count() < found.height}


def _which_rows(which: pl.DataFrame) -> list[list[str]]:
    titles = {factor.id: factor.title for factor in load_rules().factors}
    return [
        [
            str(row["framework"] or "not found"), titles.get(row["cause"], row["cause"]),
            f"{row['sentences']:,}", f"{row['asked_for']:,}", f"{row['reports_that_do']} of {row['reports']}",
        ]
        for row in which.to_dicts()
    ]  # fmt: skip


def _share(share: float, size: int) -> str:
    """A share of many reports in per cent; of few as it is counted, for their shares jump."""
    return f"{100 * share:.0f} %" if size >= MANY else f"{round(share * size)} of {size}"


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
        [titles.get(theme, theme), *(_share(shares.get((s, theme), 0), sizes[s]) for s in slices)]
        for theme in ids
    ]
    return heads, rows
