"""The scorecard: each value beside its target, its comparators and its own past."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from upturn.journeys.result import Check
from upturn.measures.benchmark.compare import Benchmark, Published
from upturn.measures.benchmark.england import Figure, band, figures
from upturn.measures.benchmark.funnel import Funnel, funnel
from upturn.measures.breakdown import breakdown
from upturn.measures.desk import Desk
from upturn.measures.load import catalogue
from upturn.measures.measure import default_window, measure
from upturn.measures.members import Window
from upturn.measures.model import Measure, Value
from upturn.measures.series import Series, Special, series, special_causes
from upturn.measures.targets import Comment, Step, Target
from upturn.measures.words import day_words, figure_words

#: A special cause speaks of now when it reaches one of the last so many points.
RECENT = 3


@dataclass(frozen=True)
class Entry:
    """One line of the scorecard.

    ``status`` is where the value stands against its target: ``on target``, ``within tolerance``, ``off
    target``, or empty. ``gap`` is value less target. ``direction`` says in words whether it is moving.
    """

    value: Value
    target: Target | None
    status: str
    gap: float | None
    england: Figure | None
    england_band: str
    published: Published | None
    funnel: Funnel | None
    series: Series | None
    special: tuple[Special, ...]
    direction: str
    comments: tuple[Comment, ...]
    steps: tuple[Step, ...] = ()

    @property
    def measure(self) -> Measure:
        """The measure of this line."""
        return self.value.measure


@dataclass(frozen=True)
class Beside:
    """A value that was worked out elsewhere, such as from who held which child, and its points if any."""

    value: Value
    series: Series | None = None


@dataclass(frozen=True)
class Scorecard:
    """Every line, and what they all rest on.

    ``la`` is the authority compared with others, if any. ``groups`` has the columns of
    `upturn.measures.breakdown.COLUMNS` where a breakdown was asked for.
    """

    check: Check
    window: Window
    population: int | None
    la: str
    entries: tuple[Entry, ...]
    groups: pl.DataFrame | None = None

    @property
    def as_at(self) -> date:
        """The date everything is read on."""
        return self.check.as_at


def make_scorecard(
    check: Check,
    *,
    measures: Sequence[Measure] | None = None,
    window: Window | None = None,
    population: int | None = None,
    targets: Mapping[str, Target] | None = None,
    comments: Mapping[str, Sequence[Comment]] | None = None,
    steps: Mapping[str, Sequence[Step]] | None = None,
    benchmark: Benchmark | None = None,
    by: Sequence[str] = (),
    beside: Mapping[str, Beside] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Scorecard:
    """The scorecard of a check: every measure of the catalogue, or those given.

    ``steps`` are changes that somebody states: the limits of a chart are worked out anew from each.
    ``beside`` has the values of measures that this room cannot work out, by id
    (`upturn.workload.figures.figures_of`). ``by`` names breakdowns (`upturn.measures.breakdown.BY`).
    ``population`` (children aged 0 to 17) is taken from ``benchmark`` when that holds it and none is given.
    """
    if progress:
        progress("Measuring")
    desk = Desk(check)
    window = window or default_window(desk.casebook)
    if population is None and benchmark is not None:
        population = benchmark.population()
    entries = []
    for one in catalogue() if measures is None else measures:
        given = (beside or {}).get(one.id)
        value = given.value if given else measure(desk, one, window=window, population=population)
        entries.append(
            _entry(
                desk,
                value,
                (targets or {}).get(one.id),
                (comments or {}).get(one.id, ()),
                (steps or {}).get(one.id, ()),
                benchmark,
                given,
            )
        )
    groups = breakdown(check, [entry.value for entry in entries], by=by) if by else None
    la = benchmark.name if benchmark else ""
    return Scorecard(check, window, population, la, tuple(entries), groups)


def _entry(
    desk: Desk,
    value: Value,
    target: Target | None,
    comments: Sequence[Comment],
    steps: Sequence[Step],
    benchmark: Benchmark | None,
    given: Beside | None,
) -> Entry:
    one = value.measure
    untold = value.value is None and bool(value.why)
    over_time = given.series if given else None if untold else series(desk, one, steps=steps)
    special = tuple(special_causes(over_time, one.good)) if over_time else ()
    england = figures().get(one.published)
    placed = england is not None and value.value is not None
    return Entry(
        value=value,
        target=target,
        status=status_of(value, target),
        gap=None if target is None or value.value is None else value.value - target.target,
        england=england,
        england_band=band(england, value.value)
        if england and placed and value.value is not None
        else "",
        published=benchmark.of(one.published, one.good) if benchmark and one.published else None,
        funnel=funnel(benchmark, one.published, one.unit) if benchmark and one.published else None,
        series=over_time,
        special=special,
        direction="see the count it rests on"
        if one.unit == "rate"
        else direction_of(over_time, special),
        comments=tuple(sorted(comments, key=lambda comment: comment.day, reverse=True)),
        steps=tuple(sorted(steps, key=lambda step: step.day)),
    )


def status_of(value: Value, target: Target | None) -> str:
    """Where a value stands against its target; empty without either, or where no way is good.

    On target: at it or on its good side. Within tolerance: short of it by no more than the tolerance.
    """
    good = value.measure.good
    if target is None or value.value is None or good == "neither":
        return ""
    short = target.target - value.value if good == "high" else value.value - target.target
    if short <= 1e-9:
        return "on target"
    return "within tolerance" if short <= target.tolerance + 1e-9 else "off target"


def direction_of(over_time: Series | None, special: Sequence[Special]) -> str:
    """Whether a measure is moving, in words; nothing is called movement that chance explains."""
    if over_time is None:
        return "one extract does not show it over time"
    if over_time.standing:
        return _from_to(over_time)
    if over_time.chart is None:
        return f"too few a {over_time.by} to say"
    recent = recent_causes(over_time, special)
    if not recent:
        return "no change beyond chance"
    latest = recent[-1]
    judged = {"improvement": "improving", "concern": "getting worse"}.get(
        latest.judged, "rising" if latest.high else "falling"
    )
    return f"{judged}: {latest.words}"


def recent_causes(over_time: Series | None, special: Sequence[Special]) -> list[Special]:
    """The special causes that reach one of the last three points, in order."""
    if over_time is None or over_time.chart is None:
        return []
    days = over_time.points.filter(pl.col("value").is_not_null())["start"].to_list()
    return [cause for cause in special if cause.last >= days[-RECENT]]


def _from_to(over_time: Series) -> str:
    first, last = over_time.points.row(0, named=True), over_time.points.row(-1, named=True)
    begun, now = (f"{point['value']:,.1f}".removesuffix(".0") for point in (first, last))
    return f"from {begun} ({day_words(first['start'])}) to {now} ({day_words(last['start'])})"


def entries_table(card: Scorecard) -> pl.DataFrame:
    """One row a line, flat, for CSV and Excel."""
    return pl.DataFrame([_flat(entry) for entry in card.entries], infer_schema_length=None)


def _flat(entry: Entry) -> dict[str, object]:
    value, one, published = entry.value, entry.measure, entry.published
    year, england = entry.england.latest if entry.england else (None, None)
    return {
        "measure": one.id,
        "group": one.group,
        "name": one.name,
        "unit": one.unit,
        "good": one.good,
        "said": figure_words(value),
        "value": _rounded(value.value),
        "n": value.n,
        "of": value.of,
        "low": _rounded(value.interval[0]) if value.interval else None,
        "high": _rounded(value.interval[1]) if value.interval else None,
        "cannot_tell": value.missing,
        "excluded": sum(value.excluded.values()),
        "why_not": value.why,
        "bands": "; ".join(f"{words}: {n}" for words, n in value.bands),
        "target": entry.target.target if entry.target else None,
        "tolerance": entry.target.tolerance if entry.target else None,
        "distance": _rounded(entry.gap),
        "status": entry.status,
        "england": england,
        "england_year": year,
        "england_band": entry.england_band,
        "published": published.own if published else None,
        "published_year": published.year if published else None,
        "published_status": published.status if published else "",
        "region": published.region if published else None,
        "neighbours": _rounded(published.neighbours) if published else None,
        "rank": published.rank if published else None,
        "ranked": published.ranked if published else None,
        "direction": entry.direction,
        "special_causes": "; ".join(cause.words for cause in entry.special),
        "funnel": entry.funnel.own if entry.funnel else "",
        "step_changes": "; ".join(f"{s.day.isoformat()} {s.reason}" for s in entry.steps),
        "comment": "; ".join(f"{c.day.isoformat()} {c.text}" for c in entry.comments),
        "source": one.source,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
