"""Which search for a mix of remedies is best for the same number of replications?

``python benchmarks/remedies.py [--toys 30] [--twins 3] [--reps 1500]`` gives each method the same
replications, on made-up problems whose optimum is known and on the twin, and writes
``benchmarks/results/remedies.md``.
On the twin each method's mix is judged by replications that none of them saw.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import differential_evolution

from upturn.remedies.advise import advise
from upturn.remedies.costs import example_costs, read_costs
from upturn.remedies.goal import parse_goal
from upturn.remedies.judge import Bench, objective
from upturn.remedies.load import remedies
from upturn.remedies.model import NOTHING, Mix
from upturn.remedies.prices import Staffing
from upturn.remedies.search import Effort, Problem, search
from upturn.remedies.trials import Trials
from upturn.remedies.worlds import World
from upturn.twin.parameters import PARAMETERS, department
from upturn.twin.simulate import START

try:
    import cma
except ImportError:
    cma = None  # it is left out of the table

Floats = npt.NDArray[np.float64]
HERE = Path(__file__).parent
#: Replications of each try of a method that has no race of its own.
BATCH = 16
GOAL = "assessments in time >= 95% within 9 months"


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
    best: tuple[float, Mix] = (np.inf, NOTHING)
    tries: int = 0

    def losses(self, mixes: Sequence[Mix], reps: int) -> Floats:
        """As the problem's; a replication run once is not counted again."""
        self.seen = {} if self.seen is None else self.seen
        for mix in dict.fromkeys(mixes):
            more = max(0, reps - self.seen.get(mix, 0))
            if self.used + more > self.most:
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
        found = float(self.losses([mix], BATCH)[0, :BATCH].mean())
        self.best = min(self.best, (found, mix))
        return found

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
    alone = 8 if counted.most < 4000 else 16
    effort = Effort(
        alone=alone, first=16, most=48, mixes=4, rounds=3, neighbours=10, parts=counted.parts
    )
    try:
        return search(problem, effort).best
    except Spent:
        # what it had raced by then: the best by the replications that it had
        seen = counted.seen or {}
        known = [m for m, n in seen.items() if n >= BATCH] or [NOTHING]
        table = counted.problem.losses(known, BATCH)[:, :BATCH]
        return known[int(table.mean(axis=1).argmin())]


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
        return counted.best[1]


def evolution(counted: Counted, seed: int) -> Mix:
    """SciPy's differential evolution on rounded steps."""
    bounds = [(0, c) for c in counted.problem.ceilings.values()]
    with suppress(Spent):
        differential_evolution(counted.value, bounds, seed=seed, popsize=2, maxiter=10_000, tol=0,
                               polish=False)  # fmt: skip
    return counted.best[1]


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
        return counted.best[1]


METHODS: dict[str, Callable[[Counted, int], Mix]] = {
    "HiGHS on effects alone, race, small steps (Upturn)": ours,
    "greedy, the most gain for its money": greedy,
    "CMA-ES on rounded steps (cma)": cma_es,
    "differential evolution (SciPy)": evolution,
    "mixes at random": anywhere,
}


def made_up(seed: int) -> tuple[Problem, Callable[[Mix], float], float]:
    """A problem of 6 remedies with diminishing and joint effects, its loss without chance, and its least."""
    rng = np.random.default_rng(seed)
    names = "abcdef"
    ceilings = {n: int(c) for n, c in zip(names, rng.integers(1, 6, 6), strict=True)}
    price = {n: float(p) for n, p in zip(names, rng.uniform(5_000, 120_000, 6), strict=True)}
    size = dict(zip(names, rng.normal(1.0, 1.0, 6), strict=True))
    pairs = {p: rng.normal(0, 0.7) for p in itertools.combinations(names, 2) if rng.random() < 0.3}

    def loss(mix: Mix) -> float:
        n = dict(mix)
        alone = sum(size[i] * np.sqrt(k) for i, k in n.items())
        return float(-alone - sum(w for (i, j), w in pairs.items() if i in n and j in n))

    def losses(mixes: Sequence[Mix], reps: int) -> Floats:
        shared = np.random.default_rng(seed + 1).normal(0, 2, reps)
        own = [
            np.random.default_rng((seed, *(v for i, k in m for v in (ord(i), k)))) for m in mixes
        ]
        return np.array(
            [loss(m) + shared + r.normal(0, 0.5, reps) for m, r in zip(mixes, own, strict=True)]
        )

    def cost(mix: Mix) -> float:
        return sum(price[i] * k for i, k in mix)

    budget = 0.4 * sum(price[n] * c for n, c in ceilings.items())
    problem = Problem(ceilings, cost, losses, budget)
    every = (
        dict(zip(names, s, strict=True))
        for s in itertools.product(*(range(c + 1) for c in ceilings.values()))
    )
    least = min(loss(m) for m in map(problem.mix, every) if problem.affordable(m))
    return problem, loss, least


