"""Worlds are held against the change that was recorded: given what each makes, how often it is kept."""

from __future__ import annotations

import numpy as np
import pytest

from upturn.causes.contributions import STRETCH, Simulated
from upturn.causes.fitting import COUNTING, resampled


def test_a_world_is_kept_as_often_as_it_is_likely() -> None:
    made = np.repeat([0.0, 1.0], 500)
    kept = resampled(made, 1.0, 1.0, seed=3)
    # exp(-1/2) to 1: 62 in 100 of the worlds that make the change
    assert (made[kept] == 1.0).mean() == pytest.approx(1 / (1 + np.exp(-0.5)), abs=0.01)


def test_a_straight_line_put_right_is_the_exact_posterior() -> None:
    rng = np.random.default_rng(1)
    prior = rng.normal(0.0, 1.0, 20_000)
    kept = prior[resampled(prior, 1.5, 1.0, seed=2)]
    # a standard normal prior, seen with an error of one: mean 0.75, variance a half
    assert kept.mean() == pytest.approx(0.75, abs=0.03)
    assert kept.var() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("seen", [6.0, 60.0, -1e6])
def test_a_handful_of_worlds_never_speaks_for_all(seen: float) -> None:
    made = np.random.default_rng(4).normal(size=200)
    kept = resampled(made, seen, 1.0)
    assert len(kept) == 200
    assert len(set(kept.tolist())) >= COUNTING * 200 / 2


def test_a_world_that_cannot_be_told_is_not_kept_unless_none_can() -> None:
    assert set(resampled(np.array([np.nan, 2.0, 3.0] * 9), 2.0, 1.0) % 3) == {1, 2}
    assert resampled(np.full(3, np.nan), 2.0, 1.0).tolist() == [0, 1, 2]


def told(shares: np.ndarray, noise: float) -> Simulated:
    empty = np.zeros(shares.shape[1])
    error = np.full(len(shares), 0.0)
    return Simulated(shares, empty, empty, empty, empty, np.full(shares.shape, noise), error, 1)


def test_what_few_replications_add_to_the_spread_is_taken_out() -> None:
    rng = np.random.default_rng(5)
    true = 3.0 + 0.5 * rng.normal(size=(1, 4000))
    seen = true + 0.8 * rng.normal(size=true.shape)
    settled = told(seen, 0.8**2).settled
    assert settled.mean() == pytest.approx(seen.mean())
    assert settled.std() == pytest.approx(0.5, abs=0.03)
    low, high = told(seen, 0.8**2).interval()
    assert (high - low)[0] == pytest.approx(STRETCH * 2 * 1.645 * 0.5, rel=0.06)


def test_no_interval_is_narrower_than_can_be_told() -> None:
    low, high = told(np.zeros((2, 10)), 0.0).interval(least=0.3)
    assert (low == -0.3).all()
    assert (high == 0.3).all()
