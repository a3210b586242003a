"""Findings and questions in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from upturn.findings.load import load_frameworks
from upturn.findings.model import VERDICTS, Findings, Pattern

_TESTED = {"full": "in full", "part": "in part", "none": "no"}
_HEADS = {
    "found": "Weaknesses, the strongest evidence first",
    "strength": "Strengths",
    "not found": "Tested, not found",
    "cannot tell": "Cannot tell: too few cases",
    "not tested": "Could not be tested",
}


def letter_table(found: Findings) -> RenderableType:
    """What was found, in sentences; the rest by name."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_header=False)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for verdict in VERDICTS:
        rows = found.of(verdict)
        if not rows:
            continue
        table.add_section()
        table.add_row("", Text(f"{_HEADS[verdict]} ({len(rows)})", style="bold"))
        if verdict in ("found", "strength"):
            for finding in rows:
                table.add_row(finding.evidence, Text(finding.sentence))
        else:
            table.add_row("", Text("; ".join(f.pattern.title for f in rows)))
    book = found.check.casebook
    return Group(
        Text(f"{found.framework.title}: {book.source_name}, as at {found.as_at}", style="bold"),
        table,
        Text("No grade is computed or predicted. The re-review list has "
             f"{found.rereview.height:,} decisions."),
        Text(f"SHA-256 {book.sha256}; catalogue {found.catalogue_version}"),
    )  # fmt: skip


def questions_table(patterns: Sequence[Pattern]) -> RenderableType:
    """The questions: id, title, and how far each source can answer."""
    if not patterns:
        return Text("No question fits.")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("question", no_wrap=True)
    for heading in ("", "Annex A", "CIN census", "SSD"):
        table.add_column(heading, overflow="fold")
    for pattern in patterns:
        tested = (_TESTED[pattern.covered_by(s).tested] for s in ("annex_a", "cin_census", "ssd"))
        table.add_row(pattern.id, pattern.title, *tested)
    return table


def question_text(pattern: Pattern) -> RenderableType:
    """One question in full."""
    return Markdown("\n".join(question_lines(pattern)))


def question_lines(pattern: Pattern) -> list[str]:
    """One question in full, as lines of Markdown; the documentation says it the same way."""
    lines = [f"## {pattern.title}", "", pattern.question, "", f"- Asked of: {pattern.population}"]
    lines.append(f"- Counted: {pattern.hits}")
    if pattern.comparator:
        c = pattern.comparator
        lines.append(f"- Held against: {c.name} ({c.basis}). {c.source}")
    for source, coverage in pattern.sources:
        because = f": {coverage.because}" if coverage.because else ""
        lines.append(f"- From {source}: {_TESTED[coverage.tested]}{because}")
    if pattern.kind:
        told = ", ".join(f"{k} {v}" for k, v in pattern.test.items() if not isinstance(v, list))
        lines.append(f"- Test: {pattern.kind}{f' ({told})' if told else ''}")
    lines += ["", "Often a sign of:", "", *(f"- {s}" for s in pattern.sign_of)]
    lines += ["", "Ask next:", "", *(f"- {a}" for a in pattern.ask)]
    lines += ["", "What each framework looks for, in our own words (unverified):", ""]
    for framework in load_frameworks():
        criterion = framework.criteria.get(pattern.theme)
        said = (
            f"{dict(framework.areas)[criterion.area]}: {criterion.text}"
            if criterion
            else "outside it"
        )
        lines.append(f"- {framework.id}: {said}")
    return lines
