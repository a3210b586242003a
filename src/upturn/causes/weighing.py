"""From the records of two periods and the twin to what must have changed between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from upturn.causes.changes import Branches, Shift, what_changed
from upturn.causes.movers import Mover, Summary, measured, movers, summaries
from upturn.causes.worlds import Simulator, Span, Totals, scenarios, totals, totals_apart
from upturn.twin.covariance import shrunk_covariance
from upturn.twin.parameters import PARAMETERS
from upturn.twin.series import COLUMN, SERIES

Floats = npt.NDArray[np.float64]

#: How far the twin and a service may differ in a summary's change for reasons of the twin's. Assumed.
DISCREPANCY = 0.015
#: The same for a summary that nothing but its own driver moves: records count it and do not sample. Assumed.
EXACT = 0.003
#: A line is good to this part of the distance it is drawn over: a service is not a line. Assumed.
BENT = 0.15
#: Half the distance over which a slope is taken, and the far ends that are looked at, in steps.
REACH, FAR = 0.8, 2.4
#: A change about nought, and a large one either way: where each is looked for, how wide, and its share.
NEARBY, LARGE = (0.0, 1.0, 0.6), (2.2, 0.9, 0.2)
#: Parameters less likely than this to have changed keep the slope of the first look.
WORTH_A_SECOND_LOOK = 0.03
#: Fewer runs than this say nothing of chance.
FEWEST_RUNS = 8
#: Looks end when none moves the middle by as much as this, in steps.
NEAR = 0.15


@dataclass(frozen=True)
class Effort:
    """How much is simulated: replications for chance, for each slope, and draws of what changed."""

    chance: int = 240
    slope: int = 8
    draws: int = 200
    looks: int = 4


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
    draws: Floats | None = None,
    seed: int = 1,
    effort: Effort | None = None,
) -> Weighed:
    """What must have changed for the records to go from ``before`` to ``after``.

    ``before`` and ``after`` are sums of the monthly series over each period, by name, as far as the records
    tell; ``values[parameters]`` the fitted values of the first period, and ``draws[n, parameters]`` joint
    draws of them: what chance does is then simulated over what the fit leaves open, too. Raises ValueError
    when no summary can be told in both periods.
    """
    effort = effort or Effort()
    used = comparable(before, after)
    if not used:
        raise ValueError("no summary of the service can be told in both periods")
    seen = _change(_row(before)[None], _row(after)[None], span, used)[0]
    chosen = tuple(movers().values())
    bases = np.atleast_2d(values if draws is None else draws)
    still = totals_apart(simulate, bases, bases, span, runs=effort.chance, seed=seed)
    chance = _told(_change(still.before[0], still.after[0], span, used))
    expected = chance.mean(axis=0)
    noise = _noise(chance, seen - expected, used)
    few = bases[np.linspace(0, len(bases) - 1, min(effort.slope, len(bases))).astype(int)]
    ask = _Asker(few, span, simulate, used, seed, max(1, effort.slope // len(few)))
    ways = _ways(chosen, ask)
    drivers = [m.driver for m in chosen]
    shift = what_changed(
        seen, expected, ways, noise, drivers,
        worse=[m.worse for m in chosen], draws=effort.draws, seed=seed,
    )  # fmt: skip
    found = Weighed(tuple(m.name for m in chosen), shift, used, seen, expected, noise, still)
    centre = np.zeros(len(chosen))
    for _ in range(effort.looks - 1):
        there = _centre(found)
        if np.abs(there - centre).max() < NEAR:
            break
        found = _again(found, bases, there, ways, ask, effort)
        centre = there
    return found


@dataclass(frozen=True)
class _Asker:
    """Asks the twin how the summaries answer, from each of a few base values with its own chance."""

    bases: Floats
    span: Span
    simulate: Simulator
    used: tuple[Summary, ...]
    seed: int
    reps: int

    def __call__(self, chosen: tuple[Mover, ...], at: tuple[float, ...], centre: Floats) -> Floats:
        """The summaries' change with each mover so many steps from ``centre``. [movers, at, used].

        The mean over the bases, less nothing: what chance does is common to all that one base is asked.
        """
        found = []
        for n, base in enumerate(self.bases):
            here = _moved(base, centre)
            ends = np.array([_stepped(here, mover, steps) for mover in chosen for steps in at])
            plans = scenarios(base, ends, self.span)
            runs = totals(self.simulate, plans, self.span, reps=self.reps, seed=self.seed + 101 * n)
            found.append(_change(runs.before, runs.after, self.span, self.used).mean(axis=1))
        mean = np.mean(found, axis=0)
        return np.asarray(mean.reshape(len(chosen), len(at), len(self.used)))


def _stepped(here: Floats, mover: Mover, steps: float) -> Floats:
    row = here.copy()
    row[PARAMETERS[mover.name]] = mover.moved(here[PARAMETERS[mover.name]], steps)
    return row


def _ways(chosen: tuple[Mover, ...], ask: _Asker) -> Branches:
    """How the summaries answer to each mover: about nought, and to a large change either way."""
    at = (-FAR, -REACH, REACH, FAR)
    nowhere = np.zeros(len(chosen))
    found = ask(chosen, at, nowhere)
    # The same few runs with nothing changed: chance is common to all, and goes out of the differences.
    own = ask(chosen[:1], (0.0,), nowhere)[0, 0]
    down, low, high, up = (found[:, n] - own for n in range(4))
    # Where so large a change makes the service collapse, the line goes on as it began.
    low, high = (np.where(np.isfinite(near), near, 0.0) for near in (low, high))
    down, up = (np.where(np.isfinite(far), far, near * FAR / REACH)
                for far, near in ((down, low), (up, high)))  # fmt: skip
    many = len(chosen)
    steep = (up - high) / (FAR - REACH), (low - down) / (FAR - REACH)
    place, wide, share = (np.repeat([n, f, f], many) for n, f in zip(NEARBY, LARGE, strict=True))
    side = np.repeat([0.0, 1.0, -1.0], many)
    offsets = (
        np.zeros_like(up),
        up + (LARGE[0] - FAR) * steep[0],
        down - (LARGE[0] - FAR) * steep[1],
    )
    slopes = ((high - low) / (2 * REACH), *steep)
    return Branches(
        np.tile(np.arange(many), 3), side * place, wide,
        np.concatenate(offsets).T, np.concatenate(slopes).T, share,
    )  # fmt: skip


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
        if s.needs <= told and (not s.over or before[s.over] + after[s.over] > 0)
    ]  # fmt: skip
    return tuple(s for s in enough if not (s.unless and s.unless in told))


def _row(sums: Mapping[str, float]) -> Floats:
    row = np.zeros(len(SERIES))
    for name, value in sums.items():
        row[COLUMN[name]] = value if np.isfinite(value) else 0.0
    return row


def _change(before: Floats, after: Floats, span: Span, used: tuple[Summary, ...]) -> Floats:
    return measured(after, span.after, used) - measured(before, span.before, used)


def _noise(chance: Floats, gap: Floats, used: tuple[Summary, ...]) -> Floats:
    """What chance does to the summaries, and how far lines over the ``gap`` to the record may miss."""
    own = np.array([EXACT if s.exact else DISCREPANCY for s in used])
    return shrunk_covariance(chance) + np.diag(own**2 + (BENT * gap) ** 2)


def _told(changes: Floats) -> Floats:
    """The runs in which the service did not collapse."""
    return changes[np.isfinite(changes).all(axis=1)]


def _moved(values: Floats, steps: Floats) -> Floats:
    """Values with every mover so many steps further. ``values[..., parameters]``."""
    row = values.copy()
    for place, mover in enumerate(movers().values()):
        if steps[place]:
            column = PARAMETERS[mover.name]
            row[..., column] = mover.moved(values[..., column], steps[place])
    return row


def _again(
    found: Weighed, bases: Floats, centre: Floats, ways: Branches, ask: _Asker, effort: Effort
) -> Weighed:
    """The same, with slopes and level taken where the look before led: the twin is not a straight line."""
    chosen = tuple(movers()[name] for name in found.names)
    likely = np.flatnonzero((found.shift.probability > WORTH_A_SECOND_LOOK) | (centre != 0))
    run = totals_apart(
        ask.simulate, bases, _moved(bases, centre), ask.span, runs=effort.chance, seed=ask.seed
    )
    change = _told(_change(run.before[0], run.after[0], ask.span, found.used))
    if len(change) < FEWEST_RUNS:
        return found  # where the look before led, the service collapses
    ends = ask(tuple(chosen[i] for i in likely), (-REACH, REACH), centre)
    slopes = np.nan_to_num((ends[:, 1] - ends[:, 0]) / (2 * REACH)).T
    local = _local(ways, likely, centre, slopes)
    noise = _noise(change, found.seen - change.mean(axis=0), found.used)
    level = change.mean(axis=0) - slopes @ centre[likely]
    shift = what_changed(
        found.seen, level, local, noise, [m.driver for m in chosen],
        worse=[m.worse for m in chosen], draws=effort.draws, seed=ask.seed,
    )  # fmt: skip
    return replace(found, shift=shift)


def _local(
    ways: Branches, likely: npt.NDArray[np.intp], centre: Floats, slopes: Floats
) -> Branches:
    """The branches of the first look, with those of likely movers redrawn where the look before led.

    A mover that sits at the centre has one branch, wide enough for a large change; what is likely and sits at
    nought has its slope from here, and its large changes as they were.
    """
    moved = np.flatnonzero(centre != 0)
    keep = ~np.isin(ways.owner, moved) & ~(np.isin(ways.owner, likely) & (ways.centre == 0))
    wide = np.where(centre[likely] != 0, 1.5, NEARBY[1])
    share = np.where(centre[likely] != 0, 1.0, NEARBY[2])
    zero = np.zeros_like(slopes)
    return Branches(
        np.concatenate([ways.owner[keep], likely]),
        np.concatenate([ways.centre[keep], np.zeros(len(likely))]),
        np.concatenate([ways.spread[keep], wide]),
        np.concatenate([ways.offset[:, keep], zero], axis=1),
        np.concatenate([ways.slopes[:, keep], slopes], axis=1),
        np.concatenate([ways.weight[keep], share]),
    )
