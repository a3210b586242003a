"""The visits of a child on a plan: when the next comes up, becomes work, and is made."""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

from upturn.twin import columns as C
from upturn.twin.heap import ROWS
from upturn.twin.work import count, day_of, falls_due, give_task, note, was_due


def next_visit(s, kid):
    """The next visit comes up when three fifths of the gap have gone."""
    visit_after(s, kid, s.num[C.NOW])


def visit_after(s, kid, now):
    """The same after a visit on a working day that may be past, though not by three fifths of the gap."""
    protection = s.kid[kid, C.PLAN] == C.CP
    day = day_of(s, now + s.num[C.UP_CP if protection else C.UP_CIN])
    s.kid[kid, C.VISIT_FROM] = now
    s.kid[kid, C.VISIT_DUE] = now + s.num[C.GAP_CP if protection else C.GAP_CIN]
    s.kid[kid, C.VISIT_AT] = day
    will_come_up(s, kid, day)


def will_come_up(s, kid, day):
    """Put a visit at the end of its day's list: visits are most of what is to happen, and need no heap."""
    if day > s.num[C.LAST_DAY]:
        return
    place = int(s.num[C.FREE_VISIT])
    if place >= 0:
        s.num[C.FREE_VISIT] = (s.coming[place] >> 32) - 1
    else:
        place = int(s.num[C.VISITS])
        if place >= s.coming.shape[0]:
            s.num[C.FAULT] = 1
            return
        s.num[C.VISITS] = place + 1
    s.coming[place] = kid
    on = int(max(day, s.num[C.TODAY]))
    last = s.visits[on, 1]
    s.visits[on, 1] = place + 1
    if last > 0:
        s.coming[last - 1] |= (place + 1) << 32
    else:
        s.visits[on, 0] = place + 1


def visits_come_up(s):
    """All visits of today's list, in the order in which they were put there."""
    today = int(s.num[C.TODAY])
    place = s.visits[today, 0] - 1
    s.visits[today, 0] = 0
    s.visits[today, 1] = 0
    while place >= 0:
        this = s.coming[place]
        s.coming[place] = (int(s.num[C.FREE_VISIT]) + 1) << 32
        s.num[C.FREE_VISIT] = place
        visit_comes_up(s, this & (ROWS - 1))
        place = (this >> 32) - 1


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
    s.bars[2, min(int(gap), 99)] += 1
    was_due(s, s.kid[kid, C.VISIT_DUE], C.DUE_ALL, C.OVERDUE)
    note(s, C.L_VISIT, kid, post, gap)
    next_visit(s, kid)


JIT = (next_visit, visit_after, will_come_up, visits_come_up, visit_comes_up, visited)
