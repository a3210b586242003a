"""The names of the columns of the kernel's arrays, and the constants of the model.

The kernel keeps its state in a few float64 arrays, because one source then runs compiled and as plain
Python. A column holds whole numbers exactly. ``P_POSTS`` is the column of the parameter ``posts`` in a
scenario, ``S_REFERRALS`` that of the series ``referrals``: made here from the two catalogues.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from upturn.twin.parameters import PARAMETERS
from upturn.twin.series import COLUMN, SERIES


class State(NamedTuple):
    """Everything that changes during a replication, and the calendar."""

    kid: Any  # [children, KID]: a row for each child
    stems: Any  # uint64[DOMAINS]: what the random streams of a domain have in common
    keys: Any  # uint64[children]: each child's random stream
    staff: Any  # [posts, STAFF]: a row for each post, with whoever fills it
    staff_keys: Any  # uint64[posts]
    held: Any  # int64[posts]: how many pieces of work each worker holds
    hours: Any  # [blocks * posts * BLOCK]: what is left of each piece of work a worker holds, see lists.py
    what: Any  # int64, as many: which task it is, and how urgent
    pulls: Any  # [blocks * BLOCK]: scratch, the pull today of all that one worker holds
    done: Any  # int64[pieces of work]: scratch, where work finished today stands
    late: Any  # int64[posts]: scratch, who holds late work
    weights: Any  # [some hundreds, or posts + children of an extract]: scratch
    queue: Any  # [teams, 3]: first and last child waiting for a worker, urgent first; how it judges
    heap: Any  # int64: what is still to happen, but for visits
    visits: (
        Any  # int64[days, 2]: of each day, the first and the last visit that comes up, from 1; or 0
    )
    coming: (
        Any  # int64[visits]: a visit that will come up: the child, and << 32 the next of the day
    )
    book: Any  # [working days, 4]: slots taken and work falling due
    num: Any  # [NUM]: counters
    par: Any  # [parameters]: this month's values
    pull: Any  # [2 * (working days + PULLS) << CLASS_BITS]: pull by working days to the due day, and class
    cal: Any  # int64[days, 4]: of each day, its working-day number, whether it is one, month, weekday
    work_day: Any  # int64[working days]: the day of each working day
    out: Any  # [months, series]
    tally: Any  # [series]: this month's, until it ends
    hist: Any  # [months, 3, BINS]
    bars: Any  # [3, BINS]: this month's
    log: Any  # [events, 5]: day, kind, child, post, value; no rows when no log is kept
    extra: Any  # int64: days on which one child more comes
    opening: (
        Any  # [children + 1, OPENING]: an extract's open work, see today_columns.py; or no rows
    )


# A child's row: eight lines of a processor's cache, what is read together in one of them: the front door, the
# assessment, waiting for a worker, being held and signed, the enquiry, the plan and its reviews; and, from
# PLAN on, visits and work.
(ID, FAMILY, NEED, TEAM, EPISODE, TURNED, CONTACT_DAY, SCREEN_NEXT,
 REFERRAL_DAY, REFERRED, HOURS, INFO, ASSESS_DUE, WORKED, PHASE, PARTNER,
 OPEN, URGENT, ALLOCATED, QUEUED, NEXT, WEIGHT, LAST_WORKER, ENQUIRY,
 HELD_NEXT, HELD_BEFORE, SIGN_FROM, SIGN_NEXT, SENT_BACK, WANTS, PRESSED, CHANGES,
 TURN, STRATEGY, MISSING, CONFERENCE, SLOT_DAYS, PUT_OFF_DAYS, PUT_OFF, PLAN_LENGTH,
 PLAN_END, CLOSING, HAD_PLAN, LATE_VISITS, REVIEW_DUE, REVIEW_AT, REVIEW_DAY, FAMILY_NEED,
 PLAN, WORKER, VISIT_FROM, VISIT_DUE, VISIT_AT) = range(53)  # fmt: skip
# The five kinds of work a child can have at once. Something is left of each that she has. How much, and how
# urgent it is, stand in her row while nobody holds her, and in her worker's list while somebody does.
LEFT = 53
ASSESS, ENQUIRE, VISIT, OTHER, READ = range(5)
SLOTS = 5
SLOT_BITS = 3  # a piece of work is the child's row and, in so many bits, the slot
URGENCY_OF = LEFT + SLOTS
KID = 64

# A post's row: what each day asks for first.
(STATE, FTE, SICK_UNTIL, AWAY, NEW_UNTIL, SUPERVISED, HOURS_TODAY, CAP,
 WEIGHED, LOAD, HELD, SUPERVISE_NEXT, SUPERVISE_WAIT, LAPSED, FILL_DAY, COVER_DAY,
 COVER_END, SICK_SUM, SICK_AT, SPELLS, LEAVE_SUM, LEAVE_AT, HIRES, FILL_FOR) = range(24)  # fmt: skip
STAFF = 24
CLOSED, EMPTY, PERMANENT, AGENCY = -1, 0, 1, 2

# A worker's list of work: blocks of places. Only a service far past collapse comes near the last.
BLOCK_BITS = 3
BLOCK, BLOCKS = 1 << BLOCK_BITS, 506
HELD_MOST = BLOCK * BLOCKS
# What stands in a place, in one number, from its low end: the class, in halves; the due day, counted from
# PULLS before the first; the task.
CLASS_BITS, URGENCY_BITS = 4, 24
URGENCY = (1 << URGENCY_BITS) - 1
# Where something stood, in one number: the place, and the post. A task can stand above them.
STOOD_BITS, WHERE_BITS = 12, 32
STOOD, WHERE = (1 << STOOD_BITS) - 1, (1 << WHERE_BITS) - 1

# The counters.
(KIDS, ARRIVED, NEXT_AT, CUMULATED, EVENTS, LOGGED, FAULT, OVERDUE, OVERDUE_ASSESS, OPEN_ASSESS, OPEN_KIDS,
 UNALLOCATED, UNSEEN, WAITING, CIN_NOW, CP_NOW, SCREEN_FIRST, SCREEN_LAST, SCREEN_DONE, SIGN_FIRST,
 SIGN_LAST, SIGN_DONE, ROTA, WEEK, SEED, REP, TODAY, NOW, MONTH, LAST_DAY, POSTS_NOW, HANDLED,
 EXTRAS, VISITS, FREE_VISIT, SIBLING, GAP_CIN, GAP_CP, UP_CIN, UP_CP, PULL_HEIGHT,
 PULL_REACH, POSTS_MOST) = range(43)  # fmt: skip
NUM = 43

# The columns of `book`.
CONFERENCES, REVIEWS, DUE_ALL, DUE_ASSESS = range(4)

# The stages of an assessment.
NONE, TO_SEE, FIRST_HALF, WRITING, SIGN_OFF, FOR_PARTNERS = range(6)
# The stages of an enquiry.
NO_ENQUIRY, STRATEGY_AWAITED, ENQUIRING, CONFERENCE_BOOKED = range(4)
NO_PLAN, CIN, CP = range(3)
UNDECIDED, WANTS_CLOSURE, WANTS_PLAN = range(3)

# What can be on the heap.
(E_BACK, E_STRATEGY, E_INFO, E_CONFERENCE, E_VISIT, E_REVIEW, E_REVIEW_HELD, E_PLAN_END) = range(8)

#: What the log can hold, in the order of its numbers. The value of each is said in the docs.
EVENT_NAMES = (
    "contact", "turned_away", "referral", "no_further_action", "allocated", "seen", "assessment_ended",
    "strategy", "section47_ended", "conference", "cin_started", "cin_ended", "cp_started", "cp_ended",
    "visit", "review", "closed", "care", "sent_back", "unallocated", "starter", "leaver", "agency_starts",
    "agency_ends", "sick", "supervision", "post_closed", "conference_put_off", "returned",
)  # fmt: skip
(L_CONTACT, L_TURNED, L_REFERRAL, L_NFA, L_ALLOCATED, L_SEEN, L_ASSESSED, L_STRATEGY, L_ENQUIRED,
 L_CONFERENCE, L_CIN, L_CIN_END, L_CP, L_CP_END, L_VISIT, L_REVIEW, L_CLOSED, L_CARE, L_SENT_BACK,
 L_UNALLOCATED, L_STARTER, L_LEAVER, L_COVER, L_COVER_END, L_SICK, L_SUPERVISION, L_POST_CLOSED,
 L_PUT_OFF, L_RETURNED) = range(29)  # fmt: skip

# Whose stream: the child or the post is its number in its domain.
D_CHILD, D_BACKLOG, D_EXTRA, D_POST, D_TEAM, D_TODAY = range(6)
DOMAINS = 6
# Places in a stream: purpose * 4096 + which time. A draw is the same whatever was drawn before it.
PLACES = 4096
(R_GAP, R_SIBLING, R_FAMILY, R_OWN, R_TEAM, R_JUDGED, R_RETURN, R_NFA, R_STRATEGY, R_PARTNER, R_HOURS,
 R_INFO, R_SENT, R_ENQUIRY, R_ENQUIRY_HOURS, R_CALLED, R_OUTCOME, R_CARE, R_ABSENT, R_AHEAD, R_PLANNED,
 R_LENGTH, R_ENDS, R_STEPS, R_AGAIN, R_BACK, R_KIND, R_START, R_REVIEW) = range(29)  # fmt: skip
# The same for a post.
(R_LEAVE, R_SICK, R_SPELL, R_LEAVING, R_FILL, R_COVERED, R_COVER_WAIT, R_STAY, R_NEW, R_VACANT,
 R_SUPERVISION, R_RESIDUAL) = range(12)  # fmt: skip

# Rules of the model that are the law's, not the service's.
ASSESSMENT_DAYS = 45  # working days from referral
TEN, THIRTY = 10, 30  # assessments ended within so many are counted on their own
CONFERENCE_DAYS = 15  # working days from strategy discussion
EARLY = 20  # working days from referral: a strategy discussion until then counts as early
REVIEW_FIRST, REVIEW_NEXT = 91, 182  # days
# Assumed, and the same for every service: said in docs/reference/twin.md.
PULLS = 64  # beyond this many working days from the due day, pressure no longer changes
CHASED = 0.5  # more pull for each working day past the due day: late work is asked after
PART_SEE, PART_FIRST, PART_WRITE = 0.2, 0.3, 0.5  # of an assessment's hours
LARGEST = 2.33  # standard deviations over the median: no assessment is larger for its need
NEED_HOURS = 0.25  # log hours of an assessment for each step of need
CLASS_UNSEEN, CLASS_ENQUIRY, CLASS_CP_VISIT, CLASS_REVIEW, CLASS_READING = 4.0, 4.0, 2.0, 2.0, 1.5
CLASS_PLAIN, CLASS_CLOSING = 1.0, 0.5
ENQUIRY_DUE = 8  # working days from strategy discussion, so that notice can be given
CLOSING_DUE, READING_DUE = 10, 10  # working days
AHEAD = 2.2  # mean of working days before the due day that a conference is aimed at
REVIEW_AHEAD = 5.0
REVIEW_CALLED = 20  # working days before a review is due that its slot is booked
PLANNED = 0.86  # of conferences, those that make a protection plan
STEPS_DOWN = 0.7  # of protection plans ended, those that go on as child in need plans
LENGTH_SPREAD = 0.7  # of plans (standard deviation of the logarithm)
END_CHANGE, END_LATE, END_LAPSED = 0.10, 0.03, 0.2  # what keeps a plan from ending well, each
EXTENSION = 91  # days
CARE_AFTER_PLAN = 4.0  # times the chance after an enquiry
ABSENCE_PUTS_OFF = 0.2
PUT_OFF_DELAY = 5  # working days
SENT_BACK_HOURS = 0.3
LAPSED_NOISE = 1.5  # judgement without supervision, and enquiry without partners
GROWTH = 0.25  # of need while a child turned away waits
BACK_NEED = 0.3  # log hazard of coming back for each step of need
BACK_PRESSED = 0.5  # and for each cap of load over the cap at closure
BACK_LONGEST = 365.0  # days after closure; who comes back later is counted with the new ones
RETURN_LONGEST = 730.0  # the same after being turned away
YEAR = 365.0
WEEKS = 52.18
HEAVIER = 0.5  # weight of a plan of protection or an enquiry, beyond 1
CONTINUITY_ROOM = 1.15  # of the cap, for a worker who knows the family
LONG_SICK = 20  # working days: her children are given to others
CLOSE_KIN = 0.7071067811865476  # need is half the family's and half the child's own
# Of those a service already knows on the first day of the warm-up: on protection plans, on child in need
# plans, closed in the year before, turned away in the two years before.
KNOWN = 4
KNOWN_APART = 20_000_000  # between the numbers of one such group and the next
SLICES = 64  # of need, of equal chance
AGAIN_MOST = 0.85  # chance of another contact, at most
GOES_ON = 1.2  # times their length: plans that do not end on the day they might
BACKLOG_WAS_OPEN = 120.0  # days from referral to closure
WORKING_WEEK = 5.0
#: How contacts fall on Monday to Sunday; 7 in all.
WEEKDAYS = (1.28, 1.28, 1.24, 1.24, 1.16, 0.4, 0.4)

globals().update({f"P_{name.upper()}": place for name, place in PARAMETERS.items()})
globals().update({f"S_{name.upper()}": place for name, place in COLUMN.items()})
#: For each series: 0 a sum, 1 a mean over working days, 2 a mean over weeks.
HOW = tuple(("sum", "day mean", "week mean").index(one.how) for one in SERIES)
