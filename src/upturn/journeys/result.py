"""What a check gives back: every clock, what could not be tested, and where it all came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from upturn.records.casebook import Casebook
from upturn.rulebooks.model import Rule, Rulebook

#: The states of a clock, in the order a manager wants them.
STATES = ("overdue", "due soon", "running", "cannot tell", "met late", "met", "does not apply")

CLOCKS: dict[str, pl.DataType] = {
    "child_id": pl.String(),
    "episode_id": pl.String(),  # e.g. "enquiry 2026-05-01"; unique within the child
    "episode": pl.String(),  # kind of episode, a word of the vocabulary
    "rule": pl.String(),  # rule id, the same across editions
    "edition": pl.String(),
    "rule_name": pl.String(),
    "group": pl.String(),  # "Assessment", "Conference", ...
    "kind": pl.String(),  # statutory, statistic, local
    "status": pl.String(),  # verified, secondary, unverified, draft
    "source_rows": pl.String(),  # "List 3 row 17; List 4 row 22"
    "started_on": pl.Date(),
    "due_on": pl.Date(),
    "met_on": pl.Date(),
    "state": pl.String(),
    "working_days": pl.Int32(),  # used: from start to met, or to as-at; null if it cannot be told
    "days_late": pl.Int32(),  # past due, in the rule's unit (working or calendar days); < 0: days left
    "team": pl.String(),
    "worker": pl.String(),
    "reason": pl.String(),
}

EVENTS: dict[str, pl.DataType] = {
    "child_id": pl.String(),
    "episode": pl.String(),
    "episode_id": pl.String(),
    "event": pl.String(),
    "date": pl.Date(),  # null when it was set aside or never given
    "certainty": pl.String(),  # exact, maybe, unknown, at or before, latest
    "team": pl.String(),
    "worker": pl.String(),
    "source": pl.String(),  # "List 4 row 22"
    "note": pl.String(),
}

COVERAGE: dict[str, pl.DataType] = {
    "rule": pl.String(),
    "rule_name": pl.String(),
    "group": pl.String(),
    "kind": pl.String(),
    "status": pl.String(),
    "tested": pl.String(),  # full, part, none
    "because": pl.String(),
    "clocks": pl.Int64(),
    "not_tested": pl.Int64(),  # gaps that the source does not hold, so neither passed nor failed
}


@dataclass(frozen=True)
class Check:
    """One run of the clocks over one casebook.

    ``clocks``, ``events`` and ``coverage`` have the schemas above. ``rules`` are the rules used, by
    ``ref``; ``due_within`` is in working days.
    """

    casebook: Casebook
    clocks: pl.DataFrame
    events: pl.DataFrame
    coverage: pl.DataFrame
    rules: dict[str, Rule]
    rulebooks: tuple[Rulebook, ...]
    due_within: int

    @property
    def as_at(self) -> date:
        """The date the clocks were read on."""
        return self.casebook.as_at

    def clocks_of(self, rules: Iterable[str], *columns: str) -> pl.DataFrame:
        """The clocks of these rules (by id, in every edition); with ``columns``, those columns and no more.

        Quicker than a filter by name, which reads a million names, and the fewer columns the quicker.
        """
        numbers, of_rule = self._rules
        wanted = [of_rule[rule] for rule in rules if rule in of_rule]
        read = self.clocks.select(columns) if columns else self.clocks
        return read.filter(numbers.is_in(wanted))

    @cached_property
    def _rules(self) -> tuple[pl.Series, dict[str, int]]:
        """The number of each clock's rule, and the numbers by rule; worked out once for all who ask."""
        named = self.clocks["rule"].cast(pl.Categorical)
        each = named.unique()
        of_rule = dict(zip(each.cast(pl.String), each.to_physical(), strict=True))
        return named.to_physical(), of_rule
