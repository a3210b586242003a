"""A spread in place of an average: the ends, the tenths and the middle, with the mean beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Spread:
    """How a number is spread over ``n`` workers, children or cases; all null where there is none.

    ``p10`` and ``p90`` are the values a tenth is below and above, ``most`` the highest. An average is never
    given without the rest: it hides the worker with forty children.
    """

    n: int
    least: float | None
    p10: float | None
    median: float | None
    mean: float | None
    p90: float | None
    most: float | None


def spread(values: ArrayLike) -> Spread:
    """The spread of some numbers, nulls left out.

    >>> spread([4, 10, 12, 14, 40])
    Spread(n=5, least=4.0, p10=6.4, median=12.0, mean=16.0, p90=29.6, most=40.0)
    """
    found = np.asarray(values, dtype=np.float64)
    found = found[~np.isnan(found)]
    if not len(found):
        return Spread(0, None, None, None, None, None, None)
    low, middle, high = (round(float(q), 2) for q in np.quantile(found, (0.1, 0.5, 0.9)))
    mean = round(float(found.mean()), 2)
    return Spread(len(found), float(found.min()), low, middle, mean, high, float(found.max()))


def spread_columns(column: str, suffix: str = "") -> list[pl.Expr]:
    """The same as columns ``least, p10, median, mean, p90, most`` of a grouped frame."""
    c = pl.col(column)
    parts = {
        "least": c.min(), "p10": c.quantile(0.1, "linear"), "median": c.median(), "mean": c.mean(),
        "p90": c.quantile(0.9, "linear"), "most": c.max(),
    }  # fmt: skip
    return [e.cast(pl.Float64).round(2).alias(name + suffix) for name, e in parts.items()]
