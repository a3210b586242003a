"""Values that make a simulated service look like the recorded one, found without a likelihood.

Inference by simulation, in rounds. Places are carried to a scale where the prior is a standard normal. Many
services are drawn from the prior; each is then moved, round by round, to where it makes the record itself.
A step uses how summaries answer to parameters, learnt by regression over all services, and the service's own
miss. Each keeps its own draw of the prior and its own chance through all rounds, and a step that does not
help is taken back. Where they end is a sample of the posterior: exact where summaries are straight lines
with normal chance, close where they bend (randomised maximum likelihood: Kitanidis, 1995, Water Resour. Res.
31: 2411-2419; with slopes from the ensemble: Chen and Oliver, 2013, Comput. Geosci. 17: 689-703).

Tried before: rejection with regression adjustment, whose nearest simulations are not near with thirty
parameters; and draws from a normal posterior by a regression for all services at once, which over whole
ranges cannot follow how summaries bend, takes that for chance, and leaves far too much open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from upturn.twin.covariance import shrunk_covariance
from upturn.twin.priors import Floats, Prior
from upturn.twin.response import Response, filled
from upturn.twin.target import Target

#: Takes values (simulations, parameters) and the number of the first simulation, gives summaries
#: (simulations, summaries). A summary that a run cannot give is NaN. The same number has the same chance.
Simulator = Callable[[Floats, int], Floats]
Say = Callable[[int, int], None]
Numbers = npt.NDArray[np.int64]

#: A posterior wider than this share of its prior tells nothing worth having.
TELLS_NOTHING = 0.8
#: Standard deviations of the prior beyond which nothing is simulated.
FURTHEST = 2.8
#: Services simulated a second time in each round, to see what chance does; and rounds that are remembered.
TWICE = 30
REMEMBERED = 4
#: Rounds that the regression learns from, once services are no longer as far off as the prior.
LEARNT_FROM = 2
#: Share of the first regression's roughness that is taken for chance; less from round to round. Tried.
DOUBT = 0.3
#: Of the services, those that end nearest to the record are kept: the others are still on their way.
NEAREST = 0.8
#: A second run's number is its first run's and a multiple of the draws, at least so many times.
AGAIN = 1000
#: Services simulated together, at least: fewer are not worth their start.
STEP = 50
_EDGE = 1e-6


@dataclass(frozen=True)
class Posterior:
    """What inference leaves of a prior.

    ``places`` is float64 (draws, parameters), each between 0 and 1 on its prior's scale; ``width`` the
    share of the prior's 90 % interval that is left (1: nothing was learnt); ``coverage`` the share of 90 %
    intervals that held the truth when services near the record were taken for it; ``runs`` (draws,) the
    number that each draw was simulated under.
    """

    prior: Prior
    places: Floats
    width: Floats
    coverage: Floats
    simulations: int
    runs: Numbers

    @property
    def draws(self) -> Floats:
        """The draws in the parameters' units, float64 (draws, parameters)."""
        return self.prior.values(self.places)

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """For each parameter, whether the record tells it."""
        return np.asarray(self.width <= TELLS_NOTHING)


