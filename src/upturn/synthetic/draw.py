"""Random draws for whole columns, each from a stream of its own.

A stream is named, so that a change in one part of a council (a fault planted, a figure altered) leaves
the draws of all other parts as they were.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upturn.synthetic.days import Days, Mask, on_or_before, working_days

Rng = np.random.Generator
Gaps = Callable[[Days, Days], NDArray[Any]]


@dataclass(frozen=True)
class Streams:
    """Random number streams by name, all from one seed."""

    seed: int

    def of(self, name: str) -> Rng:
        """A fresh stream; the same seed and name give the same numbers.

        >>> int(Streams(1).of("a").integers(100)) == int(Streams(1).of("a").integers(100))
        True
        """
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])


def chance(rng: Rng, n: int, p: float | NDArray[np.float64]) -> Mask:
    """True with probability ``p``, n times."""
    return rng.random(n) < p


def one_of(rng: Rng, n: int, weights: Mapping[Any, float]) -> NDArray[np.str_]:
    """n of the keys, as often as their weights say."""
    names = np.array([str(k) for k in weights])
    shares = np.array(list(weights.values()), dtype=float)
    found: NDArray[np.str_] = names[rng.choice(len(names), n, p=shares / shares.sum())]
    return found


def from_bands(rng: Rng, n: int, bands: Sequence[Sequence[float]]) -> Days:
    """Whole numbers from bands ``[first, last, weight]``, even within a band."""
    low, high, weight = (np.array(column) for column in zip(*bands, strict=True))
    band = rng.choice(len(bands), n, p=weight / weight.sum())
    return rng.integers(low[band].astype(int), high[band].astype(int) + 1)


def reshape_band(rng: Rng, value: Days, first: int, weights: Sequence[float]) -> Days:
    """Values within the band that begins at ``first`` drawn again with these weights for its days."""
    inside = (value >= first) & (value < first + len(weights))
    again = first + rng.choice(len(weights), len(value), p=np.array(weights) / sum(weights))
    return np.where(inside, again, value)


def runs(
    start: Days, end: Days, gaps: Gaps, *, shortest: int, working: bool
) -> tuple[Days, Days, Days]:
    """Repeated events: after each start one gap to the first, then one gap each to the next, to the end.

    ``gaps(which, nth)`` gives the gap before event ``nth`` (0 first) of run ``which``, and none but the
    first below ``shortest``; in working days when ``working``, else in calendar days, the event then moved
    back to a working day. Returns which run, which number in it, and the day, each of one length.
    """
    s, e = (_place(start), _place(end)) if working else (start, end)
    count = np.where(e > s, 1 + (e - s) // shortest, 0)
    which = np.repeat(np.arange(len(s)), count)
    first = np.cumsum(count) - count
    nth = np.arange(len(which)) - first[which]
    total = np.cumsum(gaps(which, nth).astype(np.int64))
    before = np.concatenate([[0], total])[first]
    at = s[which] + total - before[which]
    day = working_days()[np.minimum(at, len(working_days()) - 1)] if working else on_or_before(at)
    keep = (at <= e[which]) & (day >= start[which])
    return which[keep], nth[keep], day[keep]


def _place(day: Days) -> Days:
    return np.asarray(np.searchsorted(working_days(), day, side="right") - 1, dtype=np.int64)


def mostly(rng: Rng, n: int, on_time: float, usual: tuple[int, int], late: tuple[int, int]) -> Days:
    """A gap within ``usual`` (both ends in) with probability ``on_time``, else within ``late``."""
    good = rng.integers(usual[0], usual[1] + 1, n)
    bad = rng.integers(late[0], late[1] + 1, n)
    return np.where(chance(rng, n, on_time), good, bad)
