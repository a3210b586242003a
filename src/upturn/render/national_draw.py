"""Drawings of the national panel: lines over the years, what followed a judgement, how long it lasted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from math import exp
from typing import Any

import polars as pl

from upturn.published.national.beside import Line, position
from upturn.published.national.effects import amount
from upturn.published.national.model import Figure
from upturn.render.drawing import Drawing, Point

WIDE, TALL, LEFT, TOP, BOTTOM, RIGHT = 720, 280, 54, 34, 34, 24
#: One letter for each grade, beside the line that marks its day.
LETTERS = {"outstanding": "O", "good": "G", "requires improvement": "RI", "inadequate": "I"}

Scale = Callable[[float], float]


def number(figure: Figure, value: float | None) -> str:
    """A value as it is said in outputs, without its unit.

    >>> from upturn.published.national.model import figures
    >>> number(figures()["referrals"], 12345.0), number(figures()["vacancy"], 14.23)
    ('12,345', '14.2')
    """
    if value is None:
        return ""
    return f"{value:,.0f}" if figure.unit == "count" else f"{value:,.1f}"


def over_time(line: Line, judged: pl.DataFrame, area: str) -> Drawing:
    """An authority's figure with its neighbours' range and middle, England, and its judgements marked."""
    rows = line.years.to_dicts()
    drawing = Drawing(WIDE, TALL, _says(line, judged, area))
    columns = ("own", "low", "high", *(("england",) if line.figure.unit != "count" else ()))
    told = [row[c] for row in rows for c in columns if row[c] is not None]
    if not told:
        return drawing
    day = {row["year"]: position(line.figure, row["year"]) for row in rows}
    x = _across(min(day.values()), max(day.values()))
    y = _up(drawing, told, line.figure)
    _years(drawing, x, day)
    band = [r for r in rows if r["low"] is not None]
    drawing.area(
        [(x(day[r["year"]]), y(r["high"])) for r in band]
        + [(x(day[r["year"]]), y(r["low"])) for r in reversed(band)],
        "band",
    )
    _grades(drawing, x, judged, min(day.values()), max(day.values()))
    for column, style in (("england", "england"), ("neighbours", "near"), ("own", "own")):
        if column == "england" and line.figure.unit == "count":
            continue
        for part in _runs(
            (x(day[r["year"]]), y(r[column])) if r[column] is not None else None for r in rows
        ):
            drawing.line(part, style)
    for r in rows:
        if r["own"] is not None:
            drawing.dot(x(day[r["year"]]), y(r["own"]), 3.5, "own")
    return drawing


def _runs(points: Iterable[Point | None]) -> list[list[Point]]:
    """Points in runs without a gap: a year without a value is not drawn through."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _across(first: float, last: float) -> Scale:
    wide = (WIDE - LEFT - RIGHT) / max(last - first, 1)
    return lambda value: LEFT + (value - first) * wide


