"""Which way a sentence leans, by all its words: a prior for those in which no cue was found, or a weak one.

A logistic regression on words and pairs of words, with its weights as data (``lean.csv``). Nobody labelled
what it learnt from: it was fitted to what the cues of ``rules.yaml`` say of the sentences of published
reports, and to the grade of the part in which they stand (``benchmarks/report_themes_lean.py``). So it
spreads what the cues know to the words that go with them.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import polars as pl

WEIGHTS = Path(__file__).parent / "lean.csv"
#: Stands before the first word; every sentence has it, so its weight is the constant too.
BEGIN = "^"
_WORD = r"[a-z]+(?:'[a-z]+)?"


@lru_cache(maxsize=1)
def load_lean() -> pl.DataFrame:
    """The weights that are shipped: ``gram`` (a word or two) and ``weight`` (log odds of praise).

    >>> load_lean().columns
    ['gram', 'weight']
    """
    return pl.read_csv(WEIGHTS, schema={"gram": pl.String, "weight": pl.Float64})


def grams(plain: pl.Series) -> pl.DataFrame:
    """The words and pairs of words of each text in small letters: ``row`` and ``gram``, one row for each.

    >>> grams(pl.Series(["plans drift"]))["gram"].to_list()
    ['^', 'plans', 'drift', '^ plans', 'plans drift']
    """
    words = (
        plain.alias("gram").to_frame().lazy()
        .select(pl.concat_list(pl.lit(BEGIN), pl.col("gram").str.extract_all(_WORD)))
        .with_row_index("row")
        .rename({"literal": "gram"})
        .explode("gram")
    )  # fmt: skip
    pairs = words.select(
        "row", pl.col("gram").shift(1) + " " + pl.col("gram"), first=pl.col("gram") == BEGIN
    ).filter(~pl.col("first"))
    return pl.concat([words, pairs.drop("first")]).collect()


def leanings(plain: pl.Series, weights: pl.DataFrame) -> pl.Series:
    """The log odds, by ``weights``, that each text in small letters is praise rather than a concern.

    >>> weights = pl.DataFrame({"gram": ["^", "good", "not good"], "weight": [0.5, 1.0, -3.0]})
    >>> leanings(pl.Series(["good", "not good"]), weights).to_list()
    [1.5, -1.5]
    """
    found = grams(plain).join(weights, on="gram").group_by("row").agg(pl.col("weight").sum())
    rows = pl.DataFrame({"row": pl.int_range(len(plain), dtype=pl.UInt32, eager=True)})
    joined = rows.join(found, on="row", how="left", maintain_order="left")
    return joined["weight"].fill_null(0.0)
