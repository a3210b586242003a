"""How often the fit's 90 % intervals hold the truth: made-up services whose parameters are known.

Each trial draws a service from the ranges that a fit looks in, simulates one year of it, shows the fit only
what an Annex A extract would show, and asks which intervals hold the value it was simulated with.

    python benchmarks/twin_fit.py 24 benchmarks/results/twin_fit.md

Each answer is kept beside the page (.csv), so that it can be stopped and started again.
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
from upturn.twin.inference import TELLS_NOTHING
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
#: Summaries whose bands are told: what a head of service looks at first.
MAIN = ("Referrals", "Children open", "Assessments open", "Children on protection plans",
        "Mean length of assessments", "Assessments late", "Conferences late")  # fmt: skip
#: Services that have collapsed are not drawn: nobody would fit one.
WORST = 0.7
WORDS = """# How often the fit's intervals hold the truth

`python benchmarks/twin_fit.py {trials} benchmarks/results/twin_fit.md`: {trials} made-up services of 30
posts, one year each, shown to the fit as an Annex A extract would show them, and fitted as `upturn twin fit`
does, over the whole of each range.

Over all, {all} of {many} intervals of 90 % held the value that was simulated with. Where the fit says that
the extract tells the parameter, {told} of {of} did. Look at the second figure. The first is flattered: the
true value came from the middle nine tenths of its range, which an interval that learnt nothing holds by
construction. The services are made by the twin itself: of a real service the twin is only a likeness, and
intervals may hold the truth less often than here.

*Held* is the share of 90 % intervals that hold the value, *width* what is left of the range that was looked
in (1: nothing learnt), *told* the share of services in which the fit says that the extract tells it.

| parameter | held | width | told |
| --- | --- | --- | --- |
{parameters}

What the fitted twin makes of the main figures, with chance of its own. *Held* is the share of bands of nine
in ten that hold the recorded figure (which the fit has seen: nearly all should), *width* the usual width of
the band as a share of the recorded figure.

| summary | held | width |
| --- | --- | --- |
{summaries}
"""


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
    found = part.posterior
    widths = np.ones(len(part.sought)) if found is None else found.width
    told = [
        (seed, "parameter", names[n], bool(low[n] <= values[n] <= high[n]), float(widths[k]))
        for k, n in enumerate(part.sought)
    ]
    made = [
        (seed, "summary", c.summary, c.inside, (c.high - c.low) / max(abs(c.recorded), 1e-9))
        for c in part.checks
        if c.summary in MAIN
    ]
    return pl.DataFrame(
        told + made, schema=["trial", "kind", "name", "held", "width"], orient="row"
    )


def page(done: pl.DataFrame) -> str:
    """The tables in words that say what they show and what they do not."""
    trials = done["trial"].n_unique()
    parameters_, summaries = (done.filter(kind=kind) for kind in ("parameter", "summary"))
    told = parameters_.filter(pl.col("width") <= TELLS_NOTHING)
    each = parameters_.group_by("name", maintain_order=True).agg(
        pl.col("held").mean(),
        pl.col("width").mean(),
        told=(pl.col("width") <= TELLS_NOTHING).mean(),
    )
    lines = [
        f"| {str(r['name']).replace('_', ' ')} | {r['held']:.2f} | {r['width']:.2f} | {r['told']:.2f} |"
        for r in each.to_dicts()
    ]
    bands = summaries.group_by("name", maintain_order=True).agg(
        pl.col("held").mean(), pl.col("width").median()
    )
    rows = [f"| {r['name']!s} | {r['held']:.2f} | {r['width']:.2f} |" for r in bands.to_dicts()]
    return WORDS.format(
        trials=trials, all=_share(parameters_), many=len(parameters_),
        told=_share(told), of=len(told), parameters="\n".join(lines),
        summaries="\n".join(rows),
    )  # fmt: skip


def _share(rows: pl.DataFrame) -> str:
    return f"{rows['held'].sum() / max(len(rows), 1):.3f}"


def main(trials: int, out: Path) -> None:
    """Run the trials that are not kept yet, and write the page after each."""
    kept = out.with_suffix(".csv")
    done = [pl.read_csv(kept)] if kept.is_file() else []
    have = set(done[0]["trial"].to_list()) if done else set()
    run = runner()
    for seed in range(1, trials + 1):
        if seed not in have:
            done.append(trial(seed, run))
            every = pl.concat(done)
            every.write_csv(kept)
            out.write_text(page(every), "utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
