"""How arrivals go by weekday, season and year: read and shown, though no parameters of the twin."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from upturn.measures.statistics.intervals import exact_poisson, wilson
from upturn.twin.desk import Z90
from upturn.twin.fitted import Fact
from upturn.twin.spans import Floats, count_in, days_of, edges
from upturn.twin.summaries import Recorded

_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def facts(recorded: Recorded, days: Mapping[str, pl.Series]) -> tuple[Fact, ...]:
    """Arrivals by weekday, by season where there are two years, and their trend; 90 % intervals.

    ``days`` are the dates of contacts and referrals.
    """
    found: list[Fact] = []
    for name, column in days.items():
        numbers = days_of(column.drop_nulls())
        bounds = edges(recorded.months)
        inside = numbers[(numbers >= bounds[0]) & (numbers < bounds[-1])]
        if len(inside) < 30:
            continue
        weekday = np.bincount((inside + 3) % 7, minlength=7)
        for n, day in enumerate(_WEEK):
            low, high = wilson(int(weekday[n]), len(inside), z=Z90)
            share = float(weekday[n]) / len(inside)
            found.append(Fact(f"{name} on a {day}", share, low, high, "share", int(weekday[n])))
        found += _trend(name, count_in(inside, recorded.months), recorded)
    return tuple(found)


def _trend(name: str, counts: Floats, recorded: Recorded) -> list[Fact]:
    """Change a year, by a line through the logarithm of the monthly counts; season from two years on."""
    made = []
    if len(counts) >= 6 and (counts > 0).all():
        x = np.arange(len(counts)) / 12.0
        y, x = np.log(counts), x - x.mean()
        slope = float((x * y).sum() / (x * x).sum())
        left = y - y.mean() - slope * x
        error = Z90 * float(np.sqrt((left**2).sum() / (len(x) - 2) / (x * x).sum()))
        value, low, high = (float(np.expm1(s)) for s in (slope, slope - error, slope + error))
        made.append(Fact(f"{name}: change a year", value, low, high, "share", int(counts.sum())))
    if len(counts) >= 24:
        month = np.array([m.month for m in recorded.months])
        for quarter in range(4):
            own = counts[(month - 1) // 3 == quarter]
            low, high = exact_poisson(int(own.sum()), z=Z90)
            base = counts.mean() * len(own)
            words = f"{name}, {_QUARTERS[quarter]}, to an average month"
            made.append(
                Fact(words, own.sum() / base, low / base, high / base, "times", int(own.sum()))
            )
    return made


_QUARTERS = ("January to March", "April to June", "July to September", "October to December")
