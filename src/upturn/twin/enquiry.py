"""Strategy discussion, section 47 enquiry and initial conference."""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

from upturn.twin import columns as C
from upturn.twin.assessment import settle
from upturn.twin.plans import into_care, start_plan
from upturn.twin.streams import exponential, normal, uniform
from upturn.twin.work import (
    chair,
    count,
    day_of,
    drop_task,
    falls_due,
    give_task,
    later,
    note,
    was_due,
    weigh,
)


def call_strategy(s, kid):
    """A strategy discussion is called; partners take their time."""
    s.kid[kid, C.ENQUIRY] = C.STRATEGY_AWAITED
    s.kid[kid, C.TURN] += 1.0
    weigh(s, kid)
    wait = exponential(s.keys[kid], C.R_STRATEGY, s.kid[kid, C.TURN])
    wait *= s.par[C.P_STRATEGY_DELAY_DAYS]
    later(s, day_of(s, s.num[C.NOW] + int(wait + 0.5)), C.E_STRATEGY, kid)


def strategy(s, kid):
    """The strategy discussion is held and a section 47 enquiry starts."""
    key, turn, now = s.keys[kid], s.kid[kid, C.TURN], s.num[C.NOW]
    missing = uniform(key, C.R_PARTNER, turn) < s.par[C.P_PARTNER_MISSING]
    count(s, C.S_SECTION47_STARTED, 1.0)
    if missing:
        count(s, C.S_STRATEGY_MISSING_PARTNER, 1.0)
    since = now - s.kid[kid, C.REFERRED]
    if since <= C.EARLY:
        count(s, C.S_STRATEGIES_EARLY, 1.0)
        count(s, C.S_STRATEGY_DAYS, since)
    note(s, C.L_STRATEGY, kid, int(s.kid[kid, C.WORKER]), 1.0 if missing else 0.0)
    s.kid[kid, C.MISSING] = 1.0 if missing else 0.0
    s.kid[kid, C.ENQUIRY] = C.ENQUIRING
    s.kid[kid, C.STRATEGY] = now
    hours = s.par[C.P_HOURS_SECTION47] * (0.5 + uniform(key, C.R_ENQUIRY_HOURS, turn))
    give_task(s, kid, C.ENQUIRE, hours, now + C.ENQUIRY_DUE, C.CLASS_ENQUIRY)


def enquired(s, kid, post):
    """The enquiry's work is done: a conference, care, or neither."""
    key, turn = s.keys[kid], s.kid[kid, C.TURN]
    if s.kid[kid, C.ENQUIRY] == C.CONFERENCE_BOOKED:
        return  # the report is ready before the day
    noise = s.par[C.P_THRESHOLD_NOISE] * (C.LAPSED_NOISE if s.kid[kid, C.MISSING] > 0.0 else 1.0)
    seen_as = s.kid[kid, C.NEED] + noise * normal(key, C.R_ENQUIRY, turn)
    called = s.kid[kid, C.PLAN] != C.CP and seen_as > s.par[C.P_CONFERENCE_THRESHOLD]
    note(s, C.L_ENQUIRED, kid, post, 1.0 if called else 0.0)
    if called:
        book_conference(s, kid)
    elif uniform(key, C.R_CARE, turn) < s.par[C.P_CARE_ENTRY]:
        into_care(s, kid)
    else:
        s.kid[kid, C.ENQUIRY] = C.NO_ENQUIRY
        weigh(s, kid)
        settle(s, kid)


def book_conference(s, kid):
    """A conference is booked: on the last free slot in time that notice allows, else the next."""
    key, turn = s.keys[kid], s.kid[kid, C.TURN]
    earliest = s.num[C.NOW] + int(s.par[C.P_CONFERENCE_NOTICE_DAYS] + 0.5)
    due = s.kid[kid, C.STRATEGY] + C.CONFERENCE_DAYS
    aim = max(earliest, due - int(C.AHEAD * exponential(key, C.R_AHEAD, turn)))
    rate = s.par[C.P_CONFERENCE_SLOTS_A_WEEK] / C.WORKING_WEEK
    day = chair(s, earliest, aim, C.CONFERENCES, rate)
    s.kid[kid, C.ENQUIRY] = C.CONFERENCE_BOOKED
    s.kid[kid, C.CONFERENCE] = day
    s.kid[kid, C.SLOT_DAYS] = max(0.0, day - aim)
    s.kid[kid, C.PUT_OFF] = 0.0
    s.kid[kid, C.PUT_OFF_DAYS] = 0.0
    s.num[C.WAITING] += 1
    falls_due(s, due, C.DUE_ALL)
    if due < s.num[C.NOW]:
        s.num[C.OVERDUE] += 1
    give_task(s, kid, C.ENQUIRE, s.par[C.P_HOURS_CONFERENCE], day, C.CLASS_ENQUIRY)
    later(s, day_of(s, day), C.E_CONFERENCE, kid)


def conference(s, kid):
    """The day of a conference: held, unless partners' absence puts it off once."""
    key, turn = s.keys[kid], s.kid[kid, C.TURN]
    now = s.num[C.NOW]
    chance = s.par[C.P_PARTNER_MISSING] * C.ABSENCE_PUTS_OFF
    if s.kid[kid, C.PUT_OFF] == 0.0 and uniform(key, C.R_ABSENT, turn) < chance:
        again = now + C.PUT_OFF_DELAY
        rate = s.par[C.P_CONFERENCE_SLOTS_A_WEEK] / C.WORKING_WEEK
        day = chair(s, again, again, C.CONFERENCES, rate)
        s.kid[kid, C.PUT_OFF] = 1.0
        s.kid[kid, C.PUT_OFF_DAYS] = day - now
        s.kid[kid, C.CONFERENCE] = day
        note(s, C.L_PUT_OFF, kid, int(s.kid[kid, C.WORKER]), day - now)
        later(s, day_of(s, day), C.E_CONFERENCE, kid)
        return
    count_conference(s, kid, now - s.kid[kid, C.STRATEGY])
    drop_task(s, kid, C.ENQUIRE)
    s.kid[kid, C.ENQUIRY] = C.NO_ENQUIRY
    if uniform(key, C.R_PLANNED, turn) < C.PLANNED:
        start_plan(s, kid, C.CP)
    elif s.kid[kid, C.PLAN] == C.NO_PLAN:
        start_plan(s, kid, C.CIN)
    else:
        weigh(s, kid)


def count_conference(s, kid, days):
    """Count a conference held today."""
    s.num[C.WAITING] -= 1
    count(s, C.S_CONFERENCES_HELD, 1.0)
    count(s, C.S_CONFERENCE_DAYS, days)
    count(s, C.S_DAYS_CONFERENCE_SLOT, s.kid[kid, C.SLOT_DAYS])
    count(s, C.S_DAYS_CONFERENCE_PARTNER, s.kid[kid, C.PUT_OFF_DAYS])
    if days > C.CONFERENCE_DAYS:
        count(s, C.S_CONFERENCES_LATE, 1.0)
    s.bars[1, min(int(days), 99)] += 1
    was_due(s, s.kid[kid, C.STRATEGY] + C.CONFERENCE_DAYS, C.DUE_ALL, C.OVERDUE)
    note(s, C.L_CONFERENCE, kid, int(s.kid[kid, C.WORKER]), days)


JIT = (call_strategy, strategy, enquired, book_conference, conference, count_conference)
