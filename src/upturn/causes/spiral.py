"""The spiral: whether a service recovers by itself, what pushes it over, and which driver moves that line.

The fitted service is pushed: with a burst of children, with more children for good, with fewer posts for
good. Where each run goes is the feedback map. The same children come in every run of a replication, so
that a pushed run is held against what that very run would have been.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from upturn.causes.feedback import Push, crossings, smallest_push, smoothed
from upturn.causes.movers import movers
from upturn.causes.spiral_model import PATHS, EarlySign, Lever, Spiral, Tipping
from upturn.causes.words import DRIVER_WORDS, figure, percent
from upturn.causes.worlds import Simulator
from upturn.twin.parameters import PARAMETERS
from upturn.twin.series import COLUMN

Floats = npt.NDArray[np.float64]

#: Months of a burst, and the month in which a year after its end is over (0 is the last quiet month).
BURST, YEAR_ON = 3, 16
#: Months simulated when something changes for good: the third year tells whether it still grows.
FOR_GOOD = 37
#: A run has come back when its load is within a tenth of what it would have been, or most of the extra
#: load is gone: the children of a burst stay as long as their plans, and that is no spiral. Assumed.
BACK, LEFT = 1.10, 0.25
#: A load that still grows by more than this in the third year does not settle; assumed.
STILL_GROWS = 1.05
BURSTS = np.array([0.25, 0.5, 1.0, 2.0, 4.0])
MORE_CHILDREN = np.array([0.05, 0.1, 0.2, 0.35, 0.5])
FEWER_POSTS = np.array([0.05, 0.1, 0.2, 0.3, 0.45])
#: The parameters tried as levers: the most telling of each driver, and the way that makes things worse.
LEVERS = {
    "contacts_a_month": 1, "need_mean": 1, "posts": -1, "vacancy_fill_days": 1, "agency_share": -1,
    "leaving_a_year": 1, "sickness_a_year": 1, "hours_assessment": 1, "productive_share": -1,
    "referral_threshold": -1, "partner_information_days": 1, "manager_hours_share": -1,
}  # fmt: skip


@dataclass(frozen=True)
class SpiralEffort:
    """Replications of each push, of each lever, and how often the line is looked for more closely."""

    reps: int = 40
    lever_reps: int = 16
    rounds: int = 2
    levers: bool = True


def load_of(monthly: Floats) -> Floats:
    """Children open to each full-time post filled: [..., months, series] to [..., months]."""
    filled = np.maximum(monthly[..., COLUMN["filled"]], 0.5)
    return np.asarray(monthly[..., COLUMN["open_children"]] / filled, dtype=np.float64)


def burst(values: Floats, size: float) -> Floats:
    """The service with ``size`` more contacts (as a share of the usual) in three months. [months, p]."""
    plan = np.repeat(values[None], YEAR_ON + 1, axis=0)
    plan[1 : 1 + BURST, PARAMETERS["shock_contacts"]] *= 1 + size
    return np.asarray(plan, dtype=np.float64)


def lasting(values: Floats, parameter: str, times: float) -> Floats:
    """The service with one parameter multiplied for good from the second month on. [months, p]."""
    plan = np.repeat(values[None], FOR_GOOD, axis=0)
    plan[1:, PARAMETERS[parameter]] *= times
    return np.asarray(plan, dtype=np.float64)


class _Pushed:
    """The pushes of one service, with the runs they gave."""

    def __init__(self, values: Floats, simulate: Simulator, reps: int, seed: int) -> None:
        self.values, self.simulate, self.reps, self.seed = values, simulate, reps, seed
        self.quiet = load_of(simulate(burst(values, 0.0)[None], reps, seed))[0]
        self.paths: list[pl.DataFrame] = [self._path(self.quiet[None], "nothing")]
        self.runs = reps

    def bursts(self, sizes: Floats) -> Floats:
        """The share of runs that are back a year after a burst of each size."""
        plans = np.stack([burst(self.values, float(s)) for s in sizes])
        loads = load_of(self.simulate(plans, self.reps, self.seed))
        self.paths.append(self._path(loads, "more children"))
        self.runs += loads.shape[0] * self.reps
        usual, most = self.quiet[None, :, YEAR_ON], loads[..., 1 : YEAR_ON + 1 - 6].max(axis=2)
        extra = np.maximum(most - self.quiet[None, :, 1 + BURST], 0.0)
        limit = np.maximum(BACK * usual, usual + LEFT * extra)
        return np.asarray((loads[..., YEAR_ON] <= limit).mean(axis=1))

    def for_good(self, parameter: str, way: float) -> Callable[[Floats], Floats]:
        """The share of runs that settle when one parameter moves for good by each share of itself."""

        def settled(sizes: Floats) -> Floats:
            plans = np.stack([lasting(self.values, parameter, 1 + way * float(s)) for s in sizes])
            loads = load_of(self.simulate(plans, self.reps, self.seed))
            self.runs += loads.shape[0] * self.reps
            last, before = loads[..., -6:].mean(axis=2), loads[..., -18:-12].mean(axis=2)
            return np.asarray((last <= STILL_GROWS * before).mean(axis=1))

        return settled

    def _path(self, loads: Floats, kind: str) -> pl.DataFrame:
        start, end = loads[..., 1 + BURST].ravel(), loads[..., YEAR_ON].ravel()
        rows = {"start": start, "end": end, "kind": [kind] * start.size}
        # A run in which the service collapsed has no load to show; it counts as one that did not come back.
        told = pl.all_horizontal(pl.col("start", "end").is_finite())
        return pl.DataFrame(rows, schema=PATHS).filter(told)


def spiral(
    values: Floats,
    simulate: Simulator,
    *,
    signs: tuple[EarlySign, ...] = (),
    seed: int = 1,
    effort: SpiralEffort | None = None,
) -> Spiral:
    """Push a service of these ``values[parameters]`` and see whether it comes back.

    ``signs`` are the early signs already read from records. Same values and seed, same answer.
    """
    effort = effort or SpiralEffort()
    pushed = _Pushed(values, simulate, effort.reps, seed)
    kinds: dict[str, Any] = {
        "burst": (pushed.bursts, BURSTS),
        "demand": (pushed.for_good("contacts_a_month", 1.0), MORE_CHILDREN),
        "posts": (pushed.for_good("posts", -1.0), FEWER_POSTS),
    }
    # Does it settle as it stands: nothing is pushed.
    stands = float(pushed.for_good("posts", 0.0)(np.zeros(1))[0])
    if stands < 0.5:
        kinds = {}  # past the line already: there is no distance to it
    tipping = tuple(
        Tipping(kind, BURST if kind == "burst" else None, push, _tipping_words(kind, push, values))
        for kind, (returned, sizes) in kinds.items()
        for push in [smallest_push(returned, sizes, rounds=effort.rounds, runs=effort.reps)]
    )
    if stands < 0.5:
        pushed.bursts(BURSTS[:3])  # for the map
    paths = pl.concat(pushed.paths)
    map_, crossed = _map(paths)
    asked = effort.levers and stands >= 0.5
    margin = next((_size(t.push) for t in tipping if t.kind == "demand"), 0.0)
    levers, more = _levers(values, simulate, seed, effort, margin) if asked else ((), 0)
    load = float(pushed.quiet[:, -12:].mean())
    at = [c.at for c in crossed if c.kind == "settles"]
    settles_at = min(at, key=lambda a: abs(a - load)) if at else None
    said = _sentences(load, stands, settles_at, crossed, tipping, levers)
    return Spiral(load, stands >= 0.5, settles_at, map_, paths, crossed, tipping, levers, signs, said,
                  pushed.runs + more)  # fmt: skip


def _map(paths: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Any, ...]]:
    """The feedback map from the runs, over the loads they began with."""
    start, end = paths["start"].to_numpy(), paths["end"].to_numpy()
    ends = np.quantile(start, [0.02, 0.98])
    at = np.linspace(ends[0], ends[1], 41)
    width = max((ends[1] - ends[0]) / 14, 1e-6)
    after = smoothed(start, end, at, width)
    spread = np.sqrt(
        np.maximum(smoothed(start, (end - np.interp(start, at, after)) ** 2, at, width), 0)
    )
    told = np.isfinite(after)
    frame = pl.DataFrame(
        {
            "before": at,
            "after": after,
            "low": after - 1.645 * spread,
            "high": after + 1.645 * spread,
        }
    ).filter(pl.Series(told))
    return frame, crossings(at[told], after[told])


def _size(push: Push) -> float:
    """The push that tips, or the most that was tried where none did."""
    return push.most if push.size is None else push.size


def _levers(
    values: Floats,
    simulate: Simulator,
    seed: int,
    effort: SpiralEffort,
    margin: float,
) -> tuple[tuple[Lever, ...], int]:
    """How far each driver, one usual step worse, brings the lasting extra demand that tips nearer.

    ``margin`` is that demand as it stands, from more runs than a lever has; each lever's own few runs are
    held against as many with nothing moved, by the same chance, and their difference is taken from it.
    """
    reps = effort.lever_reps
    first = _Pushed(values, simulate, reps, seed)
    usual = smallest_push(
        first.for_good("contacts_a_month", 1.0), MORE_CHILDREN, rounds=1, runs=reps
    )
    runs, found = first.runs, []
    for name, way in LEVERS.items():
        column = PARAMETERS[name]
        worse = values.copy()
        worse[column] = movers()[name].moved(values[column], way)
        pushed = _Pushed(worse, simulate, reps, seed)
        moved = smallest_push(
            pushed.for_good("contacts_a_month", 1.0), MORE_CHILDREN, rounds=1, runs=reps
        )
        runs += pushed.runs
        after = max(0.0, margin + _size(moved) - _size(usual))
        found.append(Lever(movers()[name].driver, name, movers()[name].words, margin, after))
    return tuple(sorted(found, key=lambda lever: lever.after - lever.before)), runs


def _tipping_words(kind: str, push: Push, values: Floats) -> str:
    """The distance to tipping in one sentence."""
    contacts = float(values[PARAMETERS["contacts_a_month"]])
    posts = float(values[PARAMETERS["posts"]])
    size = _size(push)
    what = {
        "burst": f"{percent(size)} more contacts for {BURST} months (about "
        f"{figure(size * contacts * BURST)} children)",
        "demand": f"{percent(size)} more contacts for good (about {figure(size * contacts)} a month)",
        "posts": f"{percent(size)} fewer posts for good (about {figure(size * posts)} of {figure(posts)})",
    }[kind]
    ends = f"90 % interval {percent(push.low)} to {percent(push.high)}"
    if push.size is None:
        tail = "a year later" if kind == "burst" else "and settles"
        return f"Even {what}, the most that was tried, is borne {tail} in at least half the runs."
    if kind == "burst":
        return f"After {what}, half the runs have not come back within a year ({ends})."
    return f"With {what}, half the runs no longer settle within three years ({ends})."


def _sentences(
    load: float,
    stands: float,
    settles_at: float | None,
    crossed: tuple[Any, ...],
    tipping: tuple[Tipping, ...],
    levers: tuple[Lever, ...],
) -> tuple[str, ...]:
    """The whole story in sentences."""
    said = []
    if stands >= 0.5:
        where = (
            "" if settles_at is None else f", at about {figure(settles_at, 1)} children a worker"
        )
        said.append(
            f"As it stands, the twin of this service settles by itself{where}; {percent(stands)} of runs do."
        )
    else:
        said.append(
            f"As it stands, the twin of this service does not settle: in {percent(1 - stands)} of runs the "
            f"load is still growing in the third year, from {figure(load, 1)} children a worker. It is past "
            "the line already, so no distance to it is given."
        )
    tips = [c.at for c in crossed if c.kind == "tips"]
    if tips:
        said.append(
            f"From a load of about {figure(min(tips), 1)} children a worker it goes on rising."
        )
    said += [t.sentence for t in tipping]
    moving = [lever for lever in levers if lever.before - lever.after > 0.01]
    if moving:
        first = moving[0]
        said.append(
            f"What would bring that line nearest is {DRIVER_WORDS[first.driver]}: one usual step worse "
            f"({first.words}) moves the lasting extra demand it can bear from {percent(first.before)} to "
            f"{percent(first.after)}."
        )
    return tuple(said)
