"""A measure over time as a small drawing and as a chart, in plain SVG with words beside it."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from markupsafe import Markup

from upturn.measures.scorecard import Entry
from upturn.measures.series import Series
from upturn.measures.words import day_words, number

#: Width, height and margin of a sparkline and of a chart, in units of the drawing.
SPARK, CHART = (160, 36, 4), (720, 240, 12)
_LEFT, _BOTTOM = 56, 28

Places = list[tuple[float, float]]
Scale = Callable[[float], float]


def sparkline(entry: Entry) -> Markup:
    """The points of a measure in one line, special causes marked; empty when there is no series."""
    if entry.series is None:
        return Markup("")
    width, height, margin = SPARK
    places, scale = _places(entry, width, height, margin, margin)
    if len(places) < 2:
        return Markup("")
    parts = [_line("spark", places)]
    if entry.series.chart is not None:
        level = scale(float(entry.series.chart.mean[-1]) * _factor(entry))
        parts.insert(0, _rule("mean", margin, width - margin, level))
        parts += [
            _mark(place, entry, n, 3.5)
            for n, place in enumerate(places)
            if entry.series.chart.special[n]
        ]
    parts.append(Markup('<circle class="last" cx="{}" cy="{}" r="2.5"/>').format(*places[-1]))
    return _svg(width, height, "sparkline", _label(entry), parts)


def chart(entry: Entry) -> Markup:
    """The same with its axis, mean and process limits; special causes have a shape of their own."""
    if entry.series is None:
        return Markup("")
    width, height, margin = CHART
    places, scale = _places(entry, width, height, margin, _BOTTOM, left=_LEFT)
    if len(places) < 2:
        return Markup("")
    parts = [*_axis(entry.series, entry, places, scale, width, height)]
    found = entry.series.chart
    if found is not None:
        factor = _factor(entry)
        xs = [x for x, _ in places]
        for name, line in (("limit", found.lower), ("limit", found.upper), ("mean", found.mean)):
            parts.append(
                _line(name, [(x, scale(float(y) * factor)) for x, y in zip(xs, line, strict=True)])
            )
    parts.append(_line("spark", places))
    for n, place in enumerate(places):
        special = found is not None and bool(found.special[n])
        parts.append(
            _mark(place, entry, n, 6)
            if special
            else Markup('<circle class="point" cx="{}" cy="{}" r="3"/>').format(*place)
        )
    return _svg(width, height, "chart", _label(entry), parts)


def _factor(entry: Entry) -> float:
    return 100.0 if entry.measure.unit == "percent" else 1.0


def _told(series: Series) -> pl.DataFrame:
    return series.points.filter(pl.col("value").is_not_null())


def _places(
    entry: Entry, width: int, height: int, margin: int, bottom: int, *, left: int = 0
) -> tuple[Places, Scale]:
    """Where each point goes, and the function from a value to its height."""
    assert entry.series is not None
    values = [float(value) for value in _told(entry.series)["value"]]
    ends, found = values or [0.0], entry.series.chart
    if found is not None and left:
        ends = [*ends, *(float(v) * _factor(entry) for v in (*found.lower, *found.upper))]
    low, high = min(ends), max(ends)
    low, high = (low - 1, high + 1) if low == high else (low, high)
    left = left or margin

    def scale(value: float) -> float:
        return round(height - bottom - (value - low) / (high - low) * (height - bottom - margin), 1)

    step = (width - left - margin) / max(len(values) - 1, 1)
    return [(round(left + n * step, 1), scale(v)) for n, v in enumerate(values)], scale


def _axis(
    series: Series,
    entry: Entry,
    places: Places,
    scale: Scale,
    width: int,
    height: int,
) -> list[Markup]:
    told = _told(series)
    values = told["value"].to_list()
    text = Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>')
    days = told["start"].to_list()
    parts = [
        text.format(_LEFT - 8, scale(v) + 4, "end", number(v, entry.measure.unit))
        for v in {min(values), max(values)}
    ]
    base = height - 6
    parts += [
        text.format(places[0][0], base, "start", day_words(days[0])),
        text.format(places[-1][0], base, "end", day_words(days[-1])),
    ]
    return parts


def _line(name: str, places: Places) -> Markup:
    points = " ".join(f"{x},{y}" for x, y in places)
    return Markup('<polyline class="{}" points="{}"/>').format(name, points)


def _rule(name: str, left: float, right: float, y: float) -> Markup:
    return Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
        name, left, right, y, y
    )


def _mark(place: tuple[float, float], entry: Entry, n: int, size: float) -> Markup:
    """A diamond: improvement, concern, or neither; shape and colour say it together with the words."""
    assert entry.series is not None
    assert entry.series.chart is not None
    x, y = place
    judged = entry.series.chart.good_or_bad(n, entry.measure.good)
    points = f"{x},{y - size} {x + size},{y} {x},{y + size} {x - size},{y}"
    return Markup('<polygon class="special {}" points="{}"/>').format(judged, points)


def _label(entry: Entry) -> str:
    assert entry.series is not None
    told = _told(entry.series)
    if told.is_empty():
        return "no points"
    unit = entry.measure.unit
    values = told["value"].to_list()
    return (
        f"{told.height} {entry.series.by}s: from {number(values[0], unit)} to {number(values[-1], unit)}, "
        f"lowest {number(min(values), unit)}, highest {number(max(values), unit)}; {entry.direction}"
    )


def _svg(width: int, height: int, name: str, label: str, parts: list[Markup]) -> Markup:
    head = Markup('<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">')
    return head.format(name, width, height, label) + Markup("").join(parts) + Markup("</svg>")
