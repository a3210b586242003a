"""The day on which the simulated caseload gives way to the open work of an extract.

The service has run at its own values until then. Its open children are put down; those of the extract take
their places, each with a random stream of her own, the stage and the ages that the records tell, and the
worker who holds her. What records do not tell is drawn from her stream, or is taken from a child of the
service's usual state who has been open about as long: how much of an assessment is done, and of an enquiry.
Who was closed before that day and comes back is the usual state's; so are leave, sickness and contacts that
wait to be screened.
"""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

import math

from upturn.twin import columns as C
from upturn.twin.assessment import ask_sign_off, write_up
from upturn.twin.children import new_child
from upturn.twin.plans import begin_closing, end_on, visit_after
from upturn.twin.staff import look_for_worker, start_permanent
from upturn.twin.streams import exponential, quantile, uniform
from upturn.twin.work import (
    chair,
    day_of,
    falls_due,
    give_task,
    hold,
    later,
    let_go,
    stop_waiting,
    wait_for_worker,
    weigh,
)

#: Row 0 of `State.opening`: the day, and how many hold posts, of them agency; -1 where it is not told.
O_DAY, O_FILLED, O_AGENCY, O_WORKERS = range(4)
#: The other rows, a child each. Ages are working days up to the day, those called DAYS calendar days; -1 is
#: not so, or not told. A worker is a number, those with the most children first. FAMILY is a row, or -1.
(O_REFERRED_DAYS, O_ASSESSED, O_ASSESSED_DAYS, O_SEEN, O_ENQUIRED, O_ENQUIRED_DAYS, O_CONFERENCE, O_PLAN,
 O_PLAN_DAYS, O_VISITED, O_REVIEW_IN, O_CLOSING, O_WORKER, O_TEAM, O_WAITED, O_FAMILY,
 O_HAD_PLAN) = range(17)  # fmt: skip
OPENING = 17
#: In O_CONFERENCE: none is called, or it is and has no date yet; else the working days until it.
NOT_CALLED, NO_DATE = -2.0, -1.0
#: In O_REVIEW_IN: the source does not say.
NOT_TOLD = -100_000.0
#: Whose stream: the children of the extract, by their row.
D_TODAY = 5
#: Working days by which the open work that is taken for an example may differ more than the nearest.
NEAR = 3.0


def take_over(s):
    """The service's own open children are put down and those of the extract taken up."""
    first = int(s.num[C.KIDS])
    assessments, enquiries = put_down(s)
    today_staff(s)
    match_workers(s)
    s.num[C.LOGGED] = 0  # what was before is not the extract's
    tell_staff(s)
    for row in range(1, s.opening.shape[0]):
        kid = open_child(s, row, first)
        if kid < 0:
            return
        if s.opening[row, O_ASSESSED] >= 0.0:
            open_assessment(s, kid, row, assessments)
        if s.opening[row, O_ENQUIRED] >= 0.0:
            open_enquiry(s, kid, row, enquiries)
        if s.opening[row, O_PLAN] != C.NO_PLAN:
            open_plan(s, kid, row)
        if s.opening[row, O_CLOSING] > 0.0:
            begin_closing(s, kid)
        tell(s, kid, row)
    forget(s, first)


def put_down(s):
    """No child is held or waits. The first open assessment and enquiry, each leading to the next."""
    assessments, enquiries = -1, -1
    for kid in range(int(s.num[C.KIDS])):
        if s.kid[kid, C.OPEN] <= 0.0:
            continue
        stop_waiting(s, kid)
        if s.kid[kid, C.WORKER] >= 0:
            let_go(
                s, kid
            )  # her last worker, for those who look for an example, is whoever has her now
        else:
            s.kid[kid, C.LAST_WORKER] = -1.0
        if s.kid[kid, C.PHASE] != C.NONE:
            s.kid[kid, C.NEXT] = assessments
            assessments = kid
        if s.kid[kid, C.ENQUIRY] == C.ENQUIRING:
            s.kid[kid, C.HELD_NEXT] = enquiries
            enquiries = kid
    s.book[:] = 0.0
    for counter in (C.OPEN_ASSESS, C.OPEN_KIDS, C.UNSEEN, C.WAITING, C.CIN_NOW, C.CP_NOW, C.OVERDUE,
                    C.OVERDUE_ASSESS, C.UNALLOCATED, C.SIGN_DONE):  # fmt: skip
        s.num[counter] = 0.0
    s.num[C.SIGN_FIRST] = -1.0
    s.num[C.SIGN_LAST] = -1.0
    return assessments, enquiries


