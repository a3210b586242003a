"""A plan as a YAML file: written so that people can edit it, read with file and line for each fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml

from upturn.improvement.model import (
    BASES,
    DIFFERENCE,
    DONE,
    Action,
    Basis,
    Evidence,
    Line,
    Note,
    Origin,
    Plan,
    PlanMeasure,
    Rating,
    Reading,
    Trace,
)
from upturn.rulebooks.entry import Entry
from upturn.rulebooks.located import Document, RulebookError, parse_yaml, read_yaml

T = TypeVar("T")
_HEAD = """# An improvement plan. Edit it, then have it drawn again: upturn plan write THIS-FILE
#
# owner, start, due          yours to fill in
# done                       {done}
# difference                 {difference}
# done, difference, notes    lists: add to the end, dated; what stands there stays (or: upturn plan rate)
# baseline, target           in the unit of the measure; leave out what is not known
# readings                   what a measure came to since, with as_at (or: upturn plan measure)
"""


def plan_yaml(plan: Plan) -> str:
    """The plan as YAML, with a comment that says how to fill it in; the same plan, the same text.

    >>> read_plan_text("p.yaml", plan_yaml(Plan("P", "Here", ()))).title
    'P'
    """
    head = _HEAD.format(done=" | ".join(DONE), difference=" | ".join(DIFFERENCE))
    body = yaml.safe_dump(
        {"plan": _plain(plan)}, sort_keys=False, allow_unicode=True, width=100, indent=2
    )
    return head + str(body)


#: Kept in the file even when they are empty: these are for people to fill in.
_TO_FILL = {"owner", "start", "due", "done", "difference", "notes", "evidence", "target"}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        held = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        return {k: v for k, v in held.items() if v not in (None, "", []) or k in _TO_FILL}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def read_plan(file: Path) -> Plan:
    """The plan of a file. Raises RulebookError with every fault and its line."""
    return _plan(read_yaml(file))


def read_plan_text(name: str, text: str) -> Plan:
    """As `read_plan`, for text already read."""
    return _plan(parse_yaml(name, text))


def _plan(document: Document) -> Plan:
    if not (isinstance(document.data, dict) and isinstance(document.data.get("plan"), dict)):
        if not document.faults:
            document.fault((), "not a plan: it should start with 'plan:'")
        raise RulebookError(document.faults)
    entry = Entry(document, ("plan",))
    entry.only([f.name for f in fields(Plan)])
    plan = Plan(
        title=entry.text("title") or "",
        authority=entry.text("authority", "") or "",
        actions=_many(entry, "actions", _action),
        origins=_many(entry, "origins", _origin),
        catalogues=_pairs(entry, "catalogues"),
        notices=entry.words("notices", ()) or (),
        draft=entry.flag("draft"),
        notes=_many(entry, "notes", _note),
    )
    seen: set[str] = set()
    for n, action in enumerate(plan.actions):
        if action.id in seen:
            document.fault(("plan", "actions", n, "id"), f"action {action.id!r} stands twice")
        seen.add(action.id)
    if document.faults:
        raise RulebookError(document.faults)
    return plan


def _many(entry: Entry, key: str, read: Callable[[Entry], T]) -> tuple[T, ...]:
    raw = entry.raw.get(key)
    if raw is None:
        return ()
    if not isinstance(raw, list):
        entry.fault(f"{key!r} should be a list", key)
        return ()
    return tuple(read(Entry(entry.doc, (*entry.place, key, n))) for n in range(len(raw)))


def _pairs(entry: Entry, key: str) -> tuple[tuple[str, str], ...]:
    raw = entry.raw.get(key, [])
    if isinstance(raw, list) and all(isinstance(p, list) and len(p) == 2 for p in raw):
        return tuple((str(a), str(b)) for a, b in raw)
    entry.fault(f"{key!r} should be a list of pairs", key)
    return ()


def _action(entry: Entry) -> Action:
    entry.only([f.name for f in fields(Action)])
    start, due = entry.days("start", "due")
    found = Action(
        id=entry.text("id") or "",
        title=entry.text("title") or "",
        asked=_asked(entry),
        themes=entry.words("themes", ()) or (),
        timescale=_said(entry, "timescale"),
        action=_said(entry, "action"),
        good=entry.words("good", ()) or (),
        owner=_said(entry, "owner"),
        start=start,
        due=due,
        first_due=entry.day("first_due"),
        supports=_many(entry, "supports", _trace),
        findings=_many(entry, "findings", _line),
        causes=_many(entry, "causes", _line),
        remedies=_many(entry, "remedies", _line),
        measures=_many(entry, "measures", _measure),
        to_show=entry.words("to_show", ()) or (),
        evidence=_many(entry, "evidence", _evidence),
        done=_ratings(entry, "done", DONE),
        difference=_ratings(entry, "difference", DIFFERENCE),
        notes=_many(entry, "notes", _note),
    )
    return _rests(found, entry)


def _rests(action: Action, entry: Entry) -> Action:
    """The action, its ratings naming no evidence that it does not hold."""
    held = {one.what for one in action.evidence}
    for key, ratings in (("done", action.done), ("difference", action.difference)):
        for n, rating in enumerate(ratings):
            for name in set(rating.evidence) - held:
                entry.fault(
                    f"evidence {name!r} is not in the action's evidence", key, n, "evidence"
                )
    return action


def _asked(entry: Entry) -> tuple[Trace, ...]:
    """What the action answers. Without it a plan cannot be traced, so it may not be missing."""
    asked = _many(entry, "asked", _trace)
    if not asked:
        entry.fault("'asked' is missing: what this action answers, and where it stands")
    return asked


def _said(entry: Entry, key: str) -> str:
    """Text that may be empty, on as many lines as it was written."""
    value = entry.raw.get(key)
    if value is None or isinstance(value, str):
        return value or ""
    entry.fault(f"{key!r} should be text, not {value!r}", key)
    return ""


def _trace(entry: Entry) -> Trace:
    entry.only([f.name for f in fields(Trace)])
    basis: Basis = entry.word("basis", BASES, "basis") or "yours"
    page, paragraph = _whole(entry, "page"), _whole(entry, "paragraph")
    if basis == "report" and page is None:
        entry.fault("'page' is missing: a line from a report has the page it stands on")
    return Trace(basis, _said(entry, "words"), page, paragraph, _said(entry, "source"))


def _within(entry: Entry, key: str) -> Trace:
    if not isinstance(entry.raw.get(key), Mapping):
        entry.fault(f"{key!r} is missing: what this rests on")
        return Trace("yours")
    return _trace(Entry(entry.doc, (*entry.place, key)))


def _line(entry: Entry) -> Line:
    entry.only([f.name for f in fields(Line)])
    return Line(
        entry.text("text") or "", _within(entry, "trace"), _said(entry, "id"), _said(entry, "state")
    )


def _measure(entry: Entry) -> PlanMeasure:
    entry.only([f.name for f in fields(PlanMeasure)])
    texts = {key: _said(entry, key) for key in ("unit", "good", "why", "target_from")}
    readings = _in_order(entry, "readings", _many(entry, "readings", _reading), "as_at")
    return PlanMeasure(
        id=entry.text("id") or "",
        name=entry.text("name") or "",
        trace=_within(entry, "trace"),
        baseline=_number(entry, "baseline"),
        target=_number(entry, "target"),
        n=_whole(entry, "n"),
        of=_whole(entry, "of"),
        as_at=entry.day("as_at"),
        readings=readings,
        **texts,
    )


def _reading(entry: Entry) -> Reading:
    entry.only([f.name for f in fields(Reading)])
    return Reading(
        as_at=_dated(entry, "as_at", "readings are dated"),
        value=_number(entry, "value"),
        n=_whole(entry, "n"),
        of=_whole(entry, "of"),
        source=_said(entry, "source"),
        why=_said(entry, "why"),
    )


def _evidence(entry: Entry) -> Evidence:
    entry.only([f.name for f in fields(Evidence)])
    return Evidence(entry.text("what") or "", entry.day("on"), _said(entry, "where"))


def _note(entry: Entry) -> Note:
    entry.only([f.name for f in fields(Note)])
    return Note(_dated(entry), entry.text("text") or "", _said(entry, "by"))


def _origin(entry: Entry) -> Origin:
    entry.only([f.name for f in fields(Origin)])
    texts = {key: _said(entry, key) for key in ("what", "file", "sha256")}
    return Origin(**texts, dated=entry.day("dated"))


def _ratings(entry: Entry, key: str, known: tuple[str, ...]) -> tuple[Rating, ...]:
    def read(one: Entry) -> Rating:
        one.only([f.name for f in fields(Rating)])
        value = one.word("value", known, f"rating of {key!r}") or known[0]
        evidence = one.words("evidence", ()) or ()
        return Rating(_dated(one), value, _said(one, "by"), _said(one, "why"), evidence)

    return _in_order(entry, key, _many(entry, key, read), "on")


def _in_order(entry: Entry, key: str, found: tuple[T, ...], dated: str) -> tuple[T, ...]:
    for n in range(1, len(found)):
        if getattr(found[n], dated) < getattr(found[n - 1], dated):
            entry.fault(f"{key} should be in the order of their dates", key, n)
    return found


def _dated(entry: Entry, key: str = "on", who: str = "ratings and notes are dated") -> date:
    if entry.raw.get(key) is None:
        entry.fault(f"{key!r} is missing: {who}")
    return entry.day(key) or datetime.min.date()


def _whole(entry: Entry, key: str) -> int | None:
    value = entry.raw.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    entry.fault(f"{key!r} should be a whole number, not {value!r}", key)
    return None


def _number(entry: Entry, key: str) -> float | None:
    value = entry.raw.get(key)
    if value is None:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15:
        return float(value)
    entry.fault(f"{key!r} should be a number, not {value!r}", key)
    return None
