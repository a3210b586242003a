"""What the records show directly of each driver, beside what the twin says of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from upturn.causes.model import MONTHS, Agreement, Evidence
from upturn.causes.movers import Summary
from upturn.causes.weighing import Weighed
from upturn.twin.fitted import Period
from upturn.twin.summaries import Recorded

Floats = npt.NDArray[np.float64]
#: Standard deviations of chance from which the records show a change by themselves (one in ten, both ways).
SHOWN = 1.645
#: The same where several summaries are looked at and nobody asked about this driver (one in a hundred).
STRIKING = 2.576


def sums_of(record: Recorded, period: Period) -> dict[str, float]:
    """Each series added up over a period's months; nan where a month cannot be told."""
    inside = record.between(period.start, period.end)
    return {name: float(values[inside].sum()) for name, values in record.monthly.items()}


def months_of(
    record: Recorded, summary: Summary, before: Period | None, after: Period
) -> pl.DataFrame:
    """A summary month by month, with the numbers behind each and the period it falls in."""
    top = summary.added(lambda name: record.monthly[name])
    over = record.monthly[summary.over] if summary.over else None
    with np.errstate(divide="ignore", invalid="ignore"):
        value = top if over is None else np.where(over > 0, top / over, np.nan)
    rows = {
        "month": list(record.months),
        "value": value,
        "n": top,
        "of": np.full(len(top), np.nan) if over is None else over,
        "period": [_period_of(m, before, after) for m in record.months],
    }
    return pl.DataFrame(rows, schema=MONTHS).with_columns(pl.col("value", "n", "of").fill_nan(None))


def _period_of(month: object, before: Period | None, after: Period) -> str:
    assert hasattr(month, "year")
    if after.start <= month <= after.end:  # type: ignore[operator]
        return "after"
    if before is not None and before.start <= month <= before.end:  # type: ignore[operator]
        return "before"
    return ""


def evidence(
    record: Recorded, weighed: Weighed, before: Period, after: Period
) -> Mapping[str, tuple[Evidence, ...]]:
    """The direct evidence of every driver that the records hold any of, the most striking first."""
    spread = np.sqrt(np.diag(weighed.noise))
    found: dict[str, list[Evidence]] = {}
    for n, summary in enumerate(weighed.used):
        if not summary.driver:
            continue
        months = months_of(record, summary, before, after)
        early, late = (_whole(months, which, bool(summary.over)) for which in ("before", "after"))
        beyond = float((weighed.seen[n] - weighed.expected[n]) / spread[n])
        found.setdefault(summary.driver, []).append(
            Evidence(summary.name, summary.words, summary.unit, early[0], late[0], early[1], late[1],
                     beyond, months)
        )  # fmt: skip
    return {d: tuple(sorted(e, key=lambda x: -abs(x.beyond_chance))) for d, e in found.items()}


def _whole(months: pl.DataFrame, period: str, ratio: bool) -> tuple[float, float]:
    """The summary over a whole period, and the number it rests on."""
    rows = months.filter(pl.col("period") == period)
    top, of = float(rows["n"].sum()), float(rows["of"].fill_null(0.0).sum())
    if ratio:
        return (top / of if of > 0 else float("nan"), of)
    return (top / max(rows.height, 1), top)


def agreement(chance: float, shown: tuple[Evidence, ...]) -> Agreement:
    """Whether the records say by themselves what the twin says of a driver.

    >>> agreement(0.9, ())
    'records cannot tell'
    """
    if not shown:
        return "records cannot tell"
    striking = max(abs(e.beyond_chance) for e in shown)
    if chance >= 0.5:
        return "agree" if striking >= SHOWN else "disagree"
    if chance < 0.2:
        return "disagree" if striking >= STRIKING else "agree"
    return "agree"
