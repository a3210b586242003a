"""The searches that are held against each other: each is given a problem, a seed and so many replications."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import differential_evolution

from upturn.remedies.choice import best_choices
from upturn.remedies.model import NOTHING, Mix
from upturn.remedies.race import race
from upturn.remedies.search import Effort, Problem, levels_of, search

try:
    import cma
except ImportError:
    cma = None  # it is left out of the table

Floats = npt.NDArray[np.float64]
#: Replications of each try of a method that has no race of its own.
BATCH = 16
#: As `upturn remedies` searches; and with fewer of everything, below so many replications.
EFFORT, ROOM = Effort(), 4000
FEW = Effort(alone=8, first=16, most=48, mixes=4, rounds=3, neighbours=10)
#: The share of its replications that such a method keeps for a race between the best that it tried: the
#: best of many by 16 replications each is mostly the luckiest.
LAST = 0.15
#: How many of the best it tried are raced.
FINALISTS = 6


class Spent(Exception):
    """All replications are used."""


@dataclass
class Counted:
    """A problem that counts replications and stops a method when it has had its share."""

    problem: Problem
    most: int
    parts: int = 6
    used: int = 0
    seen: dict[Mix, int] | None = None
    tries: int = 0
    kept: float = LAST

    def losses(self, mixes: Sequence[Mix], reps: int) -> Floats:
        """As the problem's; a replication run once is not counted again."""
        self.seen = {} if self.seen is None else self.seen
        for mix in dict.fromkeys(mixes):
            more = max(0, reps - self.seen.get(mix, 0))
            if self.used + more > self.most * (1 - self.kept):
                raise Spent
            self.used += more
            self.seen[mix] = max(reps, self.seen.get(mix, 0))
        return self.problem.losses(mixes, reps)

    def value(self, steps: Sequence[float]) -> float:
        """The mean loss of whole steps, cut down in order until they fit the budget and the parts."""
        mix = self.fitted(steps)
        self.tries += 1  # what was seen costs nothing, but a method that has seen all must end
        if self.tries > 4 * self.most // BATCH:
            raise Spent
        return float(self.losses([mix], BATCH)[0, :BATCH].mean())

    def best(self) -> Mix:
        """The best of what was tried: a race between the few best by what all of them had."""
        known = [m for m, n in (self.seen or {}).items() if n >= BATCH] or [NOTHING]
        means = self.problem.losses(known, BATCH)[:, :BATCH].mean(axis=1)
        few = [known[n] for n in np.argsort(means, kind="stable")[:FINALISTS]]
        most, self.kept = BATCH + max(0, self.most - self.used) // len(few), 0.0
        return race(few, self.losses, first=BATCH, most=most).left[0]

    def fitted(self, steps: Sequence[float]) -> Mix:
        """A mix within the budget near these steps: what is least of its ceiling goes first."""
        ceilings = self.problem.ceilings
        whole = {
            i: int(np.clip(round(s), 0, c))
            for (i, c), s in zip(ceilings.items(), steps, strict=True)
        }
        while True:
            mix = self.problem.mix(whole)
            if len(mix) <= self.parts and self.problem.affordable(mix):
                return mix
            over = len(mix) > self.parts
            least = min((i for i, n in whole.items() if n), key=lambda i: whole[i] / ceilings[i])
            most = max(
                (i for i, n in whole.items() if n),
                key=lambda i: self.problem.cost(((i, whole[i]),)),
            )
            whole[least if over else most] -= whole[least] if over else 1


def ours(counted: Counted, seed: int) -> Mix:
    """HiGHS on effects alone, a race, small steps."""
    problem = replace(counted.problem, losses=counted.losses)
    effort = EFFORT if counted.most >= ROOM else FEW
    effort = replace(effort, parts=counted.parts)
    try:
        return search(problem, effort).best
    except Spent:
        return counted.best()


