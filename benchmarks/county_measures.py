"""Every clock, measure and finding over the casebook of a made-up county, after it has been read.

``python benchmarks/county_measures.py [--size county] [--times 3]`` writes
``benchmarks/results/county_measures.md``: seconds and processor seconds of each step, the best of some runs.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from upturn.findings.run import findings_of
from upturn.journeys.check import check_casebook
from upturn.measures.measure import measure_all
from upturn.measures.scorecard import make_scorecard
from upturn.records.read import read_source
from upturn.rulebooks import load_rulebooks
from upturn.synthetic import make_council, write_annex_a, write_ssd

HERE = Path(__file__).parent


def timed(work: Callable[[], Any], times: int) -> tuple[Any, float, float]:
    """What ``work`` gives, its seconds and its processor seconds (of all threads), the best of some runs."""
    best, found = (float("inf"), float("inf")), None
    for _ in range(times):
        begin, cpu = time.perf_counter(), time.process_time()
        found = work()
        best = min(
            best, (time.perf_counter() - begin, time.process_time() - cpu), key=lambda t: t[1]
        )
    return found, *best


def lines_of(source: Path, times: int) -> list[str]:
    """The steps over one source, as rows of Markdown."""
    book, read, read_cpu = timed(lambda: read_source(source), 1)
    rules = load_rulebooks()
    check, clocks, clocks_cpu = timed(lambda: check_casebook(book, rules), times)
    # A check keeps what its questions share: each run is given one that has been asked nothing.
    values, measured, measured_cpu = timed(lambda: measure_all(replace(check)), times)
    found, asked, asked_cpu = timed(lambda: findings_of(replace(check)), times)
    card, carded, carded_cpu = timed(lambda: make_scorecard(replace(check)), times)
    rows = sum(count.rows_in for count in book.counts)
    steps = (
        (f"read ({rows:,} rows)", read, read_cpu),
        (f"every clock ({check.clocks.height:,})", clocks, clocks_cpu),
        (f"every measure ({len(values)})", measured, measured_cpu),
        (f"every finding ({len(found.findings)})", asked, asked_cpu),
        (f"the scorecard with its charts ({len(card.entries)} lines)", carded, carded_cpu),
        ("**measures and findings together**", measured + asked, measured_cpu + asked_cpu),
    )
    return [f"| {source.name} | {name} | {s:.2f} | {cpu:.2f} |" for name, s, cpu in steps]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "county"), default="county")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--peers", action="store_true", help="there is none: taken for make bench")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "county_measures.md")
    args = parser.parse_args()
    council = make_council(seed=1, size=args.size)
    with tempfile.TemporaryDirectory() as folder:
        write_annex_a(council, Path(folder, "annex_a.xlsx"), messy=False)
        write_ssd(council, Path(folder, "ssd"), parquet=True)
        lines = [
            line
            for name in ("annex_a.xlsx", "ssd")
            for line in lines_of(Path(folder, name), args.times)
        ]
    peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]  # Linux only
    text = f"""# Measures and findings over a {args.size} council

Measured {date.today():%-d %B %Y} on {os.cpu_count()} {platform.machine()} cores shared with other work
(load {os.getloadavg()[0]:.1f} at the end); peak memory {int(peak) / 1024:,.0f} MB. The best of
{args.times} runs after reading; processor seconds are of all threads.

| source | step | seconds | processor seconds |
| --- | --- | --: | --: |
""" + "\n".join(lines)
    args.out.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
