"""A working day: the front door, the managers, allocation, and each worker's hours."""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

from upturn.twin import columns as C
from upturn.twin.assessment import signed
from upturn.twin.children import decide, task_done
from upturn.twin.streams import exponential
from upturn.twin.work import count, find_task, give_task, hold, note, stop_waiting, take_out


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


def casework_share(s):
    """The share of contracted hours that reaches casework."""
    return s.par[C.P_PRODUCTIVE_SHARE] * (1.0 - s.par[C.P_ADMIN_SHARE])


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


def at_work(s, post):
    """Whether a post's worker is there today."""
    sick = s.staff[post, C.SICK_UNTIL] > s.num[C.NOW]
    return s.staff[post, C.STATE] > C.EMPTY and not sick and s.staff[post, C.AWAY] == 0.0


def allocate(s):
    """Each team gives out its waiting children, urgent ones first, until nobody has room."""
    for team in range(s.queue.shape[0]):
        kid = int(s.queue[team, 0])
        while kid >= 0:
            post = choose(s, kid, team)
            if post < 0:
                break
            stop_waiting(s, kid)
            take_on(s, kid, post)
            kid = int(s.queue[team, 0])


def choose(s, kid, team):
    """Who takes a child: by the rule, within the cap; over it when she cannot wait; -1 for nobody."""
    rule = int(s.par[C.P_ALLOCATION_RULE] + 0.5)
    waited = s.num[C.NOW] - s.kid[kid, C.QUEUED]
    must = s.kid[kid, C.URGENT] > 0.0 or waited >= s.par[C.P_PATIENCE_DAYS]
    weight = s.kid[kid, C.WEIGHT]
    if rule == 2:
        known = knows_family(s, kid)
        if known >= 0 and can_take(s, known):
            room = C.CONTINUITY_ROOM * s.staff[known, C.CAP]
            if s.staff[known, C.WEIGHED] + weight <= room:
                return known
    if rule == 1:
        post = next_in_turn(s, team, weight)
        if post >= 0 or not must:
            return post
    post = least_loaded(s, team, False)
    if post < 0 and must:
        post = least_loaded(s, team, True)
    if post >= 0 and not must and s.staff[post, C.WEIGHED] + weight > s.staff[post, C.CAP]:
        return -1
    return post


def can_take(s, post):
    """Whether a post is filled by somebody who is not off sick."""
    return s.staff[post, C.STATE] > C.EMPTY and s.staff[post, C.SICK_UNTIL] <= s.num[C.NOW]


def knows_family(s, kid):
    """The child's own last worker, or that of the first of her brothers and sisters; -1 for none."""
    own = int(s.kid[kid, C.LAST_WORKER])
    if own >= 0:
        return own
    head = int(s.kid[kid, C.FAMILY])
    if head == kid:
        return -1
    held = int(s.kid[head, C.WORKER])
    return held if held >= 0 else int(s.kid[head, C.LAST_WORKER])


def least_loaded(s, team, anywhere):
    """The worker of a team (or of any) with the least load for her cap; -1 for none."""
    best, least = -1, 0.0
    teams = max(1, int(s.par[C.P_TEAMS]))
    first, step = (0, 1) if anywhere else (team % teams, teams)
    for post in range(first, s.staff.shape[0], step):
        if can_take(s, post):
            load = s.staff[post, C.WEIGHED] / s.staff[post, C.CAP]
            if best < 0 or load < least:
                best, least = post, load
    return best


def next_in_turn(s, team, weight):
    """The next of a team, by turns, with room under her cap; -1 for none."""
    posts, teams = int(s.num[C.POSTS_MOST]), max(1, int(s.par[C.P_TEAMS]))
    begin = int(s.num[C.ROTA])
    for step in range(posts):
        post = (begin + step) % posts
        room = s.staff[post, C.CAP] - s.staff[post, C.WEIGHED]
        if post % teams == team % teams and room >= weight and can_take(s, post):
            s.num[C.ROTA] = (post + 1) % posts
            return post
    return -1


