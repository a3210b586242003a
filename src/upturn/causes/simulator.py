"""The twin as this room uses it: scenarios in, monthly series out."""

from __future__ import annotations

from concurrent.futures import Executor
from datetime import date

import numpy as np
import numpy.typing as npt

from upturn.causes.worlds import Simulator
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

    What comes out depends on neither ``executor`` nor ``threads``.

    >>> callable(twin(date(2025, 4, 1)))
    True
    """

    def simulate(plans: Floats, reps: int, seed: int) -> Floats:
        made = simulate_many(
            plans,
            seed=seed,
            reps=reps,
            warm_up=warm_up,
            start=start,
            executor=executor,
            threads=threads,
        )
        return np.asarray(made.monthly)

    return simulate