def additive(counted: Counted, seed: int) -> Mix:
    """All replications on the remedies one by one; HiGHS chooses as if their effects added up."""
    problem, counted.kept = counted.problem, 0.0
    groups = [
        [((id_, n),) for n in levels_of(top) if problem.affordable(((id_, n),))]
        for id_, top in problem.ceilings.items()
    ]
    groups = [g for g in groups if g]
    alone = [mix for group in groups for mix in group]
    reps = counted.most // (len(alone) + 1)
    table = counted.losses([NOTHING, *alone], reps)[:, :reps].mean(axis=1)
    gain = dict(zip(alone, table[0] - table[1:], strict=True))
    gains = [np.array([gain[m] for m in g]) for g in groups]
    costs = [np.array([problem.cost(m) for m in g]) for g in groups]
    choice = best_choices(gains, costs, problem.budget, parts=counted.parts)[0]
    return problem.mix(
        {g[k][0][0]: g[k][0][1] for g, k in zip(groups, choice, strict=True) if k >= 0}
    )


def greedy(counted: Counted, seed: int) -> Mix:
    """The step with the most gain for its money, again and again, each tried in the twin."""
    problem, mix = counted.problem, NOTHING
    try:
        while True:
            near = []
            for id_, ceiling in problem.ceilings.items():
                steps = dict(mix)
                leap = max(1, round(ceiling / 4))
                steps[id_] = min(ceiling, steps.get(id_, 0) + leap)
                new = problem.mix(steps)
                if new != mix and len(new) <= counted.parts and problem.affordable(new):
                    near.append(new)
            if not near:
                return mix
            table = counted.losses([mix, *near], BATCH)[:, :BATCH].mean(axis=1)
            spent = np.array([problem.cost(m) - problem.cost(mix) for m in near])
            gain = (table[0] - table[1:]) / np.maximum(spent, 1000.0)
            if gain.max() <= 0:
                return mix
            mix = near[int(gain.argmax())]
    except Spent:
        return mix


def anywhere(counted: Counted, seed: int) -> Mix:
    """Mixes at random."""
    rng, tops = np.random.default_rng(seed), np.array(list(counted.problem.ceilings.values()))
    try:
        while True:
            steps = (
                rng.random(len(tops)) * tops * (rng.random(len(tops)) < counted.parts / len(tops))
            )
            counted.value(steps)
    except Spent:
        return counted.best()


def evolution(counted: Counted, seed: int) -> Mix:
    """SciPy's differential evolution on rounded steps."""
    bounds = [(0, c) for c in counted.problem.ceilings.values()]
    with suppress(Spent):
        differential_evolution(counted.value, bounds, seed=seed, popsize=2, maxiter=10_000, tol=0,
                               polish=False)  # fmt: skip
    return counted.best()


def cma_es(counted: Counted, seed: int) -> Mix:
    """CMA-ES on rounded steps, on a scale of the ceilings."""
    tops = np.array(list(counted.problem.ceilings.values()), float)
    options = {"seed": seed + 1, "verbose": -9, "bounds": [0, 1]}
    try:
        while True:
            run = cma.CMAEvolutionStrategy(np.full(len(tops), 0.3), 0.3, options)
            while not run.stop():
                asked = run.ask()
                run.tell(asked, [counted.value(a * tops) for a in asked])
    except Spent:
        return counted.best()


METHODS: dict[str, Callable[[Counted, int], Mix]] = {
    "HiGHS on effects alone, race, small steps (Upturn)": ours,
    "HiGHS on effects alone, nothing else": additive,
    "greedy, the most gain for its money": greedy,
    "CMA-ES on rounded steps (cma)": cma_es,
    "differential evolution (SciPy)": evolution,
    "mixes at random": anywhere,
}


def known() -> dict[str, Callable[[Counted, int], Mix]]:
    """The methods that are installed."""
    return {n: m for n, m in METHODS.items() if cma is not None or m is not cma_es}
