"""The pictures of "Why": months with their periods, what each driver brought, where days went, the spiral."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import polars as pl

from upturn.causes import words
from upturn.causes.model import Cause, Evidence, Waiting, Why
from upturn.causes.spiral_model import Spiral
from upturn.render.words import MONTHS

_WIDE = 720
_LEFT = 210


def months_picture(frame: pl.DataFrame, unit: str, says: str) -> str:
    """A measure month by month: a line, the two periods shaded, the first and last value written out."""
    rows = frame.filter(pl.col("value").is_not_null()).to_dicts()
    if len(rows) < 2:
        return ""
    top = max(r["value"] for r in rows) * 1.15 or 1.0
    step = (_WIDE - 90) / max(len(rows) - 1, 1)
    places = [(60 + n * step, 150 - 120 * r["value"] / top) for n, r in enumerate(rows)]
    shades = [_shade(rows, places, period, step) for period in ("before", "after")]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places)
    ends = "".join(
        f'<text class="mid" x="{places[n][0]:.1f}" y="{places[n][1] - 8:.1f}">'
        f"{escape(_value(rows[n]['value'], unit))}</text>"
        for n in sorted({0, len(rows) - 1})
    )
    every = max(1, len(rows) // 6)
    ticks = "".join(
        f'<text class="mid tick" x="{places[n][0]:.1f}" y="168">{_month(rows[n]["month"])}</text>'
        for n in range(0, len(rows), every)
    )
    return (
        f'<svg class="why-months" viewBox="0 0 {_WIDE} 176" role="img" aria-label="{escape(says)}">'
        f'{"".join(shades)}<line class="axis" x1="50" x2="{_WIDE - 20}" y1="150.5" y2="150.5"/>'
        f'<polyline class="line" points="{line}"/>{dots}{ends}{ticks}</svg>'
    )


def _shade(
    rows: list[dict[str, object]], places: list[tuple[float, float]], period: str, step: float
) -> str:
    own = [places[n][0] for n, r in enumerate(rows) if r["period"] == period]
    if not own:
        return ""
    left, right = max(own[0] - step / 2, 50), min(own[-1] + step / 2, _WIDE - 20)
    return (
        f'<rect class="shade {period}" x="{left:.1f}" y="10" width="{right - left:.1f}" height="140"/>'
        f'<text class="mid name" x="{(left + right) / 2:.1f}" y="22">{period}</text>'
    )


def _month(when: object) -> str:
    return f"{MONTHS[when.month - 1]} {when.year % 100:02d}"  # type: ignore[attr-defined]


def _value(value: float, unit: str) -> str:
    return f"{100 * value:.0f} %" if unit.startswith("share") else words.figure(value)


def shares_picture(why: Why) -> str:
    """What each driver brought, as bars on one scale from nought, each with its interval."""
    bars: list[tuple[str, str, float, float, float]] = []
    for cause in _shown(why.causes):
        kind = {"named": "named", "possible": "maybe"}.get(cause.standing, "no")
        share = cause.share
        bars.append((words.DRIVER_WORDS[cause.driver], kind, share.value, share.low, share.high))
    if not why.england:
        bars.append(("season and work carried over", "no", why.carried, why.carried, why.carried))
    if why.unexplained is not None and not why.england:
        left = why.unexplained
        bars.append(("unexplained", "left", left.value, left.low, left.high))
    ends = [v for b in bars for v in b[2:]] + [0.0]
    low, high = min(ends), max(ends)
    scale = (_WIDE - _LEFT - 110) / max(high - low, 1e-9)

    def x(value: float) -> float:
        return _LEFT + (value - low) * scale

    rows = "".join(_bar(n, b, x, why.outcome.unit) for n, b in enumerate(bars))
    tall = 34 * len(bars) + 12
    told = "; ".join(f"{b[0]} {words.points(b[2], why.outcome.unit)}" for b in bars)
    return (
        f'<svg class="why-shares" viewBox="0 0 {_WIDE} {tall}" role="img" '
        f'aria-label="What each driver brought: {escape(told)}">'
        f'<line class="zero" x1="{x(0):.1f}" x2="{x(0):.1f}" y1="0" y2="{tall}"/>{rows}</svg>'
    )


def _shown(causes: Sequence[Cause]) -> list[Cause]:
    """Causes named and possible, and the largest of the rest, up to eight."""
    return [c for c in causes if c.standing != "not distinguishable from chance"] + [
        c for c in causes if c.standing == "not distinguishable from chance" and c.share.value != 0
    ][:4]


def _bar(n: int, bar: tuple[str, str, float, float, float], x: object, unit: str) -> str:
    name, kind, value, low, high = bar
    assert callable(x)
    y = 34 * n + 10
    left, width = min(x(0), x(value)), abs(x(value) - x(0))
    end = max(x(high), x(value), x(0)) + 6
    return (
        f'<text class="end" x="{_LEFT - 8}" y="{y + 15}">{escape(name)}</text>'
        f'<rect class="{kind}" x="{left:.1f}" y="{y}" width="{max(width, 1):.1f}" height="20"/>'
        f'<line class="range" x1="{x(low):.1f}" x2="{x(high):.1f}" y1="{y + 10}" y2="{y + 10}"/>'
        f'<text x="{end:.1f}" y="{y + 15}">{escape(words.points(value, unit))}</text>'
    )


def evidence_picture(evidence: Evidence) -> str:
    """The direct record of one driver, month by month."""
    says = f"{evidence.words} by month: {words.evidence_words(evidence)}"
    return months_picture(evidence.months, evidence.unit, says)


#: A pattern as well as a colour for each stage, so that they are told apart in print.
_FILLS = ("s0", "s1", "s2", "s3", "s4")


def waiting_picture(rows: Sequence[Waiting]) -> str:
    """One bar a period, as long as its days, split by what was waited for."""
    if not rows:
        return ""
    longest = max(sum(d for _, d in w.days) for w in rows) or 1.0
    scale = (_WIDE - 20) / longest
    parts, y = [], 0
    for waiting in rows:
        total = sum(d for _, d in waiting.days)
        parts.append(
            f'<text x="10" y="{y + 16}">{escape(waiting.period)}: {words.figure(total)} working days</text>'
        )
        x = 10.0
        for fill, (_, days) in zip(_FILLS, waiting.days, strict=False):
            width = days * scale
            inside = f'<text class="mid in" x="{x + width / 2:.1f}" y="{y + 40}">{words.figure(days)}</text>'
            parts.append(
                f'<rect class="{fill}" x="{x:.1f}" y="{y + 24}" height="24" '
                f'width="{max(width - 1, 0.5):.1f}"/>' + (inside if width > 34 else "")
            )
            x += width
        y += 62
    told = "; ".join(
        f"{w.period}: " + ", ".join(f"{n} {words.figure(d)}" for n, d in w.days) for w in rows
    )
    return (
        f'<svg class="why-days" viewBox="0 0 {_WIDE} {y}" role="img" aria-label="{escape(told)}">'
        f"{''.join(parts)}</svg>"
    )


def spiral_picture(spiral: Spiral) -> str:
    """The load as a road: arrows show where it goes by itself from each load, a mark where the service is."""
    if spiral.map.height < 3:
        return ""
    rows = spiral.map.to_dicts()
    low, high = rows[0]["before"], rows[-1]["before"]
    low, high = min(low, spiral.load), max(high, spiral.load)
    span = max(high - low, 1e-9)

    def x(load: float) -> float:
        return float(30 + (load - low) / span * (_WIDE - 60))

    arrows = "".join(_arrow(x(r["before"]), x(_held(r["after"], low, high)))
                     for r in rows[:: max(1, len(rows) // 9)])  # fmt: skip
    marks = "".join(
        f'<line class="{c.kind}" x1="{x(c.at):.1f}" x2="{x(c.at):.1f}" y1="34" y2="112"/>'
        f'<text class="mid" x="{x(c.at):.1f}" y="28">{c.kind} at {words.figure(c.at)}</text>'
        for c in spiral.crossings
    )
    ticks = "".join(
        f'<text class="mid tick" x="{x(v):.1f}" y="152">{words.figure(v)}</text>'
        for v in (low, (low + high) / 2, high)
    )
    here = x(spiral.load)
    told = "; ".join(spiral.sentences[:2])
    return (
        f'<svg class="why-spiral" viewBox="0 0 {_WIDE} 176" role="img" '
        f'aria-label="Where the load goes by itself. {escape(told)}">'
        f'<line class="axis" x1="30" x2="{_WIDE - 30}" y1="136" y2="136"/>{arrows}{marks}'
        f'<path class="here" d="M {here:.1f} 132 l -9 -16 h 18 z"/>'
        f'<text class="mid" x="{here:.1f}" y="172">the service is here: {words.figure(spiral.load)} children '
        f"a worker</text>{ticks}</svg>"
    )


def _held(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _arrow(start: float, end: float) -> str:
    """An arrow from a load to where it is a year later; back is good, on is bad."""
    way = "back" if end <= start else "on"
    sign = -1 if end <= start else 1
    if abs(end - start) < 4:
        return f'<circle class="{way}" cx="{start:.1f}" cy="76" r="4"/>'
    tip = f"M {end:.1f} 76 l {-sign * 10} -6 v 12 z"
    return (
        f'<line class="{way}" x1="{start:.1f}" x2="{end - sign * 8:.1f}" y1="76" y2="76"/>'
        f'<circle class="{way}" cx="{start:.1f}" cy="76" r="3.5"/><path class="{way}" d="{tip}"/>'
    )