def take_on(s, kid, post):
    """A worker takes a child from the queue: her first worker asks partners, a later one reads in."""
    now = s.num[C.NOW]
    hold(s, kid, post)
    if s.kid[kid, C.ALLOCATED] < 0.0:
        waited = now - s.kid[kid, C.REFERRED]
        s.kid[kid, C.ALLOCATED] = now
        wait = exponential(s.keys[kid], C.R_INFO, s.kid[kid, C.EPISODE])
        s.kid[kid, C.INFO] = now + int(s.par[C.P_PARTNER_INFORMATION_DAYS] * wait + 0.5)
        count(s, C.S_ALLOCATED, 1.0)
        count(s, C.S_ALLOCATION_DAYS, waited)
        note(s, C.L_ALLOCATED, kid, post, 0.0)
        return
    s.kid[kid, C.CHANGES] += 1.0
    count(s, C.S_CHANGES_OF_WORKER, 1.0)
    note(s, C.L_ALLOCATED, kid, post, 1.0)
    if s.kid[kid, C.LEFT + C.READ] <= 0.0:
        hours, due = s.par[C.P_HOURS_READING_IN], now + C.READING_DUE
        give_task(s, kid, C.READ, hours, due, C.CLASS_READING)


def work(s):
    """Each worker at work shares her hours over all she holds."""
    a_day = s.par[C.P_HOURS_A_WEEK] / C.WORKING_WEEK * casework_share(s)
    present = 0.0
    for post in range(s.staff.shape[0]):
        if not at_work(s, post):
            continue
        size = s.staff[post, C.FTE]
        present += size
        if s.staff[post, C.NEW_UNTIL] > s.num[C.TODAY]:
            size *= 1.0 - s.par[C.P_NEWLY_QUALIFIED_REDUCTION]
        hours = a_day * size - s.staff[post, C.SUPERVISED]
        if hours > 0.0:
            share_out(s, post, hours)
    count(s, C.S_WORKERS_PRESENT, present)


def share_out(s, post, hours):
    """A worker's day: hours in proportion to class times deadline pressure, the rest to other work."""
    now, n = int(s.num[C.NOW]), int(s.staff[post, C.TASKS])
    total = s.par[C.P_OTHER_WORK_WEIGHT]
    for place in range(n):
        left = min(max(int(s.task[post, place, C.T_DUE]) - now, -C.PULLS), C.PULLS - 1)
        pull = s.task[post, place, C.T_CLASS] * s.pull[left + C.PULLS]
        s.weights[place] = pull
        total += pull
    unit, finished, short = hours / total, 0, 0.0
    # without branches: which work is done today is what a processor guesses worst
    for place in range(n):
        left = s.task[post, place, C.T_LEFT] - s.weights[place] * unit
        s.task[post, place, C.T_LEFT] = left
        s.done[finished] = (int(s.task[post, place, C.T_ID]) << C.STOOD_BITS) | place
        finished += 1 if left <= 0.0 else 0
        short += left if (left > 0.0) & (s.task[post, place, C.T_DUE] <= now) else 0.0
    if short > 0.0:
        count(s, C.S_HOURS_SHORT, short)
    for turn in range(finished):
        code = s.done[turn]
        finish(s, post, code >> C.STOOD_BITS, code & ((1 << C.STOOD_BITS) - 1), hours)


def finish(s, post, task, stood, hours):
    """Take a finished piece of work off a worker's list, and do what follows from it.

    ``stood`` is where it stood before others of the day were taken off.
    """
    still = stood < s.staff[post, C.TASKS] and s.task[post, stood, C.T_ID] == task
    place = stood if still else find_task(s, post, task)
    if place < 0 or s.task[post, place, C.T_LEFT] > 0.0:
        return  # it went with the child's closure
    take_out(s, post, place)
    kid, slot = task >> C.SLOT_BITS, task & ((1 << C.SLOT_BITS) - 1)
    if slot == C.ASSESS:
        s.kid[kid, C.WORKED] += s.kid[kid, C.LEFT + slot] / hours
    task_done(s, kid, slot, post)


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


JIT = (
    screen, casework_share, manage, supervise, at_work, allocate, choose, can_take, knows_family,
    least_loaded, next_in_turn, take_on, work, share_out, finish, shift_due, count_day, count_week, held_by,
)  # fmt: skip
