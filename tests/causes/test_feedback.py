"""The spiral's mathematics on maps whose settling and tipping points are known."""

from __future__ import annotations

import numpy as np
import pytest

from upturn.causes.feedback import crossings, smallest_push, smoothed

LOADS = np.linspace(0, 30, 121)
TIP, FULL = 14.0, 26.0


def allee(x: np.ndarray) -> np.ndarray:
    """A map with rest at 8, a tipping point at 14 and a bad rest at 26."""
    return x - 0.004 * (x - 8) * (x - TIP) * (x - FULL)


def test_a_service_with_two_resting_loads_tips_between_them() -> None:
    found = crossings(LOADS, allee(LOADS))
    assert [c.kind for c in found] == ["settles", "tips", "settles"]
    assert [c.at for c in found] == pytest.approx([8, TIP, FULL], abs=0.05)


def test_a_service_without_feedback_settles_at_one_load() -> None:
    assert [(c.kind, round(c.at, 6)) for c in crossings(LOADS, 0.3 * LOADS + 7)] == [
        ("settles", 10)
    ]


@pytest.mark.parametrize(
    ("after", "because"),
    [
        (LOADS + 1, "it rises from every load"),
        (LOADS - 1, "it falls from every load"),
        (LOADS.copy(), "it stays where it is put: no point draws it"),
        (np.where(LOADS == 15, LOADS, LOADS + 1), "it touches the diagonal and does not cross"),
    ],
)
def test_a_map_that_does_not_cross_has_no_point_to_settle_at(
    after: np.ndarray, because: str
) -> None:
    assert crossings(LOADS, after) == (), because


def test_a_load_exactly_on_the_diagonal_counts_once() -> None:
    found = crossings(np.array([0.0, 1.0, 2.0]), np.array([0.5, 1.0, 1.5]))
    assert [(c.at, c.kind) for c in found] == [(1.0, "settles")]


def test_the_points_are_found_again_through_the_noise_of_single_runs() -> None:
    rng = np.random.default_rng(4)
    start = rng.uniform(2, 30, size=3000)
    end = allee(start) + rng.normal(0, 1.0, size=3000)
    at = np.linspace(4, 28, 97)
    found = crossings(at, smoothed(start, end, at, 0.8))
    assert [c.kind for c in found] == ["settles", "tips", "settles"]
    assert [c.at for c in found] == pytest.approx([8, TIP, FULL], abs=0.8)


def test_where_no_run_was_the_map_is_silent() -> None:
    assert np.isnan(smoothed(np.zeros(5), np.zeros(5), np.array([50.0]), 1.0)).all()


@pytest.mark.parametrize("noise", [0.0, 0.6])
def test_the_smallest_push_is_the_distance_to_the_tipping_point(noise: float) -> None:
    rng = np.random.default_rng(2)

    def returned(sizes: np.ndarray) -> np.ndarray:
        shares = []
        for size in sizes:
            x = np.full(400, 8.0) + size
            for _ in range(60):
                x = allee(x) + rng.normal(0, noise, size=400)
            shares.append((np.abs(x - 8) < 5).mean())
        return np.array(shares)

    push = smallest_push(returned, np.array([2.0, 4.0, 8.0, 12.0]), runs=400)
    assert push.size == pytest.approx(TIP - 8, abs=0.1 if noise == 0 else 0.8)
    assert push.low <= push.size <= push.high


def test_a_service_that_always_comes_back_has_no_tipping_push() -> None:
    push = smallest_push(lambda s: np.ones(len(s)), np.array([0.1, 0.5, 1.0]))
    assert (push.size, push.most) == (None, 1.0)


def test_a_service_that_does_not_come_back_at_all_tips_at_the_first_touch() -> None:
    push = smallest_push(lambda s: np.zeros(len(s)), np.array([0.1, 0.5]), rounds=6)
    assert push.size is not None
    assert push.size < 0.01
