"""The peak memory of this process alone. Runs on any Python 3."""

import resource
from pathlib import Path


def peak_mb():
    """Megabytes. On Linux from the process's own memory: what ``getrusage`` gives there is never less
    than the memory of the process that started this one.
    """
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
