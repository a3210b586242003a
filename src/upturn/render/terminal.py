"""A check, a child and any table, for the terminal.

Texts from an extract are shown as they are: neither Rich's markup nor a terminal's control sequences in
them have any effect.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import polars as pl
from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from upturn.journeys.result import STATES, Check
from upturn.render.cells import flat
from upturn.render.summary import row_totals
from upturn.render.timeline_text import draw
from upturn.render.view import PRESSING, by_team, once, rule_counts, worst_first
from upturn.render.words import BANNER, CERTAINTY_MEANINGS, count, day, rule_marks, weekday
from upturn.rulebooks.vocabulary import vocabulary

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
STYLES = {"overdue": "bold magenta", "due soon": "yellow", "cannot tell": "italic"}
#: Teams shown in the terminal; the rest are in the report.
TEAMS_SHOWN = 15


def plain(value: object) -> str:
    """A value as text that cannot steer a terminal: control characters become "�".

    >>> plain("a\\x1b[31mb"), plain(None), plain(date(2026, 8, 4))
    ('a�[31mb', '', '4 Aug 2026')
    """
    if value is None:
        return ""
    if type(value) is date:
        return day(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return _CONTROL.sub("\ufffd", str(value))


def frame_table(frame: pl.DataFrame, title: str) -> RenderableType:
    """Any frame as a table; numbers to the right, nothing for null.

    >>> frame_table(pl.DataFrame({"n": [1]}), "Numbers").row_count
    1
    """
    table = _table(title)
    for name, kind in frame.schema.items():
        right = kind.is_numeric()
        table.add_column(
            Text(plain(name.replace("_", " "))), justify="right" if right else "left",
            no_wrap=right, overflow="fold",
        )  # fmt: skip
    for row in flat(frame).iter_rows():
        table.add_row(*(Text(plain(value)) for value in row))
    return table


def summary_table(check: Check) -> RenderableType:
    """What came in, who needs us by rule and team, and what could not be tested."""
    clocks = worst_first(check)
    parts: list[RenderableType] = [_head(check, once(clocks)), _rules(check, clocks)]
    teams = by_team(once(clocks))
    if teams.height:
        parts.append(_teams(teams))
    untested = check.coverage.filter(pl.col("tested") != "full")
    if untested.height:
        none = int((untested["tested"] == "none").sum())
        parts.append(
            Text(f"Not tested: {count(none, 'rule')} not at all, {untested.height - none} in part. "
                 "The report says why.")
        )  # fmt: skip
    books = ", ".join(f"{book.id} {book.version}" for book in check.rulebooks)
    parts.append(Text(f"Rulebooks: {plain(books) or 'none'}", style="dim"))
    return Group(*parts)


def _head(check: Check, clocks: pl.DataFrame) -> Text:
    book, rows = check.casebook, row_totals(check)
    states = {state: clocks.filter(pl.col("state") == state) for state in PRESSING}
    said = "; ".join(
        f"{count(chosen.height, 'clock')} {state} "
        f"for {count(chosen['child_id'].n_unique(), 'child', 'children')}"
        for state, chosen in states.items()
    )
    head = Text()
    head.append(plain(book.source_name), style="bold")
    head.append(f", as at {weekday(check.as_at)} ({plain(book.as_at_reason)})\n")
    head.append(f"SHA-256 {book.sha256}\n", style="dim")
    head.append(
        f"{count(rows['rows_in'], 'row')} in = {rows['accepted']:,} accepted + "
        f"{rows['quarantined']:,} quarantined; {count(rows['cells_set_aside'], 'cell')} set aside\n"
    )
    head.append(said[0].upper() + said[1:] + "\n", style="bold")
    return head.append(f"{BANNER}\n", style="dim")


def _table(title: str) -> Table:
    return Table(
        title=Text(plain(title), style="bold"), title_justify="left", box=box.SIMPLE_HEAD,
        pad_edge=False,
    )  # fmt: skip


def _numbers(table: Table, names: tuple[str, ...]) -> None:
    for name in names:  # two short lines, so that a terminal of 80 columns has room for the rule
        table.add_column("\n".join(name.rsplit(" ", 1)), justify="right", no_wrap=True)


def _shown(row: dict[str, Any], names: tuple[str, ...]) -> list[Text]:
    return [
        Text(f"{row[name]:,}", style=STYLES.get(name, "") if row[name] else "dim") for name in names
    ]


def _rules(check: Check, clocks: pl.DataFrame) -> RenderableType:
    table = _table("Clocks by rule and state")
    table.add_column("rule", overflow="fold")
    _numbers(table, STATES)
    assumed = {rule.id for rule in check.rules.values() if rule.assumed}
    group = None
    for row in rule_counts(check, clocks).iter_rows(named=True):
        if not sum(row[state] for state in STATES):
            continue
        if row["group"] != group:
            group = row["group"]
            table.add_section()
        marks = rule_marks(row["kind"], row["status"], assumed=row["rule"] in assumed)
        name = Text(plain(row["rule_name"] or row["rule"]))
        table.add_row(name.append(f" ({'; '.join(marks)})" if marks else "", "dim"),
                      *_shown(row, STATES))  # fmt: skip
    return table if table.row_count else Text("No clock ran, so nothing is overdue or due soon.\n")


def _teams(teams: pl.DataFrame) -> RenderableType:
    names = ("overdue", "due soon", "cannot tell", "children")
    table = _table("By team")
    table.add_column("team", overflow="fold")
    _numbers(table, names)
    for row in teams.head(TEAMS_SHOWN).iter_rows(named=True):
        table.add_row(Text(plain(row["label"])), *_shown(row, names))
    left = teams.height - TEAMS_SHOWN
    more = f"… and {count(left, 'team')} more\n" if left > 0 else ""
    key = "children: those with something overdue or due soon\n"
    return Group(table, Text(more + key, style="dim"))


def child_panel(check: Check, child_id: str) -> RenderableType:
    """One child: the timeline drawn in text, the clocks with their reasons, the events.

    Raises LookupError when no accepted row names the child.
    """
    mine = pl.col("child_id") == child_id
    clocks = worst_first(check).filter(mine)
    events = check.events.filter(mine).sort("date", nulls_last=True, maintain_order=True)
    if clocks.is_empty() and events.is_empty():
        raise LookupError(f"no accepted row of {check.casebook.source_name} names {child_id!r}")
    parts = [_timeline(events, clocks, check.as_at), _clocks(clocks), _events(events)]
    title = Text(f"Child {plain(child_id)}, as at {weekday(check.as_at)}", style="bold")
    foot = Text(
        f"{plain(check.casebook.source_name)} · SHA-256 {check.casebook.sha256[:12]}… · {BANNER}"
    )
    return Panel(Group(*parts), title=title, subtitle=foot, title_align="left", box=box.ROUNDED)


def _timeline(events: pl.DataFrame, clocks: pl.DataFrame, as_at: date) -> RenderableType:
    counted = clocks.filter(pl.col("state") != "does not apply")
    lines = draw(events, counted, as_at=as_at)
    if not lines:
        return Text("Nothing here has a date, so there is nothing to draw.\n")
    key = f"● event  ○ event, not sure  ◆ due  ┆ as at {day(as_at)}\n"
    drawing = Text("\n".join(plain(line) for line in lines) + "\n", no_wrap=True, overflow="crop")
    return Group(drawing, Text(key, style="dim"))


def _clocks(clocks: pl.DataFrame) -> RenderableType:
    table = _table(f"Clocks ({clocks.height})")
    for name in ("state", "due", "rule and reason"):
        table.add_column(name, overflow="fold", no_wrap=name == "due")
    for row in clocks.iter_rows(named=True):
        said = Text(plain(row["what"]), style="bold").append(
            f"\n{plain(row['reason'])}", "not bold"
        )
        said.append(f"\n{plain(row['source_rows'])}", "not bold dim")
        state = Text(plain(row["state_words"]), style=STYLES.get(row["state"], ""))
        table.add_row(state, Text(day(row["due_on"])), said)
    return table


def _doubt(row: dict[str, Any]) -> str:
    """How sure an event is; a note that says why it is not known needs nothing more."""
    sure = row["certainty"]
    return "" if sure == "unknown" and row["note"] else CERTAINTY_MEANINGS.get(sure, sure or "")


def _events(events: pl.DataFrame) -> RenderableType:
    table = _table(f"Events ({events.height})")
    for name in ("date", "event", "how sure", "source"):
        table.add_column(name, overflow="fold", no_wrap=name == "date")
    says = vocabulary().events
    for row in events.iter_rows(named=True):
        event = says.get(row["event"] or "", (row["event"] or "").replace("_", " "))
        note = f" ({row['note']})" if row["note"] else ""
        cells = (day(row["date"]) or "not known", event + note, _doubt(row), row["source"])
        table.add_row(*(Text(plain(cell)) for cell in cells))
    return table
