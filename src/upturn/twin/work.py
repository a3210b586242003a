"""Who holds which child and which work: tasks, queues, loads, the log and the due-day counters."""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

from upturn.twin import columns as C
from upturn.twin.heap import heap_push, pack
from upturn.twin.lists import find_task, hold_task, spot, take_back, take_out, urgency_of


def note(s, kind, kid, post, value):
    """Write a line of the log, when one is kept."""
    if s.log.shape[0] == 0:
        return
    row = int(s.num[C.LOGGED])
    if row < s.log.shape[0]:
        s.log[row, 0] = s.num[C.TODAY]
        s.log[row, 1] = kind
        s.log[row, 2] = s.kid[kid, C.ID] if kid >= 0 else -1.0
        s.log[row, 3] = post
        s.log[row, 4] = value
        s.num[C.LOGGED] = row + 1


def count(s, series, value):
    """Add to a series of this month."""
    s.tally[series] += value


def later(s, day, kind, kid):
    """Put something on the heap, unless it lies past the end."""
    if day > s.num[C.LAST_DAY]:
        return
    size = int(s.num[C.EVENTS])
    if size >= s.heap.shape[0]:
        s.num[C.FAULT] = 1
        return
    s.num[C.EVENTS] = heap_push(s.heap, size, pack(int(day), kind, kid))


def day_of(s, work_day):
    """The day of a working-day number; past the calendar, a day past the end."""
    place = int(work_day)
    return s.work_day[place] if place < s.work_day.shape[0] else int(s.num[C.LAST_DAY]) + 1


def falls_due(s, due, column):
    """Work begins to run towards a due day (a working-day number)."""
    place = int(due)
    if place < s.book.shape[0]:
        s.book[place, column] += 1


def was_due(s, due, column, counter):
    """Work towards a due day is done, or drops out."""
    if due < s.num[C.NOW]:
        s.num[counter] -= 1
    elif int(due) < s.book.shape[0]:
        s.book[int(due), column] -= 1


def give_task(s, kid, slot, hours, due, weight):
    """Work on a child begins: into her worker's list, or into her row while nobody holds her."""
    s.kid[kid, C.LEFT + slot] = hours
    post, urgency = int(s.kid[kid, C.WORKER]), urgency_of(s, due, weight)
    if post >= 0:
        hold_task(s, post, kid, slot, urgency)
    else:
        s.kid[kid, C.URGENCY_OF + slot] = urgency


def drop_task(s, kid, slot):
    """A piece of work is no longer wanted, wherever it stands."""
    if s.kid[kid, C.LEFT + slot] <= 0.0:
        return
    s.kid[kid, C.LEFT + slot] = 0.0
    post = int(s.kid[kid, C.WORKER])
    if post >= 0:
        place = find_task(s, post, (kid << C.SLOT_BITS) | slot)
        if place >= 0:
            take_out(s, post, spot(s, post, place))


def weigh(s, kid):
    """Bring the weight of a child, and her worker's load, up to date."""
    heavy = s.kid[kid, C.PLAN] == C.CP or s.kid[kid, C.ENQUIRY] != C.NO_ENQUIRY
    weight = 1.0 + C.HEAVIER if heavy else 1.0
    post = int(s.kid[kid, C.WORKER])
    if post >= 0:
        s.staff[post, C.WEIGHED] += weight - s.kid[kid, C.WEIGHT]
    s.kid[kid, C.WEIGHT] = weight


def over_cap(s, post):
    """By how many caps a worker's weighted load is over her cap; 0 when it is not, or for nobody."""
    if post < 0:
        return 0.0
    return max(0.0, s.staff[post, C.WEIGHED] / s.staff[post, C.CAP] - 1.0)


