"""Load that slows work, planted with a strength that is known; and its mirror, slow whatever the load.

A worker who holds more children when the work comes has, on each later day, a smaller chance of having it
done: proportional hazards after Cox (1972). The time that a case would have taken is turned into the time
whose chance of being outlasted is the first one's to the power of the hazard ratio. So the planted ratio is
exact, and a ratio of one leaves the council as it was. In the mirror each case gets the ratio of another.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import log

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upturn.synthetic import need
from upturn.synthetic.days import NEVER, Days, between, on_or_after, on_or_before, plus
from upturn.synthetic.draw import Rng, Streams
from upturn.synthetic.episodes import NO_ACTION, durations
from upturn.synthetic.faults.planter import Planter
from upturn.synthetic.front_door import REFERRAL_ID
from upturn.synthetic.history import histories
from upturn.synthetic.people import YEAR
from upturn.synthetic.staff import Staff

Floats = NDArray[np.float64]
SLOWS, WHATEVER = "load-slows-work", "slow-whatever-the-load"
#: Log hazard for each five more children at the usual strength: 0.7 times the chance on each day.
PER_FIVE = log(0.7)
#: Children held at which work takes as long as in a council without the fault.
REFERENCE = 5
#: Slower work is held longer, so loads rise, so work is slower still. Loads are worked out again until
#: nothing moves, or so many times (each time settles what came after the last).
ROUNDS = 15
#: The first holder of a case is looked for in these days after the work came.
_SOON = 20
_FAR = 10**6


def wanted(p: Planter) -> bool:
    """Whether load, or its mirror, is to slow work."""
    return p.wants(SLOWS) or p.wants(WHATEVER)


def on_rows(
    p: Planter, streams: Streams, staff: Staff, rows: pl.DataFrame, *, as_at: int
) -> pl.DataFrame:
    """The children's parts of episodes, the assessment at each referral slowed by its worker's load."""
    if not wanted(p):
        return rows
    now = rows
    for _ in range(ROUNDS):
        held = history(streams, staff, now, as_at=as_at)
        cases = rows.select("episode", REFERRAL_ID, day="started")
        moved = _assessed_later(p, rows, loads(held, cases))
        if moved.equals(now):
            break
        now = moved
    longer = (now["authorised"] > rows["authorised"]) & (now["authorised"] < NEVER)
    _tell(p, rows.filter(longer)["child_id"])
    return now


def on_updates(
    p: Planter, streams: Streams, staff: Staff, rows: pl.DataFrame, assessed: pl.DataFrame, *, as_at: int
) -> pl.DataFrame:  # fmt: skip
    """The assessments, those of open cases slowed like those at the referral."""
    if not wanted(p):
        return assessed
    held = history(streams, staff, rows, as_at=as_at)
    load = loads(held, assessed.select("episode", REFERRAL_ID, day="started"))
    load = np.where(assessed["update"].to_numpy(), load, np.nan)
    start, end = (assessed[c].to_numpy().astype(np.int64) for c in ("started", "authorised_on"))
    key = assessed["episode"].to_numpy()
    days = slower(between(start, end), ratios(p, load, key, "updates"), drawn(p, key, "updates"))
    new = np.minimum(plus(start, days), assessed["closed"].to_numpy())
    done = pl.Series(np.where(np.isnan(load) | (end >= NEVER), end, new))
    unseen = pl.col("seen") >= NEVER
    seen = pl.when(unseen).then("seen").otherwise(pl.min_horizontal("seen", done))
    return assessed.with_columns(authorised_on=done, seen=seen)


def history(streams: Streams, staff: Staff, rows: pl.DataFrame, *, as_at: int) -> pl.DataFrame:
    """Who held each case from when to when, as day numbers: ``referral_id, worker, start, end``."""
    periods = need.period_table(need.periods(streams, rows, staff, as_at=as_at), as_at=as_at)
    nobody = periods.select(
        "child_id", "team", "worker"
    ).clear()  # care leavers: a service of theirs
    held = histories(streams, staff, rows, periods, nobody, as_at=as_at)
    return as_numbers(held)


def as_numbers(allocations: pl.DataFrame) -> pl.DataFrame:
    """The table of truth ``allocations`` with day numbers; an end that has not come is `NEVER`."""
    days = (pl.col(c).to_physical().cast(pl.Int64) for c in ("start", "end"))
    found = allocations.select("referral_id", "child_id", "worker", *days)
    return found.with_columns(pl.col("end").fill_null(NEVER))


def loads(held: pl.DataFrame, cases: pl.DataFrame) -> Floats:
    """Children each case's worker held when the work came on ``day``; not a number where nobody had it.

    ``cases`` has ``episode, referral_id, day``. The case itself and what came on that day are not counted.
    Brothers and sisters have the load of the first of them.
    """
    cases = cases.select("episode", "referral_id", "day").with_row_index("case")
    near = cases.join(held, on="referral_id").filter(
        (pl.col("end") > pl.col("day")) & (pl.col("start") <= pl.col("day") + _SOON)
    )
    first = near.sort("case", "start").unique("case", keep="first", maintain_order=True)
    day = pl.max_horizontal("day", "start")
    first = first.with_columns(on=day, own=(pl.col("start") < day).cast(pl.Int64))
    count = _held_before(held, first["worker"], first["on"].to_numpy()) - first["own"].to_numpy()
    found = cases.join(first.select("case", load=pl.Series(count)), on="case", how="left")
    load = found.sort("case").select(pl.col("load").first().over("episode", "day"))
    return load.to_series().cast(pl.Float64).fill_null(np.nan).to_numpy()


def _held_before(held: pl.DataFrame, workers: pl.Series, day: Days) -> Days:
    """How many children each worker held on a day, of those who came before it."""
    names = held["worker"].unique().sort().to_list()
    code = {name: n for n, name in enumerate(names)}
    owner = held["worker"].replace_strict(code, return_dtype=pl.Int64).to_numpy()
    begun = np.sort(owner * _FAR + held["start"].to_numpy())
    gone = np.sort(owner * _FAR + np.minimum(held["end"].to_numpy(), _FAR - 1))
    asked = workers.replace_strict(code, return_dtype=pl.Int64).to_numpy()
    came = np.searchsorted(begun, asked * _FAR + day, "left") - np.searchsorted(begun, asked * _FAR)
    left = np.searchsorted(gone, asked * _FAR + day, "right") - np.searchsorted(gone, asked * _FAR)
    count: Days = came - left
    return count


def ratios(p: Planter, load: Floats, key: Days, what: str) -> Floats:
    """The hazard ratio of each case; ``key`` numbers families' episodes, which share what is drawn."""
    ratio: Floats = np.ones(len(load))
    for fault, taken in ((SLOWS, load), (WHATEVER, _dealt(p, load, key, what))):
        if p.wants(fault):
            more = np.nan_to_num(taken - REFERENCE)
            ratio = ratio * np.exp(p.spread * PER_FIVE * more / 5)
    return ratio


