"""Funnel plots: is a council further from the rest than its size explains?

Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine 2005; 24:
1185-1202. Limits are exact (binomial or Poisson) with his interpolation between whole numbers (appendix
A.1); overdispersion is his multiplicative factor from winsorised z-scores (section 4.2).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

#: The usual limits: about two and three standard deviations.
WARNING, CONTROL = 0.025, 0.001


def proportion_limits(of: int, target: float, *, tail: float = CONTROL) -> tuple[float, float]:
    """The lower and upper limit of a proportion from ``of`` children, about ``target``.

    ``tail`` is the chance beyond each limit. Raises ValueError for no children or a target outside 0 to 1.

    >>> low, high = proportion_limits(100, 0.8)
    >>> round(low, 3), round(high, 3)
    (0.663, 0.909)
    """
    if of < 1 or not 0 <= target <= 1:
        raise ValueError(f"no funnel for {of} children about {target}")
    if target in (0.0, 1.0):
        return target, target
    from scipy.special import bdtr, bdtrik  # here, because they take a while to load

    ends = [
        _between(lambda k: bdtr(k, of, target), bdtrik(at, of, target), at) / of
        for at in (tail, 1 - tail)
    ]
    return max(ends[0], 0.0), min(ends[1], 1.0)


def rate_limits(expected: float, *, tail: float = CONTROL) -> tuple[float, float]:
    """The lower and upper limit of a count of which ``expected`` are expected, by Poisson.

    Divide by the population for a rate. Raises ValueError unless something is expected.

    >>> [round(end, 2) for end in rate_limits(25.0)]
    [10.5, 41.35]
    """
    if not expected > 0:
        raise ValueError("a funnel for a rate needs something expected")
    from scipy.special import pdtr, pdtrik

    ends = [
        _between(lambda k: pdtr(k, expected), pdtrik(at, expected), at) for at in (tail, 1 - tail)
    ]
    return max(ends[0], 0.0), ends[1]


def _between(below: Callable[[float], float], near: float, at: float) -> float:
    """The count at which the sum of probabilities passes ``at``, interpolated between whole numbers."""
    above = max(math.ceil(near - 1e-9), 0)
    mass = float(below(above)) - (float(below(above - 1)) if above else 0.0)
    return above - (float(below(above)) - at) / mass if mass else float(above)


def overdispersion(z: ArrayLike, *, winsorised: float = 0.1) -> float:
    """How much more than chance councils differ: the mean square of z-scores, the extremes drawn in.

    Multiply the half-width of the limits by its square root. 1 when they differ no more than chance.

    >>> overdispersion([-1, 0, 1, -1, 1])
    1.0
    >>> round(overdispersion([-4, -3, 0, 3, 4, 2, -2, 1, -1, 3]), 2)
    5.62
    """
    scores = np.asarray(z, dtype=np.float64)
    low, high = np.quantile(scores, [winsorised, 1 - winsorised])
    factor = float(np.mean(np.clip(scores, low, high) ** 2))
    chance = 1 + 2 * math.sqrt(2 / len(scores)) if len(scores) else math.inf
    return factor if factor > chance else 1.0
