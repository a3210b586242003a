"""Replications as tasks: what a worker on whatever machine runs, and how the tasks are handed out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date
from threading import local
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upturn.rulebooks.located import RulebookError
from upturn.twin import columns as C
from upturn.twin.accelerate import kernel_function
from upturn.twin.opening import Opening, laid_out
from upturn.twin.room import Span, fits_again, room, span
from upturn.twin.scenario import Matrix
from upturn.twin.series import BINS, HISTOGRAMS, SERIES

#: The arrays of each thread's task before: a replication needs fresh ones no more than a task does.
_KEPT = local()
_FAULTS = {
    1: "more is to happen than there is room for",
    2: "a worker holds more work than there is room for: the service has long collapsed",
    3: "more children came than there is room for",
}


@dataclass(frozen=True)
class Task:
    """Replications that a worker, on whatever machine, has to run.

    ``plans`` are a scenario's months, or one for each of ``reps``. With ``by_month`` histograms are kept
    month by month for all replications together, otherwise for each replication over all months from
    ``hist_from`` on.
    """

    plans: Matrix
    reps: NDArray[np.int64]
    seed: int
    start: date
    warm_up: int
    by_month: bool
    compile: bool | None
    hist_from: int = 0  # months left out of histograms of all months together
    opening: Opening | None = None


Answer = tuple[NDArray[np.float32], NDArray[np.int64]]


def spread(
    tasks: Sequence[Task],
    executor: Executor | None,
    threads: int | None,
    progress: Callable[[int], None] | None,
    stop: Callable[[], bool] | None,
) -> list[Answer | None]:
    """Each task's answer in order, whoever ran it; None for those that were not run.

    Without an ``executor``, ``threads`` threads run them (as many as there are processors). ``progress`` is
    called with how many replications are done; when ``stop`` says True, no more are begun. Raises
    RulebookError for a scenario that cannot be run.
    """
    if executor is not None:
        return _collect(tasks, executor, progress, stop)
    with ThreadPoolExecutor(threads) as pool:
        return _collect(tasks, pool, progress, stop)


def _collect(
    tasks: Sequence[Task],
    executor: Executor,
    progress: Callable[[int], None] | None,
    stop: Callable[[], bool] | None,
) -> list[Answer | None]:
    answers: list[Answer | None] = [None] * len(tasks)
    running: dict[Future[Answer], int] = {
        executor.submit(_run, task): n for n, task in enumerate(tasks)
    }
    finished = 0
    try:
        while running and not (stop is not None and stop()):
            done, _ = wait(running, timeout=0.2, return_when="FIRST_COMPLETED")
            for future in done:
                place = running.pop(future)
                answers[place] = future.result()
                finished += len(tasks[place].reps)
                if progress is not None:
                    progress(finished)
    finally:
        for future in running:
            future.cancel()
    return answers


def _run(task: Task) -> Answer:
    """One task, here."""
    days = span(task.start, task.warm_up, task.plans.shape[1])
    laid = laid_out(task.opening, days.first, task.start)
    arrays = _arrays(task, days, laid)
    monthly = np.zeros((len(task.reps), task.plans.shape[1], len(SERIES)), np.float32)
    rows = 1 if task.by_month else len(task.reps)
    apart = task.by_month or task.hist_from > 0
    histograms = np.zeros(
        (rows, task.plans.shape[1] if apart else 1, len(HISTOGRAMS), BINS), np.int64
    )
    run_kernel(
        task.compile, arrays, task.plans, task.reps, task.warm_up, task.seed, monthly, histograms
    )
    if task.hist_from:
        histograms = histograms[:, task.hist_from :].sum(axis=1, keepdims=True)
    return monthly, histograms


def _arrays(task: Task, days: Span, laid: NDArray[np.float64]) -> C.State:
    """Room for a task: that of the task which this thread ran before, when it is enough."""
    kept: C.State | None = getattr(_KEPT, "state", None)
    if kept is None or not fits_again(kept, task.plans, days, task.warm_up, laid):
        none = np.zeros(0, np.int64)
        kept = _KEPT.state = room(task.plans, days, task.warm_up, 0, none, laid)
    return kept._replace(opening=laid)


def run_kernel(
    compile: bool | None,
    arrays: Any,
    plans: Matrix,
    reps: NDArray[np.int64],
    warm_up: int,
    seed: int,
    monthly: NDArray[np.float32],
    histograms: NDArray[np.int64],
) -> None:
    """Run ``reps`` of ``plans`` in ``arrays``, into ``monthly`` and ``histograms``.

    Raises RulebookError for a scenario that does not fit the room there is.
    """
    with np.errstate(over="ignore"):  # whole numbers of 64 bits are meant to run over
        fault = kernel_function(compile)(arrays, plans, reps, warm_up, seed, monthly, histograms)
    if fault:
        raise RulebookError([f"this scenario cannot be run: {_FAULTS[fault]}"])
