"""Clocks over a national log: ours beside pandas, Polars, DuckDB and PM4Py, same rules, same answers.

``python benchmarks/clocks.py [--events 10_000_000] [--peers]`` writes ``benchmarks/results/clocks.md``.
Every engine runs in a process of its own and must give the same share in time for each of the seven
rules. ``--peers`` needs pandas and DuckDB here, and puts PM4Py (AGPL-3.0, so never imported by Upturn)
in an environment of its own under ``build/``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from national import national_log
from seven_rules import RULES

from upturn.journeys.arrays import EventArrays
from upturn.journeys.kernel import vocabulary
from upturn.journeys.stream import write_log
from upturn.rulebooks.calendar import DAY0, working_day_count

HERE = Path(__file__).parent
PM4PY_ENVIRONMENT = HERE.parent / "build" / "pm4py-venv"
PM4PY_EVENTS = 1_000_000
SCAN = "bare scan of the columns (numpy sums)"


HEAD = """# Clocks over a national log

Measured {day} on {cores} {machine} cores shared with other work
(load {load:.1f} at the end): Python {python}, {versions}.
Each engine runs in a process of its own, at least three times, and its best time counts; CPU
seconds are the least of those runs, over all threads. The machine was not quiet, which wall time
feels far more than CPU time does, so the ratios are of CPU time. Ratios travel between machines;
seconds do not.

Made-up journeys, twelve kinds of event, seven rules. All engines give the same count in time for
every rule, or this page is not written. Upturn writes a row for every clock (its rule, start, stop,
due day and state) and counts the states; the others only count those in time. All take due days
from Upturn's tables, so working days cost them nothing. Peak memory is that of the whole process,
with its libraries and, where it works from memory, the log.

