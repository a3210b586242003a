"""The search for the best mix under a budget.

1. Each remedy alone, at a few levels, with the same chance: what it does by itself.
2. HiGHS chooses mixes as if those effects added up, at several sums up to the budget.
3. A race of these mixes in the twin, where they do not simply add up: successive elimination.
4. Small steps from the best: one step more or less, or from one remedy to another, raced against it.
5. What adds next to nothing to the best is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from upturn.remedies.choice import best_choices
from upturn.remedies.model import NOTHING, Mix, mix_of
from upturn.remedies.race import Losses, race

Floats = npt.NDArray[np.float64]
#: Shares of what a remedy can be at the most, at which it is tried alone.
LEVELS = (0.25, 0.5, 0.75, 1.0)
#: The share of a mix's gain below which a part of it is left out. Assumed.
LEAST = 0.01
#: Sums that mixes are chosen at: round figures, the same whatever the budget, so that a larger budget has
#: all the mixes of a smaller one to choose from.
RUNGS = tuple(m * 10.0**e for e in range(4, 9) for m in (1, 2, 5))


@dataclass(frozen=True)
class Effort:
    """Replications of each remedy alone, and the first and most of a race; mixes and rounds.

    ``parts`` is the most remedies in a mix: nobody carries out a dozen changes at once. Assumed. The rest was
    measured on the twin (``benchmarks/remedies.py``): with 16 replications, luck chose.
    """

    alone: int = 40
    first: int = 32
    most: int = 96
    mixes: int = 6
    rounds: int = 3
    neighbours: int = 10
    parts: int = 6


@dataclass(frozen=True)
class Found:
    """The best mix and everything that was tried, with its mean loss (see the objective)."""

    best: Mix
    tried: tuple[Mix, ...]
    alone: Mapping[Mix, float]
    left: tuple[Mix, ...]


@dataclass(frozen=True)
class Problem:
    """What is to be chosen: ``ceilings`` by remedy in order, what a mix costs, and its losses by chance."""

    ceilings: Mapping[str, int]
    cost: Callable[[Mix], float]
    losses: Losses[Mix]
    budget: float

    def affordable(self, mix: Mix) -> bool:
        """Whether the most it can cost is within the budget."""
        return self.cost(mix) <= self.budget + 1e-6

    def mix(self, steps: Mapping[str, int]) -> Mix:
        """A mix in the catalogue's order."""
        return mix_of(steps, self.ceilings)


def levels_of(ceiling: int) -> tuple[int, ...]:
    """The numbers of steps at which a remedy is tried alone.

    >>> levels_of(18), levels_of(1)
    ((4, 9, 14, 18), (1,))
    """
    return tuple(sorted({max(1, round(ceiling * share)) for share in LEVELS}))


def search(problem: Problem, effort: Effort | None = None) -> Found:
    """The best mix within the budget, of those tried; never one beyond it."""
    effort = effort or Effort()
    alone = _alone(problem, effort)
    gains, costs, names = _table(problem, alone)
    options = [NOTHING]
    for sum_ in (*(r for r in RUNGS if r < problem.budget), problem.budget):
        many = effort.mixes if sum_ == problem.budget else 1
        for choice in best_choices(gains, costs, sum_, many=many, parts=effort.parts):
            options.append(_chosen(problem, names, choice))
    options += sorted(alone, key=alone.__getitem__)[: effort.mixes]
    options = [m for m in dict.fromkeys(options) if problem.affordable(m)]
    raced = race(options, problem.losses, first=effort.first, most=effort.most)
    best, left = raced.left[0], list(raced.left)
    for _ in range(effort.rounds):
        near = _neighbours(problem, best, names, gains, effort)
        new = [m for m in near if m not in options]
        options += new
        again = race([best, *new], problem.losses, first=effort.first, most=effort.most)
        left = [*again.left, *left]
        if again.left[0] == best:
            break
        best = again.left[0]
    best, pruned = _pruned(problem, best, effort.most)
    tried = tuple(dict.fromkeys([*options, *pruned, *alone]))
    left = [best, *left]
    return Found(best, tried, alone, tuple(dict.fromkeys(left)))


