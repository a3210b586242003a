"""What an improvement plan is: actions, each with its evidence and two ratings that are never one.

*Done* says whether an action was carried out; *made a difference* whether children's experience changed. They
are kept apart because the commonest complaint of improvement boards is an action that was done and changed
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from upturn.records.sheets import SourceError

#: Whether an action was carried out.
DONE = ("not started", "under way", "done", "stopped")
#: Whether it made a difference. ``cannot tell``: somebody looked, and the evidence does not say.
DIFFERENCE = ("too early to tell", "cannot tell", "none", "some", "clear")
#: What a line of a plan rests on.
BASES = ("report", "extract", "catalogue", "assumed", "yours")
RatingKind = Literal["done", "difference"]
Basis = Literal["report", "extract", "catalogue", "assumed", "yours"]


class PlanError(SourceError):
    """A change to a plan that cannot be made. One line says why."""


@dataclass(frozen=True)
class Trace:
    """Where a line comes from: ``words`` of the report on ``page``, in its ``paragraph`` if it is numbered.

    For what comes from an extract or a catalogue, ``source`` says which and ``page`` is None.
    """

    basis: Basis
    words: str = ""
    page: int | None = None
    paragraph: int | None = None
    source: str = ""

    @property
    def place(self) -> str:
        """Where to look it up, in words.

        >>> Trace("report", "Visits are late.", 4, 12).place
        'report, page 4, paragraph 12'
        """
        if self.page is None:
            return ": ".join(part for part in (self.basis, self.source) if part)
        said = f"{self.basis}, page {self.page}"
        return said if self.paragraph is None else f"{said}, paragraph {self.paragraph}"


@dataclass(frozen=True)
class Line:
    """One thing a plan says beside an action (a finding, a likely cause, a remedy), and what it rests on.

    ``id`` is its id in the catalogue it comes from, or empty. ``state`` is a finding's verdict, or empty.
    """

    text: str
    trace: Trace
    id: str = ""
    state: str = ""


@dataclass(frozen=True)
class Reading:
    """A measure worked out again, as at a date; ``n`` of ``of`` is what it rests on, ``source`` whose it is.

    ``value`` is in the measure's unit. None means that it could not be told, and ``why`` says why.
    """

    as_at: date
    value: float | None = None
    n: int | None = None
    of: int | None = None
    source: str = ""
    why: str = ""


@dataclass(frozen=True)
class PlanMeasure:
    """A measure by which a difference is to be seen.

    ``baseline`` and ``target`` are in ``unit``; ``n`` of ``of`` is what the baseline rests on. None means
    that nobody has said yet, and ``why`` says why there is no baseline. ``good`` is high, low or neither.
    ``readings`` are what it came to since, in the order of their dates; they are added and never changed.
    """

    id: str
    name: str
    unit: str
    good: str
    trace: Trace
    baseline: float | None = None
    n: int | None = None
    of: int | None = None
    as_at: date | None = None
    why: str = ""
    target: float | None = None
    target_from: str = ""
    readings: tuple[Reading, ...] = ()

    @property
    def latest(self) -> Reading | None:
        """The last reading that has a value; None where there is none."""
        return next((r for r in reversed(self.readings) if r.value is not None), None)


@dataclass(frozen=True)
class Rating:
    """One dated rating. ``by`` is a role or a board, as the council writes it.

    ``evidence`` names things of the action's evidence that it rests on.
    """

    on: date
    value: str
    by: str = ""
    why: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """One dated note."""

    on: date
    text: str
    by: str = ""


@dataclass(frozen=True)
class Evidence:
    """Something that shows whether an action made a difference: a file, an audit round, a visit letter."""

    what: str
    on: date | None = None
    where: str = ""


@dataclass(frozen=True)
class Action:
    """One line of a plan.

    ``asked`` is what the report asks for, in its words; ``supports`` are its paragraphs on the same
    themes. ``good`` is what good looks like. ``first_due`` is the date it was first due: a date that slips
    keeps it. Ratings and notes are added and never taken away.
    """

    id: str
    title: str
    asked: tuple[Trace, ...]
    themes: tuple[str, ...] = ()
    timescale: str = ""
    action: str = ""
    good: tuple[str, ...] = ()
    owner: str = ""
    start: date | None = None
    due: date | None = None
    first_due: date | None = None
    supports: tuple[Trace, ...] = ()
    findings: tuple[Line, ...] = ()
    causes: tuple[Line, ...] = ()
    remedies: tuple[Line, ...] = ()
    measures: tuple[PlanMeasure, ...] = ()
    to_show: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    done: tuple[Rating, ...] = ()
    difference: tuple[Rating, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def done_now(self) -> str:
        """The latest rating of whether it was carried out; ``not started`` until somebody says."""
        return self.done[-1].value if self.done else "not started"

    @property
    def difference_now(self) -> str:
        """The latest rating of whether it made a difference; ``not rated`` until somebody says."""
        return self.difference[-1].value if self.difference else "not rated"


@dataclass(frozen=True)
class Origin:
    """What a plan was drafted from: a file and its hash, what it is, and its date."""

    what: str
    file: str
    sha256: str
    dated: date | None = None


@dataclass(frozen=True)
class Plan:
    """An improvement plan. ``notices`` are said on every form of it; ``catalogues`` names what it went by."""

    title: str
    authority: str
    actions: tuple[Action, ...]
    origins: tuple[Origin, ...] = ()
    catalogues: tuple[tuple[str, str], ...] = ()
    notices: tuple[str, ...] = ()
    draft: bool = True
    notes: tuple[Note, ...] = field(default=())

    def action(self, id: str) -> Action:
        """One action by its id. Raises PlanError when there is none."""
        for one in self.actions:
            if one.id == id:
                return one
        raise PlanError(f"no action {id!r}; there are {', '.join(a.id for a in self.actions)}")


def rate(
    plan: Plan,
    action: str,
    kind: RatingKind,
    value: str,
    *,
    on: date,
    by: str = "",
    why: str = "",
    evidence: Sequence[Evidence] = (),
) -> Plan:
    """The plan with one more rating of an action; earlier ones stay.

    ``evidence`` is what the rating rests on; what the action does not hold yet is added to it. Raises
    PlanError for an action or a value that there is not, a date before the last rating, or *made a
    difference* said of an action that nobody has started.

    >>> plan = Plan("P", "Here", (Action("A1", "Visits", (Trace("report", "Visits.", 2),)),))
    >>> rate(plan, "A1", "done", "under way", on=date(2026, 3, 2)).action("A1").done_now
    'under way'
    """
    old = plan.action(action)
    before = old.done if kind == "done" else old.difference
    _rateable(old, kind, value, before, on)
    held = {one.what for one in old.evidence}
    new = replace(old, evidence=(*old.evidence, *(e for e in evidence if e.what not in held)))
    rated = (*before, Rating(on, value, by, why, tuple(one.what for one in evidence)))
    return _with(
        plan, replace(new, done=rated) if kind == "done" else replace(new, difference=rated)
    )


def _rateable(
    old: Action, kind: RatingKind, value: str, before: tuple[Rating, ...], on: date
) -> None:
    known = DONE if kind == "done" else DIFFERENCE
    if value not in known:
        raise PlanError(f"{old.id}: {kind!r} is one of {', '.join(known)}, not {value!r}")
    if before and on < before[-1].on:
        raise PlanError(f"{old.id}: rated on {before[-1].on} already; {on} is before that")
    if kind == "difference" and value in ("some", "clear") and old.done_now == "not started":
        raise PlanError(f"{old.id}: not started, so it cannot have made a difference")


def move(plan: Plan, action: str, *, due: date, on: date, by: str = "", why: str = "") -> Plan:
    """The plan with an action due on another day; the day it was first due is kept, and a note says so.

    >>> plan = Plan("P", "Here", (Action("A1", "Visits", (), due=date(2026, 3, 1)),))
    >>> moved = move(plan, "A1", due=date(2026, 6, 1), on=date(2026, 2, 20), why="no auditor")
    >>> moved.action("A1").first_due, moved.action("A1").notes[0].text
    (datetime.date(2026, 3, 1), 'Due 2026-06-01 instead of 2026-03-01: no auditor')
    """
    old = plan.action(action)
    if old.start and due < old.start:
        raise PlanError(f"{action}: due {due} is before its start {old.start}")
    if old.due is None:
        return _with(plan, replace(old, due=due, first_due=old.first_due or due))
    said = f"Due {due} instead of {old.due}" + (f": {why}" if why else "")
    noted = (*old.notes, Note(on, said, by))
    return _with(plan, replace(old, due=due, first_due=old.first_due or old.due, notes=noted))


def note(plan: Plan, action: str, text: str, *, on: date, by: str = "") -> Plan:
    """The plan with one more dated note on an action. Raises PlanError for an action that there is not."""
    old = plan.action(action)
    return _with(plan, replace(old, notes=(*old.notes, Note(on, text, by))))


def _with(plan: Plan, new: Action) -> Plan:
    return replace(plan, actions=tuple(new if a.id == new.id else a for a in plan.actions))
