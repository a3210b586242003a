"""A working day but for the workers' hours: the front door, the managers, and what stands at its end."""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

from upturn.twin import columns as C
from upturn.twin.assessment import signed
from upturn.twin.children import decide
from upturn.twin.shares import at_work, casework_share
from upturn.twin.work import count, note


def screen(s):
    """The front door's hours go to contacts in the order they came; a part done is kept."""
    a_day = s.par[C.P_HOURS_A_WEEK] / C.WORKING_WEEK
    hours = s.par[C.P_SCREENING_POSTS] * a_day * casework_share(s)
    while s.num[C.SCREEN_FIRST] >= 0:
        need = s.par[C.P_HOURS_SCREENING] - s.num[C.SCREEN_DONE]
        if need > hours:
            s.num[C.SCREEN_DONE] += hours
            return
        hours -= need
        s.num[C.SCREEN_DONE] = 0.0
        kid = int(s.num[C.SCREEN_FIRST])
        s.num[C.SCREEN_FIRST] = s.kid[kid, C.SCREEN_NEXT]
        if s.num[C.SCREEN_FIRST] < 0:
            s.num[C.SCREEN_LAST] = -1.0
        decide(s, kid)


def manage(s):
    """Managers' hours: assessments to sign in turn, then supervision that is due."""
    a_day = s.par[C.P_HOURS_A_WEEK] / C.WORKING_WEEK
    hours = s.par[C.P_MANAGER_POSTS] * a_day * s.par[C.P_MANAGER_HOURS_SHARE]
    while s.num[C.SIGN_FIRST] >= 0:
        kid = int(s.num[C.SIGN_FIRST])
        gone = s.kid[kid, C.PHASE] != C.SIGN_OFF
        need = 0.0 if gone else s.par[C.P_SIGN_OFF_HOURS] - s.num[C.SIGN_DONE]
        if need > hours:
            s.num[C.SIGN_DONE] += hours
            hours = 0.0
            break
        hours -= need
        s.num[C.SIGN_DONE] = 0.0
        s.num[C.SIGN_FIRST] = s.kid[kid, C.SIGN_NEXT]
        if s.num[C.SIGN_FIRST] < 0:
            s.num[C.SIGN_LAST] = -1.0
        if not gone:
            signed(s, kid)
    supervise(s, hours)


def supervise(s, hours):
    """Sessions fall due by turns; one is held when both are there and the manager has the hours."""
    now, gap = s.num[C.NOW], s.par[C.P_SUPERVISION_WEEKS] * C.WORKING_WEEK
    size, posts = s.par[C.P_SUPERVISION_HOURS], int(s.num[C.POSTS_MOST])
    post = int(now) % posts - 1
    for _ in range(posts):
        post = post + 1 if post + 1 < posts else 0
        s.staff[post, C.SUPERVISED] = 0.0
        if s.staff[post, C.STATE] <= C.EMPTY:
            continue
        if s.staff[post, C.SUPERVISE_NEXT] <= now:
            count(s, C.S_SUPERVISION_DUE, 1.0)
            if s.staff[post, C.SUPERVISE_WAIT] > 0.0:
                s.staff[post, C.LAPSED] = 1.0
            s.staff[post, C.SUPERVISE_WAIT] = 1.0
            s.staff[post, C.SUPERVISE_NEXT] += gap
        if s.staff[post, C.SUPERVISE_WAIT] > 0.0 and hours >= size and at_work(s, post):
            hours -= size
            s.staff[post, C.SUPERVISE_WAIT] = 0.0
            s.staff[post, C.LAPSED] = 0.0
            s.staff[post, C.SUPERVISED] = size
            count(s, C.S_SUPERVISION_HELD, 1.0)
            note(s, C.L_SUPERVISION, -1, post, 0.0)


def shift_due(s):
    """A new working day: what was due yesterday and is not done is overdue."""
    before = int(s.num[C.NOW]) - 1
    if before >= 0:
        s.num[C.OVERDUE] += s.book[before, C.DUE_ALL]
        s.num[C.OVERDUE_ASSESS] += s.book[before, C.DUE_ASSESS]


def count_day(s):
    """What stands at the end of a working day."""
    count(s, C.S_ASSESSMENTS_OPEN, s.num[C.OPEN_ASSESS])
    count(s, C.S_ASSESSMENTS_OVERDUE, s.num[C.OVERDUE_ASSESS])
    count(s, C.S_CHILD_DAYS_OVERDUE, s.num[C.OVERDUE])
    count(s, C.S_UNALLOCATED, s.num[C.UNALLOCATED])
    count(s, C.S_UNSEEN_CHILD_DAYS, s.num[C.UNSEEN])
    count(s, C.S_CONFERENCE_WAITING, s.num[C.WAITING])
    count(s, C.S_CP_PLANS, s.num[C.CP_NOW])
    count(s, C.S_CIN_PLANS, s.num[C.CIN_NOW])
    count(s, C.S_OPEN_CHILDREN, s.num[C.OPEN_KIDS])
    pay = s.par[C.P_SALARY] * (1.0 + s.par[C.P_ON_COST]) / (C.WORKING_WEEK * C.WEEKS)
    filled = vacant = agency = sick = 0.0
    for post in range(s.staff.shape[0]):
        state, size = int(s.staff[post, C.STATE]), s.staff[post, C.FTE]
        if state == C.CLOSED:
            continue
        if state != C.PERMANENT:
            vacant += size
        if state == C.AGENCY:
            agency += size
        if state > C.EMPTY:
            filled += size
            if s.staff[post, C.SICK_UNTIL] > s.num[C.NOW]:
                sick += size
    count(s, C.S_FILLED, filled)
    count(s, C.S_VACANT, vacant)
    count(s, C.S_AGENCY, agency)
    count(s, C.S_SICK, sick)
    count(s, C.S_COST, (filled - agency) * pay + agency * s.par[C.P_AGENCY_DAY_RATE])


def count_week(s):
    """Loads, once a week: children and weighted load to a full-time worker, spread and top."""
    n, held, weighed, size, over, top = 0, 0.0, 0.0, 0.0, 0, -1
    for post in range(s.staff.shape[0]):
        if s.staff[post, C.STATE] <= C.EMPTY:
            continue
        load = int(s.staff[post, C.LOAD])
        held += load
        weighed += s.staff[post, C.WEIGHED]
        size += s.staff[post, C.FTE]
        over += 1 if s.staff[post, C.WEIGHED] > s.staff[post, C.CAP] else 0
        while top < load and top < s.done.shape[0] - 1:
            top += 1
            s.done[top] = 0
        s.done[min(load, s.done.shape[0] - 1)] += 1  # how many hold so many
        n += 1
    if n == 0:
        return
    count(s, C.S_LOAD_MEAN, held / size)
    count(s, C.S_WEIGHTED_LOAD_MEAN, weighed / size)
    count(s, C.S_LOAD_P90, held_by(s, (9 * (n - 1) + 5) // 10))
    count(s, C.S_LOAD_TOP, top)
    count(s, C.S_OVER_CAP, over)


def held_by(s, rank):
    """How many children the worker holds before whom so many hold fewer or as many."""
    load, upto = 0, s.done[0]
    while upto <= rank:
        load += 1
        upto += s.done[load]
    return load


JIT = (screen, manage, supervise, shift_due, count_day, count_week, held_by)
