"""A census of very many children in bounded memory: read, checked and every clock run, a lot at a time.

``python benchmarks/census_in_batches.py [--children 100000 1000000]`` writes
``benchmarks/results/census_in_batches.md``. Every size is a process of its own, so that its peak of memory is
its own. The default sizes take about a minute.
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
from collections import Counter
from datetime import date
from pathlib import Path

from read_cin_census import write_returns

HERE = Path(__file__).parent
SIZES = (10_000, 50_000, 100_000)


def run_one(file: Path) -> dict[str, object]:
    """The clocks of every batch, counted by state, with the time and the memory it took."""
    from upturn.journeys.check import check_casebook
    from upturn.records.cin_census.batches import census_in_batches
    from upturn.rulebooks import load_rulebooks

    begin, cpu, rules = time.perf_counter(), time.process_time(), load_rulebooks()
    states: Counter[str] = Counter()
    rows = children = 0
    for book in census_in_batches(file):
        rows += sum(count.rows_in for count in book.counts)
        children += book.table("person").height
        states.update(check_casebook(book, rules).clocks["state"].to_list())
    status = Path("/proc/self/status").read_text()  # Linux only
    return {
        "seconds": time.perf_counter() - begin, "cpu": time.process_time() - cpu, "rows": rows,
        "children": children, "clocks": sum(states.values()), "overdue": states["overdue"],
        "peak": int(status.partition("VmHWM:")[2].split()[0]) / 1024,
    }  # fmt: skip


def table(files: dict[int, Path]) -> str:
    """A line for each size, as Markdown."""
    lines = [
        "| children | MB | rows | clocks | seconds | CPU ms a child | peak memory |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for size, file in files.items():
        done = subprocess.run(
            [sys.executable, __file__, "--one", str(file)],
            capture_output=True,
            text=True,
            check=True,
        )
        r = json.loads(done.stdout.splitlines()[-1])
        assert r["children"] == size, (r["children"], size)
        lines.append(
            f"| {size:,} | {file.stat().st_size / 1e6:,.0f} | {r['rows']:,} | {r['clocks']:,} "
            f"| {r['seconds']:.1f} | {r['cpu'] / size * 1000:.3f} | {r['peak']:,.0f} MB |"
        )
        sys.stderr.write(lines[-1] + "\n")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, nargs="+", default=SIZES)
    parser.add_argument("--one", type=Path, help="measure one file and print JSON")
    parser.add_argument("--peers", action="store_true", help="there is none: taken for make bench")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "census_in_batches.md")
    args = parser.parse_args()
    if args.one:
        sys.stdout.write(json.dumps(run_one(args.one)) + "\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        found = table(write_returns(Path(folder), set(args.children)))
    head = f"""# A census in bounded memory

Measured {date.today():%-d %B %Y} on {os.cpu_count()} {platform.machine()} cores shared with other work
(load {os.getloadavg()[0]:.1f} at the end). Read in lots of 50,000 children, checked, and every clock run; the
return is never held whole."""
    args.out.write_text(f"{head}\n\n{found}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
