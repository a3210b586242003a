"""One whole run over a census: ``census_once.py upturn-read|upturn-check|cinval FILE``.

Runs on Python 3.11, which csc-validator-be-cin needs. Prints one line of JSON: seconds without the start of
the interpreter, peak memory of this process in MB, and how many things were found.
"""

import json
import sys
import time
from pathlib import Path


def upturn_read(file):
    """Read and checked: rows in, accepted or quarantined."""
    from upturn.records.cin_census.reader import read_cin_census

    return sum(count.rows_in for count in read_cin_census(Path(file)).counts)


def upturn_check(file):
    """The same, and every clock."""
    from upturn.journeys.check import run_check

    return run_check(Path(file)).clocks.height


def cinval(file):
    """Read and validated, as its own command does it."""
    import xml.etree.ElementTree as ElementTree

    from cin_validator import cin_validator
    from cin_validator.rules.cin2025_26 import registry

    tables = cin_validator.convert_data(ElementTree.parse(file).getroot())
    return len(
        cin_validator.CinValidator(cin_validator.process_data(tables), registry).full_issue_df
    )


if __name__ == "__main__":
    way = {"upturn-read": upturn_read, "upturn-check": upturn_check, "cinval": cinval}[sys.argv[1]]
    begin, cpu = time.perf_counter(), time.process_time()
    found = way(sys.argv[2])
    line = {"seconds": time.perf_counter() - begin, "cpu_seconds": time.process_time() - cpu}
    status = Path("/proc/self/status").read_text()  # Linux only
    line |= {"found": found, "peak_mb": int(status.partition("VmHWM:")[2].split()[0]) / 1024}
    sys.stdout.write(json.dumps(line) + "\n")
