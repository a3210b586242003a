"""What the search for remedies gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from upturn.remedies.costs import Costs
from upturn.remedies.goal import Goal
from upturn.remedies.model import Mix, Remedy

#: Each month's goal outcome over the three months up to it, doing nothing and under each option.
PATHS: dict[str, pl.DataType] = {
    "option": pl.String(),
    "month": pl.Int64(),  # 1 is the first
    "low": pl.Float64(),  # 5th centile
    "middle": pl.Float64(),
    "high": pl.Float64(),  # 95th centile
}


@dataclass(frozen=True)
class Spread:
    """A mean over replications, and the ends between which nine in ten lie."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Option:
    """One mix, judged with the same chance as the others.

    ``set_aside`` is the most it can cost over the months, ``yearly`` what goes on being paid, ``spend`` what
    it comes to in the twin beyond doing nothing (None when pay is not given). ``chance`` is the share of
    replications that met the goal, ``chance_low`` and ``chance_high`` a 90 % interval by Monte Carlo.
    ``value`` is the goal's outcome at the deadline, ``overdue`` children's days overdue over all months,
    ``saved`` how many fewer than doing nothing, and ``better`` the share of replications with fewer.
    ``shows`` is the first month from which four runs in five are better than doing nothing (None: never).
    """

    name: str
    mix: Mix
    set_aside: float
    yearly: float
    spend: Spread | None
    chance: float
    chance_low: float
    chance_high: float
    value: Spread
    overdue: Spread
    saved: Spread
    better: float
    shows: int | None
    reps: int
    why: tuple[str, ...] = ()

    @property
    def risk(self) -> float:
        """The chance of failing: of not meeting the goal in time."""
        return 1.0 - self.chance


@dataclass(frozen=True)
class SpiralAnswer:
    """Which option, if any, makes the service settle. ``push`` is more contacts for good (0: as it stands).

    ``nothing`` is the share of runs that settle doing nothing; ``settled`` the share for each option tried.
    """

    push: float
    nothing: float
    cheapest: Option | None
    cheapest_settled: float
    settled: tuple[tuple[str, float], ...]
    sentence: str


@dataclass(frozen=True)
class Swing:
    """One assumption moved: the advised option's chance of the goal at each end, and what is then best.

    ``cost`` is the most that the mix then costs, where a price was moved.
    """

    what: str
    tag: str
    low: float
    high: float
    unit: str
    chance_low: float
    chance_high: float
    best_low: str
    best_high: str
    changes: bool
    sentence: str
    cost: float | None = None

    @property
    def price(self) -> bool:
        """Whether a price was moved, and not the service or a remedy."""
        return self.cost is not None


@dataclass(frozen=True)
class Split:
    """How the chance differs between draws with more and with less of one thing that is not known."""

    what: str
    chance_less: float
    chance_more: float
    beyond_chance: bool


@dataclass(frozen=True)
class Advice:
    """What would turn it round, under a budget: never a promise.

    ``options`` are the best few and doing nothing, which is always there; ``frontier`` the least days
    overdue for the money; ``alone`` each remedy by itself; ``left_out`` remedies not tried, with the reason.
    """

    goal: Goal
    budget: float
    months: int
    start: date
    costs: Costs
    nothing: Option
    options: tuple[Option, ...]
    frontier: tuple[Option, ...]
    alone: tuple[Option, ...]
    left_out: tuple[tuple[str, str], ...]
    spiral: SpiralAnswer | None
    swings: tuple[Swing, ...]
    splits: tuple[Split, ...]
    paths: pl.DataFrame
    remedies: Mapping[str, Remedy]
    answer: str
    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    source_name: str
    sha256: str
    as_at: date
    catalogue: str
    seed: int
    runs: int
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def best(self) -> Option:
        """The advised option; doing nothing when nothing tried is better."""
        return self.options[0]
