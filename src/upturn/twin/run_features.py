"""The twin as fits and projections want it: scenarios in, one simulated history of each out."""

from __future__ import annotations

from concurrent.futures import Executor
from datetime import date
from typing import Protocol

import numpy as np

from upturn.rulebooks.located import RulebookError
from upturn.twin.opening import Opening
from upturn.twin.series import BINS, COLUMN, HISTOGRAMS, SERIES
from upturn.twin.simulate import START, Batch, simulate_many
from upturn.twin.simulate import WARM_UP as SETTLED
from upturn.twin.spans import Floats

#: Months run before the first of a projection, so that the records of a simulated future begin two years
#: before it. A fit needs only `SETTLED`: as many as bring a service to its usual state.
WARM_UP = 24


class Runner(Protocol):
    """Runs scenarios, one replication of each."""

    def __call__(
        self, plans: Floats, *, seed: int, first: int, lead: int
    ) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Series (scenarios, months) and histograms (scenarios, 1, bins) by name.

        ``plans`` has shape (scenarios, months, parameters); ``first`` is the number of the first scenario's
        replication, so that no two share their chance. The first ``lead`` months are run and left out.
        """
        ...


def runner(
    *, threads: int | None = None, executor: Executor | None = None, warm_up: int = SETTLED
) -> Runner:
    """The twin itself, on ``executor`` or so many ``threads`` (as many as there are processors)."""

    def run(
        plans: Floats, *, seed: int, first: int, lead: int
    ) -> tuple[dict[str, Floats], dict[str, Floats]]:
        made = _made(plans, seed, first, warm_up, lead, threads, executor)
        monthly = made.monthly[:, 0, lead:].astype(np.float64)
        series = {name: monthly[..., n] for name, n in COLUMN.items()}
        counts = made.histograms.astype(np.float64)
        return series, {name: counts[:, None, n] for n, name in enumerate(HISTOGRAMS)}

    return run


def _made(
    plans: Floats, seed: int, first: int, warm_up: int, lead: int, threads: int | None,
    executor: Executor | None,
) -> Batch:  # fmt: skip
    """The runs; those of a service that collapses have no summaries, and stop no others."""
    try:
        return simulate_many(
            plans, seed=seed, first_rep=first, common=False, warm_up=warm_up, hist_from=lead,
            threads=threads, executor=executor,
        )  # fmt: skip
    except RulebookError:
        if len(plans) == 1:
            shape = (1, 1, plans.shape[1], len(SERIES))
            nothing = np.zeros((1, len(HISTOGRAMS), BINS), np.int64)
            return Batch(START, np.full(shape, np.nan, np.float32), nothing, seed)
    half = len(plans) // 2
    parts = [
        _made(plans[:half], seed, first, warm_up, lead, threads, executor),
        _made(plans[half:], seed, first + half, warm_up, lead, threads, executor),
    ]
    monthly, histograms = (np.concatenate([getattr(p, n) for p in parts]) for n in
                           ("monthly", "histograms"))  # fmt: skip
    return Batch(START, monthly, histograms, seed)


def simulate_plans(
    plans: Floats, seed: int, first: int, start: date = START, opening: Opening | None = None
) -> Floats:
    """Monthly series (replications, months, series) from ``start`` on, from that open work if it is given.

    ``plans[n]`` has the number ``first`` + n, and the chance that goes with it.
    Replications of the same number share their chance, whatever the plan: scenarios can be held against
    each other. A plain function of plain values, so that a process or a machine elsewhere can run it.
    """
    made = simulate_many(
        plans,
        seed=seed,
        first_rep=first,
        common=False,
        warm_up=WARM_UP,
        threads=1,
        start=start,
        opening=opening,
    )
    return np.asarray(made.monthly[:, 0], dtype=np.float64)
