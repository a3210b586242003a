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
from upturn.synthetic.days import NEVER, Days, Mask, on_or_after, plus
from upturn.synthetic.episodes import IN_NEED, NO_ACTION, NOT_IN_NEED, Episodes
from upturn.synthetic.faults.planter import Planter
from upturn.synthetic.faults.table_patterns import BACK, SURGE, SURGE_DAYS, on_tables
from upturn.synthetic.staff import Staff

__all__ = ["AGAIN", "BACK", "fewer_before", "on_tables", "plant", "tell"]

CAME_BACK, ONE_MONTH = "no-action-came-back", "no-action-in-one-month"
ONE_TEAM, WAITING = "thresholds-of-one-team", "assessments-begun-late"
DEADLINE, CONFERENCES = "assessments-to-the-deadline", "conferences-to-the-deadline"
LATE, STEPPED = "conferences-late", "stepped-down-too-soon"
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