def on_toys(toys: int, reps: int) -> list[tuple[str, str, str, str]]:
    """Method, mean shortfall from the optimum in per cent of what it gains, worst, share within 5 %."""
    gaps: dict[str, list[float]] = {}
    for seed in range(toys):
        problem, loss, least = made_up(seed)
        for name, method in known().items():
            mix = method(Counted(problem, reps), seed)
            assert problem.affordable(mix)
            gaps.setdefault(name, []).append((loss(mix) - least) / max(-least, 1e-9))
    return [
        (name, f"{np.mean(g):.1%}", f"{np.max(g):.0%}", f"{np.mean(np.array(g) <= 0.05):.0%}")
        for name, g in gaps.items()
    ]


def known() -> dict[str, Callable[[Counted, int], Mix]]:
    """The methods that are installed."""
    return {n: m for n, m in METHODS.items() if cma is not None or m is not cma_es}


def on_the_twin(services: int, reps: int, posts: int) -> list[tuple[str, str, str]]:
    """Method, mean loss (1.1 is doing nothing) and seconds, over services that differ."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "costs.yaml"
        file.write_text(example_costs(), "utf-8")
        costs = read_costs(file)
    losses: dict[str, list[float]] = {}
    took: dict[str, list[float]] = {}
    for seed in range(services):
        service = department(
            posts=posts, contacts_a_month=posts * (2.5 + 0.1 * seed), manager_posts=posts / 6, teams=3,
            screening_posts=posts / 8, conference_slots_a_week=posts / 10, review_slots_a_week=posts / 6,
        )  # fmt: skip
        world = World(np.array([service.values]), service, remedies(), costs, 12, START, seed)
        with ThreadPoolExecutor() as pool:
            trials = Trials(world, parse_goal(GOAL), pool)
            bench = Bench(trials, Staffing(posts, 1.0))
            fresh = Bench(replace(trials, first_rep=100_000, kept={}), bench.staffing)
            values = dict(zip(PARAMETERS, service.values, strict=True))
            ceilings = {i: r.ceiling(values) for i, r in remedies().items()}
            problem = Problem(ceilings, bench.cost, objective(bench, 16), 25_000.0 * posts)
            judged = objective(fresh, 96)
            for name, method in known().items():
                trials.kept.clear()
                began = time.perf_counter()
                mix = method(Counted(problem, reps), seed)
                took.setdefault(name, []).append(time.perf_counter() - began)
                losses.setdefault(name, []).append(float(judged([mix], 96)[0, :96].mean()))
    return [(n, f"{np.mean(v):.3f}", f"{np.mean(took[n]):.0f}") for n, v in losses.items()]


def whole(posts: int) -> str:
    """Seconds of the whole advice for a department, from the first replication to the last sentence."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "costs.yaml"
        file.write_text(example_costs(), "utf-8")
        costs = read_costs(file)
    began = time.perf_counter()
    found = advise(department(posts=posts), budget=1_500_000, goal=GOAL, costs=costs)
    took = time.perf_counter() - began
    return f"The whole advice for {posts} posts: {found.runs:,} replications in {took:,.0f} s."


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--toys", type=int, default=30)
    parser.add_argument("--twins", type=int, default=3)
    parser.add_argument("--reps", type=int, default=1500)
    parser.add_argument("--posts", type=int, default=20)
    parser.add_argument("--whole", type=int, default=60)
    given = parser.parse_args()
    toys = on_toys(given.toys, given.reps)
    parts = [
        "# The search for a mix of remedies",
        f"Each method has {given.reps:,} replications. First, {given.toys} made-up problems of six "
        "remedies with diminishing and joint effects and much chance, whose optimum was found by trying all: "
        "how far each method's mix falls short of it, in per cent of what the optimum gains.",
        table(["method", "mean shortfall", "worst", "within 5 %"], toys),
    ]
    if given.twins:
        rows = on_the_twin(given.twins, given.reps, given.posts)
        parts += [
            f"Then the twin, {given.twins} services of {given.posts} posts, the whole catalogue, example "
            f'prices, goal "{GOAL}". Loss: shortfall from the goal in units of doing nothing\'s, and a tenth '
            "for days overdue; judged by replications that no method saw.",
            table(["method", "mean loss", "seconds"], rows),
        ]
    if given.whole:
        parts.append(whole(given.whole))
    (HERE / "results" / "remedies.md").write_text("\n\n".join(parts) + "\n", "utf-8")
    sys.stdout.write("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
