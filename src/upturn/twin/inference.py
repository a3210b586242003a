"""Values that make a simulated service look like the recorded one, found without a likelihood.

Inference by simulation, in rounds. Places are carried to a scale where the prior is a standard normal. Each
round simulates services, learns by regression how every summary answers to every parameter and how far
chance alone moves the summaries together (a synthetic likelihood: Wood, 2010, Nature 466: 1102-1104, with a
regression for its mean), and works out the normal posterior that this gives with the prior. The next round
simulates where that posterior lies, more widely than it, so that the regression becomes a local one (an
iterated ensemble smoother: Emerick and Reynolds, 2013, Comput. Geosci. 55: 3-15). Where the values come
from does not bias a regression of summaries on values, so no weights are needed. Rejection with regression
adjustment was tried first: with thirty parameters its nearest simulations are not near.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from upturn.twin.covariance import shrunk_covariance
from upturn.twin.priors import Floats, Prior
from upturn.twin.resampling import flattened, resample

#: Takes values (simulations, parameters) and the number of the first simulation, gives summaries
#: (simulations, summaries). A summary that a run cannot give is NaN.
Simulator = Callable[[Floats, int], Floats]
Say = Callable[[int, int], None]
Numbers = npt.NDArray[np.int64]

#: A posterior wider than this share of its prior tells nothing worth having.
TELLS_NOTHING = 0.8
#: How much wider than the posterior (in standard deviations) the next round is drawn.
WIDER = 1.25
#: Standard deviations of the prior beyond which nothing is simulated.
FURTHEST = 2.8
#: How far a posterior's spread may be stretched, or shrunk, to the coverage that is measured.
STRETCH = (0.9, 2.0)
#: How hard slopes may be shrunk, as a share of the simulations; and how much harder bends are: they have to
#: be worth having.
#: At least this share of the last draws must count.
COUNTING = 0.25
SHRINK = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
BEND = 0.3
_EDGE = 1e-6


@dataclass(frozen=True)
class Posterior:
    """What inference leaves of a prior.

    ``places`` is float64 (draws, parameters), each between 0 and 1 on its prior's scale; ``width`` the
    share of the prior's 90 % interval that is left (1: nothing was learnt); ``coverage`` the share of 90 %
    intervals that held the truth when simulations near the record were fitted as if they were records.
    """

    prior: Prior
    places: Floats
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
class Normal:
    """A normal distribution of the parameters, on the scale where the prior is standard normal."""

    mean: Floats
    spread: Floats  # covariance

    def drawn(self, many: int, rng: np.random.Generator, *, wider: float = 1.0) -> Floats:
        """Draws (many, parameters), ``wider`` times as far from the mean."""
        root = np.linalg.cholesky(self.spread + 1e-9 * np.eye(len(self.mean)))
        return np.asarray(self.mean + wider * rng.normal(size=(many, len(self.mean))) @ root.T)

    def widened(self, by: float) -> Normal:
        """The same with standard deviations ``by`` times as large."""
        return Normal(self.mean, self.spread * by**2)


def infer(
    simulator: Simulator,
    recorded: Floats,
    prior: Prior,
    *,
    simulations: int = 500,
    rounds: int = 5,
    draws: int = 400,
    seed: int = 1,
    check: int = 200,
    progress: Say | None = None,
) -> Posterior:
    """The posterior of ``prior`` given the ``recorded`` summaries (one value each, none of them NaN).

    ``simulations`` is for each round; ``check`` how many simulations of the last round are fitted as if they
    were records, to measure the coverage of the intervals and to stretch them to it. Same seed, same answer.
    ``progress`` is told simulations done and to do. Raises ValueError when there are no summaries or one is
    NaN.

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
    flat = Normal(np.zeros(len(prior)), np.eye(len(prior)))
    where, done = flat, 0
    for nth in range(rounds):
        asked = where if nth == 0 else where.widened(WIDER)
        # Rounded, so that the last bit of a sum, which differs between machines, moves no simulation.
        x = np.clip(asked.drawn(simulations, rng).round(9), -FURTHEST, FURTHEST)
        made = _simulated(simulator, prior, x, done, (rounds + 1) * simulations, progress)
        learnt, done = Response.of(x, made), done + simulations
        where = learnt.posterior(recorded, flat)
    coverage, stretch = _coverage(learnt, x, made, asked, many=check, rng=rng)
    known = where.widened(stretch)
    drawn = known.drawn(max(draws, simulations), rng).round(9)
    drawn = np.clip(drawn, -FURTHEST, FURTHEST)
    made = _simulated(simulator, prior, drawn, done, (rounds + 1) * simulations, progress)
    kept = learnt.likely(made, recorded, rng)[:draws]
    places = np.clip(ndtr(drawn[kept]), _EDGE, 1 - _EDGE)
    return Posterior(prior, places, width_of(places), coverage, done + len(drawn))


