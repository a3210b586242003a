"""Is it found that load slows work, where it does, and not where it does not? On made-up councils.

``python benchmarks/workload_truth.py [--seeds 30] [--workers 2]`` writes
``benchmarks/results/workload_truth.md``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from upturn.records.read import read_source
from upturn.synthetic import make_council, write_annex_a, write_ssd
from upturn.synthetic.faults.load import PER_FIVE, SLOWS, WHATEVER
from upturn.workload.allocations import allocations
from upturn.workload.delay.model import Delay, Statement, delays

HERE = Path(__file__).parent
#: Councils that nobody looked at while the model and the fault were settled (those were 1 to 150).
FIRST = 2001
#: What is planted: the fault, and how many times as strong as usual.
COUNCILS: dict[str, tuple[list[str], float]] = {
    "no fault": ([], 1.0),
    "late, whatever the load": ([WHATEVER], 1.0),
    "load slows work, a quarter as strong": ([SLOWS], 0.25),
    "load slows work, half as strong": ([SLOWS], 0.5),
    "load slows work": ([SLOWS], 1.0),
    "load slows work, half as strong again": ([SLOWS], 1.5),
}
#: The outcomes that the fault slows; the others are left as they were.
SLOWED = ("assessment", "seen")
#: The kinds of council that are read from Annex A too.
ANNEX_A = ("no fault", "load slows work")
#: A 90 % interval is this much narrower than a 95 % one (by the normal).
NINETY = 1.644854 / 1.959964


@dataclass(frozen=True)
class Told:
    """What one model said of one council: five more children's log hazard ratio, its reach, and if clear."""

    outcome: str
    name: str
    planted: float
    log_ratio: float
    reach: float
    clear: bool
    before: float
    after: float

    def covers(self, part: float = 1.0) -> bool:
        """Whether the interval, ``part`` of its width, holds what was planted."""
        return abs(self.log_ratio - self.planted) <= part * self.reach


def told(job: tuple[str, int, str]) -> list[Told]:
    """What the models say of one made-up council, read from its dataset or its Annex A workbook."""
    kind, seed, form = job
    faults, strength = COUNCILS[kind]
    council = make_council(seed=seed, faults=faults, spread=strength)
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("annex_a.xlsx" if form == "annex_a" else "ssd")
        if form == "annex_a":
            write_annex_a(council, path, messy=False)
        else:
            write_ssd(council, path, parquet=True)
        casebook = read_source(path, as_at=council.as_at)
    found = []
    for one in delays(casebook, allocations(casebook)):
        if one.statement is not None:
            slowed = faults == [SLOWS] and one.outcome.id in SLOWED
            planted = strength * PER_FIVE if slowed else 0.0
            found.append(_told(one, one.statement, planted))
    return found


def _told(one: Delay, s: Statement, planted: float) -> Told:
    """``clear`` is whether the interval leaves out no difference, called so by Upturn or not."""
    reach = (log(s.ratio_high) - log(s.ratio_low)) / 2
    return Told(
        one.outcome.id, one.outcome.name, planted, log(s.ratio), reach, s.clear, s.before, s.after
    )


def page(seeds: int, workers: int) -> str:
    """The tables, measured now."""
    jobs = [(k, seed, "ssd") for k in COUNCILS for seed in range(FIRST, FIRST + seeds)]
    jobs += [(k, seed, "annex_a") for k in ANNEX_A for seed in range(FIRST, FIRST + seeds)]
    with ProcessPoolExecutor(max_workers=workers) as pool:
        answers = dict(zip(jobs, pool.map(told, jobs, chunksize=5), strict=True))

    def rows_of(kind: str, form: str) -> list[Told]:
        return [t for (k, _, f), a in answers.items() if (k, f) == (kind, form) for t in a]

    by_kind = {kind: rows_of(kind, "ssd") for kind in COUNCILS}
    assessed = {k: [t for t in rows_of(k, "annex_a") if t.outcome == "assessment"] for k in ANNEX_A}
    slowed = [
        _planted_row(kind, [t for t in rows if t.outcome == outcome])
        for kind, rows in by_kind.items()
        for outcome in SLOWED
        if COUNCILS[kind][0] == [SLOWS]
    ]
    quiet = [
        _quiet_row(kind, outcome, [t for t in rows if t.outcome == outcome])
        for kind, rows in by_kind.items()
        for outcome in dict.fromkeys(t.outcome for t in rows)
        if not any(t.planted for t in rows if t.outcome == outcome)
    ]
    still = [t for rows in by_kind.values() for t in rows if not t.planted]
    return TEXT.format(
        seeds=seeds, slowed="\n".join(slowed), quiet="\n".join(quiet), n=len(still),
        false=sum(t.clear for t in still), share=100 * sum(t.clear for t in still) / len(still),
        annex_a="\n".join(_quiet_row(kind, "assessment", rows) for kind, rows in assessed.items() if rows),
        ratio=exp(PER_FIVE), first=FIRST, last=FIRST + seeds - 1,
    )  # fmt: skip


