"""A drawing as a list of shapes, put out as SVG for pages and as a picture for Word documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from math import ceil, floor
from typing import Any

from markupsafe import Markup, escape

Point = tuple[float, float]
#: Colours and widths by name: a drawing says what a shape is, not how it looks.
STYLES: dict[str, tuple[str, float, tuple[int, int] | None]] = {
    "own": ("#12436d", 3.0, None),
    "near": ("#505a5f", 1.8, None),
    "england": ("#a84a10", 1.8, (6, 4)),
    "axis": ("#6b7276", 1.0, None),
    "grid": ("#dfe4e8", 1.0, None),
    "mark": ("#801650", 1.4, (3, 3)),
    "range": ("#12436d", 2.4, None),
    "second": ("#a84a10", 2.4, None),
    "third": ("#1b7a72", 2.4, None),
    "worse": ("#801650", 2.4, None),
    "hair": ("#12436d", 0.8, None),
    "edge": ("#a84a10", 1.0, (2, 3)),
    "dashed": ("#a84a10", 2.4, (6, 3)),
    "maybe": ("#12436d", 2.0, (4, 3)),
    "outline": ("#3d3d3d", 1.6, None),
    "casing": ("#ffffff", 6.0, None),
}
FILLS = {"band": "#dde6ee", "own": "#12436d", "second": "#a84a10", "third": "#1b7a72", "mark": "#801650",
         "pale": "#f2f5f8", "white": "#ffffff", "before": "#e7edf4", "after": "#f7e9f0", "faint": "#b6bfc5",
         "rust": "#f6e8e0", "ink": "#1b1b1b",
         # parts of a bar: light and dark by turns, so that neighbours are told apart without colour
         "s0": "#12436d", "s1": "#5f94c4", "s2": "#801650", "s3": "#cc6fa3", "s4": "#3d3d3d"}  # fmt: skip
INK, QUIET = "#1b1b1b", "#505a5f"


@dataclass
class Drawing:
    """A drawing of ``width`` by ``height``, with the words that stand for it where it cannot be seen."""

    width: int
    height: int
    says: str
    shapes: list[tuple[str, tuple[object, ...]]] = field(default_factory=list)

    def line(self, points: Sequence[Point], style: str) -> None:
        """A line through ``points``."""
        if len(points) > 1:
            self.shapes.append(("line", (tuple(points), style)))

    def area(self, points: Sequence[Point], fill: str) -> None:
        """A filled shape."""
        if len(points) > 2:
            self.shapes.append(("area", (tuple(points), fill)))

    def box(self, x: float, y: float, wide: float, tall: float, fill: str, edge: str = "") -> None:
        """A filled rectangle from its top left corner; ``edge`` is the style of the line round it."""
        corners = ((x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall))
        self.area(corners, fill)
        if edge:
            self.line((*corners, corners[0]), edge)

    def dot(self, x: float, y: float, r: float, fill: str) -> None:
        """A filled circle."""
        self.shapes.append(("dot", (x, y, r, fill)))

    def inside(self, x: float, y: float, words: str, *, size: int = 13, bold: bool = False,
               quiet: bool = False) -> None:  # fmt: skip
        """Words with their middle at ``x``, or as near to it as keeps them in the drawing."""
        half = words_wide(words, size) / 2
        held = max(min(x, self.width - half), half)
        self.text(held, y, words, anchor="middle", size=size, bold=bold, quiet=quiet)

    def text(self, x: float, y: float, words: str, *, anchor: str = "start", size: int = 13,
             quiet: bool = False, bold: bool = False) -> None:  # fmt: skip
        """Words whose baseline is at ``y``; ``anchor`` is start, middle or end."""
        self.shapes.append(("text", (x, y, words, anchor, size, quiet, bold)))


def ticks(low: float, high: float) -> list[float]:
    """Two to six round values from ``low`` to ``high``, for an axis.

    >>> ticks(0, 0.27), ticks(0.6, 0.96), ticks(0, 1_450_000)
    ([0.0, 0.1, 0.2], [0.6, 0.7, 0.8, 0.9], [0.0, 500000.0, 1000000.0])
    """
    span = high - low
    step = 10.0 ** (len(f"{int(span)}") - 1) if span >= 1 else 1.0
    while span / step < 2:
        step /= 10
    step = next(s for s in (step, 2 * step, 5 * step) if span / s < 6 or s == 5 * step)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(n * step, 10) for n in range(first, last + 1)]


def words_wide(words: str, size: int = 13) -> float:
    """About how wide words are: letters of the faces used here are a little over half as wide as high.

    >>> words_wide("before")
    44.46
    """
    return round(0.57 * size * len(words), 2)


def apart(places: Sequence[float], gap: float, *, low: float, high: float) -> list[float]:
    """The places moved so that none is nearer than ``gap`` to the next; their order stays.

    Between ``low`` and ``high`` where there is room for all.

    >>> apart([50, 48, 10], 15, low=0, high=60)
    [60, 45, 10]
    """
    order = sorted(range(len(places)), key=lambda n: (places[n], -n))
    moved = list(places)
    floor = low
    for n in order:
        moved[n] = floor = max(moved[n], floor)
        floor += gap
    ceiling = high
    for n in reversed(order):
        moved[n] = min(moved[n], ceiling)
        ceiling = moved[n] - gap
    return moved


def svg(drawing: Drawing, css: str = "drawn") -> Markup:
    """The drawing as SVG, without style attributes: a page's policy would refuse them."""
    parts = [_SVG[kind](*said) for kind, said in drawing.shapes]
    return Markup(
        f'<svg class="{css}" viewBox="0 0 {drawing.width} {drawing.height}" role="img" '
        f'aria-label="{escape(drawing.says)}" xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _svg_line(points: Sequence[Point], style: str) -> str:
    colour, width, dash = STYLES[style]
    dashed = f' stroke-dasharray="{dash[0]} {dash[1]}"' if dash else ""
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}/>'


