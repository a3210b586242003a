"""The mock inspector's letter: one page that needs nothing but itself; its numbers open to the children."""

from __future__ import annotations

from typing import Any

import polars as pl
from markupsafe import Markup

from upturn.findings.judge import percent
from upturn.findings.model import Finding, Findings
from upturn.render.letter_draw import interval_picture, months_picture
from upturn.render.page import environment, policy_hash, static
from upturn.render.summary import provenance, row_totals
from upturn.render.words import BANNER, MONTHS, weekday

#: Said on every form of the letter, so that nobody takes it for more than it is.
NOT_A_GRADE = (
    "This is a mock letter, written by a program from the council's own records. No inspector has seen it. "
    "It gives no grade and predicts none: a grade is a judgement by people who have met children, families "
    "and workers, and nothing here stands in for that."
)
#: Longer lists of children are left to the workbook.
SHOWN = 400
#: What evidence is called, and what is meant by it.
EVIDENCE_WORDS = {
    "strong": "Strong evidence: tested in full against a published or own figure, and far beyond chance",
    "moderate": "Moderate evidence: beyond chance; or far beyond it, but tested in part or against a "
    "tolerance that is assumed",
    "limited": "Limited evidence: beyond chance, but tested in part or against a tolerance that is assumed",
}


def letter_html(found: Findings) -> str:
    """The whole page."""
    style = static(".css") + "\n" + static(".css", "templates")
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{policy_hash(style)}'"
    )
    return environment().get_template("letter.html.j2").render(
        **letter_view(found), policy=policy, style=Markup(style)
    )  # fmt: skip


def letter_view(found: Findings) -> dict[str, Any]:
    """What the letter says, in the order it says it; every form of the letter is made from this."""
    areas = [_area(found, area, title) for area, title in found.framework.areas]
    inside = set(found.framework.criteria)
    outside = [f for f in found.findings if f.pattern.theme not in inside]
    return {
        "banner": BANNER,
        "not_a_grade": NOT_A_GRADE,
        "framework": found.framework,
        "casebook": found.check.casebook,
        "as_at": weekday(found.as_at),
        "facts": provenance(found.check),
        "totals": row_totals(found.check),
        "catalogue_version": found.catalogue_version,
        "earlier": found.earlier,
        "areas": areas,
        "outside": [_finding(f, found) for f in outside if f.verdict in ("found", "strength")],
        "remaining": [f.pattern.title for f in found.of("found") if f.remains],
        "tally": {v: sum(f.verdict == v and f.pattern.theme in inside for f in found.findings)
                  for v in ("found", "strength", "not found", "cannot tell", "not tested")},
        "not_found": [_short(f) for f in found.of("not found")],
        "cannot_tell": [_short(f) for f in found.of("cannot tell")],
        "not_tested": [_short(f) for f in found.of("not tested")],
        "in_part": [_short(f) for f in found.findings if f.verdict != "not tested" and f.because],
        "rereview": found.rereview.to_dicts()[:SHOWN],
        "rereview_all": found.rereview.height,
        "rereview_counts": found.rereview.group_by("pattern", maintain_order=True).len().rows(),
        "evidence_words": EVIDENCE_WORDS,
        "shown": SHOWN,
        "source_words": source_words,
    }  # fmt: skip


def _area(found: Findings, area: str, title: str) -> dict[str, Any]:
    themes = {t for t, c in found.framework.criteria.items() if c.area == area}
    mine = [f for f in found.findings if f.pattern.theme in themes]
    return {
        "id": area,
        "title": title,
        "weaknesses": [_finding(f, found) for f in mine if f.verdict == "found"],
        "strengths": [_finding(f, found) for f in mine if f.verdict == "strength"],
        "tested": sum(f.verdict not in ("not tested", "cannot tell") for f in mine),
        "untested": sum(f.verdict in ("not tested", "cannot tell") for f in mine),
    }


def _finding(finding: Finding, found: Findings) -> dict[str, Any]:
    hits = finding.cases.filter(pl.col("hit")).sort("day", "child_id", nulls_last=True)
    criterion = found.framework.criteria.get(finding.pattern.theme)
    return {
        "finding": finding,
        "pattern": finding.pattern,
        "criterion": criterion,
        "share": percent(finding.share or 0.0),
        "interval": f"{percent(finding.low or 0.0)} to {percent(finding.high or 0.0)}",
        "picture": Markup(interval_picture(finding)),
        "months": _months(finding),
        "trend_picture": Markup(months_picture(finding)),
        "teams": finding.by_team.to_dicts() if _teams_matter(finding) else [],
        "children": hits["child_id"].drop_nulls().n_unique(),
        "rows": hits.head(SHOWN).to_dicts(),
        "more": max(0, hits.height - SHOWN),
        "percent": percent,
    }


def _teams_matter(finding: Finding) -> bool:
    return finding.by_team.height > 1


def _months(finding: Finding) -> list[dict[str, Any]]:
    if finding.trend.height < 2 or finding.pattern.kind in ("demand", "uneven"):
        return []
    return [
        {**row, "label": month_words(row["label"])} for row in finding.trend.tail(12).to_dicts()
    ]


def month_words(month: str) -> str:
    """A month as people write it.

    >>> month_words("2026-08")
    'Aug 2026'
    """
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def source_words(code: str | None) -> str:
    """The code of a referral source, or that there is none.

    >>> source_words(None)
    'not given'
    """
    return code or "not given"


def _short(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.pattern.id,
        "title": finding.pattern.title,
        "question": finding.pattern.question,
        "sentence": finding.sentence,
        "because": finding.because,
        "finding": finding,
    }
