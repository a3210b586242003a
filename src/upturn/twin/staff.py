"""Posts and who fills them: leaving, filling, agency, sickness, leave, supervision falling due."""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

import math

from upturn.twin import columns as C
from upturn.twin.streams import exponential, key_on, normal, uniform
from upturn.twin.work import count, give_task, let_go, note, wait_for_worker


def new_month(s):
    """The month's values come into force: deadline pressure, visits, posts opened and closed, caps."""
    set_pull(s)
    gap = s.par[C.P_VISIT_GAP_DAYS]
    s.num[C.GAP_CP] = int(gap + 0.5)
    s.num[C.GAP_CIN] = int(2.0 * gap + 0.5)
    s.num[C.UP_CP] = max(1, int(0.6 * gap))
    s.num[C.UP_CIN] = max(1, int(0.6 * (2.0 * gap)))
    wanted = s.par[C.P_POSTS]
    for post in range(s.staff.shape[0]):
        size = min(1.0, max(0.0, wanted - post))
        state = int(s.staff[post, C.STATE])
        if size <= 0.0 and state != C.CLOSED:
            close_post(s, post, state)
        elif size > 0.0 and state == C.CLOSED:
            s.staff[post, C.STATE] = C.EMPTY
            look_for_worker(s, post)
        else:
            wait_anew(s, post)
        s.staff[post, C.FTE] = size
        set_cap(s, post)
    s.num[C.POSTS_NOW] = wanted


def set_pull(s):
    """Deadline pressure, when it is another than last month's."""
    height, reach = s.par[C.P_PRESSURE_HEIGHT], s.par[C.P_PRESSURE_REACH]
    if s.num[C.PULL_HEIGHT] == height and s.num[C.PULL_REACH] == reach:
        return
    s.num[C.PULL_HEIGHT] = height
    s.num[C.PULL_REACH] = reach
    classes, furthest = 1 << C.CLASS_BITS, s.work_day.shape[0] + C.PULLS
    pull = 0.0
    for days in range(-furthest, furthest + 1):
        if days == -furthest or -C.PULLS < days < C.PULLS:
            left = max(days, -C.PULLS)
            pull = 1.0 + height * math.exp(-abs(left) / reach) + C.CHASED * max(0, -left)
        for halves in range(classes):
            s.pull[(days + furthest) * classes + halves] = 0.5 * halves * pull


def close_post(s, post, state):
    """A post is no more: whoever fills it goes, and the children wait for somebody else."""
    note(s, C.L_POST_CLOSED, -1, post, state)
    if state == C.PERMANENT:
        count(s, C.S_LEAVERS, 1.0)
    if state != C.EMPTY:
        release(s, post)
    s.staff[post, C.STATE] = C.CLOSED


def wait_anew(s, post):
    """Where filling takes longer or shorter than last month, so does what is left of a wait."""
    days, was = s.par[C.P_VACANCY_FILL_DAYS], s.staff[post, C.FILL_FOR]
    if was > 0.0 and days != was and s.staff[post, C.FILL_DAY] > s.num[C.TODAY]:
        left = (s.staff[post, C.FILL_DAY] - s.num[C.TODAY]) * days / was
        s.staff[post, C.FILL_DAY] = s.num[C.TODAY] + 1 + int(left)
    s.staff[post, C.FILL_FOR] = days


def set_cap(s, post):
    """A worker's cap: by her hours, and less in her first year."""
    size = s.staff[post, C.FTE]
    if s.staff[post, C.NEW_UNTIL] > s.num[C.TODAY]:
        size *= 1.0 - s.par[C.P_NEWLY_QUALIFIED_REDUCTION]
    s.staff[post, C.CAP] = max(0.01, s.par[C.P_CASELOAD_CAP] * size)