def _up(drawing: Drawing, values: Sequence[float], figure: Figure) -> Scale:
    """The scale upwards, with its lines and numbers drawn. Starts at nought for rates that are near it."""
    low, high = min(values), max(values)
    low = 0.0 if low >= 0 and low < high / 2 else low
    step = _step(high - low)
    low, high = step * (low // step), step * -(-high // step)
    tall = (TALL - TOP - BOTTOM) / (high - low)

    def scale(value: float) -> float:
        return TALL - BOTTOM - (value - low) * tall

    at = low
    while at <= high + step / 2:
        drawing.line([(LEFT, scale(at)), (WIDE - RIGHT, scale(at))], "grid")
        words = f"{at:,.0f}" if step >= 1 else f"{at:.1f}"
        drawing.text(LEFT - 8, scale(at) + 4, words, anchor="end", quiet=True)
        at += step
    return scale


def _step(reach: float) -> float:
    """A round step that gives four to eight lines.

    >>> _step(37.0), _step(1.2), _step(9000)
    (10.0, 0.2, 2000.0)
    """
    if reach <= 0:
        return 1.0
    power = 10.0 ** (len(str(int(reach))) - 1) if reach >= 1 else 0.1
    for times in (0.1, 0.2, 0.5, 1, 2, 5):
        if reach / (power * times) <= 6:
            return power * times
    return power * 10


def _years(drawing: Drawing, x: Scale, census: Mapping[int, float]) -> None:
    """The years under the drawing, each at the day of its census."""
    base = TALL - BOTTOM
    drawing.line([(LEFT, base), (WIDE - RIGHT, base)], "axis")
    for year, day in census.items():
        drawing.line([(x(day), base), (x(day), base + 4)], "axis")
        drawing.text(x(day), base + 19, str(year), anchor="middle", quiet=True)


def _grades(drawing: Drawing, x: Scale, judged: pl.DataFrame, first: float, last: float) -> None:
    for row in judged.to_dicts():
        at = day_of(row["date"])
        if first <= at <= last:
            drawing.line([(x(at), TOP - 6), (x(at), TALL - BOTTOM)], "mark")
            drawing.text(x(at), TOP - 12, LETTERS[row["overall"]], anchor="middle", bold=True)


def day_of(when: date) -> float:
    """A day as a place on a line of years.

    >>> day_of(date(2020, 1, 1))
    2020.0
    """
    return when.year + (when.timetuple().tm_yday - 1) / 365.25


def _says(line: Line, judged: pl.DataFrame, area: str) -> str:
    told = line.years.filter(pl.col("own").is_not_null())
    if told.is_empty():
        return f"{line.figure.name}: no value of {area} is published"
    first, last = told.row(0, named=True), told.row(-1, named=True)
    said = (
        f"{line.figure.name}, {area}: {number(line.figure, first['own'])} in {first['year']}, "
        f"{number(line.figure, last['own'])} in {last['year']}"
    )
    if last["neighbours"] is not None:
        said += f"; neighbours' middle {number(line.figure, last['neighbours'])}"
    days = "; ".join(f"{r['overall']} {r['date'].year}" for r in judged.to_dicts())
    return f"{said}. Judgements: {days}." if days else f"{said}."


_SETS = ("range", "second", "third")
_DOTS = ("own", "second", "third")


def after_judgement(figure: Figure, tables: Mapping[Any, pl.DataFrame]) -> Drawing:
    """Means with their intervals by census from the last before publication, one colour for each table."""
    says = "; ".join(
        f"{name}: "
        + ", ".join(f"{r['horizon']:+d} {amount(figure, r['mean'])}" for r in t.to_dicts())
        for name, t in tables.items()
    )
    drawing = Drawing(WIDE, TALL, f"{figure.name} from the last census before publication. {says}")
    ends = [
        v
        for t in tables.values()
        for r in t.to_dicts()
        for v in (r["low"], r["high"], r["mean"])
        if v is not None
    ]
    if not ends:
        return drawing
    y = _up(drawing, [0.0, *(_size(figure, v) for v in ends)], figure)
    x = _across(-3.4, 4.4)
    drawing.line([(LEFT, y(0)), (WIDE - RIGHT, y(0))], "axis")
    drawing.line([(x(0.5), TOP - 6), (x(0.5), TALL - BOTTOM)], "mark")
    drawing.text(x(0.5), TOP - 12, "judgement published", anchor="middle", quiet=True)
    for h in range(-3, 5):
        words = {0: "last before", 1: "first after"}.get(h, f"{h:+d}")
        drawing.text(x(h), TALL - BOTTOM + 19, words, anchor="middle", quiet=True)
    for n, table in enumerate(tables.values()):
        _whiskers(drawing, table, n, len(tables), x, lambda v: y(_size(figure, v)))
    drawing.dot(x(0), y(0), 3, "mark")
    return drawing


def _size(figure: Figure, value: float) -> float:
    """A change as it is drawn: in per cent where the scale is log."""
    return 100 * (exp(value) - 1) if figure.scale == "log" else value


def _whiskers(drawing: Drawing, table: pl.DataFrame, n: int, of: int, x: Scale, y: Scale) -> None:
    aside = (n - (of - 1) / 2) * 0.16
    for row in table.to_dicts():
        place = x(row["horizon"] + aside)
        if row["low"] is not None:
            drawing.line([(place, y(row["low"])), (place, y(row["high"]))], _SETS[n])
        drawing.dot(place, y(row["mean"]), 4.5, _DOTS[n])


def still_inadequate(curve: pl.DataFrame) -> Drawing:
    """The share still inadequate by years from the judgement, with its interval."""
    drawing = Drawing(WIDE, TALL, _curve_says(curve))
    last = max(float(curve["time"].max() or 12) / 12, 1)  # type: ignore[arg-type]
    x = _across(0, last)
    y = _up(
        drawing,
        [0.0, 100.0],
        Figure("", "", "", "percent", "level", "low", "march", False, "", None, ""),
    )
    rows = [{"time": 0.0, "still": 1.0, "low": 1.0, "high": 1.0}, *curve.to_dicts()]
    steps = {
        c: _steps([(x(r["time"] / 12), y(100 * r[c])) for r in rows])
        for c in ("still", "low", "high")
    }
    drawing.area([*steps["high"], *reversed(steps["low"])], "band")
    drawing.line(steps["still"], "own")
    base = TALL - BOTTOM
    drawing.line([(LEFT, base), (WIDE - RIGHT, base)], "axis")
    for year in range(int(last) + 1):
        drawing.text(
            x(year), base + 19, f"{year}" if year else "judged", anchor="middle", quiet=True
        )
    return drawing


def _steps(points: Sequence[Point]) -> list[Point]:
    out = [points[0]]
    for before, now in pairwise(points):
        out += [(now[0], before[1]), now]
    return out


def _curve_says(curve: pl.DataFrame) -> str:
    said = []
    for months in (12, 24, 36, 48, 60):
        part = curve.filter(pl.col("time") <= months)
        if part.height:
            said.append(f"{100 * float(part['still'][-1]):.0f} % after {months // 12} years")
    return f"Share still inadequate: {', '.join(said)}."


def counts_by_year(table: pl.DataFrame, grades: Sequence[str]) -> Drawing:
    """Judgements by year as four lines of dots: rows are grades, the number is written at each year."""
    years = table["year"].to_list()
    drawing = Drawing(
        WIDE, 50 + 60 * len(grades), "Judgements by year and grade; the table has the numbers."
    )
    wide = (WIDE - 170) / max(len(years), 1)
    most = max((v for g in grades for v in table[g].to_list()), default=1) or 1
    for n, grade in enumerate(grades):
        middle = 42 + 60 * n
        drawing.text(0, middle + 4, grade.capitalize())
        for k, value in enumerate(table[grade].to_list()):
            if value:
                fill = "mark" if grade == "inadequate" else "own"
                drawing.dot(185 + k * wide, middle, 4 + 13 * (value / most) ** 0.5, fill)
                drawing.text(
                    185 + k * wide, middle + 31, str(value), anchor="middle", size=11, quiet=True
                )
    for k, year in enumerate(years):
        drawing.text(185 + k * wide, 14, str(year), anchor="middle", quiet=True)
    return drawing
