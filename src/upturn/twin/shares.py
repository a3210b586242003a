"""A worker's day: her hours shared out over all she holds, and what follows from the work she finishes.

Nothing that follows from one worker's work touches another's list before tomorrow. So all share out first,
and all that is finished is then followed up in the same order: none has to wait for the one before.
"""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

from upturn.twin import columns as C
from upturn.twin.children import task_done
from upturn.twin.lists import find_task, first_of, spot, take_out
from upturn.twin.work import count


def at_work(s, post):
    """Whether a post's worker is there today."""
    sick = s.staff[post, C.SICK_UNTIL] > s.num[C.NOW]
    return s.staff[post, C.STATE] > C.EMPTY and not sick and s.staff[post, C.AWAY] == 0.0


def casework_share(s):
    """The share of contracted hours that reaches casework."""
    return s.par[C.P_PRODUCTIVE_SHARE] * (1.0 - s.par[C.P_ADMIN_SHARE])


def work(s):
    """Each worker at work shares her hours over all she holds."""
    a_day = s.par[C.P_HOURS_A_WEEK] / C.WORKING_WEEK * casework_share(s)
    present, late, finished = 0.0, 0, 0
    for post in range(s.staff.shape[0]):
        if not at_work(s, post):
            continue
        size = s.staff[post, C.FTE]
        present += size
        if s.staff[post, C.NEW_UNTIL] > s.num[C.TODAY]:
            size *= 1.0 - s.par[C.P_NEWLY_QUALIFIED_REDUCTION]
        hours = a_day * size - s.staff[post, C.SUPERVISED]
        if hours > 0.0:
            s.staff[post, C.HOURS_TODAY] = hours
            total, late = weigh_up(s, post, late)
            finished = share_out(s, post, hours / total, finished)
    count(s, C.S_WORKERS_PRESENT, present)
    fall_short(s, late)
    follow_up(s, finished)


def blocks(s, post):
    """How many blocks a worker's list takes."""
    return (s.held[post] + C.BLOCK - 1) >> C.BLOCK_BITS


def weigh_up(s, post, late):
    """The pull of each piece of a worker's work, class times deadline pressure; and their sum.

    ``late`` workers before her have work that was due by today; how many then.
    """
    now, total = int(s.num[C.NOW]), s.par[C.P_OTHER_WORK_WEIGHT]
    row, first = (s.work_day.shape[0] - now) << C.CLASS_BITS, C.URGENCY
    for block in range(blocks(s, post)):
        at = first_of(s, post, block)
        for k in range(C.BLOCK):
            urgency = s.what[at + k] & C.URGENCY
            pull = s.pull[row + urgency]
            s.pulls[(block << C.BLOCK_BITS) + k] = pull
            total += pull
            first = min(first, urgency)
    s.late[late] = post
    return total, late + 1 if first < due_by(now) else late


def due_by(now):
    """What is less urgent in number than this was due by today."""
    return (now + C.PULLS + 1) << C.CLASS_BITS


def share_out(s, post, unit, finished):
    """``unit`` hours in proportion to pull, the rest to other work.

    Where finished work stands is put down after the ``finished`` of others; how many pieces then. Without
    branches: which work is done today is what a processor guesses worst.
    """
    for block in range(blocks(s, post)):
        at, place = first_of(s, post, block), block << C.BLOCK_BITS
        stood = (post << C.STOOD_BITS) + place
        for k in range(C.BLOCK):
            left = s.hours[at + k] - s.pulls[place + k] * unit
            s.hours[at + k] = left
            s.done[finished] = stood + k
            finished += 1 if left <= 0.0 else 0
    return finished


def fall_short(s, late):
    """Count the hours left of work that was due by today: those of each worker are added up first."""
    today = due_by(int(s.num[C.NOW]))
    for turn in range(late):
        post, short = s.late[turn], 0.0
        for block in range(blocks(s, post)):
            at = first_of(s, post, block)
            for k in range(C.BLOCK):
                due = (s.what[at + k] & C.URGENCY) < today
                short += max(0.0, s.hours[at + k]) if due else 0.0
        count(s, C.S_HOURS_SHORT, short)


def follow_up(s, finished):
    """All that is finished today is taken off the lists and followed up.

    Which task stood where is put down first, as what is taken off makes others move.
    """
    for turn in range(finished):
        stood = s.done[turn]
        at = spot(s, stood >> C.STOOD_BITS, stood & C.STOOD)
        s.done[turn] = stood | (s.what[at] >> C.URGENCY_BITS << C.WHERE_BITS)
    for turn in range(finished):
        code = s.done[turn]
        post = (code & C.WHERE) >> C.STOOD_BITS
        finish(s, post, code >> C.WHERE_BITS, code & C.STOOD)


def finish(s, post, task, stood):
    """Take a finished piece of work off a worker's list, and do what follows from it."""
    at = spot(s, post, stood)
    if stood >= s.held[post] or s.what[at] >> C.URGENCY_BITS != task:
        place = find_task(s, post, task)
        if place < 0:
            return  # it went with the child's closure
        at = spot(s, post, place)
    if s.hours[at] > 0.0:
        return  # it is another of its kind, begun since
    take_out(s, post, at)
    kid, slot = task >> C.SLOT_BITS, task & ((1 << C.SLOT_BITS) - 1)
    if slot == C.ASSESS:
        s.kid[kid, C.WORKED] += s.kid[kid, C.LEFT + slot] / s.staff[post, C.HOURS_TODAY]
    task_done(s, kid, slot, post)


JIT = (
    at_work, casework_share, work, blocks, weigh_up, due_by, share_out, fall_short, follow_up, finish,
)  # fmt: skip
