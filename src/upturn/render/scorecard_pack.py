"""The children behind every number of a scorecard, packed small for the page that opens them."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import polars as pl

from upturn.measures.scorecard import Scorecard

#: How a row stands in a measure, by its code on the page.
SIDES = ("in", "out", "unknown")


def pack_members(card: Scorecard) -> str:
    """Every member of every measure as base64 of deflated JSON; words stand once, rows hold codes.

    Days are whole days before the as-at date. ``side`` is a place in `SIDES`.
    """
    frames = [entry.value.members for entry in card.entries]
    words = {
        name: sorted({w for frame in frames for w in frame[name].unique().drop_nulls()})
        for name in ("child_id", "team", "source")
    }
    data = {
        "asAt": str(card.as_at),
        "words": words,
        "measures": {
            entry.measure.id: _columns(entry.value.members, words, card) for entry in card.entries
        },
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 6)).decode()


def _columns(frame: pl.DataFrame, words: dict[str, list[str]], card: Scorecard) -> dict[str, Any]:
    side = pl.when(pl.col("counts")).then(0).when(~pl.col("counts")).then(1).otherwise(2)
    frame = frame.with_columns(_side=side).sort("_side", "child_id", nulls_last=True)
    coded = {
        name: frame[name]
        .replace_strict(known, range(len(known)), default=None, return_dtype=pl.Int32)
        .to_list()
        for name, known in words.items()
        if known
    }
    ago = (pl.lit(card.as_at) - pl.col("day")).dt.total_days()
    return {
        "child": coded.get("child_id", []),
        "team": coded.get("team", [None] * frame.height),
        "source": coded.get("source", [None] * frame.height),
        "day": frame.select(ago).to_series().to_list() if frame["day"].count() else None,
        "side": frame["_side"].to_list(),
        "amount": frame["amount"].round(1).to_list() if frame["amount"].count() else None,
    }


def members_table(card: Scorecard) -> pl.DataFrame:
    """Every member of every measure, one row each, for ``scorecard_children.csv``."""
    said = pl.when(pl.col("counts")).then(pl.lit("in")).when(~pl.col("counts")).then(pl.lit("out"))
    frames = [
        entry.value.members.select(
            pl.lit(entry.measure.id).alias("measure"),
            "child_id",
            "team",
            "source",
            "day",
            said.otherwise(pl.lit("cannot tell")).alias("counts"),
            pl.col("amount").round(2),
        )
        for entry in card.entries
    ]
    return pl.concat(frames)
