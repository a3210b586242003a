"""The workload on the screen: team by team, with the spread, and how load bears on delay."""

from __future__ import annotations

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from upturn.records.sheets import counted
from upturn.render import workload_words as words
from upturn.render.terminal import plain
from upturn.render.words import weekday
from upturn.workload.delay.model import ASSOCIATION
from upturn.workload.result import Workload


def workload_text(found: Workload) -> RenderableType:
    """Teams as a table; below, what the last year, the posts and the models say. No worker is named."""
    book = found.casebook
    head = Text(f"{plain(book.source_name)}, as at {weekday(found.as_at)}\n")
    if found.told != "full":
        far = "in part" if found.told == "part" else "not at all"
        head.append(f"Who held a child is told {far}: {found.because}.\n")
    spread = words.spread_words(found.children, "children")
    said = [f"Of {found.children.n} workers who hold children, {spread}."]
    if not found.workers.height:
        said = ["No worker who holds a child is named in this source, so no caseload can be told."]
    said += [*words.history_words(found), *words.posts_words(found)]
    if found.nobody.height:
        none = counted(found.nobody.height, "open child has", "open children have")
        said.append(f"{none} no named worker.")
    if found.with_leavers.height:
        left = counted(found.with_leavers.height, "child is", "children are")
        said.append(f"{left} held by somebody who has left.")
    said += [
        "",
        "How load bears on delay",
        *(delay.sentence for delay in found.delays),
        *([ASSOCIATION] if any(delay.statement for delay in found.delays) else ()),
    ]
    said += ["", *(f"Note: {note}" for note in found.notes)]
    teams = [_teams(found)] if found.workers.height else []
    return Group(head, *teams, Text("\n".join(plain(line) for line in said)))


def _teams(found: Workload) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("team", overflow="fold")
    for heading in ("workers", "children", "least", "middle", "tenth above", "most", "load, most"):
        table.add_column(heading, justify="right")
    for row in found.teams.to_dicts():
        told = row["workers"] >= words.FEWEST_WORKERS
        spread = ("least", "median", "p90", "most", "load_most")
        cells = [words.figure(row[name]) if told else "not shown" for name in spread]
        if told and row["load_most"] is not None:
            cells[-1] = f"{row['load_most']:.0f} %"
        table.add_row(*(plain(c) for c in (row["team"], row["workers"], row["held"], *cells)))
    return table
