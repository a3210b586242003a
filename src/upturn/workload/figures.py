"""The workforce measures of the scorecard: each figure of who held which child, with its children."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import numpy as np
import polars as pl

from upturn.measures.model import MEMBERS, Measure, Value
from upturn.measures.scorecard import Beside
from upturn.measures.series import POINTS, Series
from upturn.measures.statistics.intervals import median_ranks, wilson
from upturn.records.casebook import Casebook
from upturn.workload.allocations import held_on
from upturn.workload.caseload import over_time
from upturn.workload.continuity import waits
from upturn.workload.ground import Figure, Ground, members, plain
from upturn.workload.posts import people_on
from upturn.workload.tables import covers
from upturn.workload.workforce import Workforce

#: More different workers than two in twelve months, as the Department for Education counts them.
THREE = 3
NO_FILE = "it needs a workforce file (--workforce)"
NO_WORKERS = "the source names no workers"
NO_HISTORY = "the source names only the worker at the extract"
#: Upper ends of the bands in which workers stand by how many children they hold.
_BANDS = (5, 10, 15, 20, 25, 30)


def figures_of(
    casebook: Casebook, measures: Sequence[Measure], *, workforce: Workforce | None = None
) -> dict[str, Beside]:
    """The measures of the form ``workload`` among ``measures``, by id, for `make_scorecard`'s ``beside``.

    What the source or the missing workforce file cannot tell has no value and says why. The window is the
    twelve months to the as-at date. Posts have no children behind them: ``n`` and ``of`` are then rounded
    full-time equivalents or heads, and ``members`` is empty. No interval is given where the children of one
    worker would have to count as independent.
    """
    ground = Ground(casebook, workforce)
    return {one.id: _beside(ground, one) for one in measures if one.form == "workload"}


def _beside(ground: Ground, one: Measure) -> Beside:
    cover = one.covered_by(ground.casebook.source)
    none = Figure(why=cover.because)
    found = none if cover.tested == "none" else _FIGURES[one.figure](ground, one)
    empty = pl.DataFrame(schema=MEMBERS)
    window = (ground.since + timedelta(days=1), ground.as_at)
    value = Value(
        one, ground.as_at, window, found.value, found.n, found.of, found.interval, 0,
        empty if found.members is None else found.members, bands=found.bands, why=found.why,
    )  # fmt: skip
    points = found.points
    series = (
        None
        if points is None or points.height < 2
        else Series("month", points, None, standing=True)
    )
    return Beside(value, series)


def _points(months: pl.DataFrame, value: pl.Expr, n: pl.Expr, of: pl.Expr) -> pl.DataFrame:
    told = months.select(start="day", n=n, of=of, value=value)
    return told.select(pl.col(name).cast(kind) for name, kind in POINTS.items())


def _caseload(ground: Ground, one: Measure) -> Figure:
    """The middle, the highest tenth or the most children of a worker; its rows are the children held."""
    held = ground.held_now
    if held.is_empty():
        return Figure(why=NO_WORKERS)
    loads = ground.workers["children"].to_numpy()
    part = {"caseload-middle": "median", "caseload-p90": "p90", "caseload-most": "most"}[one.figure]
    value = {"median": np.median(loads), "p90": np.quantile(loads, 0.9), "most": loads.max()}[part]
    months = over_time(ground.history, as_at=ground.as_at)
    return Figure(
        round(float(value), 1), held.height, held.height, members=held,
        bands=_bands(loads) if part == "median" else (),
        points=_points(months, pl.col(part), pl.col("held"), pl.col("held")),
    )  # fmt: skip


def _bands(loads: np.ndarray) -> tuple[tuple[str, int], ...]:
    """How many workers hold so many children."""
    starts = (1, *(end + 1 for end in _BANDS))
    words = [f"{a} to {b}" for a, b in zip(starts, _BANDS, strict=False)] + [
        f"{starts[-1]} or more"
    ]
    counts = np.bincount(np.searchsorted(_BANDS, loads, side="left"), minlength=len(words)).tolist()
    return tuple(zip(words, counts, strict=True))


def _average(ground: Ground, _: Measure) -> Figure:
    """Children held for each full-time equivalent that holds them; each head without a workforce file."""
    workers = ground.workers
    if ground.workforce is not None:
        people = people_on(ground.workforce, plain(), day=ground.as_at)
        there = people.filter(pl.col("capacity") > 0)["worker"]
        workers = workers.filter(pl.col("worker").is_in(there.implode()))
        whole = float(workers["capacity"].sum())
    else:
        whole = float(workers.height)
    if not whole:
        return Figure(why=NO_WORKERS if ground.workers.is_empty() else "no worker is in the file")
    mine = int(workers["children"].sum())
    return Figure(round(mine / whole, 2), mine, mine, members=_of_workers(ground, workers))


def _of_workers(ground: Ground, workers: pl.DataFrame) -> pl.DataFrame:
    """A row for each child and worker of these workers: a child whom two hold counts with both."""
    now = held_on(ground.held, ground.as_at).join(
        workers.select("worker", amount="children"), on="worker", how="inner"
    )
    return members(now.with_columns(counts=pl.lit(True)).sort("child_id"))


def _over(ground: Ground, one: Measure) -> Figure:
    """Children whose worker holds more than so many; no interval, since a worker's children go together."""
    held = ground.held_now.with_columns(counts=pl.col("amount") > one.over)
    if held.is_empty():
        return Figure(why=NO_WORKERS)
    n = int(held["counts"].sum())
    return Figure(100 * n / held.height, n, held.height, members=held)


