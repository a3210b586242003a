"""Every authority of England over six years, made up: read, checked, every clock, measure and finding.

``python benchmarks/every_authority.py [--authorities 153] [--counties 30] [--workers 2]`` writes
``benchmarks/results/every_authority.md``, with the time and the memory. Each authority is a made-up council
of its own seed, written as the Standard Safeguarding Dataset (six years) and read from there;
``--counties`` of them are as large as the largest authority, the others small. Making the councils up is
not counted. The default is a handful; the whole of England is ``--authorities 153``.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
Result = dict[str, float]


def one_authority(task: tuple[int, str]) -> Result:
    """One made-up authority from its files to its findings; seconds without making it up."""
    from upturn.findings.run import findings_of
    from upturn.journeys.check import run_check
    from upturn.measures.measure import measure_all
    from upturn.synthetic import make_council, write_ssd

    seed, size = task
    with tempfile.TemporaryDirectory() as folder:
        council = make_council(seed=seed, size="county" if size == "county" else "small")
        write_ssd(council, Path(folder, "ssd"), parquet=True)
        del council
        begin, cpu = time.perf_counter(), time.process_time()
        check = run_check(Path(folder, "ssd"))
        values, found = measure_all(check), findings_of(check)
        done = {"seconds": time.perf_counter() - begin, "cpu": time.process_time() - cpu}
    status = Path("/proc/self/status").read_text()  # Linux only
    return done | {
        "rows": sum(count.rows_in for count in check.casebook.counts),
        "children": check.casebook.table("person").height,
        "clocks": check.clocks.height,
        "values": sum(v.value is not None for v in values),
        "found": len(found.of("found")),
        "peak": int(status.partition("VmHWM:")[2].split()[0]) / 1024,
    }


def page(results: list[Result], wall: float, workers: int, counties: int) -> str:
    """The totals as Markdown."""

    def total(name: str) -> float:
        return sum(r[name] for r in results)

    rows = (
        ("authorities", f"{len(results):,}, {counties} of them as large as the largest"),
        ("children", f"{total('children'):,.0f}"),
        ("rows read", f"{total('rows'):,.0f}"),
        ("clocks", f"{total('clocks'):,.0f}"),
        ("measures with a value", f"{total('values'):,.0f}"),
        ("findings made", f"{total('found'):,.0f}"),
        ("seconds from files to findings, all authorities", f"{total('seconds'):,.1f}"),
        ("processor seconds", f"{total('cpu'):,.1f}"),
        (f"seconds on the clock, {workers} at a time, councils made up on the way", f"{wall:,.1f}"),
        ("peak memory of the largest process", f"{max(r['peak'] for r in results):,.0f} MB"),
    )
    lines = "\n".join(f"| {name} | {value} |" for name, value in rows)
    return f"""# Every authority over six years

Measured {date.today():%-d %B %Y} on {os.cpu_count()} {platform.machine()} cores shared with other work
(load {os.getloadavg()[0]:.1f} at the end). Made-up authorities, each read from its Standard
Safeguarding Dataset of six years.

| | |
| --- | --: |
{lines}
"""


def run(tasks: Iterable[tuple[int, str]], workers: int) -> list[Result]:
    """Every authority, some at a time; a process is let go after a few, with its memory."""
    results = []
    with ProcessPoolExecutor(workers, max_tasks_per_child=4) as pool:
        for n, result in enumerate(pool.map(one_authority, tasks), 1):
            results.append(result)
            sys.stderr.write(f"{n}: {result['seconds']:.1f} s, {result['peak']:,.0f} MB\n")
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--authorities", type=int, default=6)
    parser.add_argument(
        "--counties", type=int, default=1, help="how many are as large as the largest"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--peers", action="store_true", help="there is none: taken for make bench")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "every_authority.md")
    args = parser.parse_args()
    tasks = [
        (n, "county" if n <= args.counties else "small") for n in range(1, args.authorities + 1)
    ]
    begin = time.perf_counter()
    results = run(tasks, args.workers)
    text = page(results, time.perf_counter() - begin, args.workers, min(args.counties, len(tasks)))
    args.out.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