def _alone(problem: Problem, effort: Effort) -> dict[Mix, float]:
    """Each affordable remedy alone at each level: its mean loss less that of doing nothing."""
    mixes = [
        ((id_, steps),)
        for id_, ceiling in problem.ceilings.items()
        for steps in levels_of(ceiling)
        if problem.affordable(((id_, steps),))
    ]
    table = problem.losses([NOTHING, *mixes], effort.alone)[:, : effort.alone]
    return {m: float((row - table[0]).mean()) for m, row in zip(mixes, table[1:], strict=True)}


def _table(
    problem: Problem, alone: Mapping[Mix, float]
) -> tuple[list[Floats], list[Floats], list[list[Mix]]]:
    """For each remedy: gain and cost of its levels. One that does not gain is never chosen."""
    gains, costs, names = [], [], []
    for id_ in problem.ceilings:
        own = [m for m in alone if m[0][0] == id_]
        if not own:
            continue
        names.append(own)
        gains.append(np.array([-alone[m] for m in own]))
        costs.append(np.array([problem.cost(m) for m in own]))
    return gains, costs, names


def _chosen(problem: Problem, names: Sequence[Sequence[Mix]], choice: Sequence[int]) -> Mix:
    return problem.mix(
        {own[k][0][0]: own[k][0][1] for own, k in zip(names, choice, strict=True) if k >= 0}
    )


def _neighbours(
    problem: Problem,
    mix: Mix,
    names: Sequence[Sequence[Mix]],
    gains: Sequence[Floats],
    effort: Effort,
) -> list[Mix]:
    """Mixes a step away and within the budget: each part dropped first, then by what a step promises."""
    steps = dict(mix)
    promise = {own[0][0][0]: _slope(own, gain) for own, gain in zip(names, gains, strict=True)}
    dropped = [problem.mix({**steps, id_: 0}) for id_ in steps]
    up = [id_ for id_ in promise if steps.get(id_, 0) < problem.ceilings[id_]]
    moves: list[tuple[float, Mix]] = []
    for id_ in up:
        leap = _leap(problem.ceilings[id_])
        more = {**steps, id_: min(steps.get(id_, 0) + leap, problem.ceilings[id_])}
        moves.append((promise[id_] * leap, problem.mix(more)))
        for other in steps:
            if other != id_:
                back = _leap(problem.ceilings[other])
                less = {**more, other: max(0, steps[other] - back)}
                worth = promise[id_] * leap - promise.get(other, 0.0) * back
                moves.append((worth, problem.mix(less)))
    for id_, n in steps.items():
        if n > 1:
            less = {**steps, id_: max(1, n - _leap(problem.ceilings[id_]))}
            moves.append((-promise.get(id_, 0.0), problem.mix(less)))
    moves.sort(key=lambda move: -move[0])
    near = [m for m in (*dropped, *(m for _, m in moves)) if problem.affordable(m)]
    few = [m for m in dict.fromkeys(near) if m != mix and len(m) <= effort.parts]
    return few[: effort.neighbours]


def _pruned(problem: Problem, mix: Mix, reps: int) -> tuple[Mix, list[Mix]]:
    """The mix without the parts that add next to nothing to its gain; and all that were tried on the way.

    A part goes when the mix is estimated to lose less than `LEAST` of its gain over doing nothing. That its
    gain cannot be told from chance is no reason: measured on the twin, that rule threw away posts.
    """
    tried: list[Mix] = []
    while mix:
        less = [problem.mix({**dict(mix), id_: 0}) for id_, _ in mix]
        less = [m for m in less if problem.affordable(m)]
        if not less:
            break
        tried += less
        means = problem.losses([NOTHING, mix, *less], reps)[:, :reps].mean(axis=1)
        lost = means[2:] - means[1]
        mildest = int(lost.argmin())
        if lost[mildest] > LEAST * max(float(means[0] - means[1]), 0.0):
            break
        mix = less[mildest]
    return mix, tried


def _leap(ceiling: int) -> int:
    return max(1, round(ceiling / 8))


def _slope(own: Sequence[Mix], gain: Floats) -> float:
    """What a step of a remedy promises, alone."""
    return float(max(g / m[0][1] for g, m in zip(gain, own, strict=True)))