def _three(ground: Ground, one: Measure) -> Figure:
    """Children with three or more workers in twelve months."""
    if ground.history.is_empty():
        return Figure(why=NO_HISTORY)
    rows = ground.changes
    if one.figure == "workers-three-cla":
        care = ground.cases.filter((pl.col("kind") == "looked after") & covers(ground.as_at))
        rows = rows.filter(pl.col("child_id").is_in(care["child_id"].implode()))
    return _share(rows.with_columns(counts=pl.col("workers") >= THREE, amount="workers"))


def _share(rows: pl.DataFrame) -> Figure:
    if rows.is_empty():
        return Figure(why="there is nothing to count")
    n, of = int(rows["counts"].sum()), rows.height
    low, high = wilson(n, of)
    return Figure(100 * n / of, n, of, (100 * low, 100 * high), members(rows))


def _wait(ground: Ground, _: Measure) -> Figure:
    """Working days from a referral to the first day a named worker had the child."""
    if ground.history.is_empty():
        return Figure(why=NO_HISTORY)
    rows = waits(ground.casebook, ground.history, since=ground.since + timedelta(days=1))
    if rows.is_empty():
        return Figure(why="there is nothing to measure")
    lengths = np.sort(rows["waited"].to_numpy())
    low, high = median_ranks(len(lengths))
    told = rows.with_columns(counts=pl.lit(True), day="referred", amount="waited")
    interval = (float(lengths[low - 1]), float(lengths[high - 1]))
    return Figure(float(np.median(lengths)), rows.height, rows.height, interval, members(told))


def _nobody(ground: Ground, one: Measure) -> Figure:
    """Days without a worker, all added up; or the share of children with more than so many running."""
    if ground.history.is_empty():
        return Figure(why=NO_HISTORY)
    rows = ground.unheld
    if one.figure == "nobody-over":
        return _share(rows.with_columns(counts=pl.col("longest") > one.over, amount="longest"))
    rows = rows.with_columns(counts=pl.col("days") > 0, amount="days")
    n = int(rows["counts"].sum())
    return Figure(float(rows["days"].sum()), n, rows.height, members=members(rows))


def _posts(ground: Ground, one: Measure) -> Figure:
    """A share of posts or people, from the workforce file."""
    posts = ground.posts
    if posts is None:
        return Figure(why=NO_FILE)
    n, of, value, interval = {
        "vacancy-rate": (posts.vacant, posts.posts, posts.vacancy_rate, posts.vacancy_interval),
        "agency-rate": (posts.agency, posts.in_post + posts.agency, posts.agency_rate, posts.agency_interval),
        "turnover": (posts.leavers, posts.heads, posts.turnover, posts.turnover_interval),
        "sickness-rate": (posts.sick_days, posts.days, posts.sickness_rate, None),
    }[one.figure]  # fmt: skip
    if value is None:
        return Figure(why="the workforce file has nobody in post")
    wide = None if interval is None else (100 * interval[0], 100 * interval[1])
    return Figure(value, round(n), round(of), wide, points=_post_points(ground, one.figure))


def _post_points(ground: Ground, figure: str) -> pl.DataFrame | None:
    part, beside = {
        "vacancy-rate": ("vacant", "permanent"),
        "agency-rate": ("agency", "permanent"),
    }.get(figure, ("", ""))
    months = ground.post_months
    if not part or months is None:
        return None
    whole = pl.col(part) + pl.col(beside)
    return _points(
        months.filter(whole > 0), 100 * pl.col(part) / whole, pl.col(part).round(), whole.round()
    )


_FIGURES: dict[str, Callable[[Ground, Measure], Figure]] = {
    "caseload-middle": _caseload,
    "caseload-p90": _caseload,
    "caseload-most": _caseload,
    "caseload-average": _average,
    "caseload-over": _over,
    "workers-three": _three,
    "workers-three-cla": _three,
    "allocation-wait": _wait,
    "nobody-days": _nobody,
    "nobody-over": _nobody,
    "vacancy-rate": _posts,
    "agency-rate": _posts,
    "turnover": _posts,
    "sickness-rate": _posts,
}