def open_posts(s):
    """The first day of the warm-up: posts filled as they would be in the long run."""
    spread = s.par[C.P_VACANCY_FILL_SPREAD]
    days = s.par[C.P_VACANCY_FILL_DAYS] * math.exp(0.5 * spread * spread)
    yearly = s.par[C.P_LEAVING_A_YEAR]
    empty = yearly * days / (C.YEAR + yearly * days)
    s.held[:] = 0
    for post in range(s.staff.shape[0]):
        for column in range(C.STAFF):
            s.staff[post, column] = 0.0
        key = key_on(s.stems[C.D_POST], post)
        s.staff_keys[post] = key
        s.staff[post, C.HELD] = -1.0
        s.staff[post, C.FTE] = 1.0
        s.staff[post, C.STATE] = C.CLOSED if post >= s.par[C.P_POSTS] else C.EMPTY
        s.staff[post, C.SICK_AT] = exponential(key, C.R_SICK, 0)
        if s.staff[post, C.STATE] == C.CLOSED:
            continue
        look_for_worker(s, post)
        if uniform(key, C.R_VACANT, 0) >= empty:
            start_permanent(s, post)
            # most of them are not in their first year
            if uniform(key, C.R_RESIDUAL, 1) >= s.par[C.P_LEAVING_A_YEAR]:
                s.staff[post, C.NEW_UNTIL] = 0.0
        else:
            # of the posts empty on a day, those that stay empty long are the more
            wait = s.staff[post, C.FILL_DAY] * math.exp(spread * spread)
            s.staff[post, C.FILL_DAY] = int(wait * uniform(key, C.R_RESIDUAL, 0))
            s.staff[post, C.COVER_DAY] = 0.0


def look_for_worker(s, post):
    """An empty post: when a permanent worker comes, and when agency is first tried."""
    s.staff[post, C.HIRES] += 1.0
    key, hire, today = s.staff_keys[post], s.staff[post, C.HIRES], s.num[C.TODAY]
    wait = math.exp(s.par[C.P_VACANCY_FILL_SPREAD] * normal(key, C.R_FILL, hire))
    s.staff[post, C.FILL_DAY] = today + 1 + int(s.par[C.P_VACANCY_FILL_DAYS] * wait)
    s.staff[post, C.FILL_FOR] = s.par[C.P_VACANCY_FILL_DAYS]
    try_agency(s, post)


def try_agency(s, post):
    """When agency is next tried."""
    s.staff[post, C.SPELLS] += 1.0
    wait = exponential(s.staff_keys[post], C.R_COVER_WAIT, s.staff[post, C.SPELLS])
    s.staff[post, C.COVER_DAY] = s.num[C.TODAY] + 1 + int(wait * s.par[C.P_AGENCY_FILL_DAYS])


def newcomer(s, post):
    """What begins anew with whoever fills a post."""
    s.staff[post, C.LAPSED] = 0.0
    s.staff[post, C.SUPERVISE_WAIT] = 0.0
    weeks = s.par[C.P_SUPERVISION_WEEKS] * uniform(
        s.staff_keys[post], C.R_SUPERVISION, s.staff[post, C.SPELLS]
    )
    s.staff[post, C.SUPERVISE_NEXT] = s.num[C.NOW] + 1 + int(weeks * C.WORKING_WEEK)
    s.staff[post, C.SICK_UNTIL] = 0.0
    s.staff[post, C.AWAY] = 0.0


def start_permanent(s, post):
    """A permanent worker starts, and takes over from agency if agency was there."""
    key, hire = s.staff_keys[post], s.staff[post, C.HIRES]
    if s.staff[post, C.STATE] == C.AGENCY:
        note(s, C.L_COVER_END, -1, post, 1.0)
        hand_over(s, post)
    s.staff[post, C.STATE] = C.PERMANENT
    s.staff[post, C.LEAVE_SUM] = 0.0
    s.staff[post, C.LEAVE_AT] = exponential(key, C.R_LEAVING, hire)
    new = uniform(key, C.R_NEW, hire) < s.par[C.P_NEWLY_QUALIFIED_SHARE]
    s.staff[post, C.NEW_UNTIL] = s.num[C.TODAY] + C.YEAR if new else 0.0
    newcomer(s, post)
    set_cap(s, post)
    note(s, C.L_STARTER, -1, post, 1.0 if new else 0.0)


def hand_over(s, post):
    """The children of one worker pass to another in the same post: each is read in again."""
    kid = int(s.staff[post, C.HELD])
    while kid >= 0:
        s.kid[kid, C.CHANGES] += 1.0
        count(s, C.S_CHANGES_OF_WORKER, 1.0)
        note(s, C.L_ALLOCATED, kid, post, 2.0)
        if s.kid[kid, C.LEFT + C.READ] <= 0.0:
            hours, due = s.par[C.P_HOURS_READING_IN], s.num[C.NOW] + C.READING_DUE
            give_task(s, kid, C.READ, hours, due, C.CLASS_READING)
        kid = int(s.kid[kid, C.HELD_NEXT])


def release(s, post):
    """All children of a worker go back to their teams' queues."""
    kid = int(s.staff[post, C.HELD])
    while kid >= 0:
        after = int(s.kid[kid, C.HELD_NEXT])
        let_go(s, kid)
        s.kid[kid, C.URGENT] = 1.0 if s.kid[kid, C.ENQUIRY] != C.NO_ENQUIRY else 0.0
        wait_for_worker(s, kid)
        note(s, C.L_UNALLOCATED, kid, post, 0.0)
        kid = after


