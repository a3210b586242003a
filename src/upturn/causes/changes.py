"""What must have changed between two periods for the records to look as they do.

Most things in a service do not change from one half-year to the next. So each parameter either stayed as
it was (a spike) or moved by an amount drawn from a normal distribution (a slab): George and McCulloch
1993, "Variable selection via Gibbs sampling". The twin says how each summary of the records answers to
each parameter, and how far chance alone moves the summaries (a synthetic likelihood: Wood 2010). Sets of
up to a few changed parameters are all weighed, so nothing is left to a sampler's luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: Chance, before looking, that a driver changed. Assumed: about one of twelve, in an ordinary year.
PRIOR = 0.08
#: Chance that a parameter changed when its driver did: what changes partners, say, changes more than one
#: of the things that partners do. Assumed.
TOGETHER = 0.35
#: How far the parts of a driver go the same way, to the worse or to the better (correlation). Assumed.
ALIKE = 0.5
#: Sets of more changed parameters than this are not weighed.
MOST_CHANGED = 4
#: Sets are grown one parameter at a time from so many of the likeliest.
BEAM = 300
#: No parameter is taken to move further than this, in steps. Assumed.
FARTHEST = 4.0
#: Sets whose weight is below this share of the best are dropped.
NEGLIGIBLE = 1e-6


@dataclass(frozen=True)
class Shift:
    """What the records say of changes.

    ``probability[parameters]`` is the chance that each changed; ``draws[n, parameters]`` are joint draws of
    how far, in steps, zero where it stayed; ``sets`` the likeliest sets of changed parameters with their
    weight; ``distance`` the Mahalanobis distance, squared, of the records from no change at all and
    ``freedom`` the number of summaries, so that chance alone would be told.
    """

    probability: Floats
    draws: Floats
    sets: tuple[tuple[tuple[int, ...], float], ...]
    distance: float
    freedom: int


@dataclass(frozen=True)
class Branches:
    """Ways in which each parameter may have moved, each a straight line near one place.

    Branch ``b`` belongs to parameter ``owner[b]``, which moves by ``centre[b] + spread[b] * u`` steps with u
    standard normal; the summaries then move by ``offset[:, b] + slopes[:, b] * (steps - centre[b])``.
    ``weight[b]`` is its share of the parameter's chance to have moved. A service is not a straight line: a
    few conference slots fewer do nothing, and many fewer a great deal.
    """

    owner: npt.NDArray[np.int64]
    centre: Floats
    spread: Floats
    offset: Floats
    slopes: Floats
    weight: Floats


def straight(slopes: Floats) -> Branches:
    """One branch for each parameter, about no change, a step wide. ``slopes[summaries, parameters]``."""
    many = slopes.shape[1]
    zero, one = np.zeros(many), np.ones(many)
    return Branches(np.arange(many), zero, one, np.zeros_like(slopes), slopes, one)


def what_changed(
    seen: Floats,
    expected: Floats,
    ways: Floats | Branches,
    noise: Floats,
    drivers: Sequence[str],
    *,
    draws: int = 200,
    seed: int = 1,
    worse: Sequence[int] | None = None,
    prior: float = PRIOR,
    most: int = MOST_CHANGED,
) -> Shift:
    """Weigh sets of changed parameters, and draw from their posterior.

    ``seen[m]`` are the summaries as recorded, ``expected[m]`` what the twin makes of no change, ``ways`` how
    each answers to each parameter (slopes ``[m, parameters]`` for a step, or `Branches`), ``noise[m, m]``
    their covariance by chance, ``drivers[parameters]`` the driver each belongs to: parameters of one driver
    share its chance of having changed, and tend to change together; where ``worse[parameters]`` gives the way
    (1 or -1) that each does harm, they tend to do it together, too. Raises numpy.linalg.LinAlgError when
    ``noise`` is not positive definite.

    >>> shift = what_changed(np.array([3.0, 0.1]), np.zeros(2), np.eye(2), np.eye(2) * 0.1, ["a", "b"])
    >>> shift.probability.round(1).tolist()
    [1.0, 0.0]
    """
    branches = ways if isinstance(ways, Branches) else straight(ways)
    root = np.linalg.cholesky(noise)
    residual = np.linalg.solve(root, seen - expected)
    signs = np.zeros(len(drivers)) if worse is None else np.array(worse, dtype=float)
    belief = _Belief(drivers, branches, prior, signs)
    line = _Line(
        np.linalg.solve(root, branches.slopes) * branches.spread,
        np.linalg.solve(root, branches.offset), residual, belief.of, signs[branches.owner],
    )  # fmt: skip
    sets, logs = _grown(line, belief, branches.owner, most)
    weights = np.exp(logs - logs.max())
    keep = np.flatnonzero(weights > NEGLIGIBLE)
    return _shift([sets[i] for i in keep], weights[keep], line, branches, len(drivers), draws, seed)


def _shift(
    sets: Sets,
    weights: Floats,
    line: _Line,
    branches: Branches,
    parameters: int,
    draws: int,
    seed: int,
) -> Shift:
    weights = weights / weights.sum()
    probability = np.zeros(parameters)
    merged: dict[tuple[int, ...], float] = {}
    for chosen, weight in zip(sets, weights.tolist(), strict=True):
        owners = tuple(sorted(int(branches.owner[b]) for b in chosen))
        probability[list(owners)] += weight
        merged[owners] = merged.get(owners, 0.0) + weight
    best = sorted(merged.items(), key=lambda item: (-item[1], item[0]))[:10]
    drawn = _drawn(sets, weights, line, branches, parameters, draws, seed)
    return Shift(
        probability, drawn, tuple(best), float(line.residual @ line.residual), len(line.residual)
    )


class _Belief:
    """What is held of sets of changes before the records are looked at."""

    def __init__(
        self, drivers: Sequence[str], branches: Branches, prior: float, worse: Floats
    ) -> None:
        names = sorted(set(drivers))
        self.of = np.array([names.index(drivers[o]) for o in branches.owner], dtype=np.int64)
        self.weight = np.log(branches.weight)
        self.harm = np.sign(branches.centre) * worse[branches.owner]
        many = np.array([list(drivers).count(n) for n in names])
        most = int(many.max())
        k = np.arange(most + 1)
        # Given that a driver changed, each of its parameters did with chance TOGETHER, one at least.
        one = k * np.log(TOGETHER) + (many[:, None] - k) * np.log1p(-TOGETHER)
        self.table = (
            np.log(prior) - np.log1p(-prior) + one - np.log1p(-((1 - TOGETHER) ** many))[:, None]
        )
        self.table[:, 0] = 0.0

    def log_odds(self, members: npt.NDArray[np.int64]) -> Floats:
        """Log prior of each set (a row of branches) against no change."""
        drivers = self.of[members]
        found = self.weight[members].sum(axis=1)
        for driver in range(len(self.table)):
            own = drivers == driver
            found += self.table[driver, own.sum(axis=1)] + _alike(self.harm[members] * own)
        return np.asarray(found, dtype=np.float64)


def _alike(harm: Floats) -> Floats:
    """Log odds of large changes of a driver's parts that go one way or not. ``harm[sets, members]``."""
    many, net = (harm != 0).sum(axis=1), harm.sum(axis=1)
    pairs = many * (many - 1) / 2
    same = (pairs + (net**2 - many) / 2) / 2
    return np.asarray(same * np.log1p(ALIKE) + (pairs - same) * np.log1p(-ALIKE))


