"""Which of several options is best, with as few replications as it takes: successive elimination.

All options are tried with the same chance, so that a difference is the option's. After each round an
option is dropped when it is worse than the best by more than chance would show (Even-Dar, Mannor and
Mansour 2006, "Action elimination and stopping conditions"; common random numbers as in Kim and Nelson 2001,
with normal bounds in place of theirs).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

Floats = npt.NDArray[np.float64]
T = TypeVar("T", bound=Hashable)
#: From options and a number of replications to losses [options, replications]: the same chance for all.
Losses = Callable[[Sequence[T], int], Floats]
#: The chance, over all rounds and options, of dropping the best.
DROP = 0.05


@dataclass(frozen=True)
class Raced(Generic[T]):
    """What is left, best first; the mean loss of every option; replications each had."""

    left: tuple[T, ...]
    mean: dict[T, float]
    reps: dict[T, int]


def race(
    options: Sequence[T],
    losses: Losses[T],
    *,
    first: int = 16,
    most: int = 96,
    near: float = 0.0,
) -> Raced[T]:
    """Drop options until one is left, ``most`` replications were run, or all left are within ``near``.

    Replications double from ``first`` on. The same options and losses give the same answer.

    >>> found = race([3, 1, 2], lambda options, reps: np.array([[float(o)] * reps for o in options]))
    >>> found.left
    (1,)
    """
    left = list(dict.fromkeys(options))
    mean: dict[T, float] = {}
    ran: dict[T, int] = {}
    rounds = 1 + max(0, int(np.ceil(np.log2(max(most / first, 1.0)))))
    reps = min(first, most)
    while left:
        table = losses(left, reps)[:, :reps]
        for option, row in zip(left, table, strict=True):
            mean[option], ran[option] = float(row.mean()), reps
        kept, widest = _kept(table, DROP / rounds)
        left = [left[n] for n in kept]
        if len(left) == 1 or reps >= most or widest <= near:
            break
        reps = min(2 * reps, most)
    left.sort(key=lambda option: mean[option])
    return Raced(tuple(left), mean, ran)


def _kept(table: Floats, drop: float) -> tuple[list[int], float]:
    """The rows not shown to be worse than the best row, and how much worse the worst of them may be."""
    best = int(table.mean(axis=1).argmin())
    apart = table - table[best]
    reps, rivals = table.shape[1], max(len(table) - 1, 1)
    bound = student.ppf(1 - drop / rivals, max(reps - 1, 1))
    error = apart.std(axis=1, ddof=1) / np.sqrt(reps) if reps > 1 else np.full(len(table), np.inf)
    middle = apart.mean(axis=1)
    kept = [n for n in range(len(table)) if n == best or middle[n] - bound * error[n] <= 0]
    widest = max((float(middle[n] + bound * error[n]) for n in kept if n != best), default=0.0)
    return kept, widest
