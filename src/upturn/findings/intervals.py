"""Shares of few cases: intervals that stay honest when cases come together."""

from __future__ import annotations

from math import erfc, exp, gamma, sqrt

import numpy as np
import polars as pl

from upturn.measures.statistics.intervals import Z95, wilson

#: The normal deviate of a two-sided 99.9 % interval.
Z999 = 3.2905267314918945


def design_effect(cases: pl.DataFrame) -> float:
    """How much wider the variance of a share is because cases come in clusters; 1 when they do not.

    The ratio of the cluster-robust to the binomial variance (Kish 1965, chapter 5), kept between 1 and the
    value for clusters that are all alike, then widened because few clusters tell the variance badly
    (the ratio of t-values; Korn and Graubard 1998, Survey Methodology 24: 193). ``cases`` has ``hit`` and
    ``cluster``; a null cluster stands alone.

    >>> pairs = [str(i // 2) for i in range(400)]
    >>> alike = pl.DataFrame({"hit": [True, True, False, False] * 100, "cluster": pairs})
    >>> round(design_effect(alike), 1)
    2.0
    >>> design_effect(alike.with_columns(cluster=pl.lit(None)))
    1.0
    """
    of = cases.height
    if of < 2:
        return 1.0
    alone = cases["cluster"].null_count()
    groups = cases.drop_nulls("cluster").group_by("cluster").agg(pl.col("hit").sum(), n=pl.len())
    size = groups["n"].to_numpy().astype(float)
    alike = float((size**2).sum() + alone) / of
    p = float(cases["hit"].sum()) / of
    if p in (0.0, 1.0) or len(size) + alone < 2:
        return max(1.0, alike) * _few(len(size) + alone, of)
    lone = cases.filter(pl.col("cluster").is_null())["hit"].to_numpy().astype(float)
    # In order of size: groups come in no order, and a sum would differ in its last digit from run to run.
    off = np.sort(np.concatenate([groups["hit"].to_numpy() - p * size, lone - p]))
    robust = float((off**2).sum()) * len(off) / (len(off) - 1) / of**2
    return min(max(1.0, robust / (p * (1 - p) / of)), max(1.0, alike)) * _few(len(off), of)


def _few(clusters: int, of: int) -> float:
    """How much wider an interval is for resting on so few clusters, as a factor of the variance."""
    return (_t95(max(1, clusters - 1)) / _t95(max(1, of - 1))) ** 2


def _t95(df: int) -> float:
    """Student's t for a two-sided 95 % interval (Cornish-Fisher; within 1 % from four degrees up).

    >>> round(_t95(10), 2), round(_t95(30), 2)
    (2.23, 2.04)
    """
    z = Z95
    return z + (z**3 + z) / (4 * df) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df**2)


def clustered_wilson(n: float, of: float, design: float, *, z: float = Z95) -> tuple[float, float]:
    """Wilson's interval with the number of cases divided by the design effect.

    >>> clustered_wilson(8, 40, 1.0) == wilson(8, 40)
    True
    """
    return wilson(n / design, of / design, z=z)


def chi_square_tail(x: float, df: int) -> float:
    """The chance of a chi-square value above ``x`` with ``df`` (whole) degrees of freedom.

    >>> round(chi_square_tail(3.841459, 1), 4), round(chi_square_tail(9.487729, 4), 4)
    (0.05, 0.05)
    """
    if x <= 0:
        return 1.0
    tail = erfc(sqrt(x / 2)) if df % 2 else exp(-x / 2)
    for k in range(3 if df % 2 else 4, df + 1, 2):
        tail += (x / 2) ** (k / 2 - 1) * exp(-x / 2) / gamma(k / 2)
    return min(1.0, tail)


def mantel_haenszel(
    unit: np.ndarray, stratum: np.ndarray, hit: np.ndarray
) -> tuple[float, int, np.ndarray]:
    """Do units differ in how often cases are hits, within strata of like cases?

    ``unit`` and ``stratum`` are whole numbers from 0 and ``hit`` true or false, one a case. Gives the
    generalised Mantel-Haenszel statistic, its degrees of freedom (units less one), and the number of hits
    expected of each unit from the strata alone. Mantel and Haenszel 1959; Landis and others 1978.

    >>> unit, stratum = np.array([0, 0, 0, 1, 1, 1]), np.zeros(6, dtype=int)
    >>> hit = np.array([True, True, True, False, False, True])
    >>> q, df, expected = mantel_haenszel(unit, stratum, hit)
    >>> round(q, 3), df, expected.tolist()
    (2.5, 1, [2.0, 2.0])
    """
    units, strata = int(unit.max()) + 1, int(stratum.max()) + 1
    n = np.bincount(stratum * units + unit, minlength=strata * units).astype(float)
    n = n.reshape(strata, units)
    size = n.sum(axis=1)
    hits = np.bincount(stratum, weights=hit, minlength=strata)
    expected = (n * (hits / np.maximum(size, 1))[:, None]).sum(axis=0)
    observed = np.bincount(unit, weights=hit, minlength=units)
    scale = hits * (size - hits) / np.maximum(size**2 * (size - 1), 1)
    spread = np.diag((scale * size) @ n) - (n * scale[:, None]).T @ n
    off = (observed - expected)[:-1]
    q = float(off @ np.linalg.pinv(spread[:-1, :-1]) @ off)
    return q, units - 1, expected


def mantel_haenszel_odds(inside: np.ndarray, stratum: np.ndarray, hit: np.ndarray) -> float | None:
    """The odds of a hit inside a unit over the odds outside it, pooled over strata; None if undefined.

    >>> inside, stratum = np.array([1, 1, 1, 0, 0, 0], bool), np.zeros(6, dtype=int)
    >>> mantel_haenszel_odds(inside, stratum, np.array([1, 1, 0, 1, 0, 0], bool))
    4.0
    """
    count = int(stratum.max()) + 1

    def tally(which: np.ndarray) -> np.ndarray:
        return np.bincount(stratum[which], minlength=count).astype(float)

    size = np.maximum(tally(np.ones(len(hit), bool)), 1)
    top = (tally(inside & hit) * tally(~inside & ~hit) / size).sum()
    bottom = (tally(inside & ~hit) * tally(~inside & hit) / size).sum()
    return float(top / bottom) if bottom > 0 else None
