"""Tests about who holds the children: changes of worker, uneven caseloads, leavers' work, nobody's work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from upturn.findings.cases import as_cases, empty_cases, said_day, together
from upturn.findings.model import Cases, Comparator, Ruling
from upturn.findings.oversight_cases import named_work
from upturn.findings.shared import asked
from upturn.journeys.result import Check
from upturn.workload.allocations import held_on
from upturn.workload.workforce import Workforce

NO_FILE = "no workforce file was given (--workforce)"
NO_HISTORY = "the extract names only the worker of now"
#: Deals of the work by chance that an uneven caseload is held against.
DEALS = 999
#: A team of fewer workers is not called uneven: two people share as their hours and cases allow.
FEWEST_WORKERS = 3
#: A caseload is far above the others of its team at half as many again.
FAR = 1.5
#: How unlikely the spread must be by chance, and how many times as many children must be affected.
UNLIKELY, TIMES = 0.01, 2.0
_NONE = pl.lit(None, dtype=pl.Date)


def worker_changes(check: Check, test: Mapping[str, Any]) -> Cases:
    """Children with an open case, and those who had ``workers`` or more different workers in twelve months.

    With ``within: team`` only changes inside one team count: a handover from assessment to a longer-term team
    is how services are built. Children of the same worker now come together: they changed hands together.
    """
    ground = asked(check).ground
    if ground.history.is_empty():
        return Cases(empty_cases(), missing=NO_HISTORY)
    now = ground.changes.select("child_id")
    rows = ground.spells.filter(pl.col("end").is_null() | (pl.col("end") > ground.since))
    rows = rows.join(now, on="child_id", how="semi").sort("child_id", "start", maintain_order=True)
    team = pl.col("team") if test.get("within") == "team" else pl.lit("all")
    each = rows.group_by("child_id", team.alias("_t"), maintain_order=True).agg(
        pl.col("team").last(), pl.col("worker").last(), workers=pl.col("worker").n_unique()
    )
    most = each.sort("workers", maintain_order=True).unique(
        "child_id", keep="last", maintain_order=True
    )
    last = rows.group_by("child_id", maintain_order=True).agg(_now=pl.col("worker").last())
    most = most.join(last, on="child_id", how="left", maintain_order="left").sort("child_id")
    return Cases(
        as_cases(
            most.with_columns(source_rows=pl.lit(None, dtype=pl.String)),
            hit=pl.col("workers") >= test["workers"],
            day=_NONE,
            reason=pl.format("{} different workers in twelve months", "workers"),
            cluster=together(pl.col("_now")),
        )
    )


def caseloads_uneven(
    check: Check, test: Mapping[str, Any], *, workforce: Workforce | None = None
) -> Cases:
    """Children whose worker holds half as many again as the average of the team, against deals by chance.

    The families of each team are dealt to its workers at random 999 times with one seed, by hours where a
    workforce file has them. It is uneven when fewer than one deal in a hundred is as far from even
    (chi-square), and twice as many children or more have such a worker as in the average deal.
    """
    work = _with_hours(check, workforce)
    workers = pl.col("worker").n_unique().over("team")
    work = work.filter(workers >= FEWEST_WORKERS).sort("team", "worker", "child_id")
    if work.is_empty():
        return Cases(empty_cases(), missing="no team has three named workers")
    load = pl.col("child_id").len().over("team", "worker") / pl.col("hours")
    first = pl.col("worker").is_first_distinct().over("team")
    hours = pl.when(first).then("hours").otherwise(0.0).sum().over("team")
    whole = pl.len().over("team") / hours
    work = work.with_columns(load=load, held=pl.len().over("team", "worker"), usual=whole)
    work = work.with_columns(hit=pl.col("load") > FAR * pl.col("usual"))
    cases = as_cases(
        work, hit=pl.col("hit"), day=_NONE,
        reason=pl.format("One of {} children of one worker, where the team's average is {}", "held",
                         pl.col("usual").round(1)),
        cluster=together(pl.col("team"), pl.col("worker")),
    )  # fmt: skip
    return Cases(cases, facts=_facts(work), ruling=_ruling(work))


def _with_hours(check: Check, workforce: Workforce | None) -> pl.DataFrame:
    """Open children with their worker, the family they come in, and the worker's share of full time."""
    work = named_work(check).drop_nulls("team")
    people = asked(check).staffed(workforce).workers.select("worker", "capacity")
    known = work.join(people, on="worker", how="left", maintain_order="left")
    hours = pl.when(pl.col("capacity") > 0).then("capacity").fill_null(1.0)
    return known.with_columns(hours=hours)


