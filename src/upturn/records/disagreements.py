"""Disagreements: where two sources put together as one casebook say different things of one record.

A row is one difference, with both places. Neither source is taken to be right: the casebook uses the
newer, and ``used`` says what that comes to.
"""

from __future__ import annotations

import polars as pl

#: The kinds of disagreement, with what each means.
KINDS = {
    "differs": "both sources hold a value, and not the same one",
    "blank in the newer": "the earlier source holds a value and the newer has none",
    "recorded late": "the newer source dates it before the earlier was taken, and the earlier had it blank",
    "only in the newer": "the earlier source should hold the record and does not",
    "only in the earlier": "the newer source should hold the record and does not",
    "open, then gone": "open in the earlier source and not in the newer, so when it ended is not known",
}

SCHEMA: dict[str, pl.DataType] = {
    "disagreement": pl.String(),  # one of `KINDS`
    "child_id": pl.String(),
    "table": pl.String(),  # table of the casebook, e.g. "cp_plans"
    "what": pl.String(),  # the column as the newer source's layout calls it; "the record" for a whole one
    "newer": pl.String(),  # the value; null where there is none
    "newer_place": pl.String(),  # "august.xlsx List 4 row 22"
    "earlier": pl.String(),
    "earlier_place": pl.String(),
    "used": pl.String(),
}


def none() -> pl.DataFrame:
    """No disagreement at all.

    >>> none().height
    0
    """
    return pl.DataFrame(schema=SCHEMA)
