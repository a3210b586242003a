"""What is read from, and one value read: what every reader of records shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from upturn.journeys.result import Check
from upturn.measures.statistics.intervals import wilson
from upturn.twin.fitted import Period
from upturn.twin.summaries import Recorded

#: Standard deviations on each side of a 90 % interval.
Z90 = 1.6449
#: Fewer people or spells than this tell nothing worth reading.
FEWEST = 5
EXTRACT = "the extract"
WORKFORCE_FILE = "the workforce file"


@dataclass(frozen=True)
class Direct:
    """One value read straight from records: 90 % interval from ``low`` to ``high``, on ``n`` records."""

    parameter: str
    value: float
    low: float
    high: float
    n: int
    source: str
    words: str


@dataclass(frozen=True)
class Desk:
    """What is read from: the check, its monthly series, the period and the workforce spells, if given."""

    check: Check
    recorded: Recorded
    period: Period
    workforce: pl.DataFrame | None

    @property
    def years(self) -> float:
        """Length of the period."""
        return ((self.period.end - self.period.start).days + 1) / 365.25

    def total(self, series: str) -> float | None:
        """A series added up over the period; None where it cannot be told."""
        values = self.recorded.monthly.get(series)
        if values is None:
            return None
        chosen = values[self.recorded.between(self.period.start, self.period.end)]
        return float(chosen.sum()) if chosen.size and np.isfinite(chosen).all() else None

    def within(self, column: str) -> pl.Expr:
        """Whether a date lies in the period."""
        return pl.col(column).is_between(self.period.start, self.period.end)


def share(parameter: str, n: int, of: int, source: str, what: str) -> Direct | None:
    if of < FEWEST:
        return None
    low, high = wilson(n, of, z=Z90)
    return Direct(parameter, n / of, low, high, of, source, f"{n:,} of {of:,} {what}")
