"""Who is in post on the day of an extract, and which worker of it each post stands for."""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="attr-defined,no-any-return"

from __future__ import annotations

from upturn.twin import columns as C
from upturn.twin import today_columns as T
from upturn.twin.staff import look_for_worker, start_permanent
from upturn.twin.streams import exponential, uniform


def today_staff(s):
    """Posts are emptied or filled until as many are filled, and by agency, as on the day."""
    wanted, agency = s.opening[0, T.O_FILLED], s.opening[0, T.O_AGENCY]
    if agency >= 0.0:
        now = staff_in(s, C.AGENCY)
        for post in range(s.staff.shape[0] - 1, -1, -1):
            if now > agency and s.staff[post, C.STATE] == C.AGENCY:
                start_permanent(s, post)
                now -= 1
            elif now < agency and s.staff[post, C.STATE] == C.PERMANENT:
                covered(s, post)
                now += 1
    if wanted < 0.0:
        return
    filled = staff_in(s, C.AGENCY) + staff_in(s, C.PERMANENT)
    for post in range(s.staff.shape[0] - 1, -1, -1):
        state = s.staff[post, C.STATE]
        if filled < wanted and state == C.EMPTY:
            start_permanent(s, post)
            filled += 1
        elif filled > wanted and (state == C.PERMANENT or (state == C.AGENCY and agency < 0.0)):
            s.staff[post, C.STATE] = C.EMPTY
            vacant(s, post)
            filled -= 1


def staff_in(s, state):
    """How many posts are in a state."""
    n = 0
    for post in range(s.staff.shape[0]):
        if s.staff[post, C.STATE] == state:
            n += 1
    return n


def vacant(s, post):
    """A post has stood empty for some time: a part of the wait for a worker is over."""
    look_for_worker(s, post)
    wait = s.staff[post, C.FILL_DAY] - s.num[C.TODAY]
    part = uniform(s.staff_keys[post], C.R_RESIDUAL, s.staff[post, C.HIRES])
    s.staff[post, C.FILL_DAY] = s.num[C.TODAY] + 1 + int(wait * part)


def covered(s, post):
    """Agency covers a post that has stood empty for some time."""
    vacant(s, post)
    s.staff[post, C.STATE] = C.AGENCY
    stay = s.par[C.P_AGENCY_STAY_DAYS] * exponential(
        s.staff_keys[post], C.R_STAY, s.staff[post, C.SPELLS]
    )
    s.staff[post, C.COVER_END] = s.num[C.TODAY] + 1 + int(stay)
    s.staff[post, C.NEW_UNTIL] = 0.0


def match_workers(s):
    """Give each worker of the extract a filled post, of her team and at work where there is one.

    ``weights[k]`` is then the post of worker k, -1 where there are fewer posts than workers.
    """
    workers, posts = int(s.opening[0, T.O_WORKERS]), s.staff.shape[0]
    teams = max(1, int(s.par[C.P_TEAMS]))
    for k in range(workers):
        s.weights[k] = -1.0
    for post in range(posts):
        s.weights[workers + post] = 0.0  # whether it is taken
    for row in range(1, s.opening.shape[0]):
        if s.opening[row, T.O_WORKER] >= 0.0:
            s.weights[int(s.opening[row, T.O_WORKER])] = s.opening[row, T.O_TEAM]
    for k in range(workers):
        team = int(s.weights[k])
        best, most = -1, -1
        for post in range(posts):
            if s.staff[post, C.STATE] <= C.EMPTY or s.weights[workers + post] > 0.0:
                continue
            fits = 2 if s.staff[post, C.SICK_UNTIL] <= s.num[C.NOW] else 0
            fits += 1 if post % teams == team % teams else 0
            if fits > most:
                best, most = post, fits
        s.weights[k] = best
        if best >= 0:
            s.weights[workers + best] = 1.0


def lightest(s):
    """The filled post with the fewest children; the first one where none is filled."""
    best = 0
    for post in range(s.staff.shape[0]):
        if s.staff[post, C.STATE] <= C.EMPTY:
            continue
        if s.staff[best, C.STATE] <= C.EMPTY or s.staff[post, C.LOAD] < s.staff[best, C.LOAD]:
            best = post
    return best


JIT = (
    today_staff, staff_in, vacant, covered, match_workers, lightest,
)  # fmt: skip
