"""An improvement plan in the terminal: its actions, both ratings over time, and its measures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from upturn.improvement.measured import Taken
from upturn.improvement.model import Plan
from upturn.render.plan import plan_view
from upturn.render.words import count, day


def plan_table(plan: Plan) -> RenderableType:
    """One line for each action: what was asked and where, what it is about, and its two ratings."""
    view = plan_view(plan)
    table = _table("Action")
    table.add_column("Asked", overflow="fold", ratio=4)
    table.add_column("About", overflow="fold", ratio=2)
    for name in ("Page", "Owner", "Due", "Done?", "Difference?"):
        table.add_column(name, overflow="fold")
    for row in view["actions"]:
        action = row["action"]
        table.add_row(
            action.id, Text(row["asked"]), Text(action.title), str(action.asked[0].page or ""),
            Text(action.owner), row["dates"]["due"], action.done_now, action.difference_now,
        )  # fmt: skip
    n = len(view["actions"])
    said = (
        f"Of {n:,} actions, {view['named']:,} have a cause that the report names, "
        f"{view['measured']:,} a baseline, {view['owned']:,} an owner."
    )
    parts: list[RenderableType] = [Text(plan.title, style="bold"), table, Text(said)]
    if view["draft"]:
        parts.append(Text(view["draft"]))
    return Group(*parts)


def plan_tables(plan: Plan) -> RenderableType:
    """The plan in full: its actions, both ratings side by side and over time, and its measures."""
    view = plan_view(plan)
    parts: list[RenderableType] = [plan_table(plan)]
    if view["rated"]:
        parts += [_matrix(view), _ratings(view)]
        if view["talk"]:
            parts.append(Text(f"Done, and no difference: {', '.join(view['talk'])}.", style="bold"))
    if any(row["measures"] for row in view["actions"]):
        parts.append(_measures(view))
    return Group(*parts)


def measures_table(plan: Plan) -> RenderableType:
    """The plan's measures: baseline, target, latest reading, and how that stands against the baseline."""
    return _measures(plan_view(plan))


def _matrix(view: dict[str, Any]) -> Table:
    table = _table("Done?", title="Done, and made a difference")
    for name in view["differences"]:
        table.add_column(name, overflow="fold")
    for done, cells in view["matrix"]:
        table.add_row(done, *(" ".join(ids) for ids in cells))
    return table


def _ratings(view: dict[str, Any]) -> Table:
    table = _table("Action", "On", "What", "Rating", "By", "Why", title="Ratings over time")
    for row in view["actions"]:
        action = row["action"]
        rated = [(r, "done") for r in action.done] + [(r, "difference") for r in action.difference]
        for r, what in sorted(rated, key=lambda one: one[0].on):
            why = "; ".join(part for part in (r.why, *r.evidence) if part)
            table.add_row(action.id, day(r.on), what, r.value, Text(r.by), Text(why))
    return table


def _measures(view: dict[str, Any]) -> Table:
    names = ("Action", "Measure", "Baseline", "Target", "Latest", "As at", "Against the baseline")
    table = _table(*names, title="Measures")
    for row in view["actions"]:
        for m in row["measures"]:
            table.add_row(
                row["action"].id, Text(m["name"]), m["baseline"] or "not known",
                m["target"] or "yours to set", m["latest"], m["latest_on"], m["moved"],
            )  # fmt: skip
    return table


def taken_words(taken: Taken, file: str) -> Iterator[str]:
    """What came of measuring a plan, a line each."""
    if not (taken.read or taken.untold):
        yield f"Nothing to add: {file} has this extract's figures already."
        return
    yield f"{count(taken.read, 'measure')} read, {taken.untold:,} cannot be told from this extract."
    if taken.begun:
        yield f"{taken.begun:,} had no baseline and nothing was begun: the reading is the baseline."
    if taken.other:
        yield f"{taken.other:,} are not in the catalogue of measures: theirs are yours to fill in."


def _table(*names: str, title: str = "") -> Table:
    table = Table(
        title=title or None, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD,
        pad_edge=False, expand=True,
    )  # fmt: skip
    for name in names:
        table.add_column(name, overflow="fold")
    return table
