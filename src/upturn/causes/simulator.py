"""The twin as this room uses it: scenarios in, monthly series out."""

from __future__ import annotations

from concurrent.futures import Executor
from datetime import date

import numpy as np
import numpy.typing as npt

from upturn.causes.worlds import Simulator
from upturn.rulebooks.located import RulebookError
from upturn.twin.series import SERIES
from upturn.twin.simulate import WARM_UP, simulate_many

Floats = npt.NDArray[np.float64]


def twin(
    start: date,
    *,
    warm_up: int = WARM_UP,
    executor: Executor | None = None,
    threads: int | None = None,
) -> Simulator:
    """The twin from month ``start`` on; a scenario's first month is what went before it, too.

    What comes out depends on neither ``executor`` nor ``threads``. A scenario in which the service collapses
    (more work than there is room for) gives nan.

    >>> callable(twin(date(2025, 4, 1)))
    True
    """

    def simulate(plans: Floats, reps: int, seed: int) -> Floats:
        try:
            made = simulate_many(
                plans, seed=seed, reps=reps, warm_up=warm_up, start=start, executor=executor,
                threads=threads,
            )  # fmt: skip
        except RulebookError:
            return _apart(simulate, plans, reps, seed)
        return np.asarray(made.monthly)

    return simulate


def _apart(simulate: Simulator, plans: Floats, reps: int, seed: int) -> Floats:
    """The scenarios one half and the other, so that one in which the service collapses stops no other.

    A collapsed one has no series (nan). It has the same chance beside any others: runs are numbered by
    replication and not by their place.
    """
    if len(plans) == 1:
        return np.full((1, reps, plans.shape[1], len(SERIES)), np.nan)
    half = len(plans) // 2
    return np.concatenate([simulate(plans[:half], reps, seed), simulate(plans[half:], reps, seed)])
