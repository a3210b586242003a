"""The main job once, in a process of its own: ``check_once.py steps|command WORKBOOK FOLDER``.

``steps`` times its parts in turn; ``command`` is ``upturn check`` as it is typed. The last line printed is
JSON with what was measured and the peak memory of this process.
"""

import json
import sys
import time
from pathlib import Path


def steps(workbook, folder):
    """Seconds of each part, and how much went through it."""
    from upturn.journeys.check import check_casebook
    from upturn.records.annex_a.reader import read_sheets
    from upturn.records.sources import open_source
    from upturn.render.outputs import write_check
    from upturn.rulebooks import load_rulebooks

    marks = [time.perf_counter()]

    def done(result):
        marks.append(time.perf_counter())
        return result

    opened = done(open_source(workbook))
    casebook = done(read_sheets(opened))
    check = done(check_casebook(casebook, load_rulebooks()))
    done(write_check(check, folder))
    names = ("open", "read", "check", "write")
    return {
        **{n: b - a for n, a, b in zip(names, marks[:-1], marks[1:], strict=True)},
        "rows": sum(count.rows_in for count in casebook.counts),
        "clocks": check.clocks.height,
    }


def command(workbook, folder):
    """The command itself. Its time is for the caller to take, from outside."""
    from upturn.cli.app import main

    sys.argv = ["upturn", "check", str(workbook), "--out", str(folder)]
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
    return {}


if __name__ == "__main__":
    found = {"steps": steps, "command": command}[sys.argv[1]](*map(Path, sys.argv[2:]))
    status = Path("/proc/self/status").read_text()  # Linux only
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    sys.stdout.write("\n" + json.dumps({**found, "peak_mb": peak}) + "\n")
