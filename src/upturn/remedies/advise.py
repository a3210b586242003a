"""What would turn it round: the search for a mix of remedies under a budget, judged and told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from upturn.records.sheets import SourceError
from upturn.remedies.advice import Advice, Option, SpiralAnswer, Swing
from upturn.remedies.beginning import beginning, recorded, run_plans
from upturn.remedies.costs import Costs
from upturn.remedies.goal import Goal, parse_goal
from upturn.remedies.judge import Bench, frontier, objective, overdue_only
from upturn.remedies.load import catalogue_version, remedies
from upturn.remedies.model import NOTHING, Mix, Remedy
from upturn.remedies.prices import Staffing, untried
from upturn.remedies.search import Effort, Problem, levels_of, search
from upturn.remedies.sensitivity import price_swings, splits, swings
from upturn.remedies.stopping import stops
from upturn.remedies.telling import notes_of, picked, sentences_of
from upturn.remedies.trials import Simulate, Trials
from upturn.remedies.words import answer_words
from upturn.remedies.worlds import World
from upturn.twin.fitted import Fitted
from upturn.twin.opening import Opening
from upturn.twin.parameters import PARAMETERS, Department
from upturn.twin.series import COLUMN

Floats = npt.NDArray[np.float64]
#: Told what is being done, how much of it is done and how much there is (0: not known).
Say = Callable[[str, int, int], None]
#: The first replication that options are judged by: none that the search saw.
FRESH = 100_000
#: The most months that a budget may be for.
MOST_MONTHS = 60


@dataclass(frozen=True)
class Depth:
    """How much is simulated: the search's effort, replications of what is shown, of the spiral, of swings."""

    effort: Effort = field(default_factory=Effort)
    shown: int = 200
    frontier: int = 8
    spiral: int = 40
    swings: int = 32
    options: int = 4


def advise(
    service: Fitted | Department,
    *,
    budget: float,
    goal: str | Goal,
    costs: Costs,
    months: int | None = None,
    seed: int = 1,
    depth: Depth | None = None,
    catalogue: Mapping[str, Remedy] | None = None,
    opening: Opening | None = None,
    simulate: Simulate | None = None,
    executor: Executor | None = None,
    progress: Say | None = None,
    about: Mapping[str, Any] | None = None,
) -> Advice:
    """Search for the mix of remedies that meets a goal most surely within a budget.

    ``budget`` is pounds over ``months`` (without: the whole years that hold the goal's deadline). Every
    mix is tried with the same chance; each replication takes the next draw of a fit, and draws how well
    each remedy works. Doing nothing is always among the answers. Runs begin with the open work of
    ``opening`` where it is given and the twin was fitted to as much (`upturn.remedies.beginning`), else in
    the service's usual state. Same inputs and seed, same answer, on whatever ``executor``.

    Raises SourceError for a goal, a budget or months that cannot be.
    """
    aim = parse_goal(goal) if isinstance(goal, str) else goal
    span = _months(months, aim)
    if not budget >= 0:
        raise SourceError(f"a budget is an amount of money from 0; {budget:g} is not")
    own = ThreadPoolExecutor() if executor is None else None
    try:
        desk = _Desk(service, budget, aim, span, costs, seed, depth or Depth(), catalogue or remedies(),
                     opening, simulate, executor or own, progress)  # fmt: skip
        return desk.advice(about or {})
    finally:
        if own is not None:
            own.shutdown(wait=True, cancel_futures=True)


