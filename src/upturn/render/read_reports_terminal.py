"""Published reports on the screen: what was read, and what is said again."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from upturn.published.report.compare import Comparison
from upturn.published.report.model import Report
from upturn.published.report.tables import facts_of_report
from upturn.render.read_reports import AREAS, SILENCE, fieldwork_words, in_order, value_words
from upturn.render.terminal import plain
from upturn.render.words import count


def one_report(report: Report) -> RenderableType:
    """One report: its facts, its grades with where they were read, what it asks for, what to look at."""
    parts: list[RenderableType] = [Text(f"{plain(report.file)}\n", style="bold")]
    parts += [_facts(report), _grades(report), _asked(report)]
    said = [s.polarity for s in report.statements]
    tally = (
        f"{count(said.count('strength'), 'strength')}, {count(said.count('concern'), 'concern')}"
    )
    numbered = sum(1 for p in report.paragraphs if p.number)
    parts.append(
        Text(
            f"{count(numbered, 'numbered paragraph')}; sentences: {tally}, "
            f"{said.count('mixed'):,} with both"
        )
    )
    parts += [Text(f"  {s.change}: {plain(s.text)} (page {s.page})") for s in report.since]
    parts += [Text(f"Look at: {plain(note)}", style="yellow") for note in report.notes]
    return Group(*parts, Text(""))


def _facts(report: Report) -> Table:
    table = _table("", "read", "where")
    for name, fact in facts_of_report(report).items():
        if fact.state == "found":
            table.add_row(
                name,
                Text(plain(value_words(fact.value))),
                Text(f"page {fact.page}: {plain(fact.text)}"),
            )
        else:
            table.add_row(
                name, Text(fact.state, style="italic"), Text(f"looked at {plain(fact.looked)}")
            )
    return table


def _grades(report: Report) -> Table:
    table = _table("area", "grade", "read from")
    for judgement in report.judgements:
        if judgement.state == "not graded":
            continue
        places = [f"{a.kind}, page {a.page}: {a.grade}" for a in judgement.anchors]
        table.add_row(
            AREAS[judgement.area],
            Text(judgement.grade or judgement.state, style="" if judgement.grade else "italic"),
            Text(plain("; ".join(places) or f"looked at {judgement.looked}")),
        )
    return table


def _asked(report: Report) -> Table:
    table = _table("asked for", "page", "")
    for r in report.recommendations:
        board = " (board)" if r.part == "lscb" else ""
        soon = f", {r.timescale}" if r.timescale else ""
        table.add_row(Text(plain(f"{r.kind}{soon}{board}")), str(r.page), Text(plain(r.text)))
    return table


def many_reports(reports: Sequence[Report]) -> RenderableType:
    """Many reports, a line for each."""
    table = _table(
        "authority", "fieldwork", "framework", "overall", "asked for", "not found", "file"
    )
    for report in reports:
        missing = [j for j in report.judgements if j.state in ("not found", "disagree")]
        lost = [f for f in facts_of_report(report).values() if f.state != "found"]
        overall = report.judgements[0]
        table.add_row(
            Text(plain(report.authority.value or report.authority.state)),
            Text(plain(fieldwork_words(report))),
            Text(plain(report.framework.value or report.framework.state)),
            Text(overall.grade or overall.state),
            str(len(report.recommendations)),
            str(len(missing) + len(lost)),
            Text(plain(report.file)),
        )
    return table


def comparison_table(found: Comparison) -> RenderableType:
    """Two reports: the grades of both, then each thing asked for before and what is nearest to it now."""
    head = Text(
        f"{plain(found.now.authority.value)}: {plain(fieldwork_words(found.before))}, then "
        f"{plain(fieldwork_words(found.now))}\n{SILENCE}\n"
    )
    grades = _table("area", "before", "now")
    for g in found.grades:
        grades.add_row(AREAS[g.area], g.before or "", g.now or "")
    pairs = _table("", "asked before", "nearest now", "like")
    for p in in_order(found):
        near = p.said[0] if p.said else None
        asks = p.now is not None and p.how == "asked again"
        now = p.now.text if p.now and asks else near.text if near else ""
        like = p.likeness if asks else near.likeness if near else p.likeness
        pairs.add_row(p.how, Text(plain(p.before.text)), Text(plain(now)), f"{like:.2f}")
    notes = [Text(plain(note), style="yellow") for note in found.notes]
    new = Text(f"{count(len(found.new), 'thing')} asked for now that nothing before was like")
    return Group(head, grades, pairs, new, *notes)


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
