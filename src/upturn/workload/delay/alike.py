"""How sure the estimates are, allowing for cases that are alike: those of one worker.

Lin and Wei's (1989) sandwich, leaving out one worker at a time with one Newton step for each (CR3: Bell and
McCaffrey 2002), because with few workers the plain sandwich is too narrow.
"""

from __future__ import annotations

import numpy as np

from upturn.workload.delay.risk_sets import Floats, Ints, Spans, Sums, between

#: The most that one worker is taken to hold of what is known in any direction. Where one holds nearly all of
#: it (the only cases of a month), leaving that worker out leaves nothing, and the step would be boundless.
MOST = 0.5


def robust(s: Spans, x: Floats, beta: Floats, now: Sums, covariance: Floats) -> Floats:
    """The covariance by leaving out one cluster at a time; ``x`` is ``s.x`` less its centre."""
    w = np.exp(np.clip(x @ beta, -50, 50))
    hazard = between(s, np.cumsum(now.hazard, axis=1))
    drift = between(s, np.cumsum(now.drift, axis=1))
    own = np.where(s.event[:, None], x - now.means[s.stratum, s.stop], 0)
    score = own - w[:, None] * (x * hazard[:, None] - drift)
    square = np.cumsum(_squares(now), axis=1)
    root: Floats = np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)
    order = np.argsort(s.cluster, kind="stable")
    moves = []
    for rows in np.split(order, np.flatnonzero(np.diff(s.cluster[order])) + 1):
        part = _information(s, x, w, hazard, drift, square, rows)
        moves.append(_left_out(root, part, score[rows].sum(axis=0)))
    moved, n = np.array(moves), len(moves)
    found: Floats = (n - 1) / n * moved.T @ moved
    return found


def _left_out(root: Floats, part: Floats, score: Floats) -> Floats:
    """How far the estimates move without one cluster: its score over the information of the others."""
    share = root.T @ part @ root
    shares, ways = np.linalg.eigh((share + share.T) / 2)
    left = 1 - np.clip(shares, 0, MOST)
    moved: Floats = root @ (ways @ ((ways.T @ (root.T @ score)) / left))
    return moved


def _squares(now: Sums) -> Floats:
    """By stratum and day: the step of the hazard times the square of the mean of x."""
    step = np.maximum(now.hazard, 1e-300)[..., None]
    mean = now.drift / step
    squares: Floats = now.drift[..., :, None] * mean[..., None, :]
    return squares


def _information(
    s: Spans, x: Floats, w: Floats, hazard: Floats, drift: Floats, square: Floats, rows: Ints
) -> Floats:
    """What some cases bring to the information: their spread around the mean of those at risk."""
    xr, wr = x[rows], w[rows]
    cross = (xr * wr[:, None]).T @ drift[rows]
    mean = square[s.stratum[rows], s.stop[rows]] - square[s.stratum[rows], s.entry[rows]]
    own = (xr * (wr * hazard[rows])[:, None]).T @ xr
    part: Floats = own - cross - cross.T + np.einsum("i,ijk->jk", wr, mean)
    return part