def _simulated(
    simulator: Simulator, prior: Prior, x: Floats, first: int, of: int, progress: Say | None
) -> Floats:
    """Summaries of services at ``x``, in parts, so that progress is told."""
    parts = []
    step = max(1, -(-len(x) // 10))
    for start in range(0, len(x), step):
        places = np.clip(ndtr(x[start : start + step]), _EDGE, 1 - _EDGE)
        parts.append(simulator(prior.values(places), first + start))
        if progress is not None:
            progress(first + min(start + step, len(x)), of)
    return np.concatenate(parts)


def width_of(places: Floats) -> Floats:
    """The posterior's 90 % interval over the prior's, for each parameter.

    >>> width_of(np.linspace(0, 1, 1001)[:, None]).round(3).tolist()
    [1.0]
    """
    low, high = np.quantile(places, [0.05, 0.95], axis=0)
    return np.asarray((high - low) / 0.9)


@dataclass(frozen=True)
class Response:
    """How summaries answer to parameters about where they were simulated, and how far chance moves them.

    A summary is ``level + slopes . x + bends . x²``, its chance normal with covariance ``noise``.
    """

    middle: Floats
    scale: Floats
    level: Floats
    slopes: Floats  # (parameters, summaries)
    bends: Floats
    noise: Floats  # inverse of the covariance of what chance does to scaled summaries

    @classmethod
    def of(cls, x: Floats, summaries: Floats) -> Response:
        """Learn from simulations: ``x`` (simulations, parameters), ``summaries`` (simulations, summaries)."""
        filled = _filled(summaries)
        middle = np.median(filled, axis=0)
        scale = np.subtract(*np.quantile(filled, [0.9, 0.1], axis=0)) / 2.56
        scale = np.maximum(scale, 1e-9 + 1e-6 * abs(middle))
        y = _held((filled - middle) / scale)
        weights, left = _shrunk(x, y)
        noise = shrunk_covariance(left) + 1e-6 * np.eye(left.shape[1])
        p = x.shape[1]
        level = weights[0] - weights[p + 1 :].sum(axis=0)
        return cls(middle, scale, level, weights[1 : p + 1], weights[p + 1 :],
                   np.asarray(np.linalg.inv(noise), dtype=float))  # fmt: skip

    def posterior(self, summaries: Floats, before: Normal, *, steps: int = 12) -> Normal:
        """What ``summaries`` leave of ``before``: Gauss and Newton's steps to the mode, and its curvature."""
        y = _held((summaries - self.middle) / self.scale)
        tight = np.linalg.inv(before.spread + 1e-9 * np.eye(len(before.mean)))
        x = before.mean.copy()
        for _ in range(steps):
            slopes = self.slopes + 2 * self.bends * x[:, None]
            left = y - self.level - x @ self.slopes - (x * x) @ self.bends
            known = tight + slopes @ self.noise @ slopes.T
            step = np.linalg.solve(known, slopes @ self.noise @ left - tight @ (x - before.mean))
            x = np.clip(x + np.clip(step, -0.75, 0.75), -FURTHEST, FURTHEST)
        slopes = self.slopes + 2 * self.bends * x[:, None]
        spread = np.asarray(np.linalg.inv(tight + slopes @ self.noise @ slopes.T), dtype=float)
        return Normal(x, spread)

    def likely(self, made: Floats, recorded: Floats, rng: np.random.Generator) -> Numbers:
        """Simulations as often as what they ``made`` is near the record: straight lines put right.

        Each is one run, so chance stands in both. The likelihood is flattened until `COUNTING` of them count.
        """
        gap = _held((_filled(made) - self.middle) / self.scale) - _held(
            (recorded - self.middle) / self.scale
        )
        far = np.einsum("ni,ij,nj->n", gap, self.noise, gap) / 4
        chosen = resample(flattened(far.min() - far, COUNTING * len(made)), rng)
        return np.asarray(chosen, dtype=np.int64)


def _shrunk(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Weights of level, slopes and bends for each summary, and what each simulation's own absence leaves.

    Ridge regression; how hard slopes are shrunk is settled for each summary by leaving each simulation out in
    turn (Golub, Heath and Wahba, 1979, Technometrics 21: 215-223, in its exact form), so that a summary that
    says nothing of a parameter does not seem to. Weights have shape
    (1 + 2 parameters, summaries), what is left (simulations, summaries).
    """
    bends = x * x - 1
    ways = np.concatenate([x, BEND * bends], axis=1)
    centre = ways.mean(axis=0)
    u, size, turned = np.linalg.svd(ways - centre, full_matrices=False)
    mean = y.mean(axis=0)
    pulled = u.T @ (y - mean)
    best, weights, left = (
        np.full(y.shape[1], np.inf),
        np.zeros((ways.shape[1], y.shape[1])),
        y.copy(),
    )
    for much in SHRINK:
        kept = size**2 / (size**2 + much * len(x))
        lever = 1.0 - 1.0 / len(x) - (u**2 @ kept)
        out = (y - mean - u @ (kept[:, None] * pulled)) / np.maximum(lever, 1e-3)[:, None]
        error = (out**2).mean(axis=0)
        better = error < best
        best = np.where(better, error, best)
        found = turned.T @ ((kept / np.maximum(size, 1e-12))[:, None] * pulled)
        weights[:, better], left[:, better] = found[:, better], out[:, better]
    p = x.shape[1]
    weights[p:] *= BEND
    level = mean - centre[:p] @ weights[:p] - bends.mean(axis=0) @ weights[p:]
    return np.concatenate([level[None], weights]), left


def _held(scaled: Floats) -> Floats:
    """Far values are held back, so that a service that collapsed does not bend every line."""
    return np.asarray(np.arcsinh(scaled / 3) * 3)


def _filled(summaries: Floats) -> Floats:
    """NaN becomes the middle of the runs that could tell."""
    if np.isfinite(summaries).all():
        return summaries
    told = np.isfinite(summaries).any(axis=0)
    middle = np.zeros(summaries.shape[1])
    middle[told] = np.nanmedian(summaries[:, told], axis=0)
    return np.where(np.isfinite(summaries), summaries, middle)


def _coverage(
    learnt: Response,
    x: Floats,
    made: Floats,
    asked: Normal,
    *,
    many: int,
    rng: np.random.Generator,
) -> tuple[Floats, float]:
    """The share of 90 % intervals that hold the truth near the record, and how far to stretch them.

    Simulations of the last round are fitted as if they were records, with what they were drawn from as prior
    (Prangle and others, 2014, Aust. N. Z. J. Stat. 56: 309-329). They were also learnt from: with many
    more of them than parameters that flatters by little. NaN when ``many`` is 0.
    """
    if many == 0:
        return np.full(x.shape[1], np.nan), 1.0
    filled = _filled(made)
    scores = []
    for one in rng.choice(len(x), size=min(many, len(x)), replace=False):
        found = learnt.posterior(filled[one], asked)
        scores.append((x[one] - found.mean) / np.sqrt(np.diag(found.spread)))
    z = np.abs(np.array(scores))
    stretch = float(np.clip(np.quantile(z, 0.9) / ndtri(0.95), *STRETCH))
    return np.asarray((z <= stretch * ndtri(0.95)).mean(axis=0)), stretch
