"""A funnel plot in plain SVG: every authority by its size, England's line, and two pairs of limits."""

from __future__ import annotations

import math
from collections.abc import Callable

import polars as pl
from markupsafe import Markup

from upturn.measures.benchmark.funnel import BEYOND, UNUSUAL, Funnel
from upturn.measures.scorecard import Entry, Scorecard
from upturn.measures.words import number

_WIDE, _HIGH, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 320, 76, 12, 16, 56
_SHAPES = {
    "own": '<polygon class="own" points="{},{} {},{} {},{} {},{}"><title>{}</title></polygon>',
    "near": '<rect class="near" x="{}" y="{}" width="8" height="8"><title>{}</title></rect>',
    "other": '<circle class="other" cx="{}" cy="{}" r="3"><title>{}</title></circle>',
}
Scale = Callable[[float], float]


def funnel_picture(entry: Entry) -> Markup:
    """The funnel of a measure, or nothing. Our own place has a shape of its own, neighbours another."""
    found = entry.funnel
    if found is None:
        return Markup("")
    across, up = _scales(found)
    parts = [*_frame(entry, found, across, up)]
    for name in ("lowest", "low", "high", "highest"):
        line = "limit wide" if name.endswith("est") else "limit"
        parts.append(_line(line, found, name, across, up))
    others = found.points.sort("own", "near")
    parts += [_point(row, entry, across, up) for row in others.iter_rows(named=True)]
    label = funnel_words(entry)
    head = Markup('<svg class="chart funnel" viewBox="0 0 {} {}" role="img" aria-label="{}">')
    return head.format(_WIDE, _HIGH, label) + Markup("").join(parts) + Markup("</svg>")


def funnel_words(entry: Entry) -> str:
    """What the picture shows, in a sentence."""
    found = entry.funnel
    assert found is not None
    beyond = found.points["beyond"]
    where = {"": "within the limits", UNUSUAL: UNUSUAL, BEYOND: BEYOND}.get(found.own, found.own)
    return (
        f"{found.points.height} authorities, {found.year}: England "
        f"{number(found.target, entry.measure.unit)}; {int((beyond == BEYOND).sum())} are {BEYOND} "
        f"and {int((beyond == UNUSUAL).sum())} more {UNUSUAL}; this authority is {where}"
    )


def _scales(found: Funnel) -> tuple[Scale, Scale]:
    """Size on a logarithmic axis, because authorities differ fifty-fold; values from the smallest up."""
    small, large = (math.log(float(found.limits["of"][end])) for end in (0, -1))
    values = found.points["value"]
    low, high = float(values.min()), float(values.max())  # type: ignore[arg-type]
    room = (high - low or 1.0) * 0.06
    low, high = max(low - room, 0.0), high + room

    def across(size: float) -> float:
        wide = _WIDE - _LEFT - _RIGHT
        return round(_LEFT + (math.log(size) - small) / (large - small or 1.0) * wide, 1)

    def up(value: float) -> float:
        tall = _HIGH - _TOP - _BOTTOM
        held = min(max(value, low), high)
        return round(_HIGH - _BOTTOM - (held - low) / (high - low) * tall, 1)

    return across, up


def _frame(entry: Entry, found: Funnel, across: Scale, up: Scale) -> list[Markup]:
    text = Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>')
    values, sizes = found.points["value"], found.points["of"]
    ends = (float(values.min()), float(values.max()))  # type: ignore[arg-type]
    rule = Markup('<line class="mean" x1="{}" x2="{}" y1="{}" y2="{}"/>')
    base = _HIGH - _BOTTOM + 18
    return [
        rule.format(_LEFT, _WIDE - _RIGHT, up(found.target), up(found.target)),
        *(text.format(_LEFT - 8, up(end) + 4, "end", number(end, found.unit)) for end in ends),
        text.format(_WIDE - _RIGHT, up(found.target) - 5, "end", "England"),
        *(
            text.format(across(float(size)), base, anchor, f"{float(size):,.0f}")  # type: ignore[arg-type]
            for size, anchor in ((sizes.min(), "start"), (sizes.max(), "end"))
        ),
        text.format((_LEFT + _WIDE) / 2, base + 18, "middle", _size_words(entry)),
    ]


def _size_words(entry: Entry) -> str:
    return "children aged 0 to 17" if entry.measure.unit == "rate" else "how many it is a share of"


def _line(kind: str, found: Funnel, name: str, across: Scale, up: Scale) -> Markup:
    ends = found.limits.select("of", name).iter_rows()
    points = " ".join(f"{across(size)},{up(value)}" for size, value in ends)
    return Markup('<polyline class="{}" points="{}"/>').format(kind, points)


def _point(row: dict[str, object], entry: Entry, across: Scale, up: Scale) -> Markup:
    value, size = float(str(row["value"])), float(str(row["of"]))
    x, y = across(size), up(value)
    said = f"{row['area']}: {number(value, entry.measure.unit)} of {size:,.0f}"
    if row["own"]:
        around = (x, y - 8, x + 8, y, x, y + 8, x - 8, y)
        return Markup(_SHAPES["own"]).format(*around, said)
    if row["near"]:
        return Markup(_SHAPES["near"]).format(x - 4, y - 4, said)
    return Markup(_SHAPES["other"]).format(x, y, said)


def funnel_rows(entry: Entry) -> list[tuple[str, str, str, str]]:
    """The picture in words: our own authority, neighbours, and every one outside the limits."""
    if entry.funnel is None:
        return []
    told = entry.funnel.points.filter(
        pl.col("own") | pl.col("near") | (pl.col("beyond") == BEYOND)
    ).sort("own", "value", descending=True)
    return [
        (
            row["area"] + (" (here)" if row["own"] else " (neighbour)" if row["near"] else ""),
            number(row["value"], entry.measure.unit),
            f"{row['of']:,.0f}",
            row["beyond"] or "within the limits",
        )
        for row in told.iter_rows(named=True)
    ]


FUNNEL_COLUMNS: dict[str, pl.DataType] = {
    "measure": pl.String(), "year": pl.Int64(), "area": pl.String(), "la_code": pl.String(),
    "value": pl.Float64(), "of": pl.Float64(), "here": pl.Boolean(), "neighbour": pl.Boolean(),
    "england": pl.Float64(), "beyond": pl.String(),
}  # fmt: skip


def funnels_table(card: Scorecard) -> pl.DataFrame:
    """Every point of every funnel, one row an authority, for Excel and JSON."""
    parts = [
        e.funnel.points.select(
            pl.lit(e.measure.id).alias("measure"),
            pl.lit(e.funnel.year).cast(pl.Int64).alias("year"),
            "area",
            "la_code",
            "value",
            "of",
            pl.col("own").alias("here"),
            pl.col("near").alias("neighbour"),
            pl.lit(e.funnel.target).alias("england"),
            "beyond",
        )
        for e in card.entries
        if e.funnel is not None
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=FUNNEL_COLUMNS)
