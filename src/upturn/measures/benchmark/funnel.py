"""A council among all the others on a funnel: is it further from England than its size explains?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from upturn.measures.benchmark.compare import Benchmark
from upturn.measures.model import Unit
from upturn.measures.statistics.funnel import (
    CONTROL,
    WARNING,
    overdispersion,
    proportion_limits,
    rate_limits,
)

#: Fewer authorities than this make no funnel.
FEWEST = 20
#: Sizes along which the limits are drawn.
STEPS = 24
WITHIN, UNUSUAL, BEYOND = "", "outside 95 %", "outside 99.8 %"
_PER = {"percent": 100.0, "rate": 10_000.0}


@dataclass(frozen=True)
class Funnel:
    """One published figure of one year over every authority that has it and its size.

    ``points`` has ``area, la_code, value, of, own, near, beyond``: ``near`` marks statistical neighbours,
    ``beyond`` is one of `WITHIN`, `UNUSUAL`, `BEYOND`. ``limits`` has ``of, low, high, lowest, highest``:
    95 % and 99.8 % limits about ``target`` (England), in the unit of the measure. ``spread`` is how many
    times more than chance authorities differ (a variance ratio, 1 for no more); the limits are widened by
    its square root.
    """

    year: int
    unit: Unit
    target: float
    spread: float
    points: pl.DataFrame
    limits: pl.DataFrame

    @property
    def own(self) -> str:
        """Where the authority itself stands: a word for `beyond`, or that it has no published value."""
        mine = self.points.filter("own")
        return "not published" if mine.is_empty() else str(mine["beyond"].item(0))


def funnel(benchmark: Benchmark, published: str, unit: Unit) -> Funnel | None:
    """The funnel of a published figure in its latest year; None where it cannot be drawn.

    It takes a percentage or a rate, England's figure, and `FEWEST` authorities with both a value and a size.
    Limits are exact, widened for overdispersion: Spiegelhalter DJ. Statistics in Medicine 2005; 24:
    1185-1202.
    """
    if unit not in _PER:
        return None
    rows = benchmark.frame.filter(kind="figure", measure=published)
    sized = rows.filter(pl.col("value").is_not_null(), pl.col("of") > 0)
    authorities = sized.filter(area_type="authority")
    england = rows.filter(pl.col("value").is_not_null(), area_type="England")
    years = set(england["year"]) & set(authorities["year"])
    if not years:
        return None
    year = max(years)
    here = authorities.filter(pl.col("year") == year).unique("la_code", keep="last")
    if here.height < FEWEST:
        return None
    target = float(england.filter(pl.col("year") == year)["value"].item(-1))
    spread = overdispersion(_z(here, target, unit))
    points = _points(benchmark, here, target, unit, spread)
    sizes = np.geomspace(here["of"].min(), here["of"].max(), STEPS)  # type: ignore[arg-type]
    limits = pl.DataFrame(
        [{"of": size, **_limits(size, target, unit, spread)} for size in sizes.tolist()]
    )
    return Funnel(year, unit, target, spread, points, limits)


def _z(here: pl.DataFrame, target: float, unit: Unit) -> list[float]:
    """How many standard deviations of chance each authority is from the target."""
    share = target / _PER[unit]
    chance = share * (1 - share) if unit == "percent" else share
    away = (here["value"] / _PER[unit] - share) / (chance / here["of"]).sqrt()
    return [float(z) for z in away]


def _points(
    benchmark: Benchmark, here: pl.DataFrame, target: float, unit: Unit, spread: float
) -> pl.DataFrame:
    near = benchmark.neighbours()
    beyond = [
        _beyond(value, _limits(of, target, unit, spread))
        for value, of in here.select("value", "of").iter_rows()
    ]
    return here.select(
        "area",
        "la_code",
        "value",
        "of",
        own=pl.col("la_code") == benchmark.code,
        near=pl.col("la_code").is_in(near),
        beyond=pl.Series(beyond, dtype=pl.String),
    ).sort("of")


def _limits(size: float, target: float, unit: Unit, spread: float) -> dict[str, float]:
    low, high = _pair(size, target, unit, WARNING)
    lowest, highest = _pair(size, target, unit, CONTROL)
    wider = math.sqrt(spread)
    most = 100.0 if unit == "percent" else math.inf
    ends = {"low": low, "high": high, "lowest": lowest, "highest": highest}
    return {
        name: min(max(target + (end - target) * wider, 0.0), most) for name, end in ends.items()
    }


def _pair(size: float, target: float, unit: Unit, tail: float) -> Sequence[float]:
    per = _PER[unit]
    if unit == "percent":
        return [per * end for end in proportion_limits(round(size), target / per, tail=tail)]
    return [per * end / size for end in rate_limits(target / per * size, tail=tail)]


def _beyond(value: float, limits: dict[str, float]) -> str:
    if value < limits["lowest"] or value > limits["highest"]:
        return BEYOND
    return UNUSUAL if value < limits["low"] or value > limits["high"] else WITHIN
