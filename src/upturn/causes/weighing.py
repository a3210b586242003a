"""From the records of two periods and the twin to what must have changed between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from upturn.causes.changes import Shift, shrunk_covariance, what_changed
from upturn.causes.movers import Mover, Summary, measured, movers, summaries
from upturn.causes.worlds import Simulator, Span, Totals, scenarios, totals
from upturn.twin.parameters import PARAMETERS
from upturn.twin.series import COLUMN, SERIES

Floats = npt.NDArray[np.float64]

#: How far the twin and a service may differ in a summary's change for reasons of the twin's. Assumed.
DISCREPANCY = 0.015
#: Half the distance over which a slope is taken, in steps.
REACH = 0.8
#: Parameters less likely than this to have changed keep the slope of the first look.
WORTH_A_SECOND_LOOK = 0.03
#: Looks end when none moves the middle by as much as this, in steps.
NEAR = 0.15


@dataclass(frozen=True)
class Effort:
    """How much is simulated: replications for chance, for each slope, and draws of what changed."""

    chance: int = 160
    slope: int = 24
    draws: int = 200
    looks: int = 5


@dataclass(frozen=True)
class Weighed:
    """What changed, and what it was weighed on.

    ``names`` are the movers, in the order of the columns of ``shift``; ``used`` the summaries that the
    records tell in both periods; ``seen[used]`` how each changed in the records, ``expected[used]`` and
    ``noise[used, used]`` what the twin makes of no change at all, and ``still`` the runs that say so
    (one scenario).
    """

    names: tuple[str, ...]
    shift: Shift
    used: tuple[Summary, ...]
    seen: Floats
    expected: Floats
    noise: Floats
    still: Totals

    def values(self, before: Floats) -> Floats:
        """Each draw's values after the change: ``before[draws, parameters]`` (or one row for all), moved."""
        after = np.array(np.broadcast_to(before, (len(self.shift.draws), before.shape[-1])))
        for place, name in enumerate(self.names):
            column = PARAMETERS[name]
            steps = self.shift.draws[:, place]
            moved = movers()[name].moved(after[:, column], steps)
            after[:, column] = np.where(steps == 0, after[:, column], moved)
        return after


def weigh(
    before: Mapping[str, float],
    after: Mapping[str, float],
    values: Floats,
    span: Span,
    simulate: Simulator,
    *,
    seed: int = 1,
    effort: Effort | None = None,
) -> Weighed:
    """What must have changed for the records to go from ``before`` to ``after``.

    ``before`` and ``after`` are sums of the monthly series over each period, by name, as far as the records
    tell; ``values[parameters]`` the fitted values of the first period. Raises ValueError when no summary
    can be told in both periods.
    """
    effort = effort or Effort()
    used = comparable(before, after)
    if not used:
        raise ValueError("no summary of the service can be told in both periods")
    seen = _change(_row(before)[None], _row(after)[None], span, used)[0]
    chosen = tuple(movers().values())
    still = totals(
        simulate, scenarios(values, values, span)[None], span, reps=effort.chance, seed=seed
    )
    chance = _change(still.before[0], still.after[0], span, used)
    noise = shrunk_covariance(chance) + np.eye(len(used)) * DISCREPANCY**2
    expected = chance.mean(axis=0)
    slopes = _slopes(values, values, chosen, span, simulate, used, seed, effort.slope)
    drivers = [m.driver for m in chosen]
    shift = what_changed(seen, expected, slopes, noise, drivers, draws=effort.draws, seed=seed)
    found = Weighed(tuple(m.name for m in chosen), shift, used, seen, expected, noise, still)
    centre = np.zeros(len(chosen))
    for _ in range(effort.looks - 1):
        there = _centre(found)
        if np.abs(there - centre).max() < NEAR:
            break
        found, slopes = _again(found, values, there, slopes, span, simulate, seed, effort)
        centre = there
    return found


