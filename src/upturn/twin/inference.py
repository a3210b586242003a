"""Values that make a simulated service look like the recorded one, found without a likelihood.

Approximate Bayesian computation in rounds. Each round simulates services drawn from the prior (from the
second round on, from the part of it that the round before left standing), learns which combination of
summaries tells each parameter (Fearnhead and Prangle, 2012, J. R. Stat. Soc. B 74: 419-474), keeps the
services nearest the record, and corrects what is left of the distance by regression with unequal spread
(Beaumont, Zhang and Balding, 2002, Genetics 162: 2025-2035; Blum and François, 2010, Stat. Comput. 20:
63-73). The narrowing cuts the prior and does not reshape it, so no weights are needed (Deistler, Goncalves
and Macke, 2022, NeurIPS). All of it works on the scale where the prior is even, so that no value leaves
its ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from upturn.twin.priors import Floats, Prior

#: Takes values (simulations, parameters) and the number of the first simulation, gives summaries
#: (simulations, summaries). A summary that a run cannot give is NaN.
Simulator = Callable[[Floats, int], Floats]
Say = Callable[[int, int], None]
Numbers = npt.NDArray[np.int64]

#: The least and most of the simulations that are kept as near enough, and the share between.
LEAST_KEPT, KEPT = 200, 0.15
#: A posterior wider than this share of its prior tells nothing worth having.
TELLS_NOTHING = 0.8
#: How much of the posterior's width is left standing on each side when the next round is drawn.
MARGIN = 0.25
#: A parameter whose summaries move less than this, in units of what they leave open, corrects nothing.
SPEAKS = 0.25
_EDGE = 1e-6


@dataclass(frozen=True)
class Posterior:
    """What inference leaves of a prior.

    ``places`` is float64 (draws, parameters), each between 0 and 1 on its prior's scale; ``runs`` int64
    (draws,), the number of the simulation that each draw rests on; ``width`` the share of the prior's 90 %
    interval that is left (1: nothing was learnt); ``coverage`` the share of 90 % intervals that held the
    truth when simulations near the record were fitted as if they were records.
    """

    prior: Prior
    places: Floats
    runs: Numbers
    width: Floats
    coverage: Floats
    simulations: int

    @property
    def draws(self) -> Floats:
        """The draws in the parameters' units, float64 (draws, parameters)."""
        return self.prior.values(self.places)

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """For each parameter, whether the record tells it."""
        return np.asarray(self.width <= TELLS_NOTHING)


@dataclass(frozen=True)
class Pool:
    """Simulations to learn from: places (n, parameters), summaries (n, summaries) and numbers (n,)."""

    places: Floats
    summaries: Floats
    runs: Numbers

    @classmethod
    def empty(cls, parameters: int, summaries: int) -> Pool:
        """No simulations yet."""
        none = np.empty(0, dtype=np.int64)
        return cls(np.empty((0, parameters)), np.empty((0, summaries)), none)

    def inside(self, low: Floats, high: Floats) -> Pool:
        """Those whose places lie in a box."""
        within = ((self.places >= low) & (self.places <= high)).all(axis=1)
        return Pool(self.places[within], self.summaries[within], self.runs[within])

    def joined(self, other: Pool) -> Pool:
        """These and others."""
        return Pool(
            np.concatenate([self.places, other.places]),
            np.concatenate([self.summaries, other.summaries]),
            np.concatenate([self.runs, other.runs]),
        )


