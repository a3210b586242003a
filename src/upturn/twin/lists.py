"""The list of work that each worker holds: in blocks, the unused end of the last filled with nothing.

A block is always gone through whole, so that a processor need not guess how long a list is. The first blocks
of all workers lie together, 16 bytes for each piece of work; not half of them have more than one.
"""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

from upturn.twin import columns as C


def spot(s, post, place):
    """Where in the lists of all workers a place of one worker's list lies."""
    return first_of(s, post, place >> C.BLOCK_BITS) + (place & (C.BLOCK - 1))


def first_of(s, post, block):
    """Where a block of a worker's list begins."""
    return (block * s.held.shape[0] + post) << C.BLOCK_BITS


def put_nothing(s, at):
    """What pulls nobody, is never due and never done."""
    s.what[at] = (s.work_day.shape[0] + 2 * C.PULLS) << C.CLASS_BITS
    s.hours[at] = 1.0


def urgency_of(s, due, weight):
    """A due day (a working-day number) and a class, in one number.

    A day further past or ahead than pressure still changes stands as near as it no longer does.
    """
    near = min(max(int(due), int(s.num[C.NOW]) - C.PULLS), s.work_day.shape[0] + C.PULLS)
    return ((near + C.PULLS) << C.CLASS_BITS) | int(2.0 * weight)


def hold_task(s, post, kid, slot, urgency):
    """Put one piece of a child's work at the end of a worker's list."""
    n = s.held[post]
    if n >= C.HELD_MOST:
        s.num[C.FAULT] = 2
        return
    at = spot(s, post, n)
    if n & (C.BLOCK - 1) == 0:
        for k in range(C.BLOCK):
            put_nothing(s, at + k)
    s.what[at] = (((kid << C.SLOT_BITS) | slot) << C.URGENCY_BITS) | urgency
    s.hours[at] = s.kid[kid, C.LEFT + slot]
    s.held[post] = n + 1


def find_task(s, post, task):
    """Where a piece of work stands in a worker's list, or -1."""
    for place in range(s.held[post]):
        if s.what[spot(s, post, place)] >> C.URGENCY_BITS == task:
            return place
    return -1


def take_out(s, post, at):
    """Take a piece of work out of a list: the last one moves into its place."""
    s.held[post] -= 1
    last = spot(s, post, s.held[post])
    s.what[at] = s.what[last]
    s.hours[at] = s.hours[last]
    put_nothing(s, last)


def take_back(s, post, place, kid, slot):
    """What is left of a piece of work goes from a worker's list into the child's row."""
    at = spot(s, post, place)
    s.kid[kid, C.URGENCY_OF + slot] = s.what[at] & C.URGENCY
    s.kid[kid, C.LEFT + slot] = s.hours[at]
    take_out(s, post, at)


JIT = (spot, first_of, put_nothing, urgency_of, hold_task, find_task, take_out, take_back)
