"""Rules into arrays: for every rule, the due day of every start day, across its editions.

A clock takes the edition in force on the day that starts it. Working that out child by child would
read the law again for every row; here it is read once, and a start day is an index.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from upturn.rulebooks.calendar import DAY0, DAYS, Days, day_number, due_table
from upturn.rulebooks.model import Pattern, Rule, Which

#: In `Family.due`: an edition is in force but its due day is past the calendar's end.
CANNOT_TELL = -1
#: In `Family.due`: no edition of the rule is in force on that start day.
NOT_IN_FORCE = -2


@dataclass(frozen=True, eq=False)
class Family:
    """One rule across the editions that give it the same shape.

    Editions that start or stop a rule by different events are different families of the same
    ``id``. ``due`` and ``edition_of`` have one entry for each start day, shape ``(DAYS,)``, index
    ``day number - DAY0``. ``due`` (int32) is the due day number, `CANNOT_TELL` or `NOT_IN_FORCE`;
    for a check or precedence rule it is the start day itself. ``edition_of`` (int16) is the place
    in ``rules`` of the edition in force, -1 for none.
    """

    id: str
    rules: tuple[Rule, ...]
    pattern: Pattern
    episode: str
    starts: str
    which: Which
    stops: tuple[str, ...]
    voided_by: tuple[str, ...]
    ended_by: tuple[str, ...]
    failed_by: tuple[str, ...]
    due: Days
    edition_of: NDArray[np.int16]


_Shape = tuple[
    str, Pattern, str, str, Which,
    tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...],
]  # fmt: skip


def _shape(rule: Rule) -> _Shape:
    return (rule.id, rule.pattern, rule.episode, rule.starts, rule.which, rule.stops,
            rule.voided_by, rule.ended_by, rule.failed_by)  # fmt: skip


def compile_families(rules: Iterable[Rule]) -> list[Family]:
    """The rules as families, in the order their ids first appear.

    Raises ValueError when two rules of one family are in force on the same day; `load_rulebooks`
    has refused such rulebooks already.

    >>> from upturn.rulebooks import load_rulebooks, rules_of
    >>> families = compile_families(rules_of(load_rulebooks()))
    >>> [f.starts for f in families if f.id == "assessment-45-from-referral"]
    ['referral']
    """
    groups: dict[_Shape, list[Rule]] = {}
    for rule in rules:
        groups.setdefault(_shape(rule), []).append(rule)
    return [_family(tuple(group)) for group in groups.values()]


def _family(rules: Sequence[Rule]) -> Family:
    due = np.full(DAYS, NOT_IN_FORCE, dtype=np.int32)
    edition_of = np.full(DAYS, -1, dtype=np.int16)
    for place, rule in enumerate(rules):
        days = _days_in_force(rule)
        if (edition_of[days] >= 0).any():
            other = rules[int(edition_of[days].max())]
            raise ValueError(f"{rule.ref} and {other.ref} are in force on the same day")
        edition_of[days] = place
        due[days] = _due_of(rule)[days]
    due.setflags(write=False)
    edition_of.setflags(write=False)
    first = rules[0]
    return Family(first.id, tuple(rules), first.pattern, first.episode, first.starts, first.which,
                  first.stops, first.voided_by, first.ended_by, first.failed_by,
                  due, edition_of)  # fmt: skip


def _due_of(rule: Rule) -> Days:
    if rule.within is not None:
        return due_table(rule.within)
    return np.arange(DAY0, DAY0 + DAYS, dtype=np.int32)


def _days_in_force(rule: Rule) -> NDArray[np.bool_]:
    day = np.arange(DAY0, DAY0 + DAYS)
    days = _within(day, rule.in_force_from, rule.in_force_to)
    for start, end in rule.suspended:
        days &= ~_within(day, start, end)
    return days


def _within(day: NDArray[np.int64], start: date | None, end: date | None) -> NDArray[np.bool_]:
    after = day >= (day_number(start) if start else DAY0)
    before = day <= (day_number(end) if end else DAY0 + DAYS)
    return after & before
