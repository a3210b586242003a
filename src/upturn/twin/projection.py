"""What a service is likely to become, as it is and under each scenario, by the same chance in all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice

import numpy as np
import polars as pl

from upturn.rulebooks.calendar import add_months
from upturn.twin.fitted import Fitted
from upturn.twin.opening import Opening, laid_out
from upturn.twin.parameters import Department
from upturn.twin.remarks import Remark, refuse_impossible, remarks
from upturn.twin.room import span as calendar
from upturn.twin.run_features import WARM_UP, simulate_plans
from upturn.twin.scenario import Scenario, plan
from upturn.twin.series import OUTCOMES, pooled
from upturn.twin.spans import Floats

#: Replications of one piece of work: some tens of milliseconds, so that progress and interruption are prompt.
PIECE = 10
#: Pieces handed out at once: enough for every worker of a small cluster.
AT_ONCE = 64
#: The first scenario of every projection: nothing changes.
NOTHING = "doing nothing"
#: What is shown in pictures first, the rest in tables.
SHOWN = ("assessment-lateness", "open-assessments", "caseload", "child-days-overdue", "cost")

FANS: dict[str, pl.DataType] = {
    "scenario": pl.String(),
    "outcome": pl.String(),
    "month": pl.Date(),
    **{name: pl.Float64() for name in ("p05", "p25", "p50", "p75", "p95", "mean")},
    "told": pl.Int64(),  # replications that had something to be a share of
}
DIFFERENCES: dict[str, pl.DataType] = {
    "scenario": pl.String(),
    "outcome": pl.String(),
    "year": pl.Int64(),  # 1 is the first; 0 is the whole
    "nothing": pl.Float64(),  # mean over replications when nothing is done
    "value": pl.Float64(),
    "difference": pl.Float64(),
    "error": pl.Float64(),  # Monte Carlo standard error of the difference
    "p05": pl.Float64(),
    "p95": pl.Float64(),
    "better": pl.Float64(),  # share of replications in which the scenario is the better; null: no better way
}

Say = Callable[[int, int], None]


@dataclass(frozen=True)
class Projection:
    """Simulated futures of one service.

    ``fans`` and ``differences`` have the schemas above; a difference is between replications of the same
    number, which share their chance. ``done`` of ``asked`` replications were run; fewer when somebody stopped
    it. ``fitted`` is the fit it rests on, or None when a department was given. ``opening`` is the open work
    that it starts from, None when it starts from the service's usual state. ``remarks`` say which changes do
    less than they say.
    """

    department: Department
    fitted: Fitted | None
    scenarios: tuple[Scenario, ...]
    start: date
    months: int
    asked: int
    done: int
    seed: int
    fans: pl.DataFrame
    differences: pl.DataFrame
    sha256: str
    opening: Opening | None = None
    remarks: tuple[Remark, ...] = ()

    @property
    def interrupted(self) -> bool:
        """Whether it was stopped before all replications were run."""
        return self.done < self.asked


def project(
    service: Department | Fitted,
    *,
    scenarios: Sequence[Scenario] = (),
    start: date,
    months: int = 36,
    reps: int = 500,
    seed: int = 1,
    opening: Opening | None = None,
    executor: Executor | None = None,
    progress: Say | None = None,
) -> Projection | None:
    """Simulate a service for so many ``months`` from ``start``, doing nothing and under each scenario.

    Of a fit, each replication takes the next of its draws, so that the bands hold what is not known of the
    service as well as chance; a department has its values as they are. With an ``opening`` every replication
    starts from that open work, otherwise from the service's usual state. ``executor`` may be any of
    `concurrent.futures`; the result does not depend on it. An interruption from the keyboard ends the work:
    what every scenario has by then is given, None when that is nothing. ``progress`` is told replications of
    scenarios done and to do.

    Raises RulebookError for a scenario that cannot be, or open work of a day after ``start``.
    """
    laid_out(opening, calendar(start, WARM_UP, months).first, start)
    every = (Scenario(NOTHING, (), "nothing changes"), *scenarios)
    services = services_of(service)
    refuse_impossible(scenarios)
    for one in every:  # a scenario that cannot be is known before anything is run
        plan(services[0], months=months, changes=one.changes)
    work = partial(simulate_plans, start=start, opening=opening)
    monthly = _run(services, every, work, months, reps, seed, executor, progress)
    done = min(len(m) for m in monthly)
    if done == 0:
        return None
    whole = [m[:done] for m in monthly]
    fitted = service if isinstance(service, Fitted) else None
    dates = [add_months(start, n) for n in range(months)]
    return Projection(
        department=service.department if isinstance(service, Fitted) else service,
        fitted=fitted,
        scenarios=every,
        start=start,
        months=months,
        asked=reps,
        done=done,
        seed=seed,
        fans=_fans(every, whole, dates),
        differences=_differences(every, whole),
        sha256=_hash(services, every, start, months, seed, opening),
        opening=opening,
        remarks=remarks(services, scenarios, months=months),
    )


def services_of(service: Department | Fitted) -> list[Department]:
    """The service of each replication in turn: a department as it is, a fit by its draws."""
    if isinstance(service, Department):
        return [service]
    like = service.department
    return [
        Department(tuple(map(float, row)), like.tags, like.sources) for row in service.draws[:, -1]
    ]


def _run(
    services: Sequence[Department],
    every: Sequence[Scenario],
    work: Callable[[Floats, int, int], Floats],
    months: int,
    reps: int,
    seed: int,
    executor: Executor | None,
    progress: Say | None,
) -> list[Floats]:
    """The monthly series of each scenario, (replications, months, series): the same numbers of each."""
    own = ThreadPoolExecutor() if executor is None else None
    pool = executor or own
    assert pool is not None
    # All scenarios of a piece, then the next piece; few at once, so that what waits takes little memory.
    todo = ((nth, first) for first in range(0, reps, PIECE) for nth in range(len(every)))
    jobs: dict[Future[Floats], tuple[int, int]] = {}
    found: dict[tuple[int, int], Floats] = {}
    done = 0
    try:
        while True:
            for nth, first in islice(todo, AT_ONCE - len(jobs)):
                size = min(PIECE, reps - first)
                chosen = [services[(first + k) % len(services)] for k in range(size)]
                plans = [plan(s, months=months, changes=every[nth].changes) for s in chosen]
                job = pool.submit(work, np.stack(plans), seed, first)
                jobs[job] = (nth, first)
            if not jobs:
                break
            for job in wait(jobs, return_when=FIRST_COMPLETED).done:
                key = jobs.pop(job)
                found[key] = job.result().astype(np.float32)
                done += len(found[key])
                if progress is not None:
                    progress(done, reps * len(every))
    except KeyboardInterrupt:
        for job in jobs:
            job.cancel()
    finally:
        if own is not None:
            own.shutdown(wait=True, cancel_futures=True)
    return _whole(found, len(every), reps)


def _whole(found: dict[tuple[int, int], Floats], scenarios: int, reps: int) -> list[Floats]:
    """The pieces that every scenario has, in order and without a gap."""
    firsts = []
    for first in range(0, reps, PIECE):
        if any((nth, first) not in found for nth in range(scenarios)):
            break
        firsts.append(first)
    if not firsts:
        return [np.empty((0, 0, 0))] * scenarios
    return [np.concatenate([found[nth, f] for f in firsts]) for nth in range(scenarios)]


def _fans(
    every: Sequence[Scenario], monthly: Sequence[Floats], dates: Sequence[date]
) -> pl.DataFrame:
    rows: list[tuple[object, ...]] = []
    for one, series in zip(every, monthly, strict=True):
        for name, outcome in OUTCOMES.items():
            values = np.asarray(outcome(series), dtype=float)
            for n, day in enumerate(dates):
                rows.append((one.name, name, day, *_centiles(values[:, n])))
    return pl.DataFrame(rows, schema=FANS, orient="row")


def _centiles(values: Floats) -> tuple[float | None, ...]:
    told = values[np.isfinite(values)]
    if told.size == 0:
        return (None,) * 6 + (0,)
    found = np.quantile(told, [0.05, 0.25, 0.5, 0.75, 0.95])
    return (*(float(v) for v in found), float(told.mean()), int(told.size))


def _differences(every: Sequence[Scenario], monthly: Sequence[Floats]) -> pl.DataFrame:
    """Each scenario against doing nothing, by year and over the whole, replication by replication."""
    rows: list[tuple[object, ...]] = []
    months = monthly[0].shape[1]
    spans = [(0, slice(0, months))]
    spans += [(y + 1, slice(12 * y, 12 * (y + 1))) for y in range(months // 12)]
    for one, series in zip(every[1:], monthly[1:], strict=True):
        for name, outcome in OUTCOMES.items():
            for year, span in spans:
                before = np.asarray(pooled(monthly[0][:, span], name), dtype=float)
                after = np.asarray(pooled(series[:, span], name), dtype=float)
                rows.append((one.name, name, year, *_apart(before, after, outcome.good)))
    return pl.DataFrame(rows, schema=DIFFERENCES, orient="row")


def _apart(before: Floats, after: Floats, good: str) -> tuple[float | None, ...]:
    told = np.isfinite(before) & np.isfinite(after)
    if not told.any():
        return (None,) * 7
    apart = after[told] - before[told]
    low, high = np.quantile(apart, [0.05, 0.95])
    better = {"low": float((apart < 0).mean()), "high": float((apart > 0).mean())}.get(good)
    error = float(apart.std(ddof=1) / np.sqrt(apart.size)) if apart.size > 1 else None
    means = (float(before[told].mean()), float(after[told].mean()), float(apart.mean()))
    return (*means, error, float(low), float(high), better)


def _hash(
    services: Sequence[Department],
    every: Sequence[Scenario],
    start: date,
    months: int,
    seed: int,
    opening: Opening | None,
) -> str:
    """The hash of everything that decides the result but the number of replications."""
    text = repr(([s.values for s in services], [s.changes for s in every], start, months, seed))
    hashed = hashlib.sha256(text.encode())
    if opening is not None:
        hashed.update(laid_out(opening, opening.day, start).tobytes())
    return hashed.hexdigest()
