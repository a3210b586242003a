"""The seven rules in DuckDB, from a table in memory or from Parquet, with a number of threads."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from national import families
from timing import report

from upturn.journeys.kernel import vocabulary
from upturn.rulebooks.calendar import DAY0, DAYS

WORDS, _ = vocabulary()
PATH, HOW, THREADS = Path(sys.argv[1], "log.parquet"), sys.argv[2], int(sys.argv[3])
RULES = families()
LOG = "log" if HOW == "memory" else f"read_parquet('{PATH}')"

db = duckdb.connect()
db.execute(f"SET threads TO {THREADS}")
if HOW == "memory":
    db.execute(f"CREATE TABLE log AS SELECT episode, event, day FROM read_parquet('{PATH}')")
days = pl.DataFrame({"day": np.arange(DAY0, DAY0 + DAYS, dtype=np.int32)})
days = days.with_columns(pl.Series(f"due_{n}", rule.due) for n, rule in enumerate(RULES))
days.write_parquet(PATH.with_name("days.parquet"))
db.execute(f"CREATE TABLE days AS SELECT * FROM read_parquet('{PATH.with_name('days.parquet')}')")


def sql(number: int, rule) -> str:
    start, stop = WORDS.index(rule.starts), WORDS.index(rule.stops[0])
    if rule.pattern == "precedence":
        return f"""
            WITH first AS (SELECT episode, min(day) AS day FROM {LOG} WHERE event = {stop} GROUP BY episode)
            SELECT count(*) FILTER (first.day <= s.day), count(*)
            FROM {LOG} s LEFT JOIN first USING (episode) WHERE s.event = {start}"""
    if rule.pattern == "interval":
        found = f"""
            SELECT day, lead(day) OVER (PARTITION BY episode ORDER BY day, event) AS stopped
            FROM {LOG} WHERE event IN ({start}, {stop})"""
    else:
        found = f"""
            SELECT any_value(s.day) AS day, min(e.day) FILTER (e.day >= s.day) AS stopped
            FROM (SELECT episode, day FROM {LOG} WHERE event = {start}) s
            LEFT JOIN (SELECT episode, day FROM {LOG} WHERE event = {stop}) e USING (episode)
            GROUP BY episode"""
    return f"""
        SELECT count(*) FILTER (found.stopped <= days.due_{number}), count(*)
        FROM ({found}) found JOIN days USING (day)"""


QUERIES = [sql(number, rule) for number, rule in enumerate(RULES)]
events = db.execute(f"SELECT count(*) FROM {LOG}").fetchone()[0]
report(lambda: [db.execute(query).fetchone() for query in QUERIES], events)
