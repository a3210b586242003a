"""A comparison worked out: of a service with itself before, or with one at England's figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from upturn.causes.contributions import Simulated, contributions, ratio
from upturn.causes.evidence import evidence, sums_of
from upturn.causes.fitting import fitting
from upturn.causes.model import Evidence
from upturn.causes.periods import months_in
from upturn.causes.weighing import Effort, weigh
from upturn.causes.worlds import Simulator, Span, Totals, scenarios, span_of, totals
from upturn.records.sheets import SourceError
from upturn.rulebooks.calendar import add_months
from upturn.twin.fitted import Fitted, Period
from upturn.twin.parameters import PARAMETERS, Department, parameters
from upturn.twin.series import COLUMN, SERIES
from upturn.twin.summaries import Recorded

Floats = npt.NDArray[np.float64]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Depth:
    """How much is simulated.

    `Effort` for what changed, worlds and replications for the shares, ``middle`` replications of the middle
    world for where the days went.
    """

    effort: Effort = field(default_factory=Effort)
    worlds: int = 48
    reps: int = 8
    middle: int = 40
    england_worlds: int = 10
    england_reps: int = 2
    england_orders: int = 16


@dataclass(frozen=True)
class Case:
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


def over_time(
    record: Recorded, outcome: str, before: Period, after: Period, fitted: Fitted | Department,
    simulate: Simulator, seed: int, depth: Depth, progress: Say | None,
) -> Case:  # fmt: skip
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
    early, late = (recorded_outcome(s, outcome, n) for s, n in
                   zip(sums, (span.before, span.after), strict=True))  # fmt: skip
    if early is not None and late is not None:
        likely = fitting(starts, ends, outcome, span, simulate, change=late - early,
                         still=weighed.still, seed=seed)  # fmt: skip
        starts, ends = starts[likely], ends[likely]
    some = slice(0, depth.worlds)
    if progress:
        progress("Sharing the change out among the drivers")
    found = contributions(
        starts[some], ends[some], outcome, span, simulate, reps=depth.reps, seed=seed
    )
    return Case(
        False, before, after, span, starts, ends, found, weighed.still, tags,
        evidence(record, weighed, before, after), early, late,
        _one_run(starts, ends, span, simulate, depth.middle, seed),
    )  # fmt: skip


def england(
    record: Recorded, outcome: str, after: Period, fitted: Fitted | Department,
    simulate: Simulator, seed: int, depth: Depth, progress: Say | None,
) -> Case:  # fmt: skip
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
    return Case(True, england, after, span, starts, ends, found, still, tags, {},
                 None, late, _one_run(ends, ends, span, simulate, depth.middle, seed))  # fmt: skip


def _next(period: Period) -> date:
    return date.fromordinal(period.end.toordinal() + 1)


def _same_length(period: Period) -> date:
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


def _one_run(
    before: Floats, after: Floats, span: Span, simulate: Simulator, reps: int, seed: int
) -> Totals:
    """The middle world, for where the days went. [1, reps, series]."""
    plan = scenarios(np.median(before, axis=0), np.median(after, axis=0), span)[None]
    return totals(simulate, plan, span, reps=reps, seed=seed)
