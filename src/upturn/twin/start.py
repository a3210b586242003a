"""How a replication begins: a service that has gone on like this for years, as far as can be reckoned."""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

import math

from upturn.twin import columns as C
from upturn.twin.children import add_child
from upturn.twin.plans import back_rate, end_on, return_rate, start_plan
from upturn.twin.staff import new_month, open_posts
from upturn.twin.streams import exponential, key_on, normal, quantile, stem_of, uniform
from upturn.twin.work import later, wait_for_worker


def begin(s, months, seed, rep):
    """Nothing has happened yet, but the service has children and workers."""
    for n in range(C.NUM):
        s.num[n] = 0.0
    for domain in range(s.stems.shape[0]):
        s.stems[domain] = stem_of(seed, rep, domain)
    s.book[:] = 0.0
    for team in range(s.queue.shape[0]):
        s.queue[team, 0] = -1.0
        s.queue[team, 1] = -1.0
        s.queue[team, 2] = normal(key_on(s.stems[C.D_TEAM], team), C.R_JUDGED, 0)
    s.out[:] = 0.0
    s.hist[:] = 0.0
    s.tally[:] = 0.0
    s.bars[:] = 0.0
    s.visits[:] = 0
    s.num[C.FREE_VISIT] = -1.0
    s.num[C.SEED] = seed
    s.num[C.REP] = rep
    s.num[C.MONTH] = 0
    s.num[C.LAST_DAY] = s.cal.shape[0] - 1
    for counter in (C.SCREEN_FIRST, C.SCREEN_LAST, C.SIGN_FIRST, C.SIGN_LAST):
        s.num[counter] = -1.0
    s.num[C.WEEK] = -1.0
    s.num[C.NOW] = s.cal[0, 0]
    most = 0.0
    for month in range(months.shape[0]):
        most = max(most, months[month, C.P_POSTS])
    s.num[C.POSTS_MOST] = math.ceil(most)
    for name in range(months.shape[1]):
        s.par[name] = months[0, name]
    open_posts(s)
    new_month(s)
    crowd(s)
    backlog(s)
    s.num[C.NEXT_AT] = exponential(key_on(s.stems[C.D_CHILD], 0), C.R_GAP, 0)


def crowd(s):
    """How many children of each need a settled service knows, into ``s.weights``: sums over need.

    By Little's law, for slices of need of equal chance: contacts in a year, first or again, times the chance
    of what follows from one, times how long that lasts. Four lists: on protection plans, on child in need
    plans, closed and turned away in the time after which nobody comes back. Whoever comes back after being
    turned away has grown in need, so slices are taken from the least need up.
    """
    back, away = C.BACK_LONGEST / C.YEAR, C.RETURN_LONGEST / C.YEAR
    yearly = 12.0 * s.par[C.P_CONTACTS_A_MONTH] * s.par[C.P_SHOCK_CONTACTS] / C.SLICES
    grown = 0  # the slice to which those of this slice who come back belong
    for n in range(C.SLICES):
        s.weights[C.KNOWN * C.SLICES + n] = yearly
    for n in range(C.SLICES):
        need = need_at(s, (n + 0.5) / C.SLICES)
        protected, in_need, ends = outcomes(s, need)
        referred = over(need, s.par[C.P_REFERRAL_THRESHOLD], s.par[C.P_THRESHOLD_NOISE])
        again = ends * (1.0 - math.exp(-back * back_rate(s, need, 0.0)))
        contacts = s.weights[C.KNOWN * C.SLICES + n] / (1.0 - min(C.AGAIN_MOST, again))
        wrong = contacts * (1.0 - referred) if need > s.par[C.P_TRUE_THRESHOLD] else 0.0
        while grown < C.SLICES - 1 and need_at(s, (grown + 0.5) / C.SLICES) < need + C.GROWTH:
            grown += 1
        return_ = wrong * (1.0 - math.exp(-away * return_rate(s, need)))
        s.weights[C.KNOWN * C.SLICES + grown] += return_ if grown > n else 0.0
        add_slice(s, 0, n, contacts * protected * s.par[C.P_CP_DAYS] * C.GOES_ON / C.YEAR)
        add_slice(s, 1, n, contacts * in_need * s.par[C.P_CIN_DAYS] * C.GOES_ON / C.YEAR)
        add_slice(s, 2, n, contacts * ends * back)
        add_slice(s, 3, n, wrong * away)


