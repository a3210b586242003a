"""The first visit after a referral, as late as the load of the worker who took the child makes it.

The same hazard ratio as for assessments (`upturn.synthetic.faults.load`), on the days from the referral.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from upturn.synthetic.days import NEVER, between, plus
from upturn.synthetic.faults.load import (
    as_numbers,
    drawn,
    loads,
    outlasting,
    ratios,
    slower,
    wanted,
)
from upturn.synthetic.faults.planter import Planter

Tables = dict[str, pl.DataFrame]
#: The tables of visits, and what each visit belongs to.
_VISITS = {"cin_visits": "period_id", "cp_visits": "plan_id"}


def on_visits(p: Planter, tables: Tables) -> Tables:
    """The tables of truth with no visit before the first one that load allows."""
    if not wanted(p):
        return tables
    cases = first_visits(tables)
    load = loads(as_numbers(tables["allocations"]), cases)
    start, seen = (cases[c].to_numpy().astype(np.int64) for c in ("day", "first"))
    days, key = between(start, seen), cases["episode"].to_numpy()
    ratio, place = ratios(p, load, key, "visits"), drawn(p, key, "visits")
    later = plus(start, slower(days, ratio, place, outlasting(days)))
    cases = cases.with_columns(later=pl.Series(np.where(np.isnan(load), seen, later)))
    moved = cases.filter(pl.col("later") != pl.col("first"))
    return tables | {name: _moved(tables, name, moved, p.as_at) for name in _VISITS}


def first_visits(tables: Tables) -> pl.DataFrame:
    """Each referral acted on with its first visit: ``episode, referral_id, child_id, day, closed, first``."""
    visits = pl.concat([tables[name].select("child_id", v=_number("day")) for name in _VISITS])
    asked = tables["referrals"].filter(~pl.col("nfa")).select(
        "referral_id", "child_id", day=_number("referred"),
        closed=_number("closed").fill_null(NEVER),
        episode=pl.col("referral_id").str.extract(r"^R(\d+)-").cast(pl.Int64),
    )  # fmt: skip
    pairs = asked.join(visits, on="child_id").filter(pl.col("v").is_between("day", "closed"))
    first = pairs.group_by("referral_id").agg(first=pl.col("v").min())
    return asked.join(first, on="referral_id", maintain_order="left")


def _number(day: str) -> pl.Expr:
    return pl.col(day).to_physical().cast(pl.Int64)


def _moved(tables: Tables, name: str, moved: pl.DataFrame, as_at: int) -> pl.DataFrame:
    """One table of visits: those up to the new first day gone, the first one put on it."""
    rows, each = tables[name].with_columns(_on=_number("day")), list(tables[name].columns)
    pairs = rows.join(moved.select("child_id", "day", "first", "later"), on="child_id", suffix="_r")
    early = pairs.filter(pl.col("_on").is_between("day_r", "later"))
    kept = rows.join(early.select(*each), on=each, how="anti")
    first = rows.join(
        moved, left_on=["child_id", "_on"], right_on=["child_id", "first"], suffix="_r"
    )
    there = first.filter((pl.col("later") <= as_at) & (pl.col("later") < pl.col("closed")))
    there = _still_so(tables, name, there).with_columns(
        day=pl.col("later").cast(pl.Int32).cast(pl.Date)
    )
    both = pl.concat([kept.select(each), there.select(each)])
    return both.sort("day", "child_id", _VISITS[name], maintain_order=True)


def _still_so(tables: Tables, name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The visits whose new day is one on which such a visit is made: on the plan, or on none and at home."""
    on = pl.col("later").is_between("_a", "_z")
    spans = tables["cp_plans"].select("child_id", "plan_id", **_span())
    if name == "cp_visits":
        own = spans.select("plan_id", "_a", "_z")
        return rows.join(own, on="plan_id").filter(on).drop("_a", "_z")
    care = tables["care_periods"].select("child_id", plan_id=pl.lit(None, pl.String), **_span())
    away = rows.join(pl.concat([spans, care]), on="child_id").filter(on)
    return rows.join(away.select("child_id", "later"), on=["child_id", "later"], how="anti")


def _span() -> dict[str, pl.Expr]:
    return {"_a": _number("started"), "_z": _number("ended").fill_null(NEVER)}
