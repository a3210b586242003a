"""The scorecard on the screen: the measures to look at first, and what is moving."""

from __future__ import annotations

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from upturn.measures.moving import moving
from upturn.measures.scorecard import Entry, Scorecard
from upturn.measures.words import day_words, figure_words, interval_words, number
from upturn.render.terminal import plain
from upturn.render.words import BANNER, weekday

MOVING = ("improving", "getting worse", "rising", "falling")


def scorecard_table(card: Scorecard, *, every: bool = False) -> RenderableType:
    """The measures to look at first (``every``: all of them) and, below, what is moving."""
    book = card.check.casebook
    window = " to ".join(day_words(day) for day in card.window)
    head = Text(
        f"{plain(book.source_name)}, as at {weekday(card.as_at)}; what happened {window}\n{BANNER}\n"
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("measure", "value", "95 % interval", "target", "England", "over time"):
        table.add_column(heading, overflow="fold")
    for entry in card.entries:
        if every or entry.measure.key:
            table.add_row(*(Text(plain(cell)) for cell in _cells(entry)))
    movers = [e for e in card.entries if e.direction.split(":")[0] in MOVING]
    lines = [f"  {e.measure.name}: {e.direction}" for e in movers] or ["  nothing beyond chance"]
    said = f"What is moving\n{moving(card.entries).words}\n" + "\n".join(lines)
    return Group(head, table, Text(said))


def _cells(entry: Entry) -> list[str]:
    target = ""
    if entry.target is not None:
        target = f"{number(entry.target.target, entry.measure.unit)} {entry.status}".strip()
    england = ""
    if entry.england is not None:
        year, value = entry.england.latest
        england = f"{number(value, entry.england.unit)} ({year})"
    return [
        entry.measure.name,
        figure_words(entry.value),
        interval_words(entry.value),
        target,
        england,
        entry.direction.split(":")[0],
    ]
