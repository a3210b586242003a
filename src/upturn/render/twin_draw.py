"""Fan charts and ranges as plain SVG with words beside them: bands, medians and what was recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from upturn.render.drawing import ticks

#: Width, height and margins of a fan chart, in units of the drawing.
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 260, 72, 16, 14, 34
#: Width and height of a range: where a value was looked for, and what is left of that.
RANGE = (160, 18)

#: The centiles of one month: p05, p25, p50, p75 and p95; None where no run could tell.
Row = Mapping[str, float | None]
Points = list[tuple[float, float]]


def figure(value: float | None, unit: str) -> str:
    """A value as people write it: a share as a percentage, large numbers with no decimals.

    >>> figure(0.1234, "share"), figure(1234.5, "children"), figure(None, "children")
    ('12.3 %', '1,234', 'cannot tell')
    """
    if value is None or value != value:
        return "cannot tell"
    if unit.startswith("share"):
        return f"{100 * value:.1f} %"
    if unit == "pounds":
        return f"£{value:,.0f}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 1 or value == 0 else f"{value:.2g}"


@dataclass(frozen=True)
class Scale:
    """Where days and values lie in a drawing: from ``first`` to ``last``, and from 0 to ``top``."""

    first: date
    last: date
    top: float

    def x(self, day: date) -> float:
        """Across."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Down."""
        return round(HEIGHT - BOTTOM - value / self.top * (HEIGHT - BOTTOM - TOP), 1)


def fan(
    dates: Sequence[date],
    nothing: Sequence[Row],
    other: Sequence[Row] | None,
    *,
    unit: str,
    says: str,
    past: Sequence[tuple[date, float]] = (),
) -> Markup:
    """One outcome over the months: doing nothing, and a scenario over it if there is one.

    ``past`` are months as recorded, drawn as points before the fan. Empty when there is nothing to draw.
    """
    rows = [*nothing, *(other or ())]
    ends = [v for row in rows for v in (row["p95"],) if v is not None] + [v for _, v in past]
    if not ends or not any(row["p50"] is not None for row in rows):
        return Markup("")
    scale = Scale(past[0][0] if past else dates[0], dates[-1], (max(ends) or 1.0) * 1.08)
    parts = _axes(scale, unit)
    parts += _bands(dates, nothing, "was", scale)
    if other is not None:
        parts += _bands(dates, other, "will", scale)
    parts += [
        Markup('<circle class="past" cx="{}" cy="{}" r="3"/>').format(scale.x(d), scale.y(v))
        for d, v in past
    ]
    return _svg(WIDTH, HEIGHT, "fan", says, parts)


def _axes(scale: Scale, unit: str) -> list[Markup]:
    parts = []
    for value in ticks(0, scale.top):
        level = scale.y(value)
        line = Markup('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>')
        parts.append(line.format(LEFT, WIDTH - RIGHT, level, level))
        text = Markup('<text x="{}" y="{}" text-anchor="end">{}</text>')
        parts.append(text.format(LEFT - 8, level + 4, _tick(value, unit)))
    for day, anchor in ((scale.first, "start"), (scale.last, "end")):
        text = Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>')
        parts.append(text.format(scale.x(day), HEIGHT - 8, anchor, f"{day:%b %Y}"))
    return parts


def _tick(value: float, unit: str) -> str:
    if unit.startswith("share"):
        return f"{100 * value:g} %"
    return f"£{value:,.0f}" if unit == "pounds" else f"{value:,g}"


def _bands(dates: Sequence[date], rows: Sequence[Row], name: str, scale: Scale) -> list[Markup]:
    """The outer band, the inner band and the middle, over the months that can be told."""
    told = [(d, r) for d, r in zip(dates, rows, strict=True) if r["p50"] is not None]
    parts = []
    for low, high, kind in (("p05", "p95", "outer"), ("p25", "p75", "inner")):
        there = [(scale.x(d), scale.y(r[high] or 0.0)) for d, r in told]
        back = [(scale.x(d), scale.y(r[low] or 0.0)) for d, r in reversed(told)]
        parts.append(
            Markup('<polygon class="{}-{}" points="{}"/>').format(name, kind, _points(there + back))
        )
    middle = [(scale.x(d), scale.y(r["p50"] or 0.0)) for d, r in told]
    parts.append(Markup('<polyline class="{}-middle" points="{}"/>').format(name, _points(middle)))
    return parts


def _points(places: Points) -> str:
    return " ".join(f"{x},{y}" for x, y in places)


def span_bar(low: float, high: float, says: str) -> Markup:
    """Where a value was looked for, as a line from 0 to 1, and what is left of that, as a bar on it."""
    width, height = RANGE
    a, b = (round(4 + max(0.0, min(1.0, v)) * (width - 8), 1) for v in (low, high))
    line = Markup('<line class="looked" x1="4" x2="{}" y1="{}" y2="{}"/>')
    bar = Markup('<rect class="left" x="{}" y="{}" width="{}" height="8"/>')
    parts = [line.format(width - 4, height / 2, height / 2)]
    parts.append(bar.format(a, height / 2 - 4, max(round(b - a, 1), 2)))
    return _svg(width, height, "span", says, parts)


def check_bar(recorded: float, low: float, middle: float, high: float, says: str) -> Markup:
    """A band as simulated with its middle, and what was recorded as a diamond on one scale."""
    width, height = RANGE
    first, last = min(low, recorded), max(high, recorded)
    reach = (last - first) or 1.0

    def x(value: float) -> float:
        return round(8 + (value - first) / reach * (width - 16), 1)

    at, y = x(recorded), height / 2
    bar = Markup('<rect class="left" x="{}" y="{}" width="{}" height="8"/>')
    tick = Markup('<line class="mid" x1="{}" x2="{}" y1="{}" y2="{}"/>')
    mark = Markup('<polygon class="{}" points="{}"/>')
    outside = "past" if low <= recorded <= high else "outside"
    corners = f"{at - 5},{y} {at},{y - 6} {at + 5},{y} {at},{y + 6}"
    parts = [
        bar.format(x(low), y - 4, max(round(x(high) - x(low), 1), 2)),
        tick.format(x(middle), x(middle), y - 6, y + 6),
        mark.format(outside, corners),
    ]
    return _svg(width, height, "span", says, parts)


def _svg(width: int, height: int, name: str, says: str, parts: Sequence[Markup]) -> Markup:
    head = Markup('<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">')
    return head.format(name, width, height, says) + Markup("").join(parts) + Markup("</svg>")
