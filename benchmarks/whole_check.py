"""The main job on a county's workbook, start to finish; and working days counted without bank holidays.

``python benchmarks/whole_check.py [--peers]`` writes ``benchmarks/results/whole_check.md``. The workbook is
that of a made-up council as large as the largest authority. ``--peers`` adds the count of working days
that leaves no bank holidays out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import numpy as np

from upturn.rulebooks.calendar import add_working_days, is_working_day
from upturn.synthetic import make_council, write_annex_a

HERE = Path(__file__).parent
TIMES = 5
STEPS = {
    "open": "open the workbook: every cell, its hash, damage checked",
    "read": "read it into the casebook: lists, dates, codes, checks, quarantine",
    "check": "draw up each child's events and run every clock",
    "write": "write the report, the workbook, the CSV files and the summary",
}
LIMITS = {15: "Conference in 15 working days", 45: "Assessment in 45 working days"}
YEARS = range(2023, 2027)  # 2023-24 to 2026-27


def once(way: str, workbook: Path, folder: Path) -> dict[str, float]:
    """One process: what it measured of itself, and the seconds from its start to its end."""
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(HERE / "peers" / "check_once.py"), way, str(workbook), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    wall = time.perf_counter() - begin
    if done.returncode:
        raise SystemExit(f"upturn check failed:\n{done.stderr}")
    return {**json.loads(done.stdout.splitlines()[-1]), "wall": wall}


def county(folder: Path) -> str:
    """A county's check, part by part and as a whole, as Markdown."""
    workbook = folder / "annex_a.xlsx"
    write_annex_a(make_council(seed=1, size="county"), workbook)
    parts = [once("steps", workbook, folder / "out") for _ in range(TIMES)]
    whole = [once("command", workbook, folder / "out") for _ in range(TIMES)]
    seconds = {name: min(run[name] for run in parts) for name in STEPS}
    size = sum(file.stat().st_size for file in (folder / "out").iterdir()) / 1e6
    lines = ["| part | seconds |", "|---|--:|"]
    lines += [f"| {STEPS[name]} | {taken:.2f} |" for name, taken in seconds.items()]
    lines += [
        f"| together | {sum(seconds.values()):.2f} |",
        f"| **`upturn check` as a command**, from start to end | {least(whole, 'wall'):.2f} |",
    ]
    about = (
        f"{parts[0]['rows']:,.0f} rows over eleven lists, {workbook.stat().st_size / 1e6:.1f} MB; "
        f"{parts[0]['clocks']:,.0f} clocks; {size:.1f} MB written. Peak memory of the command: "
        f"**{max(run['peak_mb'] for run in whole):,.0f} MB**."
    )
    return "\n\n".join(["## A county's check", about, "\n".join(lines)])


def least(runs: list[dict[str, float]], name: str) -> float:
    return min(run[name] for run in runs)


def working_days() -> str:
    """Where a count of weekdays puts the last day in time, beside ours, as Markdown."""
    lines = [
        "| rule | year | start days | last day in time called late | days over, at most "
        "| Upturn's last day is another |",
        "|---|---|--:|--:|--:|--:|",
    ]
    for limit, name in LIMITS.items():
        lines += [_year(year, limit, name) for year in YEARS]
    about = (
        "A conference held on the 15th working day is in time, and so is an assessment authorised on the "
        "45th. `numpy.busday_count` without a list of holidays, as tools in use call it, counts a bank "
        "holiday as a working day and calls that day late. How often, with every working day of the year "
        "as a start; and how often Upturn's last day in time is not the right one. The last day in time "
        "is found day by day with the `holidays` package, which Upturn does not use."
    )
    return "\n\n".join(["## Working days", about, "\n".join(lines)])


def _year(year: int, limit: int, name: str) -> str:
    first, after = date(year, 4, 1), date(year + 1, 4, 1)
    days = [first + timedelta(days=n) for n in range((after - first).days)]
    starts = [day for day in days if is_working_day(day)]
    last = [last_in_time(day, limit) for day in starts]
    over = np.busday_count(starts, last) - limit
    differ = sum(add_working_days(s, limit) != day for s, day in zip(starts, last, strict=True))
    share = f"{100 * (over > 0).mean():.1f} %"
    return (
        f"| {name} | {year}-{(year + 1) % 100} | {len(starts)} | {share} | {over.max()} "
        f"| {100 * differ / len(starts):.1f} % |"
    )


def last_in_time(start: date, limit: int) -> date:
    """The ``limit``-th working day after ``start`` in England, counted day by day."""
    from holidays import UnitedKingdom

    closed = UnitedKingdom(subdiv="ENG")
    day = start
    while limit:
        day += timedelta(days=1)
        limit -= day.weekday() < 5 and day not in closed
    return day


def page(parts: list[str]) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "polars", "fastexcel"))
    head = f"""# The whole check

Measured {date.today():%-d %B %Y} on {os.cpu_count()} {platform.machine()} cores shared with other work
(load {os.getloadavg()[0]:.1f} at the end): Python {platform.python_version()}, {versions}.
Every run is a process of its own, {TIMES} of each, and the best time of each part counts. The command's time
has the start of Python and of the libraries in it. Peak memory is that of the whole process, the largest
of the runs."""
    return "\n\n".join([head, *parts]) + "\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "--peers", action="store_true", help="also working days without bank holidays"
    )
    options.add_argument("--out", type=Path, default=HERE / "results" / "whole_check.md")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        parts = [county(Path(place))]
    if asked.peers:
        parts.append(working_days())
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(page(parts), encoding="utf-8")
    sys.stdout.write(asked.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
