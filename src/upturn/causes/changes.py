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
from itertools import combinations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: Chance, before looking, that a driver changed. Assumed: about one of twelve, in an ordinary year.
PRIOR = 0.08
#: Sets of more changed parameters than this are not weighed.
MOST_CHANGED = 4
#: Sets whose weight is below this share of the best are dropped.
NEGLIGIBLE = 1e-6


@dataclass(frozen=True)
class Shift:
    """What the records say of changes.

    ``probability[parameters]`` is the chance that each changed; ``draws[n, parameters]`` are joint draws of
    how far, in units of the slab's standard deviation, zero where it stayed; ``sets`` the likeliest sets
    of changed parameters with their weight; ``distance`` the Mahalanobis distance, squared, of the records
    from no change at all and ``freedom`` the number of summaries, so that chance alone would be told.
    """

    probability: Floats
    draws: Floats
    sets: tuple[tuple[tuple[int, ...], float], ...]
    distance: float
    freedom: int


def what_changed(
    seen: Floats,
    expected: Floats,
    slopes: Floats,
    noise: Floats,
    drivers: Sequence[str],
    *,
    draws: int = 200,
    seed: int = 1,
    prior: float = PRIOR,
    most: int = MOST_CHANGED,
) -> Shift:
    """Weigh every set of changed parameters, and draw from their posterior.

    ``seen[m]`` are the summaries as recorded, ``expected[m]`` what the twin makes of no change, ``slopes[m,
    parameters]`` how each answers to one slab of each parameter, ``noise[m, m]`` their covariance by
    chance, ``drivers[parameters]`` the driver each belongs to: parameters of one driver share its chance of
    having changed. Raises numpy.linalg.LinAlgError when ``noise`` is not positive definite.

    >>> shift = what_changed(np.array([3.0, 0.1]), np.zeros(2), np.eye(2), np.eye(2) * 0.1, ["a", "b"])
    >>> shift.probability.round(1).tolist()
    [1.0, 0.0]
    """
    root = np.linalg.cholesky(noise)
    residual = np.linalg.solve(root, seen - expected)
    design = np.linalg.solve(root, slopes)
    gram, pull = design.T @ design, design.T @ residual
    chance = _chances(drivers, prior)
    sets, weights, posts = _weighed(gram, pull, chance, most)
    probability = np.zeros(len(drivers))
    for chosen, weight in zip(sets, weights, strict=True):
        probability[list(chosen)] += weight
    best = np.argsort(-weights, kind="stable")[:10]
    return Shift(
        probability,
        _drawn(sets, weights, posts, len(drivers), draws, seed),
        tuple((sets[i], float(weights[i])) for i in best),
        float(residual @ residual),
        len(seen),
    )


def _chances(drivers: Sequence[str], prior: float) -> Floats:
    """The chance of each parameter, so that each driver's chance of any change is ``prior``."""
    many = {d: list(drivers).count(d) for d in drivers}
    return np.array([1 - (1 - prior) ** (1 / many[d]) for d in drivers])


Sets = list[tuple[int, ...]]
#: Mean and covariance of what changed, for each set.
Posts = list[tuple[Floats, Floats]]


def _weighed(gram: Floats, pull: Floats, chance: Floats, most: int) -> tuple[Sets, Floats, Posts]:
    """The sets that matter with their weights, which add up to one."""
    odds = np.log(chance) - np.log1p(-chance)
    found: list[tuple[npt.NDArray[np.int64], Floats]] = []
    for size in range(min(most, len(odds)) + 1):
        rows = list(combinations(range(len(odds)), size))
        members = np.array(rows, dtype=np.int64).reshape(len(rows), size)
        found.append((members, _log_weights(members, gram, pull) + odds[members].sum(axis=1)))
    top = max(float(logs.max()) for _, logs in found)
    keep = [(m, np.exp(w - top)) for members, logs in found for m, w in zip(members, logs, strict=True)
            if w - top > np.log(NEGLIGIBLE)]  # fmt: skip
    weights = np.array([w for _, w in keep])
    sets = [tuple(int(i) for i in m) for m, _ in keep]
    posts = [_posterior(chosen, gram, pull) for chosen in sets]
    return sets, weights / weights.sum(), posts


def _log_weights(members: npt.NDArray[np.int64], gram: Floats, pull: Floats) -> Floats:
    """Log marginal likelihood of each set against no change, up to the prior odds."""
    size = members.shape[1]
    if size == 0:
        return np.zeros(1)
    precision = gram[members[:, :, None], members[:, None, :]] + np.eye(size)
    toward = pull[members]
    solved = np.linalg.solve(precision, toward[..., None])[..., 0]
    gain = 0.5 * np.einsum("ni,ni->n", toward, solved)
    return np.asarray(gain - 0.5 * np.linalg.slogdet(precision)[1], dtype=np.float64)


def _posterior(chosen: tuple[int, ...], gram: Floats, pull: Floats) -> tuple[Floats, Floats]:
    members = list(chosen)
    cover = np.linalg.inv(gram[np.ix_(members, members)] + np.eye(len(members)))
    return np.asarray(cover @ pull[members]), np.asarray(cover)


def _drawn(
    sets: Sets, weights: Floats, posts: Posts, parameters: int, draws: int, seed: int
) -> Floats:
    rng = np.random.default_rng(seed)
    found = np.zeros((draws, parameters))
    # Evenly spaced, so that a set's share of the draws is its weight to within one draw.
    places = (np.arange(draws) + rng.random()) / draws
    which = np.minimum(np.searchsorted(np.cumsum(weights), places), len(sets) - 1)
    for row, number in enumerate(which):
        chosen = list(sets[number])
        if chosen:
            mean, cover = posts[number]
            found[row, chosen] = rng.multivariate_normal(mean, cover, method="cholesky")
    return found[rng.permutation(draws)]


def shrunk_covariance(samples: Floats) -> Floats:
    """Covariance of ``samples[n, m]``, pulled towards its diagonal as far as so few samples require.

    The shrinkage of Schäfer and Strimmer 2005 (target D: unequal variances), always positive definite when no
    summary is constant; a constant one is given a tiny variance.

    >>> rng = np.random.default_rng(1)
    >>> shrunk_covariance(rng.normal(size=(20, 30))).shape
    (30, 30)
    """
    n = len(samples)
    centred = samples - samples.mean(axis=0)
    sd = np.maximum(centred.std(axis=0, ddof=1), 1e-9)
    z = centred / sd
    correlation = z.T @ z / (n - 1)
    spread = (np.einsum("ki,kj->ij", z**2, z**2) / n - (z.T @ z / n) ** 2) * n / (n - 1) ** 2
    np.fill_diagonal(spread, 0.0)
    off = correlation - np.diag(np.diag(correlation))
    pull = min(1.0, float(spread.sum() / max((off**2).sum(), 1e-12)))
    shrunk = off * (1 - pull) + np.eye(len(sd))
    return np.asarray(shrunk * sd[:, None] * sd[None, :], dtype=np.float64)
