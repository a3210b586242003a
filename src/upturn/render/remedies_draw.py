"""The pictures of the remedies report: the goal month by month, and cost against children's days overdue."""

from __future__ import annotations

from html import escape

import polars as pl

from upturn.remedies.advice import Advice
from upturn.remedies.words import pounds, value_words
from upturn.render.remedies_view import month_name

_WIDE, _TALL = 720, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 150, 16, 40


def paths_picture(advice: Advice) -> str:
    """The goal's outcome, doing nothing and under the advised mix, with the bands of nine runs in ten."""
    names = list(dict.fromkeys((advice.best.name, advice.nothing.name)))
    rows = advice.paths.filter(pl.col("option").is_in(names)).drop_nulls()
    if rows.height < 2:
        return ""
    values = [*rows["low"].to_list(), *rows["high"].to_list(), advice.goal.target]
    low, high = min(values), max(values)
    span, months = max(high - low, 1e-9), max(advice.months - 1, 1)

    def place(month: int, value: float) -> tuple[float, float]:
        x = _LEFT + (month - 1) / months * (_WIDE - _LEFT - _RIGHT)
        return x, _TALL - _BOTTOM - (value - low) / span * (_TALL - _TOP - _BOTTOM)

    parts = []
    for kind, name in zip(
        ("best", "nothing") if len(names) == 2 else ("nothing",), names, strict=True
    ):
        own = rows.filter(pl.col("option") == name).sort("month").rows(named=True)
        there = [place(r["month"], r["low"]) for r in own]
        back = [place(r["month"], r["high"]) for r in reversed(own)]
        band = " ".join(f"{x:.1f},{y:.1f}" for x, y in (*there, *back))
        line = [place(r["month"], r["middle"]) for r in own]
        text = "advised mix" if kind == "best" else "doing nothing"
        x, y = line[-1]
        parts.append(
            f'<polygon class="band {kind}" points="{band}"/><polyline class="line {kind}" points="'
            f'{" ".join(f"{a:.1f},{b:.1f}" for a, b in line)}"/>'
            f'<text x="{x + 6:.1f}" y="{y + 4:.1f}">{text}</text>'
        )
    said = f"{advice.goal.what} month by month, doing nothing and under the advised mix"
    return (
        f'<svg class="rem-paths" viewBox="0 0 {_WIDE} {_TALL}" role="img" aria-label="{escape(said)}">'
        f"{''.join(parts)}{_target(advice, place)}{_axis(advice, place, low, high)}</svg>"
    )


def _target(advice: Advice, place: object) -> str:
    assert callable(place)
    (x, y), (end, _) = place(1, advice.goal.target), place(advice.months, advice.goal.target)
    due, _ = place(advice.goal.months, advice.goal.target)
    return (
        f'<line class="target" x1="{x:.1f}" x2="{end:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<line class="due" x1="{due:.1f}" x2="{due:.1f}" y1="{_TOP}" y2="{_TALL - _BOTTOM}"/>'
        f'<text class="mid tick" x="{due:.1f}" y="{_TOP - 4}">deadline</text>'
        f'<text class="tick" x="{x + 4:.1f}" y="{y + 14:.1f}">goal '
        f"{value_words(advice.goal.target, advice.goal)}</text>"
    )


def _axis(advice: Advice, place: object, low: float, high: float) -> str:
    assert callable(place)
    ticks = ""
    for value in (low, (low + high) / 2, high):
        _, y = place(1, value)
        words = value_words(value, advice.goal).split(" ")[0] + (" %" if advice.goal.share else "")
        ticks += f'<text class="end tick" x="{_LEFT - 8}" y="{y + 4:.1f}">{escape(words)}</text>'
    for month in range(1, advice.months + 1, max(1, advice.months // 4)):
        x, _ = place(month, low)
        name = month_name(advice, month)
        ticks += (
            f'<text class="mid tick" x="{x:.1f}" y="{_TALL - 14}">{name[:3]} {name[-2:]}</text>'
        )
    base = _TALL - _BOTTOM + 4
    return f'{ticks}<line class="axis" x1="{_LEFT}" x2="{_WIDE - _RIGHT}" y1="{base}" y2="{base}"/>'


def frontier_picture(advice: Advice) -> str:
    """Children's days overdue against what has to be set aside, for the least days that money buys."""
    options = advice.frontier
    if len(options) < 2:
        return ""
    most = max(o.set_aside for o in options) or 1.0
    low = min(o.overdue.mean for o in options)
    high = max(o.overdue.mean for o in options)
    span = max(high - low, 1e-9)

    def place(cost: float, days: float) -> tuple[float, float]:
        x = _LEFT + 20 + cost / most * (_WIDE - _LEFT - 110)
        return x, _TALL - _BOTTOM - 20 - (days - low) / span * (_TALL - _TOP - _BOTTOM - 40)

    dots, steps = "", list[tuple[float, float]]()
    for n, option in enumerate(options):
        x, y = place(option.set_aside, option.overdue.mean)
        if steps:
            steps.append((x, steps[-1][1]))
        steps.append((x, y))
        dots += f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
        dots += f'<text class="mid" x="{x:.1f}" y="{y - 10:.1f}">{n + 1}</text>'
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in steps)
    ticks = "".join(
        f'<text class="mid tick" x="{place(c, low)[0]:.1f}" y="{_TALL - 14}">{pounds(c)}</text>'
        for c in (0.0, most / 2, most)
    ) + "".join(
        f'<text class="end tick" x="{_LEFT}" y="{place(0, d)[1] + 4:.1f}">{d:,.0f}</text>'
        for d in (low, high)
    )
    said = "; ".join(f"{pounds(o.set_aside)}: {o.overdue.mean:,.0f} days overdue" for o in options)
    return (
        f'<svg class="rem-frontier" viewBox="0 0 {_WIDE} {_TALL}" role="img" '
        f'aria-label="Cost against children\'s days overdue. {escape(said)}">'
        f'<polyline class="line best" points="{line}"/>{dots}{ticks}'
        f'<line class="axis" x1="{_LEFT}" x2="{_WIDE - 60}" y1="{_TALL - 36}" y2="{_TALL - 36}"/></svg>'
    )
