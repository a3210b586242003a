"""An improvement plan in the terminal: its actions, and where each stands."""

from __future__ import annotations

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from upturn.improvement.model import Plan
from upturn.render.plan import plan_view


def plan_table(plan: Plan) -> RenderableType:
    """One line for each action: what was asked and where, what it is about, and its two ratings."""
    view = plan_view(plan)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("Action")
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
