"""A twin made of an extract: what can be read is read, the rest inferred, and what neither tells is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import polars as pl

from upturn.journeys.result import Check
from upturn.records.sheets import SourceError
from upturn.rulebooks.calendar import add_months
from upturn.twin.account import notes_of, observed_frame, readings_of
from upturn.twin.desk import Desk, Direct
from upturn.twin.facts import facts
from upturn.twin.features import Floats, carried, summarise, told
from upturn.twin.fitted import CheckOfFit, Fitted, Period, Reading
from upturn.twin.inference import Numbers, infer
from upturn.twin.parameters import Department, parameters
from upturn.twin.readings import read_directly
from upturn.twin.run_features import Runner, runner
from upturn.twin.summaries import Recorded, recorded
from upturn.twin.unknowns import places
from upturn.twin.world import Part, World, fixed_rows

Say = Callable[[str, int, int], None]
#: Months of the latest period when none is asked for.
MONTHS = 12
#: Fewest months of a period: fewer hold too few assessments to tell anything.
FEWEST_MONTHS = 3
#: Months run at the values of the period before, after the warm-up at them, before a later period begins.
LEAD = 1
#: Services simulated in each round, and rounds, where nothing else is asked.
SIMULATIONS = 250
ROUNDS = 12
#: Draws that are simulated again to see whether the fitted twin makes what was recorded.
AGAIN = 150


def fit(
    check: Check,
    *,
    workforce: pl.DataFrame | None = None,
    periods: Sequence[Period] | None = None,
    given: Department | None = None,
    seed: int = 1,
    draws: int = 400,
    simulations: int = SIMULATIONS,
    rounds: int = ROUNDS,
    narrow: float = 1.0,
    progress: Say | None = None,
    run: Runner | None = None,
) -> Fitted:
    """Fit the twin to one extract, over one period or several in order.

    ``workforce`` has the columns of `upturn.workload.tables.WORKFORCE`. ``periods`` are stretches of whole
    months that do not overlap; without them the latest twelve months that the source holds. Values of
    ``given`` that are tagged "yours" are taken as they stand. ``simulations`` services are drawn in each
    period and moved ``rounds`` times; ``narrow`` below 1 looks only in that share of each range, about the
    catalogue's value, for quick fits. ``progress`` is told what is being done, how much is done and how much
    there is. Same inputs and seed, same fit. ``run`` stands in for the twin in tests.

    Raises SourceError when the extract holds too little to fit anything, or a period has months it does
    not hold.
    """
    record = recorded(check, workforce=workforce)
    chosen = chosen_periods(record, periods)

    def direct(period: Period) -> dict[str, Direct]:
        return read_directly(Desk(check, record, period, workforce))

    maker = _Maker(record, direct, given, seed, draws, simulations, rounds, progress,
                   run or runner(), narrow=narrow)  # fmt: skip
    parts: list[Part] = []
    for nth, period in enumerate(chosen):
        parts.append(maker.period(nth, period, parts))
    return _together(check, record, chosen, parts, maker)


def chosen_periods(record: Recorded, periods: Sequence[Period] | None) -> tuple[Period, ...]:
    """The periods asked for, or the latest twelve months. Raises SourceError for what cannot be fitted."""
    held = record.months
    if len(held) < FEWEST_MONTHS:
        raise SourceError(
            f"the extract holds {len(held)} whole months; a twin needs at least {FEWEST_MONTHS}"
        )
    if not periods:
        start = held[-min(MONTHS, len(held))]
        return (Period("A", start, add_months(held[-1], 1) - timedelta(1)),)
    for before, after in pairwise(periods):
        if after.start <= before.end:
            raise SourceError(f"period {after.label} begins before period {before.label} is over")
    for one in periods:
        inside = int(record.between(one.start, one.end).sum())
        months = (one.end.year - one.start.year) * 12 + one.end.month - one.start.month + 1
        if inside < months or inside < FEWEST_MONTHS:
            raise SourceError(
                f"period {one.label} ({one.start} to {one.end}) needs {max(months, FEWEST_MONTHS)} whole "
                f"months of the extract, which holds {held[0]:%B %Y} to {held[-1]:%B %Y}"
            )
    return tuple(periods)


def fit_period(
    record: Recorded,
    direct: dict[str, Direct],
    period: Period,
    *,
    given: Department | None = None,
    seed: int = 1,
    draws: int = 400,
    simulations: int = SIMULATIONS,
    rounds: int = ROUNDS,
    run: Runner | None = None,
) -> Part:
    """One period of a record on its own, from what was read ``direct``: for trials whose truth is known."""
    maker = _Maker(
        record, lambda _: direct, given, seed, draws, simulations, rounds, None, run or runner()
    )
    return maker.period(0, period, [])


@dataclass
class _Maker:
    """What fits one period after another."""

    record: Recorded
    direct: Callable[[Period], dict[str, Direct]]
    given: Department | None
    seed: int
    draws: int
    simulations: int
    rounds: int
    progress: Say | None
    run: Runner
    done: int = 0
    narrow: float = 1.0

    def period(self, nth: int, period: Period, before: Sequence[Part]) -> Part:
        """Fit one period, given those before it."""
        monthly, histograms = self._recorded_in(period)
        features = told(monthly, histograms)
        referrals = monthly.get("referrals")
        where = places(
            self.direct(period), frozenset(monthly), given=self.given, later=bool(before),
            referrals=None if referrals is None else float(np.mean(referrals)), narrow=self.narrow,
        )  # fmt: skip
        sought = tuple(n for n, one in enumerate(where) if one.sought)
        if not features or not sought:
            return Part(where, fixed_rows(where, self.draws), sought, None, (), ())
        world = World(where, sought, before[-1] if before else None, features, monthly,
                       self._months(before, period), self.run, self.seed + 1009 * nth)  # fmt: skip
        record = summarise(features, monthly, histograms)
        found = infer(
            world.summaries, carried(features, record), world.prior,
            simulations=self.simulations, rounds=self.rounds,
            draws=self.draws, seed=self.seed + 31 * nth,
            progress=self._teller(f"Fitting period {period.label}"),
        )  # fmt: skip
        drawn = world.whole(found.draws, found.runs, settled=found.known.tolist())
        checks = self._again(world, drawn, found.runs, record, nth)
        # A draw of a later period rests on the draw of the period before that it was simulated on.
        rests = found.runs % self.draws if before else None
        return Part(where, drawn, sought, found, features, world.relative, checks, rests)

    def _recorded_in(self, period: Period) -> tuple[dict[str, Floats], dict[str, Floats]]:
        inside = self.record.between(period.start, period.end)
        monthly = {n: v[inside] for n, v in self.record.monthly.items()}
        monthly = {n: v for n, v in monthly.items() if np.isfinite(v).any()}
        return monthly, {n: v[inside].astype(float) for n, v in self.record.histograms.items()}

    def _months(self, before: Sequence[Part], period: Period) -> tuple[int, int]:
        """Months simulated at the values of the period before, and months of this one."""
        own = int(self.record.between(period.start, period.end).sum())
        return (LEAD if before else 0), own

    def _teller(self, what: str) -> Callable[[int, int], None] | None:
        if self.progress is None:
            return None
        say = self.progress
        return lambda done, of: say(what, done, of)

    def _again(
        self, world: World, drawn: Floats, runs: Numbers, record: Floats, nth: int
    ) -> tuple[CheckOfFit, ...]:
        """What the fitted twin makes of each summary, with draws of its posterior."""
        rows = np.linspace(0, len(drawn) - 1, min(AGAIN, len(drawn))).astype(int)
        made = world.of_values(drawn[rows], runs[rows], first=10**7)
        checks = []
        for n, feature in enumerate(world.features):
            values = made[:, n][np.isfinite(made[:, n])]
            if values.size < 10:
                continue
            low, middle, high = (float(q) for q in np.quantile(values, [0.05, 0.5, 0.95]))
            below = float((values < record[n]).mean())
            checks.append(
                CheckOfFit(
                    feature.name, nth, feature.unit, float(record[n]), low, middle, high, below
                )
            )
        return tuple(checks)


def _joint(parts: Sequence[Part]) -> Floats:
    """Draws of all periods together, (draws, periods, parameters): each with those that it rests on."""
    rows, found = np.arange(len(parts[-1].draws)), []
    for part in reversed(parts):
        found.append(part.draws[rows])
        rows = rows if part.rests is None else part.rests[rows]
    return np.stack(found[::-1], axis=1)


def _together(
    check: Check, record: Recorded, periods: tuple[Period, ...], parts: Sequence[Part], m: _Maker
) -> Fitted:
    """The periods as one fit."""
    names = tuple(parameters())
    # To ten places: sums in another order on another number of threads differ in the sixteenth.
    draws = _joint(parts).round(10)
    readings: list[Reading] = []
    for nth, part in enumerate(parts):
        readings += readings_of(nth, part.places, part.draws, part.sought, part.posterior, part.moved,
                                readings)  # fmt: skip
    days = {
        "Contacts": check.casebook.table("contacts")["cont_contact_date"],
        "Referrals": check.casebook.table("cin_episodes")["cine_referral_date"],
    }
    made = Fitted(
        source_name=check.casebook.source_name,
        sha256=check.casebook.sha256,
        as_at=check.as_at,
        periods=periods,
        parameters=names,
        draws=draws,
        readings=tuple(readings),
        observed=observed_frame(record),
        checks=tuple(one for part in parts for one in part.checks),
        notes=(),
        seed=m.seed,
        simulations=sum(p.posterior.simulations for p in parts if p.posterior is not None),
        facts=facts(record, days),
        settings={"draws": m.draws, "rounds": m.rounds, "simulations": m.simulations},
    )
    coverage = [p.posterior.coverage for p in parts if p.posterior is not None]
    return replace(made, notes=notes_of(made, record, coverage))
