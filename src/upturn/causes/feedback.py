"""Where a load goes by itself: the feedback map, the points it settles at, and the push that tips it.

A service with a load ``x`` today has a load ``f(x)`` a year later. Where ``f(x) = x`` and the map comes
down through the diagonal, the load settles; where it comes up through it, the load tips: below it the
service recovers, above it the service goes on getting worse (May 1977, "Thresholds and breakpoints in
ecosystems with a multiplicity of stable states"; Strogatz, Nonlinear Dynamics and Chaos, section 10.1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Crossing:
    """Where a feedback map meets the diagonal: the load ``at`` which it settles or tips."""

    at: float
    kind: Literal["settles", "tips"]


def crossings(before: Floats, after: Floats) -> tuple[Crossing, ...]:
    """Where the map from ``before`` (ascending) to ``after`` crosses the diagonal, between straight lines.

    A map that only touches the diagonal does not cross it.

    >>> loads = np.array([0.0, 1.0, 2.0, 3.0])
    >>> crossings(loads, np.array([0.5, 0.75, 2.25, 2.9]))[1]
    Crossing(at=1.5, kind='tips')
    """
    above = np.asarray(after, dtype=np.float64) - before
    # A load that lands on the diagonal belongs to the stretch that leaves it.
    places = np.flatnonzero(above != 0)
    found = []
    for left, right in pairwise(places.tolist()):
        if (above[left] > 0) == (above[right] > 0):
            continue
        if right - left > 1:
            at = float(before[left + 1 : right].mean())
        else:
            share = above[left] / (above[left] - above[right])
            at = float(before[left] + share * (before[right] - before[left]))
        found.append(Crossing(at, "settles" if above[left] > 0 else "tips"))
    return tuple(found)


def smoothed(before: Floats, after: Floats, at: Floats, width: float) -> Floats:
    """The middle of ``after`` near each load of ``at``: a local straight line, weighted by a normal kernel.

    ``before[n]`` and ``after[n]`` are single runs; ``width`` is the kernel's standard deviation in units
    of load. Where hardly any run is near, the value is nan. Fan and Gijbels 1996, local linear regression.

    >>> smoothed(np.arange(9.0), np.arange(9.0) * 2, np.array([4.0]), 1.0).round(6)
    array([8.])
    """
    weights = np.exp(-0.5 * ((at[:, None] - before[None, :]) / width) ** 2)
    total = weights.sum(axis=1)
    weights /= np.maximum(total[:, None], 1e-300)
    near = before[None, :] - at[:, None]
    first, second = (weights * near).sum(axis=1), (weights * near**2).sum(axis=1)
    spread = np.maximum(second - first**2, 1e-12)
    level = (weights * after).sum(axis=1)
    slope = ((weights * near * after).sum(axis=1) - first * level) / spread
    # Where the runs near a load all have one load, there is no slope to correct for.
    flat = second - first**2 < 1e-9
    return np.where(total < 1.5, np.nan, np.where(flat, level, level - slope * first))


@dataclass(frozen=True)
class Push:
    """The smallest push that tips: ``size``, between ``low`` and ``high`` (see `smallest_push`).

    ``size`` is None when no push tried tips it; ``most`` is then the largest that was tried. ``tried`` is
    every size with the share of runs that returned.
    """

    size: float | None
    low: float
    high: float
    most: float
    tried: tuple[tuple[float, float], ...]


def smallest_push(
    returned: Callable[[Floats], Floats],
    sizes: Floats,
    *,
    share: float = 0.5,
    rounds: int = 3,
    runs: int = 100,
) -> Push:
    """The smallest push from which fewer than ``share`` of the runs return.

    ``returned`` gives, for sizes of push (ascending), the share of ``runs`` that came back. ``sizes`` are
    tried first; then, ``rounds`` times, as many between the last that returned and the first that did not.
    ``low`` and ``high`` are where the share, plus and minus its 90 % interval by chance, crosses ``share``.

    >>> push = smallest_push(lambda s: (s < 0.31) * 1.0, np.array([0.2, 0.4, 0.8]))
    >>> 0.29 < push.size < 0.32
    True
    """
    tried: dict[float, float] = {}
    grid = np.asarray(sizes, dtype=np.float64)
    for _ in range(rounds + 1):
        tried.update(zip(grid.tolist(), np.asarray(returned(grid)).tolist(), strict=True))
        bounds = _bracket(tried, share)
        if bounds is None:
            break
        grid = np.linspace(*bounds, min(len(sizes), 4) + 2)[1:-1]
    sizes_tried, shares = _falling(tried)
    margin = 1.645 * np.sqrt(share * (1 - share) / runs)
    at = _where_below(sizes_tried, shares, share)
    top = float(sizes_tried[-1])
    low = _where_below(sizes_tried, shares, share + margin)
    high = _where_below(sizes_tried, shares, share - margin)
    ends = (top if low is None else low, top if high is None else high)
    return Push(at, *ends, top, tuple(sorted(tried.items())))


def _bracket(tried: dict[float, float], share: float) -> tuple[float, float] | None:
    """The stretch in which the share first falls below; None when it never does."""
    sizes, shares = _falling(tried)
    below = np.flatnonzero(shares < share)
    if not len(below):
        return None
    first = int(below[0])
    return (float(sizes[first - 1]) if first else 0.0, float(sizes[first]))


def _falling(tried: dict[float, float]) -> tuple[Floats, Floats]:
    """Sizes in order with the share made to fall (pool adjacent violators): a bigger push tips no less."""
    sizes = np.array(sorted(tried))
    blocks = [[tried[size], 1.0] for size in sizes.tolist()]
    merged: list[list[float]] = []
    for value, weight in blocks:
        merged.append([value, weight])
        while len(merged) > 1 and merged[-2][0] < merged[-1][0]:
            (v1, w1), (v2, w2) = merged[-2], merged[-1]
            merged[-2:] = [[(v1 * w1 + v2 * w2) / (w1 + w2), w1 + w2]]
    return sizes, np.array([v for v, w in merged for _ in range(int(w))])


def _where_below(sizes: Floats, shares: Floats, share: float) -> float | None:
    below = np.flatnonzero(shares < share)
    if not len(below):
        return None
    first = int(below[0])
    left, high = (0.0, 1.0) if first == 0 else (float(sizes[first - 1]), float(shares[first - 1]))
    fall = high - float(shares[first])
    part = (high - share) / fall if fall > 0 else 1.0
    return left + min(1.0, max(0.0, part)) * (float(sizes[first]) - left)
