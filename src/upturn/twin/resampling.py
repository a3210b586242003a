"""Draws kept as often as they are likely (Rubin 1988, sampling and importance resampling)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def flattened(logs: Floats, least: float) -> Floats:
    """Weights of which ``least`` count (Kish's effective number), or as many as there are.

    Where hardly any draw is likely, their likelihoods are brought nearer to one another until enough count: a
    handful of draws is a handful of guesses.

    >>> flattened(np.array([0.0, -50.0]), 1.9).round(1).tolist()
    [1.0, 0.3]
    """
    weights = np.exp(logs)
    while weights.sum() ** 2 / (weights**2).sum() < min(least, np.isfinite(logs).sum() - 0.5):
        logs = logs * 0.8
        weights = np.exp(logs)
    return np.asarray(weights, dtype=np.float64)


def resample(weights: Floats, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """As many numbers as there are weights, in no order, each as often as its weight to within one.

    >>> resample(np.array([0.0, 1.0]), np.random.default_rng(1)).tolist()
    [1, 1]
    """
    places = (np.arange(len(weights)) + rng.random()) / len(weights)
    chosen = np.searchsorted(np.cumsum(weights) / weights.sum(), places)
    return rng.permutation(np.minimum(chosen, len(weights) - 1))
