"""A child's plan, with its reviews; closure, and what brings her back."""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

import math

from upturn.twin import columns as C
from upturn.twin.streams import exponential, normal
from upturn.twin.visits import next_visit
from upturn.twin.work import (
    chair,
    count,
    day_of,
    drop_task,
    falls_due,
    give_task,
    later,
    let_go,
    note,
    over_cap,
    stop_waiting,
    was_due,
    weigh,
)


def come_back(s, kid, yearly, longest):
    """A child comes to the door again after a time, if it is not too long."""
    if yearly <= 0.0:
        return
    wait = exponential(s.keys[kid], C.R_BACK, s.kid[kid, C.EPISODE]) * C.YEAR / yearly
    if wait < longest:
        later(s, s.num[C.TODAY] + 1 + int(wait), C.E_BACK, kid)


def start_plan(s, kid, kind):
    """A plan starts, in place of any other."""
    stop_plan(s, kid)
    s.kid[kid, C.TURN] += 1.0
    s.kid[kid, C.PLAN] = kind
    post, key = int(s.kid[kid, C.WORKER]), s.keys[kid]
    mean = s.par[C.P_CP_DAYS] if kind == C.CP else s.par[C.P_CIN_DAYS]
    spread = C.LENGTH_SPREAD * normal(key, C.R_LENGTH, s.kid[kid, C.TURN])
    length = mean * math.exp(spread - 0.5 * C.LENGTH_SPREAD * C.LENGTH_SPREAD)
    over = over_cap(s, post)
    if over > 0.0:
        length *= math.exp(-s.par[C.P_CLOSURE_PRESSURE] * over)
    s.kid[kid, C.PLAN_LENGTH] = length
    end_on(s, kid, s.num[C.TODAY] + 1 + int(length))
    note(s, C.L_CP if kind == C.CP else C.L_CIN, kid, post, length)
    if kind == C.CP:
        count(s, C.S_CP_STARTED, 1.0)
        count(s, C.S_REPEAT_PLANS, s.kid[kid, C.HAD_PLAN])
        s.kid[kid, C.HAD_PLAN] = 1.0
        s.num[C.CP_NOW] += 1
        next_review(s, kid, C.REVIEW_FIRST)
    else:
        s.num[C.CIN_NOW] += 1
    weigh(s, kid)
    next_visit(s, kid)


def end_on(s, kid, day):
    """The day on which a plan is looked at, the last working day by then: does it end?"""
    place = s.cal[int(min(day, s.num[C.LAST_DAY])), 0]
    looked_at = max(day_of(s, place), day_of(s, s.num[C.NOW] + 1))
    if day > s.num[C.LAST_DAY]:
        looked_at = int(s.num[C.LAST_DAY]) + 1
    s.kid[kid, C.PLAN_END] = looked_at
    later(s, looked_at, C.E_PLAN_END, kid)


def stop_plan(s, kid):
    """The plan there is, if any, is over: its visits and reviews drop out."""
    plan = int(s.kid[kid, C.PLAN])
    if plan == C.NO_PLAN:
        return
    if plan == C.CP:
        s.num[C.CP_NOW] -= 1
        count(s, C.S_CP_ENDED, 1.0)
    else:
        s.num[C.CIN_NOW] -= 1
    note(s, C.L_CP_END if plan == C.CP else C.L_CIN_END, kid, int(s.kid[kid, C.WORKER]), 0.0)
    s.kid[kid, C.PLAN] = C.NO_PLAN
    s.kid[kid, C.PLAN_END] = 0.0
    s.kid[kid, C.VISIT_AT] = 0.0
    if s.kid[kid, C.LEFT + C.VISIT] > 0.0:
        was_due(s, s.kid[kid, C.VISIT_DUE], C.DUE_ALL, C.OVERDUE)
        drop_task(s, kid, C.VISIT)
    if s.kid[kid, C.REVIEW_DAY] > 0.0:
        was_due(s, s.kid[kid, C.REVIEW_DUE], C.DUE_ALL, C.OVERDUE)
    s.kid[kid, C.REVIEW_AT] = 0.0
    s.kid[kid, C.REVIEW_DAY] = 0.0
    drop_task(s, kid, C.OTHER)


def next_review(s, kid, days):
    """A review falls due so many days from now; its slot is booked some weeks before."""
    due_day = int(s.num[C.TODAY]) + days
    if due_day > s.num[C.LAST_DAY]:
        return
    due = s.cal[due_day, 0]
    s.kid[kid, C.REVIEW_DUE] = due
    s.kid[kid, C.REVIEW_AT] = day_of(s, due - C.REVIEW_CALLED)
    later(s, s.kid[kid, C.REVIEW_AT], C.E_REVIEW, kid)