def _dealt(p: Planter, load: Floats, key: Days, what: str) -> Floats:
    """The same loads dealt to the cases at random, by family."""
    known = np.sort(load[~np.isnan(load)])
    if not len(known):
        return load
    pick = (_by_key(p.rng(f"{WHATEVER} {what}"), key) * len(known)).astype(np.int64)
    return np.where(np.isnan(load), np.nan, known[pick])


def drawn(p: Planter, key: Days, what: str) -> Floats:
    """Where within its day each case lies, between 0 and 1; a family's cases share it."""
    return _by_key(p.rng(f"{SLOWS} {what}"), key)


def _by_key(rng: Rng, key: Days) -> Floats:
    each: Floats = rng.random(int(key.max(initial=0)) + 1)[key]
    return each


@cache
def _usual() -> Floats:
    """The share of assessments that take more than 0, 1, 2 … working days, without any fault."""
    days = durations(Streams(0).of("usual durations"), 200_000)
    return outlasting(days)


def outlasting(days: Days) -> Floats:
    """The share of these times that are longer than 0, 1, 2 … days.

    >>> outlasting(np.array([0, 1, 1, 3])).tolist()
    [0.75, 0.25, 0.25, 0.0]
    """
    counts = np.bincount(days)
    share: Floats = 1 - np.cumsum(counts) / counts.sum()
    return np.maximum(share, 0.0)


