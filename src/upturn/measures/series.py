"""A measure over time: one point a month, or a week where the source holds too few months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import polars as pl

from upturn.measures.conditions import every
from upturn.measures.desk import Desk
from upturn.measures.load import fields_needed, inside_of
from upturn.measures.measure import held_by
from upturn.measures.members import Window, members_of
from upturn.measures.model import LENGTHS, Measure
from upturn.measures.relations import relation
from upturn.measures.statistics.control import SIGNALS, Chart, p_chart, xmr
from upturn.measures.targets import Step
from upturn.measures.words import day_words
from upturn.rulebooks.calendar import add_months

By = Literal["month", "week"]
#: A chart of fewer points says nothing of special causes.
FEWEST = 12
#: Children a point needs, in and out of the numerator, before its limits mean anything (Montgomery).
ENOUGH = 5
#: Months looked back on where the source holds years.
MONTHS_BACK = 24
#: Forms whose points are not counted from rows by day.
_NO_SERIES = ("episodes", "overdue", "workload")
#: Conditions that hold on the as-at date only, so that no earlier day can be asked about.
_ONLY_NOW = ("months_ago", "days_ago_at_most", "by_as_at")

POINTS: dict[str, pl.DataType] = {
    "start": pl.Date(),  # first day of the month or week; for what stands open, the day itself
    "n": pl.Int64(),
    "of": pl.Int64(),
    "value": pl.Float64(),
}


@dataclass(frozen=True)
class Series:
    """Points in order, with the columns of `POINTS`, and their chart when there are enough of them.

    ``standing`` is true when each point counts what stood open at the end of its month or week.
    """

    by: By
    points: pl.DataFrame
    chart: Chart | None
    standing: bool = False


def series(
    desk: Desk, measure: Measure, *, by: By | None = None, steps: Sequence[Step] = ()
) -> Series | None:
    """The measure over the extract's window; None when one extract cannot show it over time.

    Only whole months or weeks. Shares go on a p' chart and the rest on an XmR chart. Without ``by``, months
    when the source holds twelve or more, otherwise weeks. What stands open has points and no chart: it
    carries over from one week to the next, so that the rules would call chance a cause. A rate is its
    count over again and has no series of its own. Limits are worked out anew from the first point that
    begins on or after the day of each of ``steps``.
    """
    if not measure.series or measure.unit == "rate" or measure.form in _NO_SERIES:
        return None
    if measure.covered_by(desk.casebook.source).tested == "none":
        return None
    first = held_by(desk.casebook, months=MONTHS_BACK)
    by = by or ("month" if add_months(first, FEWEST) <= desk.as_at + timedelta(1) else "week")
    spans = periods(first, desk.as_at, by=by)
    if not spans:
        return None
    points = _points(desk, measure, spans, by)
    if points is None or points.is_empty():
        return None
    standing = bool(measure.rows and measure.rows.open)
    return Series(by, points, _chart(points, measure, steps), standing)


def periods(first: date, last: date, *, by: By) -> list[Window]:
    """The whole months, or weeks from Monday to Sunday, from ``first`` to ``last``.

    >>> periods(date(2026, 3, 31), date(2026, 5, 30), by="month")
    [(datetime.date(2026, 4, 1), datetime.date(2026, 4, 30))]
    """
    spans, day = [], first - timedelta(first.weekday()) if by == "week" else first.replace(day=1)
    while day <= last:
        after = day + timedelta(7) if by == "week" else add_months(day, 1)
        if day >= first and after - timedelta(1) <= last:
            spans.append((day, after - timedelta(1)))
        day = after
    return spans


def _points(desk: Desk, measure: Measure, spans: Sequence[Window], by: By) -> pl.DataFrame | None:
    clocks, rows = measure.clocks, measure.rows
    if (clocks and clocks.window) or (rows and rows.window and not rows.per_child):
        members = members_of(desk, measure, (spans[0][0], spans[-1][1])).members
        return _by_day(members, measure, spans, by)
    if rows and rows.open and not measure.length and measure.unit == "count":
        return _standing(desk, measure, spans)
    return None


def _by_day(
    members: pl.DataFrame, measure: Measure, spans: Sequence[Window], by: By
) -> pl.DataFrame:
    """What was placed by a date, in the month or week of that date; an empty one counts nothing."""
    start = pl.col("day").dt.truncate("1w" if by == "week" else "1mo").alias("start")
    counted = members.filter(pl.col("counts").is_not_null()).group_by(start).agg(
        n=pl.col("counts").sum().cast(pl.Int64),
        of=pl.len().cast(pl.Int64),
        middle=pl.col("amount").filter(pl.col("counts")).median(),
    )  # fmt: skip
    every_one = pl.DataFrame({"start": [first for first, _ in spans]}, schema={"start": pl.Date})
    points = every_one.join(counted, on="start", how="left", maintain_order="left").with_columns(
        pl.col("n", "of").fill_null(0)
    )
    return _valued(points, measure)


def _standing(desk: Desk, measure: Measure, spans: Sequence[Window]) -> pl.DataFrame | None:
    """What stood open at the end of each month or week, from when each row began and ended."""
    rows = measure.rows
    assert rows is not None
    assert rows.open is not None
    conditions = (*rows.where, *inside_of(measure, desk.casebook.source))
    if any(c.op in _ONLY_NOW for c in conditions) or any(desk.absent(d) for d in rows.open):
        return None
    fields = fields_needed(measure, desk.casebook.source)
    beside = [f for f in fields if (found := relation(rows.table, f)) and found.table != "person"]
    if beside or "age" in fields:
        return None  # only the latest is held, so an earlier day cannot be asked about
    frame = desk.table(rows.table, fields, conditions)
    absent = frozenset(n for n in frame.columns if desk.absent(n))
    frame = frame.filter(every(rows.where, as_at=desk.as_at, absent=absent)).with_columns(
        _counts=every(inside_of(measure, desk.casebook.source), as_at=desk.as_at, absent=absent)
    )
    ends = np.array([last for _, last in spans], dtype="M8[D]")
    told = frame.filter(pl.col("_counts").is_not_null())
    of, n = _open_at(told, rows.open, ends), _open_at(told.filter("_counts"), rows.open, ends)
    points = pl.DataFrame({"start": [last for _, last in spans], "n": n, "of": of})
    return _valued(points.with_columns(middle=pl.lit(None, dtype=pl.Float64)), measure)


def _open_at(frame: pl.DataFrame, dates: tuple[str, str], days: np.ndarray) -> list[int]:
    """How many rows had begun and not ended on each day; rows whose end was set aside are left out."""
    start, end = dates
    frame = frame.filter(pl.col(start).is_not_null(), ~pl.col(f"aside:{end}").fill_null(False))
    begun = np.sort(frame[start].to_numpy().astype("M8[D]"))
    ended = np.sort(frame[end].drop_nulls().to_numpy().astype("M8[D]"))
    standing = np.searchsorted(begun, days, "right") - np.searchsorted(ended, days, "right")
    return [int(number) for number in standing]


def _valued(points: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    value = {
        "percent": pl.when(pl.col("of") > 0).then(100 * pl.col("n") / pl.col("of")),
        **dict.fromkeys(LENGTHS, pl.col("middle")),
    }.get(measure.unit, pl.col("n").cast(pl.Float64))
    return points.with_columns(value=value).select(
        pl.col(name).cast(kind) for name, kind in POINTS.items()
    )


def _chart(points: pl.DataFrame, measure: Measure, steps: Sequence[Step] = ()) -> Chart | None:
    """A chart of the points that have a value; None when there are too few, or too few behind each."""
    told = points.filter(pl.col("value").is_not_null())
    n, of = told["n"].to_numpy(), told["of"].to_numpy()
    if told.height < FEWEST or (measure.rows is not None and measure.rows.open):
        return None
    cuts = _cuts(told["start"].to_list(), steps)
    if measure.unit != "percent":
        return xmr(told["value"].to_numpy(), steps=cuts) if n.mean() >= ENOUGH else None
    # Siblings come together, so shares vary more than independent children would: p', not p.
    enough = min(n.mean(), (of - n).mean()) >= ENOUGH
    return p_chart(n, of, steps=cuts, prime=True) if enough else None


def _cuts(starts: Sequence[date], steps: Sequence[Step]) -> list[int]:
    """The point at which each step begins; one before the first point or after the last changes nothing."""
    places = {sum(start < step.day for start in starts) for step in steps}
    return sorted(place for place in places if 0 < place < len(starts))


@dataclass(frozen=True)
class Special:
    """One special cause, from its first point to its last, as a chart's reader would say it."""

    first: date
    last: date
    signal: str
    high: bool
    judged: str  # improvement, concern or neither
    words: str