def infer(
    simulator: Simulator,
    recorded: Floats,
    prior: Prior,
    *,
    simulations: int = 2000,
    rounds: int = 2,
    draws: int = 400,
    seed: int = 1,
    check: int = 100,
    progress: Say | None = None,
) -> Posterior:
    """The posterior of ``prior`` given the ``recorded`` summaries (one value each, none of them NaN).

    ``simulations`` is for each round; ``check`` how many simulations are fitted as if they were records, to
    measure the coverage of the intervals. Same seed, same answer. ``progress`` is told simulations done
    and to do. Raises ValueError when there are no summaries or one is NaN.

    >>> def bell(values, first):
    ...     noise = np.random.default_rng(first).normal(size=(len(values), 30))
    ...     return (values + noise).mean(axis=1, keepdims=True)
    >>> found = infer(bell, np.array([2.0]), Prior(("mean",), (-5.0,), (5.0,), ("linear",)), seed=3)
    >>> bool(abs(found.draws.mean() - 2.0) < 0.1), bool(found.known[0])
    (True, True)
    """
    recorded = np.asarray(recorded, dtype=float)
    if recorded.size == 0 or not np.isfinite(recorded).all():
        raise ValueError("inference needs at least one summary, and none that is missing")
    rng = np.random.default_rng(seed)
    low, high = np.zeros(len(prior)), np.ones(len(prior))
    pool, done = Pool.empty(len(prior), recorded.size), 0
    for nth in range(rounds):
        new = _simulated(simulator, prior, low, high, simulations, rng, done, rounds, progress)
        pool, done = pool.inside(low, high).joined(new), done + simulations
        if nth < rounds - 1:
            low, high = _narrowed(
                pool, *posterior_of(pool, recorded, draws=1000, rng=rng), low, high
            )
    places, chosen = posterior_of(pool, recorded, draws=draws, rng=rng)
    coverage = coverage_near(pool, recorded, many=check, rng=rng)
    return Posterior(prior, places, pool.runs[chosen], width_of(places), coverage, done)


