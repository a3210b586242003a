"""The seven rules in Polars' streaming engine, from a frame in memory or from Parquet."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
from national import families
from timing import report

from upturn.journeys.kernel import vocabulary
from upturn.rulebooks.calendar import DAY0

WORDS, _ = vocabulary()
PATH, HOW = Path(sys.argv[1], "log.parquet"), sys.argv[2]
RULES = families()
COLUMNS = ["episode", "event", "day"]
LOG = pl.scan_parquet(PATH).select(COLUMNS)
LOG = LOG.collect().lazy() if HOW == "memory" else LOG


def is_(word: str) -> pl.Expr:
    return pl.col("event") == WORDS.index(word)


def due(rule) -> pl.Expr:
    return pl.lit(pl.Series(np.array(rule.due))).gather(pl.col("day") - DAY0)


def query(rule) -> pl.LazyFrame:
    starts, stops = LOG.filter(is_(rule.starts)), LOG.filter(is_(rule.stops[0]))
    if rule.pattern == "interval":
        both = LOG.filter(is_(rule.starts) | is_(rule.stops[0]))
        same = pl.col("episode") == pl.col("episode").shift(-1)
        found = both.with_columns(stopped=pl.when(same).then(pl.col("day").shift(-1)))
        return found.select((pl.col("stopped") <= due(rule)).sum(), n=pl.len())
    if rule.pattern == "precedence":
        first = stops.group_by("episode").agg(stopped=pl.col("day").min())
        found = starts.join(first, on="episode", how="left")
        return found.select((pl.col("stopped") <= pl.col("day")).sum(), n=pl.len())
    pairs = starts.join(stops.select("episode", stopped="day"), on="episode", how="left")
    late = pl.when(pl.col("stopped") >= pl.col("day")).then("stopped").min()
    found = pairs.group_by("episode").agg(pl.col("day").first(), stopped=late)
    return found.select((pl.col("stopped") <= due(rule)).sum(), n=pl.len())


def run():
    frames = pl.collect_all([query(rule) for rule in RULES], engine="streaming")
    return [frame.row(0) for frame in frames]


report(run, LOG.select(pl.len()).collect().item())