def _centre(found: Weighed) -> Floats:
    """Where the likeliest set of changes has its middle; nought when that set is empty."""
    centre = np.zeros(len(found.names))
    best = list(found.shift.sets[0][0])
    own = [set(np.flatnonzero(row)) == set(best) for row in found.shift.draws]
    if best and any(own):
        centre[best] = np.median(found.shift.draws[np.array(own)][:, best], axis=0)
    return centre


def comparable(before: Mapping[str, float], after: Mapping[str, float]) -> tuple[Summary, ...]:
    """The summaries whose series both periods tell, without those that would say the same twice.

    >>> [s.name for s in comparable({"contacts": 9.0, "referrals": 5.0}, {"contacts": 8.0, "referrals": 4.0})]
    ['contacts', 'referred']
    """
    told = {
        name
        for name in before
        if np.isfinite(before[name]) and np.isfinite(after.get(name, np.nan))
    }
    enough = [
        s for s in summaries()
        if s.top in told and (not s.over or (s.over in told and before[s.over] + after[s.over] > 0))
    ]  # fmt: skip
    return tuple(s for s in enough if not (s.unless and s.unless in told))


def _row(sums: Mapping[str, float]) -> Floats:
    row = np.zeros(len(SERIES))
    for name, value in sums.items():
        row[COLUMN[name]] = value if np.isfinite(value) else 0.0
    return row


def _change(before: Floats, after: Floats, span: Span, used: tuple[Summary, ...]) -> Floats:
    return measured(after, span.after, used) - measured(before, span.before, used)


def _slopes(
    before: Floats,
    here: Floats,
    chosen: tuple[Mover, ...],
    span: Span,
    simulate: Simulator,
    used: tuple[Summary, ...],
    seed: int,
    reps: int,
) -> Floats:
    """How each summary's change answers to a step of each mover from ``here``. [used, movers]."""
    ends = []
    for mover in chosen:
        for sign in (-1, 1):
            row = here.copy()
            row[PARAMETERS[mover.name]] = mover.moved(here[PARAMETERS[mover.name]], sign * REACH)
            ends.append(row)
    plans = scenarios(before, np.array(ends), span)
    found = totals(simulate, plans, span, reps=reps, seed=seed)
    change = _change(found.before, found.after, span, used).mean(axis=1)
    return np.asarray((change[1::2] - change[::2]).T / (2 * REACH))


def _moved(values: Floats, steps: Floats, chosen: tuple[Mover, ...]) -> Floats:
    row = values.copy()
    for place, mover in enumerate(chosen):
        if steps[place]:
            row[PARAMETERS[mover.name]] = mover.moved(values[PARAMETERS[mover.name]], steps[place])
    return row


def _again(
    found: Weighed,
    values: Floats,
    centre: Floats,
    slopes: Floats,
    span: Span,
    simulate: Simulator,
    seed: int,
    effort: Effort,
) -> tuple[Weighed, Floats]:
    """The same, with slopes and level taken where the look before led: the twin is not a straight line."""
    chosen = tuple(movers()[name] for name in found.names)
    likely = np.flatnonzero((found.shift.probability > WORTH_A_SECOND_LOOK) | (centre != 0))
    here = _moved(values, centre, chosen)
    plans = scenarios(values, here, span)[None]
    run = totals(simulate, plans, span, reps=effort.chance, seed=seed)
    change = _change(run.before[0], run.after[0], span, found.used)
    # What hardly matters keeps the slopes of the look before.
    slopes, subset = slopes.copy(), tuple(chosen[i] for i in likely)
    slopes[:, likely] = _slopes(
        values, here, subset, span, simulate, found.used, seed, effort.slope
    )
    noise = shrunk_covariance(change) + np.eye(len(found.used)) * DISCREPANCY**2
    shift = what_changed(
        found.seen, change.mean(axis=0) - slopes @ centre, slopes, noise,
        [m.driver for m in chosen], draws=effort.draws, seed=seed,
    )  # fmt: skip
    return replace(found, shift=shift), slopes