def _svg_area(points: Sequence[Point], fill: str) -> str:
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polygon points="{places}" fill="{FILLS[fill]}"/>'


def _svg_dot(x: float, y: float, r: float, fill: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="{FILLS[fill]}"/>'


def _svg_text(
    x: float, y: float, words: str, anchor: str, size: int, quiet: bool, bold: bool
) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{QUIET if quiet else INK}"{weight}>{escape(words)}</text>'
    )


_SVG: dict[str, Callable[..., str]] = {
    "line": _svg_line,
    "area": _svg_area,
    "dot": _svg_dot,
    "text": _svg_text,
}


def png(drawing: Drawing, *, scale: int = 2) -> bytes:
    """The drawing as a picture, ``scale`` dots to each of its units. Needs Pillow (the extra ``word``)."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (drawing.width * scale, drawing.height * scale), "white")
    pen = ImageDraw.Draw(image)
    for kind, said in drawing.shapes:
        if kind == "text":
            x, y, words, anchor, size, quiet, bold = said
            font = ImageFont.load_default(size=int(size) * scale)  # type: ignore[call-overload]
            colour = QUIET if quiet else INK
            # Pillow's own face has no bold: the words come twice, a little aside.
            for aside in (0, 0.5) if bold else (0,):
                at = (float(x) + aside) * scale, float(y) * scale  # type: ignore[arg-type]
                _write(pen, at, str(words), font, str(anchor), colour)
        else:
            _paint(pen, kind, said, scale)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


#: Pillow's own face, which is there wherever Pillow is, has ASCII only.
_PLAIN = str.maketrans({"–": "-", "—": "-", "−": "-", "×": "x", "·": "|", "’": "'", "‘": "'", "“": '"',
                        "”": '"', "…": "...", "\xa0": " "})  # fmt: skip
#: A pound sign, as strokes: in parts of the letters' size, from the foot of the line up.
_POUND = (
    ((0.52, 0.56), (0.46, 0.67), (0.36, 0.71), (0.26, 0.68), (0.20, 0.58), (0.20, 0.44), (0.22, 0.28),
     (0.19, 0.12), (0.09, 0.03), (0.54, 0.03)),
    ((0.08, 0.36), (0.43, 0.36)),
)  # fmt: skip
_POUND_WIDE = 0.6


def _write(pen: Any, at: Point, words: str, font: Any, anchor: str, colour: str) -> None:
    """Words whose start, middle or end is at ``at``, on the foot of their line."""
    size, (x, y) = font.size, at
    parts = words.translate(_PLAIN).split("£")
    wide = [font.getlength(part) for part in parts]
    whole = sum(wide) + _POUND_WIDE * size * (len(parts) - 1)
    x -= {"start": 0.0, "middle": whole / 2, "end": whole}[anchor]
    for n, (part, own) in enumerate(zip(parts, wide, strict=True)):
        if n:
            for stroke in _POUND:
                places = [(x + a * size, y - b * size) for a, b in stroke]
                pen.line(places, fill=colour, width=max(1, round(size * 0.08)), joint="curve")
            x += _POUND_WIDE * size
        pen.text((x, y), part, font=font, fill=colour, anchor="ls")
        x += own


def _paint(pen: object, kind: str, said: tuple[object, ...], scale: int) -> None:
    from PIL.ImageDraw import ImageDraw

    assert isinstance(pen, ImageDraw)
    if kind == "dot":
        x, y, r, fill = said
        a, b, c = (float(v) * scale for v in (x, y, r))  # type: ignore[arg-type]
        pen.ellipse((a - c, b - c, a + c, b + c), fill=FILLS[str(fill)])
        return
    points, style = said
    places = [(x * scale, y * scale) for x, y in points]  # type: ignore[attr-defined]
    if kind == "area":
        pen.polygon(places, fill=FILLS[str(style)])
        return
    colour, width, dash = STYLES[str(style)]
    for part in _dashed(places, dash, scale):
        pen.line(part, fill=colour, width=max(1, round(width * scale)), joint="curve")


def _dashed(points: list[Point], dash: tuple[int, int] | None, scale: int) -> list[list[Point]]:
    """The line itself, or its dashes: the painter knows no dashes."""
    if dash is None:
        return [points]
    on, off = dash[0] * scale, dash[1] * scale
    parts: list[list[Point]] = []
    for (x0, y0), (x1, y1) in pairwise(points):
        long = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        step, at = on + off, 0.0
        while at < long:
            a, b = at / long, min(at + on, long) / long
            parts.append([(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a),
                          (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)])  # fmt: skip
            at += step
    return parts
