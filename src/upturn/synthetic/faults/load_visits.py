"""The first visit after a referral, as late as the load of the worker who took the child makes it.

The same hazard ratio as for assessments (`upturn.synthetic.faults.load`), on the days from the referral.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from upturn.synthetic.days import NEVER, between, plus
from upturn.synthetic.draw import Streams
from upturn.synthetic.faults.load import (
    Floats,
    as_numbers,
    drawn,
    loads,
    outlasting,
    ratios,
    slower,
    wanted,
)
from upturn.synthetic.faults.planter import Planter
from upturn.synthetic.figures import figure
from upturn.synthetic.need import usual_gaps

Tables = dict[str, pl.DataFrame]
#: The tables of visits, and what each visit belongs to.
_VISITS = {"cin_visits": "period_id", "cp_visits": "plan_id", "care_visits": "care_id"}
#: Where visits of a kind are made only while it lasts.
_WHILE = {"cp_visits": "cp_plans", "care_visits": "care_periods"}


def on_visits(p: Planter, tables: Tables) -> Tables:
    """The tables of truth with no visit before the first one that load allows."""
    if not wanted(p):
        return tables
    cases = first_visits(tables)
    load = loads(as_numbers(tables["allocations"]), cases)
    start, seen = (cases[c].to_numpy().astype(np.int64) for c in ("day", "first"))
    days, key = between(start, seen), cases["episode"].to_numpy()
    ratio, place = ratios(p, load, key, "visits"), drawn(p, key, "visits")
    later = plus(start, slower(days, ratio, place, _usual()))
    cases = cases.with_columns(later=pl.Series(np.where(np.isnan(load), seen, later)))
    moved = cases.filter(pl.col("later") != pl.col("first"))
    return tables | {name: _moved(tables, name, moved, p.as_at) for name in _VISITS}


@cache
def _usual() -> Floats:
    """The share of children in need first visited more than 0, 1, 2 … working days after the referral."""
    rng, n = Streams(0).of("usual first visits"), 200_000
    lag = figure("assessments.days_to_start")
    return outlasting(rng.choice(len(lag), n, p=lag) + usual_gaps(rng, n))


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
    """The visits whose new day is one on which such a visit is made: on the plan, in care, or in neither."""
    on = pl.col("later").is_between("_a", "_z")
    if name in _WHILE:
        own = _VISITS[name]
        spans = tables[_WHILE[name]].select(own, **_span())
        return rows.join(spans, on=own).filter(on).drop("_a", "_z")
    spans = pl.concat([tables[one].select("child_id", **_span()) for one in _WHILE.values()])
    other = rows.join(spans, on="child_id").filter(on)
    return rows.join(other.select("child_id", "later"), on=["child_id", "later"], how="anti")


def _span() -> dict[str, pl.Expr]:
    return {"_a": _number("started"), "_z": _number("ended").fill_null(NEVER)}