def hold(s, kid, post):
    """A worker takes a child, with the work on her."""
    s.kid[kid, C.WORKER] = post
    first = s.staff[post, C.HELD]
    s.kid[kid, C.HELD_NEXT] = first
    s.kid[kid, C.HELD_BEFORE] = -1.0
    if first >= 0:
        s.kid[int(first), C.HELD_BEFORE] = kid
    s.staff[post, C.HELD] = kid
    s.staff[post, C.LOAD] += 1.0
    s.staff[post, C.WEIGHED] += s.kid[kid, C.WEIGHT]
    for slot in range(C.SLOTS):
        if s.kid[kid, C.LEFT + slot] > 0.0:
            hold_task(s, post, kid, slot, int(s.kid[kid, C.URGENCY_OF + slot]))


def let_go(s, kid):
    """A worker no longer holds a child; what is left of the work goes back into the child's row."""
    post = int(s.kid[kid, C.WORKER])
    after, before = int(s.kid[kid, C.HELD_NEXT]), int(s.kid[kid, C.HELD_BEFORE])
    if after >= 0:
        s.kid[after, C.HELD_BEFORE] = before
    if before >= 0:
        s.kid[before, C.HELD_NEXT] = after
    else:
        s.staff[post, C.HELD] = after
    s.staff[post, C.LOAD] -= 1.0
    s.staff[post, C.WEIGHED] -= s.kid[kid, C.WEIGHT]
    for slot in range(C.SLOTS):
        if s.kid[kid, C.LEFT + slot] > 0.0:
            place = find_task(s, post, (kid << C.SLOT_BITS) | slot)
            if place >= 0:
                take_back(s, post, place, kid, slot)
    s.kid[kid, C.LAST_WORKER] = post
    s.kid[kid, C.WORKER] = -1.0


def wait_for_worker(s, kid):
    """A child joins her team's queue: urgent ones before all others that are not."""
    team, urgent = int(s.kid[kid, C.TEAM]), s.kid[kid, C.URGENT] > 0.0
    s.kid[kid, C.QUEUED] = s.num[C.NOW]
    s.num[C.UNALLOCATED] += 1
    before, after = int(s.queue[team, 1]), -1
    if urgent:
        before, after = -1, int(s.queue[team, 0])
        while after >= 0 and s.kid[after, C.URGENT] > 0.0:
            before, after = after, int(s.kid[after, C.NEXT])
    s.kid[kid, C.NEXT] = after
    if before >= 0:
        s.kid[before, C.NEXT] = kid
    else:
        s.queue[team, 0] = kid
    if after < 0:
        s.queue[team, 1] = kid


def stop_waiting(s, kid):
    """Take a child out of her team's queue, if she is in it."""
    if s.kid[kid, C.QUEUED] < 0.0:
        return
    s.kid[kid, C.QUEUED] = -1.0
    s.num[C.UNALLOCATED] -= 1
    team = int(s.kid[kid, C.TEAM])
    before, this = -1, int(s.queue[team, 0])
    while this >= 0 and this != kid:
        before, this = this, int(s.kid[this, C.NEXT])
    after = s.kid[kid, C.NEXT]
    if before >= 0:
        s.kid[before, C.NEXT] = after
    else:
        s.queue[team, 0] = after
    if after < 0:
        s.queue[team, 1] = before


def chair(s, earliest, target, column, rate):
    """Book a chair's slot: the last free one up to ``target``, else the first after it. Its day.

    Days are working-day numbers. Day n has floor((n + 1) r) - floor(n r) slots, r a day on average.
    """
    day = int(max(earliest, target))
    longest = s.book.shape[0] - 1
    while day >= earliest and day <= longest:
        if s.book[day, column] < slots(day, rate):
            s.book[day, column] += 1
            return day
        day -= 1
    day = int(max(earliest, target)) + 1
    while day <= longest:
        if s.book[day, column] < slots(day, rate):
            s.book[day, column] += 1
            return day
        day += 1
    return longest + 1


def slots(day, rate):
    """The slots of one working day at ``rate`` a day."""
    return int((day + 1) * rate) - int(day * rate)


JIT = (
    note, count, later, day_of, falls_due, was_due, give_task, drop_task,
    weigh, over_cap, hold, let_go, wait_for_worker, stop_waiting, chair, slots,
)  # fmt: skip
