"""The loops behind the clocks: one source for numba and for plain Python.

Whole numbers and flat arrays only. What they compute is said in words, with an example for each sentence, in
``tests/journeys/test_kernel_spec.py``. Arguments are untyped because numba works them out, and so
does Python: columns are numpy arrays compiled and memoryviews otherwise.
"""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="no-any-return"

from __future__ import annotations

from upturn.journeys import codes, states
from upturn.journeys.codes import (
    ANY,
    CANNOT_TELL,
    CHECK,
    CODES,
    DOES_NOT_APPLY,
    EACH,
    END,
    INTERVAL,
    LAST,
    LATEST,
    MET_LATE,
    NOT_IN_FORCE,
    PRECEDENCE,
    START,
    STOP,
    SURE,
    UNKNOWN,
    UNKNOWN_DATE,
    VOID,
)
from upturn.journeys.states import (
    JIT,
    dated_state,
    due_day,
    last_start,
    next_row,
    row_in_doubt,
    undated_state,
    void_rows,
    weaker,
)

#: What `fill` is compiled with, and from: the functions it calls and the files they stand in.
HELPERS = JIT
FILES = (codes.__file__, states.__file__)


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
    # One long function on purpose: cut up by episode, family and clock it took six times as long compiled
    # (arrays handed on are counted) and a quarter longer as plain Python.
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
