"""The page of measures: every entry of the catalogue, how it is counted and by whose definition."""

from __future__ import annotations

from itertools import groupby

from docs_pages.markdown import table
from upturn.measures.benchmark.england import figures
from upturn.measures.load import catalogue
from upturn.measures.model import Measure
from upturn.rulebooks.model import SOURCES

GOOD = {"high": "Higher is better.", "low": "Lower is better.", "neither": "Neither way is better."}
SUFFICES = {"full": "in full", "part": "in part", "none": "no"}
NAMES = {"annex_a": "Annex A", "cin_census": "CIN census", "ssd": "SSD"}


def page() -> str:
    """Every measure by its group, then England's figures that are shipped."""
    parts = [
        "# Measures",
        "What `upturn scorecard` counts. How an entry is written: "
        "[files of measures](../reference/measures.md).",
    ]
    for group, members in groupby(catalogue(), key=lambda one: one.group):
        parts.append(f"## {group}")
        for one in members:
            parts += _entry(one)
    rows = [
        (
            f.name,
            f"`{f.id}`",
            f.latest[0],
            f"{f.latest[1]:g}",
            *(f.spread.get(centile, "") for centile in (25, 50, 75)),
            f.source,
        )
        for f in figures().values()
    ]
    heads = (
        "figure",
        "name in the catalogue",
        "year",
        "England",
        "p25",
        "p50",
        "p75",
        "source",
    )
    parts += [
        "## Figures of England that come with Upturn",
        "Crown copyright, Open Government Licence v3. The year is that to 31 March; for the workforce, "
        "30 September. A quarter of authorities have p25 or less.",
        table(heads, rows),
    ]
    return "\n\n".join(parts)


def _entry(one: Measure) -> list[str]:
    covers = [
        f"{NAMES[source]} {SUFFICES[cover.tested]}"
        + (f" ({cover.because})" if cover.because else "")
        for source in SOURCES
        for cover in [one.covered_by(source)]
    ]
    return [
        f"### {one.name} {{#{one.id}}}",
        f"`{one.id}`, in {one.unit}. {one.definition} {GOOD[one.good]}",
        f"Source: {one.source}. Suffices: {'; '.join(covers)}.",
    ]
