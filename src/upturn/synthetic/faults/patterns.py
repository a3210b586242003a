"""Patterns of practice that run through a whole service. Planted only when named: they would drown the rest.

Those of the spine give the episodes back with the pattern in them; those of the tables, the tables. As with
the other faults, no two meet in one family, and the truth says whom each touched.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from upturn.synthetic.allocation import Posts
from upturn.synthetic.arrivals import USUAL
from upturn.synthetic.days import NEVER, Days, Mask, date_of, on_or_after, plus
from upturn.synthetic.episodes import IN_NEED, NO_ACTION, NOT_IN_NEED, Episodes
from upturn.synthetic.faults.planter import Planter
from upturn.synthetic.staff import Staff

Tables = dict[str, pl.DataFrame]
CAME_BACK, ONE_MONTH = "no-action-came-back", "no-action-in-one-month"
ONE_TEAM, WAITING = "thresholds-of-one-team", "assessments-begun-late"
DEADLINE, CONFERENCES = "assessments-to-the-deadline", "conferences-to-the-deadline"
LATE, STEPPED, SURGE, BACK = (
    "conferences-late",
    "stepped-down-too-soon",
    "referrals-surge",
    "families-come-back",
)
#: Weeks that stand out when demand rises: the last eight.
SURGE_DAYS = 56
#: How much likelier families are to come back where that is the pattern.
AGAIN = 2.5


def fewer_before(p: Planter, e: Episodes) -> Episodes:
    """Episodes without half of the families first referred in the months before the last eight weeks."""
    if not p.wants(SURGE):
        return e
    first = np.full(int(e.family.max()) + 1, NEVER)
    np.minimum.at(first, e.family, e.referred)
    seen = first[e.family]
    before = (seen > p.as_at - 250) & (seen <= p.as_at - SURGE_DAYS)
    gone = p.rng(SURGE).random(len(first))[e.family] < 0.6
    return e.only(~(before & gone))


def plant(p: Planter, e: Episodes, posts: Posts, staff: Staff) -> Episodes:
    """The spine with the wanted patterns in it. ``p.episodes`` says which rows changed."""
    team = staff.post_team[posts.assess]
    for fault, change in _ON_SPINE.items():
        if p.wants(fault):
            e = change(p, e, team)
    return e


def _some(p: Planter, fault: str, e: Episodes, can: Mask, share: float) -> Mask:
    """A share of the families that can have the pattern; their rows are kept for the truth."""
    taken = p.take(fault, e.family[can].tolist(), least=3, share=share)
    picked: Mask = can & np.isin(e.family, taken)
    p.episodes[fault] = np.flatnonzero(picked)
    return picked


def _simple(e: Episodes) -> Mask:
    """Episodes with nothing in them but a referral and an assessment."""
    quiet: Mask = (e.kind == USUAL) & (e.s47 == NEVER) & (e.later_s47 == NEVER)
    quiet &= (e.care_start == NEVER) & (e.plan_start == NEVER)
    return quiet


def _last(e: Episodes) -> Mask:
    last: Mask = np.concatenate([e.family[1:] != e.family[:-1], [True]])
    return last


def _closed_at_once(e: Episodes, picked: Mask) -> Episodes:
    return e.changed(
        picked,
        outcome=NO_ACTION,
        started=NEVER,
        authorised=NEVER,
        closed=on_or_after(e.referred + 1),
    )


def _came_back(p: Planter, e: Episodes, team: Days) -> Episodes:
    back = np.concatenate([e.referred[1:], [NEVER]])
    can = _simple(e) & ~_last(e) & (e.referred > p.as_at - 180) & (back <= p.as_at)
    return _closed_at_once(e, _some(p, CAME_BACK, e, can, 0.9))


def _one_month(p: Planter, e: Episodes, team: Days) -> Episodes:
    can = _simple(e) & (e.referred.astype("M8[D]").astype("M8[M]") == _month(p, 3))
    return _closed_at_once(e, _some(p, ONE_MONTH, e, can, 0.9))


def _month(p: Planter, back: int) -> np.datetime64:
    this: np.datetime64 = np.datetime64(p.as_at, "D").astype("M8[M]")
    return this - back


def _one_team(p: Planter, e: Episodes, team: Days) -> Episodes:
    can = _simple(e) & (e.outcome == IN_NEED)
    can &= (e.authorised <= p.as_at) & (e.authorised > p.as_at - 180)
    can &= (
        team == team.min()
    )  # not the team with most of them: chance has made that one lenient already
    picked = _some(p, ONE_TEAM, e, can, 1.0)
    return e.changed(picked, outcome=NOT_IN_NEED, closed=plus(e.authorised, np.full(len(e), 2)))


def _waiting(p: Planter, e: Episodes, team: Days) -> Episodes:
    can = _simple(e) & _last(e) & (e.outcome != NO_ACTION) & (e.referred > p.as_at - 180)
    picked = _some(p, WAITING, e, can & (e.referred <= p.as_at - 30), 0.3)
    start = plus(e.referred, p.rng(WAITING + " days").integers(8, 16, len(e)))
    by = np.where(picked, np.maximum(start - e.started, 0), 0)
    moved = {
        k: on_or_after(np.where(picked, getattr(e, k) + by, 0)) for k in ("authorised", "closed")
    }
    return e.changed(picked, started=start, **moved)


def _deadline(p: Planter, e: Episodes, team: Days) -> Episodes:
    soon = plus(e.started, np.full(len(e), 40))
    can = _simple(e) & _last(e) & (e.outcome != NO_ACTION) & (e.authorised < soon)
    can &= (soon > p.as_at - 180) & (e.started <= p.as_at - 66)
    picked = _some(p, DEADLINE, e, can, 0.4)
    end = plus(e.started, p.rng(DEADLINE + " days").integers(42, 46, len(e)))
    by = np.where(picked, end - e.authorised, 0)
    return e.changed(picked, authorised=end, closed=on_or_after(np.where(picked, e.closed + by, 0)))


def _conferences(p: Planter, e: Episodes, team: Days) -> Episodes:
    return _conferences_on(p, e, CONFERENCES, (13, 16), 1.0)


def _late(p: Planter, e: Episodes, team: Days) -> Episodes:
    return _conferences_on(p, e, LATE, (18, 27), 0.6)


def _conferences_on(
    p: Planter, e: Episodes, fault: str, days: tuple[int, int], share: float
) -> Episodes:
    """Conferences moved to working days of this range, and their plans with them."""
    first, last = (plus(e.s47, np.full(len(e), n)) for n in (days[0], days[1] - 1))
    can = _last(e) & (e.conference < NEVER) & ((e.conference < first) | (e.conference > last))
    can &= (e.s47 > p.as_at - 200) & (last <= p.as_at) & (e.kind == USUAL)
    can &= (e.care_start == NEVER) | (e.care_start > last + 10)
    picked = _some(p, fault, e, can, share)
    day = plus(e.s47, p.rng(fault + " days").integers(*days, len(e)))
    by = np.where(picked, np.maximum(day - e.conference, 0), 0)
    planned = e.plan_start < NEVER
    end = on_or_after(np.where(picked & planned, e.plan_end + by, 0))
    return e.changed(
        picked,
        conference=day,
        s47_end=day,
        plan_start=np.where(planned, day, NEVER),
        plan_end=np.where(planned, end, NEVER),
        closed=on_or_after(np.where(picked, e.closed + by, 0)),
    )


def _stepped(p: Planter, e: Episodes, team: Days) -> Episodes:
    can = _last(e) & (e.plan_end > p.as_at - 175) & (e.plan_end <= p.as_at - 30)
    can &= (e.later_s47 == NEVER) & (e.care_start == NEVER)
    picked = _some(p, STEPPED, e, can, 0.7)
    day = plus(np.where(picked, e.plan_end, 0), p.rng(STEPPED + " days").integers(5, 16, len(e)))
    end = plus(day, np.full(len(e), 8))
    return e.changed(picked, later_s47=day, later_s47_end=end, closed=np.maximum(e.closed, end))


_ON_SPINE: dict[str, Callable[[Planter, Episodes, Days], Episodes]] = {
    CAME_BACK: _came_back,
    ONE_MONTH: _one_month,
    ONE_TEAM: _one_team,
    WAITING: _waiting,
    DEADLINE: _deadline,
    CONFERENCES: _conferences,
    LATE: _late,
    STEPPED: _stepped,
}
_LISTS = {WAITING: 4, DEADLINE: 4, ONE_TEAM: 4, CONFERENCES: 5, LATE: 5, STEPPED: 7}


def tell(p: Planter, rows: pl.DataFrame) -> None:
    """Record the children of the episodes that a pattern changed."""
    for fault in _ON_SPINE:
        changed = rows.filter(p.changed(fault))
        where = f"List {_LISTS.get(fault, 3)}"
        p.record(
            fault,
            changed["child_id"],
            source_list=where,
            expected=None,
            detail=fault.replace("-", " "),
        )


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
    """The spine has them already (see `AGAIN`); here they are told."""
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
