"""Why an outcome changed: records and twin brought together into one answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from upturn.causes.answer import answer_words, sentences_of
from upturn.causes.causes import causes_of, confused_pairs
from upturn.causes.contributions import Simulated, contributions, ratio
from upturn.causes.evidence import evidence, sums_of
from upturn.causes.model import Between, Cause, Evidence, Why
from upturn.causes.periods import check_order
from upturn.causes.record import outcome_months, require_months
from upturn.causes.spiral_model import Spiral
from upturn.causes.waiting import waiting_in_twin
from upturn.causes.weighing import Effort, Weighed, weigh
from upturn.causes.worlds import Simulator, Span, Totals, scenarios, span_of, totals
from upturn.records.sheets import SourceError
from upturn.twin.fitted import Fitted, Period
from upturn.twin.parameters import PARAMETERS, Department, parameters
from upturn.twin.series import COLUMN, OUTCOMES, SERIES
from upturn.twin.summaries import Recorded

Floats = npt.NDArray[np.float64]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Depth:
    """How much is simulated: `Effort` for what changed, worlds and replications for the shares."""

    effort: Effort = field(default_factory=Effort)
    worlds: int = 48
    reps: int = 8
    england_worlds: int = 10
    england_reps: int = 2
    england_orders: int = 16


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
        case = _over_time(record, outcome, before, after, fitted, simulate, seed, depth, progress)
    else:
        case = _england(record, outcome, after, fitted, simulate, seed, depth, progress)
    if progress:
        progress("Whether it recovers by itself" if spiral else "Putting the answer together")
    made = spiral(case.after.mean(axis=0)) if spiral else None
    return _why(case, record, outcome, about or {}, made, seed, depth)


@dataclass(frozen=True)
class _Case:
    """A comparison worked out: the worlds, what the twin says of them, and what the records show."""

    england: bool
    first: Period
    then: Period
    span: Span
    before: Floats
    after: Floats
    found: Simulated
    still: Totals
    tags: dict[str, str]
    shown: Mapping[str, tuple[Evidence, ...]]
    early: float | None
    late: float | None
    one_run: Totals


def known_outcome(outcome: str) -> None:
    """Raise SourceError, with the names there are, for an outcome that the twin does not have."""
    if outcome not in OUTCOMES:
        raise SourceError(f"{outcome!r} is not an outcome; it is one of {', '.join(OUTCOMES)}")


def _over_time(
    record: Recorded, outcome: str, before: Period, after: Period, fitted: Fitted | Department,
    simulate: Simulator, seed: int, depth: Depth, progress: Say | None,
) -> _Case:  # fmt: skip
    span = span_of(before, after)
    values, draws, tags = _service(fitted, 0)
    sums = sums_of(record, before), sums_of(record, after)
    if progress:
        progress("Weighing what must have changed")
    try:
        weighed = weigh(*sums, values, span, simulate, draws=draws, seed=seed, effort=depth.effort)
    except ValueError:
        raise SourceError(
            "the records of the two periods have nothing that can be compared"
        ) from None
    ends = weighed.values(_worlds(draws, values, len(weighed.shift.draws), seed))
    starts = _worlds(draws, values, len(ends), seed)
    some = slice(0, depth.worlds)
    if progress:
        progress("Sharing the change out among the drivers")
    found = contributions(
        starts[some], ends[some], outcome, span, simulate, reps=depth.reps, seed=seed
    )
    return _Case(
        False, before, after, span, starts, ends, found, weighed.still, tags,
        evidence(record, weighed, before, after), recorded_outcome(sums[0], outcome, span.before),
        recorded_outcome(sums[1], outcome, span.after),
        _one_run(starts, ends, span, simulate, seed),
    )  # fmt: skip


def _england(
    record: Recorded, outcome: str, after: Period, fitted: Fitted | Department,
    simulate: Simulator, seed: int, depth: Depth, progress: Say | None,
) -> _Case:  # fmt: skip
    """The service as it is, and England's at the same number of posts, each as it has long stood."""
    span = span_of(after, Period("", _next(after), _same_length(after)))
    values, draws, tags = _service(fitted, -1)
    ends = _worlds(draws, values, depth.england_worlds, seed)
    starts = _at_the_size_of(ends)
    if progress:
        progress("Sharing the difference from England out among the drivers")
    found = contributions(
        starts,
        ends,
        outcome,
        span,
        simulate,
        reps=depth.england_reps,
        seed=seed,
        most_orders=depth.england_orders,
        stationary=True,
    )
    still = totals(simulate, scenarios(starts[:1], starts[:1], span), span,
                   reps=depth.effort.chance, seed=seed)  # fmt: skip
    late = recorded_outcome(sums_of(record, after), outcome, span.after)
    england = Period("England", after.start, after.end)
    return _Case(True, england, after, span, starts, ends, found, still, tags, {},
                 None, late, _one_run(ends, ends, span, simulate, seed))  # fmt: skip


