"""An authority beside its neighbours, as a page."""

from __future__ import annotations

from typing import Any

import polars as pl
from markupsafe import Markup

from upturn.published.national.beside import Beside, Line
from upturn.render.drawing import svg
from upturn.render.national_draw import number, over_time
from upturn.render.page import environment, policy_hash, static
from upturn.render.words import day

GOOD = {"high": "higher is better", "low": "lower is better", "neither": "neither way is better"}
UNITS = {"percent": "%", "count": "", "rate": "per 10,000 children", "cases": "cases",
         "days": "working days"}  # fmt: skip


def page(template: str, **said: Any) -> str:
    """A page of the national figures: our style, a policy that allows nothing else, and what it says."""
    style = static(".css") + "\n" + static("national.css", "templates")
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{policy_hash(style)}'"
    )
    return environment().get_template(template).render(style=Markup(style), policy=policy, **said)


def authority_html(found: Beside) -> str:
    """The whole page of one authority."""
    files = {int(i): str(name) for i, name in found.sources.select("id", "name").iter_rows()}
    return page(
        "national.html.j2",
        area=found.area,
        code=found.code,
        region=found.region,
        neighbours=found.neighbours,
        notes=found.notes,
        judged=judged_rows(found.judged, files),
        lines=[_line(line, found, files) for line in found.lines if line.figure.main],
        tables=_tables(found, files),
        files=source_rows(found.sources),
    )


def judged_rows(judged: pl.DataFrame, files: dict[int, str]) -> list[list[str]]:
    """Judgements as lines of text: date, five grades, framework, place."""
    return [
        [
            day(r["date"]) + ("" if r["date_kind"] == "published" else " (started)"),
            *(str(r[c] or "") for c in ("overall", "leaders", "help_protection", "in_care", "care_leavers")),
            r["framework"] + (f". {r['note']}" if r["note"] else ""),
            f"{files[r['source']]}, line {r['row']}",
        ]
        for r in judged.sort("date", descending=True).to_dicts()
    ]  # fmt: skip


def source_rows(sources: pl.DataFrame) -> list[list[str]]:
    """The files of the panel as lines of text."""
    return [
        [r["name"], r["sha256"][:16], day(r["published"]) or "not given",
         *(f"{r[c]:,}" for c in ("rows_in", "accepted", "quarantined"))]
        for r in sources.to_dicts()
    ]  # fmt: skip


def _line(line: Line, found: Beside, files: dict[int, str]) -> dict[str, Any]:
    figure = line.figure
    rows = []
    for r in line.years.sort("year", descending=True).to_dicts():
        own = number(figure, r["own"]) if r["own"] is not None else r["status"] or "not published"
        rows.append([
            day(figure.census_day(r["year"])), own,
            *(number(figure, r[c]) for c in ("neighbours", "low", "high")),
            str(r["known"] or 0), number(figure, r["england"]), f"{files[r['source']]}, line {r['row']}",
        ])  # fmt: skip
    return {
        "id": figure.id,
        "name": figure.name,
        "good": GOOD[figure.good],
        "drawing": svg(over_time(line, found.judged, found.area)),
        "latest": latest_words(line),
        "notes": line.notes,
        "rows": rows,
    }


def _tables(found: Beside, files: dict[int, str]) -> list[dict[str, Any]]:
    """The other figures, a table for each topic: the first and the latest value beside the others'."""
    topics = dict.fromkeys(line.figure.topic for line in found.lines if not line.figure.main)
    return [
        {
            "topic": topic,
            "rows": [row for line in found.lines
                     if line.figure.topic == topic and not line.figure.main
                     and (row := _latest_row(line, files))],
            "notes": sorted({line.figure.note for line in found.lines
                             if line.figure.topic == topic and line.figure.note}),
        }
        for topic in topics
    ]  # fmt: skip


def _latest_row(line: Line, files: dict[int, str]) -> list[str]:
    figure, told = line.figure, line.years.filter(pl.col("own").is_not_null())
    if told.is_empty():
        return []
    first, r = told.row(0, named=True), told.row(-1, named=True)
    hidden = line.years.height - told.height
    return [
        f"{figure.name}{' (%)' if figure.unit == 'percent' else ''}",
        f"{number(figure, first['own'])} ({first['year']})", number(figure, r["own"]), str(r["year"]),
        *(number(figure, r[c]) for c in ("neighbours", "low", "high")),
        "" if figure.unit == "count" else number(figure, r["england"]),
        str(hidden) if hidden else "", f"{files[r['source']]}, line {r['row']}",
    ]  # fmt: skip


def latest_words(line: Line) -> str:
    """The latest value beside the neighbours' and England's, in one sentence."""
    told = line.years.filter(pl.col("own").is_not_null())
    if told.is_empty():
        return "No value is published."
    r = told.row(-1, named=True)
    unit = f" {UNITS[line.figure.unit]}".rstrip()
    said = f"{day(line.figure.census_day(r['year']))}: {number(line.figure, r['own'])}{unit}"
    if r["neighbours"] is not None:
        said += f"; its neighbours' middle {number(line.figure, r['neighbours'])} ({r['known']} with a value)"
    if r["england"] is not None and line.figure.unit != "count":
        said += f"; England {number(line.figure, r['england'])}"
    return f"{said}."