Written by `python benchmarks/clocks.py --peers`."""


@dataclass(frozen=True)
class Engine:
    """A row of the table: what it is called and how it is run."""

    name: str
    script: str
    arguments: tuple[str, ...] = ()
    python: str = sys.executable
    needs: str = ""


OURS = [
    Engine(SCAN, "upturn_kernel.py", ("scan", "1")),
    Engine("**Upturn**, from memory, 1 thread", "upturn_kernel.py", ("memory", "1")),
    Engine("**Upturn**, from memory, 2 threads", "upturn_kernel.py", ("memory", "2")),
    Engine("**Upturn**, streaming from Parquet, 1 thread", "upturn_kernel.py", ("stream", "1")),
    Engine("**Upturn**, streaming from Parquet, 2 threads", "upturn_kernel.py", ("stream", "2")),
]
PEERS = [
    Engine("pandas, from memory", "pandas_rules.py", (), needs="pandas"),
    Engine("Polars streaming engine, from memory", "polars_rules.py", ("memory",)),
    Engine("Polars streaming engine, from Parquet", "polars_rules.py", ("parquet",)),
    Engine("DuckDB, from memory, 1 thread", "duckdb_rules.py", ("memory", "1"), needs="duckdb"),
    Engine("DuckDB, from memory, 2 threads", "duckdb_rules.py", ("memory", "2"), needs="duckdb"),
    Engine("DuckDB, from Parquet, 2 threads", "duckdb_rules.py", ("parquet", "2"), needs="duckdb"),
]


def run(engine: Engine, folder: Path) -> dict:
    """What one engine measured in a process of its own."""
    paths = os.pathsep.join([str(HERE), str(HERE / "peers")])
    command = [engine.python, str(HERE / "peers" / engine.script), str(folder), *engine.arguments]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{engine.name} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def pm4py() -> Engine:
    """PM4Py in its own environment, made now if it is not there."""
    python = PM4PY_ENVIRONMENT / "bin" / "python"
    if not python.exists():
        venv.create(PM4PY_ENVIRONMENT, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pm4py>=2.7,<3"], check=True)
    return Engine("PM4Py, from memory", "pm4py_rules.py", (), python=str(python))


def write_working_days(log: EventArrays, path: Path) -> None:
    """The log for PM4Py, with the day of each event as a start and as a stop in each unit.

    A working day is numbered; a start counts from the last working day up to it and a stop belongs to
    the first from it on, so that stop - start <= n exactly when the stop is by the n-th working day.
    """
    count = working_day_count()
    place = log.day - DAY0
    idle = count[place] == count[place - 1]
    np.savez(
        path,
        episode=np.repeat(np.arange(log.n_episodes), np.diff(log.offsets)),
        event=log.event,
        words=np.array(vocabulary()[0]),
        working_days_start=count[place],
        working_days_stop=count[place] + idle,
        calendar_days_start=log.day,
        calendar_days_stop=log.day,
    )


def agreed(found: list[tuple[Engine, dict]]) -> list[tuple[int, int]]:
    """The (met, clocks) of the seven rules, when all engines give the same; fails otherwise."""
    counts = {e.name: r["counts"] for e, r in found if e.name != SCAN}
    first, *others = counts.items()
    for name, other in others:
        assert other == first[1], f"{name} and {first[0]} differ: {other} and {first[1]}"
    return [(met, clocks) for met, clocks in first[1]]


def table(found: list[tuple[Engine, dict]], ours: str) -> str:
    base = next(r["cpu_seconds"] for e, r in found if e.name == ours)
    heads = ("engine", "seconds", "CPU seconds", "M events/s", "CPU time, ours = 1", "peak memory")
    lines = [f"| {' | '.join(heads)} |", "|---|--:|--:|--:|--:|--:|"]
    for engine, r in found:
        lines.append(
            f"| {engine.name} | {r['seconds']:.3f} | {r['cpu_seconds']:.3f} "
            f"| {r['events'] / r['seconds'] / 1e6:.1f} | {r['cpu_seconds'] / base:.2f} "
            f"| {r['peak_mb']:,.0f} MB |"
        )
    return "\n".join(lines)


def shares(counts: list[tuple[int, int]]) -> str:
    lines = ["| rule | clocks | in time |", "|---|--:|--:|"]
    for rule, (met, clocks) in zip(RULES, counts, strict=True):
        lines.append(f"| {rule[0]} | {clocks:,} | {met / clocks:.5f} |")
    return "\n".join(lines)


def measure(events: int, engines: list[Engine], note: str) -> str:
    """A log of this length, every engine over it, and what came of it as Markdown."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        log = national_log(events)
        write_log(log, folder / "log.parquet")
        size = (folder / "log.parquet").stat().st_size / 1e6
        if any(e.script == "pm4py_rules.py" for e in engines):
            write_working_days(log, folder / "working_days.npz")
        about = (
            f"{len(log):,} events, {log.n_episodes:,} cases, {len(log) / log.n_episodes:.1f} events a "
            f"case; {size:,.0f} MB of Parquet."
        )
        del log
        found = [(engine, run(engine, folder)) for engine in engines]
    return "\n\n".join([f"## {note}", about, table(found, OURS[1].name), shares(agreed(found))])


def page(parts: list[str], engines: list[Engine]) -> str:
    libraries = ["numpy", "polars", "numba", *sorted({e.needs for e in engines if e.needs})]
    versions = ", ".join(f"{name} {version(name)}" for name in libraries if find_spec(name))
    head = HEAD.format(
        day=f"{date.today():%-d %B %Y}", cores=os.cpu_count(), machine=platform.machine(),
        load=os.getloadavg()[0],
        python=platform.python_version(), versions=versions,
    )  # fmt: skip
    return "\n\n".join([head, *parts]) + "\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "--events", type=lambda text: int(text.replace("_", "")), default=10_000_000
    )
    options.add_argument("--peers", action="store_true", help="also pandas, Polars, DuckDB, PM4Py")
    options.add_argument("--out", type=Path, default=HERE / "results" / "clocks.md")
    asked = options.parse_args()
    engines = OURS + [e for e in PEERS if asked.peers and (not e.needs or find_spec(e.needs))]
    parts = [measure(asked.events, engines, f"{asked.events:,} events")]
    if asked.peers:
        few = min(asked.events, PM4PY_EVENTS)
        parts.append(measure(few, [*OURS[:2], pm4py()], f"{few:,} events, with PM4Py"))
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(page(parts, engines), encoding="utf-8")
    sys.stdout.write(asked.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
