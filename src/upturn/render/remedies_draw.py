"""The pictures of the remedies report: the goal month by month, and cost against children's days overdue.

Each is a `Drawing`: the page shows it as SVG, the Word document as a picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from upturn.remedies.advice import Advice
from upturn.remedies.words import pounds, value_words
from upturn.render.drawing import Drawing, Point, apart, ticks, words_wide
from upturn.render.remedies_view import month_name

_WIDE, _TALL = 720, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 190, 20, 40
#: Words nearer than this, one above the other, would touch.
_LINE = 16
#: Line, fill, edge and words of an option's months.
_BEST = ("own", "band", "hair", "advised mix")
_NOTHING = ("dashed", "rust", "edge", "doing nothing")

Place = Callable[[float, float], Point]


def paths_drawing(advice: Advice) -> Drawing | None:
    """The goal's outcome, doing nothing and under the advised mix, with the bands of nine runs in ten."""
    names = list(dict.fromkeys((advice.nothing.name, advice.best.name)))
    rows = advice.paths.filter(pl.col("option").is_in(names)).drop_nulls()
    if rows.height < 2:
        return None
    values = [*rows["low"].to_list(), *rows["high"].to_list(), advice.goal.target]
    low, high = min(values), max(values)
    span, months = max(high - low, 1e-9), max(advice.months - 1, 1)

    def place(month: float, value: float) -> Point:
        x = _LEFT + (month - 1) / months * (_WIDE - _LEFT - _RIGHT)
        return x, _TALL - _BOTTOM - (value - low) / span * (_TALL - _TOP - _BOTTOM)

    said = f"{advice.goal.what} month by month, doing nothing and under the advised mix"
    drawing = Drawing(_WIDE, _TALL, said)
    own = [rows.filter(pl.col("option") == name).sort("month").to_dicts() for name in names]
    shown = [(look, o) for look, o in zip((_NOTHING, _BEST), own, strict=False) if o]
    for (_, fill, _, _), option in shown:
        back = [place(r["month"], r["high"]) for r in reversed(option)]
        drawing.area([*(place(r["month"], r["low"]) for r in option), *back], fill)
    for (line, _, edge, _), option in shown:
        for name, style in (("low", edge), ("high", edge), ("middle", line)):
            drawing.line([place(r["month"], r[name]) for r in option], style)
    _target(drawing, advice, place)
    _axis(drawing, advice, place, low, high)
    lasts = [(place(1, advice.goal.target)[1], "third", _goal_words(advice))]
    for (line, _, _, words), option in shown:
        lasts.append((place(advice.months, option[-1]["middle"])[1], line, words))
    _ends(drawing, lasts)
    return drawing


def _goal_words(advice: Advice) -> str:
    return f"goal {value_words(advice.goal.target, advice.goal)}"


def _ends(drawing: Drawing, said: Sequence[tuple[float, str, str]]) -> None:
    """What each line is, at its end, beside a piece of it; words that would touch are moved apart."""
    places = apart([y for y, *_ in said], _LINE, low=_TOP, high=_TALL - _BOTTOM)
    start = _WIDE - _RIGHT + 10
    for y, (_, line, words) in zip(places, said, strict=True):
        drawing.line([(start, y), (start + 16, y)], line)
        drawing.text(start + 22, y + 4, words)


def _target(drawing: Drawing, advice: Advice, place: Place) -> None:
    target = advice.goal.target
    drawing.line([place(1, target), place(advice.months, target)], "third")
    due, _ = place(advice.goal.months, target)
    drawing.line([(due, _TOP), (due, _TALL - _BOTTOM)], "mark")
    drawing.inside(due, _TOP - 6, "deadline", quiet=True)


def _axis(drawing: Drawing, advice: Advice, place: Place, low: float, high: float) -> None:
    for value in ticks(low, max(high, low + 1e-3)):
        words = value_words(value, advice.goal).split(" ")[0] + (" %" if advice.goal.share else "")
        drawing.text(_LEFT - 8, place(1, value)[1] + 4, words, anchor="end", quiet=True)
    for month in range(1, advice.months + 1, max(1, advice.months // 4)):
        name = month_name(advice, month)
        drawing.inside(place(month, low)[0], _TALL - 14, f"{name[:3]} {name[-2:]}", quiet=True)
    base = _TALL - _BOTTOM + 4
    drawing.line([(_LEFT, base), (_WIDE - _RIGHT, base)], "axis")


def frontier_drawing(advice: Advice) -> Drawing | None:
    """Children's days overdue against what has to be set aside, for the least days that money buys."""
    options = advice.frontier
    if len(options) < 2:
        return None
    most = max(o.set_aside for o in options) or 1.0
    low, high = (end(o.overdue.mean for o in options) for end in (min, max))
    span = max(high - low, 1e-9)

    def place(cost: float, days: float) -> Point:
        x = _LEFT + 30 + cost / most * (_WIDE - _LEFT - 120)
        return x, _TALL - _BOTTOM - 28 - (days - low) / span * (_TALL - _TOP - _BOTTOM - 48)

    said = "; ".join(f"{pounds(o.set_aside)}: {o.overdue.mean:,.0f} days overdue" for o in options)
    drawing = Drawing(_WIDE, _TALL, f"Cost against children's days overdue. {said}")
    points = [place(o.set_aside, o.overdue.mean) for o in options]
    drawing.line(_steps(points), "own")
    for x, y in points:
        drawing.dot(x, y, 5, "own")
    for (x, y), words in _numbers(points):
        drawing.text(x - 6, y + 18, words, anchor="end")
    for cost in ticks(0, most):
        drawing.inside(place(cost, low)[0], _TALL - 14, pounds(cost), quiet=True)
    for days in ticks(low, max(high, low + 1)):
        drawing.text(_LEFT, place(0, days)[1] + 4, f"{days:,.0f}", anchor="end", quiet=True)
    drawing.line([(_LEFT, _TALL - 36), (_WIDE - 60, _TALL - 36)], "axis")
    return drawing


def _steps(points: Sequence[Point]) -> list[Point]:
    """Until a dearer mix is bought the days stay as they were: across, then down."""
    steps = [points[0]]
    for x, y in points[1:]:
        steps += [(x, steps[-1][1]), (x, y)]
    return steps


def _numbers(points: Sequence[Point]) -> list[tuple[Point, str]]:
    """The rows of the table that the points are; points whose numbers would touch share one, as in "3-5".

    Below and left of its point a number is clear of the line, which runs on to the right and down.

    >>> _numbers([(0, 0), (200, 90), (204, 92), (300, 95)])
    [((0, 0), '1'), ((204, 92), '2-3'), ((300, 95), '4')]
    """
    groups: list[list[int]] = []
    for n, (x, y) in enumerate(points):
        near: Any = points[groups[-1][-1]] if groups else None
        wide = words_wide(f"{len(points)}-{len(points)}")
        if near and abs(x - near[0]) < wide and abs(y - near[1]) < _LINE:
            groups[-1].append(n)
        else:
            groups.append([n])
    return [
        (points[g[-1]], "-".join(dict.fromkeys((f"{g[0] + 1}", f"{g[-1] + 1}")))) for g in groups
    ]
