"""What must have changed: found where it was planted, at its size, and not found where nothing was."""

from __future__ import annotations

import numpy as np
import pytest

from upturn.causes.changes import Shift, what_changed
from upturn.twin.covariance import shrunk_covariance

DRIVERS = ["demand", "demand", "posts", "touch time", "partners", "allocation"]
RNG = np.random.default_rng(11)
SLOPES = RNG.normal(size=(14, 6))
NOISE = np.diag(RNG.uniform(0.05, 0.3, size=14))


def seen(move: list[float], seed: int) -> np.ndarray:
    chance = np.random.default_rng(seed).multivariate_normal(np.zeros(14), NOISE)
    return SLOPES @ np.array(move) + chance


def weigh(move: list[float], seed: int, **more: int) -> Shift:
    return what_changed(seen(move, seed), np.zeros(14), SLOPES, NOISE, DRIVERS, seed=seed, **more)


@pytest.mark.parametrize("planted", range(6))
def test_one_planted_change_is_found_with_its_size(planted: int) -> None:
    move = [0.0] * 6
    move[planted] = 1.5
    shift = weigh(move, planted)
    assert shift.sets[0][0] == (planted,)
    assert shift.probability[planted] > 0.95
    low, high = np.quantile(shift.draws[:, planted], [0.005, 0.995])
    assert low < 1.5 < high


def test_two_planted_changes_are_both_found() -> None:
    shift = weigh([0.0, 1.2, 0.0, -1.0, 0.0, 0.0], 4)
    assert shift.sets[0][0] == (1, 3)
    assert shift.draws[:, 3].max() < 0


def test_nothing_planted_nothing_found_in_most_of_many() -> None:
    quiet = [weigh([0.0] * 6, seed, draws=10).probability.max() < 0.5 for seed in range(200)]
    assert np.mean(quiet) > 0.95


def test_what_cannot_be_told_apart_is_shared_out_and_never_settled() -> None:
    twins = np.column_stack([SLOPES[:, 0], SLOPES[:, 0], SLOPES[:, 2:]])
    found = what_changed(
        SLOPES[:, 0] * 1.5, np.zeros(14), twins, NOISE, ["a", "b", "c", "d", "e", "f"]
    )
    assert found.probability[0] == pytest.approx(found.probability[1])
    assert 0.4 < found.probability[0] < 0.7
    either = (found.draws[:, :2] != 0).any(axis=1)
    assert either.mean() > 0.98


def test_intervals_cover_what_was_planted_as_often_as_they_say() -> None:
    """Calibration over draws from the prior itself: 90 % intervals of the sum of all moves."""
    rng = np.random.default_rng(8)
    inside = []
    for seed in range(300):
        changed = rng.random(6) < [0.0408, 0.0408, 0.08, 0.08, 0.08, 0.08]
        move = list(rng.normal(size=6) * changed)
        shift = weigh(move, seed, draws=400)
        low, high = np.quantile(shift.draws.sum(axis=1), [0.05, 0.95])
        inside.append(low - 1e-9 <= sum(move) <= high + 1e-9)
    assert 0.85 < np.mean(inside) <= 1.0  # a spike at zero is one value: more may fall inside


def test_a_drivers_chance_does_not_grow_with_its_parameters() -> None:
    blind = np.zeros((3, 4))
    found = what_changed(
        np.zeros(3), np.zeros(3), blind, np.eye(3), ["a", "a", "a", "b"], draws=20_000
    )
    a = (found.draws[:, :3] != 0).any(axis=1).mean()
    assert a == pytest.approx(0.08, abs=0.01)
    assert found.probability[3] == pytest.approx(0.08, abs=0.002)


def test_what_belongs_to_one_driver_tends_to_change_together() -> None:
    """One thing that partners do is seen to change; another that no record shows is then likelier to have."""
    shown = np.array([[1.0, 0.0, 0.0]])
    found = what_changed(
        np.array([5.0]), np.zeros(1), shown, np.eye(1) * 0.01, ["a", "a", "b"], draws=4000
    )
    assert found.probability[0] > 0.99
    assert found.probability[1] == pytest.approx(0.35, abs=0.02)
    assert found.probability[2] == pytest.approx(0.08, abs=0.01)


def test_the_same_seed_gives_the_same_draws() -> None:
    assert (weigh([1.0, 0, 0, 0, 0, 0], 3).draws == weigh([1.0, 0, 0, 0, 0, 0], 3).draws).all()


def test_a_covariance_of_few_samples_can_be_used() -> None:
    samples = np.random.default_rng(2).normal(size=(15, 40)) * np.arange(1, 41)
    samples[:, 7] = 4.0  # a summary that never moves
    cover = shrunk_covariance(samples)
    assert np.isfinite(np.linalg.cholesky(cover)).all()
    assert np.sqrt(cover[39, 39]) == pytest.approx(samples[:, 39].std(ddof=1))


def test_a_covariance_of_many_samples_is_left_nearly_as_it_is() -> None:
    truth = np.array([[1.0, 0.6], [0.6, 2.0]])
    samples = np.random.default_rng(3).multivariate_normal(np.zeros(2), truth, size=5000)
    assert shrunk_covariance(samples) == pytest.approx(truth, abs=0.1)


@pytest.mark.parametrize(
    ("worse", "way", "because"),
    [
        ([1, 1], 1.0, "both do harm by going up"),
        ([1, -1], -1.0, "one does harm by going up, the other by going down"),
        (None, 0.0, "which way does harm is not told"),
    ],
)
def test_the_parts_of_a_driver_tend_to_get_worse_together(
    worse: list[int] | None, way: float, because: str
) -> None:
    """The first is plainly seen; the second is seen so badly that only the first tells of it."""
    slopes = np.array([[1.0, 0.0], [0.0, 0.05]])
    found = what_changed(
        np.array([2.0, 0.0]), np.zeros(2), slopes, np.diag([0.01, 0.1]), ["a", "a"],
        worse=worse, draws=4000,
    )  # fmt: skip
    both = found.draws[(found.draws != 0).all(axis=1)]
    assert len(both) > 400
    # Half of the first's two steps, at a correlation of a half.
    assert both[:, 1].mean() == pytest.approx(way, abs=0.15), because
