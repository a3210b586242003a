"""What happens to a child: she comes, is referred, and is led from one stage to the next."""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

import math

from upturn.twin import columns as C
from upturn.twin.assessment import part_assessed, start_assessment, write_up
from upturn.twin.enquiry import call_strategy, conference, enquired, strategy
from upturn.twin.plans import (
    back_rate,
    begin_closing,
    call_review,
    close,
    come_back,
    end_on,
    into_care,
    return_rate,
    review,
    start_plan,
)
from upturn.twin.streams import key_on, normal, uniform
from upturn.twin.visits import visited
from upturn.twin.work import count, note, over_cap, wait_for_worker


def new_child(s, domain, number, family):
    """A row for a child who was not known, and her need. ``family`` is a brother's or sister's row, or -1."""
    kid = add_child(s, domain, number, family)
    if kid < 0:
        return kid
    if family < 0:
        s.kid[kid, C.FAMILY_NEED] = normal(s.keys[kid], C.R_FAMILY, 0)
    else:
        s.kid[kid, C.FAMILY_NEED] = s.kid[family, C.FAMILY_NEED]
    both = C.CLOSE_KIN * (s.kid[kid, C.FAMILY_NEED] + normal(s.keys[kid], C.R_OWN, 0))
    s.kid[kid, C.NEED] = s.par[C.P_NEED_MEAN] + s.par[C.P_NEED_SPREAD] * both
    return kid


def add_child(s, domain, number, family):
    """A row for a child whose need is still to be said, or -1 when there is no room."""
    kid = int(s.num[C.KIDS])
    if kid >= s.kid.shape[0]:
        s.num[C.FAULT] = 3
        return -1
    s.num[C.KIDS] = kid + 1
    for column in range(C.KID):
        s.kid[kid, column] = 0.0
    s.keys[kid] = key_on(s.stems[domain], number)
    s.kid[kid, C.ID] = domain * 100_000_000.0 + number
    s.kid[kid, C.FAMILY] = family if family >= 0 else kid
    head = s.keys[int(s.kid[kid, C.FAMILY])]
    s.kid[kid, C.TEAM] = int(uniform(head, C.R_TEAM, 0) * int(s.par[C.P_TEAMS]))
    s.kid[kid, C.WORKER] = -1.0
    s.kid[kid, C.LAST_WORKER] = -1.0
    s.kid[kid, C.QUEUED] = -1.0
    s.kid[kid, C.REFERRAL_DAY] = -1e9
    s.kid[kid, C.WEIGHT] = 1.0
    return kid


def contact(s, kid):
    """A child comes to the front door, first or again, and waits to be screened."""
    if s.kid[kid, C.EPISODE] > 0.0 and s.kid[kid, C.TURNED] > 0.0:
        s.kid[kid, C.NEED] += C.GROWTH
        count(s, C.S_RETURNED, 1.0)
        note(s, C.L_RETURNED, kid, -1, s.kid[kid, C.NEED])
        if s.kid[kid, C.NEED] > s.par[C.P_SECTION47_THRESHOLD]:
            count(s, C.S_SERIOUS_LATER, 1.0)
    s.kid[kid, C.TURNED] = 0.0
    s.kid[kid, C.EPISODE] += 1.0
    s.kid[kid, C.CONTACT_DAY] = s.num[C.NOW]
    s.kid[kid, C.SCREEN_NEXT] = -1.0
    count(s, C.S_CONTACTS, 1.0)
    note(s, C.L_CONTACT, kid, -1, s.kid[kid, C.NEED])
    if s.num[C.SCREEN_LAST] >= 0:
        s.kid[int(s.num[C.SCREEN_LAST]), C.SCREEN_NEXT] = kid
    else:
        s.num[C.SCREEN_FIRST] = kid
    s.num[C.SCREEN_LAST] = kid


def decide(s, kid):
    """The front door decides: a referral, or not."""
    episode, key = s.kid[kid, C.EPISODE], s.keys[kid]
    count(s, C.S_CONTACTS_SCREENED, 1.0)
    count(s, C.S_SCREENING_DAYS, s.num[C.NOW] - s.kid[kid, C.CONTACT_DAY])
    line = s.par[C.P_REFERRAL_THRESHOLD]
    line += s.par[C.P_THRESHOLD_TEAM_SPREAD] * s.queue[int(s.kid[kid, C.TEAM]), 2]
    seen_as = s.kid[kid, C.NEED] + s.par[C.P_THRESHOLD_NOISE] * normal(key, C.R_JUDGED, episode)
    if seen_as > line:
        refer(s, kid, seen_as)
        return
    count(s, C.S_TURNED_AWAY, 1.0)
    note(s, C.L_TURNED, kid, -1, s.kid[kid, C.NEED])
    if s.kid[kid, C.NEED] > s.par[C.P_TRUE_THRESHOLD]:
        s.kid[kid, C.TURNED] = 1.0
        come_back(s, kid, return_rate(s, s.kid[kid, C.NEED]), C.RETURN_LONGEST)


