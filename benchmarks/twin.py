"""The twin's engine beside SimPy, Ciw and salabim, and the full model: events, replications, memory.

``python benchmarks/twin.py [--peers]`` writes ``benchmarks/results/twin.md``. ``--peers`` needs the
packages of the extra ``bench``. Times are CPU seconds, the least of some tries, so that other work on
the machine weighs little; two threads can only be measured by the wall, on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "peers"))

import department  # noqa: E402

from upturn.twin.parameters import department as example  # noqa: E402
from upturn.twin.scenario import plan  # noqa: E402
from upturn.twin.simulate import WARM_UP, simulate, simulate_many  # noqa: E402

PEERS = {
    "SimPy": ("simpy", department.simpy),
    "Ciw": ("ciw", department.ciw),
    "salabim": ("salabim", department.salabim),
}
PENDING = 1300

HEAD = """# The twin

Measured {day} on {cores} {machine} cores (load {load:.1f} at the end): Python {python}, {versions}.
CPU seconds, the least of some tries. Ratios travel between machines; nanoseconds do not.

Written by `python benchmarks/twin.py --peers`."""

MODEL = """## One simple department, side by side

{model} Each engine draws its own numbers; the mean waits agree within their errors.

{table}

The floor is a pop and a push on {pending:,} pending keys with one uniform and one lognormal draw, and
no model at all: {floor:.0f} ns an event. Upturn is at {over:.2f} times the floor."""

FULL = """## The full model

60 posts, the example service: about 1,400 referrals a year, 890 children open. Every worker's hours are
shared out over all she holds on each working day.

