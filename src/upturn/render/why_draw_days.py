"""The pictures of "Why" that follow work: where the days went, and where the load goes by itself."""

from __future__ import annotations

from collections.abc import Sequence

from upturn.causes import words
from upturn.causes.model import Waiting
from upturn.causes.spiral_model import Spiral
from upturn.render.drawing import Drawing, words_wide
from upturn.render.why_draw import WIDE

#: The fill of each stage, in order.
STAGES = ("s0", "s1", "s2", "s3", "s4")
_ROW = 76
#: Height of the arrows, of the scale below them, and of the words above them.
_ARROWS, _SCALE, _WORDS = 90, 150, 42


def waiting_drawing(rows: Sequence[Waiting], *, key: bool = False) -> Drawing:
    """A bar a period, as long as its days, split by what was waited for; ``key`` adds what each fill is."""
    told = "; ".join(
        f"{w.period}: " + ", ".join(f"{n} {words.figure(d)}" for n, d in w.days) for w in rows
    )
    drawing = Drawing(WIDE, 0, told)
    top = _key(drawing, [name for name, _ in rows[0].days]) if key and rows else 0.0
    scale = (WIDE - 20) / (max((sum(d for _, d in w.days) for w in rows), default=0) or 1.0)
    for n, waiting in enumerate(rows):
        _days_bar(drawing, waiting, top + _ROW * n, scale)
    drawing.height = round(top) + _ROW * len(rows)
    return drawing


def _days_bar(drawing: Drawing, waiting: Waiting, y: float, scale: float) -> None:
    total = sum(d for _, d in waiting.days)
    drawing.text(10, y + 16, f"{waiting.period}: {words.figure(total)} working days")
    x = 10.0
    for fill, (_, days) in zip(STAGES, waiting.days, strict=False):
        width = days * scale
        drawing.box(x, y + 24, max(width - 1, 0.5), 24, fill)
        if width > words_wide(words.figure(days)) + 4:
            drawing.text(x + width / 2, y + 63, words.figure(days), anchor="middle")
        x += width


def _key(drawing: Drawing, names: Sequence[str]) -> float:
    """What each fill stands for, in as many lines as it takes; returns where they end."""
    x, y = 10.0, 4.0
    for fill, name in zip(STAGES, names, strict=False):
        wide = 20 + words_wide(name)
        if x > 10 and x + wide > WIDE:
            x, y = 10.0, y + 20
        drawing.box(x, y, 12, 12, fill)
        drawing.text(x + 18, y + 11, name)
        x += wide + 16
    return y + 24


def spiral_drawing(spiral: Spiral) -> Drawing | None:
    """The load as a road: arrows show where it goes by itself from each load, a mark where the service is."""
    if spiral.map.height < 3:
        return None
    rows = spiral.map.to_dicts()
    low = min(rows[0]["before"], spiral.load)
    high = max(rows[-1]["before"], spiral.load)
    span = max(high - low, 1e-9)

    def x(load: float) -> float:
        return float(30 + (min(max(load, low), high) - low) / span * (WIDE - 60))

    told = "; ".join(spiral.sentences[:2])
    drawing = Drawing(WIDE, 190, f"Where the load goes by itself. {told}")
    drawing.line([(30, _SCALE), (WIDE - 30, _SCALE)], "axis")
    for row in rows[:: max(1, len(rows) // 9)]:
        _arrow(drawing, x(row["before"]), x(row["after"]), back=row["after"] <= row["before"])
    _crossings(drawing, [(c.kind, c.at, x(c.at)) for c in spiral.crossings])
    for value in (low, (low + high) / 2, high):
        drawing.inside(x(value), _SCALE + 16, words.figure(value), quiet=True)
    here = x(spiral.load)
    drawing.area([(here, _SCALE - 4), (here - 9, _SCALE - 20), (here + 9, _SCALE - 20)], "ink")
    load = words.figure(spiral.load)
    drawing.inside(here, _SCALE + 36, f"the service is here: {load} children a worker", bold=True)
    return drawing


def _crossings(drawing: Drawing, marks: Sequence[tuple[str, float, float]]) -> None:
    """Where it settles or tips, with words above; words that would touch stand on the line above."""
    taken = {0: -1e9, 1: -1e9}
    for kind, at, x in sorted(marks, key=lambda mark: mark[2]):
        said = f"{kind} at {words.figure(at)}"
        half = words_wide(said) / 2
        level = 0 if x - half > taken[0] else 1
        taken[level] = x + half + 8
        drawing.line([(x, _WORDS - 18 * level + 6), (x, _SCALE - 24)],
                     "third" if kind == "settles" else "mark")  # fmt: skip
        drawing.inside(x, _WORDS - 18 * level, said)


def _arrow(drawing: Drawing, start: float, end: float, *, back: bool) -> None:
    """An arrow from a load to where it is a year later; back is good, on is bad."""
    sign, style, fill = (-1, "third", "third") if back else (1, "worse", "mark")
    y = _ARROWS + (0 if back else 14)
    if abs(end - start) < 4:
        drawing.dot(start, y, 4, fill)
        return
    drawing.line([(start, y), (end - sign * 8, y)], style)
    drawing.dot(start, y, 3.5, fill)
    drawing.area([(end, y), (end - sign * 10, y - 6), (end - sign * 10, y + 6)], fill)
