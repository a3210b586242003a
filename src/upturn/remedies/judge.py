"""Mixes judged: how likely they meet the goal, what they save, what they cost, when the effect shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import beta

from upturn.remedies.advice import PATHS, Option, Spread
from upturn.remedies.costs import Costs
from upturn.remedies.goal import Goal
from upturn.remedies.model import NOTHING, Mix, Remedy
from upturn.remedies.prices import Staffing, beside_pay, set_aside, yearly
from upturn.remedies.trials import Runs, Trials
from upturn.remedies.words import part_words
from upturn.twin.series import COLUMN

Floats = npt.NDArray[np.float64]
#: Runs in five that must be better than doing nothing for an effect to show.
SHOWS = 0.8
NOTHING_NAME = "Doing nothing"


@dataclass(frozen=True)
class Bench:
    """What options are judged by."""

    trials: Trials
    staffing: Staffing

    @property
    def goal(self) -> Goal:
        """The goal."""
        return self.trials.goal

    def cost(self, mix: Mix) -> float:
        """The most a mix can cost over the months."""
        world = self.trials.world
        return set_aside(mix, world.catalogue, world.costs, self.staffing, world.months)

    def option(self, mix: Mix, reps: int) -> Option:
        """A mix judged over the first ``reps`` replications."""
        runs, nothing = (cut(r, reps) for r in self.trials.runs([mix, NOTHING], reps))
        world = self.trials.world
        met = self.goal.met(runs.value)
        low, high = chance_interval(int(met.sum()), len(met))
        saved = nothing.overdue - runs.overdue
        return Option(
            name=mix_name(mix, world.catalogue),
            mix=mix,
            set_aside=self.cost(mix),
            yearly=yearly(mix, world.catalogue, world.costs, self.staffing),
            spend=self._spend(mix, runs, nothing),
            chance=float(met.mean()),
            chance_low=low,
            chance_high=high,
            value=spread(runs.value),
            overdue=spread(runs.overdue),
            saved=spread(saved),
            better=float((saved > 0).mean()),
            shows=shows(runs.path, nothing.path, self.goal),
            reps=reps,
        )

    def _spend(self, mix: Mix, runs: Runs, nothing: Runs) -> Spread | None:
        world = self.trials.world
        extra = [pay(r, world.costs, world.months) for r in (runs, nothing)]
        if extra[0] is None or extra[1] is None:
            return None
        beside = beside_pay(mix, world.catalogue, world.costs, self.staffing, world.months)
        return spread(extra[0] - extra[1] + beside)

    def paths(self, options: Sequence[Option], reps: int) -> pl.DataFrame:
        """The goal's outcome month by month of each option, with the schema `PATHS`."""
        rows: list[tuple[object, ...]] = []
        for option in options:
            path = cut(self.trials.runs([option.mix], reps)[0], reps).path
            for month in range(path.shape[1]):
                told = path[:, month][np.isfinite(path[:, month])]
                ends = np.quantile(told, [0.05, 0.5, 0.95]) if told.size else [None] * 3
                rows.append(
                    (option.name, month + 1, *(None if e is None else float(e) for e in ends))
                )
        return pl.DataFrame(rows, schema=PATHS, orient="row")


def cut(runs: Runs, reps: int) -> Runs:
    """The first ``reps`` replications."""
    return Runs(runs.value[:reps], runs.path[:reps], runs.overdue[:reps], runs.totals[:reps])


def objective(bench: Bench, first: int) -> Callable[[Sequence[Mix], int], Floats]:
    """The loss of a run: how far it falls short of the goal, and a tenth for days overdue.

    Both are in units of what doing nothing comes to; so of two mixes that meet the goal alike the one with
    fewer days overdue is the better.
    """
    nothing = cut(bench.trials.runs([NOTHING], first)[0], first)
    short = float(bench.goal.short(nothing.value).mean())
    scale = max(short, 0.02 * max(abs(bench.goal.target), 1e-6))
    days = max(float(nothing.overdue.mean()), 1.0)

    def losses(mixes: Sequence[Mix], reps: int) -> Floats:
        found = [cut(r, reps) for r in bench.trials.runs(mixes, reps)]
        rows = [bench.goal.short(r.value) / scale + 0.1 * r.overdue / days for r in found]
        return np.stack(rows)

    return losses


def overdue_only(bench: Bench) -> Callable[[Sequence[Mix], int], Floats]:
    """The loss of a run as days overdue alone, for the frontier."""

    def losses(mixes: Sequence[Mix], reps: int) -> Floats:
        return np.stack([cut(r, reps).overdue for r in bench.trials.runs(mixes, reps)])

    return losses


def pay(runs: Runs, costs: Costs, months: int) -> Floats | None:
    """Pay of case-holders over the months, replication by replication: pounds. None when it is not given."""
    values = costs.values
    if not {"social_worker_a_year", "agency_worker_a_year"} <= set(values):
        return None
    filled, agency, starters = (runs.totals[:, COLUMN[n]] for n in ("filled", "agency", "starters"))
    own = (filled - agency) * values["social_worker_a_year"] * months / 12
    theirs = agency * values["agency_worker_a_year"] * months / 12
    return np.asarray(own + theirs + starters * months * values.get("recruitment_each", 0.0))


def shows(path: Floats, nothing: Floats, goal: Goal) -> int | None:
    """The first month from which, two months running, four runs in five are better than doing nothing."""
    apart = path - nothing if goal.above else nothing - path
    share = (np.nan_to_num(apart) > 0).mean(axis=0)
    for month in range(len(share)):
        if (share[month : month + 2] >= SHOWS).all():
            return month + 1
    return None


def chance_interval(met: int, of: int) -> tuple[float, float]:
    """A 90 % interval of a chance by Monte Carlo (Clopper and Pearson 1934).

    >>> [round(end, 3) for end in chance_interval(0, 100)]
    [0.0, 0.03]
    """
    low = 0.0 if met == 0 else float(beta.ppf(0.05, met, of - met + 1))
    high = 1.0 if met == of else float(beta.ppf(0.95, met + 1, of - met))
    return low, high


def spread(values: Floats) -> Spread:
    """Mean and 90 % of replications; nan left out."""
    told = values[np.isfinite(values)]
    if not told.size:
        return Spread(float("nan"), float("nan"), float("nan"))
    low, high = np.quantile(told, [0.05, 0.95])
    return Spread(float(told.mean()), float(low), float(high))


def mix_name(mix: Mix, catalogue: Mapping[str, Remedy]) -> str:
    """A mix in words: what and how many."""
    if not mix:
        return NOTHING_NAME
    return "; ".join(part_words(catalogue[id_], steps) for id_, steps in mix)


def frontier(options: Sequence[Option]) -> tuple[Option, ...]:
    """The options with fewer days overdue than any that costs as little, cheapest first.

    >>> frontier([])
    ()
    """
    found: list[Option] = []
    for option in sorted(options, key=lambda o: (o.set_aside, o.overdue.mean)):
        if not found or option.overdue.mean < found[-1].overdue.mean:
            found.append(option)
    return tuple(found)