{table}"""


def best(tries: int, run: Callable[[], object]) -> float:
    """The least CPU seconds of some tries, on all threads."""
    times = []
    for _ in range(tries):
        began = time.process_time()
        run()
        times.append(time.process_time() - began)
    return min(times)


def floor() -> float:
    """Nanoseconds of the heap and the draws alone."""
    import numba

    from upturn.twin.streams import uniform

    department.compiled()
    pop, push, pack, unpack = (
        numba.njit(f)
        for f in (department.heap_pop, department.heap_push, department.pack, department.unpack)
    )
    drawn, normal, after = (
        numba.njit(uniform),
        numba.njit(department.normal),
        numba.njit(department.after),
    )

    def hold(events, heap):
        size = 0
        key = np.uint64(7)
        for row in range(PENDING):
            size = push(heap, size, pack(int(1e6 * drawn(key, 9, row)), 0, row))
        for event in range(events):
            now, _, row = unpack(heap[0])
            size = pop(heap, size)
            takes = after(35.0, normal(key, 1, event)) + int(drawn(key, 2, event))
            size = push(heap, size, pack((now + takes) & 0x3FFFFFFF, 0, row))
        return size

    fast, room, events = numba.njit(hold), np.zeros(PENDING + 10, np.int64), 1_000_000
    fast(10, room)
    return best(5, lambda: fast(events, room)) / events * 1e9


def ours() -> tuple[float, float, float, float]:
    """Upturn: nanoseconds an event, replications a second, mean wait and its standard error."""
    fast, room, waits = department.compiled(), department.arrays(), np.zeros(300)
    fast(1, 1, *room, waits)
    events = fast(300, 1, *room, waits)
    seconds = best(5, lambda: fast(300, 1, *room, waits))
    return seconds / events * 1e9, 300 / seconds, waits.mean(), waits.std(ddof=1) / 300**0.5


def peer(run: Callable[[int], tuple[float, int]]) -> tuple[float, float, float, float]:
    """The same of a peer, over four replications."""
    found, seconds = [], []
    for seed in range(4):
        began = time.process_time()
        found.append(run(seed))
        seconds.append(time.process_time() - began)
    waits = np.array([wait for wait, _ in found])
    least = min(s / events for s, (_, events) in zip(seconds, found, strict=True))
    return least * 1e9, 1 / min(seconds), waits.mean(), waits.std(ddof=1) / 2


def full(months: int, warm_up: int, threads: int, reps: int = 64) -> float:
    """Replications a second of the full model: by CPU time on one thread, by the wall on more."""
    P = plan(example(), months=months)
    simulate(P, reps=2, warm_up=warm_up, threads=1)
    if threads == 1:
        return reps / best(5, lambda: simulate(P, reps=reps, warm_up=warm_up, threads=1))
    times = []
    for _ in range(5):
        began = time.perf_counter()
        simulate(P, reps=reps, warm_up=warm_up, threads=threads)
        times.append(time.perf_counter() - began)
    return reps / min(times)


def wall(months: int, reps: int, threads: int, warm_up: int = WARM_UP) -> float:
    """Seconds by the wall, warm-up included."""
    P = plan(example(), months=months)
    began = time.perf_counter()
    simulate(P, reps=reps, threads=threads, warm_up=warm_up)
    return time.perf_counter() - began


def short(scenarios: int = 64) -> float:
    """Milliseconds of CPU for each of many short scenarios, as searches and causes run them."""
    changed = [plan(example(contacts_a_month=130.0 + n % 8), months=24) for n in range(scenarios)]
    return best(5, lambda: simulate_many(changed, reps=1, threads=1)) / scenarios * 1e3


def peak(reps: int) -> float:
    """Megabytes of a process that runs so many replications."""
    code = (
        "import json, resource\n"
        "from upturn.twin.parameters import department\n"
        "from upturn.twin.scenario import plan\n"
        "from upturn.twin.simulate import simulate\n"
        f"simulate(plan(department(), months=12), reps={reps}, threads=2)\n"
        "kept = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
        "import sys; sys.stdout.write(json.dumps(kept))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout))


def table(heads: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|---" + "|--:" * (len(heads) - 1) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def side_by_side(peers: bool) -> str:
    measured = {"**Upturn**, compiled": ours()}
    if peers:
        for name, (package, run) in PEERS.items():
            if find_spec(package):
                measured[name] = peer(run)
    base, least = measured["**Upturn**, compiled"][0], floor()
    rows = [
        [name, f"{ns:,.0f}", f"{rate:,.1f}", f"{ns / base:,.0f}", f"{wait:.1f} ± {error:.1f}"]
        for name, (ns, rate, wait, error) in measured.items()
    ]
    heads = ["engine", "ns an event", "replications a second", "time, ours = 1", "mean wait, days"]
    model = " ".join((department.__doc__ or "").split("\n\n")[1].split())
    return MODEL.format(
        model=model, table=table(heads, rows), pending=PENDING, floor=least, over=base / least
    )


def by_the_wall() -> tuple[str, str]:
    """Two threads over one, and seconds of 500 replications: on a quiet machine only."""
    load = os.getloadavg()[0]
    if load > 1.5:  # this script alone makes one
        return (f"not measured: load {load:.0f}",) * 2
    two, wall_one = full(36, 24, 2), wall(36, 64, 1, 24)
    return f"{two * wall_one / 64:.2f}", f"{wall(36, 500, 2):.1f}"


def the_full_model() -> str:
    two, seconds = by_the_wall()
    rows = [
        [
            "five years in all (24 months of warm-up, 36 counted), one thread, replications a second of CPU",
            f"{full(36, 24, 1):.0f}",
        ],
        [
            "five years counted after 24 months of warm-up, one thread, the same",
            f"{full(60, 24, 1):.0f}",
        ],
        [
            f"24 months after {WARM_UP} of warm-up, each of 64 scenarios, one thread, milliseconds of CPU",
            f"{short():.1f}",
        ],
        ["two threads over one, by the wall", two],
        [
            f"three years after {WARM_UP} months, 500 replications, two threads, seconds by the wall",
            seconds,
        ],
        ["peak memory, 10 replications, MB", f"{peak(10):,.0f}"],
        ["peak memory, 1,000 replications, MB", f"{peak(1000):,.0f}"],
    ]
    return FULL.format(table=table(["", "measured"], rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", action="store_true")
    asked = parser.parse_args()
    parts = [side_by_side(asked.peers), the_full_model()]
    found = ["numpy", "numba", *(p for p, _ in PEERS.values() if asked.peers and find_spec(p))]
    head = HEAD.format(
        day=f"{date.today():%d %B %Y}", cores=os.cpu_count(), machine=platform.machine(),
        load=os.getloadavg()[0], python=platform.python_version(),
        versions=", ".join(f"{name} {version(name)}" for name in found),
    )  # fmt: skip
    (HERE / "results" / "twin.md").write_text("\n\n".join([head, *parts]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
