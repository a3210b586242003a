"""A period as inference sees it: from values of what is sought to the summaries of a simulated service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from upturn.twin.features import Feature, Floats, carried, summarise
from upturn.twin.fitted import CheckOfFit
from upturn.twin.inference import Numbers, Posterior
from upturn.twin.priors import Prior
from upturn.twin.run_features import Runner
from upturn.twin.unknowns import Place, prior_of

#: How far a parameter may have moved between two periods, as a share of its range, before anything is known.
MOVED = 0.3
#: No model makes a real service to the last child: simulated summaries are blurred by this much, 3 % of a
#: count or 3 points of a share at the half, before they are held against the record (Wilkinson, 2013, Stat.
#: Appl. Genet. Mol. Biol. 12: 129-141). Assumed.
MISFIT = 0.03
#: How uneven caseloads are, and how often workers change, is made far less well: the twin deals work out by
#: one rule, and people do not. Assumed.
UNEVEN = {"load_p90": 0.15, "load_top": 0.15, "changes_of_worker": 0.15}


@dataclass(frozen=True)
class Part:
    """One period fitted: where its parameters stood, draws of all of them, and what was learnt."""

    places: tuple[Place, ...]
    draws: Floats  # (draws, all parameters)
    sought: tuple[int, ...]
    posterior: Posterior | None
    features: tuple[Feature, ...]
    moved: tuple[bool, ...]  # of each sought: looked for as a move from the period before
    checks: tuple[CheckOfFit, ...] = ()
    #: For each draw, the draw of the period before that it rests on; none for a first period.
    rests: Numbers | None = None


@dataclass(frozen=True)
class World:
    """From values of what is sought to summaries of a simulated service."""

    places: tuple[Place, ...]
    sought: tuple[int, ...]
    base: Part | None
    features: tuple[Feature, ...]
    monthly: dict[str, Floats]
    months: tuple[int, int]
    run: Runner
    seed: int

    @property
    def own(self) -> Prior:
        """Where the sought parameters may lie."""
        rows = [self.places[n] for n in self.sought]
        return prior_of([(r.parameter.name, r.low, r.high, r.parameter.scale) for r in rows])

    @property
    def relative(self) -> tuple[bool, ...]:
        """Which of them are sought as a move from the period before: those that simulation infers."""
        if self.base is None:
            return (False,) * len(self.sought)
        return tuple(self.places[n].how == "inferred" for n in self.sought)

    @property
    def prior(self) -> Prior:
        """What inference draws from: places of their own, or moves from the period before."""
        own = self.own
        low = [-MOVED if r else v for r, v in zip(self.relative, own.low, strict=True)]
        high = [MOVED if r else v for r, v in zip(self.relative, own.high, strict=True)]
        scale = ["linear" if r else v for r, v in zip(self.relative, own.scale, strict=True)]
        return prior_of(list(zip(own.names, low, high, scale, strict=True)))

    def whole(
        self, values: Floats, runs: Numbers, *, settled: Sequence[bool] | None = None
    ) -> Floats:
        """All parameters of each row; what is not ``settled`` stays as it was in the period before."""
        made = (
            self._base_rows(runs) if self.base is not None else fixed_rows(self.places, len(values))
        )
        fixed = fixed_rows(self.places, 1)[0]
        for n, one in enumerate(self.places):
            if not one.sought:
                made[:, n] = fixed[n]
        own, relative = self.own, self.relative
        was = own.places(made[:, list(self.sought)])
        for k, n in enumerate(self.sought):
            if not relative[k]:
                made[:, n] = values[:, k]
            elif settled is None or settled[k]:
                place = np.clip(was[:, k] + values[:, k], 0, 1)
                made[:, n] = own.only([own.names[k]]).values(place[:, None])[:, 0]
        return made

    def _base_rows(self, runs: Numbers) -> Floats:
        assert self.base is not None
        return self.base.draws[np.asarray(runs, dtype=np.int64) % len(self.base.draws)].copy()

    def summaries(self, values: Floats, first: int) -> Floats:
        """What inference asks for: rows of values to rows of summaries."""
        runs = np.arange(first, first + len(values))
        made = carried(self.features, self.of_values(self.whole(values, runs), runs, first=first))
        noise = np.random.default_rng([self.seed, first, 7]).normal(size=made.shape)
        blur = [max(UNEVEN.get(name, MISFIT) for name in f.needs or ("",)) for f in self.features]
        return np.asarray(made + np.array(blur) * noise)

    def of_values(self, whole: Floats, runs: Numbers, *, first: int) -> Floats:
        """Summaries of services with these values of all parameters."""
        lead, own = self.months
        plans = np.repeat(whole[:, None, :], lead + own, axis=1)
        if lead:
            plans[:, :lead] = self._base_rows(runs)[:, None, :]
        monthly, histograms = self.run(plans, seed=self.seed, first=first, lead=lead)
        for name, values in self.monthly.items():
            if name in monthly and not np.isfinite(values).all():
                monthly[name] = np.where(np.isfinite(values), monthly[name], np.nan)
        return summarise(self.features, monthly, histograms)


def fixed_rows(where: Sequence[Place], rows: int) -> Floats:
    """Rows of what stands before simulation. Shape (rows, parameters)."""
    return np.tile(np.array([one.value for one in where], dtype=float), (rows, 1))
