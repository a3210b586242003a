"""One replication after another: the loop over days."""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

from upturn.twin import columns as C
from upturn.twin.allocation import allocate
from upturn.twin.children import contact, happen, new_child
from upturn.twin.days import (
    count_day,
    count_week,
    manage,
    screen,
    shift_due,
)
from upturn.twin.heap import heap_pop, pack, unpack
from upturn.twin.shares import work
from upturn.twin.staff import fill_posts, new_month, new_week
from upturn.twin.start import begin
from upturn.twin.streams import exponential, key_on, uniform
from upturn.twin.takeover import take_over
from upturn.twin.visits import visits_come_up


def run(s, months, dropped, seed, rep):
    """One replication. ``months[m]`` are the values of month m after ``dropped`` months of warm-up.

    0 when all went well; otherwise the number of what ran over (1 events, 2 work, 3 children).
    """
    begin(s, months, seed, rep)
    days = s.cal.shape[0]
    for day in range(days):
        s.num[C.TODAY] = day
        s.num[C.NOW] = s.cal[day, 0]
        month = s.cal[day, 2]
        if month != s.num[C.MONTH]:
            turn_page(s)
            s.num[C.MONTH] = month
            place = max(0, month - dropped)
            for name in range(months.shape[1]):
                s.par[name] = months[place, name]
            new_month(s)
        if s.opening.shape[0] > 0 and s.opening[0, 0] == day:
            take_over(s)
        fill_posts(s)
        arrive(s, s.cal[day, 3])
        happen_today(s)
        if s.cal[day, 1] == 1:
            working_day(s)
        if s.num[C.FAULT] > 0:
            return int(s.num[C.FAULT])
    turn_page(s)
    means(s)
    return 0


def arrive(s, weekday):
    """New children of the day: a unit-rate process read along the demand added up so far.

    Child n is the same child at any demand; more demand only brings her sooner.
    """
    yearly = 12.0 * s.par[C.P_CONTACTS_A_MONTH] * s.par[C.P_SHOCK_CONTACTS]
    s.num[C.CUMULATED] += yearly / 365.25 * C.WEEKDAYS[weekday]
    while s.num[C.NEXT_AT] <= s.num[C.CUMULATED]:
        number = int(s.num[C.ARRIVED])
        sibling = s.num[C.SIBLING] > 0.0
        family = int(s.kid[int(s.num[C.HANDLED]), C.FAMILY]) if sibling else -1
        kid = new_child(s, C.D_CHILD, number, family)
        if kid < 0:
            return
        s.num[C.HANDLED] = kid
        contact(s, kid)
        s.num[C.ARRIVED] = number + 1
        s.num[C.NEXT_AT] += gap(s, number + 1)
    while s.num[C.EXTRAS] < s.extra.shape[0]:
        if s.extra[int(s.num[C.EXTRAS])] > s.num[C.TODAY]:
            return
        kid = new_child(s, C.D_EXTRA, int(s.num[C.EXTRAS]), -1)
        if kid < 0:
            return
        s.num[C.EXTRAS] += 1
        contact(s, kid)


def gap(s, number):
    """Demand between child ``number`` and the one before: none when she comes with her, 1 on average."""
    key = key_on(s.stems[C.D_CHILD], number)
    alone = 1.0 / s.par[C.P_SIBLINGS_MEAN]
    s.num[C.SIBLING] = 1.0 if uniform(key, C.R_SIBLING, 0) < 1.0 - alone else 0.0
    if s.num[C.SIBLING] > 0.0:
        return 0.0
    return s.par[C.P_SIBLINGS_MEAN] * exponential(key, C.R_GAP, 0)


def happen_today(s):
    """All there is for today or before: by kind, then in the order children came; visits as put down."""
    today = int(s.num[C.TODAY])
    happen_before(s, pack(today, C.E_VISIT, 0))
    visits_come_up(s)
    happen_before(s, pack(today + 1, 0, 0))


def happen_before(s, key):
    """All that the heap has before a key."""
    while s.num[C.EVENTS] > 0 and s.heap[0] < key:
        _, kind, kid = unpack(s.heap[0])
        s.num[C.EVENTS] = heap_pop(s.heap, int(s.num[C.EVENTS]))
        happen(s, kind, kid)


def working_day(s):
    """A working day, in the order it goes."""
    shift_due(s)
    week = (s.num[C.TODAY] - s.cal[int(s.num[C.TODAY]), 3] + 7) // 7
    if week != s.num[C.WEEK]:
        s.num[C.WEEK] = week
        s.num[C.NOW] = s.cal[int(s.num[C.TODAY]), 0]
        new_week(s)
        count_week(s)
        s.tally[s.tally.shape[0] - 1] += 1  # weeks counted
    screen(s)
    manage(s)
    happen_today(s)
    allocate(s)
    work(s)
    count_day(s)
    s.tally[s.tally.shape[0] - 2] += 1  # working days counted


def turn_page(s):
    """The month is over: what was counted in it goes to its row."""
    month = int(s.num[C.MONTH])
    for series in range(s.tally.shape[0]):
        s.out[month, series] = s.tally[series]
    for which in range(3):
        for days in range(s.bars.shape[1]):
            s.hist[month, which, days] = s.bars[which, days]
    s.tally[:] = 0.0
    s.bars[:] = 0.0


def means(s):
    """Turn the sums of what is a mean into one."""
    weeks, days = s.out.shape[1] - 1, s.out.shape[1] - 2
    for month in range(s.out.shape[0]):
        for series in range(len(C.HOW)):
            if C.HOW[series] == 1 and s.out[month, days] > 0:
                s.out[month, series] /= s.out[month, days]
            elif C.HOW[series] == 2 and s.out[month, weeks] > 0:
                s.out[month, series] /= s.out[month, weeks]


JIT = (
    arrive, gap, happen_today, happen_before, working_day, turn_page, means,
)  # fmt: skip


def run_many(s, plans, reps, dropped, seed, monthly, histograms):
    """Several replications into rows of ``monthly``; histograms are added up.

    ``plans[k]`` with ``reps[k]`` gives row k. ``histograms[k or 0]`` is added to: one for all when it
    has one row. The first fault met ends it.
    """
    for k in range(len(reps)):
        fault = run(s, plans[k if plans.shape[0] > 1 else 0], dropped, seed, reps[k])
        if fault > 0:
            return fault
        for month in range(monthly.shape[1]):
            for series in range(monthly.shape[2]):
                monthly[k, month, series] = s.out[dropped + month, series]
            place = month if histograms.shape[1] > 1 else 0
            row = k if histograms.shape[0] > 1 else 0
            for which in range(3):
                for days in range(s.hist.shape[2]):
                    histograms[row, place, which, days] += s.hist[dropped + month, which, days]
    return 0
