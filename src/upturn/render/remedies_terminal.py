"""Remedies and advice in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from upturn.remedies.advice import Advice
from upturn.remedies.model import Remedy
from upturn.remedies.said import said
from upturn.render.remedies_view import effect_words, remedies_view


def advice_text(advice: Advice) -> RenderableType:
    """The answer, what doing nothing does, and the best few."""
    view = remedies_view(advice)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in ("", "Option", "At most", "Goal met", "Days overdue saved", "Shows from"):
        table.add_column(head, overflow="fold", justify="right" if "saved" in head else "left")
    for o in view["options"]:
        table.add_row(o["letter"], o["mix"], o["set_aside"], o["chance"], o["saved"], o["shows"])
    said = [Text(f"• {s}") for s in view["sentences"]]
    label = [Text(view["example"], style="bold")] if view["example"] else []
    return Group(*label, Text(view["answer"], style="bold"), Text(), *said, table)


def remedies_table(found: Sequence[Remedy]) -> RenderableType:
    """The remedies: id, title, drivers, how soon, how sure."""
    if not found:
        return Text("No remedy moves it.")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("remedy", no_wrap=True)
    for head in ("", "moves", "begins after", "evidence"):
        table.add_column(head, overflow="fold")
    for r in found:
        table.add_row(r.id, r.title, ", ".join(r.drivers), f"{r.lead} months", r.strength)
    return table


def remedy_text(remedy: Remedy) -> RenderableType:
    """One remedy in full."""
    return Markdown("\n".join(remedy_lines(remedy)))


def remedy_lines(remedy: Remedy) -> list[str]:
    """One remedy as lines of Markdown, as the documentation has it too."""
    most = f"{remedy.most_times:g}"
    if remedy.most_of:
        most += f" of {said(remedy.most_of)}"
    needs = ", ".join(f"`{name}`" for name in remedy.inputs) or "none"
    ends = "" if remedy.lasts is None else f"; ends after {remedy.lasts} months"
    return [
        f"## {remedy.title}",
        "",
        remedy.what,
        "",
        f"- A step is: {remedy.unit}. At most: {most}.",
        f"- Begins after {remedy.lead} months, grows for {remedy.ramp}{ends}.",
        f"- Moves, a step: {'; '.join(effect_words(e) for e in remedy.effects)}.",
        f"- Drivers: {', '.join(remedy.drivers)}.",
        f"- Prices it needs: {needs}.",
        f"- Evidence: {remedy.strength} ({remedy.status}). {remedy.source}",
        *(f"- May go wrong: {text}" for text in remedy.wrong),
        f"- Watch: {'; '.join(remedy.watch)}.",
    ]