def forget(s, first):
    """The children put down are no longer open, and nothing that was to happen to them happens."""
    for kid in range(first):
        if s.kid[kid, C.OPEN] <= 0.0:
            continue
        for column in (C.OPEN, C.PHASE, C.ENQUIRY, C.PLAN, C.CLOSING, C.URGENT, C.VISIT_AT, C.PLAN_END,
                       C.REVIEW_AT, C.REVIEW_DAY):  # fmt: skip
            s.kid[kid, column] = 0.0
        for slot in range(C.SLOTS):
            s.kid[kid, C.LEFT + slot] = 0.0


def today_staff(s):
    """Posts are emptied or filled until as many are filled, and by agency, as on the day."""
    wanted, agency = s.opening[0, O_FILLED], s.opening[0, O_AGENCY]
    if agency >= 0.0:
        now = staff_in(s, C.AGENCY)
        for post in range(s.staff.shape[0] - 1, -1, -1):
            if now > agency and s.staff[post, C.STATE] == C.AGENCY:
                start_permanent(s, post)
                now -= 1
            elif now < agency and s.staff[post, C.STATE] == C.PERMANENT:
                covered(s, post)
                now += 1
    if wanted < 0.0:
        return
    filled = staff_in(s, C.AGENCY) + staff_in(s, C.PERMANENT)
    for post in range(s.staff.shape[0] - 1, -1, -1):
        state = s.staff[post, C.STATE]
        if filled < wanted and state == C.EMPTY:
            start_permanent(s, post)
            filled += 1
        elif filled > wanted and (state == C.PERMANENT or (state == C.AGENCY and agency < 0.0)):
            s.staff[post, C.STATE] = C.EMPTY
            vacant(s, post)
            filled -= 1


def staff_in(s, state):
    """How many posts are in a state."""
    n = 0
    for post in range(s.staff.shape[0]):
        if s.staff[post, C.STATE] == state:
            n += 1
    return n


def vacant(s, post):
    """A post has stood empty for some time: a part of the wait for a worker is over."""
    look_for_worker(s, post)
    wait = s.staff[post, C.FILL_DAY] - s.num[C.TODAY]
    part = uniform(s.staff_keys[post], C.R_RESIDUAL, s.staff[post, C.HIRES])
    s.staff[post, C.FILL_DAY] = s.num[C.TODAY] + 1 + int(wait * part)


def covered(s, post):
    """Agency covers a post that has stood empty for some time."""
    vacant(s, post)
    s.staff[post, C.STATE] = C.AGENCY
    stay = s.par[C.P_AGENCY_STAY_DAYS] * exponential(
        s.staff_keys[post], C.R_STAY, s.staff[post, C.SPELLS]
    )
    s.staff[post, C.COVER_END] = s.num[C.TODAY] + 1 + int(stay)
    s.staff[post, C.NEW_UNTIL] = 0.0


def match_workers(s):
    """Give each worker of the extract a filled post, of her team and at work where there is one.

    ``weights[k]`` is then the post of worker k, -1 where there are fewer posts than workers.
    """
    workers, posts = int(s.opening[0, O_WORKERS]), s.staff.shape[0]
    teams = max(1, int(s.par[C.P_TEAMS]))
    for k in range(workers):
        s.weights[k] = -1.0
    for post in range(posts):
        s.weights[workers + post] = 0.0  # whether it is taken
    for row in range(1, s.opening.shape[0]):
        if s.opening[row, O_WORKER] >= 0.0:
            s.weights[int(s.opening[row, O_WORKER])] = s.opening[row, O_TEAM]
    for k in range(workers):
        team = int(s.weights[k])
        best, most = -1, -1
        for post in range(posts):
            if s.staff[post, C.STATE] <= C.EMPTY or s.weights[workers + post] > 0.0:
                continue
            fits = 2 if s.staff[post, C.SICK_UNTIL] <= s.num[C.NOW] else 0
            fits += 1 if post % teams == team % teams else 0
            if fits > most:
                best, most = post, fits
        s.weights[k] = best
        if best >= 0:
            s.weights[workers + best] = 1.0


