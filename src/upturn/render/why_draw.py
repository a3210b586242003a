"""The pictures of "Why" that stand on a scale: months with their periods, and what each driver brought.

Each is a `Drawing`: the page shows it as SVG, the Word document as a picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from upturn.causes import words
from upturn.causes.model import Cause, Evidence, Why
from upturn.render.drawing import Drawing, Point
from upturn.render.words import MONTHS

WIDE = 720
_LEFT = 210
#: Room right of the bars, for what they come to.
_RIGHT = 110
_FOOT, _RISE = 150, 120

#: Drivers drawn that cannot be told from chance; the rest of them are one bar, so that the bars add up.
LARGEST = 5

Bar = tuple[str, str, float, float, float]


def outcome_drawing(why: Why) -> Drawing | None:
    """The outcome month by month; None where the records do not tell it."""
    names = {"after": "compared"} if why.england else {}
    return months_drawing(why.months, why.outcome.unit, f"{why.outcome.meaning}, by month", names)


def evidence_drawing(evidence: Evidence) -> Drawing | None:
    """The direct record of one driver, month by month."""
    says = f"{evidence.words} by month: {words.evidence_words(evidence)}"
    return months_drawing(evidence.months, evidence.unit, says)


def months_drawing(
    frame: pl.DataFrame, unit: str, says: str, names: Mapping[str, str] | None = None
) -> Drawing | None:
    """A measure month by month: a line, the two periods shaded, the first and last value written out.

    ``names`` are other words for the periods "before" and "after".
    """
    rows = frame.filter(pl.col("value").is_not_null()).to_dicts()
    if len(rows) < 2:
        return None
    top = max(r["value"] for r in rows) * 1.15 or 1.0
    step = (WIDE - 90) / (len(rows) - 1)
    places = [(60 + n * step, _FOOT - _RISE * r["value"] / top) for n, r in enumerate(rows)]
    drawing = Drawing(WIDE, 176, says)
    for period in ("before", "after"):
        _shade(drawing, rows, places, period, step, (names or {}).get(period, period))
    drawing.line([(50, _FOOT + 0.5), (WIDE - 20, _FOOT + 0.5)], "axis")
    drawing.line(places, "own")
    for x, y in places:
        drawing.dot(x, y, 3, "own")
    for n, beside in ((0, 1), (len(rows) - 1, -2)):
        drawing.inside(
            places[n][0], _clear(places[n][1], places[beside][1]), _value(rows[n]["value"], unit)
        )
    for n in range(0, len(rows), max(1, len(rows) // 6)):
        drawing.inside(places[n][0], 168, _month(rows[n]["month"]), quiet=True)
    return drawing


def _shade(
    drawing: Drawing,
    rows: list[dict[str, object]],
    places: Sequence[Point],
    period: str,
    step: float,
    name: str,
) -> None:
    own = [places[n][0] for n, r in enumerate(rows) if r["period"] == period]
    if own:
        left, right = max(own[0] - step / 2, 50), min(own[-1] + step / 2, WIDE - 20)
        drawing.box(left, 10, right - left, _FOOT - 10, period)
        drawing.inside((left + right) / 2, 22, name, bold=True)


def _clear(y: float, beside: float) -> float:
    """Where to write the value of an end of a line, out of the way of the point beside it."""
    return y - 8 if beside >= y - 3 or y + 18 > _FOOT else y + 18


def _month(when: Any) -> str:
    return f"{MONTHS[when.month - 1]} {when.year % 100:02d}"


def _value(value: float, unit: str) -> str:
    return f"{100 * value:.0f} %" if unit.startswith("share") else words.figure(value)


def shares_drawing(why: Why) -> Drawing:
    """What each driver brought, as bars on one scale from nought, each with its interval."""
    bars, unit = _bars(why), why.outcome.unit
    ends = [v for b in bars for v in b[2:]] + [0.0]
    low, scale = min(ends), (WIDE - _LEFT - _RIGHT) / max(max(ends) - min(ends), 1e-9)

    def x(value: float) -> float:
        return _LEFT + (value - low) * scale

    told = "; ".join(f"{b[0]} {words.points(b[2], unit)}" for b in bars)
    drawing = Drawing(WIDE, 34 * len(bars) + 12, f"What each driver brought: {told}")
    for n, (name, kind, value, least, most) in enumerate(bars):
        y = 34 * n + 10
        drawing.text(_LEFT - 8, y + 15, name, anchor="end")
        fill, edge = _KINDS[kind]
        drawing.box(min(x(0), x(value)), y, max(abs(x(value) - x(0)), 1), 20, fill, edge)
        _interval(drawing, x(least), x(most), y + 10)
        drawing.text(max(x(most), x(value), x(0)) + 8, y + 15, words.points(value, unit))
    drawing.line([(x(0), 0), (x(0), drawing.height)], "axis")
    return drawing


#: Fill and line of each kind of bar: how sure a cause is shows in more than its colour.
_KINDS = {
    "named": ("own", ""),
    "possible": ("white", "maybe"),
    "other": ("faint", ""),
    "left": ("white", "outline"),
}


def _bars(why: Why) -> list[Bar]:
    bars: list[Bar] = []
    shown, rest = _shown(why.causes)
    for cause in shown:
        kind = cause.standing if cause.standing in _KINDS else "other"
        share = cause.share
        bars.append((words.DRIVER_WORDS[cause.driver], kind, share.value, share.low, share.high))
    if rest:
        left = sum(cause.share.value for cause in rest)
        bars.append((f"{len(rest)} other drivers together", "other", left, left, left))
    if not why.england:
        bars.append(("season and work carried over", "other", *(3 * (why.carried,))))
    if why.unexplained is not None and not why.england:
        apart = why.unexplained
        bars.append(("unexplained", "left", apart.value, apart.low, apart.high))
    return bars


def _shown(causes: Sequence[Cause]) -> tuple[list[Cause], list[Cause]]:
    """Those drawn: causes named and possible, and the largest of the rest, whichever way; then the others."""
    sure = [c for c in causes if c.standing != "not distinguishable from chance"]
    rest = [c for c in causes if c not in sure and c.share.value != 0]
    rest.sort(key=lambda c: -abs(c.share.value))
    most = LARGEST if len(rest) > LARGEST + 1 else len(rest)
    return sure + rest[:most], rest[most:]


def _interval(drawing: Drawing, low: float, high: float, y: float) -> None:
    """An interval that can be seen on a dark bar as on white paper: its line has a white edge."""
    if high - low < 1:
        return
    drawing.line([(low - 1, y), (high + 1, y)], "casing")
    drawing.line([(low, y), (high, y)], "second")
    for x in (low, high):
        drawing.line([(x, y - 5), (x, y + 5)], "second")
