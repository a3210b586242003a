"""What changed after a judgement, beside the middle authority of England in the same years.

The change of one authority is from the last census before its report was published, to a later (or earlier)
census, each net of that year's median authority. The mean is over judgements. This is a description: the
authorities that were judged were not chosen by lot, and some were changing before (see the leads).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upturn.published.national.model import Figure
from upturn.published.national.panel import Panel, figure_of

#: Censuses from the last before publication; 1 is the first after it.
HORIZONS = (-3, -2, -1, 1, 2, 3, 4)
BOOTSTRAP = 2000


def on_scale(figure: Figure, series: pl.DataFrame) -> pl.DataFrame:
    """A series with ``x``: its value, or the natural logarithm where the figure's scale is log."""
    if figure.scale == "log":
        return series.filter(pl.col("value") > 0).with_columns(x=pl.col("value").log())
    return series.with_columns(x=pl.col("value"))


def net(figure: Figure, series: pl.DataFrame) -> pl.DataFrame:
    """A series with ``x``, ``middle`` (the median authority of the year) and ``net``, their difference."""
    return on_scale(figure, series).with_columns(
        middle=pl.col("x").median().over("year"),
    ).with_columns(net=pl.col("x") - pl.col("middle"))  # fmt: skip


def changes(
    panel: Panel,
    measure: str,
    events: pl.DataFrame,
    *,
    horizons: Sequence[int] = HORIZONS,
    netted: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """One row for each event and horizon: who, when, both cells, and the change net of the middle.

    ``events`` needs la_code, area, date, source and row. ``netted`` replaces the series net of the median.
    Columns: la_code, area, date, horizon, base_year, year, base_value, value, change, and the place of both
    cells and of the judgement.
    """
    figure = figure_of(measure)
    known = net(figure, panel.series(measure)) if netted is None else netted
    base = [figure.census_before(day) for day in events["date"]]
    wide = (
        events.select("la_code", "area", "date", judged_source="source", judged_row="row")
        .with_columns(base_year=pl.Series(base, dtype=pl.Int64))
        .join(pl.DataFrame({"horizon": list(horizons)}), how="cross")
        .with_columns(year=pl.col("base_year") + pl.col("horizon"))
    )
    cell = known.select("la_code", "year", "value", "net", "source", "row")
    early = cell.rename({c: f"base_{c}" for c in cell.columns if c != "la_code"})
    return (
        wide.join(early, on=["la_code", "base_year"])
        .join(cell, on=["la_code", "year"])
        .with_columns(change=pl.col("net") - pl.col("base_net"))
        .sort("horizon", "date", "la_code")
    )


def study(changed: pl.DataFrame, *, seed: int = 1, draws: int = BOOTSTRAP) -> pl.DataFrame:
    """For each horizon: events, authorities, mean, standard error and a 95 % interval.

    The standard error is that of a mean of events. The interval draws authorities, not events, with
    replacement (percentiles of ``draws`` draws), so an authority judged twice is one authority.
    """
    rows = []
    for (horizon,), part in changed.group_by("horizon", maintain_order=True):
        x = part["change"].to_numpy()
        low, high = cluster_interval(x, part["la_code"].to_list(), seed=seed, draws=draws)
        error = float(x.std(ddof=1) / len(x) ** 0.5) if len(x) > 1 else None
        rows.append(
            (horizon, len(x), part["la_code"].n_unique(), float(x.mean()), error, low, high)
        )
    columns = ["horizon", "events", "authorities", "mean", "se", "low", "high"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def cluster_interval(
    x: np.ndarray, clusters: Sequence[str], *, seed: int, draws: int
) -> tuple[float | None, float | None]:
    """The 2.5 and 97.5 percentiles of the mean of ``x`` when whole clusters are drawn with replacement.

    Two Nones for fewer than two clusters.

    >>> low, high = cluster_interval(np.arange(20.0), [str(n) for n in range(20)], seed=1, draws=500)
    >>> 5 < low < 9.5 < high < 14
    True
    """
    _, which = np.unique(np.asarray(clusters), return_inverse=True)
    groups = int(which.max()) + 1 if len(which) else 0
    if groups < 2:
        return None, None
    sums, sizes = np.bincount(which, x), np.bincount(which)
    times = drawn(groups, draws, seed=seed)
    means = times @ sums / (times @ sizes)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def drawn(n: int, draws: int, *, seed: int) -> NDArray[np.int64]:
    """How often each of ``n`` is drawn when ``n`` are drawn with replacement: draws by n.

    >>> drawn(5, 3, seed=1).sum(axis=1).tolist()
    [5, 5, 5]
    """
    which = np.random.default_rng(seed).integers(0, n, size=(draws, n))
    flat = (which + n * np.arange(draws)[:, None]).ravel()
    return np.bincount(flat, minlength=draws * n).reshape(draws, n)
