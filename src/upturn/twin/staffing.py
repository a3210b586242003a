"""Posts, agency, absence, leavers and starters month by month, from a workforce file."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from upturn.twin import spans
from upturn.twin.counted import Counted
from upturn.twin.spans import NEVER

#: Contracted hours of a full-time post (assumed: the usual contract in local government).
FULL_TIME = 37.0
WORKFORCE_SERIES = ("workers_present", "filled", "vacant", "agency", "sick", "leavers", "starters")


def people(c: Counted, workforce: pl.DataFrame) -> None:
    """Posts held and empty, agency, absence, leavers and starters, in full-time equivalents and people."""
    spells = workforce.filter(pl.col("kind") == "in post").with_columns(
        _fte=(pl.col("hours") / FULL_TIME).fill_null(1.0)
    )
    held = spells.filter(pl.col("worker").is_not_null())
    _weighted(c, "filled", held)
    if held["agency"].drop_nulls().len():
        _weighted(c, "agency", held.filter(pl.col("agency")))
        _weighted(c, "vacant", spells.filter(pl.col("worker").is_null() | pl.col("agency")))
    else:
        c.untold("the workforce file does not say who is agency", "agency", "vacant")
    _absent(c, workforce, held)
    own = held.filter(~pl.col("agency").fill_null(False))
    theirs = own.group_by("worker").agg(pl.col("start").min(), pl.col("end").fill_null(_FAR).max())
    c.count("starters", spans.days_of(theirs["start"], blank=-NEVER))
    c.count("leavers", spans.days_of(theirs["end"]))


_FAR = date(9999, 1, 1)


def _weighted(c: Counted, name: str, spells: pl.DataFrame) -> None:
    """Full-time equivalents of an average day of each month."""
    total = np.zeros(len(c.months))
    for fte, rows in spells.group_by("_fte"):
        starts = spans.days_of(rows["start"], blank=-NEVER)
        total += float(str(fte[0])) * spans.mean_open(starts, spans.days_of(rows["end"]), c.months)
    c.series[name] = total


def _absent(c: Counted, workforce: pl.DataFrame, held: pl.DataFrame) -> None:
    """Who was off sick, and who was there: in post less leave and sickness."""
    away = workforce.filter(pl.col("kind") != "in post").with_columns(_fte=pl.lit(1.0))
    if away.is_empty():
        c.untold("the workforce file holds no absence", "sick", "workers_present")
        return
    _weighted(c, "sick", away.filter(pl.col("kind") == "sickness"))
    if away.filter(pl.col("kind") == "leave").is_empty():
        c.untold("the workforce file holds no leave", "workers_present")
        return
    _weighted(c, "workers_present", away)
    c.series["workers_present"] = np.maximum(c.series["filled"] - c.series["workers_present"], 0)
