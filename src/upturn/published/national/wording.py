"""What followed a judgement, as a sentence that somebody who is no statistician can read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from upturn.published.national.effects import Effects, amount, change_unit, signed
from upturn.published.national.model import Figure

_WORDS = {
    "inadequate": "Authorities newly judged inadequate",
    "requires improvement": "Authorities judged to require improvement",
    "good": "Authorities judged good or outstanding",
}


def after_words(found: Effects, row: Mapping[str, Any]) -> str:
    """What happened by the first census after, in words: how much higher or lower, or that nothing clear did.

    ``row`` is the line of ``found.table`` for that census. Where the figure was moving before the judgement,
    that is said too.
    """
    figure = found.figure
    what = figure.name[:1].lower() + figure.name[1:]
    low, high = signed(figure, row["low"]), signed(figure, row["high"])
    of = f"{row['events']:,} judgements"
    behind = f"95 % interval {low} to {high}; {of}" if low else of
    who = f"{_WORDS[found.after]}: at the first census after the report, "
    if row["low"] is not None and row["low"] <= 0 <= row["high"]:
        said = f"no clear change in their {what}, beside the median authority: {amount(figure, row['mean'])}"
    else:
        said = (
            f"their {what} stood {_apart(figure, row['mean'])} than at the last one before it, beside the "
            "median authority"
        )
    return f"{who}{said} ({behind}).{_before(found)}"


def _apart(figure: Figure, change: float) -> str:
    """How far a figure is from where it was.

    >>> from upturn.published.national.model import figures
    >>> _apart(figures()["vacancy"], -7.26), _apart(figures()["s47-children-rate"], 31.8)
    ('7.3 points lower', '31.8 higher')
    """
    unit = "" if figure.unit == "rate" and figure.scale != "log" else change_unit(figure)
    size = f"{signed(figure, change).lstrip('+-')} {unit}".strip()
    return f"{size} {'higher' if change > 0 else 'lower'}"


def _before(found: Effects) -> str:
    """What must be said when the figure was changing before the judgement; empty when it was not."""
    was = found.table.filter(
        pl.col("horizon").is_in([-1, -2]), (pl.col("low") > 0) | (pl.col("high") < 0)
    )
    if was.is_empty():
        return ""
    said = ", ".join(
        f"{'one census' if r['horizon'] == -1 else 'two censuses'} earlier still it stood "
        f"{_apart(found.figure, r['mean'])}"
        for r in was.sort("horizon", descending=True).to_dicts()
    )
    return f" It was moving already: {said}."
