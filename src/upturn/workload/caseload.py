"""How many children each worker holds, what they weigh, and how that was when new work came."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upturn.workload.allocations import held_on, spells
from upturn.workload.cases import kinds_on
from upturn.workload.posts import month_days, people_on
from upturn.workload.spread import spread_columns
from upturn.workload.tables import covers
from upturn.workload.weights import KINDS_OF_CASE, Scheme
from upturn.workload.workforce import Workforce

_UNKNOWN = "child in need"  # what a child held without an open case is weighed as


def caseloads(
    held: pl.DataFrame,
    found: pl.DataFrame,
    scheme: Scheme,
    *,
    day: date,
    workforce: Workforce | None,
) -> pl.DataFrame:
    """One row for each worker who holds a child on ``day``.

    ``team`` (the one most of them are with), ``children`` and how many of each kind, ``points`` (cases only),
    ``capacity`` (full-time equivalents after reductions; null where the file does not say), ``load`` (per
    cent of what the scheme allows this worker; null without capacity or while away), ``agency``,
    ``newly_qualified``, ``away`` (leave or sickness) and ``left``; those four need a workforce file.
    """
    rows = held_on(held, day).join(kinds_on(found, day), on="child_id", how="left")
    points = (
        pl.col("kind").fill_null(_UNKNOWN).replace_strict(scheme.points, return_dtype=pl.Float64)
    )
    each = rows.with_columns(points=points).group_by("worker").agg(
        pl.col("team").drop_nulls().mode().sort().first(),
        pl.len().alias("children"),
        *((pl.col("kind") == kind).sum().alias(kind) for kind in KINDS_OF_CASE),
        pl.col("kind").is_null().sum().alias("no open case"),
        pl.col("points").sum(),
    )  # fmt: skip
    each = each.join(people_on(workforce, scheme, day=day), on="worker", how="left")
    room = scheme.full * pl.col("capacity")
    load = 100 * (pl.col("points") + scheme.stable * pl.col("capacity")) / room
    there = (pl.col("capacity") > 0) & ~pl.col("away").fill_null(False)
    return each.with_columns(load=pl.when(there).then(load).round(1)).sort(
        "children", "worker", descending=[True, False]
    )


def over_time(held: pl.DataFrame, *, as_at: date, months: int = 24) -> pl.DataFrame:
    """The spread of caseloads at each month's end before ``as_at``, and on it: ``day, workers, children …``.

    Empty where the source holds no history. Only months that the history reaches back to are given.
    """
    known = spells(held)
    days = pl.DataFrame({"day": month_days(known["start"], as_at=as_at, months=months)})
    each = (
        known.join(days.cast({"day": pl.Date}), how="cross").filter(covers(pl.col("day")))
        .group_by("worker", "day").agg(children=pl.col("child_id").n_unique())
    )  # fmt: skip
    return (
        each.group_by("day")
        .agg(pl.len().alias("workers"), pl.col("children").sum().alias("held"), *spread_columns("children"))
        .sort("day")
    )  # fmt: skip


def load_when_arrived(
    known: pl.DataFrame, workers: pl.Series, days: pl.Series
) -> NDArray[np.int64]:
    """How many children each worker held when work came on each day, what came that day not counted.

    ``known`` are spells of `upturn.workload.allocations.spells`; ``workers`` and ``days`` go in pairs.
    """
    code = {w: n for n, w in enumerate(known["worker"].unique().sort().to_list())}
    owner = known["worker"].replace_strict(code, return_dtype=pl.Int64).to_numpy()
    far = np.int64(10**6)
    begun = np.sort(owner * far + known["start"].to_physical().cast(pl.Int64).to_numpy())
    over = known["end"].to_physical().cast(pl.Int64).fill_null(far - 1).to_numpy()
    gone = np.sort(owner * far + over)
    asked = workers.replace_strict(code, default=-1, return_dtype=pl.Int64).to_numpy()
    on = days.to_physical().cast(pl.Int64).to_numpy()
    key, base = asked * far + on, asked * far
    before = np.searchsorted(begun, key, "left") - np.searchsorted(begun, base, "left")
    left = np.searchsorted(gone, key, "right") - np.searchsorted(gone, base, "left")
    count: NDArray[np.int64] = np.where(asked >= 0, before - left, 0)
    return count


def arrivals(held: pl.DataFrame, *, since: date) -> pl.DataFrame:
    """New work since a day: ``child_id, worker, team, start`` and ``load``, the children held already."""
    known = spells(held)
    new = known.filter(pl.col("start") >= since)
    load = load_when_arrived(known, new["worker"], new["start"])
    return new.select("child_id", "worker", "team", "start").with_columns(load=pl.Series(load))
