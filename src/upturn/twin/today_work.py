"""The open assessments, enquiries, conferences and plans of an extract, taken up where they stand."""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

import math

from upturn.twin import columns as C
from upturn.twin import today_columns as T
from upturn.twin.assessment import ask_sign_off, write_up
from upturn.twin.enquiry import call_strategy
from upturn.twin.plans import end_on
from upturn.twin.streams import exponential, quantile, uniform
from upturn.twin.visits import visit_after
from upturn.twin.work import chair, day_of, falls_due, give_task, later, weigh

#: How many times at most a plan is taken to have been looked at and gone on.
LOOKS = 12


def example(s, chain, kid, age, held, seen):
    """A child of the usual state whose assessment is about as old, held and seen as hers is; -1."""
    nearest, n = 1e9, 0
    this = chain
    while this >= 0:
        if alike(s, this, held, seen):
            nearest = min(nearest, abs(s.num[C.NOW] - s.kid[this, C.REFERRED] - age))
        this = int(s.kid[this, C.NEXT])
    this = chain
    while this >= 0:
        apart = abs(s.num[C.NOW] - s.kid[this, C.REFERRED] - age)
        n += 1 if alike(s, this, held, seen) and apart <= nearest + T.NEAR else 0
        this = int(s.kid[this, C.NEXT])
    chosen = int(n * uniform(s.keys[kid], C.R_START, 1))
    this = chain
    while this >= 0:
        apart = abs(s.num[C.NOW] - s.kid[this, C.REFERRED] - age)
        if alike(s, this, held, seen) and apart <= nearest + T.NEAR:
            if chosen == 0:
                return this
            chosen -= 1
        this = int(s.kid[this, C.NEXT])
    return -1


def alike(s, other, held, seen):
    """Whether another's assessment is held, and she has been seen, as is asked for; seen -1: either."""
    was_held, was_seen = s.kid[other, C.LAST_WORKER] >= 0.0, s.kid[other, C.PHASE] != C.TO_SEE
    return was_held == held and (seen < 0.0 or was_seen == (seen > 0.0))


def open_assessment(s, kid, row, chain):
    """An assessment that runs: as far on as one of the usual state that has run about as long."""
    now, age, seen = s.num[C.NOW], s.opening[row, T.O_ASSESSED], s.opening[row, T.O_SEEN]
    held = s.kid[kid, C.WORKER] >= 0
    other = example(s, chain, kid, age, held, seen)
    s.kid[kid, C.REFERRED] = now - age
    s.kid[kid, C.ASSESS_DUE] = now - age + C.ASSESSMENT_DAYS
    s.num[C.OPEN_ASSESS] += 1
    owed(s, s.kid[kid, C.ASSESS_DUE], True)
    waited = 0.0
    if other >= 0:
        for column in (C.HOURS, C.PHASE, C.SENT_BACK, C.WORKED, C.PARTNER, C.INFO):
            s.kid[kid, column] = s.kid[other, column]
        left = s.kid[other, C.LEFT + C.ASSESS]
        waited = min(age, max(0.0, s.kid[other, C.ALLOCATED] - s.kid[other, C.REFERRED]))
    else:
        s.kid[kid, C.HOURS] = s.par[C.P_HOURS_ASSESSMENT] * math.exp(
            C.NEED_HOURS * s.kid[kid, C.NEED]
        )
        s.kid[kid, C.PHASE] = C.FIRST_HALF if seen > 0.0 else C.TO_SEE
        left = s.kid[kid, C.HOURS] * (C.PART_FIRST if seen > 0.0 else C.PART_SEE)
        s.kid[kid, C.INFO] = now
    s.kid[kid, C.ALLOCATED] = now - age + waited if held or seen > 0.0 else -1.0
    go_on(s, kid, left, other)
    # No record says that a strategy discussion is called and not held; the example's does.
    awaited = other >= 0 and s.kid[other, C.ENQUIRY] == C.STRATEGY_AWAITED
    if awaited and s.opening[row, T.O_ENQUIRED] < 0.0:
        call_strategy(s, kid)


def go_on(s, kid, left, other):
    """The stage at which an assessment stands: work, partners' answers or a manager's signature."""
    now, phase = s.num[C.NOW], int(s.kid[kid, C.PHASE])
    if phase == C.SIGN_OFF:
        ask_sign_off(s, kid)
        s.kid[kid, C.SIGN_FROM] = max(s.kid[other, C.SIGN_FROM], s.kid[kid, C.REFERRED])
    elif phase == C.FOR_PARTNERS and s.kid[kid, C.INFO] > now:
        later(s, day_of(s, s.kid[kid, C.INFO]), C.E_INFO, kid)
    elif phase == C.FOR_PARTNERS:
        write_up(s, kid)
    else:
        if phase == C.TO_SEE:
            s.num[C.UNSEEN] += 1
        weight = C.CLASS_UNSEEN if phase == C.TO_SEE else C.CLASS_PLAIN
        give_task(s, kid, C.ASSESS, max(left, 1e-6), s.kid[kid, C.ASSESS_DUE], weight)