def slower(days: Days, ratio: Floats, drawn: Floats, usual: Floats | None = None) -> Days:
    """The times whose chance of being outlasted is that of ``days`` to the power of ``ratio``.

    ``drawn``, between 0 and 1, says where within a day; ``usual`` are the shares of `outlasting`.

    >>> usual = outlasting(np.arange(10))
    >>> slower(np.array([5, 5]), np.array([1.0, 0.5]), np.array([0.5, 0.5]), usual).tolist()
    [5, 7]
    """
    s = _usual() if usual is None else usual
    at = np.clip(days, 0, len(s) - 1)
    top = np.where(at > 0, s[np.maximum(at - 1, 0)], 1.0)
    place = (s[at] + drawn * (top - s[at])) ** (1 / ratio)
    # The first day by whose end no more than that share are still at it.
    found = np.minimum(np.searchsorted(-s, -place, side="left"), len(s) - 1)
    return np.where(days < len(s), found, days).astype(np.int64)  # what is longer than any stays


def _assessed_later(p: Planter, rows: pl.DataFrame, load: Floats) -> pl.DataFrame:
    """The rows with the assessment as long as load makes it, and the case open as much longer or shorter.

    Cases with a plan, care or a later enquiry close when they did; none reaches past the next referral.
    """
    key = rows["episode"].to_numpy()
    start, end, closed = (rows[c].to_numpy() for c in ("started", "authorised", "closed"))
    acts = (rows["outcome"] != NO_ACTION).to_numpy() & (end < NEVER) & ~np.isnan(load)
    usual_days = between(np.where(acts, start, 0), np.where(acts, end, 0))
    days = slower(usual_days, ratios(p, load, key, "rows"), drawn(p, key, "rows"))
    limit = np.minimum(_until(rows), np.where(_stays(rows), closed, NEVER))
    new = np.where(acts, np.minimum(plus(np.where(acts, start, 0), days), limit), end)
    least = np.maximum(new, np.where(rows["s47_end"].to_numpy() < NEVER, rows["s47_end"], 0))
    shifts = acts & ~_stays(rows) & (closed < NEVER)
    by = np.where(shifts, new - end, 0)
    moved = on_or_after(np.where(shifts, closed + by, 0))
    moved = np.minimum(np.maximum(moved, least), np.maximum(limit, least))
    return rows.with_columns(
        authorised=pl.Series(new), closed=pl.Series(np.where(shifts & (by != 0), moved, closed))
    )


def _stays(rows: pl.DataFrame) -> NDArray[np.bool_]:
    """Whether the day a case closed follows from something other than its assessment."""
    follows = pl.any_horizontal(
        pl.col(c) < NEVER for c in ("plan_start", "care_start", "later_s47", "conference")
    )
    return rows.select(follows).to_series().to_numpy()


def _until(rows: pl.DataFrame) -> Days:
    """The last day a case may be open: the working day before the next referral, or before 18."""
    after = rows.select(
        pl.col("referred").shift(-1).over("child", order_by="referred").fill_null(NEVER)
    )
    again = after.to_series().to_numpy()
    grown = rows["born"].to_numpy() + np.floor(18 * YEAR).astype(np.int64)
    last: Days = on_or_before(np.minimum(np.where(again < NEVER, again, grown), grown) - 1)
    return last


def _tell(p: Planter, children: Iterable[str]) -> None:
    """Record the children whose assessment took longer than it would have."""
    ids = list(children)
    ratio = np.exp(p.spread * PER_FIVE)
    for fault, detail in (
        (SLOWS, f"five more children held: {ratio:.2f} times the chance of being done on a day"),
        (WHATEVER, "took longer, and not for the worker's load"),
    ):
        if p.wants(fault):
            p.record(fault, ids, source_list="List 4", expected=None, detail=detail)
