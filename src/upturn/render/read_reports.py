"""Published reports that were read, and two that were compared, as files: page, workbook, CSV and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from upturn._version import __version__
from upturn.published.report.compare import Comparison, Pair
from upturn.published.report.model import Fact, Judgement, Report, Statement
from upturn.published.report.tables import facts_of_report, record_of, tables_of
from upturn.render.cells import csv_bytes
from upturn.render.delivery import delivered
from upturn.render.national import page
from upturn.render.summary import to_json
from upturn.render.tables import write_sheets
from upturn.render.words import day

#: The files that `write_readings` and `write_comparison` write.
READ_OUTPUTS = (
    "reports.html", "reports.xlsx", "judgements.csv", "asked_for.csv", "reports.json"
)  # fmt: skip
COMPARED_OUTPUTS = ("compared.html", "compared.xlsx", "compared.json")
AREAS = {
    "overall": "Overall effectiveness",
    "leaders": "Leaders",
    "help_protection": "Help and protection",
    "in_care": "Children in care",
    "care_leavers": "Care leavers",
    "care_and_leavers": "Children in care and care leavers",
    "adoption": "Adoption",
    "lscb": "Safeguarding board",
}
#: Said on the comparison, so that nobody takes a silence for a cure.
SILENCE = (
    "Not found again does not mean put right: the later report may not have looked, or may say it in other "
    "words. A pair is told by rules of words and themes: read both before you rely on it."
)


def write_readings(
    reports: Sequence[Report], refused: Sequence[tuple[str, str]], out: Path
) -> list[Path]:
    """Write the files of `READ_OUTPUTS` into ``out``, all or none. Returns the paths.

    Raises `OutputError` when ``out`` cannot be written.
    """
    paths: list[Path] = []
    tables = tables_of(reports)
    not_read = pl.DataFrame(
        list(refused), schema={"file": pl.String, "why": pl.String}, orient="row"
    )
    with delivered(out, paths) as staged:
        (staged / "reports.html").write_bytes(readings_html(reports, refused).encode())
        write_sheets({**tables, "Not read": not_read}, staged / "reports.xlsx")
        (staged / "judgements.csv").write_bytes(csv_bytes(tables["Judgements"]))
        (staged / "asked_for.csv").write_bytes(csv_bytes(tables["Asked for"]))
        record = {
            "upturn": __version__,
            "reports": [record_of(report) for report in reports],
            "not_read": not_read,
        }
        (staged / "reports.json").write_text(to_json(record), "utf-8", newline="\n")
    return paths


def readings_html(reports: Sequence[Report], refused: Sequence[tuple[str, str]]) -> str:
    """The page of what was read."""
    return page(
        "reports_read.html.j2",
        reports=[_view(report, number) for number, report in enumerate(reports, 1)],
        refused=list(refused),
        version=__version__,
    )


def _view(report: Report, number: int) -> dict[str, Any]:
    return {
        "id": f"r{number}",
        "title": report.authority.value or report.file,
        "report": report,
        "when": fieldwork_words(report),
        "facts": [_fact(name, fact) for name, fact in facts_of_report(report).items()],
        "judgements": [_judgement(j) for j in report.judgements if j.state != "not graded"],
        "asked": [
            (str(r.number or r.order), r.kind, r.timescale, _part(r.part), str(r.page), r.text)
            for r in report.recommendations
        ],
        "since": [
            (s.text, s.change, AREAS.get(s.area, ""), _place(s.page, s.paragraph))
            for s in report.since
        ],
        "strengths": [_said(s) for s in report.statements if s.polarity == "strength"],
        "concerns": [_said(s) for s in report.statements if s.polarity != "strength"],
    }


def fieldwork_words(report: Report) -> str:
    """The days on site in words, or that they were not found."""
    start, end = report.fieldwork_start, report.fieldwork_end
    if start.value is None or end.value is None:
        return f"dates of fieldwork: {start.state}"
    return f"{day(start.value)} to {day(end.value)}"


def value_words(value: object) -> str:
    """A fact's value in words.

    >>> value_words(("Ann", "Bo"))
    'Ann, Bo'
    """
    if isinstance(value, date):
        return day(value)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _fact(name: str, fact: Fact[Any]) -> tuple[str, str, str]:
    """Name, value and where it comes from."""
    if fact.state == "found":
        return name.capitalize(), value_words(fact.value), f"Page {fact.page}: “{fact.text}”"
    words = " ".join(f"Page {q.page}: “{q.text}”" for q in fact.quotes)
    return name.capitalize(), fact.state, f"Looked at {fact.looked}. {words}".strip()


def _judgement(judgement: Judgement) -> tuple[str, str, str]:
    """Area, grade and every place it was read from."""
    places = "; ".join(f"{a.kind}, page {a.page}: “{a.text}”" for a in judgement.anchors)
    said = places or f"Looked at {judgement.looked}"
    if judgement.state == "disagree":
        said = f"Places in the report disagree. {said}"
    return AREAS[judgement.area], (judgement.grade or judgement.state).capitalize(), said


def _said(statement: Statement) -> tuple[str, str, str, str]:
    place = _place(statement.page, statement.paragraph)
    return statement.text, statement.polarity, AREAS.get(statement.area, ""), place


def _place(page_: int, paragraph: int | None) -> str:
    return f"page {page_}" + (f", paragraph {paragraph}" if paragraph else "")


def _part(part: str) -> str:
    return "board" if part == "lscb" else "authority"


def write_comparison(found: Comparison, out: Path) -> list[Path]:
    """Write the files of `COMPARED_OUTPUTS` into ``out``, all or none. Returns the paths.

    Raises `OutputError` when ``out`` cannot be written.
    """
    paths: list[Path] = []
    with delivered(out, paths) as staged:
        (staged / "compared.html").write_bytes(comparison_html(found).encode())
        write_sheets(comparison_tables(found), staged / "compared.xlsx")
        (staged / "compared.json").write_text(
            to_json(comparison_record(found)), "utf-8", newline="\n"
        )
    return paths


def comparison_record(found: Comparison) -> dict[str, object]:
    """The comparison for JSON: which reports, the grades of both, every pair, and what is new."""
    return {
        "upturn": __version__,
        "before": {"file": found.before.file, "sha256": found.before.sha256},
        "now": {"file": found.now.file, "sha256": found.now.sha256},
        "what_this_is": SILENCE,
        "notes": found.notes,
        "grades": found.grades,
        "pairs": found.pairs,
        "new": found.new,
    }


def comparison_tables(found: Comparison) -> dict[str, pl.DataFrame]:
    """The sheets of the comparison."""
    heads = {
        "how": pl.String, "likeness": pl.Float64, "themes": pl.String, "asked_before": pl.String,
        "page_before": pl.Int64, "nearest_asked_now": pl.String, "page_now": pl.Int64,
        "said_now": pl.String,
    }  # fmt: skip
    rows = [
        (
            p.how, p.likeness, ", ".join(p.themes), p.before.text, p.before.page,
            p.now.text if p.now else None, p.now.page if p.now else None,
            "\n".join(f"({_place(s.page, s.paragraph)}) {s.text}" for s in p.said),
        )
        for p in in_order(found)
    ]  # fmt: skip
    grades = [(AREAS[g.area], g.before, g.now) for g in found.grades]
    grade_heads = {"area": pl.String, "before": pl.String, "now": pl.String}
    new = [(r.page, r.kind, r.text) for r in found.new]
    return {
        "Said again": pl.DataFrame(rows, schema=heads, orient="row"),
        "New": pl.DataFrame(
            new, schema={"page": pl.Int64, "kind": pl.String, "text": pl.String}, orient="row"
        ),
        "Grades": pl.DataFrame(grades, schema=grade_heads, orient="row"),
        "What this is": pl.DataFrame({"note": [SILENCE, *found.notes]}),
    }


def in_order(found: Comparison) -> list[Pair]:
    """The pairs: asked again first, then said again, then the rest; the most alike first in each."""
    order = {"asked again": 0, "said again": 1, "not found again": 2}
    return sorted(found.pairs, key=lambda p: (order[p.how], -_most(p), p.before.order))


def _most(pair: Pair) -> float:
    return max([pair.likeness, *(said.likeness for said in pair.said)])


def comparison_html(found: Comparison) -> str:
    """The page of the comparison."""
    pairs = in_order(found)
    return page(
        "reports_compared.html.j2",
        found=found,
        authority=found.now.authority.value or "One authority",
        before_when=fieldwork_words(found.before),
        now_when=fieldwork_words(found.now),
        silence=SILENCE,
        grades=[
            (AREAS[g.area], (g.before or "–").capitalize(), (g.now or "–").capitalize())
            for g in found.grades
        ],
        groups=[
            (how, [p for p in pairs if p.how == how])
            for how in ("asked again", "said again", "not found again")
        ],
        place=_place,
        version=__version__,
    )
