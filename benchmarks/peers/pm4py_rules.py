"""The seven rules in PM4Py, with its timed eventually-follows filter and its performance graph.

Runs in an environment of its own: PM4Py is AGPL-3.0 and nothing of Upturn imports it. PM4Py counts
seconds, not working days, so it is given working days as its clock: each event has the day of
``working_days.npz`` it would have as a start and as a stop.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from pm4py.algo.discovery.dfg.adapters.pandas import df_statistics
from pm4py.algo.filtering.pandas.ltl import ltl_checker
from seven_rules import RULES
from timing import report

DAY = 24 * 60 * 60
CASE, NAME, TIME = "case:concept:name", "concept:name", "time:timestamp"
log = np.load(Path(sys.argv[1], "working_days.npz"))


def dated(number):
    return pd.to_datetime(number, unit="D", utc=True)


frame = pd.DataFrame({CASE: log["episode"].astype(str), NAME: log["words"][log["event"]]})
calendar = {unit: (dated(log[f"{unit}_start"]), dated(log[f"{unit}_stop"]))
            for unit in ("working_days", "calendar_days")}  # fmt: skip


def deadline(start, stop, number, unit):
    as_start, as_stop = calendar[unit]
    timed = frame.assign(**{TIME: as_stop.where(frame[NAME].to_numpy() == stop, as_start)})
    limits = {
        ltl_checker.TIMESTAMP_DIFF_BOUNDARIES: [[0, number * DAY]],
        ltl_checker.ENABLE_TIMESTAMP: True,
    }
    met = ltl_checker.eventually_follows(timed, [start, stop], parameters=limits)
    return met[CASE].nunique(), int((frame[NAME] == start).sum())


def gaps(start, stop, number, unit):
    as_start, as_stop = calendar[unit]
    timed = frame.assign(**{TIME: as_start, "start_timestamp": as_stop})
    timed = timed[timed[NAME].isin([start, stop])]
    found = df_statistics.get_dfg_graph(
        timed, measure="performance", perf_aggregation_key="raw_values",
        start_timestamp_key="start_timestamp",
        sort_caseid_required=False, sort_timestamp_along_case_id=False,
    )  # fmt: skip
    lengths = np.concatenate([np.asarray(some) for some in found.values()])
    return int((lengths <= number * DAY).sum()), len(timed)


def before(start, stop):
    met = ltl_checker.eventually_follows(frame, [stop, start])
    return int((met[NAME] == start).sum()), int((frame[NAME] == start).sum())


def run():
    found = []
    for _, pattern, start, stop, number, unit, _ in RULES:
        if pattern == "interval":
            found.append(gaps(start, stop, number, unit))
        elif pattern == "precedence":
            found.append(before(start, stop))
        else:
            found.append(deadline(start, stop, number, unit))
    return found


report(run, len(frame))
