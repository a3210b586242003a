"""Patterns of who holds the work: it changes hands, it is shared unevenly, it stays with people who left.

Planted only when named, as the other patterns are. Those of the tables change the worker an open case
names; that of the history leaves the last worker as it is and puts others before.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from upturn.synthetic.days import date_of
from upturn.synthetic.draw import Rng
from upturn.synthetic.faults.planter import Planter
from upturn.synthetic.staff import Staff

Tables = dict[str, pl.DataFrame]
OFTEN, UNEVEN, LEFT = "workers-change-often", "caseloads-uneven", "left-with-leavers"
NOBODY = "nobody-between-workers"
#: Days for which nobody has a child between two workers, where work falls between them.
NOBODY_DAYS = (15, 45)
#: Days before the extract in which a worker whose work stays behind has left; and how long before leaving
#: they had it at the least.
LEFT_WITHIN, HELD_BEFORE = (250, 15), 40
#: Workers a child has in turn where workers change often, and the days they share.
TURNS, OVER_DAYS = 5, 330
_ENDS = {
    "cin_periods": "ended",
    "cp_plans": "ended",
    "care_periods": "ended",
    "assessments": "authorised",
}


def on_tables(p: Planter, tables: Tables) -> Tables:
    """The tables of truth with the wanted patterns in the workers they name."""
    if p.wants(UNEVEN):
        tables = tables | _renamed(tables, _unevenly(p, tables))
    if p.wants(LEFT):
        tables = tables | _renamed(tables, _left_behind(p, tables))
    return tables


def _open(tables: Tables) -> pl.DataFrame:
    return tables["cin_periods"].filter(pl.col("ended").is_null() & pl.col("worker").is_not_null())


def _renamed(tables: Tables, new: pl.DataFrame) -> Tables:
    """The open rows of these children with the worker of ``new`` (``child_id, new``)."""
    changed = {}
    for name, end in _ENDS.items():
        rows = tables[name].join(new, on="child_id", how="left", maintain_order="left")
        taken = pl.col(end).is_null() & pl.col("worker").is_not_null()
        changed[name] = rows.with_columns(
            worker=pl.when(taken).then(pl.coalesce("new", "worker")).otherwise("worker")
        ).drop("new")
    return changed


def _tell(p: Planter, fault: str, new: pl.DataFrame) -> pl.DataFrame:
    p.record(
        fault, new["child_id"], source_list="List 6", expected=None, detail=fault.replace("-", " ")
    )
    return new.select("child_id", "new").unique("child_id", keep="first", maintain_order=True)


def _unevenly(p: Planter, tables: Tables) -> pl.DataFrame:
    """In every team, most of the open work of one half of the workers goes to the other half."""
    rows, rng = _open(tables).sort("team", "child_id"), p.rng(UNEVEN)
    teams = rows.group_by("team", maintain_order=True).agg(pl.col("worker").unique().sort())
    heirs, givers = {}, set()
    for team, workers in teams.rows():
        heirs[team] = workers[: max(1, len(workers) // 2)]
        givers |= {(team, w) for w in workers[max(1, len(workers) // 2) :]}
    give = pl.Series([pair in givers for pair in rows.select("team", "worker").rows()])
    moved = rows.filter(give & pl.Series(rng.random(rows.height) < 0.7))
    to = [heirs[t][int(rng.integers(len(heirs[t])))] for t in moved["team"]]
    return _tell(p, UNEVEN, moved.with_columns(new=pl.Series(to, dtype=pl.String)))


def _left_behind(p: Planter, tables: Tables) -> pl.DataFrame:
    """Open children named against a worker who had them and has left."""
    first, last = (date_of(p.as_at - days) for days in LEFT_WITHIN)
    gone = tables["workers"].filter(pl.col("left_on").is_between(first, last))
    gone = gone.select("team", new="worker", left="left_on", since="started_on")
    had = timedelta(days=HELD_BEFORE)
    pairs = _open(tables).join(gone, on="team").filter(
        (pl.col("started") < pl.col("left") - had) & (pl.col("since") < pl.col("left") - had)
    )  # fmt: skip
    one = pairs.sort("child_id", "left", "new").unique("child_id", keep="last", maintain_order=True)
    ids = one["child_id"]
    n = max(min(8, one.height), round(0.25 * one.height))
    chosen = ids.gather(np.sort(p.rng(LEFT).permutation(one.height)[:n]).tolist())
    return _tell(p, LEFT, one.filter(pl.col("child_id").is_in(chosen.to_list())))


def on_history(p: Planter, history: pl.DataFrame, staff: Staff, *, as_at: int) -> pl.DataFrame:
    """The history with the wanted patterns in it: many workers in turn, or weeks with nobody."""
    if p.wants(OFTEN):
        history = _many_in_turn(p, history, staff, as_at)
    return _left_to_nobody(p, history, as_at) if p.wants(NOBODY) else history


def _left_to_nobody(p: Planter, history: pl.DataFrame, as_at: int) -> pl.DataFrame:
    """Cases that changed hands in the last year, the next worker's start put off by weeks for most."""
    rows, rng = history.sort("child_id", "start", maintain_order=True), p.rng(NOBODY)
    same = pl.all_horizontal(
        pl.col(c).eq_missing(pl.col(c).shift(1)) for c in ("child_id", "referral_id")
    )
    day, weeks = pl.col("start").to_physical(), timedelta(days=NOBODY_DAYS[1] + 10)
    lately = (day > as_at - 350) & (day < as_at - NOBODY_DAYS[1] - 10)
    stays = pl.col("end").is_null() | (pl.col("end") > pl.col("start") + weeks)
    hit = rows.select(same.fill_null(False) & lately & stays).to_series()
    hit = hit & pl.Series(rng.random(rows.height) < 0.6)
    by = pl.duration(days=pl.lit(pl.Series(rng.integers(*NOBODY_DAYS, rows.height))))
    p.record(
        NOBODY, rows.filter(hit)["child_id"], source_list="List 6", expected=None,
        detail="weeks with no worker at a handover",
    )  # fmt: skip
    later = pl.when(hit).then(pl.col("start") + by).otherwise("start")
    return rows.with_columns(start=later).sort("child_id", "start", maintain_order=True)


