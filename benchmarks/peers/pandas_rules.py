"""The seven rules in pandas, from integer columns in memory."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
from national import families
from timing import report

from upturn.journeys.kernel import vocabulary
from upturn.rulebooks.calendar import DAY0

WORDS, _ = vocabulary()
log = pl.read_parquet(Path(sys.argv[1], "log.parquet"), columns=["episode", "event", "day"])
frame = pd.DataFrame({c: log[c].to_numpy() for c in log.columns})
del log
RULES = families()


def of(word: str) -> pd.DataFrame:
    return frame.loc[frame.event == WORDS.index(word), ["episode", "day"]]


def gaps(rule) -> tuple[int, int]:
    """From the start and from each visit to the next."""
    both = [WORDS.index(rule.starts), *(WORDS.index(w) for w in rule.stops)]
    rows = frame.loc[frame.event.isin(both)]
    following = rows.day.shift(-1).where(rows.episode == rows.episode.shift(-1))
    return int((following <= rule.due[rows.day - DAY0]).sum()), len(rows)


def before(rule) -> tuple[int, int]:
    starts, first = of(rule.starts), of(rule.stops[0]).groupby("episode").day.min()
    return int((starts.episode.map(first) <= starts.day).sum()), len(starts)


def deadline(rule) -> tuple[int, int]:
    """Each case has at most one start."""
    starts = of(rule.starts)
    stops = of(rule.stops[0]).merge(starts, on="episode", suffixes=("", "_start"))
    first = stops[stops.day >= stops.day_start].groupby("episode").day.min()
    due = rule.due[starts.day - DAY0]
    return int((starts.episode.map(first) <= due).sum()), len(starts)


HOW = {"deadline": deadline, "interval": gaps, "precedence": before}
report(lambda: [HOW[rule.pattern](rule) for rule in RULES], np.int64(len(frame)))
