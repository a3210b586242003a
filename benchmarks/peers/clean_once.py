"""One whole run over an Annex A workbook: ``clean_once.py upturn|liiatools WORKBOOK FOLDER``.

Runs on Python 3.9, which liiatools needs. Prints the peak memory of this process in MB at the end.
"""

import atexit
import sys
from pathlib import Path


def upturn(workbook, _):
    from upturn.records.annex_a.reader import read_annex_a

    counts = read_annex_a(Path(workbook)).counts
    sys.stdout.write(f"{sum(count.accepted for count in counts)}\n")


def liiatools(workbook, folder):
    from liiatools.__main__ import cli

    cli(
        [
            "annex-a",
            "cleanfile",
            "--i",
            workbook,
            "--la_code",
            "BAR",
            "--la_log_dir",
            folder,
            "--o",
            folder,
        ]
    )


def print_peak():
    status = Path("/proc/self/status").read_text()  # Linux only
    sys.stdout.write(f"{int(status.partition('VmHWM:')[2].split()[0]) / 1024}\n")


if __name__ == "__main__":
    atexit.register(print_peak)
    {"upturn": upturn, "liiatools": liiatools}[sys.argv[1]](*sys.argv[2:])
