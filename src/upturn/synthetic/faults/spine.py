"""Faults of practice that change what came of a referral: late, unfinished, drifting."""

from __future__ import annotations

import numpy as np
import polars as pl

from upturn.synthetic.allocation import Posts
from upturn.synthetic.arrivals import USUAL
from upturn.synthetic.days import NEVER, Days, Mask, on_or_after, plus
from upturn.synthetic.episodes import NO_ACTION, Episodes
from upturn.synthetic.faults.planter import Planter
from upturn.synthetic.staff import Staff

CONFERENCES, LATE = "late-conferences-in-one-month", "late-assessments-in-one-team"
UNFINISHED, DRIFT = "assessments-never-finished", "plans-drift"


def plant(p: Planter, e: Episodes, posts: Posts, staff: Staff) -> Episodes:
    """The spine with the wanted faults in it. ``p.episodes`` says which rows changed."""
    team = staff.post_team[posts.assess]
    for fault, change in ((CONFERENCES, _conferences), (DRIFT, _drift)):
        e = change(p, e) if p.wants(fault) else e
    e = _late(p, e, team) if p.wants(LATE) else e
    return _unfinished(p, e, team) if p.wants(UNFINISHED) else e


def _last_and_usual(e: Episodes) -> Mask:
    """A family's last episode, so that nothing after it is made impossible by the change."""
    last = np.concatenate([e.family[1:] != e.family[:-1], [True]])
    usual: Mask = last & (e.kind == USUAL) & (e.care_start == NEVER)
    return usual


def _pick(p: Planter, fault: str, e: Episodes, can: Mask, *, least: int, share: float) -> Mask:
    taken = p.take(fault, e.family[can].tolist(), least=least, share=share)
    picked: Mask = can & np.isin(e.family, taken)
    p.episodes[fault] = np.flatnonzero(picked)
    return picked


def _conferences(p: Planter, e: Episodes) -> Episodes:
    month = e.s47.astype("M8[D]").astype("M8[M]").astype(np.int64)
    this = int(np.datetime64(p.as_at, "D").astype("M8[M]").astype(np.int64))
    can = _last_and_usual(e) & (e.conference < NEVER)
    counts = {m: int((can & (month == m)).sum()) for m in (this - 2, this - 3, this - 4)}
    can &= month == max(counts, key=lambda m: counts[m])
    picked = _pick(p, CONFERENCES, e, can, least=2, share=0.8)
    late = plus(e.s47, p.rng(CONFERENCES).integers(18, 27, len(e)))
    by = np.where(picked, np.maximum(late - e.conference, 0), 0)
    return e.changed(
        picked,
        conference=e.conference + by,
        s47_end=e.conference + by,
        plan_start=np.where(e.plan_start < NEVER, e.conference + by, NEVER),
        plan_end=np.where(e.plan_end < NEVER, on_or_after(e.plan_end + by), NEVER),
        closed=on_or_after(e.closed + by),
    )


def _late(p: Planter, e: Episodes, team: Days) -> Episodes:
    can = _last_and_usual(e) & (e.outcome != NO_ACTION) & (e.s47 == NEVER) & (e.later_s47 == NEVER)
    can &= (e.started <= p.as_at - 115) & (e.started >= p.as_at - 200)
    can &= ~np.isin(e.family, list(p.used))
    if not can.any():
        return e
    can &= team == np.bincount(team[can]).argmax()
    picked = _pick(p, LATE, e, can, least=2, share=0.75)
    end = plus(e.started, p.rng(LATE).integers(48, 71, len(e)))
    end = np.maximum(end, e.authorised)
    closed = np.maximum(on_or_after(e.closed + end - e.authorised), end)
    return e.changed(picked, authorised=end, closed=closed)


def _unfinished(p: Planter, e: Episodes, team: Days) -> Episodes:
    late = p.episodes.get(LATE, np.array([], dtype=np.int64))
    can = _last_and_usual(e) & (e.outcome != NO_ACTION) & (e.s47 == NEVER) & (e.later_s47 == NEVER)
    can &= (e.started <= p.as_at - 80) & (e.started >= p.as_at - 200) & ~np.isin(team, team[late])
    picked = _pick(p, UNFINISHED, e, can, least=3, share=0.02)
    return e.changed(picked, authorised=NEVER, closed=NEVER)


def _drift(p: Planter, e: Episodes) -> Episodes:
    can = _last_and_usual(e) & (e.plan_start < NEVER)
    can &= (e.plan_start <= p.as_at - 560) & (e.plan_start >= p.as_at - 900)
    picked = _pick(p, DRIFT, e, can, least=2, share=0.03)
    return e.changed(picked, plan_end=NEVER, closed=NEVER)


def tell(p: Planter, rows: pl.DataFrame, *, window: int) -> None:
    """Record the children of the changed episodes, each under the rules that should notice."""
    held = pl.col("conference") <= p.as_at
    done, open_ = pl.col("authorised") <= p.as_at, pl.col("closed") > p.as_at
    on_plan = (pl.col("plan_start") < NEVER) & (pl.col("plan_end") > p.as_at)
    listed = pl.col("referred") >= window  # the referral is in list 3
    start, referral = "assessment-45-from-start", "assessment-45-from-referral"
    conference = "s47-to-conference"
    for fault, which, number, rule, detail in (
        (CONFERENCES, held, 5, conference, "conference after 18 to 26 working days"),
        (LATE, done, 4, start, "authorised after 48 to 70 working days"),
        (LATE, done & listed, 4, referral, "authorised after 48 to 70 working days"),
        (UNFINISHED, open_, 4, start, "begun 80 to 200 days ago, not authorised"),
        (UNFINISHED, open_ & listed, 4, referral, "begun 80 to 200 days ago, not authorised"),
        (DRIFT, on_plan, 7, None, "on a plan for over 18 months"),
    ):
        changed = p.changed(fault)
        children = rows.filter(changed & which)["child_id"]
        p.record(fault, children, source_list=f"List {number}", expected=rule, detail=detail)
