"""Patterns of practice planted in the tables of truth; `patterns` plants others in the episodes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from upturn.synthetic.days import date_of
from upturn.synthetic.faults.planter import Planter

Tables = dict[str, pl.DataFrame]
SURGE, BACK = "referrals-surge", "families-come-back"
#: Weeks that stand out when demand rises: the last eight.
SURGE_DAYS = 56


def on_tables(p: Planter, tables: Tables) -> Tables:
    """The tables of truth with the wanted patterns in them."""
    for fault, change in _ON_TABLES.items():
        if p.wants(fault):
            tables = tables | change(p, tables, fault)
    return tables


def _share(p: Planter, fault: str, ids: pl.Series, share: float) -> list[str]:
    known = ids.unique().sort()
    keep = p.rng(fault).permutation(len(known))[: max(3, round(share * len(known)))]
    return known.gather(np.sort(keep).tolist()).to_list()


def _say(p: Planter, fault: str, children: pl.Series, where: str) -> None:
    p.record(fault, children, source_list=where, expected=None, detail=fault.replace("-", " "))


def _contacts(p: Planter, t: Tables, fault: str) -> Tables:
    old = pl.col("day") <= date_of(p.as_at - SURGE_DAYS)
    gone = pl.Series(p.rng(fault).random(t["contacts"].height) < 0.5)
    left = t["contacts"].filter(~(old & gone))
    _say(p, fault, left.filter(~old)["child_id"], "List 1")
    return {"contacts": left}


def _sources(p: Planter, t: Tables, fault: str) -> Tables:
    referred = t["referrals"]
    recent = referred.filter(pl.col("nfa") & (pl.col("referred") > date_of(p.as_at - 190)))
    some = _share(p, fault, recent["referral_id"], 0.7)
    hit = pl.col("referral_id").is_in(some)
    source = pl.when(hit).then(pl.lit("3B")).otherwise("source").alias("source")
    _say(p, fault, referred.filter(hit)["child_id"], "List 3")
    return {
        "referrals": referred.with_columns(source),
        "contacts": t["contacts"].with_columns(source),
    }


def _moves(p: Planter, t: Tables, fault: str) -> Tables:
    care = t["care_periods"].filter(
        pl.col("ended").is_null() & (pl.col("started") < date_of(p.as_at - 400))
    )
    some = care.filter(pl.col("care_id").is_in(_share(p, fault, care["care_id"], 0.4)))
    more = [
        some.select(
            "care_id", "child_id", day=pl.lit(date_of(p.as_at - back)),
            kind_of=pl.lit("U6"), provider=pl.lit("PR4"),
        )
        for back in (310, 210, 110)
    ]  # fmt: skip
    _say(p, fault, some["child_id"], "List 8")
    return {"placements": pl.concat([t["placements"], *more]).sort("day", "child_id", "care_id")}


def _permanence(p: Planter, t: Tables, fault: str) -> Tables:
    care = t["care_periods"]
    long = care.filter(pl.col("ended").is_null() & (pl.col("started") < date_of(p.as_at - 200)))
    hit = pl.col("care_id").is_in(_share(p, fault, long["care_id"], 0.3))
    _say(p, fault, care.filter(hit)["child_id"], "List 8")
    return {
        "care_periods": care.with_columns(permanence_plan=pl.when(~hit).then("permanence_plan"))
    }


def _homes(p: Planter, t: Tables, fault: str) -> Tables:
    leavers = t["care_leavers"]
    hit = pl.col("child_id").is_in(_share(p, fault, leavers["child_id"], 0.4))
    _say(p, fault, leavers.filter(hit)["child_id"], "List 9")
    return {"care_leavers": leavers.with_columns(suitable=pl.col("suitable") & ~hit)}


def _repeats(p: Planter, t: Tables, fault: str) -> Tables:
    plans = t["cp_plans"]
    new = plans.filter(pl.col("started") > date_of(p.as_at - 180))
    hit = pl.col("plan_id").is_in(_share(p, fault, new["plan_id"], 0.6))
    _say(p, fault, plans.filter(hit)["child_id"], "List 7")
    more = pl.when(hit & (pl.col("previous_plans") == 0)).then(1).otherwise("previous_plans")
    return {"cp_plans": plans.with_columns(previous_plans=more)}


def _overloaded(p: Planter, t: Tables, fault: str) -> Tables:
    """In the largest family safeguarding team one worker's name stands against everybody's children."""
    need = t["cin_periods"].filter(
        pl.col("ended").is_null() & pl.col("team").str.starts_with("Family Safeguarding")
    )
    team = need.group_by("team").len().sort("len", "team", descending=[True, False])["team"][0]
    theirs = need.filter(pl.col("team") == team).drop_nulls("worker")
    name = theirs["worker"].sort()[0]
    _say(p, fault, theirs["child_id"], "List 6")
    ends = {"cin_periods": "ended", "cp_plans": "ended", "assessments": "authorised"}
    held = (pl.col("team") == team) & pl.col("worker").is_not_null()
    return {
        table: t[table].with_columns(
            worker=pl.when(held & pl.col(end).is_null()).then(pl.lit(name)).otherwise("worker")
        )
        for table, end in ends.items()
    }


def _again(p: Planter, t: Tables, fault: str) -> Tables:
    """The spine has them already (see `patterns.AGAIN`); here they are told."""
    day = t["referrals"].sort("child_id", "referred").with_columns(
        gap=(pl.col("referred") - pl.col("referred").shift(1).over("child_id")).dt.total_days()
    )  # fmt: skip
    lately = pl.col("referred") > date_of(p.as_at - 180)
    _say(p, fault, day.filter(lately & (pl.col("gap") <= 365))["child_id"], "List 3")
    return {}


def _surge(p: Planter, t: Tables, fault: str) -> Tables:
    last = pl.col("referred") > date_of(p.as_at - SURGE_DAYS)
    _say(p, fault, t["referrals"].filter(last)["child_id"], "List 3")
    return {}


_ON_TABLES: dict[str, Callable[[Planter, Tables, str], Tables]] = {
    "contacts-surge": _contacts,
    "no-action-by-source": _sources,
    "moved-too-often": _moves,
    "no-permanence-plan": _permanence,
    "unsuitable-homes": _homes,
    "plans-repeat": _repeats,
    "overloaded-worker": _overloaded,
    BACK: _again,
    SURGE: _surge,
}