def _ruling(work: pl.DataFrame) -> Ruling:
    """The verdict against deals by chance: is the spread wider, and are more children affected?"""
    rng, real = np.random.default_rng(20260930), int(work["hit"].sum())
    far, spread = np.zeros(DEALS), np.zeros(DEALS)
    mine = 0.0
    for _, team in work.group_by("team", maintain_order=True):
        held, hours = _dealt(team, rng)
        even = team.height / hours.sum()
        far += (held * (held / hours > FAR * even)).sum(axis=1)
        spread += _uneven(held, hours, even)
        mine += float(_uneven(_as_it_is(team)[None, :], hours, even)[0])
    of, usual = work.height, float(far.mean())
    p = (1 + float((spread >= mine - 1e-9).sum())) / (DEALS + 1)
    comparator = Comparator(
        usual / of,
        f"{100 * usual / of:.0f} % would be expected if families fell to the workers of a team by chance",
        "derived",
        "The council's own teams, their families dealt to their workers at random",
    )
    strong = p <= 2 / (DEALS + 1) and real >= 1.5 * TIMES * usual
    return Ruling(p < UNLIKELY and real >= TIMES * usual, comparator, 1.0, strong=strong)


def _dealt(team: pl.DataFrame, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """How many children each worker of one team has in each deal (deals by workers), and their hours."""
    sizes = team.group_by("family", maintain_order=True).len()["len"].to_numpy()
    hours = team.unique("worker", maintain_order=True)["hours"].to_numpy()
    to = rng.choice(len(hours), size=(DEALS, len(sizes)), p=hours / hours.sum())
    place = to + len(hours) * np.arange(DEALS)[:, None]
    held = np.bincount(
        place.ravel(), weights=np.tile(sizes, DEALS), minlength=DEALS * len(hours)
    ).reshape(DEALS, -1)
    return held, hours


def _as_it_is(team: pl.DataFrame) -> np.ndarray:
    """How many children each worker of one team has, in the order of `_dealt`."""
    counts = team.group_by("worker", maintain_order=True).len()["len"]
    return counts.to_numpy().astype(float)


def _uneven(held: np.ndarray, hours: np.ndarray, even: float) -> np.ndarray:
    """How far caseloads are from even, for each row of ``held`` (Pearson's chi-square)."""
    return np.asarray(((held - even * hours) ** 2 / (even * hours)).sum(axis=1))


def _facts(work: pl.DataFrame) -> tuple[str, ...]:
    """The spread of each team: never a name."""
    loads = work.group_by("team", "worker").len("n")
    teams = loads.group_by("team").agg(
        workers=pl.len(), low=pl.col("n").min(), mid=pl.col("n").median(), high=pl.col("n").max()
    )
    return tuple(
        f"{team}: {low} to {high} children a worker, middle {mid:g}, over {workers} workers"
        for team, workers, low, mid, high in teams.sort("team").iter_rows()
    )


def left_with_leavers(
    check: Check, test: Mapping[str, Any], *, workforce: Workforce | None = None
) -> Cases:
    """Children held at the extract by somebody the workforce file knows, and those whose worker has left."""
    if workforce is None:
        return Cases(empty_cases(), missing=NO_FILE)
    ground = asked(check).staffed(workforce)
    known = ground.workers.filter(pl.col("left").is_not_null()).select("worker", "left")
    gone = workforce.spells.group_by("worker").agg(left_on=pl.col("end").max())
    rows = held_on(ground.held, check.as_at).join(known, on="worker", how="inner")
    rows = rows.join(gone, on="worker", how="left").sort(
        "left", "child_id", descending=[True, False]
    )
    if rows.is_empty():
        return Cases(empty_cases(), missing="no worker of the extract is in the workforce file")
    rows = rows.unique("child_id", keep="first", maintain_order=True)
    return Cases(
        as_cases(
            rows.with_columns(source_rows=pl.format("{} row {}", "source_list", "source_row")),
            hit=pl.col("left"),
            day=_NONE,
            reason=pl.format("Its worker left on {}", said_day("left_on")),
            cluster=pl.lit(None),
        )
    )


def held_by_nobody(check: Check, test: Mapping[str, Any]) -> Cases:
    """Children with an open case in twelve months, and those nobody held for more than ``days`` running."""
    ground = asked(check).ground
    if ground.history.is_empty():
        return Cases(empty_cases(), missing=NO_HISTORY)
    teams = ground.spells.group_by("child_id").agg(pl.col("team").drop_nulls().last())
    rows = ground.unheld.join(teams, on="child_id", how="left", maintain_order="left")
    return Cases(
        as_cases(
            rows.with_columns(source_rows=pl.lit(None, dtype=pl.String)),
            hit=pl.col("longest") > test["days"],
            day=_NONE,
            reason=pl.format("Open with no worker for {} days running", "longest"),
            cluster=pl.lit(None),
        )
    )