def _planted_row(kind: str, rows: Sequence[Told]) -> str:
    ratios = np.exp([t.log_ratio for t in rows])
    middle = [float(np.median([getattr(t, what) for t in rows])) for what in ("before", "after")]
    cells = [
        rows[0].name, kind, f"{exp(rows[0].planted):.2f}",
        f"{np.median(ratios):.2f} ({ratios.min():.2f} to {ratios.max():.2f})",
        _of([t.covers() for t in rows]), _of([t.covers(NINETY) for t in rows]),
        _of([t.clear for t in rows]), f"{middle[0]:.0f} to {middle[1]:.0f} %",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _quiet_row(kind: str, outcome: str, rows: Sequence[Told]) -> str:
    ratios = np.exp([t.log_ratio for t in rows])
    middle = f"{np.median(ratios):.2f} ({ratios.min():.2f} to {ratios.max():.2f})"
    cells = [rows[0].name, kind, middle, _of([t.clear for t in rows])]
    return f"| {' | '.join(cells)} |"


def _of(answers: Sequence[bool]) -> str:
    return f"{sum(answers)} of {len(answers)}"


TEXT = """# Load that slows work, and lateness that has nothing to do with load

Small made-up councils (40 posts, about 500 children open at once), {seeds} of each kind, read from their
Standard Safeguarding Dataset as a council's own would be; `upturn workload` is not told what was planted. The
seeds ({first} to {last}) were not used while the model and the fault were settled.

## Where load slows work

Five more children, held by the worker when the work comes, make the chance of being done on a day {ratio:.2f}
times what it was, for assessments and for the first visit; elsewhere the effect is weaker or stronger, as the
row says. What is slow is held longer, so loads rise as they would.

| outcome | council | planted | found: middle (range) | 95 % holds it | 90 % holds it | claimed | in time |
| --- | --- | --- | --- | --- | --- | --- | --- |
{slowed}

*Planted* and *found* are ratios for five more children; *holds it*: the interval holds what was planted;
*claimed*: a clear effect was said to be there; *in time*: how the chance of being in time is said to change
with five more children, in the middle council.

## Where load bears on nothing

*Late, whatever the load*: assessments and first visits take as long as where load slows work, but each as
long as the load of another worker would make it. Conferences and the wait for a worker are left as they are
in every council.

| outcome | council | found: middle (range) | clear effect claimed |
| --- | --- | --- | --- |
{quiet}

In all, a clear effect was claimed in {false} of {n} where none was planted ({share:.1f} %; 5 % is what a 95 %
interval allows).

## From Annex A

Annex A names the holder at the extract only. So load is that of the team, and six months of assessments of
two teams hold little of it: what a worker's own load does cannot be told from there. The interval leaves out
"no difference" about as often where load slows work as where it does nothing, so Upturn calls nothing that
it finds there clear.

| outcome | council | found: middle (range) | interval leaves out no difference |
| --- | --- | --- | --- |
{annex_a}

## How to read it

The 90 % interval is the 95 % one narrowed as the normal distribution says. Intervals are meant to be a little
too wide rather than too narrow: they allow for a worker's cases being alike, and take the larger of that and
the model's own. The price is seen in the rows of small effects.

Where load slows work most, some workers come to hold 50 children, one of them has much of what is known of
load, and the interval allows for that: so the effect is claimed less often. There it is also found too weak:
one assessment in ten takes the longest that any does in a made-up council (85 working days), and times that
are all the same cannot be told apart.

In a real council, unlike here, load is not dealt by turns, and other things go with it: what is claimed there
is an association.

Written by `python benchmarks/workload_truth.py`.
"""


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=30, help="councils of each kind")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--peers", action="store_true", help="accepted and ignored: there are none")
    args = parser.parse_args()
    text = page(args.seeds, args.workers)
    (HERE / "results" / "workload_truth.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