def open_child(s, row, first):
    """A child of the extract, with her worker or in her team's queue. Her row, or -1 when there is none."""
    family = int(s.opening[row, O_FAMILY])
    head = first + family - 1 if 1 <= family < row else -1
    kid = new_child(s, D_TODAY, row - 1, head)
    if kid < 0:
        return kid
    need_above(s, kid, line_of(s, row))
    if s.opening[row, O_TEAM] >= 0.0:
        s.kid[kid, C.TEAM] = int(s.opening[row, O_TEAM]) % max(1, int(s.par[C.P_TEAMS]))
    s.kid[kid, C.EPISODE] = 1.0
    s.kid[kid, C.TURN] = 1.0
    s.kid[kid, C.OPEN] = 1.0
    s.num[C.OPEN_KIDS] += 1
    s.kid[kid, C.REFERRAL_DAY] = s.num[C.TODAY] - s.opening[row, O_REFERRED_DAYS]
    s.kid[kid, C.HAD_PLAN] = s.opening[row, O_HAD_PLAN]
    s.kid[kid, C.URGENT] = 1.0 if s.opening[row, O_ENQUIRED] >= 0.0 else 0.0
    s.kid[kid, C.WANTS] = C.UNDECIDED
    worker = int(s.opening[row, O_WORKER])
    if worker < 0:
        wait_for_worker(s, kid)
        s.kid[kid, C.QUEUED] -= max(0.0, s.opening[row, O_WAITED])
        return kid
    post = int(s.weights[worker])
    hold(s, kid, post if post >= 0 else lightest(s))
    return kid


def line_of(s, row):
    """The least need that the stage speaks of (assumed)."""
    if s.opening[row, O_PLAN] == C.CP:
        return s.par[C.P_CONFERENCE_THRESHOLD]
    if s.opening[row, O_ENQUIRED] >= 0.0:
        return s.par[C.P_SECTION47_THRESHOLD]
    if s.opening[row, O_PLAN] == C.CIN:
        return s.par[C.P_PLAN_THRESHOLD]
    return s.par[C.P_REFERRAL_THRESHOLD]


def need_above(s, kid, line):
    """The child's need, drawn from those above a line."""
    below = (line - s.par[C.P_NEED_MEAN]) / s.par[C.P_NEED_SPREAD]
    beneath = 0.5 * math.erfc(-below * C.CLOSE_KIN)
    place = beneath + (1.0 - beneath) * uniform(s.keys[kid], C.R_OWN, 1)
    drawn = quantile(min(place, 1.0 - 1e-12))
    s.kid[kid, C.NEED] = s.par[C.P_NEED_MEAN] + s.par[C.P_NEED_SPREAD] * drawn


def lightest(s):
    """The filled post with the fewest children; the first one where none is filled."""
    best = 0
    for post in range(s.staff.shape[0]):
        if s.staff[post, C.STATE] <= C.EMPTY:
            continue
        if s.staff[best, C.STATE] <= C.EMPTY or s.staff[post, C.LOAD] < s.staff[best, C.LOAD]:
            best = post
    return best


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
        n += 1 if alike(s, this, held, seen) and apart <= nearest + NEAR else 0
        this = int(s.kid[this, C.NEXT])
    chosen = int(n * uniform(s.keys[kid], C.R_START, 1))
    this = chain
    while this >= 0:
        apart = abs(s.num[C.NOW] - s.kid[this, C.REFERRED] - age)
        if alike(s, this, held, seen) and apart <= nearest + NEAR:
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
    now, age, seen = s.num[C.NOW], s.opening[row, O_ASSESSED], s.opening[row, O_SEEN]
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
    s.kid[kid, C.STRATEGY] = now - s.opening[row, O_ENQUIRED]
    if s.opening[row, O_CONFERENCE] != NOT_CALLED:
        open_conference(s, kid, s.opening[row, O_CONFERENCE])
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
    earliest = now + int(s.par[C.P_CONFERENCE_NOTICE_DAYS] + 0.5)
    aim = max(earliest, due - int(C.AHEAD * exponential(s.keys[kid], C.R_AHEAD, 1)))
    if ahead < 0.0:
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
    kind, key, lasted = s.opening[row, O_PLAN], s.keys[kid], s.opening[row, O_PLAN_DAYS]
    s.kid[kid, C.PLAN] = kind
    mean = s.par[C.P_CP_DAYS] if kind == C.CP else s.par[C.P_CIN_DAYS]
    whole = max(lasted, length_beyond(mean, lasted, uniform(key, C.R_LENGTH, 1)))
    end_on(s, kid, s.num[C.TODAY] + 1 + int(min(whole - lasted, 1e6)))
    s.num[C.CP_NOW if kind == C.CP else C.CIN_NOW] += 1
    weigh(s, kid)
    gap = s.par[C.P_VISIT_GAP_DAYS] * (1.0 if kind == C.CP else 2.0)
    ago = s.opening[row, O_VISITED]
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
        open_review(s, kid, s.opening[row, O_REVIEW_IN])


