"""What `why` gives back: the change as recorded and simulated, its causes, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import polars as pl

from upturn.causes.spiral_model import Spiral
from upturn.twin.fitted import Period
from upturn.twin.series import Outcome

Standing = Literal["named", "possible", "not distinguishable from chance"]
Agreement = Literal["agree", "disagree", "records cannot tell"]

#: One row a month of one summary: its ``value``, the numbers behind it, and the period it belongs to.
MONTHS: dict[str, pl.DataType] = {
    "month": pl.Date(),
    "value": pl.Float64(),
    "n": pl.Float64(),  # what was counted
    "of": pl.Float64(),  # out of how many; null when it is a count or a mean of days
    "period": pl.String(),  # "before", "after" or ""
}


@dataclass(frozen=True)
class Between:
    """A number with the ends of its 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Moved:
    """A parameter of the twin that must have moved: its middle before and after, with a 90 % interval.

    ``chance`` is the probability that it moved at all; ``tag`` where its value before came from.
    """

    parameter: str
    words: str
    unit: str
    chance: float
    before: float
    after: Between
    tag: str


@dataclass(frozen=True)
class Evidence:
    """What the records show directly of one driver: a summary by month, with its numbers.

    ``beyond_chance`` is how many standard deviations of chance its change lies from none. ``months`` has
    the columns of `MONTHS`.
    """

    summary: str
    words: str
    unit: str
    before: float
    after: float
    n_before: float
    n_after: float
    beyond_chance: float
    months: pl.DataFrame


@dataclass(frozen=True)
class Cause:
    """One driver: what it brought to the change of the outcome, and how sure that is.

    ``share`` is in the outcome's unit; ``part`` is the share of the simulated change (None when that is
    about nothing); ``chance`` the probability that the driver changed at all.
    """

    driver: str
    standing: Standing
    share: Between
    part: float | None
    chance: float
    moved: tuple[Moved, ...]
    evidence: tuple[Evidence, ...]
    agreement: Agreement
    sentence: str
    beside: str


@dataclass(frozen=True)
class Waiting:
    """Where the days of one kind of work went in one period: ``days`` for each piece of work, by ``stage``.

    ``source`` is "twin" or "records", ``of`` says which work, ``n`` how many pieces (simulated ones for the
    twin: those of an average run).
    """

    period: str
    work: str
    of: str
    source: Literal["twin", "records"]
    n: float
    days: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Why:
    """Why an outcome changed between two periods, or differs from England.

    ``recorded_*`` are None where the records cannot tell the outcome. ``by_chance`` is the change that chance
    alone would bring with nothing changed; ``unexplained`` is the recorded change less the simulated one,
    with the interval that chance and the fit give it.
    """

    outcome: Outcome
    before: Period
    after: Period
    england: bool
    recorded_before: float | None
    recorded_after: float | None
    simulated_before: Between
    simulated_after: Between
    simulated_change: Between
    by_chance: Between
    carried: float
    unexplained: Between | None
    beyond_chance: bool
    causes: tuple[Cause, ...]
    confused: tuple[tuple[str, str], ...]
    answer: str
    sentences: tuple[str, ...]
    waiting: tuple[Waiting, ...]
    spiral: Spiral | None
    months: pl.DataFrame
    untold: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    as_at: date
    source_name: str
    sha256: str
    seed: int
    runs: int
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def named(self) -> tuple[Cause, ...]:
        """The causes that are distinguishable from chance, the largest first."""
        return tuple(c for c in self.causes if c.standing == "named")
