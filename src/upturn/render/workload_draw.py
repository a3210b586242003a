"""The pictures of the workload: every worker as a dot, spreads over time, posts over time, what load does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
from markupsafe import Markup

from upturn.render.words import MONTHS
from upturn.render.workload_words import FEWEST_WORKERS, figure
from upturn.workload.result import Workload

_WIDE, _LEFT, _RIGHT = 720, 200, 20
_TEXT = Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>')
_LINE = Markup('<line class="{}" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>')
_DOT = Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{}"/>')
_BOX = Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')


def strips(found: Workload) -> Markup:
    """A row for each team, a dot for each worker at the children they hold; a bar at the middle one."""
    teams = found.teams.filter(pl.col("workers") >= FEWEST_WORKERS).sort("most", descending=True)
    if teams.is_empty():
        return Markup("")
    top = max(5.0, float(teams["most"].max()))  # type: ignore[arg-type]
    loads = found.workers.with_columns(pl.col("team").fill_null("team not known"))
    parts, row_height = [], 38
    height = row_height * teams.height + 34
    for tick in _ticks(top):
        x = _across(tick, top)
        parts += [
            _LINE.format("grid", x, x, 4, height - 28),
            _TEXT.format("tick mid", x, height - 10, figure(tick)),
        ]
    for n, row in enumerate(teams.to_dicts()):
        y = 4 + row_height * n + row_height / 2
        values = loads.filter(pl.col("team") == row["team"])["children"].to_list()
        parts += [
            _TEXT.format("end", _LEFT - 12, y + 4, row["team"][:28]),
            _LINE.format("range", _across(row["p10"], top), _across(row["p90"], top), y, y),
            *_dots(values, top, y),
            _LINE.format("median", *[_across(row["median"], top)] * 2, y - 13, y + 13),
        ]
    says = f"Children held by each worker, team by team; the most is {figure(top)}. The table says more."
    return _svg("load-strips", height, says, parts)


def _dots(values: Sequence[int], top: float, y: float) -> list[Markup]:
    """Dots beside one another where values are the same."""
    seen: dict[int, int] = {}
    parts = []
    for value in sorted(values):
        n = seen.get(value, 0)
        seen[value] = n + 1
        offset = (n + 1) // 2 * 7 * (1 if n % 2 else -1)
        parts.append(_DOT.format("dot", _across(value, top), y + offset, 4.5))
    return parts


def _across(value: float, top: float) -> float:
    return _LEFT + (_WIDE - _LEFT - _RIGHT) * value / top


def _ticks(top: float) -> list[float]:
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if top / s <= 8)
    return [float(step * n) for n in range(int(top // step) + 1)]


def load_over_time(found: Workload) -> Markup:
    """The middle, the ninetieth centile and the most, month by month."""
    rows = found.months.to_dicts()
    if len(rows) < 3:
        return Markup("")
    series = [("most", "the most"), ("p90", "a tenth above"), ("median", "the middle")]
    top = max(r["most"] for r in rows) * 1.1
    days = [r["day"] for r in rows]
    parts = _frame(days, top, 220)
    for name, words in series:
        places = [(_along(n, len(rows)), _up(r[name], top, 220)) for n, r in enumerate(rows)]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(Markup('<polyline class="line {}" points="{}"/>').format(name, points))
        x, y = places[-1]
        parts.append(
            _TEXT.format(f"label {name}", x + 6, y + 4, f"{words} {figure(rows[-1][name])}")
        )
    says = (
        f"Children a worker over {len(rows)} months: the middle, the ninetieth centile and the most"
    )
    return _svg("load-months", 220, says, parts)


def posts_over_time(found: Workload) -> Markup:
    """Full-time equivalents month by month: permanent, agency, and posts that stand empty."""
    rows = found.post_months.to_dicts()
    if len(rows) < 3:
        return Markup("")
    top = max(r["permanent"] + max(r["agency"], r["vacant"]) for r in rows) * 1.1
    parts = _frame([r["day"] for r in rows], top, 220)
    width = min(18.0, 0.7 * (_PLOT[1] - _PLOT[0]) / len(rows))
    for n, r in enumerate(rows):
        x, empty = _along(n, len(rows)) - width / 2, max(r["vacant"] - r["agency"], 0)
        base = 0.0
        for name, value in (
            ("permanent", r["permanent"]),
            ("agency", r["agency"]),
            ("empty", empty),
        ):
            y0, y1 = _up(base, top, 220), _up(base + value, top, 220)
            parts.append(_BOX.format(name, x, y1, width, max(y0 - y1, 0)))
            base += value
    last, x = rows[-1], _along(len(rows) - 1, len(rows)) + width / 2 + 5
    heights = (
        ("permanent", last["permanent"] / 2, "permanent", last["permanent"]),
        ("agency", last["permanent"] + last["agency"] / 2, "agency", last["agency"]),
        ("empty", last["permanent"] + max(last["vacant"], last["agency"]) + top * 0.03, "empty",
         max(last["vacant"] - last["agency"], 0)),
    )  # fmt: skip
    parts += [
        _TEXT.format(f"label {name}", x, _up(at, top, 220) + 4, f"{words} {figure(value)}")
        for name, at, words, value in heights
    ]
    return _svg(
        "load-posts", 220, "Full-time equivalents by month: permanent, agency, empty", parts
    )


_PLOT = (46, 570)


def _along(n: int, of: int) -> float:
    return _PLOT[0] + 12 + (_PLOT[1] - _PLOT[0] - 24) * n / max(of - 1, 1)


def _up(value: float, top: float, height: int) -> float:
    return height - 28 - (height - 42) * value / top


def _frame(days: Sequence[date], top: float, height: int) -> list[Markup]:
    parts = []
    for tick in _ticks(top):
        y = _up(tick, top, height)
        parts += [
            _LINE.format("grid", _PLOT[0], _PLOT[1], y, y),
            _TEXT.format("tick end", _PLOT[0] - 6, y + 4, figure(tick)),
        ]
    every = max(1, len(days) // 5)
    for n in range(0, len(days), every):
        words = f"{MONTHS[days[n].month - 1][:3]} {days[n].year}"
        parts.append(_TEXT.format("tick mid", _along(n, len(days)), height - 8, words))
    return parts


def what_load_does(found: Workload) -> Markup:
    """For each outcome with a model: the chance of being in time now and with five more children."""
    told = [(d, d.statement) for d in found.delays if d.statement is not None]
    if not told:
        return Markup("")
    parts, height = [], 52 * len(told) + 34

    def at(value: float) -> float:
        return 300 + (_WIDE - 330) * value / 100

    for tick in (0, 25, 50, 75, 100):
        parts += [
            _LINE.format("grid", at(tick), at(tick), 4, height - 28),
            _TEXT.format("tick mid", at(tick), height - 10, f"{tick} %"),
        ]
    for n, (delay, s) in enumerate(told):
        y = 30 + 52 * n
        shown = "dot" if delay.clear else "dot open"
        parts += [
            _TEXT.format("end", 288, y + 4, delay.outcome.name),
            _LINE.format("range", at(s.low), at(s.high), y + 9, y + 9),
            _DOT.format("before", at(s.before), y - 8, 5),
            _DOT.format(shown, at(s.after), y + 9, 5.5),
        ]
    says = "; ".join(
        f"{d.outcome.name}: {s.before:.0f} % now, {s.after:.0f} % with five more" for d, s in told
    )
    return _svg("load-delay", height, says, parts)


def _svg(name: str, height: float, says: str, parts: list[Markup]) -> Markup:
    head = Markup('<svg class="load {}" viewBox="0 0 {} {:.0f}" role="img" aria-label="{}">')
    return head.format(name, _WIDE, height, says) + Markup("").join(parts) + Markup("</svg>")
