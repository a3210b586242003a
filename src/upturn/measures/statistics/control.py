"""Control charts: which points of a series are more than its ordinary ups and downs.

Rules and limits are those of NHS England's Making Data Count, as NHSRplotthedots has them: a point outside
the limits; seven points running on one side of the mean; seven points running all up or all down; two of
three points running near one limit. The mean moving range leaves out ranges of 3.267 times the mean of
all of them or more, once. Limits are worked out anew only from a step change that somebody states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: What makes a point a special cause, in words.
SIGNALS = {
    "outside": "outside the process limits",
    "shift": "part of seven or more running on one side of the mean",
    "trend": "part of seven or more running that all rise or all fall",
    "near": "two of three running near one limit",
}
#: Turns a mean moving range into a standard deviation, and into the largest range chance explains.
D2, D4 = 1.128, 3.267
RUN = 7


@dataclass(frozen=True)
class Chart:
    """A control chart. Every array has one entry a point; limits may differ from point to point.

    ``sides`` has, for each name in `SIGNALS`, +1 where the signal is high or rising, -1 where it is low or
    falling, 0 where there is none.
    """

    values: Floats
    mean: Floats
    lower: Floats
    upper: Floats
    sides: dict[str, NDArray[np.int64]]

    @property
    def special(self) -> Bools:
        """Which points are special causes under any rule."""
        found: Bools = np.any([side != 0 for side in self.sides.values()], axis=0)
        return found

    def named(self, point: int) -> list[str]:
        """The signals at a point, by their names in `SIGNALS`."""
        return [name for name, side in self.sides.items() if side[point]]

    def good_or_bad(self, point: int, good: str) -> str:
        """Whether a special cause is ``improvement`` or ``concern``; ``neither`` when no way is good.

        ``good`` is ``high``, ``low`` or ``neither``. Empty when the point is no special cause.
        """
        side = next((int(s[point]) for s in self.sides.values() if s[point]), 0)
        if not side:
            return ""
        if good not in ("high", "low"):
            return "neither"
        return "improvement" if (side > 0) == (good == "high") else "concern"


def xmr(values: ArrayLike, *, steps: Sequence[int] = ()) -> Chart:
    """An individuals chart. ``steps`` are the points (from 0) at which a stated step change begins.

    Shewhart WA. Economic Control of Quality of Manufactured Product. 1931; screening of ranges as in
    NHSRplotthedots. Raises ValueError for no values, one that is not a number, or a step outside.

    >>> viscosity = [33.75, 33.05, 34.00, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.20, 33.62, 33.00,
    ...              33.54, 33.12, 33.84]  # Montgomery, Introduction to Statistical Quality Control
    >>> chart = xmr(viscosity)
    >>> [round(float(line[0]), 2) for line in (chart.mean, chart.lower, chart.upper)]
    [33.52, 32.24, 34.8]
    """
    series = _series(values)
    parts = [_xmr_part(part) for part in np.split(series, _steps(steps, len(series)))]
    mean, sigma = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _chart(series, mean, sigma, steps, floor=-np.inf, ceiling=np.inf)


def p_chart(
    n: ArrayLike, of: ArrayLike, *, steps: Sequence[int] = (), prime: bool = False
) -> Chart:
    """A chart of proportions ``n / of``, with limits that follow the size of each point's ``of``.

    ``prime`` widens or narrows them by how much the points really vary: Laney DB. Improved control charts
    for attributes. Quality Engineering 2002; 14: 531-537. Values and limits are between 0 and 1. Raises
    ValueError when ``of`` has a zero or ``n`` is more than ``of``.

    >>> chart = p_chart([5, 8, 6, 30], [50, 50, 50, 50])
    >>> chart.named(3), chart.good_or_bad(3, "low")
    (['outside'], 'concern')
    """
    counts, sizes = _series(n), _series(of)
    if (sizes <= 0).any() or (counts < 0).any() or (counts > sizes).any():
        raise ValueError("each point of a p chart is n of N, with N above zero")
    cuts = _steps(steps, len(counts))
    parts = [
        _p_part(some, sizes_of, prime)
        for some, sizes_of in zip(np.split(counts, cuts), np.split(sizes, cuts), strict=True)
    ]
    mean, sigma = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _chart(counts / sizes, mean, sigma, steps, floor=0.0, ceiling=1.0)


def moving_sigma(values: Floats) -> float:
    """The standard deviation from moving ranges, those of 3.267 times their mean or more left out."""
    ranges = np.abs(np.diff(values))
    if not len(ranges):
        return 0.0
    kept = ranges[ranges < D4 * ranges.mean()]
    return float((kept if len(kept) else ranges).mean() / D2)


def _xmr_part(values: Floats) -> tuple[Floats, Floats]:
    return np.full(len(values), values.mean()), np.full(len(values), moving_sigma(values))


def _p_part(n: Floats, of: Floats, prime: bool) -> tuple[Floats, Floats]:
    share = n.sum() / of.sum()
    sigma = np.sqrt(share * (1 - share) / of)
    if prime and 0 < share < 1:
        sigma = sigma * moving_sigma((n / of - share) / sigma)
    return np.full(len(n), share), sigma


def _series(values: ArrayLike) -> Floats:
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1 or not len(series) or not np.isfinite(series).all():
        raise ValueError("a chart needs one or more numbers in a row")
    return series


def _steps(steps: Sequence[int], points: int) -> list[int]:
    if any(not 0 < step < points for step in steps):
        raise ValueError(f"a step change begins at a point from 1 to {points - 1}")
    return sorted(steps)


def _chart(
    values: Floats,
    mean: Floats,
    sigma: Floats,
    steps: Sequence[int],
    *,
    floor: float,
    ceiling: float,
) -> Chart:
    lower, upper = mean - 3 * sigma, mean + 3 * sigma
    parts = [
        _signals(v, m, s)
        for v, m, s in zip(
            *(np.split(column, sorted(steps)) for column in (values, mean, sigma)), strict=True
        )
    ]
    sides = {name: np.concatenate([part[name] for part in parts]) for name in SIGNALS}
    return Chart(values, mean, np.maximum(lower, floor), np.minimum(upper, ceiling), sides)


def _signals(values: Floats, mean: Floats, sigma: Floats) -> dict[str, NDArray[np.int64]]:
    away = values - mean
    side = np.sign(away).astype(np.int64)
    outside = np.abs(away) > 3 * sigma
    near = (np.abs(away) > 2 * sigma) & ~outside
    rising = np.sign(np.diff(values)).astype(np.int64)
    return {
        "outside": np.where(outside, side, 0),
        "shift": _runs(side, RUN),
        "trend": _trend(rising, len(values)),
        "near": _two_of_three(near, side),
    }


def _runs(side: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """Where a run of one sign is at least ``length`` long: the sign, all along the run."""
    found = np.zeros_like(side)
    for start in range(len(side) - length + 1):
        stretch = side[start : start + length]
        if stretch[0] and (stretch == stretch[0]).all():
            found[start : start + length] = stretch[0]
    return found


def _trend(rising: NDArray[np.int64], points: int) -> NDArray[np.int64]:
    """Seven points that rise or fall have six steps between them; every one of the seven is marked."""
    found = np.zeros(points, np.int64)
    for start in range(points - RUN + 1):
        stretch = rising[start : start + RUN - 1]
        if stretch[0] and (stretch == stretch[0]).all():
            found[start : start + RUN] = stretch[0]
    return found


def _two_of_three(near: Bools, side: NDArray[np.int64]) -> NDArray[np.int64]:
    """Three points running on one side of the mean, two or more of them near the limit: those two."""
    found = np.zeros_like(side)
    for start in range(len(side) - 2):
        here = slice(start, start + 3)
        if abs(side[here].sum()) == 3 and near[here].sum() >= 2:
            found[here] = np.where(near[here], side[here], found[here])
    return found
