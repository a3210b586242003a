"""Room for the kernel's arrays: how much a run can need, and the calendar it runs on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from upturn.rulebooks.calendar import EPOCH, FIRST, LAST, add_months, is_working_day
from upturn.rulebooks.located import RulebookError
from upturn.twin import columns as C
from upturn.twin.parameters import PARAMETERS
from upturn.twin.scenario import Matrix
from upturn.twin.series import BINS, SERIES

#: Working days past the end that can still be booked.
AHEAD = 700
#: Numbers of 64 bits in a line of a processor's cache.
LINE = 8


@dataclass(frozen=True)
class Span:
    """The days of a run: warm-up and months, from the first day of a month."""

    first: date
    days: NDArray[np.int64]  # [days, 4]
    work_day: NDArray[np.int64]
    months: int


@lru_cache(maxsize=32)
def span(start: date, warm_up: int, months: int) -> Span:
    """The calendar of a run whose first counted month begins on ``start``.

    Raises RulebookError when ``start`` is not the first of a month, or the working days of some month
    cannot be told.
    """
    if start.day != 1:
        raise RulebookError([f"a run starts on the first of a month; {start} is not one"])
    if months < 1 or warm_up < 0:
        raise RulebookError(["a run has at least one month, and its warm-up none or more"])
    first, end = _months_before(start, warm_up), add_months(start, months)
    if first < FIRST or end - timedelta(1) > LAST:
        raise RulebookError(
            [f"a run from {first} to {end} leaves the calendar of working days ({FIRST} to {LAST})"]
        )
    rows, work_days = [], []
    for n in range((end - first).days):
        day = first + timedelta(n)
        works = is_working_day(day)
        if works:
            work_days.append(n)
        month = (day.year - first.year) * 12 + day.month - first.month
        rows.append((max(len(work_days) - 1, 0), int(works), month, day.weekday()))
    return Span(first, np.array(rows), np.array(work_days), warm_up + months)


def _months_before(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 - months, 12)
    return date(year, month + 1, 1)


def room(
    plans: Matrix,
    over: Span,
    warm_up: int,
    log: int,
    extra: NDArray[np.int64],
    opening: NDArray[np.float64],
) -> C.State:
    """Arrays with room for any of these plans. ``plans`` is ``[k, months, parameters]``."""
    kids = _kids(plans, warm_up, len(extra) + len(opening))
    posts = int(np.ceil(plans[..., PARAMETERS["posts"]].max()))
    teams = int(plans[..., PARAMETERS["teams"]].max())
    places = C.HELD_MOST * posts
    return C.State(
        kid=_in_lines(kids, C.KID),
        stems=np.zeros(C.DOMAINS, np.uint64),
        keys=np.zeros(kids, np.uint64),
        staff=_in_lines(posts, C.STAFF),
        staff_keys=np.zeros(posts, np.uint64),
        held=np.zeros(posts, np.int64),
        hours=np.zeros(places),
        what=np.zeros(places, np.int64),
        pulls=np.zeros(C.HELD_MOST),
        late=np.zeros(posts + 1, np.int64),
        done=np.zeros(places + 1, np.int64),
        weights=np.zeros(posts + len(opening) + (C.KNOWN + 1) * C.SLICES),
        queue=np.zeros((teams, 3)),
        heap=np.zeros(4 * kids + 1000, np.int64),
        visits=np.zeros((len(over.days), 2), np.int64),
        coming=np.zeros(2 * kids + 1000, np.int64),
        book=np.zeros((len(over.work_day) + AHEAD, 4)),
        num=np.zeros(C.NUM),
        par=np.zeros(plans.shape[-1]),
        pull=np.zeros(2 * (len(over.work_day) + C.PULLS + 1) << C.CLASS_BITS),
        cal=over.days,
        work_day=over.work_day,
        out=np.zeros((over.months, len(SERIES) + 2)),
        tally=np.zeros(len(SERIES) + 2),
        hist=np.zeros((over.months, 3, BINS)),
        bars=np.zeros((3, BINS)),
        log=np.zeros((log, 5)),
        extra=extra,
        opening=opening,
    )


def fits_again(
    kept: C.State, plans: Matrix, over: Span, warm_up: int, opening: NDArray[np.float64]
) -> bool:
    """Whether the arrays of a run before, with no log and nobody extra, have room for these plans too."""
    posts = int(np.ceil(plans[..., PARAMETERS["posts"]].max()))
    teams = int(plans[..., PARAMETERS["teams"]].max())
    return (
        kept.cal is over.days
        and (len(kept.staff), len(kept.queue)) == (posts, teams)
        and kept.opening.shape == opening.shape
        and len(kept.log) == len(kept.extra) == 0
        and len(kept.kid) >= _kids(plans, warm_up, len(opening))
    )


def _in_lines(rows: int, columns: int) -> NDArray[np.float64]:
    """Rows that begin where a line of the processor's cache does."""
    room = np.zeros(rows * columns + LINE)
    first = -(room.ctypes.data // 8) % LINE
    return room[first : first + rows * columns].reshape(rows, columns)


def _kids(plans: Matrix, warm_up: int, extra: int) -> int:
    """More children than any replication has: twelve standard deviations over what is expected."""
    monthly = plans[..., PARAMETERS["contacts_a_month"]] * plans[..., PARAMETERS["shock_contacts"]]
    expected = float((monthly.sum(-1) + warm_up * monthly[..., 0]).max())
    siblings = float(plans[..., PARAMETERS["siblings_mean"]].max())
    of_new = 12 * C.GOES_ON / C.YEAR / (1 - C.AGAIN_MOST)
    days = plans[..., 0, PARAMETERS["cin_days"]] + plans[..., 0, PARAMETERS["cp_days"]]
    known = of_new * float((monthly[..., 0] * (days + C.BACK_LONGEST + C.RETURN_LONGEST)).max())
    return int(expected * 1.05 + 12 * math.sqrt(2 * siblings * expected + 1) + known + extra + 50)


def log_room(plans: Matrix, warm_up: int) -> int:
    """Lines of log that one replication can need; grown when it is not enough."""
    return 40 * _kids(plans, warm_up, 0) + 10_000


def day_number(first: date) -> int:
    """Days from 1 January 1970."""
    return (first - EPOCH).days
