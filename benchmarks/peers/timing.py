"""Time a peer and say what it found, as one line of JSON. No imports that a peer may not have."""

import json
import sys
import time
from pathlib import Path


def report(run, events):
    """Print the best time, this process's peak memory, and (met, clocks) for each rule.

    ``run`` gives the last. It is run three times, and again up to ten while that takes under three
    seconds: other work on the machine can only make a run slower, so the best is the fairest.
    """
    times = []
    while len(times) < 3 or (len(times) < 10 and sum(wall for wall, _ in times) < 3):
        begin, cpu = time.perf_counter(), time.process_time()
        found = run()
        times.append((time.perf_counter() - begin, time.process_time() - cpu))
    best = [min(some) for some in zip(*times, strict=True)]
    counts = [[int(met), int(clocks)] for met, clocks in found]
    # Linux only. The usual getrusage() also counts what the process that started this one held.
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    line = {"seconds": best[0], "cpu_seconds": best[1], "events": int(events), "peak_mb": peak}
    sys.stdout.write(json.dumps({**line, "counts": counts}) + "\n")
