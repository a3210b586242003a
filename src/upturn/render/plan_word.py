"""An improvement plan as a Word document, for a board to mark and to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from docx.shared import Cm, Pt, RGBColor

from upturn.improvement.model import Line, Plan, Rating, Trace
from upturn.render.cells import harmless
from upturn.render.plan import dated, place_words, plan_view
from upturn.render.word_parts import new_document, small, table
from upturn.render.words import day

_QUIET = RGBColor(0x50, 0x5A, 0x5F)


def write_plan_word(plan: Plan, path: Path) -> None:
    """Write the plan to ``path``. The same plan gives the same text."""
    view = plan_view(plan)
    latest = next((o.dated for o in reversed(plan.origins) if o.dated), None)
    document = new_document(
        plan.title, latest or date(2000, 1, 1), footer=view["draft"], size=10.5, margin=2
    )
    document.add_heading(plan.title, 0)
    for notice in plan.notices:
        document.add_paragraph(notice, style="List Bullet")
    for origin in plan.origins:
        when = f", {day(origin.dated)}" if origin.dated else ""
        small(
            document,
            f"{origin.what.capitalize()}: {origin.file}{when}. SHA-256 {origin.sha256}.",
            size=8.5,
        )
    _overview(document, view)
    for row in view["actions"]:
        _action(document, row)
    _dated_list(document, "Notes on the plan", [(n.on, n.by, n.text) for n in plan.notes], level=1)
    document.add_heading("What it rests on", 1)
    for name, version in plan.catalogues:
        document.add_paragraph(f"Catalogue of {name}: version {version}", style="List Bullet")
    document.save(str(path))


def _overview(document: Any, view: dict[str, Any]) -> None:
    document.add_heading("All actions", 1)
    heads = ("Action", "About", "Page", "Owner", "Due", "Done?", "Made a difference?")
    rows = [
        (a["action"].id, f"{a['action'].title}. {a['asked']}", str(a["action"].asked[0].page or ""),
         a["action"].owner, a["dates"]["due"], a["action"].done_now, a["action"].difference_now)
        for a in view["actions"]
    ]  # fmt: skip
    _table(document, heads, rows, (1.6, 6.5, 1.3, 2.1, 1.8, 1.6, 2.1))
    document.add_heading("Done, and made a difference", 1)
    heads = ("Done?", *(name.capitalize() for name in view["differences"]))
    rows = [(done.capitalize(), *(" ".join(ids) for ids in row)) for done, row in view["matrix"]]
    _table(document, heads, rows, (2.2, *[2.4] * len(view["differences"])))
    if view["talk"]:
        document.add_paragraph(f"Done, and no difference: {', '.join(view['talk'])}.")


def _action(document: Any, row: dict[str, Any]) -> None:
    action = row["action"]
    document.add_heading(f"{action.id}. {action.title}", 1)
    for asked in action.asked:
        _quote(document, asked)
    if action.timescale:
        document.add_paragraph(f"To be done: {action.timescale}")
    heads = ("Owner", "Start", "Due", "Done?", "Made a difference?")
    dates = row["dates"]
    filled = (action.owner, dates["start"], dates["due"], action.done_now, action.difference_now)
    _table(document, heads, [filled], (4.6, 2.6, 3.2, 2.8, 3.8))
    _bullets(document, "What good looks like", action.good)
    document.add_heading("Action", 2)
    document.add_paragraph(action.action or "Yours to say.")
    causes = [c for _, some in row["causes"] for c in some]
    _lines(document, "Likely causes", [*causes, *row["other_causes"]])
    _lines(document, "What may help", action.remedies)
    _measures(document, row)
    _lines(document, "What the council's own records say", action.findings)
    if action.supports:
        document.add_heading("What else the report says of it", 2)
        for trace in action.supports:
            _quote(document, trace)
    _bullets(document, "Evidence to gather", action.to_show)
    held = [f"{e.what} ({dated(e.on)}{'; ' + e.where if e.where else ''})" for e in action.evidence]
    _bullets(document, "Evidence", held)
    _dated_list(document, "Done, over time", _ratings(action.done))
    _dated_list(document, "Made a difference, over time", _ratings(action.difference))
    _dated_list(document, "Notes", [(n.on, n.by, n.text) for n in action.notes])


def _measures(document: Any, row: dict[str, Any]) -> None:
    document.add_heading("Measures", 2)
    heads = ("Measure", "Baseline", "It rests on", "Target", "From", "Latest")
    rows = [
        (m["name"], m["baseline"] or "not known", f"{m['rests']}. {m['place']}",
         m["target"] or "yours to set", m["target_from"],
         "\n".join(part for part in (m["latest"], m["latest_on"], m["moved"]) if part))
        for m in row["measures"]
    ]  # fmt: skip
    _table(document, heads, rows, (4.2, 1.8, 4.2, 1.8, 2.4, 2.6))
    for m in row["measures"]:
        if len(m["readings"]) > 1:
            _bullets(document, f"{m['name']}, over time", m["readings"], level=3)
    if not rows:
        document.add_paragraph(
            "No measure of the catalogue shows this: use the evidence that is to be gathered."
        )


def _ratings(ratings: Sequence[Rating]) -> list[tuple[Any, str, str]]:
    return [(r.on, r.by, ". ".join([r.value, *_because(r)])) for r in ratings]


def _because(rating: Rating) -> list[str]:
    """Why, and what it rests on, where they were said."""
    evidence = f"Evidence: {'; '.join(rating.evidence)}" if rating.evidence else ""
    return [part for part in (rating.why, evidence) if part]


def _dated_list(
    document: Any, heading: str, rows: Sequence[tuple[Any, str, str]], *, level: int = 2
) -> None:
    _bullets(
        document, heading,
        [f"{day(on)}{', ' + by if by else ''}: {text}" for on, by, text in rows], level=level,
    )  # fmt: skip


def _bullets(document: Any, heading: str, texts: Sequence[str], *, level: int = 2) -> None:
    if texts:
        document.add_heading(heading, level)
    for text in texts:
        document.add_paragraph(text, style="List Bullet")


def _lines(document: Any, heading: str, lines: Sequence[Line]) -> None:
    if lines:
        document.add_heading(heading, 2)
    for line in lines:
        paragraph = document.add_paragraph(style="List Bullet")
        if line.state:
            paragraph.add_run(f"{line.state.capitalize()}: ").bold = True
        paragraph.add_run(line.text)
        if line.trace.words:
            paragraph.add_run(f" “{line.trace.words}”").italic = True
        _place(paragraph, place_words(line))


def _quote(document: Any, trace: Trace) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = Cm(0.6)
    paragraph.add_run(f"“{trace.words}”").italic = True
    _place(paragraph, place_words(trace))


def _place(paragraph: Any, text: str) -> None:
    run = paragraph.add_run(f" ({text})")
    run.font.size, run.font.color.rgb = Pt(8.5), _QUIET


def _table(
    document: Any, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
) -> None:
    table(document, heads, [[harmless(value) for value in row] for row in rows], widths,
          size=8.5, style="Table Grid")  # fmt: skip
