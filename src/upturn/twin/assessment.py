"""An assessment: seen, half done, written, signed; and what follows from it."""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

import math

from upturn.twin import columns as C
from upturn.twin.plans import begin_closing, start_plan
from upturn.twin.streams import normal, uniform
from upturn.twin.work import count, day_of, falls_due, give_task, later, note, over_cap, was_due


def start_assessment(s, kid):
    """The clock of an assessment starts; the work waits for a worker."""
    key, now = s.keys[kid], s.num[C.NOW]
    s.kid[kid, C.REFERRED] = now
    s.kid[kid, C.ASSESS_DUE] = now + C.ASSESSMENT_DAYS
    drawn = min(normal(key, C.R_HOURS, s.kid[kid, C.EPISODE]), C.LARGEST)
    spread = s.par[C.P_HOURS_ASSESSMENT_SPREAD] * drawn
    size = math.exp(C.NEED_HOURS * s.kid[kid, C.NEED] + spread)
    s.kid[kid, C.HOURS] = s.par[C.P_HOURS_ASSESSMENT] * size
    s.kid[kid, C.PHASE] = C.TO_SEE
    s.kid[kid, C.WORKED] = 0.0
    s.kid[kid, C.PARTNER] = 0.0
    s.kid[kid, C.SENT_BACK] = 0.0
    count(s, C.S_ASSESSMENTS_STARTED, 1.0)
    s.num[C.OPEN_ASSESS] += 1
    s.num[C.UNSEEN] += 1
    falls_due(s, s.kid[kid, C.ASSESS_DUE], C.DUE_ASSESS)
    falls_due(s, s.kid[kid, C.ASSESS_DUE], C.DUE_ALL)
    assess(s, kid, C.PART_SEE, C.CLASS_UNSEEN)


def assess(s, kid, part, weight):
    """A part of an assessment's hours becomes work."""
    give_task(s, kid, C.ASSESS, part * s.kid[kid, C.HOURS], s.kid[kid, C.ASSESS_DUE], weight)


def part_assessed(s, kid, post):
    """A part of an assessment is done: seen, then half, then written."""
    phase = int(s.kid[kid, C.PHASE])
    if phase == C.TO_SEE:
        s.num[C.UNSEEN] -= 1
        waited = s.num[C.NOW] - s.kid[kid, C.REFERRED]
        count(s, C.S_FIRST_SEEN, 1.0)
        count(s, C.S_FIRST_SEEN_DAYS, waited)
        note(s, C.L_SEEN, kid, post, waited)
        s.kid[kid, C.PHASE] = C.FIRST_HALF
        assess(s, kid, C.PART_FIRST, C.CLASS_PLAIN)
    elif phase == C.FIRST_HALF:
        if s.kid[kid, C.INFO] <= s.num[C.NOW]:
            write_up(s, kid)
        else:
            s.kid[kid, C.PHASE] = C.FOR_PARTNERS
            s.kid[kid, C.PARTNER] = s.kid[kid, C.INFO] - s.num[C.NOW]
            later(s, day_of(s, s.kid[kid, C.INFO]), C.E_INFO, kid)
    else:
        ask_sign_off(s, kid)


def write_up(s, kid):
    """Partners have answered: the second half can be done."""
    s.kid[kid, C.PHASE] = C.WRITING
    assess(s, kid, C.PART_WRITE, C.CLASS_PLAIN)


def ask_sign_off(s, kid):
    """An assessment goes to the managers, who take them in turn."""
    s.kid[kid, C.PHASE] = C.SIGN_OFF
    s.kid[kid, C.SIGN_FROM] = s.num[C.NOW]
    s.kid[kid, C.SIGN_NEXT] = -1.0
    if s.num[C.SIGN_LAST] >= 0:
        s.kid[int(s.num[C.SIGN_LAST]), C.SIGN_NEXT] = kid
    else:
        s.num[C.SIGN_FIRST] = kid
    s.num[C.SIGN_LAST] = kid


