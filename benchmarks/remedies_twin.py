"""The searches held against each other on the twin: services with different troubles, and one fitted."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from remedies_methods import Counted, known

import upturn
from upturn.remedies.beginning import run_plans
from upturn.remedies.costs import Costs, example_costs, read_costs
from upturn.remedies.goal import parse_goal
from upturn.remedies.judge import Bench, mix_name, objective
from upturn.remedies.load import remedies
from upturn.remedies.model import NOTHING, Mix
from upturn.remedies.prices import Staffing
from upturn.remedies.search import Problem
from upturn.remedies.trials import Trials
from upturn.remedies.worlds import World
from upturn.twin.fit import fit
from upturn.twin.fitted import Fitted
from upturn.twin.parameters import PARAMETERS, Department, department
from upturn.twin.simulate import START
from upturn.verbs.given import QUICK_FIT, QUICK_ROUNDS, clocks_of, people_in

POSTS = 20
#: Pounds for each post that may be set aside.
BUDGET = 25_000.0
#: Of the chance that all mixes share. The rule for leaving out parts and the numbers of replications were
#: chosen on another, and on other strengths of these troubles.
SEED = 2
#: Methods that are only held against the others on the made-up problems.
LEFT_OUT = {"differential evolution (SciPy)"}
#: The first replication that a mix is judged by: none that any search saw.
FRESH = 100_000
ASSESSMENTS = "assessments in time >= 85% within 9 months"
CONFERENCES = "conferences in time >= 85% within 9 months"
#: What is wrong with each made-up service, what of the twin's defaults is then otherwise, and what is wanted.
TROUBLES: dict[str, tuple[dict[str, float], str]] = {
    "more work than hours": ({"contacts_a_month": 2.8 * POSTS}, ASSESSMENTS),
    "posts that stand empty": (
        {"vacancy_fill_days": 300, "leaving_a_year": 0.35, "agency_share": 0.3}, ASSESSMENTS,
    ),
    "managers too few to sign off": ({"manager_posts": 1.4}, ASSESSMENTS),
    "conferences wait for a slot": ({"conference_slots_a_week": 1.4}, CONFERENCES),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A service, what is wanted of it, and two benches: one to search on, one to judge by."""

    name: str
    goal: str
    search: Bench
    judge: Bench
    budget: float


@dataclass(frozen=True)
class Scored:
    """What a method chose in one case, judged by replications that it never saw."""

    method: str
    mix: Mix
    loss: float
    chance: float
    saved: float
    cost: float
    used: int
    seconds: float


def cases(pool: Executor) -> list[Case]:
    """The made-up services, and a made-up council's twin after a quick fit."""
    costs = _costs()
    usual = {"contacts_a_month": 2.3 * POSTS, "manager_posts": POSTS / 6, "teams": 3,
             "screening_posts": POSTS / 8, "conference_slots_a_week": POSTS / 10,
             "review_slots_a_week": POSTS / 6}  # fmt: skip
    found = []
    for name, (changes, goal) in TROUBLES.items():
        service = department(posts=POSTS, **{**usual, **changes})
        found.append(_case(name, goal, service, np.array([service.values]), costs, pool))
    return [
        *found,
        _council("a made-up council, quick fit", _fitted(QUICK_FIT, QUICK_ROUNDS), costs, pool),
    ]


def whole_fit(pool: Executor) -> list[Case]:
    """The council's twin as `upturn remedies` fits it on the way."""
    return [_council("a made-up council, whole fit", _fitted(500, 5), _costs(), pool)]


def _council(name: str, fitted: Fitted, costs: Costs, pool: Executor) -> Case:
    rows = np.random.default_rng(1).permutation(len(fitted.draws))
    draws = np.ascontiguousarray(fitted.draws[rows, -1])
    return _case(name, ASSESSMENTS, fitted.department, draws, costs, pool)


def _costs() -> Costs:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "costs.yaml"
        file.write_text(example_costs(), "utf-8")
        return read_costs(file)


