"""What happens to a child: contact, referral, assessment, enquiry, conference, plan, closure, return."""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

import math

from upturn.twin import columns as C
from upturn.twin.streams import exponential, key_of, normal, uniform
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
    wait_for_worker,
    was_due,
    weigh,
)


def new_child(s, domain, number, family):
    """A row for a child who was not known. ``family`` is the row of a brother or sister, or -1."""
    kid = int(s.num[C.KIDS])
    if kid >= s.kid.shape[0]:
        s.num[C.FAULT] = 3
        return -1
    s.num[C.KIDS] = kid + 1
    for column in range(C.KID):
        s.kid[kid, column] = 0.0
    key = key_of(s.num[C.SEED], s.num[C.REP], domain, number)
    s.keys[kid] = key
    s.kid[kid, C.ID] = domain * 100_000_000.0 + number
    s.kid[kid, C.FAMILY] = family if family >= 0 else kid
    head = s.keys[int(s.kid[kid, C.FAMILY])]
    shared = normal(head, C.R_FAMILY, 0)
    own = normal(key, C.R_OWN, 0)
    both = C.CLOSE_KIN * (shared + own)
    s.kid[kid, C.NEED] = s.par[C.P_NEED_MEAN] + s.par[C.P_NEED_SPREAD] * both
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
    team = key_of(s.num[C.SEED], s.num[C.REP], C.D_TEAM, s.kid[kid, C.TEAM])
    line = s.par[C.P_REFERRAL_THRESHOLD]
    line += s.par[C.P_THRESHOLD_TEAM_SPREAD] * normal(team, C.R_JUDGED, 0)
    seen_as = s.kid[kid, C.NEED] + s.par[C.P_THRESHOLD_NOISE] * normal(key, C.R_JUDGED, episode)
    if seen_as > line:
        refer(s, kid, seen_as)
        return
    count(s, C.S_TURNED_AWAY, 1.0)
    note(s, C.L_TURNED, kid, -1, s.kid[kid, C.NEED])
    beyond = s.kid[kid, C.NEED] - s.par[C.P_TRUE_THRESHOLD]
    if beyond > 0.0:
        s.kid[kid, C.TURNED] = 1.0
        yearly = s.par[C.P_REPEAT_RETURN] * math.exp(math.log(2.0) * beyond)
        come_back(s, kid, yearly, C.RETURN_LONGEST)


def come_back(s, kid, yearly, longest):
    """A child comes to the door again after a time, if it is not too long."""
    if yearly <= 0.0:
        return
    wait = exponential(s.keys[kid], C.R_BACK, s.kid[kid, C.EPISODE]) * C.YEAR / yearly
    if wait < longest:
        later(s, s.num[C.TODAY] + 1 + int(wait), C.E_BACK, kid)


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
        come_back(s, kid, back_rate(s, kid), C.BACK_LONGEST)
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


def start_assessment(s, kid):
    """The clock of an assessment starts; the work waits for a worker."""
    key, now = s.keys[kid], s.num[C.NOW]
    s.kid[kid, C.REFERRED] = now
    s.kid[kid, C.ASSESS_DUE] = now + C.ASSESSMENT_DAYS
    spread = s.par[C.P_HOURS_ASSESSMENT_SPREAD] * normal(key, C.R_HOURS, s.kid[kid, C.EPISODE])
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
    s.hist[int(s.num[C.MONTH]), 0, hist] += 1
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
    s.hist[int(s.num[C.MONTH]), 1, min(int(days), 99)] += 1
    was_due(s, s.kid[kid, C.STRATEGY] + C.CONFERENCE_DAYS, C.DUE_ALL, C.OVERDUE)
    note(s, C.L_CONFERENCE, kid, int(s.kid[kid, C.WORKER]), days)


