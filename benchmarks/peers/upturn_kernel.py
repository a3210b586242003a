"""The clocks themselves: ``memory`` or ``stream``, with a number of threads; or a bare ``scan``."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from national import AS_AT, SOON_UNTIL, families
from timing import report

from upturn.journeys.arrays import MET
from upturn.journeys.kernel import run_clocks
from upturn.journeys.stream import count_clocks, read_log

PATH, HOW, THREADS = Path(sys.argv[1], "log.parquet"), sys.argv[2], int(sys.argv[3])
RULES = families()
READ = {"as_at": AS_AT, "soon_until": SOON_UNTIL, "threads": THREADS}


def met_of(states: np.ndarray) -> list[tuple[int, int]]:
    return list(zip(states[:, MET], states.sum(axis=1), strict=True))


if HOW == "stream":
    events = count_clocks(PATH, RULES, **READ).events  # and compile
    report(lambda: met_of(count_clocks(PATH, RULES, **READ).states), events)
else:
    (log,) = read_log(PATH, stretch=1 << 30)
    if HOW == "memory":
        run_clocks(log, RULES, **READ)  # compile
        report(lambda: met_of(run_clocks(log, RULES, **READ).tally()), len(log))
    else:
        columns = (log.event, log.day, log.certainty)
        report(lambda: [(sum(int(c.sum()) for c in columns), 1)], len(log))
