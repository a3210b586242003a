"""A child's timeline drawn with characters, for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from upturn.render.words import SURE as SURE_CERTAINTIES
from upturn.render.words import day, episode_words

#: Columns of the drawing, and of the names of episodes before it.
WIDTH, NAMES = 52, 34
SURE, UNSURE, DUE, NOW, SPAN = "●", "○", "◆", "┆", "━"


@dataclass(frozen=True)
class Scale:
    """Turns dates into columns: ``first`` is column 0 and ``last`` the column before ``WIDTH``."""

    first: date
    last: date

    def column(self, when: date) -> int:
        """The column of a date.

        >>> Scale(date(2026, 1, 1), date(2026, 12, 31)).column(date(2026, 12, 31)) == WIDTH - 1
        True
        """
        days = max((self.last - self.first).days, 1)
        return round((when - self.first).days * (WIDTH - 1) / days)


def draw(events: pl.DataFrame, clocks: pl.DataFrame, *, as_at: date) -> list[str]:
    """The lines of the drawing: a head, then a lane per episode with its events and due dates.

    ``events`` and ``clocks`` are one child's. Nothing that has no date is drawn; no dates, no lines.
    """
    dated = events.filter(pl.col("date").is_not_null())
    due = clocks.filter(pl.col("due_on").is_not_null())
    if dated.is_empty() and due.is_empty():
        return []
    when: list[date] = [*dated["date"].to_list(), *due["due_on"].to_list(), as_at]
    scale = Scale(min(when), max(max(when), min(when) + timedelta(days=14)))
    lanes = list(dict.fromkeys([*dated["episode_id"].to_list(), *due["episode_id"].to_list()]))
    lines = [_head(scale, as_at)]
    for lane in lanes:
        mine = dated.filter(pl.col("episode_id").eq_missing(lane))
        theirs = due.filter(pl.col("episode_id").eq_missing(lane))
        name = _fit(episode_words(lane) or "No episode")
        lines.append(name + _events_line(mine.select("date", "certainty").rows(), scale, as_at))
        if theirs.height:
            lines.append(_fit("  due") + _due_line(theirs["due_on"].to_list(), scale, as_at))
    return lines


def _fit(name: str) -> str:
    return (name if len(name) < NAMES else name[: NAMES - 2] + "…").ljust(NAMES)


def _head(scale: Scale, as_at: date) -> str:
    left, right = day(scale.first), day(scale.last)
    line = list(left.ljust(WIDTH - len(right)) + right)
    said = f"{NOW} as at {day(as_at)}"
    place = scale.column(as_at)
    # Where it would cover the ends of the scale, the key below the drawing says it alone.
    free = place > len(left) and place + len(said) < WIDTH - len(right)
    line[place : place + (len(said) if free else 1)] = said if free else NOW
    return " " * NAMES + "".join(line[:WIDTH])


def _blank(scale: Scale, as_at: date) -> list[str]:
    line = [" "] * WIDTH
    line[scale.column(as_at)] = NOW
    return line


def _events_line(events: Sequence[tuple[date, str]], scale: Scale, as_at: date) -> str:
    line = _blank(scale, as_at)
    columns = [scale.column(when) for when, _ in events]
    for column in range(min(columns, default=0) + 1, max(columns, default=0)):
        line[column] = SPAN
    for (_, certainty), column in zip(events, columns, strict=True):
        line[column] = SURE if certainty in SURE_CERTAINTIES else UNSURE
    return "".join(line)


def _due_line(due: Sequence[date], scale: Scale, as_at: date) -> str:
    line = _blank(scale, as_at)
    for when in due:
        line[scale.column(when)] = DUE
    return "".join(line)
