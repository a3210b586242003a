"""Run the twin: replications of a scenario, many scenarios, or one replication with its log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upturn.rulebooks.located import RulebookError
from upturn.twin.log import Log, log_of
from upturn.twin.opening import Opening, laid_out
from upturn.twin.parameters import PARAMETERS, parameters
from upturn.twin.room import log_room, room, span
from upturn.twin.scenario import Matrix
from upturn.twin.series import BINS, HISTOGRAMS, SERIES
from upturn.twin.tasks import Task, run_kernel, spread

#: The first month that is counted, unless another is asked for.
START = date(2026, 4, 1)
#: Months run before the first that is counted: what the start cannot reckon has settled by then.
WARM_UP = 12
#: Replications that one worker runs before it reports.
CHUNK = 8


@dataclass(frozen=True)
class Runs:
    """What came out of some replications of one scenario.

    ``monthly`` is float32 ``[reps, months, len(SERIES)]``, from month ``start`` on. ``histograms`` is int64
    ``[months, 3, 100]``, all replications together: see `HISTOGRAMS`. ``digest`` is a hash of all that
    went in. ``complete`` is False when the run was stopped before all replications were done.
    """

    start: date
    monthly: NDArray[np.float32]
    histograms: NDArray[np.int64]
    digest: str
    seed: int
    complete: bool = True


@dataclass(frozen=True)
class Batch:
    """What came out of many scenarios: ``monthly[scenario, replication, month, series]``, float32.

    ``histograms`` is ``[scenario, 3, 100]``, all months and replications of a scenario together.
    """

    start: date
    monthly: NDArray[np.float32]
    histograms: NDArray[np.int64]
    seed: int


def simulate(
    P: Matrix,
    *,
    seed: int = 1,
    reps: int = 100,
    warm_up: int = WARM_UP,
    start: date = START,
    opening: Opening | None = None,
    first_rep: int = 0,
    executor: Executor | None = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    stop: Callable[[], bool] | None = None,
    compile: bool | None = None,
) -> Runs:
    """Replications ``first_rep`` to ``first_rep + reps`` of a scenario ``P[month, parameter]``.

    ``warm_up`` months run first with ``P[0]`` and are dropped; with an ``opening`` the service then goes on
    from that open work instead of its own. ``executor`` is any `concurrent.futures.Executor`; without
    one, ``threads`` threads (as many as there are processors).
    What comes out depends on neither. ``progress`` is called with how many replications are done;
    when ``stop`` says True the replications done so far are the answer.

    Raises RulebookError for a scenario that cannot be run, or open work that is not of the warm-up's last day
    or a day of it before.

    >>> from upturn.twin.parameters import department
    >>> from upturn.twin.scenario import plan
    >>> runs = simulate(plan(department(posts=3, contacts_a_month=10), months=1), reps=1, warm_up=0,
    ...     compile=False)
    >>> runs.monthly.shape == (1, 1, len(SERIES))
    True
    """
    plans = _checked(P)[None]
    days = span(start, warm_up, plans.shape[1])  # before anything is started
    laid = laid_out(opening, days.first, start)
    numbers = np.arange(first_rep, first_rep + reps)
    tasks = [
        Task(plans, numbers[n : n + CHUNK], seed, start, warm_up, True, compile, 0, opening)
        for n in range(0, reps, CHUNK)
    ]
    answers = list(spread(tasks, executor, threads, progress, stop))
    done = [answer for answer in answers if answer is not None]
    shape = (plans.shape[1], len(HISTOGRAMS), BINS)
    monthly = [a[0] for a in done] or [np.zeros((0, plans.shape[1], len(SERIES)), np.float32)]
    histograms = sum((a[1][0] for a in done), np.zeros(shape, np.int64))
    from_today = (laid.tobytes(),) if len(laid) else ()
    digest = _digest(plans, seed, reps, warm_up, start, first_rep, *from_today)
    return Runs(start, np.concatenate(monthly), histograms, digest, seed, len(done) == len(answers))


def simulate_many(
    Ps: Sequence[Matrix] | NDArray[np.float64],
    *,
    seed: int = 1,
    reps: int = 1,
    warm_up: int = WARM_UP,
    start: date = START,
    opening: Opening | None = None,
    first_rep: int = 0,
    common: bool = True,
    hist_from: int = 0,
    executor: Executor | None = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    stop: Callable[[], bool] | None = None,
    compile: bool | None = None,
) -> Batch:
    """Many scenarios ``[k, months, parameters]``, ``reps`` replications of each, for fits and searches.

    With ``common`` the replications of all scenarios have the same random streams, so that their
    differences are the scenarios'; without, each has its own, as independent draws need. Otherwise as
    `simulate`; ``progress`` counts scenarios x replications. When stopped, what was not run is NaN. The
    first ``hist_from`` months are left out of the histograms.
    """
    plans = np.stack([_checked(P) for P in Ps])
    k, months = plans.shape[:2]
    laid_out(opening, span(start, warm_up, months).first, start)  # before anything is started
    per = max(1, CHUNK // reps)
    tasks = []
    for n in range(0, k, per):
        part = np.repeat(plans[n : n + per], reps, axis=0)
        which = np.tile(np.arange(first_rep, first_rep + reps), len(part) // reps)
        own = np.repeat(np.arange(n, n + len(part) // reps), reps) * reps
        numbers = which if common else which + own
        tasks.append(Task(part, numbers, seed, start, warm_up, False, compile, hist_from, opening))
    monthly = np.full((k * reps, months, len(SERIES)), np.nan, np.float32)
    histograms = np.zeros((k * reps, len(HISTOGRAMS), BINS), np.int64)
    at = 0
    for task, answer in zip(tasks, spread(tasks, executor, threads, progress, stop), strict=True):
        if answer is not None:
            monthly[at : at + len(task.reps)] = answer[0]
            histograms[at : at + len(task.reps)] = answer[1][:, 0]
        at += len(task.reps)
    shaped = monthly.reshape(k, reps, months, -1)
    return Batch(start, shaped, histograms.reshape(k, reps, 3, BINS).sum(1), seed)


def replay(
    P: Matrix,
    *,
    seed: int = 1,
    rep: int = 0,
    warm_up: int = WARM_UP,
    start: date = START,
    opening: Opening | None = None,
    extra: Iterable[date] = (),
    compile: bool | None = None,
) -> Log:
    """One replication with everything that happened in it, the warm-up too.

    ``extra`` are days on which one child more comes to the front door. Every other child keeps her own
    random stream.
    """
    plans = _checked(P)[None]
    days = span(start, warm_up, plans.shape[1])
    more = np.array(sorted((day - days.first).days for day in extra), np.int64)
    laid = laid_out(opening, days.first, start)
    size = log_room(plans, warm_up) + 8 * len(laid)
    while True:
        arrays = room(plans, days, warm_up, size, more, laid)
        monthly = np.zeros((1, plans.shape[1], len(SERIES)), np.float32)
        histograms = np.zeros((1, plans.shape[1], len(HISTOGRAMS), BINS), np.int64)
        run_kernel(compile, arrays, plans, np.array([rep]), warm_up, seed, monthly, histograms)
        made = log_of(arrays, days, start, monthly[0])
        if made is not None:
            return made
        size *= 2


def _checked(P: Any) -> Matrix:
    matrix = np.ascontiguousarray(P, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[1] != len(PARAMETERS) or not len(matrix):
        wanted = f"[months, {len(PARAMETERS)}]"
        raise RulebookError([f"a scenario is an array {wanted}; this one is {matrix.shape}"])
    bounds = _bounds()
    wrong = ~((matrix >= bounds[:, 0]) & (matrix <= bounds[:, 1]))
    if wrong.any():
        month, place = np.argwhere(wrong)[0]
        name, value = list(PARAMETERS)[place], matrix[month, place]
        raise RulebookError([f"{name}: {value:g} in month {month} is out of bounds"])
    return matrix


@cache
def _bounds() -> Matrix:
    """The least and the most of each parameter."""
    return np.array([p.bounds for p in parameters().values()])


def _digest(plans: Matrix, *rest: object) -> str:
    hashed = hashlib.sha256(plans.tobytes())
    hashed.update(repr(rest).encode())
    return hashed.hexdigest()[:16]
