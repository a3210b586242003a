"""The best choice of one level for each remedy under a budget, as if their effects added up: HiGHS."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]
#: What the budget is scaled to.
_ROOM = 100.0


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
    # on scales near 1: HiGHS mends what is infeasible by rounding, and says so on standard output
    gain, cost = np.concatenate(list(gains)), np.concatenate(list(costs))
    room = _ROOM if budget > 0 else 0.0
    gain, cost = gain / max(float(np.abs(gain).max()), 1e-12), cost * _ROOM / max(budget, 1e-9)
    group = np.repeat(np.arange(len(sizes)), sizes)
    rows = csr_array((np.ones(total), (group, np.arange(total))), shape=(len(sizes), total))
    limits = [
        LinearConstraint(rows, -np.inf, 1.0),
        LinearConstraint(np.minimum(cost, 10 * _ROOM)[None], -np.inf, room),
    ]
    if parts is not None:
        limits.append(LinearConstraint(np.ones((1, total)), -np.inf, parts))
    found: list[tuple[int, ...]] = []
    while len(found) < many:
        # of equal gains the cheaper, and of equal both the one with fewer remedies
        tilt = gain - 1e-7 * (1 + cost / max(float(cost.max()), 1.0))
        with _silent():
            answer = milp(
                -tilt, integrality=np.ones(total), bounds=Bounds(0, 1), constraints=limits
            )
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


@contextmanager
def _silent() -> Iterator[None]:
    """HiGHS writes a line of its own to standard output now and then, which would spoil ``--json``."""
    try:
        sys.stdout.flush()
        kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    except (OSError, ValueError):  # there is no standard output to spoil
        yield
        return
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        with suppress(OSError, TypeError, AttributeError):
            ctypes.CDLL(None).fflush(
                None
            )  # what the library has buffered, before it would come out
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
