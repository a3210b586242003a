"""Who takes a waiting child: by turns, the least loaded or one who knows the family, within a cap."""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

from upturn.twin import columns as C
from upturn.twin.streams import exponential
from upturn.twin.work import count, give_task, hold, note, stop_waiting


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


JIT = (allocate, choose, can_take, knows_family, least_loaded, next_in_turn, take_on)