#: Sets of branches.
Sets = list[tuple[int, ...]]


class _Line:
    """Summaries with their chance made even: what was seen, and what each branch would do to it."""

    def __init__(
        self,
        design: Floats,
        offset: Floats,
        residual: Floats,
        driver: npt.NDArray[np.int64],
        worse: Floats,
    ) -> None:
        self.gram, self.residual = design.T @ design, residual
        alike = ALIKE * np.outer(worse, worse) * (driver[:, None] == driver)
        np.fill_diagonal(alike, 1.0)
        self.alike = alike
        self.pull, self.across = design.T @ residual, design.T @ offset
        self.shift, self.shifts = offset.T @ residual, offset.T @ offset

    def log_weights(self, members: npt.NDArray[np.int64]) -> Floats:
        """Log marginal likelihood of each set (a row of branches) against no change."""
        size = members.shape[1]
        if size == 0:
            return np.zeros(len(members))
        rows, columns = members[:, :, None], members[:, None, :]
        alike = self.alike[rows, columns]
        precision = self.gram[rows, columns] + np.linalg.inv(alike)
        toward = self.pull[members] - self.across[rows, columns].sum(axis=2)
        solved = np.linalg.solve(precision, toward[..., None])[..., 0]
        gain = 0.5 * np.einsum("ni,ni->n", toward, solved)
        moved = self.shift[members].sum(axis=1) - 0.5 * self.shifts[rows, columns].sum(axis=(1, 2))
        wide = np.linalg.slogdet(precision)[1] + np.linalg.slogdet(alike)[1]
        return np.asarray(gain + moved - 0.5 * wide, dtype=np.float64)

    def posterior(self, chosen: tuple[int, ...]) -> tuple[Floats, Floats]:
        """Mean and covariance of the branches' u, given that these and no others are at work."""
        at = np.ix_(list(chosen), list(chosen))
        cover = np.linalg.inv(self.gram[at] + np.linalg.inv(self.alike[at]))
        toward = self.pull[list(chosen)] - self.across[at].sum(axis=1)
        return np.asarray(cover @ toward), np.asarray(cover)


