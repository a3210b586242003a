"""Results that no other room puts into a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from upturn.rulebooks import Rule

TESTED = {"full": "in full", "part": "in part", "none": "no"}


def rules_table(rules: Sequence[Rule]) -> RenderableType:
    """The rules by group: id, limit, kind, status, edition, and whether Annex A can test them."""
    if not rules:
        return Text("No rule fits.")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("rule", no_wrap=True)  # an id cut in two cannot be copied
    for heading in ("within", "kind", "status", "edition", "tested by Annex A"):
        table.add_column(heading, overflow="fold")
    for group, members in groupby(rules, key=lambda rule: rule.group):
        table.add_section()
        table.add_row(Text(group, style="bold"))
        for rule in members:
            table.add_row(*_cells(rule))
    return table


def _cells(rule: Rule) -> list[str]:
    return [
        rule.id,
        str(rule.within or ""),
        rule.kind,
        rule.status,
        rule.edition,
        TESTED[rule.covered_by("annex_a").tested],
    ]


def rule_text(rules: Sequence[Rule]) -> RenderableType:
    """One rule: the newest edition in full, then what the others have that differs."""
    from upturn.rulebooks import describe_rule

    newest, *older = rules
    parts: list[RenderableType] = [Markdown(describe_rule(newest))]
    if older:
        parts += [Text("\nIn other editions", style="bold"), _editions(rules)]
    return Group(*parts)


def _editions(rules: Sequence[Rule]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("edition", "in force from", "to", "within", "status"):
        table.add_column(heading)
    for rule in rules:
        dates = (rule.in_force_from, rule.in_force_to)
        table.add_row(
            rule.edition, *(str(day or "") for day in dates), str(rule.within or ""), rule.status
        )
    return table
