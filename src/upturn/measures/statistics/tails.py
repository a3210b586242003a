"""Sums of binomial and Poisson probabilities, exact to floating point, without a larger library."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Above this many trials the exact sum is long and the normal distribution is as good.
MOST_TRIALS = 200_000


def log_factorials(n: int) -> Floats:
    """The logarithm of k! for k from 0 to ``n``. Shape ``(n + 1,)``.

    >>> round(float(np.exp(log_factorials(5)[5])))
    120
    """
    steps = np.log(np.arange(1, n + 1, dtype=np.float64))
    return np.concatenate([[0.0], np.cumsum(steps)])


def binomial_cdf(n: int, p: float) -> Floats:
    """P(X <= k) for k from 0 to ``n``, X binomial with ``n`` trials of probability ``p``.

    Raises ValueError for a probability outside 0 to 1 or more trials than `MOST_TRIALS`.

    >>> [round(float(x), 4) for x in binomial_cdf(3, 0.5)]
    [0.125, 0.5, 0.875, 1.0]
    """
    if not 0 <= p <= 1 or not 0 <= n <= MOST_TRIALS:
        raise ValueError(f"no binomial distribution of {n} trials with probability {p}")
    k = np.arange(n + 1)
    if p in (0.0, 1.0):
        sure: Floats = np.where(k >= n * p, 1.0, 0.0)
        return sure
    logs = log_factorials(n)
    log_mass = logs[n] - logs - logs[::-1] + k * math.log(p) + (n - k) * math.log1p(-p)
    sums: Floats = np.minimum(np.cumsum(np.exp(log_mass)), 1.0)
    return sums


def poisson_cdf(k: int, mean: float) -> float:
    """P(X <= k), X Poisson with this mean; 0 for a negative ``k``.

    >>> round(poisson_cdf(2, 1.0), 4)
    0.9197
    """
    if k < 0:
        return 0.0
    if mean <= 0:
        return 1.0
    counts = np.arange(k + 1)
    return float(min(np.exp(counts * math.log(mean) - mean - log_factorials(k)).sum(), 1.0))


def binomial_quantile(n: int, p: float, at: float) -> int:
    """The smallest k with P(X <= k) >= ``at``, X binomial.

    >>> binomial_quantile(19, 0.5, 0.05)
    6
    """
    return int(np.searchsorted(binomial_cdf(n, p), at))
