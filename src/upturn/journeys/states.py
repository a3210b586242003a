"""What state a clock is in, and which event puts that in doubt: the questions that `loops.fill` asks.

One source for numba and for plain Python, as there.
"""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="no-any-return"

from __future__ import annotations

from upturn.journeys.codes import (
    ANY,
    AT_OR_BEFORE,
    CANNOT_TELL,
    DOES_NOT_APPLY,
    DUE_SOON,
    EARLIER,
    END,
    FAIL,
    LINK,
    MAYBE,
    MET,
    MET_LATE,
    NOT_IN_FORCE,
    OVERDUE,
    RUNNING,
    START,
    STOP,
    SURE,
    UNKNOWN,
    VOID,
)


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


#: The functions here, for whoever compiles them.
JIT = (
    next_row, last_start, void_rows, due_day, dated_state, row_in_doubt, undated_state, weaker,
)  # fmt: skip
