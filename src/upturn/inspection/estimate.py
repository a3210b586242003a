"""From what a sample showed to what holds for the population, with an interval.

The weighted share (Hajek's ratio) with the variance of stratified sampling without replacement
(Cochran 1977, 5A.3) or, for a sample weighted by risk, Hajek's approximation (1964). The interval is
Wilson's (1927) on the effective sample size, as Dean and Pagano recommend for designed samples
(*Journal of Survey Statistics and Methodology* 3, 2015).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from upturn.measures.statistics.intervals import wilson
from upturn.records.sheets import SourceError


@dataclass(frozen=True)
class Estimate:
    """A share of the population: ``n`` of ``audited`` units showed it; ``effective`` is their worth."""

    share: float
    low: float
    high: float
    n: int
    audited: int
    effective: float
    population: int
    not_audited: int


def estimate(drawn: pl.DataFrame, found: pl.Series, *, population: int) -> Estimate:
    """The share of the population for which ``found`` holds, from a sample with chances.

    ``found`` is true, false, or null for a unit that was not audited, in the order of ``drawn``.
    Units not audited are taken to be like those of their stratum that were; their number is given.

    Raises SourceError for a tracking sample, and when nothing was audited.
    """
    frame = drawn.with_columns(found=found.cast(pl.Float64))
    if frame["chance"].null_count():
        raise SourceError("A tracking sample speaks for the children in it and for no others.")
    seen = frame.drop_nulls("found")
    if seen.is_empty():
        raise SourceError("No unit of the sample has a result yet.")
    weight, hit = seen["weight"].to_numpy(), seen["found"].to_numpy()
    share = float((weight * hit).sum() / weight.sum())
    effective = _effective(seen, share, population)
    low, high = wilson(share * effective, effective)
    return Estimate(
        share, low, high, int(seen["found"].sum()), seen.height, effective, population,
        frame.height - seen.height,
    )  # fmt: skip


def _effective(seen: pl.DataFrame, share: float, population: int) -> float:
    """How many units of a simple random sample (of an endless population) would tell as much."""
    variance = _variance(seen, share)
    if 0 < share < 1 and variance > 0:
        return share * (1 - share) / variance
    fraction = seen.height / population if population else 0.0
    return seen.height / max(1 - fraction, 1e-9)


def _variance(seen: pl.DataFrame, share: float) -> float:
    """The variance of the weighted share, stratum by stratum, with the finite correction."""
    total = float(seen["weight"].sum())
    variance = 0.0
    for part in seen.partition_by("stratum"):
        n = part.height
        if n < 2:
            continue
        chance = part["chance"].to_numpy()
        residual = (part["found"].to_numpy() - share) * part["weight"].to_numpy()
        spread = (1 - chance) * n / (n - 1)
        centre = (spread * residual).sum() / spread.sum() if spread.sum() > 0 else 0.0
        variance += float((spread * (residual - centre) ** 2).sum())
    return variance / total**2