def infer(
    simulator: Simulator,
    recorded: Floats,
    prior: Prior,
    *,
    simulations: int = 250,
    rounds: int = 12,
    draws: int = 400,
    seed: int = 1,
    check: int = 60,
    progress: Say | None = None,
) -> Posterior:
    """The posterior of ``prior`` given the ``recorded`` summaries (one value each, none of them NaN).

    ``simulations`` services are moved ``rounds`` times; ``check`` of them are taken for the record at the
    end, to measure the coverage of the intervals. Draws beyond the services that are kept are repeats. Same
    seed, same answer. ``progress`` is told simulations done and to do. Raises ValueError when there are no
    summaries or one is NaN.

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
    twins = _Twins(simulator, prior, draws, _in_all(simulations, rounds, check), progress)
    # Rounded, so that the last bit of a sum, which differs between machines, moves no simulation.
    start = np.clip(rng.normal(size=(simulations, len(prior))), -FURTHEST, FURTHEST).round(9)
    own = rng.normal(size=(simulations, len(recorded)))
    now, target, chance = _moved(twins, recorded, start, own, rounds)
    kept = np.argsort(target.off(now.made), kind="stable")[: max(1, int(NEAREST * simulations))]
    runs = rng.permutation(np.resize(rng.permutation(kept), draws))
    places = _places(now.x[runs])
    coverage = np.full(len(prior), np.nan)
    if check:
        tried = np.sort(kept[kept < check])
        again = twins.simulated(now.x[:check], AGAIN * draws * (rounds + 1))[tried]
        coverage = _coverage(target.response, now.x[tried], again, chance)
    return Posterior(prior, places, width_of(places), coverage, twins.done, runs)


def _moved(
    twins: _Twins, recorded: Floats, start: Floats, own: Floats, rounds: int
) -> tuple[_Services, Target, Floats]:
    """Services moved from where they ``start`` towards the record; the last target, and what chance does."""
    asked, now = start, _Services(start, np.empty(0), np.ones(len(start)))
    for nth in range(rounds + 1):
        early = nth < LEARNT_FROM
        made = twins.simulated(asked)
        response = twins.learnt(asked, made, alone=early)
        chance = twins.chance(response, asked, made, nth) if nth else response.left
        target = Target.of(response, recorded, made, chance, own, start)
        now = now.better(target, asked, made, first=early)
        if nth < rounds:
            to = target.stepped(now.x, now.made, now.share, doubt=DOUBT * (1 - nth / rounds))
            asked = np.clip(to, -FURTHEST, FURTHEST).round(9)
    return now, target, chance


@dataclass(frozen=True)
class _Services:
    """Where each service stands, what it made there, and how much of its next step it dares."""

    x: Floats
    made: Floats
    share: Floats

    def better(self, target: Target, asked: Floats, made: Floats, *, first: bool) -> _Services:
        """Steps that helped are kept; the others are taken back, and the next from there is half as long."""
        if first:
            return _Services(asked, made, self.share)
        good = target.badness(asked, made) <= target.badness(self.x, self.made)
        return _Services(
            np.where(good[:, None], asked, self.x),
            np.where(good[:, None], made, self.made),
            np.where(good, np.minimum(1.0, 1.5 * self.share), 0.5 * self.share),
        )


@dataclass
class _Twins:
    """Simulates services, and remembers of the last rounds what is learnt from."""

    simulator: Simulator
    prior: Prior
    draws: int
    of: int
    progress: Say | None
    done: int = 0
    rounds: list[tuple[Floats, Floats]] = field(default_factory=list)
    apart: list[Floats] = field(default_factory=list)

    def simulated(self, x: Floats, first: int = 0) -> Floats:
        """Summaries of services at ``x``; each number has its own chance. In parts, so progress is told."""
        parts = []
        step = max(STEP, -(-len(x) // 10))
        for start in range(0, len(x), step):
            places = _places(x[start : start + step])
            parts.append(self.simulator(self.prior.values(places), first + start))
            self.done += len(places)
            if self.progress is not None:
                self.progress(self.done, self.of)
        return np.concatenate(parts)

    def learnt(self, x: Floats, made: Floats, *, alone: bool) -> Response:
        """How summaries answer to parameters, from this round, or ``LEARNT_FROM`` of them."""
        self.rounds = [(x, made)] if alone else [*self.rounds, (x, made)][-LEARNT_FROM:]
        return Response.of(
            np.concatenate([a for a, _ in self.rounds]), np.concatenate([b for _, b in self.rounds])
        )

    def chance(self, response: Response, x: Floats, made: Floats, nth: int) -> Floats:
        """The covariance of what chance does, by services of the last rounds that were run twice.

        Numbers differ by a multiple of the draws: a second run rests on the same draw of a period before.
        """
        many = min(TWICE if nth > 1 else 2 * TWICE, len(x))
        at = (nth * TWICE) % (len(x) - many + 1)
        again = self.simulated(x[at : at + many], at + AGAIN * self.draws * nth)
        gap = (filled(again) - filled(made)[at : at + many]) / np.sqrt(2)
        self.apart = [*self.apart, gap][-REMEMBERED:]
        gaps = np.concatenate(self.apart) / response.scale
        most = 4 * (np.median(np.abs(gaps), axis=0) / 0.67 + 1e-6)
        covariance = shrunk_covariance(np.clip(gaps, -most, most))
        return np.asarray(covariance + 1e-4 * np.eye(covariance.shape[0]))


def _places(x: Floats) -> Floats:
    return np.asarray(np.clip(ndtr(x), _EDGE, 1 - _EDGE))


def _in_all(simulations: int, rounds: int, check: int) -> int:
    """How many services are simulated."""
    twice = min(2 * TWICE, simulations) + (rounds - 1) * min(TWICE, simulations)
    return (rounds + 1) * simulations + (twice if rounds else 0) + min(check, simulations)


def width_of(places: Floats) -> Floats:
    """The posterior's 90 % interval over the prior's, for each parameter.

    >>> width_of(np.linspace(0, 1, 1001)[:, None]).round(3).tolist()
    [1.0]
    """
    low, high = np.quantile(places, [0.05, 0.95], axis=0)
    return np.asarray((high - low) / 0.9)


def _coverage(response: Response, x: Floats, made: Floats, chance: Floats) -> Floats:
    """The share of 90 % intervals that hold the truth near the record.

    Each service at ``x`` is taken for the record in turn, by what it ``made`` of chance of its own; the
    others are moved to it by one step (an ensemble smoother: Evensen, 2003, Ocean Dyn. 53: 343-367), and
    their spread is its interval. NaN where fewer than ten services are tried.
    """
    if len(x) < 10:
        return np.full(x.shape[1], np.nan)
    y = response.scaled(made)
    slopes = response.at(x.mean(axis=0)[None])[0]
    pulls = slopes @ np.linalg.inv(chance)
    tight = np.linalg.inv(shrunk_covariance(x) + 1e-9 * np.eye(x.shape[1]))
    gain = np.linalg.solve(tight + pulls @ slopes.T, pulls)
    held = []
    for n, truth in enumerate(x):
        moved = np.delete(x + (y[n] - y) @ gain.T, n, axis=0)
        far = np.abs(truth - moved.mean(axis=0)) / np.maximum(moved.std(axis=0, ddof=1), 1e-12)
        held.append(far <= ndtri(0.95))
    return np.asarray(np.mean(held, axis=0))
