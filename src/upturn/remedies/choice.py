"""The best choice of one level for each remedy under a budget, as if their effects added up: HiGHS."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]


def best_choices(
    gains: Sequence[Floats],
    costs: Sequence[Floats],
    budget: float,
    *,
    many: int = 1,
    parts: int | None = None,
) -> list[tuple[int, ...]]:
    """The ``many`` best choices, best first: of each group one level or none, within the budget.

    No choice takes from more than ``parts`` groups.

    ``gains[g][l]`` and ``costs[g][l]`` are of level l of group g. A choice is the level of each group, -1
    for none. A multiple-choice knapsack (Kellerer, Pferschy and Pisinger 2004, chapter 11) solved to the
    optimum; each further one is the best that differs from those before.

    >>> gains, costs = [np.array([3.0, 5.0]), np.array([4.0])], [np.array([1.0, 2.0]), np.array([2.0])]
    >>> best_choices(gains, costs, 3.0, many=2)
    [(0, 0), (1, -1)]
    """
    sizes = [len(g) for g in gains]
    total = sum(sizes)
    if total == 0:
        return [()]
    gain, cost = np.concatenate(list(gains)), np.concatenate(list(costs))
    group = np.repeat(np.arange(len(sizes)), sizes)
    rows = csr_array((np.ones(total), (group, np.arange(total))), shape=(len(sizes), total))
    limits = [
        LinearConstraint(rows, -np.inf, 1.0),
        LinearConstraint(cost[None], -np.inf, budget * (1 + 1e-12)),
    ]
    if parts is not None:
        limits.append(LinearConstraint(np.ones((1, total)), -np.inf, parts))
    found: list[tuple[int, ...]] = []
    while len(found) < many:
        # of equal gains the cheaper, and of equal both the one with fewer remedies
        tilt = gain - 1e-9 * (1 + cost / max(float(cost.max()), 1.0)) * max(
            float(gain.max()), 1e-12
        )
        answer = milp(-tilt, integrality=np.ones(total), bounds=Bounds(0, 1), constraints=limits)
        if answer.x is None:
            break
        chosen = np.round(answer.x).astype(int)
        found.append(_levels(chosen, sizes))
        limits.append(LinearConstraint((2 * chosen - 1)[None], -np.inf, chosen.sum() - 1))
    return found


def _levels(chosen: npt.NDArray[np.int_], sizes: Sequence[int]) -> tuple[int, ...]:
    levels, at = [], 0
    for size in sizes:
        own = np.flatnonzero(chosen[at : at + size])
        levels.append(int(own[0]) if len(own) else -1)
        at += size
    return tuple(levels)
