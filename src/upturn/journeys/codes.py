"""The numbers that the loops behind the clocks work with, and the columns they read and write."""

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
# them: what is compiled and kept on disk is renewed only when its own files change.
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