def _simulated(
    simulator: Simulator,
    prior: Prior,
    low: Floats,
    high: Floats,
    many: int,
    rng: np.random.Generator,
    first: int,
    rounds: int,
    progress: Say | None,
) -> Pool:
    """New simulations from a box, in parts, so that progress is told."""
    pool = Pool.empty(len(prior), 0)
    step = max(1, -(-many // 10))
    for start in range(0, many, step):
        size = min(step, many - start)
        places = low + rng.random((size, len(prior))) * (high - low)
        runs = np.arange(first + start, first + start + size)
        new = Pool(places, simulator(prior.values(places), first + start), runs)
        pool = new if start == 0 else pool.joined(new)
        if progress is not None:
            progress(first + start + size, rounds * many)
    return pool


def _narrowed(
    pool: Pool, places: Floats, rows: Numbers, low: Floats, high: Floats
) -> tuple[Floats, Floats]:
    """The box the next round is drawn from: the posterior's reach and a margin, never wider than before.

    It also holds most of the nearest simulations as they were: where the record lies beyond all that was
    simulated, a corrected value is a guess along a line, and the next round has to look between the two.
    """
    first, last = np.quantile(places, [0.005, 0.995], axis=0)
    near_first, near_last = np.quantile(pool.places[rows], [0.1, 0.9], axis=0)
    first, last = np.minimum(first, near_first), np.maximum(last, near_last)
    margin = MARGIN * (last - first) + 0.01
    return np.maximum(low, first - margin), np.minimum(high, last + margin)


def width_of(places: Floats) -> Floats:
    """The posterior's 90 % interval over the prior's, for each parameter.

    >>> width_of(np.linspace(0, 1, 1001)[:, None]).round(3).tolist()
    [1.0]
    """
    low, high = np.quantile(places, [0.05, 0.95], axis=0)
    return np.asarray((high - low) / 0.9)


def posterior_of(
    pool: Pool, recorded: Floats, *, draws: int, rng: np.random.Generator
) -> tuple[Floats, Numbers]:
    """Draws of places (draws, parameters) given what was simulated and recorded, and their rows."""
    learnt = _Learnt.of(pool)
    return _corrected(learnt.told, pool.places, learnt.of_one(recorded), draws=draws, rng=rng)


def coverage_near(pool: Pool, recorded: Floats, *, many: int, rng: np.random.Generator) -> Floats:
    """The share of 90 % intervals that hold the truth, for ``many`` simulations near the record.

    Each is taken out and fitted as if it were the record (Prangle and others, 2014, Aust. N. Z. J. Stat. 56:
    309-329). NaN when ``many`` is 0.
    """
    if many == 0:
        return np.full(pool.places.shape[1], np.nan)
    learnt = _Learnt.of(pool)
    target = learnt.of_one(recorded)
    near = np.argsort(_distance(learnt.told, target))[: max(many, LEAST_KEPT)]
    inside = []
    for one in rng.choice(near, size=min(many, len(near)), replace=False):
        others = np.arange(len(pool.places)) != one
        found, _ = _corrected(
            learnt.told[others], pool.places[others], learnt.told[one], draws=400, rng=rng
        )
        low, high = np.quantile(found, [0.05, 0.95], axis=0)
        inside.append((low <= pool.places[one]) & (pool.places[one] <= high))
    return np.asarray(np.mean(inside, axis=0))


@dataclass(frozen=True)
class _Learnt:
    """What each simulation's summaries say of each parameter: the regression of places on summaries."""

    middle: Floats
    spread: Floats
    weights: Floats  # (1 + 2 summaries, parameters)
    told: Floats  # (simulations, parameters), in units of what the summaries leave open

    @classmethod
    def of(cls, pool: Pool) -> _Learnt:
        filled = _filled(pool.summaries, pool.summaries)
        middle = np.median(filled, axis=0)
        spread = np.maximum(
            np.subtract(*np.quantile(filled, [0.9, 0.1], axis=0)) / 2.56,
            1e-9 + 1e-6 * abs(middle),
        )
        features = _features(filled, middle, spread)
        wanted = _logit(pool.places)
        weights = _ridge(features, wanted)
        # A parameter of which the summaries say nothing then says nothing about which runs are near.
        weights = weights / ((wanted - features @ weights).std(axis=0) + 1e-9)
        return cls(middle, spread, weights, features @ weights)

    def of_one(self, summaries: Floats) -> Floats:
        return np.asarray(
            (_features(summaries[None, :], self.middle, self.spread) @ self.weights)[0]
        )


def _filled(summaries: Floats, pool: Floats) -> Floats:
    """NaN becomes the middle of the runs that could tell."""
    if np.isfinite(summaries).all():
        return summaries
    counts = np.isfinite(pool).any(axis=0)
    middle = np.zeros(pool.shape[1])
    middle[counts] = np.nanmedian(
        np.where(np.isfinite(pool[:, counts]), pool[:, counts], np.nan), 0
    )
    return np.where(np.isfinite(summaries), summaries, middle)


def _features(summaries: Floats, middle: Floats, spread: Floats) -> Floats:
    """Each summary and its square on a common scale, with a constant; far values are held back."""
    x = np.arcsinh((summaries - middle) / spread)
    return np.concatenate([np.ones((len(x), 1)), x, x * x], axis=1)


def _ridge(features: Floats, targets: Floats, strength: float = 1.0) -> Floats:
    penalty = strength * np.eye(features.shape[1])
    penalty[0, 0] = 1e-9
    return np.asarray(
        np.linalg.solve(features.T @ features + penalty, features.T @ targets), dtype=float
    )


def _logit(places: Floats) -> Floats:
    held = np.clip(places, _EDGE, 1 - _EDGE)
    return np.asarray(np.log(held / (1 - held)))


def _distance(told: Floats, target: Floats) -> Floats:
    """How far apart what the summaries say is; a parameter counts as far as they tell it."""
    return np.asarray(np.sqrt(((told - target) ** 2).sum(axis=1)))


def _corrected(
    told: Floats, places: Floats, target: Floats, *, draws: int, rng: np.random.Generator
) -> tuple[Floats, Numbers]:
    """The nearest simulations, moved to where they would be had they matched the record; and which."""
    far = _distance(told, target)
    keep = min(len(far), max(LEAST_KEPT, int(KEPT * len(far))))
    near = np.argpartition(far, keep - 1)[:keep]
    weight = np.maximum(1 - (far[near] / (far[near].max() + 1e-12)) ** 2, 1e-3)
    speaks = told.std(axis=0) > SPEAKS
    x = np.concatenate([np.ones((keep, 1)), (told[near] - target)[:, speaks]], axis=1)
    y = _logit(places[near])
    centre = _weighted(x, y, weight)
    left = y - x @ centre
    wide = _weighted(x, np.log(left**2 + 1e-4), weight)
    ratio = np.exp(np.clip(0.5 * (wide[0] - x @ wide), -1.5, 1.5))
    fewer = 1 - x.shape[1] * (weight**2).sum() / weight.sum() ** 2
    moved = centre[0] + left * ratio / np.sqrt(max(fewer, 0.25))  # what fitting the line used up
    chosen = rng.choice(keep, size=draws, p=weight / weight.sum())
    return np.asarray(1 / (1 + np.exp(-moved[chosen]))), near[chosen]


def _weighted(x: Floats, y: Floats, weight: Floats) -> Floats:
    inner = (x * weight[:, None]).T @ x + 1e-3 * np.eye(x.shape[1])
    return np.asarray(np.linalg.solve(inner, (x * weight[:, None]).T @ y), dtype=float)
