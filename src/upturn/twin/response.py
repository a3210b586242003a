"""How summaries answer to parameters, learnt by regression from simulated services."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upturn.twin.covariance import shrunk_covariance
from upturn.twin.priors import Floats

#: How hard slopes may be shrunk, as a share of the simulations; and how much harder bends are: they have to
#: be worth having.
SHRINK = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
BEND = 0.3


@dataclass(frozen=True)
class Response:
    """How scaled summaries answer to parameters about where they were simulated.

    A summary is ``level + slopes . x + bends . x²``; what that does not explain, chance and what no such
    curve can follow, has the variances ``left``.
    """

    middle: Floats
    scale: Floats
    level: Floats
    slopes: Floats  # (parameters, summaries)
    bends: Floats
    left: Floats  # covariance (summaries, summaries)

    @classmethod
    def of(cls, x: Floats, summaries: Floats) -> Response:
        """Learn from simulations: ``x`` (simulations, parameters), ``summaries`` (simulations, summaries).

        >>> x = np.linspace(-1, 1, 50)[:, None]
        >>> Response.of(x, 3 * x).slopes.round(0).tolist()
        [[2.0]]
        """
        full = filled(summaries)
        middle = np.median(full, axis=0)
        scale = np.subtract(*np.quantile(full, [0.9, 0.1], axis=0)) / 2.56
        scale = np.maximum(scale, 1e-9 + 1e-6 * abs(middle))
        y = _held((full - middle) / scale)
        weights, left = _shrunk(x, y)
        noise = shrunk_covariance(left) + 1e-6 * np.eye(left.shape[1])
        p = x.shape[1]
        level = weights[0] - weights[p + 1 :].sum(axis=0)
        return cls(middle, scale, level, weights[1 : p + 1], weights[p + 1 :], noise)

    def scaled(self, summaries: Floats) -> Floats:
        """Summaries on the scale that was learnt on. Shapes as they come."""
        return _held((filled(summaries) - self.middle) / self.scale)

    def at(self, x: Floats) -> Floats:
        """Slopes at each row of ``x``: (rows, parameters, summaries)."""
        return np.asarray(self.slopes + 2 * self.bends * x[:, :, None])


def filled(summaries: Floats) -> Floats:
    """NaN becomes the middle of the runs that could tell.

    >>> filled(np.array([[1.0], [np.nan], [3.0]])).ravel().tolist()
    [1.0, 2.0, 3.0]
    """
    if np.isfinite(summaries).all():
        return summaries
    told = np.isfinite(summaries).any(axis=0)
    middle = np.zeros(summaries.shape[1])
    middle[told] = np.nanmedian(summaries[:, told], axis=0)
    return np.where(np.isfinite(summaries), summaries, middle)


def _held(scaled: Floats) -> Floats:
    """Far values are held back, so that a service that collapsed does not bend every line."""
    return np.asarray(np.arcsinh(scaled / 3) * 3)


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
    # By the small matrix of what ways do together: the large one's singular values take far longer.
    squares, turned = np.linalg.eigh((ways - centre).T @ (ways - centre))
    size = np.sqrt(np.maximum(squares, 0.0))
    u = (ways - centre) @ turned / np.maximum(size, 1e-12)
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
        found = turned @ ((kept / np.maximum(size, 1e-12))[:, None] * pulled)
        weights[:, better], left[:, better] = found[:, better], out[:, better]
    p = x.shape[1]
    weights[p:] *= BEND
    level = mean - centre[:p] @ weights[:p] - bends.mean(axis=0) @ weights[p:]
    return np.concatenate([level[None], weights]), left