def signed(s, kid):
    """A manager signs an assessment, or sends it back once."""
    key, post = s.keys[kid], int(s.kid[kid, C.WORKER])
    chance = s.par[C.P_REWORK] * over_cap(s, post)
    if s.kid[kid, C.SENT_BACK] == 0.0 and uniform(key, C.R_SENT, s.kid[kid, C.EPISODE]) < chance:
        s.kid[kid, C.SENT_BACK] = 1.0
        s.kid[kid, C.PHASE] = C.WRITING
        count(s, C.S_SENT_BACK, 1.0)
        note(s, C.L_SENT_BACK, kid, post, 0.0)
        assess(s, kid, C.SENT_BACK_HOURS, C.CLASS_PLAIN)
        return
    end_assessment(s, kid, post)
    lapsed = post >= 0 and s.staff[post, C.LAPSED] > 0.0
    noise = s.par[C.P_THRESHOLD_NOISE] * (C.LAPSED_NOISE if lapsed else 1.0)
    seen_as = s.kid[kid, C.NEED] + noise * normal(key, C.R_OUTCOME, s.kid[kid, C.EPISODE])
    over = over_cap(s, post)
    line = s.par[C.P_PLAN_THRESHOLD] + s.par[C.P_CLOSURE_PRESSURE] * over
    s.kid[kid, C.WANTS] = C.WANTS_PLAN if seen_as > line else C.WANTS_CLOSURE
    s.kid[kid, C.PRESSED] = over
    settle(s, kid)


def end_assessment(s, kid, post):
    """Count an assessment that ends today, and where its days went."""
    now, hist = s.num[C.NOW], min(int(s.num[C.NOW] - s.kid[kid, C.REFERRED]), 99)
    days = now - s.kid[kid, C.REFERRED]
    waited = s.kid[kid, C.ALLOCATED] - s.kid[kid, C.REFERRED]
    signing = now - s.kid[kid, C.SIGN_FROM]
    rest = days - waited - signing - s.kid[kid, C.PARTNER]
    worked = min(s.kid[kid, C.WORKED], rest)
    s.kid[kid, C.PHASE] = C.NONE
    s.num[C.OPEN_ASSESS] -= 1
    count(s, C.S_ASSESSMENTS_ENDED, 1.0)
    count(s, C.S_ASSESSMENT_DAYS, days)
    count(s, C.S_DAYS_ALLOCATION, waited)
    count(s, C.S_DAYS_SIGN_OFF, signing)
    count(s, C.S_DAYS_PARTNER, s.kid[kid, C.PARTNER])
    count(s, C.S_DAYS_WORK, worked)
    count(s, C.S_DAYS_WAITING_WORKER, rest - worked)
    if days > C.ASSESSMENT_DAYS:
        count(s, C.S_ASSESSMENTS_LATE, 1.0)
    elif days <= C.THIRTY:
        count(s, C.S_ASSESSMENTS_IN_30, 1.0)
        if days <= C.TEN:
            count(s, C.S_ASSESSMENTS_IN_10, 1.0)
    s.bars[0, hist] += 1
    was_due(s, s.kid[kid, C.ASSESS_DUE], C.DUE_ASSESS, C.OVERDUE_ASSESS)
    was_due(s, s.kid[kid, C.ASSESS_DUE], C.DUE_ALL, C.OVERDUE)
    note(s, C.L_ASSESSED, kid, post, days)


def settle(s, kid):
    """Once assessment and enquiry are both over and there is no plan: a plan, or closure."""
    busy = s.kid[kid, C.PHASE] != C.NONE or s.kid[kid, C.ENQUIRY] != C.NO_ENQUIRY
    if busy or s.kid[kid, C.PLAN] != C.NO_PLAN or s.kid[kid, C.CLOSING] > 0.0:
        return
    if s.kid[kid, C.WANTS] == C.WANTS_PLAN:
        start_plan(s, kid, C.CIN)
    else:
        begin_closing(s, kid)


JIT = (
    start_assessment,
    assess,
    part_assessed,
    write_up,
    ask_sign_off,
    signed,
    end_assessment,
    settle,
)
