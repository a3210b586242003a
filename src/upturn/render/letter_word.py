"""The letter as a Word document, for those who will send it round, mark it and print it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from upturn.findings.model import Findings
from upturn.render.cells import harmless
from upturn.render.letter import letter_view
from upturn.render.word_parts import new_document, small, table
from upturn.render.words import count, day

#: A document is read, not searched: longer lists of children are left to the workbook.
LISTED = 25
_WIDTHS = (2.6, 2.4, 11.6)
_FOOT = "Child-level data: keep it inside the council."


def write_word(found: Findings, path: Path) -> None:
    """Write the letter to ``path``. The same findings give the same text."""
    view = letter_view(found)
    document = new_document("What would an inspector find?", found.as_at, footer=_FOOT)
    _head(document, view)
    for area in view["areas"]:
        _area(document, area, view)
    if view["outside"]:
        document.add_heading("Outside this framework", 1)
        for row in view["outside"]:
            _finding(document, row)
    _rereview(document, view)
    _questions(document, "Tested, not found", view["not_found"], "sentence")
    _questions(document, "Cannot tell: too few cases", view["cannot_tell"], "sentence")
    _questions(document, "Could not be tested", view["not_tested"], "because")
    _rests_on(document, view)
    _annex(document, view)
    document.save(str(path))


def _head(document: Any, view: dict[str, Any]) -> None:
    document.add_heading("What would an inspector find?", 0)
    document.add_paragraph(f"{view['framework'].title} · {view['casebook'].source_name}")
    document.add_paragraph(f"As at {view['as_at']}")
    document.add_paragraph().add_run(view["not_a_grade"]).italic = True
    tally = view["tally"]
    document.add_paragraph(
        f"Weaknesses found: {tally['found']}. Strengths: {tally['strength']}. Tested and not found: "
        f"{tally['not found']}. Too few cases to tell: {tally['cannot tell']}. Could not be tested: "
        f"{tally['not tested']}."
    )
    if view["remaining"]:
        document.add_paragraph(f"These remain the case: {'; '.join(view['remaining'])}.")


def _area(document: Any, area: dict[str, Any], view: dict[str, Any]) -> None:
    document.add_heading(area["title"], 1)
    for heading, rows, nothing in (
        (
            view["framework"].weaknesses,
            area["weaknesses"],
            "Nothing was found in what could be tested.",
        ),
        (
            view["framework"].strengths,
            area["strengths"],
            "Nothing is clearly better than its comparator.",
        ),
    ):
        document.add_heading(heading, 2)
        for row in rows:
            _finding(document, row)
        if not rows:
            document.add_paragraph(nothing)


def _finding(document: Any, row: dict[str, Any]) -> None:
    finding, pattern = row["finding"], row["pattern"]
    document.add_heading(pattern.title, 3)
    document.add_paragraph(finding.sentence)
    if finding.share is not None and finding.comparator and pattern.kind != "remains":
        said = (
            f"{finding.n:,} of {finding.of:,} ({row['share']}), 95 % interval {row['interval']}. "
        )
        said += f"{finding.evidence.capitalize()} evidence. {finding.comparator.source}."
        small(document, f"{said} Tested in part: {finding.because}." if finding.because else said)
    for fact in finding.facts:
        document.add_paragraph(fact, style="List Bullet")
    small(document, "Often a sign of: " + "; ".join(pattern.sign_of) + ".")
    small(document, "Ask next: " + " ".join(a if a.endswith("?") else f"{a}." for a in pattern.ask))
    small(document, f"Who they are: {count(row['children'], 'child', 'children')} in the annex.")


def _annex(document: Any, view: dict[str, Any]) -> None:
    """The children of each finding, and the decisions to look at again, after the letter itself."""
    document.add_page_break()
    document.add_heading("Annex: the children behind each finding", 1)
    rows = [r for area in view["areas"] for r in (*area["weaknesses"], *area["strengths"])]
    for row in [*rows, *view["outside"]]:
        if row["rows"] and row["pattern"].kind != "remains":
            document.add_heading(row["pattern"].title, 2)
            _children(document, row)
    document.add_heading("Decisions to look at again", 2)
    lines = [
        [r["child_id"] or "", day(r["referred_on"]), f"{r['pattern']}. {r['why'] or ''}"]
        for r in view["rereview"][:LISTED]
    ]
    _table(document, ("Child", "Referred", "Why to read it early, and what happened"), lines)


def _children(document: Any, row: dict[str, Any]) -> None:
    rows = row["rows"][:LISTED]
    left = row["finding"].n - len(rows)
    columns = ("child_id", "day", "reason")
    _table(document, ("Child", "Date", "Why it counts"),
           [[day(r[c]) if c == "day" else r[c] or "" for c in columns] for r in rows])  # fmt: skip
    if left > 0:
        small(document, f"{left:,} more are in findings.xlsx, on the sheet {row['pattern'].id}.")


def _table(document: Any, heads: tuple[str, ...], rows: list[list[str]]) -> None:
    table(
        document,
        heads,
        [[harmless(str(value)) for value in row] for row in rows],
        _WIDTHS,
        size=8.5,
    )


def _rereview(document: Any, view: dict[str, Any]) -> None:
    document.add_heading("Decisions to look at again", 1)
    document.add_paragraph(
        f"The extract holds {view['rereview_all']:,} decisions to take no further action. They are for "
        "somebody independent to read again, the riskiest patterns first: the first of them are in the "
        "annex, all of them in findings.xlsx."
    )
    for pattern, n in view["rereview_counts"]:
        document.add_paragraph(f"{pattern[:1].upper()}{pattern[1:]}: {n:,}", style="List Bullet")


def _questions(document: Any, heading: str, rows: list[dict[str, Any]], key: str) -> None:
    document.add_heading(heading, 1)
    for row in rows:
        paragraph = document.add_paragraph(style="List Bullet")
        paragraph.add_run(f"{row['title']}: ").bold = True
        paragraph.add_run(row[key])
    if not rows:
        document.add_paragraph("None.")


def _rests_on(document: Any, view: dict[str, Any]) -> None:
    document.add_heading("What it rests on", 1)
    book = view["casebook"]
    document.add_paragraph(f"Extract: {book.source_name}, SHA-256 {book.sha256}.")
    document.add_paragraph(
        f"Catalogue version {view['catalogue_version']}. {view['framework'].source}."
    )
    document.add_paragraph("Criteria of the framework are in our own words and unverified.")
    for words in view["evidence_words"].values():
        small(document, f"{words}.")
