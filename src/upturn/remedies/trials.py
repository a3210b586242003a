"""Replications of mixes, run when they are first asked for and kept: the same chance for every mix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from upturn.remedies.beginning import run_plans
from upturn.remedies.goal import Goal
from upturn.remedies.model import Mix
from upturn.remedies.worlds import World
from upturn.twin.series import COLUMN

Floats = npt.NDArray[np.float64]
#: From scenarios [n, months, parameters], a seed and the number of the first replication to [n, months, S].
Simulate = Callable[[Floats, int, int], Floats]
#: Replications of one piece of work.
PIECE = 8


@dataclass(frozen=True)
class Runs:
    """Replications 0 to n of one mix.

    ``value[rep]`` is the goal's outcome at the deadline, ``path[rep, month]`` the same over the three months
    up to each month, ``overdue[rep]`` children's days overdue over all months, ``totals[rep, series]`` the
    mean of each series over the months.
    """

    value: Floats
    path: Floats
    overdue: Floats
    totals: Floats

    def __len__(self) -> int:
        return len(self.value)


@dataclass
class Trials:
    """The twin, asked for mixes. Replications are numbered from ``first_rep``: others are other chance."""

    world: World
    goal: Goal
    executor: Executor | None = None
    tell: Callable[[int], None] | None = None
    simulate: Simulate = run_plans
    first_rep: int = 0
    kept: dict[Mix, Runs] = field(default_factory=dict)
    done: int = 0

    def runs(self, mixes: Iterable[Mix], reps: int) -> list[Runs]:
        """At least the first ``reps`` replications of each mix."""
        wanted = list(mixes)
        jobs = [
            (mix, first)
            for mix in dict.fromkeys(wanted)
            for first in range(len(self.kept.get(mix, ())), reps, PIECE)
        ]
        if jobs:
            self._run(jobs)
        return [self.kept[mix] for mix in wanted]

    def _run(self, jobs: Sequence[tuple[Mix, int]]) -> None:
        own = ThreadPoolExecutor() if self.executor is None else None
        pool = self.executor or own
        assert pool is not None
        found: dict[tuple[Mix, int], Runs] = {}
        try:
            running: dict[Future[Floats], tuple[Mix, int]] = {}
            for mix, first in jobs:
                at = self.first_rep + first
                plans = self.world.plans(mix, range(at, at + PIECE))
                running[pool.submit(self.simulate, plans, self.world.seed, at)] = (mix, first)
            for job in as_completed(running):
                found[running[job]] = summed(job.result(), self.goal)
                self.done += PIECE
                if self.tell is not None:
                    self.tell(self.done)
        finally:
            if own is not None:
                own.shutdown(wait=True, cancel_futures=True)
        for mix, first in jobs:  # in order of replication
            more = found[mix, first]
            self.kept[mix] = _joined(self.kept[mix], more) if mix in self.kept else more


def summed(monthly: Floats, goal: Goal) -> Runs:
    """What is kept of ``monthly[reps, months, series]``."""
    months = monthly.shape[1]
    path = np.stack([goal.at(monthly, n + 1) for n in range(months)], axis=1)
    return Runs(
        value=goal.at(monthly),
        path=path,
        overdue=monthly[..., COLUMN["child_days_overdue"]].sum(axis=1),
        totals=monthly.mean(axis=1),
    )


def _joined(a: Runs, b: Runs) -> Runs:
    return Runs(*(np.concatenate([getattr(a, n), getattr(b, n)])
                  for n in ("value", "path", "overdue", "totals")))  # fmt: skip
