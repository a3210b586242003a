"""A plan's measures worked out anew from an extract, and added to what stood there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

from upturn.improvement.model import Action, Origin, Plan, PlanError, PlanMeasure, Reading, Trace
from upturn.journeys.result import Check
from upturn.measures.load import catalogue
from upturn.measures.scorecard import Entry, make_scorecard
from upturn.measures.statistics.intervals import difference

#: How a measure stands against its baseline.
Movement = Literal["better", "worse", "may be chance", "the same", "changed", ""]


@dataclass(frozen=True)
class Taken:
    """What came of measuring a plan: the plan, and how many measures of which kind.

    ``read`` got a reading with a value, ``untold`` one without, ``begun`` of those read took it as their
    baseline; ``known`` have this extract's reading already; ``other`` are not in the catalogue of measures.
    """

    plan: Plan
    read: int = 0
    untold: int = 0
    begun: int = 0
    known: int = 0
    other: int = 0


def measured(plan: Plan, check: Check) -> Taken:
    """The plan with a reading of each of its measures from ``check``'s extract; earlier ones stay.

    A measure without a baseline takes its first reading for one, when nobody has started the action: then
    nothing has been done yet. An extract whose readings the plan holds changes nothing.

    Raises PlanError for a plan without a measure of the catalogue, and for an extract older than a
    baseline or the last reading.
    """
    wanted = {m.id for action in plan.actions for m in action.measures}
    measures = [m for m in catalogue() if m.id in wanted]
    if not measures:
        raise PlanError("the plan has no measure that Upturn can work out (upturn measures list)")
    entries = {e.measure.id: e for e in make_scorecard(check, measures=measures).entries}
    book = check.casebook
    origin = Origin("extract", book.source_name, book.sha256, book.as_at)
    again = any((o.sha256, o.dated) == (origin.sha256, origin.dated) for o in plan.origins)
    kinds: Counter[str] = Counter()
    actions = []
    for action in plan.actions:
        pairs = [_one(action, m, entries.get(m.id), origin, again) for m in action.measures]
        kinds.update(kind for _, kind in pairs)
        actions.append(replace(action, measures=tuple(m for m, _ in pairs)))
    if tuple(actions) == plan.actions:
        return Taken(plan, known=kinds["known"], other=kinds["other"])
    origins = plan.origins if again else (*plan.origins, origin)
    new = replace(plan, actions=tuple(actions), origins=origins)
    read = kinds["read"] + kinds["begun"]
    return Taken(new, read, kinds["untold"], kinds["begun"], kinds["known"], kinds["other"])


def _one(
    action: Action, measure: PlanMeasure, entry: Entry | None, origin: Origin, again: bool
) -> tuple[PlanMeasure, str]:
    """The measure with its reading, and which kind of `Taken` it is."""
    if entry is None:
        return measure, "other"
    reading = _reading(entry, origin)
    if again and _holds(measure, reading):
        return measure, "known"
    _refuse_older(action, measure, reading, origin)
    fresh = measure.baseline is None and not measure.readings
    if reading.value is not None and fresh and action.done_now == "not started":
        return _based(measure, reading), "begun"
    kind = "untold" if reading.value is None else "read"
    return replace(measure, readings=(*measure.readings, reading)), kind


def _reading(entry: Entry, origin: Origin) -> Reading:
    value = entry.value
    if value.value is None:
        return Reading(value.as_at, source=origin.file, why=value.why)
    n, of = (value.n, value.of) if value.of else (None, None)
    return Reading(value.as_at, round(value.value, 1), n, of, origin.file)


def _holds(measure: PlanMeasure, reading: Reading) -> bool:
    """Whether the measure has this very figure, as its baseline or as a reading."""
    based = (measure.as_at, measure.baseline) == (reading.as_at, reading.value)
    return reading in measure.readings or based


def _based(measure: PlanMeasure, reading: Reading) -> PlanMeasure:
    return replace(
        measure, baseline=reading.value, n=reading.n, of=reading.of, as_at=reading.as_at, why="",
        trace=Trace("extract", source=f"{reading.source}; measure {measure.id}"),
    )  # fmt: skip


def _refuse_older(action: Action, measure: PlanMeasure, reading: Reading, origin: Origin) -> None:
    last = measure.readings[-1].as_at if measure.readings else measure.as_at
    if last and reading.as_at < last:
        raise PlanError(
            f"{origin.file} is as at {reading.as_at}; {action.id} has {measure.id} as at {last} already"
        )


def movement(measure: PlanMeasure) -> Movement:
    """How the latest reading stands against the baseline; empty where one of them is not known.

    Of two proportions, a change that chance alone could bring nineteen times in twenty ``may be chance``
    (Newcombe's interval; the two are taken to be of different children, which is not always so).

    >>> from datetime import date
    >>> now = Reading(date(2026, 9, 30), 95.0, 38, 40)
    >>> movement(PlanMeasure("m", "Seen", "percent", "high", Trace("yours"), 70.0, 28, 40, readings=(now,)))
    'better'
    """
    now = measure.latest
    if now is None or now.value is None or measure.baseline is None:
        return ""
    if now.value == measure.baseline:
        return "the same"
    if _may_be_chance(measure, now):
        return "may be chance"
    if measure.good not in ("high", "low"):
        return "changed"
    return "better" if (now.value > measure.baseline) == (measure.good == "high") else "worse"


def _may_be_chance(measure: PlanMeasure, now: Reading) -> bool:
    whole = (measure.n, measure.of, now.n, now.of)
    if measure.unit != "percent" or None in whole or not (measure.of and now.of):
        return False
    _, low, high = difference((now.n or 0, now.of), (measure.n or 0, measure.of))
    return low <= 0 <= high
