"""The letter as files: a page, a Word document, a workbook and JSON, written together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from upturn.findings.model import Finding, Findings
from upturn.render.delivery import delivered
from upturn.render.letter import NOT_A_GRADE, letter_html
from upturn.render.summary import provenance, row_totals, to_json
from upturn.render.tables import write_sheets
from upturn.render.word_extra import left_out

#: The files that `write_findings` writes.
LETTER_OUTPUTS = ("findings.html", "findings.docx", "findings.xlsx", "findings.json")


def write_findings(
    found: Findings, out: Path, *, progress: Callable[[str], None] | None = None
) -> list[Path]:
    """Write ``findings.html``, ``findings.docx``, ``findings.xlsx`` and ``findings.json`` into ``out``.

    All of them or none; the Word document is left out when its writer is not installed (`word_missing`
    says so in words). Returns the paths. Raises `OutputError` when ``out`` cannot be written.
    """
    tell = progress or (lambda _: None)
    paths: list[Path] = []
    with delivered(out, paths) as staged:
        tell("Writing the letter")
        (staged / "findings.html").write_bytes(letter_html(found).encode())
        if not word_missing():
            from upturn.render.letter_word import write_word

            write_word(found, staged / "findings.docx")
        tell("Writing the workbook of children")
        write_sheets(letter_sheets(found), staged / "findings.xlsx")
        (staged / "findings.json").write_text(to_json(letter_record(found)), "utf-8", newline="\n")
    return paths


def word_missing() -> str:
    """Why there will be no Word document, and what to do; empty when there will be one."""
    return left_out("findings.docx")


def letter_sheets(found: Findings) -> dict[str, pl.DataFrame]:
    """The sheets of the workbook: all the questions, the re-review list, then the cases of each question."""
    sheets = {
        "Questions": pl.DataFrame(
            [_line(f, found) for f in found.findings], infer_schema_length=None
        ),
        "Re-review list": found.rereview,
    }
    for finding in found.findings:
        if finding.cases.height and finding.pattern.kind != "remains":
            sheets[finding.pattern.id] = _cases(finding)
    said = {
        **provenance(found.check),
        "catalogue": found.catalogue_version,
        "what this is": NOT_A_GRADE,
    }
    said.pop("rulebooks")
    sheets["What this is"] = pl.DataFrame(
        {"": [k.replace("_", " ") for k in said], "value": [str(v) for v in said.values()]}
    )
    return sheets


def _cases(finding: Finding) -> pl.DataFrame:
    """Those that count first, then those that do not."""
    counts = pl.when("hit").then(pl.lit("yes")).otherwise(pl.lit("no")).alias("counts")
    ordered = finding.cases.sort(
        ["hit", "day", "child_id"], descending=[True, False, False], nulls_last=True
    )
    return ordered.select("child_id", counts, "day", "team", "reason", "source_rows")


def _line(finding: Finding, found: Findings) -> dict[str, Any]:
    criterion = found.framework.criteria.get(finding.pattern.theme)
    areas = dict(found.framework.areas)
    return {
        "question": finding.pattern.id,
        "title": finding.pattern.title,
        "area": areas[criterion.area] if criterion else "outside this framework",
        "verdict": finding.verdict,
        "evidence": finding.evidence,
        "sentence": finding.sentence,
        "n": finding.n if finding.of else None,
        "of": finding.of or None,
        "share": finding.share,
        "interval_low": finding.low,
        "interval_high": finding.high,
        "comparator": finding.comparator.value if finding.comparator else None,
        "comparator_basis": finding.comparator.basis if finding.comparator else None,
        "cannot_be_judged": finding.untold,
        "remains": "yes" if finding.remains else "",
        "tested_in_part": finding.because,
    }


def letter_record(found: Findings) -> dict[str, object]:
    """The findings in one object, ready for `to_json`; no grade, because none is worked out."""
    return {
        **provenance(found.check),
        "rows": row_totals(found.check),
        "what_this_is": NOT_A_GRADE,
        "framework": {"id": found.framework.id, "title": found.framework.title,
                      "criteria_status": "unverified"},
        "catalogue": found.catalogue_version,
        "earlier": found.earlier,
        "findings": [_record(f, found) for f in found.findings],
        "rereview": found.rereview,
    }  # fmt: skip


def _record(finding: Finding, found: Findings) -> dict[str, object]:
    source = finding.comparator.source if finding.comparator else None
    hits = finding.cases.filter(pl.col("hit")).drop("hit", "cluster")
    return {
        **_line(finding, found),
        "remains": finding.remains,
        "comparator_source": source,
        "design_effect": round(finding.design, 3),
        "facts": finding.facts,
        "by_team": finding.by_team,
        "by_month": finding.trend,
        "sign_of": finding.pattern.sign_of,
        "ask": finding.pattern.ask,
        "children": hits,
    }
