"""Early warning: which drivers are moving together, and whether outcomes have moved yet.

It says what is moving. It is no forecast and no grade: a driver that moved may be met, and then nothing
follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

from upturn.measures.scorecard import Entry, recent_causes

FILE = Path(__file__).with_name("moving.yaml")
#: Drivers move together when chance alone would move so many less often than this.
RARE = 0.05
State = Literal["drivers", "both", "outcomes", "nothing", "cannot tell"]


@dataclass(frozen=True)
class Driver:
    """A measure that bears on a service; ``harder`` is the way (high, low, either) that makes work harder."""

    measure: str
    harder: str
    because: str


@dataclass(frozen=True)
class Mover:
    """A measure that moves beyond chance: since when, which way, and what that does."""

    entry: Entry
    since: date
    high: bool
    words: str
    because: str


@dataclass(frozen=True)
class Moving:
    """What is moving. ``charted`` counts drivers with a chart, ``enough`` how many together are no chance."""

    state: State
    drivers: tuple[Mover, ...]
    outcomes: tuple[Mover, ...]
    charted: int
    charted_outcomes: int
    by_chance: float
    enough: int

    @property
    def words(self) -> str:
        """The sentence a director reads first."""
        return _SAID[self.state].format(
            n=len(self.drivers), of=self.charted, m=len(self.outcomes), chance=self.by_chance
        )


_COUNT = (
    "{n} of {of} drivers that can be charted moved the way that makes the work harder "
    "(about {chance:.1f} by chance)"
)
_SAID: dict[State, str] = {
    "drivers": _COUNT
    + ", and no outcome has moved for the worse yet. Ask what is being done before one does.",
    "both": _COUNT + ", and {m} of the outcomes moved for the worse.",
    "outcomes": _COUNT + "; {m} of the outcomes moved for the worse all the same. "
    "The reason may lie in what is not charted here.",
    "nothing": _COUNT + ". That is no more than chance explains.",
    "cannot tell": "Too little of this extract can be charted to say whether drivers are moving together.",
}


@lru_cache(maxsize=1)
def known() -> tuple[Mapping[str, Driver], tuple[str, ...], float]:
    """The drivers by measure, the outcomes, and the share of still charts that signal by chance.

    >>> known()[0]["referrals"].harder
    'high'
    """
    held = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    drivers = {name: Driver(name, **said) for name, said in held["drivers"].items()}
    return drivers, tuple(held["outcomes"]), float(held["by_chance"])


def moving(entries: Sequence[Entry]) -> Moving:
    """What is moving among the lines of a scorecard.

    A driver counts when a special cause reaches one of its last three points and goes the way that makes
    work harder. They move together when so many would do so by chance in fewer than one scorecard in
    twenty (binomial; drivers are not independent of each other, so read it as a prompt).
    """
    drivers, outcomes, by_chance = known()
    charted = [e for e in entries if e.series is not None and e.series.chart is not None]
    driving = [e for e in charted if e.measure.id in drivers]
    suffering = [e for e in charted if e.measure.id in outcomes]
    up = [m for e in driving for m in _mover(e, drivers[e.measure.id])]
    down = [m for e in suffering for m in _worse(e)]
    enough = enough_together(len(driving), by_chance)
    together = bool(driving) and len(up) >= enough
    state: State = "both" if together and down else "drivers" if together else "nothing"
    if not driving or not suffering:
        state = "cannot tell"
    elif down and not together:
        state = "outcomes"
    expected = by_chance * len(driving)
    return Moving(state, tuple(up), tuple(down), len(driving), len(suffering), expected, enough)


def enough_together(charted: int, by_chance: float) -> int:
    """The smallest number of ``charted`` drivers that chance moves in fewer than one scorecard in twenty.

    >>> enough_together(14, 0.04), enough_together(1, 0.04)
    (3, 1)
    """
    from scipy.special import bdtrc  # here, because it takes a while to load

    found = (k for k in range(1, charted + 1) if bdtrc(k - 1, charted, by_chance) < RARE)
    return next(found, charted + 1)


def _mover(entry: Entry, driver: Driver) -> list[Mover]:
    causes = [
        cause
        for cause in recent_causes(entry.series, entry.special)
        if driver.harder == "either" or cause.high == (driver.harder == "high")
    ]
    if not causes:
        return []
    latest = causes[-1]
    return [Mover(entry, latest.first, latest.high, latest.words, driver.because)]


def _worse(entry: Entry) -> list[Mover]:
    causes = [c for c in recent_causes(entry.series, entry.special) if c.judged == "concern"]
    return [Mover(entry, c.first, c.high, c.words, "") for c in causes[-1:]]