def owed(s, due, assessment):
    """Work is owed by a due day, which may be past."""
    if due < s.num[C.NOW]:
        s.num[C.OVERDUE] += 1
        s.num[C.OVERDUE_ASSESS] += 1.0 if assessment else 0.0
        return
    falls_due(s, due, C.DUE_ALL)
    if assessment:
        falls_due(s, due, C.DUE_ASSESS)


def open_enquiry(s, kid, row, chain):
    """A section 47 enquiry that runs, or a conference that is waited for."""
    now = s.num[C.NOW]
    s.kid[kid, C.STRATEGY] = now - s.opening[row, T.O_ENQUIRED]
    if s.opening[row, T.O_CONFERENCE] != T.NOT_CALLED:
        open_conference(s, kid, s.opening[row, T.O_CONFERENCE])
        return
    s.kid[kid, C.ENQUIRY] = C.ENQUIRING
    weigh(s, kid)
    left, nearest, this = 0.5 * s.par[C.P_HOURS_SECTION47], 1e9, chain
    while this >= 0:
        apart = abs(s.kid[this, C.STRATEGY] - s.kid[kid, C.STRATEGY])
        if apart < nearest and s.kid[this, C.LEFT + C.ENQUIRE] > 0.0:
            nearest, left = apart, s.kid[this, C.LEFT + C.ENQUIRE]
        this = int(s.kid[this, C.HELD_NEXT])
    due = s.kid[kid, C.STRATEGY] + C.ENQUIRY_DUE
    give_task(s, kid, C.ENQUIRE, left, due, C.CLASS_ENQUIRY)


def open_conference(s, kid, ahead):
    """A conference is waited for: on its day, or on the next slot that notice allows."""
    now, due = s.num[C.NOW], s.kid[kid, C.STRATEGY] + C.CONFERENCE_DAYS
    s.kid[kid, C.ENQUIRY] = C.CONFERENCE_BOOKED
    weigh(s, kid)
    if ahead < 0.0:  # it was called some time ago: a part of the notice is over
        notice = s.par[C.P_CONFERENCE_NOTICE_DAYS] * uniform(s.keys[kid], C.R_START, 3)
        earliest = now + 1 + int(notice)
        aim = max(earliest, due - int(C.AHEAD * exponential(s.keys[kid], C.R_AHEAD, 1)))
        rate = s.par[C.P_CONFERENCE_SLOTS_A_WEEK] / C.WORKING_WEEK
        day = chair(s, earliest, aim, C.CONFERENCES, rate)
        s.kid[kid, C.SLOT_DAYS] = max(0.0, day - aim)
    else:
        day = now + ahead
        if day < s.book.shape[0]:
            s.book[int(day), C.CONFERENCES] += 1
    s.kid[kid, C.CONFERENCE] = day
    s.num[C.WAITING] += 1
    owed(s, due, False)
    give_task(s, kid, C.ENQUIRE, s.par[C.P_HOURS_CONFERENCE], day, C.CLASS_ENQUIRY)
    later(s, day_of(s, day), C.E_CONFERENCE, kid)


def open_plan(s, kid, row):
    """A plan that runs: it ends as plans do that have lasted so long; visits and reviews as recorded."""
    kind, key, lasted = s.opening[row, T.O_PLAN], s.keys[kid], s.opening[row, T.O_PLAN_DAYS]
    s.kid[kid, C.PLAN] = kind
    mean = s.par[C.P_CP_DAYS] if kind == C.CP else s.par[C.P_CIN_DAYS]
    if uniform(key, C.R_LENGTH, 2) < gone_on(mean, lasted):
        left = C.EXTENSION * uniform(key, C.R_LENGTH, 1)
    else:
        left = length_beyond(mean, lasted, uniform(key, C.R_LENGTH, 1)) - lasted
    end_on(s, kid, s.num[C.TODAY] + 1 + int(min(max(left, 0.0), 1e6)))
    s.num[C.CP_NOW if kind == C.CP else C.CIN_NOW] += 1
    weigh(s, kid)
    gap = s.par[C.P_VISIT_GAP_DAYS] * (1.0 if kind == C.CP else 2.0)
    ago = s.opening[row, T.O_VISITED]
    if ago < 0.0:
        ago = int(gap * uniform(key, C.R_START, 0))
    if ago < max(1, int(0.6 * gap)):
        visit_after(s, kid, s.num[C.NOW] - ago)
    else:
        s.kid[kid, C.VISIT_FROM] = s.num[C.NOW] - ago
        s.kid[kid, C.VISIT_DUE] = s.num[C.NOW] - ago + int(gap + 0.5)
        owed(s, s.kid[kid, C.VISIT_DUE], False)
        weight = C.CLASS_CP_VISIT if kind == C.CP else C.CLASS_PLAIN
        give_task(s, kid, C.VISIT, s.par[C.P_HOURS_VISIT], s.kid[kid, C.VISIT_DUE], weight)
    if kind == C.CP:
        open_review(s, kid, s.opening[row, T.O_REVIEW_IN])


