"""The loops behind the clocks: one source for numba and for plain Python.

Whole numbers and flat arrays only. What they compute is said in words, with an example for each sentence, in
``tests/journeys/test_kernel_spec.py``. Arguments are untyped because numba works them out, and so
does Python: columns are numpy arrays compiled and memoryviews otherwise.
"""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="no-any-return"

from __future__ import annotations

from typing import Any, NamedTuple

#: The day of an event whose date was set aside or never given; sorts last in its episode.
UNKNOWN = 2**31 - 1

# How sure an event is.
EXACT = 0  # this event, in this episode, on this day
MAYBE = 1  # it may belong to this episode or to another
UNKNOWN_DATE = 2  # it happened, or may have; its date was set aside or is blank
AT_OR_BEFORE = 3  # on this day or on some day before it
LATEST = 4  # on this day; the source keeps only the latest of these, so earlier ones may be missing

# Sets of certainties, one bit each.
SURE = 1 << EXACT | 1 << LATEST  # it happened in this episode on this day
LINK = 1 << MAYBE
EARLIER = 1 << AT_OR_BEFORE
ANY = SURE | LINK | EARLIER | 1 << UNKNOWN_DATE

# The places of the states in `upturn.journeys.result.STATES`. Written out, and a test compares
# them: what is compiled and kept on disk is renewed only when this file changes.
OVERDUE, DUE_SOON, RUNNING, CANNOT_TELL, MET_LATE, MET, DOES_NOT_APPLY = range(7)

# What an event is to a family of rules: one bit each, so an event can be several things at once.
START, STOP, VOID, END, FAIL = 1, 2, 4, 8, 16

DEADLINE, INTERVAL, CHECK, PRECEDENCE = range(4)
EACH, FIRST, LAST = range(3)

NOT_IN_FORCE = -2  # in a table of due days: no edition of the rule is in force on that start day
CODES = 256  # events, and kinds of episode, are one byte


class Log(NamedTuple):
    """The columns of `EventArrays`."""

    offsets: Any
    kind: Any
    event: Any
    day: Any
    certainty: Any


class Rules(NamedTuple):
    """The families as flat look-up tables, by family and by event.

    Families of one kind of episode stand together, in the order they came in, in groups that fit a
    word of bits. Family numbers are places in the list the families came in.
    """

    groups: Any  # [CODES + 1]: where the groups of each kind of episode begin
    members: Any  # [groups + 1]: where each group begins in `families`
    families: Any  # family numbers
    wanted: Any  # [groups * CODES]: a bit for each family of the group that the event starts
    most: Any  # [CODES * CODES]: by kind of episode and event, how many clocks it can start
    roles: Any  # [n_families * CODES]: what each event is to each family
    uses: Any  # [n_families]: all the roles that the family's events have
    pattern: Any  # [n_families]
    which: Any  # [n_families]
    due: Any  # the families' due days, one family after another
    due_from: Any  # [n_families + 1]: where each family begins in `due`


class Rows(NamedTuple):
    """The columns of `Clocks`, to be written."""

    family: Any
    episode: Any
    start: Any
    stop: Any
    doubt: Any
    end: Any
    due: Any
    state: Any
    not_tested: Any


def count_most(first, last, log, most):
    """The most clocks that episodes ``first`` to ``last`` can have."""
    offsets, kinds, event, _, _ = log
    total = 0
    for episode in range(first, last):
        of_kind = kinds[episode] * CODES
        for row in range(offsets[episode], offsets[episode + 1]):
            total += most[of_kind + event[row]]
    return total