def special_causes(found: Series, good: str) -> list[Special]:
    """The special causes of a series, in order; points that run on in one signal are one cause."""
    if found.chart is None:
        return []
    days = found.points.filter(pl.col("value").is_not_null())["start"].to_list()
    causes = []
    for signal, sides in found.chart.sides.items():
        for first, last in _stretches(sides):
            high = bool(sides[first] > 0)
            judged = found.chart.good_or_bad(first, good) if good != "neither" else "neither"
            if good in ("high", "low"):
                judged = "improvement" if high == (good == "high") else "concern"
            words = _said(signal, high, first, last, days, found.by)
            causes.append(Special(days[first], days[last], signal, high, judged, words))
    return sorted(causes, key=lambda cause: (cause.last, cause.first, cause.signal))


def _stretches(sides: np.ndarray) -> list[tuple[int, int]]:
    """The first and last place of each run of one sign that is not zero."""
    found: list[tuple[int, int]] = []
    for place in np.flatnonzero(sides).tolist():
        if found and found[-1][1] == place - 1 and sides[place] == sides[place - 1]:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def _said(signal: str, high: bool, first: int, last: int, days: list[date], by: By) -> str:
    points = last - first + 1
    many = f"{points} {by}s running" if points > 1 else f"one {by}"
    what = {
        "outside": f"{'above the upper' if high else 'below the lower'} process limit",
        "shift": f"{'above' if high else 'below'} the mean",
        "trend": f"each {'higher' if high else 'lower'} than the one before",
        "near": f"near the {'upper' if high else 'lower'} process limit (two of three)",
    }[signal]
    assert signal in SIGNALS
    return f"{many} {what}, {day_words(days[first])}" + (
        f" to {day_words(days[last])}" if points > 1 else ""
    )