def start_plan(s, kid, kind):
    """A plan starts, in place of any other."""
    stop_plan(s, kid)
    s.kid[kid, C.TURN] += 1.0
    s.kid[kid, C.PLAN] = kind
    post, key = int(s.kid[kid, C.WORKER]), s.keys[kid]
    mean = s.par[C.P_CP_DAYS] if kind == C.CP else s.par[C.P_CIN_DAYS]
    spread = C.LENGTH_SPREAD * normal(key, C.R_LENGTH, s.kid[kid, C.TURN])
    length = mean * math.exp(spread - 0.5 * C.LENGTH_SPREAD * C.LENGTH_SPREAD)
    length *= math.exp(-s.par[C.P_CLOSURE_PRESSURE] * over_cap(s, post))
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


def next_visit(s, kid):
    """The next visit comes up when three fifths of the gap have gone."""
    gap = s.par[C.P_VISIT_GAP_DAYS] * (1.0 if s.kid[kid, C.PLAN] == C.CP else 2.0)
    now = s.num[C.NOW]
    s.kid[kid, C.VISIT_FROM] = now
    s.kid[kid, C.VISIT_DUE] = now + int(gap + 0.5)
    s.kid[kid, C.VISIT_AT] = day_of(s, now + max(1, int(0.6 * gap)))
    later(s, s.kid[kid, C.VISIT_AT], C.E_VISIT, kid)


def visit_comes_up(s, kid):
    """A visit becomes work."""
    if s.kid[kid, C.VISIT_AT] != s.num[C.TODAY] or s.kid[kid, C.PLAN] == C.NO_PLAN:
        return
    s.kid[kid, C.VISIT_AT] = 0.0
    count(s, C.S_VISITS_DUE, 1.0)
    falls_due(s, s.kid[kid, C.VISIT_DUE], C.DUE_ALL)
    weight = C.CLASS_CP_VISIT if s.kid[kid, C.PLAN] == C.CP else C.CLASS_PLAIN
    give_task(s, kid, C.VISIT, s.par[C.P_HOURS_VISIT], s.kid[kid, C.VISIT_DUE], weight)


def visited(s, kid, post):
    """A visit is made."""
    now = s.num[C.NOW]
    gap = now - s.kid[kid, C.VISIT_FROM]
    count(s, C.S_VISITS_MADE, 1.0)
    if now > s.kid[kid, C.VISIT_DUE]:
        count(s, C.S_VISITS_LATE, 1.0)
        s.kid[kid, C.LATE_VISITS] += 1.0
    s.hist[int(s.num[C.MONTH]), 2, min(int(gap), 99)] += 1
    was_due(s, s.kid[kid, C.VISIT_DUE], C.DUE_ALL, C.OVERDUE)
    note(s, C.L_VISIT, kid, post, gap)
    next_visit(s, kid)


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
    come_back(s, kid, back_rate(s, kid), C.BACK_LONGEST)


def back_rate(s, kid):
    """The yearly hazard of coming back after closure."""
    more = C.BACK_NEED * s.kid[kid, C.NEED] + C.BACK_PRESSED * s.kid[kid, C.PRESSED]
    return s.par[C.P_REREFERRAL_HAZARD] * math.exp(more)


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
        conference(s, kid)
    elif kind == C.E_VISIT:
        visit_comes_up(s, kid)
    elif kind == C.E_REVIEW:
        call_review(s, kid)
    elif kind == C.E_REVIEW_HELD:
        review(s, kid)
    else:
        plan_looked_at(s, kid)


JIT = (
    new_child, contact, decide, come_back, refer, start_assessment, assess, part_assessed, write_up,
    ask_sign_off, signed, end_assessment, settle, call_strategy, strategy, enquired, book_conference,
    conference, count_conference, start_plan, end_on, stop_plan, next_visit, visit_comes_up, visited,
    next_review, call_review, review, plan_looked_at, extend, begin_closing, close, back_rate,
    into_care, abandon_assessment, leave, task_done, happen,
)  # fmt: skip