def _grown(
    line: _Line, belief: _Belief, owner: npt.NDArray[np.int64], most: int
) -> tuple[Sets, Floats]:
    """Sets with the log of their weight: all of one and two branches, larger ones from the likeliest."""
    level = np.zeros((1, 0), dtype=np.int64)
    logs = line.log_weights(level)
    sets: Sets = [()]
    found = [logs]
    for size in range(1, most + 1):
        top = level if size <= 2 else level[np.argsort(-logs, kind="stable")[:BEAM]]
        level = _one_more(top, owner)
        if not len(level):
            break
        logs = line.log_weights(level) + belief.log_odds(level)
        sets += [tuple(row) for row in level.tolist()]
        found.append(logs)
    return sets, np.concatenate(found)


def _one_more(sets: npt.NDArray[np.int64], owner: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Every set with one more branch, of a parameter that has none in it; each once, in order."""
    more = np.arange(len(owner))
    grown = np.concatenate(
        [np.repeat(sets, len(more), axis=0), np.tile(more, len(sets))[:, None]], axis=1
    )
    free = (owner[grown[:, :-1]] != owner[grown[:, -1:]]).all(axis=1)
    return np.unique(np.sort(grown[free], axis=1), axis=0)


def _drawn(
    sets: Sets,
    weights: Floats,
    line: _Line,
    branches: Branches,
    parameters: int,
    draws: int,
    seed: int,
) -> Floats:
    rng = np.random.default_rng(seed)
    found = np.zeros((draws, parameters))
    # Evenly spaced, so that a set's share of the draws is its weight to within one draw.
    places = (np.arange(draws) + rng.random()) / draws
    which = np.minimum(np.searchsorted(np.cumsum(weights), places), len(sets) - 1)
    for row, number in enumerate(which):
        chosen = list(sets[number])
        if chosen:
            mean, cover = line.posterior(sets[number])
            u = rng.multivariate_normal(mean, cover, method="cholesky")
            steps = branches.centre[chosen] + branches.spread[chosen] * u
            found[row, branches.owner[chosen]] = np.clip(steps, -FARTHEST, FARTHEST)
    return found[rng.permutation(draws)]
