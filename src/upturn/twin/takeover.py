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
from upturn.twin import today_columns as T
from upturn.twin.children import add_child
from upturn.twin.streams import quantile, uniform
from upturn.twin.today_staff import lightest, match_workers, today_staff
from upturn.twin.today_work import open_assessment, open_closing, open_enquiry, open_plan
from upturn.twin.work import hold, let_go, stop_waiting, wait_for_worker


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
        if s.opening[row, T.O_ASSESSED] >= 0.0:
            open_assessment(s, kid, row, assessments)
        if s.opening[row, T.O_ENQUIRED] >= 0.0:
            open_enquiry(s, kid, row, enquiries)
        if s.opening[row, T.O_PLAN] != C.NO_PLAN:
            open_plan(s, kid, row)
        if s.opening[row, T.O_CLOSING] >= 0.0:
            open_closing(s, kid, s.opening[row, T.O_CLOSING])
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


def open_child(s, row, first):
    """A child of the extract, with her worker or in her team's queue. Her row, or -1 when there is none."""
    family = int(s.opening[row, T.O_FAMILY])
    head = first + family - 1 if 1 <= family < row else -1
    kid = add_child(s, C.D_TODAY, row - 1, head)
    if kid < 0:
        return kid
    need_above(s, kid, line_of(s, row))
    if s.opening[row, T.O_TEAM] >= 0.0:
        s.kid[kid, C.TEAM] = int(s.opening[row, T.O_TEAM]) % max(1, int(s.par[C.P_TEAMS]))
    s.kid[kid, C.EPISODE] = 1.0
    s.kid[kid, C.TURN] = 1.0
    s.kid[kid, C.OPEN] = 1.0
    s.num[C.OPEN_KIDS] += 1
    s.kid[kid, C.REFERRAL_DAY] = s.num[C.TODAY] - s.opening[row, T.O_REFERRED_DAYS]
    s.kid[kid, C.HAD_PLAN] = s.opening[row, T.O_HAD_PLAN]
    s.kid[kid, C.URGENT] = 1.0 if s.opening[row, T.O_ENQUIRED] >= 0.0 else 0.0
    s.kid[kid, C.WANTS] = C.UNDECIDED
    worker = int(s.opening[row, T.O_WORKER])
    if worker < -1:
        hold(s, kid, lightest(s))
        return kid
    if worker < 0:
        wait_for_worker(s, kid)
        # Below 0 she would count as not waiting; who has waited longer waits since the first day.
        s.kid[kid, C.QUEUED] = max(0.0, s.num[C.NOW] - max(0.0, s.opening[row, T.O_WAITED]))
        return kid
    post = int(s.weights[worker])
    hold(s, kid, post if post >= 0 else lightest(s))
    return kid


def line_of(s, row):
    """The least need that the stage speaks of (assumed)."""
    if s.opening[row, T.O_PLAN] == C.CP:
        return s.par[C.P_CONFERENCE_THRESHOLD]
    if s.opening[row, T.O_ENQUIRED] >= 0.0:
        return s.par[C.P_SECTION47_THRESHOLD]
    if s.opening[row, T.O_PLAN] == C.CIN:
        return s.par[C.P_PLAN_THRESHOLD]
    return s.par[C.P_REFERRAL_THRESHOLD]


def need_above(s, kid, line):
    """The child's need, drawn from those above a line."""
    below = (line - s.par[C.P_NEED_MEAN]) / s.par[C.P_NEED_SPREAD]
    beneath = 0.5 * math.erfc(-below * C.CLOSE_KIN)
    place = beneath + (1.0 - beneath) * uniform(s.keys[kid], C.R_OWN, 1)
    drawn = quantile(min(place, 1.0 - 1e-12))
    s.kid[kid, C.NEED] = s.par[C.P_NEED_MEAN] + s.par[C.P_NEED_SPREAD] * drawn


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
    assessed, plan = s.opening[row, T.O_ASSESSED_DAYS], s.opening[row, T.O_PLAN]
    running = s.opening[row, T.O_ASSESSED] >= 0.0
    begun = assessed if running else s.opening[row, T.O_REFERRED_DAYS]
    post = int(s.kid[kid, C.WORKER])
    past(s, begun, C.L_REFERRAL, kid, -1, s.kid[kid, C.URGENT])
    if post >= 0:
        past(s, 0.0 if begun < 1.0 else begun - 1.0, C.L_ALLOCATED, kid, post, 0.0)
    if not running or s.kid[kid, C.PHASE] != C.TO_SEE:
        past(s, begun, C.L_SEEN, kid, post, 0.0)
    if not running:
        past(s, begun, C.L_ASSESSED, kid, post, 0.0)
    if s.opening[row, T.O_ENQUIRED] >= 0.0:
        past(s, s.opening[row, T.O_ENQUIRED_DAYS], C.L_STRATEGY, kid, post, 0.0)
        if s.opening[row, T.O_CONFERENCE] != T.NOT_CALLED:
            past(s, 1.0, C.L_ENQUIRED, kid, post, 1.0)
    if plan != C.NO_PLAN:
        kind = C.L_CP if plan == C.CP else C.L_CIN
        past(s, s.opening[row, T.O_PLAN_DAYS], kind, kid, post, 0.0)


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
    take_over, put_down, forget, open_child, line_of, need_above, tell_staff, tell, past,
)  # fmt: skip
