"""A covariance that few samples can bear."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


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
