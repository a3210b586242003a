"""Why an outcome changed: records and twin brought together into one answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from upturn.causes.answer import answer_words, sentences_of
from upturn.causes.cases import Case, Depth, Say, england, over_time, recorded_outcome
from upturn.causes.causes import causes_of, confused_pairs
from upturn.causes.contributions import Simulated, ratio
from upturn.causes.model import Between, Cause, Why
from upturn.causes.periods import check_order
from upturn.causes.record import outcome_months, require_months
from upturn.causes.spiral_model import Spiral
from upturn.causes.waiting import waiting_in_twin
from upturn.causes.worlds import Simulator
from upturn.records.sheets import SourceError
from upturn.twin.fitted import Fitted, Period
from upturn.twin.parameters import Department
from upturn.twin.series import OUTCOMES
from upturn.twin.summaries import Recorded

Floats = npt.NDArray[np.float64]


def known_outcome(outcome: str) -> None:
    """Raise SourceError, with the names there are, for an outcome that the twin does not have."""
    if outcome not in OUTCOMES:
        raise SourceError(f"{outcome!r} is not an outcome; it is one of {', '.join(OUTCOMES)}")


def explain(
    record: Recorded,
    *,
    outcome: str,
    before: Period | None,
    after: Period,
    fitted: Fitted | Department,
    simulate: Simulator,
    spiral: Callable[[Floats], Spiral] | None = None,
    about: Mapping[str, Any] | None = None,
    seed: int = 1,
    depth: Depth | None = None,
    progress: Say | None = None,
) -> Why:
    """Share the change of ``outcome`` from ``before`` to ``after`` out among its drivers.

    With ``before`` None the service is held against the published figures for England, at the same number
    of posts. ``fitted`` is the twin of the service (its first period is ``before``); ``about`` says what the
    records are (source_name, sha256, as_at, notes) and where the days went in them (waiting). Same inputs
    and seed, same answer. Raises SourceError when a period is not in the records or an outcome is not known.
    """
    known_outcome(outcome)
    depth = depth or Depth()
    require_months(record, *(p for p in (before, after) if p is not None))
    if before is not None:
        check_order(before, after)
        case = over_time(record, outcome, before, after, fitted, simulate, seed, depth, progress)
    else:
        case = england(record, outcome, after, fitted, simulate, seed, depth, progress)
    if progress:
        progress("Whether it recovers by itself" if spiral else "Putting the answer together")
    made = spiral(case.after.mean(axis=0)) if spiral else None
    return _why(case, record, outcome, about or {}, made, seed, depth)


def _why(
    case: Case, record: Recorded, outcome: str, about: Mapping[str, Any], spiral: Spiral | None,
    seed: int, depth: Depth,
) -> Why:  # fmt: skip
    one = OUTCOMES[outcome]
    chance = _by_chance(case, outcome)
    change = None if case.early is None or case.late is None else case.late - case.early
    simulated = _between(case.found.change)
    size = float((case.found.change - case.found.carried).mean())
    beyond = _beyond(case, change, chance)
    worlds = len(case.found.change)
    causes = causes_of(
        case.before[:worlds], case.after[:worlds], case.found, case.shown, case.tags,
        beyond_chance=beyond, size=size, rise=size if change is None else change - chance.value,
        spread=(chance.high - chance.low) / (2 * 1.645),
        unit=one.unit, england=case.england,
    )  # fmt: skip
    confused = confused_pairs(case.before, case.after) if beyond else ()
    left = None if change is None else _unexplained(change, case.found, chance)
    made = Why(
        outcome=one, before=case.first, after=case.then, england=case.england,
        recorded_before=case.early, recorded_after=case.late,
        simulated_before=_between(case.found.before), simulated_after=_between(case.found.after),
        simulated_change=simulated, by_chance=chance, carried=float(case.found.carried.mean()),
        unexplained=left, beyond_chance=beyond, causes=causes, confused=confused, answer="",
        sentences=(),
        waiting=(*waiting_in_twin(case.one_run, case.span, case.first, case.then, england=case.england),
                 *about.get("waiting", ())),
        spiral=spiral, months=outcome_months(record, outcome, case.first, case.then),
        untold=tuple(sorted(record.missing.items())), notes=_notes(case, about),
        as_at=about.get("as_at", case.then.end), source_name=str(about.get("source_name", "")),
        sha256=str(about.get("sha256", "")), seed=seed, runs=case.found.runs,
        settings={"worlds": worlds, "replications": depth.reps},
    )  # fmt: skip
    return _with_words(made)


def _with_words(made: Why) -> Why:
    return replace(made, answer=answer_words(made), sentences=sentences_of(made))


def _between(values: Floats) -> Between:
    low, middle, high = np.nanquantile(values, [0.05, 0.5, 0.95])
    return Between(float(middle), float(low), float(high))


def _by_chance(case: Case, outcome: str) -> Between:
    """What two such periods differ by when nothing changes: season, and luck."""
    early = ratio(case.still.before[0], outcome, case.span.before)
    late = ratio(case.still.after[0], outcome, case.span.after)
    found = late - early
    return Between(
        float(np.nanmean(found)), *(float(q) for q in np.nanquantile(found, [0.05, 0.95]))
    )


def _beyond(case: Case, change: float | None, chance: Between) -> bool:
    """Whether there is a change to explain at all: outside what chance brings nineteen times in twenty."""
    if case.england:
        low, high = np.quantile(case.found.change, [0.05, 0.95])
        return bool(low > 0 or high < 0)
    if change is None:
        low, high = np.quantile(case.found.change, [0.05, 0.95])
        return bool(low > chance.high or high < chance.low)
    half = (chance.high - chance.low) / 2 * 1.96 / 1.645
    return abs(change - chance.value) > half


def _unexplained(change: float, found: Simulated, chance: Between) -> Between:
    """Recorded less simulated, with the spread of the fit and of chance together."""
    rest = change - float(np.median(found.change))
    spread = np.quantile(found.change, [0.05, 0.95])
    fit, luck = (spread[1] - spread[0]) / 2, (chance.high - chance.low) / 2
    half = float(np.hypot(fit, luck))
    return Between(rest, rest - half, rest + half)


def _notes(case: Case, about: Mapping[str, Any]) -> tuple[str, ...]:
    said = list(about.get("notes", ()))
    if case.england:
        said.append(
            "England is the twin at the published figures, scaled to this service's posts; more or fewer "
            "posts are therefore no driver here, and demand is contacts for each post."
        )
    elif case.first.start.month != case.then.start.month:
        said.append(
            "The periods cover different months of the year. The twin allows for the usual season, not for a "
            "council's own."
        )
    return tuple(said)


def tell_causes(causes: tuple[Cause, ...]) -> pl.DataFrame:
    """The causes as a table: one row a driver."""
    return pl.DataFrame(
        [
            {
                "driver": c.driver, "standing": c.standing, "share": c.share.value, "low": c.share.low,
                "high": c.share.high, "part_of_the_change": c.part, "chance_it_changed": c.chance,
                "records_and_twin": c.agreement, "sentence": c.sentence, "records": c.beside,
            }
            for c in causes
        ],
        infer_schema_length=None,
    )  # fmt: skip


__all__ = ["Depth", "explain", "known_outcome", "recorded_outcome", "tell_causes"]
