"""How often the fit's 90 % intervals hold the truth: made-up services whose parameters are known.

Each trial draws a service from the ranges that a fit looks in, simulates one year of it, shows the fit only
what an Annex A extract would show, and asks which intervals hold the value it was simulated with.

    python benchmarks/twin_fit.py 40 benchmarks/results/twin_fit.csv
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from upturn.rulebooks.calendar import add_months
from upturn.twin.desk import Direct
from upturn.twin.fit import fit_period
from upturn.twin.fitted import Period
from upturn.twin.parameters import department, parameters
from upturn.twin.priors import Floats
from upturn.twin.run_features import Runner, runner
from upturn.twin.summaries import Recorded
from upturn.twin.unknowns import SETS_A_SCALE, prior_of

#: What an Annex A extract tells month by month.
SEEN = ("contacts", "referrals", "rereferrals", "assessments_started", "assessments_ended",
        "assessments_late", "assessment_days", "assessments_open", "assessments_overdue",
        "section47_started", "conferences_held", "conferences_late", "conference_days", "cp_plans",
        "cp_started", "cp_ended", "repeat_plans", "open_children", "care_entries", "load_mean",
        "load_p90", "load_top")  # fmt: skip
MONTHS = tuple(add_months(date(2026, 4, 1), n) for n in range(12))
PERIOD = Period("A", date(2026, 4, 1), date(2027, 3, 31))
#: Services that have collapsed are not drawn: nobody would fit one.
WORST = 0.7


def truth(rng: np.random.Generator) -> Floats:
    """A service: what a fit looks for from the middle nine tenths of its range, the rest as it stands."""
    values = np.array(department(posts=30, contacts_a_month=100, teams=3, manager_posts=4.5,
                                 screening_posts=3.5, conference_slots_a_week=3,
                                 review_slots_a_week=5).values)  # fmt: skip
    for n, p in enumerate(parameters().values()):
        if p.reading == "infer" and p.name not in SETS_A_SCALE:
            place = np.array([0.05 + 0.9 * rng.random()])
            values[n] = prior_of([(p.name, p.low, p.high, p.scale)]).values(place)[0]
    return values


def trial(seed: int, run: Runner) -> pl.DataFrame:
    """One service fitted: for each parameter looked for, whether the interval holds the truth."""
    rng = np.random.default_rng(seed)
    while True:
        values = truth(rng)
        series, counts = run(
            np.repeat(values[None, None], 12, axis=1), seed=seed, first=10**6, lead=0
        )
        late = series["assessments_late"].sum() / max(series["assessments_ended"].sum(), 1)
        if late < WORST:
            break
    record = Recorded(
        MONTHS, {n: series[n][0] for n in SEEN},
        {n: np.repeat(counts[n][0], 12, axis=0) / 12 for n in ("assessment", "conference")}, {}, {},
    )  # fmt: skip
    names = list(parameters())
    direct = {
        name: Direct(name, v, 0.95 * v, 1.05 * v, 100, "made up", "")
        for name in ("contacts_a_month", "posts")
        for v in (values[names.index(name)],)
    }
    part = fit_period(record, direct, PERIOD, seed=seed, run=run)
    low, high = np.quantile(part.draws, [0.05, 0.95], axis=0)
    rows = [
        (names[n], bool(low[n] <= values[n] <= high[n]), float(part.posterior.width[k]), late)
        for k, n in enumerate(part.sought)
        if part.posterior is not None
    ]
    return pl.DataFrame(rows, schema=["parameter", "held", "width", "late"], orient="row")


def main(trials: int, out: Path) -> None:
    """Run the trials, a line to the file after each."""
    run, done = runner(), []
    for seed in range(1, trials + 1):
        done.append(trial(seed, run).with_columns(trial=pl.lit(seed)))
        every = pl.concat(done)
        table = every.group_by("parameter", maintain_order=True).agg(
            trials=pl.len(), held=pl.col("held").mean(), width=pl.col("width").mean(),
            told=(pl.col("width") <= 0.8).mean(),
        )  # fmt: skip
        whole = every.select(
            parameter=pl.lit("all"), trials=pl.col("trial").n_unique().cast(pl.UInt32),
            held=pl.col("held").mean(), width=pl.col("width").mean(), told=(pl.col("width") <= 0.8).mean(),
        )  # fmt: skip
        pl.concat([whole, table]).with_columns(pl.col(pl.Float64).round(3)).write_csv(out)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