def fill(first, last, log, rules, out, day0, as_at, soon_until):
    """Write the clocks of episodes ``first`` to ``last``.

    How many were written; -1 - episode for an episode that is out of order.
    """
    offsets, kinds, event, days, certainty = log
    groups, members, families, wanted, _, roles, uses, patterns, whiches, due_days, due_from = rules
    out_family, out_episode, out_start, out_stop, out_doubt, out_end, out_due, out_state, missed = (
        out
    )
    n = 0
    for episode in range(first, last):
        lo, hi, kind = offsets[episode], offsets[episode + 1], kinds[episode]
        for group in range(groups[kind], groups[kind + 1]):
            asked, again, seen, dated, before, faults = 0, 0, 0, lo, -1 << 40, 0
            for row in range(lo, hi):
                sure, place = certainty[row], days[row] * CODES + event[row]
                faults += (place < before) | (sure > LATEST)
                faults += (days[row] == UNKNOWN) != (sure == UNKNOWN_DATE)
                before = place
                asks = wanted[group * CODES + event[row]]
                again |= asked & asks  # families that the episode may start more than once
                asked |= asks
                seen |= 1 << sure
                dated += 1 if days[row] <= as_at else 0
            if faults:
                return -1 - episode
            blank = hi
            while seen >> UNKNOWN_DATE & 1 and blank > lo and days[blank - 1] == UNKNOWN:
                blank -= 1
            span, doubtful = (lo, dated, blank, hi), seen & ~SURE != 0
            member = members[group] - 1
            while asked:
                member += 1
                asks, once = asked & 1, not again & 1
                asked, again = asked >> 1, again >> 1
                if not asks:
                    continue
                family = families[member]
                base, pattern = family * CODES, patterns[family]
                interval = pattern == INTERVAL
                which = EACH if interval else whiches[family]
                has_end = uses[family] & END != 0
                void = maybe_void = blank_start = -1
                if uses[family] & VOID:
                    void, maybe_void = void_rows(event, certainty, roles, base, span)
                if blank < hi:
                    blank_start = next_row(event, certainty, roles, base, START, ANY, blank, hi)
                # The nearest stop and end from the anchor on only ever move on; dated: there is none.
                stop, end = lo, (lo if has_end else dated)
                # Stops are anchors only once the duty has begun, and not once it is over.
                begun, over, found, row = blank_start >= 0, -1, False, lo
                if which == LAST:
                    row = last_start(event, roles, base, span, blank_start)
                watched = START | (STOP | END) * interval
                while row < dated:
                    role, this = roles[base + event[row]], row
                    row += 1
                    if not role & watched:
                        continue
                    day, sure = days[this], SURE >> certainty[this] & 1 != 0
                    if role & START:
                        begun, over = True, -1
                    elif role & END and sure and over < 0:
                        over = this
                    if not role & START and not (role & STOP and sure and begun):
                        continue
                    found = which != EACH
                    if found or once:
                        row = dated
                    due = due_day(due_days, due_from[family], due_from[family + 1], day - day0)
                    if due == NOT_IN_FORCE:
                        continue
                    state, stopped, doubt, ended = CANNOT_TELL, -1, -1, -1
                    if void >= 0:
                        state = DOES_NOT_APPLY
                    elif pattern in (CHECK, PRECEDENCE):
                        state, stopped, doubt = undated_state(
                            event, days, certainty, roles, base, span, pattern == PRECEDENCE, day
                        )
                        if due < 0:
                            state, doubt = CANNOT_TELL, -1
                    elif over >= 0 and days[over] < day:
                        state, ended = DOES_NOT_APPLY, over
                    else:
                        same = this
                        while same > lo and days[same - 1] == day:
                            same -= 1
                        begin = this + 1 if interval else same
                        stop, end = max(stop, begin), max(end, same)
                        while stop < dated and not (
                            roles[base + event[stop]] & STOP and SURE >> certainty[stop] & 1
                        ):
                            stop += 1
                        while end < dated and not (
                            roles[base + event[end]] & END and SURE >> certainty[end] & 1
                        ):
                            end += 1
                        stop_day = days[stop] if stop < dated else UNKNOWN
                        end_day = days[end] if end < dated else UNKNOWN
                        stopped = stop if stop_day != UNKNOWN and stop_day <= end_day else -1
                        if due >= 0:
                            state = dated_state(stop_day, end_day, due, as_at, soon_until)
                            # Late by the latest of several: an earlier one may have been in time.
                            if state == MET_LATE and stop < dated and certainty[stop] == LATEST:
                                if interval:
                                    missed[family] += 1
                                    continue
                                state, stopped = CANNOT_TELL, stop
                            ended = end if stopped < 0 and end < dated else -1
                            if doubtful:
                                doubt = row_in_doubt(
                                    event, days, certainty, roles, base, span, begin, same,
                                    stop_day, end_day, interval, state, due, as_at, soon_until,
                                )  # fmt: skip
                                state = CANNOT_TELL if doubt >= 0 else state
                    if doubtful and void < 0:
                        maybe_first = blank_start if which != EACH else -1
                        state, doubt = weaker(
                            state, doubt, maybe_void, maybe_first, certainty[this], this
                        )
                    out_family[n] = family
                    out_episode[n] = episode
                    out_start[n] = this
                    out_stop[n] = stopped
                    out_doubt[n] = doubt
                    out_end[n] = ended
                    out_due[n] = due
                    out_state[n] = state
                    n += 1
                row = blank_start if not found else -1
                while row >= 0:
                    out_family[n] = family
                    out_episode[n] = episode
                    out_start[n] = row
                    out_stop[n] = out_doubt[n] = out_end[n] = out_due[n] = -1
                    out_state[n] = DOES_NOT_APPLY if void >= 0 else CANNOT_TELL
                    n += 1
                    more = next_row(event, certainty, roles, base, START, ANY, row + 1, hi)
                    row = more if which == EACH else -1
    return n


def next_row(event, certainty, roles, base, role, sure, row, stop):
    """The first row in ``[row, stop)`` with the role and one of the certainties, or -1."""
    while row < stop:
        if roles[base + event[row]] & role and sure >> certainty[row] & 1:
            return row
        row += 1
    return -1


def last_start(event, roles, base, span, blank_start):
    """The last start with a date; past all of them when the last start has none."""
    lo, dated, _, _ = span
    row = dated - 1
    while row >= lo and not roles[base + event[row]] & START:
        row -= 1
    return row if row >= lo and blank_start < 0 else dated


