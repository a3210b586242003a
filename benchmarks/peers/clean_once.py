"""One whole run over an Annex A workbook: ``clean_once.py upturn|liiatools WORKBOOK FOLDER``.

Runs on Python 3.9, which liiatools needs. Prints the peak memory of this process in MB at the end.
"""

import atexit
import sys
from pathlib import Path

from peak import peak_mb


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


if __name__ == "__main__":
    atexit.register(lambda: sys.stdout.write(f"{peak_mb()}\n"))
    {"upturn": upturn, "liiatools": liiatools}[sys.argv[1]](*sys.argv[2:])