def _next(period: Period) -> date:
    return date.fromordinal(period.end.toordinal() + 1)


def _same_length(period: Period) -> date:
    from upturn.causes.periods import months_in
    from upturn.rulebooks.calendar import add_months

    return date.fromordinal(add_months(_next(period), months_in(period)).toordinal() - 1)


def _service(
    fitted: Fitted | Department, period: int
) -> tuple[Floats, Floats | None, dict[str, str]]:
    """Middle values, draws when there are any, and the tag of each value."""
    if isinstance(fitted, Department):
        return np.array(fitted.values), None, dict(zip(PARAMETERS, fitted.tags, strict=True))
    own = {r.parameter: r.tag for r in fitted.readings if r.period == period % len(fitted.periods)}
    return fitted.values(period), fitted.draws[:, period], dict(own)


def _worlds(draws: Floats | None, values: Floats, many: int, seed: int) -> Floats:
    """``many`` draws of the fit, or the same values as often when nothing was fitted. [many, parameters]."""
    if draws is None:
        return np.repeat(values[None], many, axis=0)
    order = np.random.default_rng(seed).permutation(len(draws))
    return np.asarray(draws[np.resize(order, many)], dtype=np.float64)


#: What grows with the size of a council; taken over from the service in proportion to its posts.
_BY_SIZE = (
    "contacts_a_month", "manager_posts", "screening_posts", "teams", "conference_slots_a_week",
    "review_slots_a_week",
)  # fmt: skip


def _at_the_size_of(service: Floats) -> Floats:
    """England's values at as many posts as each row of ``service`` has."""
    england = np.array([p.default for p in parameters().values()])
    rows = np.repeat(england[None], len(service), axis=0)
    posts = PARAMETERS["posts"]
    size = service[:, posts] / england[posts]
    rows[:, posts] = service[:, posts]
    for name in _BY_SIZE:
        rows[:, PARAMETERS[name]] *= size
    return rows


def recorded_outcome(sums: Mapping[str, float], outcome: str, months: int) -> float | None:
    """The outcome as recorded over a period; None when the records do not tell what it is made of.

    >>> recorded_outcome({"assessments_ended": 200.0, "assessments_late": 30.0}, "assessment-lateness", 6)
    0.15
    """
    row = np.full(len(SERIES), np.nan)
    for name, value in sums.items():
        row[COLUMN[name]] = value
    found = float(ratio(row, outcome, months))
    return found if np.isfinite(found) else None


def _one_run(before: Floats, after: Floats, span: Span, simulate: Simulator, seed: int) -> Totals:
    """The middle world, for where the days went. [1, reps, series]."""
    plan = scenarios(np.median(before, axis=0), np.median(after, axis=0), span)[None]
    return totals(simulate, plan, span, reps=40, seed=seed)


def _why(
    case: _Case, record: Recorded, outcome: str, about: Mapping[str, Any], spiral: Spiral | None,
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
        beyond_chance=beyond, size=size, whole=max(abs(size), abs((change or 0.0) - chance.value)),
        unit=one.unit,
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
    from dataclasses import replace

    return replace(made, answer=answer_words(made), sentences=sentences_of(made))


def _between(values: Floats) -> Between:
    low, middle, high = np.nanquantile(values, [0.05, 0.5, 0.95])
    return Between(float(middle), float(low), float(high))


def _by_chance(case: _Case, outcome: str) -> Between:
    """What two such periods differ by when nothing changes: season, and luck."""
    early = ratio(case.still.before[0], outcome, case.span.before)
    late = ratio(case.still.after[0], outcome, case.span.after)
    found = late - early
    return Between(
        float(np.nanmean(found)), *(float(q) for q in np.nanquantile(found, [0.05, 0.95]))
    )


def _beyond(case: _Case, change: float | None, chance: Between) -> bool:
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


def _notes(case: _Case, about: Mapping[str, Any]) -> tuple[str, ...]:
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


__all__ = ["Depth", "Weighed", "explain", "known_outcome", "recorded_outcome", "tell_causes"]