def open_closing(s, kid, since):
    """The last work on a child, a part of it done, due as it was when something ended so many days ago."""
    s.kid[kid, C.CLOSING] = 1.0
    weigh(s, kid)
    left = s.par[C.P_HOURS_CLOSURE] * uniform(s.keys[kid], C.R_START, 4)
    give_task(s, kid, C.OTHER, left, s.num[C.NOW] - since + C.CLOSING_DUE, C.CLASS_CLOSING)


def gone_on(mean, lasted):
    """The chance that a plan which has lasted so many days has gone on longer than it might.

    Of plans of this age some are within their first length; the others were looked at k times and went on,
    each time with the same chance, that which makes plans as much longer as they are all told.
    """
    longer = (C.GOES_ON - 1.0) * mean
    again = longer / (longer + C.EXTENSION)
    first, on, share = lasts(mean, lasted), 0.0, 1.0
    for looked in range(1, LOOKS):
        share *= again
        begun = lasts(mean, lasted - looked * C.EXTENSION)
        on += share * (begun - lasts(mean, lasted - (looked - 1) * C.EXTENSION))
    return on / max(first + on, 1e-300)


def lasts(mean, days):
    """The chance that a plan's first length is longer than so many days."""
    if days <= 0.0:
        return 1.0
    level = math.log(mean) - 0.5 * C.LENGTH_SPREAD * C.LENGTH_SPREAD
    return 0.5 * math.erfc((math.log(days) - level) / C.LENGTH_SPREAD * C.CLOSE_KIN)


def length_beyond(mean, lasted, place):
    """The length of a plan that has lasted so many days: at a place among those that lasted longer."""
    level = math.log(mean) - 0.5 * C.LENGTH_SPREAD * C.LENGTH_SPREAD
    shorter = 1.0 - lasts(mean, lasted)
    drawn = quantile(min(shorter + (1.0 - shorter) * place, 1.0 - 1e-12))
    return math.exp(level + C.LENGTH_SPREAD * drawn)


def open_review(s, kid, ahead):
    """The next review falls due so many days from now; one that is past is due today.

    One that falls due within the weeks in which its slot would have been booked has one already.
    """
    if ahead <= T.NOT_TOLD:
        ahead = int(C.REVIEW_NEXT * uniform(s.keys[kid], C.R_START, 2))
    due_day, now = int(s.num[C.TODAY] + max(0.0, ahead)), s.num[C.NOW]
    if due_day > s.num[C.LAST_DAY]:
        return
    due = s.cal[due_day, 0]
    call = due - C.REVIEW_CALLED
    s.kid[kid, C.REVIEW_DUE] = due
    if ahead < 0.0 or call > now:
        s.kid[kid, C.REVIEW_AT] = day_of(s, call) if call > now else s.num[C.TODAY]
        later(s, s.kid[kid, C.REVIEW_AT], C.E_REVIEW, kid)
        return
    early = int(C.REVIEW_AHEAD * exponential(s.keys[kid], C.R_REVIEW, due))
    rate = s.par[C.P_REVIEW_SLOTS_A_WEEK] / C.WORKING_WEEK
    day = chair(s, now + 1, max(now + 1, due - early), C.REVIEWS, rate)
    s.kid[kid, C.REVIEW_DAY] = day_of(s, day)
    falls_due(s, due, C.DUE_ALL)
    give_task(s, kid, C.OTHER, s.par[C.P_HOURS_REVIEW], day, C.CLASS_REVIEW)
    later(s, s.kid[kid, C.REVIEW_DAY], C.E_REVIEW_HELD, kid)


JIT = (
    example, alike, open_assessment, go_on, owed, open_enquiry, open_conference, open_plan, open_closing,
    gone_on, lasts, length_beyond, open_review,
)  # fmt: skip