def length_beyond(mean, lasted, place):
    """The length of a plan that has lasted so many days: at a place among those that lasted longer."""
    level = math.log(mean) - 0.5 * C.LENGTH_SPREAD * C.LENGTH_SPREAD
    past = (math.log(max(lasted, 0.5)) - level) / C.LENGTH_SPREAD
    shorter = 0.5 * math.erfc(-past * C.CLOSE_KIN)
    drawn = quantile(min(shorter + (1.0 - shorter) * place, 1.0 - 1e-12))
    return math.exp(level + C.LENGTH_SPREAD * drawn)


def open_review(s, kid, ahead):
    """The next review falls due so many days from now; one that is past is due today."""
    if ahead <= NOT_TOLD:
        ahead = int(C.REVIEW_NEXT * uniform(s.keys[kid], C.R_START, 2))
    due_day = int(s.num[C.TODAY] + max(0.0, ahead))
    if due_day > s.num[C.LAST_DAY]:
        return
    due = s.cal[due_day, 0]
    call = due - C.REVIEW_CALLED
    s.kid[kid, C.REVIEW_DUE] = due
    s.kid[kid, C.REVIEW_AT] = day_of(s, call) if call > s.num[C.NOW] else s.num[C.TODAY]
    later(s, s.kid[kid, C.REVIEW_AT], C.E_REVIEW, kid)


def tell_staff(s):
    """The log begins with who is in post."""
    for post in range(s.staff.shape[0]):
        state = s.staff[post, C.STATE]
        if state == C.PERMANENT:
            new = 1.0 if s.staff[post, C.NEW_UNTIL] > s.num[C.TODAY] else 0.0
            past(s, 0.0, C.L_STARTER, -1, post, new)
        elif state == C.AGENCY:
            past(s, 0.0, C.L_COVER, -1, post, 0.0)


def tell(s, kid, row):
    """The log has what the extract says of a child, on the days it says."""
    assessed, plan = s.opening[row, O_ASSESSED_DAYS], s.opening[row, O_PLAN]
    running = s.opening[row, O_ASSESSED] >= 0.0
    begun = assessed if running else s.opening[row, O_REFERRED_DAYS]
    post = int(s.kid[kid, C.WORKER])
    past(s, begun, C.L_REFERRAL, kid, -1, s.kid[kid, C.URGENT])
    if post >= 0:
        past(s, 0.0 if begun < 1.0 else begun - 1.0, C.L_ALLOCATED, kid, post, 0.0)
    if not running:
        past(s, begun, C.L_ASSESSED, kid, post, 0.0)
    elif s.kid[kid, C.PHASE] != C.TO_SEE:
        past(s, begun, C.L_SEEN, kid, post, 0.0)
    if s.opening[row, O_ENQUIRED] >= 0.0:
        past(s, s.opening[row, O_ENQUIRED_DAYS], C.L_STRATEGY, kid, post, 0.0)
        if s.opening[row, O_CONFERENCE] != NOT_CALLED:
            past(s, 1.0, C.L_ENQUIRED, kid, post, 1.0)
    if plan != C.NO_PLAN:
        kind = C.L_CP if plan == C.CP else C.L_CIN
        past(s, s.opening[row, O_PLAN_DAYS], kind, kid, post, 0.0)


def past(s, ago, kind, kid, post, value):
    """A line of the log, so many days ago."""
    line = int(s.num[C.LOGGED])
    if line < s.log.shape[0]:
        s.log[line, 0] = s.num[C.TODAY] - ago
        s.log[line, 1] = kind
        s.log[line, 2] = s.kid[kid, C.ID] if kid >= 0 else -1.0
        s.log[line, 3] = post
        s.log[line, 4] = value
        s.num[C.LOGGED] = line + 1


JIT = (
    put_down, forget, today_staff, staff_in, vacant, covered, match_workers, open_child, line_of, need_above,
    lightest, example, alike, open_assessment, go_on, owed, open_enquiry, open_conference, open_plan,
    length_beyond, open_review, tell_staff, tell, past, take_over,
)  # fmt: skip