def outcomes(s, need):
    """Of contacts of a need: how many lead to a protection plan, a child in need plan, a closure."""
    noise, care = s.par[C.P_THRESHOLD_NOISE], s.par[C.P_CARE_ENTRY]
    later_care = min(1.0, C.CARE_AFTER_PLAN * care)
    referred = over(need, s.par[C.P_REFERRAL_THRESHOLD], noise)
    urgent = min(referred, over(need, s.par[C.P_SECTION47_THRESHOLD], noise))
    called = urgent * over(need, s.par[C.P_CONFERENCE_THRESHOLD], noise)
    protected = C.PLANNED * called
    assessed = referred - (referred - urgent) * s.par[C.P_NO_FURTHER_ACTION]
    in_need = (assessed - protected) * over(need, s.par[C.P_PLAN_THRESHOLD], noise)
    in_need += protected * C.STEPS_DOWN * (1.0 - later_care)
    return protected, in_need, referred - (urgent - called) * care - protected * later_care


def add_slice(s, group, n, children):
    """Add one slice of need to the sums of a group."""
    place = group * C.SLICES + n
    s.weights[place] = children + (s.weights[place - 1] if n > 0 else 0.0)


def need_at(s, place):
    """The need below which this share of new contacts lies."""
    return s.par[C.P_NEED_MEAN] + s.par[C.P_NEED_SPREAD] * quantile(place)


def over(need, line, noise):
    """The chance that a need is seen as over a line."""
    return 0.5 * math.erfc((line - need) / noise * C.CLOSE_KIN)


def backlog(s):
    """Children open on the first day, and those of the time before who will come back.

    Beginning from nothing, a service takes years to fill: a child closed comes back, and again.
    """
    for group in range(C.KNOWN):
        last = group * C.SLICES + C.SLICES - 1
        for number in range(int(s.weights[last])):
            key = key_on(s.stems[C.D_BACKLOG], group * C.KNOWN_APART + number)
            need = need_at(s, place_of(s, group, key))
            if group < 2:
                on_plan(s, known_child(s, group, number, need), C.CP if group == 0 else C.CIN)
            elif group == 2:
                was_closed(s, key, number, need)
            else:
                was_turned_away(s, key, number, need)
            if s.num[C.FAULT] > 0:
                return


def place_of(s, group, key):
    """Where the need of one of a group lies among those of all new contacts, from 0 to 1."""
    first = group * C.SLICES
    last = first + C.SLICES - 1
    wanted = uniform(key, C.R_OWN, 1) * s.weights[last]
    low, high = first, last  # the first slice whose sum comes up to what is wanted
    while low < high:
        middle = (low + high) // 2
        if s.weights[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return (low - first + uniform(key, C.R_OWN, 2)) / C.SLICES


def known_child(s, group, number, need):
    """A child known before the first day."""
    kid = add_child(s, C.D_BACKLOG, group * C.KNOWN_APART + number, -1)
    if kid >= 0:
        s.kid[kid, C.NEED] = need
        s.kid[kid, C.EPISODE] = 1.0
        s.kid[kid, C.REFERRAL_DAY] = -C.YEAR
        s.kid[kid, C.ALLOCATED] = 0.0
    return kid


def on_plan(s, kid, kind):
    """A child in the middle of a plan. Of those running on a day, long ones are the more."""
    if kid < 0:
        return
    s.kid[kid, C.OPEN] = 1.0
    s.num[C.OPEN_KIDS] += 1
    start_plan(s, kid, kind)
    length = s.kid[kid, C.PLAN_LENGTH] * math.exp(C.LENGTH_SPREAD * C.LENGTH_SPREAD)
    end_on(s, kid, 1 + int(length * uniform(s.keys[kid], C.R_START, 0)))
    wait_for_worker(s, kid)


def was_closed(s, key, number, need):
    """A child closed in the year before, if she will come back."""
    since = C.BACK_LONGEST * uniform(key, C.R_START, 0)
    wait = wait_to_return(key, back_rate(s, need, 0.0))
    if since < wait < C.BACK_LONGEST:
        kid = known_child(s, 2, number, need)
        if kid >= 0:
            s.kid[kid, C.REFERRAL_DAY] = -since - C.BACKLOG_WAS_OPEN
            later(s, 1 + int(wait - since), C.E_BACK, kid)


def was_turned_away(s, key, number, need):
    """A child turned away in the two years before, over the true threshold, if she will come back."""
    since = C.RETURN_LONGEST * uniform(key, C.R_START, 0)
    wait = wait_to_return(key, return_rate(s, need))
    if since < wait < C.RETURN_LONGEST:
        kid = known_child(s, 3, number, need)
        if kid >= 0:
            s.kid[kid, C.TURNED] = 1.0
            later(s, 1 + int(wait - since), C.E_BACK, kid)


def wait_to_return(key, yearly):
    """Days until a child known before the first day comes back."""
    return C.YEAR * exponential(key, C.R_BACK, 1) / max(1e-9, yearly)


JIT = (
    begin, crowd, outcomes, add_slice, need_at, over, backlog, place_of, known_child, on_plan, was_closed,
    was_turned_away, wait_to_return,
)  # fmt: skip
