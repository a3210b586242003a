"""What was read, as tables: one row for each judgement, each thing asked for, each paragraph and sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl

from upturn.published.report.model import Fact, Judgement, Report

_WHO = {"file": pl.String, "authority": pl.String, "code": pl.String, "framework": pl.String}
_REPORTS = {
    **_WHO, "fieldwork_start": pl.Date, "fieldwork_end": pl.Date, "published": pl.Date,
    "inspectors": pl.String, "pages": pl.Int64, "kind": pl.String, "paragraphs": pl.Int64,
    "asked_for": pl.Int64, "notes": pl.String, "sha256": pl.String,
}  # fmt: skip
_JUDGEMENTS = {
    **_WHO, "fieldwork_start": pl.Date, "published": pl.Date, "area": pl.String, "grade": pl.String,
    "state": pl.String, "page": pl.Int64, "words": pl.String, "places": pl.Int64, "kinds": pl.String,
    "looked": pl.String,
}  # fmt: skip
_ACTIONS = {
    **_WHO, "order": pl.Int64, "number": pl.Int64, "kind": pl.String, "timescale": pl.String,
    "part": pl.String, "page": pl.Int64, "text": pl.String,
}  # fmt: skip
_PARAGRAPHS = {
    **_WHO, "number": pl.Int64, "page": pl.Int64, "area": pl.String, "part": pl.String,
    "section": pl.String, "text": pl.String,
}  # fmt: skip
_SAID = {
    **_WHO, "polarity": pl.String, "area": pl.String, "part": pl.String, "page": pl.Int64,
    "paragraph": pl.Int64, "text": pl.String, "because": pl.String,
}  # fmt: skip
_SINCE = {
    **_WHO, "change": pl.String, "area": pl.String, "page": pl.Int64, "paragraph": pl.Int64,
    "text": pl.String, "because": pl.String,
}  # fmt: skip
_NOT_FOUND = {
    **_WHO,
    "what": pl.String,
    "state": pl.String,
    "looked": pl.String,
    "words": pl.String,
}


def tables_of(reports: Sequence[Report]) -> dict[str, pl.DataFrame]:
    """The tables of one or many reports, by name: the sheets of the workbook, in order.

    >>> list(tables_of([]))[:3]
    ['Reports', 'Judgements', 'Asked for']
    """
    made: dict[str, tuple[dict[str, Any], Callable[[Report], Iterator[tuple[Any, ...]]]]] = {
        "Reports": (_REPORTS, _report_rows),
        "Judgements": (_JUDGEMENTS, _judgement_rows),
        "Asked for": (_ACTIONS, _action_rows),
        "Since last time": (_SINCE, _since_rows),
        "Strengths and concerns": (_SAID, _said_rows),
        "Paragraphs": (_PARAGRAPHS, _paragraph_rows),
        "Not found": (_NOT_FOUND, _not_found_rows),
    }
    return {
        name: pl.DataFrame(
            [row for report in reports for row in rows(report)], schema=heads, orient="row"
        )
        for name, (heads, rows) in made.items()
    }


def facts_of_report(report: Report) -> dict[str, Fact[Any]]:
    """The facts of a report by what they are called."""
    return {
        "framework": report.framework,
        "authority": report.authority,
        "authority code": report.authority_code,
        "first day of fieldwork": report.fieldwork_start,
        "last day of fieldwork": report.fieldwork_end,
        "published": report.published,
        "inspectors": report.inspectors,
    }


def record_of(report: Report) -> dict[str, object]:
    """A report for JSON: each fact and judgement with its page and words beside its value."""
    from dataclasses import asdict

    record = asdict(report)
    for name, value in vars(report).items():
        if isinstance(value, Fact):
            record[name] = {**asdict(value), "page": value.page, "text": value.text}
    record["judgements"] = [
        {**asdict(j), "page": j.page, "text": j.text} for j in report.judgements
    ]
    return record


def _who(report: Report) -> tuple[Any, ...]:
    return (
        report.file, report.authority.value, report.authority_code.value, report.framework.value,
    )  # fmt: skip


def _report_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    yield (
        *_who(report), report.fieldwork_start.value, report.fieldwork_end.value,
        report.published.value, "; ".join(report.inspectors.value or ()), report.pages, report.kind,
        len(report.paragraphs), len(report.recommendations), " ".join(report.notes), report.sha256,
    )  # fmt: skip


def _judgement_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    for judgement in report.judgements:
        if judgement.state != "not graded":
            yield (
                *_who(report), report.fieldwork_start.value, report.published.value,
                judgement.area, judgement.grade, judgement.state, judgement.page,
                _all_words(judgement), len(judgement.anchors),
                ", ".join(anchor.kind for anchor in judgement.anchors), judgement.looked,
            )  # fmt: skip


def _all_words(judgement: Judgement) -> str:
    """The words read; where places disagree, those of each with its page."""
    if judgement.state != "disagree":
        return judgement.text
    return " / ".join(f"page {a.page}: {a.text}" for a in judgement.anchors)


def _action_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    for r in report.recommendations:
        yield (*_who(report), r.order, r.number, r.kind, r.timescale, r.part, r.page, r.text)


def _since_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    for s in report.since:
        yield (*_who(report), s.change, s.area, s.page, s.paragraph, s.text, s.cue)


def _said_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    for s in report.statements:
        yield (*_who(report), s.polarity, s.area, s.part, s.page, s.paragraph, s.text, s.cue)


def _paragraph_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    for p in report.paragraphs:
        yield (*_who(report), p.number, p.page, p.area, p.part, p.section, p.text)


def _not_found_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    for name, fact in facts_of_report(report).items():
        if fact.state != "found":
            words = " / ".join(f"page {q.page}: {q.text}" for q in fact.quotes)
            yield (*_who(report), name, fact.state, fact.looked, words)
    for judgement in report.judgements:
        if judgement.state in ("not found", "disagree"):
            what = f"grade of {judgement.area}"
            yield (*_who(report), what, judgement.state, judgement.looked, _all_words(judgement))
