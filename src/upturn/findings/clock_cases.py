"""Tests that read the clocks: late, not done, left open, piled up on the deadline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from upturn.findings.cases import as_cases, lately, together
from upturn.findings.model import Cases
from upturn.journeys.result import Check

#: Which states a question is asked of. ``done``: what was done, as the DfE counts it. ``finished``: what is
#: over, one way or the other. ``current``: all that is owed now or was just done. ``open``: not done yet.
OF = {
    "done": ("met", "met late"),
    "finished": ("met", "met late", "overdue"),
    "current": ("met", "met late", "overdue", "due soon", "running"),
    "open": ("overdue", "due soon", "running"),
}
LATE = ("overdue", "met late")
#: The columns of a clock that are read here.
_READ = (
    "child_id", "episode_id", "source_rows", "started_on", "due_on", "met_on", "state",
    "working_days", "days_late", "team", "worker", "reason",
)  # fmt: skip
#: Clocks of brothers and sisters start and fall due together, with one worker.
_SIBLINGS = together(*(pl.col(c) for c in ("started_on", "due_on", "team", "worker")))


def clocks_late(check: Check, test: Mapping[str, Any]) -> Cases:
    """Clocks of these rules that are late, among those ``of`` says. ``past`` asks for that many days more."""
    clocks = _clocks(check, test["rules"], undone=test["of"] in ("current", "open"))
    if test["of"] == "current":
        clocks = _latest(check, clocks)
    asked = clocks.filter(pl.col("state").is_in(OF[test["of"]]))
    past = test.get("past", 0)
    late = pl.col("state").is_in(LATE)
    if past:
        late = late & (pl.col("days_late") >= past)
    # What is owed now is seen once, at the extract: by month it would show who is late, month by month due.
    dated = test["of"] == "finished"
    return Cases(
        _cases(asked, late, dated=dated), untold=int((clocks["state"] == "cannot tell").sum())
    )


def clocks_between(check: Check, test: Mapping[str, Any]) -> Cases:
    """Clocks met on working days ``from`` to ``to``, among all that were met."""
    clocks = _clocks(check, [test["rule"]], undone=False)
    done = clocks.filter(pl.col("state").is_in(["met", "met late"]))
    on = pl.col("working_days").is_between(test["from"], test["to"])
    return Cases(_cases(done, on), untold=int((clocks["state"] == "cannot tell").sum()))


def _clocks(check: Check, rules: list[str], *, undone: bool) -> pl.DataFrame:
    """The clocks of these rules of the last twelve months, and with ``undone`` all that are still open."""
    ended = pl.coalesce("met_on", "due_on", "started_on")
    recent = lately(ended, check.as_at).fill_null(True)
    open_ones = pl.col("state").is_in(OF["open"]) & undone
    return check.clocks_of(rules, *_READ).filter(recent | open_ones)


def _latest(check: Check, clocks: pl.DataFrame) -> pl.DataFrame:
    """The latest clock of each episode; of those that are over, only the last six months'.

    A source with every visit has a clock for each; who is overdue now is a question to the last of them.
    """
    ended = pl.coalesce("met_on", "due_on")
    now = pl.col("state").is_in(OF["open"]) | lately(ended, check.as_at, months=6).fill_null(True)
    latest = clocks.sort("started_on", nulls_last=False, maintain_order=True)
    return latest.unique(["child_id", "episode_id"], keep="last", maintain_order=True).filter(now)


def _cases(clocks: pl.DataFrame, hit: pl.Expr, *, dated: bool = True) -> pl.DataFrame:
    day = pl.coalesce("met_on", "due_on", "started_on") if dated else pl.lit(None, dtype=pl.Date)
    return as_cases(clocks, hit=hit, day=day, reason=pl.col("reason"), cluster=_SIBLINGS)