def _many_in_turn(p: Planter, history: pl.DataFrame, staff: Staff, as_at: int) -> pl.DataFrame:
    """Many workers in turn before the last one, for the children picked."""
    rng, today = p.rng(OFTEN), date_of(as_at)
    still = pl.col("end").is_null() & (pl.col("start") < today - timedelta(days=120))
    may = history.filter(still & pl.col("team").str.contains("Safeguarding"))
    picked = may.filter(pl.Series(rng.random(may.height) < 0.6))
    p.record(
        OFTEN,
        picked["child_id"],
        source_list="List 6",
        expected=None,
        detail="many workers in turn",
    )
    key = ["child_id", "referral_id", "start"]
    rest = history.join(picked.select(key), on=key, how="anti", nulls_equal=True)
    turns = [_in_turn(rng, row, staff, as_at) for row in picked.iter_rows(named=True)]
    return pl.concat([rest, *turns]).sort("child_id", "start", maintain_order=True)


def _in_turn(rng: Rng, row: dict[str, object], staff: Staff, as_at: int) -> pl.DataFrame:
    """One spell cut into turns, the last with the worker it names."""
    start = row["start"]
    begun = max(int(np.datetime64(start, "D").astype(np.int64)), as_at - OVER_DAYS)  # type: ignore[call-overload]
    days = [date_of(d) for d in np.linspace(begun, as_at - 20, TURNS + 1).astype(int)[:-1].tolist()]
    days[0] = start  # type: ignore[call-overload]
    team = staff.workers.filter(pl.col("team") == row["team"])
    pick = team[rng.integers(team.height, size=TURNS - 1).tolist()]
    last = {c: row[c] for c in ("worker", "worker_id")}
    who = [*pick.select("worker", "worker_id").rows(named=True), last]
    return pl.DataFrame(
        [
            {**row, **w, "start": a, "end": b, "reason": row["reason"] if n == 0 else "MANAGE"}
            for n, (w, a, b) in enumerate(zip(who, days, [*days[1:], None], strict=True))
        ],
        schema={"child_id": pl.String, "referral_id": pl.String, "worker": pl.String, "worker_id": pl.String,
                "team": pl.String, "start": pl.Date, "end": pl.Date, "reason": pl.String},
    )  # fmt: skip
