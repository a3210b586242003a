"""Run charts: a median and two questions, for series too short or too uneven for a control chart."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class RunChart:
    """What the Anhøj rules say of a series.

    ``useful`` counts the points that are not on the median. A run longer than ``longest_allowed``, or fewer
    crossings of the median than ``fewest_allowed``, is more than chance.
    """

    median: float
    useful: int
    longest: int
    longest_allowed: int
    crossings: int
    fewest_allowed: int

    @property
    def shifted(self) -> bool:
        """Whether either rule says that something changed."""
        return self.longest > self.longest_allowed or self.crossings < self.fewest_allowed


def run_chart(values: ArrayLike) -> RunChart:
    """The longest run and the crossings of the median, against what chance allows.

    Anhøj J, Olesen AV. Run charts revisited: a simulation study of run chart rules for detection of
    non-random variation in health care processes. PLoS ONE 2014; 9: e113825. Raises ValueError for no values.

    >>> chart = run_chart([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    >>> chart.longest, chart.longest_allowed, chart.crossings, chart.fewest_allowed, chart.shifted
    (6, 7, 1, 3, True)
    """
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1 or not len(series) or not np.isfinite(series).all():
        raise ValueError("a run chart needs one or more numbers in a row")
    median = float(np.median(series))
    side = np.sign(series - median)
    side = side[side != 0]
    if not len(side):
        return RunChart(median, 0, 0, 0, 0, 0)
    turns = np.flatnonzero(np.diff(side)) + 1
    lengths = np.diff(np.concatenate([[0], turns, [len(side)]]))
    fewest = _fewest(len(side) - 1)
    longest_allowed = round(math.log2(len(side)) + 3)
    return RunChart(median, len(side), int(lengths.max()), longest_allowed, len(turns), fewest)


def _fewest(chances: int) -> int:
    """The smallest number of crossings that chance goes below in less than one run of twenty."""
    from scipy.special import bdtr

    return int(np.searchsorted(bdtr(np.arange(chances + 1), chances, 0.5), 0.05))
