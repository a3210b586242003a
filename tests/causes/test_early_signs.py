"""Early signs are seen in a service that slows down, and not in one that does not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kendalltau

from upturn.causes.early_signs import _taus, detrended, lead, recovery_weeks, signs


def walk(memory: np.ndarray, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    x = np.zeros(len(memory))
    for week in range(1, len(x)):
        x[week] = memory[week] * x[week - 1] + rng.normal()
    return x + 100


def test_a_service_that_recovers_ever_more_slowly_shows_it_more_often_than_not() -> None:
    """No more often than that: early signs are weak evidence, and the page says so."""
    slowing = [signs(walk(np.linspace(0.1, 0.98, 300), s), window=60) for s in range(20)]
    assert np.mean([found[1].seen for found in slowing]) >= 0.5
    assert np.mean([found[0].tau > 0 for found in slowing]) >= 0.7


def test_kendalls_tau_is_that_of_the_library() -> None:
    values = np.random.default_rng(5).normal(size=40)
    assert _taus(values[None, :])[0] == pytest.approx(kendalltau(range(40), values).statistic)


def test_a_steady_service_shows_none_in_most_of_many() -> None:
    steady = [signs(walk(np.full(160, 0.5), s)) for s in range(40)]
    assert np.mean([sign.seen for found in steady for sign in found]) <= 0.12


@pytest.mark.parametrize(
    ("series", "because"),
    [
        (np.arange(20.0), "too short"),
        (np.full(200, 5.0), "nothing moves"),
        (np.append(np.arange(200.0), np.nan), "a week is missing"),
    ],
)
def test_what_cannot_be_told_gives_no_sign(series: np.ndarray, because: str) -> None:
    assert signs(series) == (), because


@pytest.mark.parametrize(("memory", "weeks"), [(0.5, 1.44), (0.8, 4.48), (0.9, 9.49)])
def test_recovery_is_minus_one_over_the_log_of_the_autocorrelation(
    memory: float, weeks: float
) -> None:
    assert recovery_weeks(walk(np.full(40_000, memory), 1)) == pytest.approx(weeks, rel=0.08)


def test_a_series_without_memory_recovers_at_once() -> None:
    assert recovery_weeks(np.tile([1.0, -1.0], 30)) == 0.0


def test_a_slow_drift_is_not_taken_for_a_loss_of_recovery() -> None:
    drift = np.linspace(0, 50, 200)
    assert np.abs(detrended(drift, 6.5)[20:-20]).max() < 0.5


@pytest.mark.parametrize("ahead", [-3, 0, 2])
def test_what_runs_ahead_is_told_from_what_runs_behind(ahead: int) -> None:
    wave = walk(np.full(200, 0.9), 3)
    first, then = wave[max(ahead, 0) :], wave[max(-ahead, 0) :]
    size = min(len(first), len(then))
    assert lead(first[:size], then[:size])[0] == ahead
