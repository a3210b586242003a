"""Group-time average effects with staggered timing.

Callaway and Sant'Anna (2021), doi 10.1016/j.jeconom.2020.12.001, without covariates. For authorities first
treated in year g, in year t: the mean change from year g - 1, less the same mean of authorities not treated.
The base year is g - 1 for leads and lags alike, so that the leads
can be read as a test of what went before. In a panel with gaps, each cell uses those seen in both years.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upturn.published.national.change import drawn, on_scale
from upturn.published.national.panel import Panel, figure_of
from upturn.records.sheets import SourceError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Controls = Literal["never", "not yet"]


@dataclass(frozen=True)
class Grid:
    """A panel as arrays: ``y`` (units by years, NaN for gaps), ``first`` (year treated, inf for never)."""

    y: Floats
    first: Floats
    years: NDArray[np.int64]
    units: tuple[str, ...]


def grid(
    panel: Panel, measure: str, events: pl.DataFrame, *, leave: frozenset[str] = frozenset()
) -> Grid:
    """The figure by authority and year, with the first census after each authority's first event.

    ``leave`` are codes left out. Authorities treated before the second year of the figure are left out: there
    is nothing before to compare with. Raises SourceError for an empty grid.
    """
    figure = figure_of(measure)
    series = on_scale(figure, panel.series(measure)).filter(~pl.col("la_code").is_in(list(leave)))
    wide = series.pivot("year", index="la_code", values="x", aggregate_function="last")
    years = sorted(int(name) for name in wide.columns[1:])
    first: dict[str, float] = {}
    for code, day in events.sort("date").select("la_code", "date").iter_rows():
        first.setdefault(code, figure.census_before(day) + 1)
    starts = np.array([first.get(code, np.inf) for code in wide["la_code"]])
    usable = starts > years[0]
    if not usable.any():
        raise SourceError(f"no authority can be compared on {measure!r}")
    y = wide.select(str(year) for year in years).to_numpy().astype(float)
    units = tuple(wide["la_code"].filter(pl.Series(usable)))
    return Grid(y[usable], starts[usable], np.array(years), units)


@dataclass(frozen=True)
class Cells:
    """Group-time effects: row k is group ``group[k]`` in year ``year[k]``; a column for each draw."""

    group: NDArray[np.int64]
    year: NDArray[np.int64]
    effect: Floats  # cells by draws
    size: Floats  # treated units behind each, by draws

    def by_event_time(self, e: int) -> tuple[Floats, int]:
        """The effect ``e`` years from treatment by draw, groups weighted by size; the units behind it."""
        here = self.year - self.group == e
        known = np.isfinite(self.effect[here])
        weight = np.where(known, self.size[here], 0.0)
        total = weight.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(known, self.effect[here], 0.0) * weight
            return mean.sum(axis=0) / total, int(total[0]) if len(total) else 0


def group_time(
    data: Grid, *, controls: Controls = "not yet", weights: Floats | None = None
) -> Cells:
    """Every group-time effect. ``weights`` (draws by units) repeats it with units counted so often."""
    w = np.ones((1, len(data.units))) if weights is None else weights
    at = {int(year): n for n, year in enumerate(data.years)}
    groups = sorted(
        {int(g) for g in data.first[np.isfinite(data.first)]} & {y for y in at if y - 1 in at}
    )
    keys, effects, sizes = [], [], []
    for g in groups:
        for t in data.years:
            if t == g - 1:
                continue
            delta = data.y[:, at[int(t)]] - data.y[:, at[g - 1]]
            rest = np.isinf(data.first)
            if controls == "not yet":
                rest = rest | ((data.first > max(int(t), g - 1)) & (data.first != g))
            effect, size = _cell(delta, data.first == g, rest, w)
            keys.append((g, int(t)))
            effects.append(effect)
            sizes.append(size)
    if not keys:
        return Cells(*(np.empty(0, np.int64),) * 2, *(np.empty((0, len(w))),) * 2)
    found = np.array(keys)
    return Cells(found[:, 0], found[:, 1], np.array(effects), np.array(sizes))


def _cell(delta: Floats, treated: Floats, rest: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Mean change of the treated less that of the rest, by row of weights; NaN where either is empty."""
    seen = np.isfinite(delta)
    change = np.where(seen, delta, 0.0)
    here, there = (treated & seen).astype(float), (rest & seen).astype(float)
    n, m = w @ here, w @ there
    with np.errstate(invalid="ignore", divide="ignore"):
        return w @ (here * change) / n - w @ (there * change) / m, n


def effects(
    data: Grid,
    *,
    controls: Controls = "not yet",
    leads: int = 3,
    lags: int = 4,
    draws: int = 999,
    seed: int = 1,
) -> pl.DataFrame:
    """Effects by years from the first census after the event: horizon, authorities, effect, se, low, high.

    Horizon 1 is the first census after; 0 is the last before, from which all is measured. Intervals draw
    authorities with replacement (percentiles; se is the standard deviation of the draws).
    """
    n = len(data.units)
    weights = np.vstack([np.ones(n), drawn(n, draws, seed=seed)])
    cells = group_time(data, controls=controls, weights=weights)
    rows = []
    for e in (*range(-leads - 1, -1), *range(lags)):
        mean, behind = cells.by_event_time(e)
        if behind:
            rows.append((e + 1, behind, float(mean[0]), *_spread(mean[1:])))
    columns = ["horizon", "authorities", "effect", "se", "low", "high"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _spread(draws: Floats) -> tuple[float | None, float | None, float | None]:
    told = draws[np.isfinite(draws)]
    if len(told) < 20:
        return None, None, None
    low, high = np.percentile(told, [2.5, 97.5])
    return float(told.std(ddof=1)), float(low), float(high)