def _months(months: int | None, goal: Goal) -> int:
    if months is None:
        return 12 * -(-goal.months // 12)
    if not goal.months <= months <= MOST_MONTHS:
        raise SourceError(
            f"months can be {goal.months} (the goal's deadline) to {MOST_MONTHS}; {months} were asked for"
        )
    return months


class _Desk:
    """One search, from the first replication to the last sentence."""

    def __init__(
        self, service: Fitted | Department, budget: float, goal: Goal, months: int, costs: Costs, seed: int,
        depth: Depth, catalogue: Mapping[str, Remedy], opening: Opening | None, simulate: Simulate | None,
        executor: Executor | None, progress: Say | None,
    ) -> None:  # fmt: skip
        self.service, self.budget, self.goal, self.costs = service, budget, goal, costs
        self.depth, self.progress, self.catalogue = depth, progress, catalogue
        kept, self.left = untried(catalogue, costs)
        like = service if isinstance(service, Department) else service.department
        draws = np.array([like.values]) if isinstance(service, Department) else service.draws[:, -1]
        order = np.random.default_rng(seed).permutation(len(draws))
        self.begins = beginning(service, opening)
        self.start = self.begins.start
        run = simulate or partial(run_plans, start=self.start, opening=self.begins.opening)
        world = World(
            np.ascontiguousarray(draws[order]), like, kept, costs, months, self.start, seed
        )
        self.trials = Trials(world, goal, executor, self._tell, run)
        self.stage, self.expected = "Trying doing nothing", 0
        self.bench = Bench(self.trials, self._staffing())
        # what the search chose by luck must not be judged by the same luck
        fresh = Trials(world, goal, executor, self._tell_fresh, run, first_rep=FRESH)
        self.fresh = Bench(fresh, self.bench.staffing)

    def _tell(self, done: int) -> None:
        if self.progress is not None:
            self.progress(self.stage, done, max(self.expected, done))

    def _tell_fresh(self, done: int) -> None:
        self._tell(self.trials.done + done)

    def _begin(self, stage: str, more: int = 0) -> None:
        self.stage, self.expected = stage, max(self.expected, self.trials.done + more)
        self._tell(self.trials.done)

    def _staffing(self) -> Staffing:
        """Full-time posts, and how many are covered by nobody in all but one month in ten."""
        first = self.depth.effort.first
        runs = self.trials.runs([NOTHING], first)[0]
        posts = float(np.median(self.trials.world.services[:, PARAMETERS["posts"]]))
        empty = np.maximum(posts - runs.totals[:first, COLUMN["filled"]], 0.0)
        return Staffing(posts, float(np.quantile(empty, 0.9)))

    def ceilings(self) -> dict[str, int]:
        """The most steps of each remedy that can be priced."""
        middle = np.median(self.trials.world.services, axis=0)
        values = {name: float(middle[n]) for name, n in PARAMETERS.items()}
        return {id_: r.ceiling(values) for id_, r in self.trials.world.catalogue.items()}

    def advice(self, about: Mapping[str, Any]) -> Advice:
        """The whole answer."""
        effort, ceilings = self.depth.effort, self.ceilings()
        alone_runs = sum(len(levels_of(c)) for c in ceilings.values()) * effort.alone
        self._begin(
            "Trying each remedy alone", alone_runs + 40 * effort.most + 12 * self.depth.shown
        )
        losses = objective(self.bench, effort.first)
        found = search(Problem(ceilings, self.bench.cost, losses, self.budget), effort)
        self._begin("Looking for the frontier")
        days = search(
            Problem(ceilings, self.bench.cost, overdue_only(self.bench), self.budget),
            replace(effort, most=effort.first, mixes=2, rounds=1, neighbours=6),
        )
        self._begin("Running what is shown", 12 * self.depth.shown)
        tried = [*found.tried, *days.tried]
        nothing = self.fresh.option(NOTHING, self.depth.shown)
        edge = self._frontier(tried)
        options = self._options([*found.left[:6], *self._cheaper(found.tried)], edge, nothing)
        alone = self._alone(found.alone)
        self._begin("Asking whether it settles", 14 * self.depth.spiral)
        spiral = self._spiral([*options, *edge, *alone])
        moved = self._swings(options, found.tried)
        fitted = self._differs()
        return self._advice(about, nothing, options, edge, alone, spiral, moved,
                            splits(self.fresh, options[0], fitted))  # fmt: skip

    def _frontier(self, tried: Sequence[Mix]) -> tuple[Option, ...]:
        """The least days overdue for the money, each run as often as the rest of what is shown."""
        first = min(self.depth.effort.first, self.depth.effort.alone)
        every = [self.bench.option(m, first) for m in dict.fromkeys((NOTHING, *tried))]
        rough = frontier([o for o in every if o.set_aside <= self.budget + 1e-6])
        most = self.depth.frontier
        if len(rough) > most:
            places = np.unique(np.linspace(0, len(rough) - 1, most).round().astype(int))
            rough = tuple(rough[n] for n in places)
        return frontier([self.fresh.option(o.mix, self.depth.shown) for o in rough])

    def _options(
        self, left: Sequence[Mix], edge: Sequence[Option], nothing: Option
    ) -> tuple[Option, ...]:
        """The best few, the surest first, and doing nothing last."""
        mixes = [m for m in dict.fromkeys([*left, *(o.mix for o in edge)]) if m]
        judged = [self.fresh.option(m, self.depth.shown) for m in mixes]
        judged.sort(key=lambda o: (-o.chance, -o.saved.mean, o.set_aside))
        better = [o for o in judged if o.chance > nothing.chance or o.saved.mean > 0]
        if not better:
            return (nothing,)
        chosen = picked(better, self.budget)[: self.depth.options]
        return (*(replace(o, why=tuple(w)) for o, w in chosen), nothing)

    def _ranked(self, tried: Sequence[Mix]) -> list[Mix]:
        """What was tried, the best first, by the replications that all of them have."""
        first = min(self.depth.effort.first, self.depth.effort.alone)
        means = objective(self.bench, first)(tried, first).mean(axis=1)
        return [tried[n] for n in np.argsort(means, kind="stable")]

    def _without(self, tried: Sequence[Mix], best: Mix) -> list[Option]:
        """For each part of the advised mix, the best of those tried that do without it."""
        ranked = [m for m in self._ranked(tried) if m and self.bench.cost(m) <= self.budget + 1e-6]
        rivals = [next((m for m in ranked if id_ not in dict(m)), None) for id_, _ in best]
        return [self.fresh.option(m, self.depth.swings) for m in dict.fromkeys(rivals) if m]

    def _cheaper(self, tried: Sequence[Mix]) -> list[Mix]:
        """The best of those tried at half and at a quarter of the budget."""
        ranked, found = self._ranked(tried), list[Mix]()
        for part in (0.5, 0.25):
            within = [m for m in ranked if m and self.bench.cost(m) <= part * self.budget]
            found += within[:2]
        return found

    def _alone(self, alone: Mapping[Mix, float]) -> tuple[Option, ...]:
        """Each remedy by itself at the level that did most, the best first."""
        best: dict[str, Mix] = {}
        for mix in sorted(alone, key=alone.__getitem__):
            best.setdefault(mix[0][0], mix)
        reps = self.depth.effort.alone
        judged = [self.fresh.option(m, reps) for m in best.values()]
        return tuple(sorted(judged, key=lambda o: (-o.chance, -o.saved.mean)))

    def _spiral(self, options: Sequence[Option]) -> SpiralAnswer | None:
        if self.depth.spiral == 0:
            return None
        known: dict[Mix, Option] = {}
        for option in options:
            known.setdefault(option.mix, option)
        worth = [o for o in known.values() if o.saved.mean > 0 or not o.mix]
        return stops(self.fresh.trials, worth, reps=self.depth.spiral)

    def _swings(self, options: Sequence[Option], tried: Sequence[Mix]) -> tuple[Swing, ...]:
        if self.depth.swings == 0:
            return ()
        rivals = self._without(tried, options[0].mix)

        def tell(done: int, of: int) -> None:
            if self.progress is not None:
                self.progress("Moving one assumption at a time", done, of)

        found = swings(self.fresh, [*options, *rivals], reps=self.depth.swings, tell=tell)
        return (*found, *price_swings(self.fresh, options[0], self.budget))

    def _differs(self) -> dict[str, bool]:
        """Parameters that differ between draws, and whether the extract tells them."""
        if isinstance(self.service, Department):
            return {}
        last = len(self.service.periods) - 1
        return {
            r.parameter: r.known
            for r in self.service.readings
            if r.period == last and r.high > r.low
        }

    def _advice(
        self, about: Mapping[str, Any], nothing: Option, options: tuple[Option, ...],
        edge: tuple[Option, ...], alone: tuple[Option, ...], spiral: SpiralAnswer | None,
        moved: tuple[Swing, ...], split: Any,
    ) -> Advice:  # fmt: skip
        world, best = self.trials.world, options[0]
        fitted = self.service if isinstance(self.service, Fitted) else None
        return Advice(
            goal=self.goal, budget=self.budget, months=world.months, start=self.start, costs=self.costs,
            nothing=nothing, options=options, frontier=edge, alone=alone,
            left_out=tuple(self.left.items()), spiral=spiral, swings=moved, splits=split,
            paths=self.fresh.paths(options, self.depth.shown), remedies=self.catalogue,
            answer=answer_words(best, nothing, self.goal, self.budget),
            sentences=sentences_of(nothing, spiral, moved, self.goal, self.budget,
                                   recorded(self.service, self.goal)),
            notes=notes_of(world, self.goal, self.begins.words, about),
            source_name=str(about.get("source_name", _name(fitted))),
            sha256=str(about.get("sha256", fitted.sha256 if fitted else "")),
            as_at=about.get("as_at", fitted.as_at if fitted else self.start),
            catalogue=catalogue_version(), seed=world.seed, runs=self.trials.done + self.fresh.trials.done,
            settings={"shown": self.depth.shown, "alone": self.depth.effort.alone,
                      "swings": self.depth.swings, "spiral": self.depth.spiral,
                      "begins": "usual state" if self.begins.opening is None else "open work"},
        )  # fmt: skip


def _name(fitted: Fitted | None) -> str:
    return fitted.source_name if fitted else "a department as given"
