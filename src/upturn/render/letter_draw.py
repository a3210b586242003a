"""The pictures of a letter, as SVG: a share with its interval, and the months."""

from __future__ import annotations

from html import escape

from upturn.findings.judge import percent
from upturn.findings.model import Finding
from upturn.render.words import MONTHS

_WIDE, _LEFT = 560, 10
#: More months than this are too narrow for "6 of 13" on one line.
_ABREAST = 8


def interval_picture(finding: Finding) -> str:
    """The share as a dot on its interval, the comparator as a dashed line; each with its number."""
    if finding.share is None or finding.comparator is None:
        return ""
    low, high, against = finding.low or 0.0, finding.high or 0.0, finding.comparator.value
    top = _round_up(max(high, against, 0.02) * 1.15)
    x = {k: _LEFT + v / top * (_WIDE - 2 * _LEFT) for k, v in
         (("low", low), ("high", high), ("share", finding.share), ("against", against))}  # fmt: skip
    says = (
        f"{percent(finding.share)}, interval {percent(low)} to {percent(high)}, "
        f"against {percent(against)}"
    )
    return (
        f'<svg class="interval" viewBox="0 0 {_WIDE} 74" role="img" aria-label="{escape(says)}">'
        f'<line class="axis" x1="{_LEFT}" x2="{_WIDE - _LEFT}" y1="54" y2="54"/>'
        f'<text class="tick" x="{_LEFT}" y="70">0</text>'
        f'<text class="tick end" x="{_WIDE - _LEFT}" y="70">{percent(top)}</text>'
        f'<line class="against" x1="{x["against"]:.1f}" x2="{x["against"]:.1f}" y1="18" y2="54"/>'
        f"{_label(x['against'], 12, f'{percent(against)} {_basis(finding)}')}"
        f'<line class="range" x1="{x["low"]:.1f}" x2="{x["high"]:.1f}" y1="38" y2="38"/>'
        f'<circle class="dot" cx="{x["share"]:.1f}" cy="38" r="6"/></svg>'
    )


def _basis(finding: Finding) -> str:
    basis = finding.comparator.basis if finding.comparator else ""
    return {"published": "published", "derived": "worked out", "assumed": "tolerance assumed"}[
        basis
    ]


def _label(x: float, y: int, text: str) -> str:
    anchor = "end" if x > _WIDE * 0.6 else "start"
    x += -5 if anchor == "end" else 5
    return f'<text class="says {anchor}" x="{x:.1f}" y="{y}">{escape(text)}</text>'


def _round_up(share: float) -> float:
    """The end of the axis: the next of a few round shares.

    >>> _round_up(0.23), _round_up(0.9)
    (0.3, 1.0)
    """
    return next((e for e in (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8) if share <= e), 1.0)


def months_picture(finding: Finding) -> str:
    """The share of each month as a column, its number above it; empty for fewer than three months."""
    rows = finding.trend.tail(12).to_dicts()
    if len(rows) < 3 or finding.pattern.kind in ("demand", "outrun", "uneven"):
        return ""
    top = max([r["share"] for r in rows] + [0.02])
    step = (_WIDE - 2 * _LEFT) / len(rows)
    parts = []
    for i, row in enumerate(rows):
        left, tall = _LEFT + i * step, 60 * row["share"] / top
        middle = left + step / 2
        parts.append(
            f'<rect class="month" x="{left + step * 0.15:.1f}" y="{78 - tall:.1f}" width="{step * 0.7:.1f}" '
            f'height="{max(tall, 1):.1f}"/><text class="mid" x="{middle:.1f}" y="{72 - tall:.1f}">'
            f'{percent(row["share"])}</text><text class="mid tick" x="{middle:.1f}" y="94">'
            f"{MONTHS[int(row['label'][5:]) - 1]}</text>"
            f"{_counts(middle, row['n'], row['of'], narrow=len(rows) > _ABREAST)}"
        )
    says = ", ".join(f"{MONTHS[int(r['label'][5:]) - 1]} {r['n']} of {r['of']}" for r in rows)
    high = 130 if len(rows) > _ABREAST else 116
    return (
        f'<svg class="months" viewBox="0 0 {_WIDE} {high}" role="img" aria-label="By month: {escape(says)}">'
        f'{"".join(parts)}<line class="axis" x1="{_LEFT}" x2="{_WIDE - _LEFT}" y1="78.5" y2="78.5"/></svg>'
    )


def _counts(middle: float, n: int, of: int, *, narrow: bool) -> str:
    """How many of how many below a month, on two lines where months are narrow."""
    lines = [f"{n:,}", f"of {of:,}"] if narrow else [f"{n:,} of {of:,}"]
    return "".join(
        f'<text class="mid tick" x="{middle:.1f}" y="{110 + 14 * i}">{line}</text>'
        for i, line in enumerate(lines)
    )