def void_rows(event, certainty, roles, base, span):
    """The row that means the rule does not apply, and the row that may mean it; -1 for none."""
    lo, dated, blank, hi = span
    maybe = next_row(event, certainty, roles, base, VOID, LINK, lo, dated)
    if maybe < 0:
        maybe = next_row(event, certainty, roles, base, VOID, ANY, blank, hi)
    return next_row(event, certainty, roles, base, VOID, SURE | EARLIER, lo, dated), maybe


def due_day(due, first, after, place):
    """The due day of a start ``place`` days into the table; past its ends it cannot be told."""
    if 0 <= place < after - first:
        return due[first + place]
    nearest = due[first if place < 0 else after - 1]
    return NOT_IN_FORCE if nearest == NOT_IN_FORCE else -1


def dated_state(stop_day, end_day, due, as_at, soon_until):
    """The state of a clock whose stop and whose end of duty are on these days (UNKNOWN: none).

    A stop after the duty ended does not count.
    """
    if stop_day != UNKNOWN and stop_day <= end_day:
        return MET if stop_day <= due else MET_LATE
    if end_day != UNKNOWN:
        return DOES_NOT_APPLY if end_day <= due else MET_LATE
    if as_at > due:
        return OVERDUE
    return DUE_SOON if due <= soon_until else RUNNING


def row_in_doubt(
    event, days, certainty, roles, base, span, begin, same,
    stop_day, end_day, interval, state, due, as_at, soon_until,
):  # fmt: skip
    """The first row in doubt that could change ``state``, or -1."""
    _, dated, blank, hi = span
    settled = state in (MET, DOES_NOT_APPLY)
    row = next_row(event, certainty, roles, base, STOP, LINK, begin, dated)
    if (
        row >= 0
        and days[row] < stop_day
        and (dated_state(days[row], end_day, due, as_at, soon_until) != state)
    ):
        return row
    # Of an interval's gaps, a stop without a date puts only the last one in doubt.
    if not settled and not (interval and stop_day != UNKNOWN):
        row = next_row(event, certainty, roles, base, STOP, EARLIER, begin, dated)
        if row < 0:
            row = next_row(event, certainty, roles, base, STOP, ANY, blank, hi)
        if row >= 0:
            return row
    row = next_row(event, certainty, roles, base, END, LINK, same, dated)
    if (
        row >= 0
        and days[row] < end_day
        and (dated_state(stop_day, days[row], due, as_at, soon_until) != state)
    ):
        return row
    if settled or (stop_day != UNKNOWN and stop_day <= end_day):
        return -1
    row = next_row(event, certainty, roles, base, END, EARLIER, same, dated)
    return row if row >= 0 else next_row(event, certainty, roles, base, END, ANY, blank, hi)


def undated_state(event, days, certainty, roles, base, span, before, start_day):
    """State, stop and row in doubt of a check or precedence clock: no due day decides those."""
    lo, dated, blank, hi = span
    stop = next_row(event, certainty, roles, base, STOP, SURE, lo, dated)
    if stop >= 0 and (not before or days[stop] <= start_day):
        return MET, stop, -1
    doubt = next_row(event, certainty, roles, base, STOP, LINK, lo, dated)
    if doubt >= 0 and before and days[doubt] > start_day:
        doubt = -1
    if doubt < 0:
        doubt = next_row(event, certainty, roles, base, STOP, EARLIER, lo, dated)
    if doubt < 0:
        doubt = next_row(event, certainty, roles, base, STOP, ANY, blank, hi)
    if before:
        return (OVERDUE if doubt < 0 else CANNOT_TELL), -1, doubt
    failed = next_row(event, certainty, roles, base, FAIL, ANY, lo, dated) >= 0
    if failed or next_row(event, certainty, roles, base, FAIL, ANY, blank, hi) >= 0:
        return OVERDUE, -1, -1
    return CANNOT_TELL, -1, doubt


def weaker(state, doubt, maybe_void, maybe_first, sure, start):
    """The state, and the row in doubt, when the start or the rule's application is in doubt.

    The true start may be earlier than the one known, or of another episode. A clock that is late
    counted from this start stays late; nothing else is claimed.
    """
    if maybe_void >= 0 and state != DOES_NOT_APPLY:
        state, doubt = CANNOT_TELL, (doubt if doubt >= 0 else maybe_void)
    if state != OVERDUE and state != MET_LATE:
        if sure == MAYBE or maybe_first >= 0:
            row = maybe_first if maybe_first >= 0 else start
            state, doubt = CANNOT_TELL, (doubt if doubt >= 0 else row)
        elif sure == AT_OR_BEFORE:
            state = CANNOT_TELL
    return state, doubt


HELPERS = (
    next_row, last_start, void_rows, due_day, dated_state, row_in_doubt, undated_state, weaker,
)  # fmt: skip