def call_review(s, kid):
    """A review is booked with a chair, and its report becomes work."""
    if s.kid[kid, C.REVIEW_AT] != s.num[C.TODAY]:
        return
    due = s.kid[kid, C.REVIEW_DUE]
    earliest = s.num[C.NOW] + int(s.par[C.P_CONFERENCE_NOTICE_DAYS] + 0.5)
    ahead = C.REVIEW_AHEAD * exponential(s.keys[kid], C.R_REVIEW, due)
    rate = s.par[C.P_REVIEW_SLOTS_A_WEEK] / C.WORKING_WEEK
    day = chair(s, earliest, max(earliest, due - int(ahead)), C.REVIEWS, rate)
    s.kid[kid, C.REVIEW_AT] = 0.0
    s.kid[kid, C.REVIEW_DAY] = day_of(s, day)
    count(s, C.S_REVIEWS_DUE, 1.0)
    falls_due(s, due, C.DUE_ALL)
    give_task(s, kid, C.OTHER, s.par[C.P_HOURS_REVIEW], day, C.CLASS_REVIEW)
    later(s, s.kid[kid, C.REVIEW_DAY], C.E_REVIEW_HELD, kid)


def review(s, kid):
    """A review conference is held."""
    if s.kid[kid, C.REVIEW_DAY] != s.num[C.TODAY]:
        return
    late = s.num[C.NOW] > s.kid[kid, C.REVIEW_DUE]
    if late:
        count(s, C.S_REVIEWS_LATE, 1.0)
    was_due(s, s.kid[kid, C.REVIEW_DUE], C.DUE_ALL, C.OVERDUE)
    note(s, C.L_REVIEW, kid, int(s.kid[kid, C.WORKER]), 1.0 if late else 0.0)
    s.kid[kid, C.REVIEW_DAY] = 0.0
    drop_task(s, kid, C.OTHER)
    next_review(s, kid, C.REVIEW_NEXT)


def begin_closing(s, kid):
    """No plan is wanted any more: the last work on the child."""
    stop_plan(s, kid)
    s.kid[kid, C.CLOSING] = 1.0
    weigh(s, kid)
    due = s.num[C.NOW] + C.CLOSING_DUE
    give_task(s, kid, C.OTHER, s.par[C.P_HOURS_CLOSURE], due, C.CLASS_CLOSING)


def close(s, kid):
    """The child is closed, and may come back."""
    count(s, C.S_CLOSURES, 1.0)
    note(s, C.L_CLOSED, kid, int(s.kid[kid, C.WORKER]), s.kid[kid, C.PRESSED])
    leave(s, kid)
    yearly = back_rate(s, s.kid[kid, C.NEED], s.kid[kid, C.PRESSED])
    come_back(s, kid, yearly, C.BACK_LONGEST)


def back_rate(s, need, pressed):
    """The yearly hazard of coming back after closure."""
    return s.par[C.P_REREFERRAL_HAZARD] * math.exp(C.BACK_NEED * need + C.BACK_PRESSED * pressed)


def return_rate(s, need):
    """The yearly hazard of coming back after being turned away, for a need over the true threshold."""
    beyond = need - s.par[C.P_TRUE_THRESHOLD]
    return s.par[C.P_REPEAT_RETURN] * math.exp(math.log(2.0) * beyond)


def into_care(s, kid):
    """The child enters care and passes to another service."""
    count(s, C.S_CARE_ENTRIES, 1.0)
    note(s, C.L_CARE, kid, int(s.kid[kid, C.WORKER]), 0.0)
    s.kid[kid, C.ENQUIRY] = C.NO_ENQUIRY
    if s.kid[kid, C.PHASE] != C.NONE:
        abandon_assessment(s, kid)
    stop_plan(s, kid)
    leave(s, kid)


def abandon_assessment(s, kid):
    """An assessment ends because the child has gone; one with the managers leaves their pile later."""
    if s.kid[kid, C.PHASE] == C.TO_SEE:
        s.num[C.UNSEEN] -= 1
    s.kid[kid, C.PHASE] = C.NONE
    s.num[C.OPEN_ASSESS] -= 1
    was_due(s, s.kid[kid, C.ASSESS_DUE], C.DUE_ASSESS, C.OVERDUE_ASSESS)
    was_due(s, s.kid[kid, C.ASSESS_DUE], C.DUE_ALL, C.OVERDUE)


def leave(s, kid):
    """The child is no longer open: no work, no worker, no queue."""
    for slot in range(C.SLOTS):
        drop_task(s, kid, slot)
    stop_waiting(s, kid)
    if s.kid[kid, C.WORKER] >= 0:
        let_go(s, kid)
    s.kid[kid, C.OPEN] = 0.0
    s.kid[kid, C.CLOSING] = 0.0
    s.kid[kid, C.URGENT] = 0.0
    s.num[C.OPEN_KIDS] -= 1
    weigh(s, kid)


JIT = (
    come_back,
    start_plan,
    end_on,
    stop_plan,
    next_review,
    call_review,
    review,
    begin_closing,
    close,
    back_rate,
    return_rate,
    into_care,
    abandon_assessment,
    leave,
)