def _fitted(simulations: int, rounds: int) -> Fitted:
    with tempfile.TemporaryDirectory() as folder:
        upturn.demo(format="ssd", out=folder)
        people = people_in(Path(folder) / "workforce.csv")
        check = clocks_of(Path(folder) / "ssd")
        return fit(check, workforce=people, simulations=simulations, rounds=rounds)


def _case(
    name: str, goal: str, like: Department, draws: np.ndarray, costs: Costs, pool: Executor
) -> Case:
    world, aim = World(draws, like, remedies(), costs, 12, START, SEED), parse_goal(goal)
    run = partial(run_plans, start=START)
    posts = float(np.median(draws[:, PARAMETERS["posts"]]))
    benches = [
        Bench(Trials(world, aim, pool, None, run, first_rep=first), Staffing(posts, posts / 10))
        for first in (0, FRESH)
    ]
    return Case(name, goal, benches[0], benches[1], BUDGET * posts)


def scored(case: Case, reps: int, shown: int) -> list[Scored]:
    """Every method on one case, and doing nothing."""
    middle = np.median(case.search.trials.world.services, axis=0)
    values = {name: float(middle[n]) for name, n in PARAMETERS.items()}
    ceilings = {i: r.ceiling(values) for i, r in remedies().items()}
    judged, found = objective(case.judge, shown), []
    for name, method in {"doing nothing": None, **known()}.items():
        if name in LEFT_OUT:
            continue
        case.search.trials.kept.clear()
        counted = Counted(
            Problem(ceilings, case.search.cost, objective(case.search, 16), case.budget), reps
        )
        began = time.process_time()
        mix = NOTHING if method is None else method(counted, 1)
        took = time.process_time() - began
        option = case.judge.option(mix, shown)
        loss = float(judged([mix], shown)[0, :shown].mean())
        found.append(Scored(name, mix, loss, option.chance, option.saved.mean, option.set_aside,
                            counted.used, took))  # fmt: skip
        sys.stderr.write(
            f"{case.name} | {reps} | {name} | {loss:.3f} | {option.chance:.0%} | {took:.0f} s | "
            f"{mix_name(mix, remedies())}\n"
        )
    return found


def gaps(found: Sequence[Scored]) -> dict[str, float]:
    """How far each method falls short of the best that any found, in shares of what that best gains."""
    least, most = min(s.loss for s in found), found[0].loss
    return {s.method: (s.loss - least) / max(most - least, 1e-9) for s in found[1:]}


def on_the_twin(
    budgets: Sequence[int], shown: int, made: Callable[[Executor], list[Case]] = cases
) -> tuple[list[list[str]], list[list[str]]]:
    """Rows of two tables: each method over all cases, and each case in full for the largest budget."""
    apart: dict[tuple[str, int], list[float]] = {}
    spent: dict[tuple[str, int], list[Scored]] = {}
    whole: list[list[str]] = []
    with ThreadPoolExecutor() as pool:
        for case in made(pool):
            for reps in budgets:
                found = scored(case, reps, shown)
                for method, gap in gaps(found).items():
                    apart.setdefault((method, reps), []).append(gap)
                for one in found[1:]:
                    spent.setdefault((one.method, reps), []).append(one)
            short = gaps(found)
            whole += [_row(case, one, short.get(one.method)) for one in found]
    means = [
        [f"{reps:,}", method, f"{np.mean(gap):.0%}", f"{np.max(gap):.0%}",
         f"{np.mean([s.chance for s in spent[method, reps]]):.0%}",
         f"{np.mean([s.used for s in spent[method, reps]]):,.0f}",
         f"{np.mean([s.seconds for s in spent[method, reps]]):.0f}"]
        for (method, reps), gap in sorted(apart.items(), key=lambda kv: (kv[0][1], np.mean(kv[1])))
    ]  # fmt: skip
    return means, whole


def _row(case: Case, one: Scored, gap: float | None) -> list[str]:
    return [
        case.name, one.method, f"{one.chance:.0%}", f"{one.saved:,.0f}", f"{one.cost:,.0f}",
        "" if gap is None else f"{gap:.0%}", mix_name(one.mix, remedies()),
    ]  # fmt: skip