def fill_posts(s):
    """Each day: who starts, who comes from agency, whose agency contract ends."""
    today = s.num[C.TODAY]
    for post in range(s.staff.shape[0]):
        state = int(s.staff[post, C.STATE])
        if state == C.CLOSED or state == C.PERMANENT:
            continue
        if s.staff[post, C.FILL_DAY] <= today:
            start_permanent(s, post)
            count(s, C.S_STARTERS, 1.0)
            count(s, C.S_COST, s.par[C.P_RECRUITMENT_COST])
        elif state == C.EMPTY and s.staff[post, C.COVER_DAY] <= today:
            start_agency(s, post)
        elif state == C.AGENCY and s.staff[post, C.COVER_END] <= today:
            note(s, C.L_COVER_END, -1, post, 0.0)
            release(s, post)
            s.staff[post, C.STATE] = C.EMPTY
            try_agency(s, post)


def start_agency(s, post):
    """Agency covers an empty post, or nobody is found and it is tried again."""
    key, spell = s.staff_keys[post], s.staff[post, C.SPELLS]
    if uniform(key, C.R_COVERED, spell) >= s.par[C.P_AGENCY_SHARE]:
        try_agency(s, post)
        return
    s.staff[post, C.STATE] = C.AGENCY
    stay = s.par[C.P_AGENCY_STAY_DAYS] * exponential(key, C.R_STAY, spell)
    s.staff[post, C.COVER_END] = s.num[C.TODAY] + 1 + int(stay)
    s.staff[post, C.NEW_UNTIL] = 0.0
    newcomer(s, post)
    set_cap(s, post)
    note(s, C.L_COVER, -1, post, 0.0)


def new_week(s):
    """Once a week: leave, sickness and leaving, by each worker's load; and the loads are counted."""
    week = s.num[C.WEEK]
    for post in range(s.staff.shape[0]):
        state = int(s.staff[post, C.STATE])
        if state <= C.EMPTY:
            continue
        key = s.staff_keys[post]
        set_cap(s, post)
        on_leave = s.par[C.P_LEAVE_DAYS] / (C.WORKING_WEEK * C.WEEKS)
        s.staff[post, C.AWAY] = 1.0 if uniform(key, C.R_LEAVE, week) < on_leave else 0.0
        strain = s.staff[post, C.WEIGHED] / s.staff[post, C.CAP] - 1.0
        fall_sick(s, post, strain)
        if state == C.PERMANENT:
            yearly = s.par[C.P_LEAVING_A_YEAR] * math.exp(s.par[C.P_LEAVING_LOAD] * strain)
            s.staff[post, C.LEAVE_SUM] += yearly / C.WEEKS
            if s.staff[post, C.LEAVE_SUM] > s.staff[post, C.LEAVE_AT]:
                count(s, C.S_LEAVERS, 1.0)
                note(s, C.L_LEAVER, -1, post, s.staff[post, C.LOAD])
                release(s, post)
                s.staff[post, C.STATE] = C.EMPTY
                look_for_worker(s, post)


def fall_sick(s, post, strain):
    """The hazard of sickness adds up until it reaches the worker's own mark."""
    if s.staff[post, C.SICK_UNTIL] > s.num[C.NOW]:
        return
    yearly = s.par[C.P_SICKNESS_A_YEAR] * math.exp(s.par[C.P_SICKNESS_LOAD] * strain)
    s.staff[post, C.SICK_SUM] += yearly / C.WEEKS
    if s.staff[post, C.SICK_SUM] <= s.staff[post, C.SICK_AT]:
        return
    key = s.staff_keys[post]
    s.staff[post, C.SPELLS] += 1.0
    spell = s.staff[post, C.SPELLS]
    days = max(1, int(s.par[C.P_SICKNESS_DAYS] * exponential(key, C.R_SPELL, spell) + 0.5))
    s.staff[post, C.SICK_UNTIL] = s.num[C.NOW] + days
    s.staff[post, C.SICK_SUM] = 0.0
    s.staff[post, C.SICK_AT] = exponential(key, C.R_SICK, spell)
    note(s, C.L_SICK, -1, post, days)
    if days >= C.LONG_SICK:
        release(s, post)


JIT = (
    new_month, close_post, wait_anew, set_pull, set_cap, open_posts, look_for_worker, try_agency,
    newcomer, start_permanent, hand_over, release, fill_posts, start_agency, new_week, fall_sick,
)  # fmt: skip