def refer(s, kid, seen_as):
    """A contact becomes a referral; unless it ends at once, an assessment starts the same day."""
    episode, key, today = s.kid[kid, C.EPISODE], s.keys[kid], s.num[C.TODAY]
    count(s, C.S_REFERRALS, 1.0)
    if today - s.kid[kid, C.REFERRAL_DAY] <= C.YEAR:
        count(s, C.S_REREFERRALS, 1.0)
    s.kid[kid, C.REFERRAL_DAY] = today
    s.kid[kid, C.PRESSED] = 0.0
    urgent = seen_as > s.par[C.P_SECTION47_THRESHOLD]
    note(s, C.L_REFERRAL, kid, -1, 1.0 if urgent else 0.0)
    if not urgent and uniform(key, C.R_NFA, episode) < s.par[C.P_NO_FURTHER_ACTION]:
        note(s, C.L_NFA, kid, -1, 0.0)
        come_back(s, kid, back_rate(s, s.kid[kid, C.NEED], 0.0), C.BACK_LONGEST)
        return
    s.kid[kid, C.OPEN] = 1.0
    s.num[C.OPEN_KIDS] += 1
    s.kid[kid, C.URGENT] = 1.0 if urgent else 0.0
    s.kid[kid, C.ALLOCATED] = -1.0
    s.kid[kid, C.WANTS] = C.UNDECIDED
    s.kid[kid, C.CHANGES] = 0.0
    s.kid[kid, C.LATE_VISITS] = 0.0
    start_assessment(s, kid)
    if urgent:
        call_strategy(s, kid)
    wait_for_worker(s, kid)


def plan_looked_at(s, kid):
    """The day on which a plan may end: it ends well, goes on, or the child is worse off."""
    if s.kid[kid, C.PLAN_END] != s.num[C.TODAY] or s.kid[kid, C.PLAN] == C.NO_PLAN:
        return
    s.kid[kid, C.TURN] += 1.0
    key, turn, post = s.keys[kid], s.kid[kid, C.TURN], int(s.kid[kid, C.WORKER])
    protection = s.kid[kid, C.PLAN] == C.CP
    care = s.par[C.P_CARE_ENTRY] * C.CARE_AFTER_PLAN
    if protection and uniform(key, C.R_CARE, turn) < care:
        into_care(s, kid)
        return
    against = C.END_CHANGE * s.kid[kid, C.CHANGES] + C.END_LATE * s.kid[kid, C.LATE_VISITS]
    if post >= 0 and s.staff[post, C.LAPSED] > 0.0:
        against += C.END_LAPSED
    busy = s.kid[kid, C.ENQUIRY] != C.NO_ENQUIRY or s.kid[kid, C.PHASE] != C.NONE
    if busy or uniform(key, C.R_ENDS, turn) >= math.exp(-against):
        extend(s, kid)
    elif protection and uniform(key, C.R_STEPS, turn) < C.STEPS_DOWN:
        start_plan(s, kid, C.CIN)
    else:
        s.kid[kid, C.PRESSED] = over_cap(s, post)
        begin_closing(s, kid)


def extend(s, kid):
    """A plan goes on; a child in need who has become worse comes to a strategy discussion."""
    s.kid[kid, C.CHANGES] = 0.0
    s.kid[kid, C.LATE_VISITS] = 0.0
    end_on(s, kid, s.num[C.TODAY] + C.EXTENSION)
    free = s.kid[kid, C.ENQUIRY] == C.NO_ENQUIRY and s.kid[kid, C.PLAN] == C.CIN
    noise = s.par[C.P_THRESHOLD_NOISE] * normal(s.keys[kid], C.R_AGAIN, s.kid[kid, C.TURN])
    if free and s.kid[kid, C.NEED] + noise > s.par[C.P_SECTION47_THRESHOLD]:
        call_strategy(s, kid)


def task_done(s, kid, slot, post):
    """The hours of a piece of work are used."""
    s.kid[kid, C.LEFT + slot] = 0.0
    if slot == C.ASSESS:
        part_assessed(s, kid, post)
    elif slot == C.ENQUIRE:
        enquired(s, kid, post)
    elif slot == C.VISIT:
        visited(s, kid, post)
    elif slot == C.OTHER and s.kid[kid, C.CLOSING] > 0.0:
        close(s, kid)


def happen(s, kind, kid):
    """What the heap had for today."""
    if kind == C.E_BACK:
        contact(s, kid)
    elif kind == C.E_STRATEGY:
        if s.kid[kid, C.OPEN] > 0.0 and s.kid[kid, C.ENQUIRY] == C.STRATEGY_AWAITED:
            strategy(s, kid)
    elif kind == C.E_INFO:
        if s.kid[kid, C.PHASE] == C.FOR_PARTNERS:
            write_up(s, kid)
    elif kind == C.E_CONFERENCE:
        if s.kid[kid, C.ENQUIRY] == C.CONFERENCE_BOOKED:
            conference(s, kid)
    elif kind == C.E_REVIEW:
        call_review(s, kid)
    elif kind == C.E_REVIEW_HELD:
        review(s, kid)
    else:
        plan_looked_at(s, kid)


JIT = (
    new_child, add_child, contact, decide, refer, plan_looked_at, extend, task_done, happen,
)  # fmt: skip
