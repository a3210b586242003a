"""Shapley values of games whose answer is in the books, and the axioms that make them what they are."""

from __future__ import annotations

from collections.abc import Callable
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.causes.games import Masks, coalitions, shapley


def gloves(masks: Masks) -> np.ndarray:
    return np.minimum(masks[:, :1].sum(axis=1), masks[:, 1:].sum(axis=1))[:, None].astype(float)


def airport(costs: list[float]) -> Callable[[Masks], np.ndarray]:
    return lambda masks: np.max(masks * np.array(costs), axis=1, initial=0.0)[:, None]


def voting(weights: list[int], quota: int) -> Callable[[Masks], np.ndarray]:
    return lambda masks: ((masks @ np.array(weights)) >= quota)[:, None] * 1.0


@pytest.mark.parametrize(
    ("game", "players", "expect", "because"),
    [
        (gloves, 3, [2 / 3, 1 / 6, 1 / 6], "one left glove is scarce, two right ones are not"),
        (airport([1, 2, 3]), 3, [1 / 3, 5 / 6, 11 / 6], "each shares the runway it needs"),
        (voting([4, 3, 2, 1], 6), 4, [5 / 12, 3 / 12, 3 / 12, 1 / 12],
         "the weighted vote [6; 4, 3, 2, 1]"),
        (lambda m: (m.sum(axis=1) ** 2)[:, None] * 1.0, 5, [5.0] * 5, "equals share equally"),
    ],
)  # fmt: skip
def test_the_answer_is_the_one_in_the_books(
    game: Callable[[Masks], np.ndarray], players: int, expect: list[float], because: str
) -> None:
    found = shapley(game, players)
    assert found.shares[:, 0] == pytest.approx(expect), because
    assert found.orders == 0


def test_the_security_council_is_worked_out_exactly_by_hand_and_nearly_by_drawing() -> None:
    """UN Security Council: five members with a veto, ten without; 9 votes carry a motion."""

    def council(masks: Masks) -> np.ndarray:
        return (masks[:, :5].all(axis=1) & (masks.sum(axis=1) >= 9))[:, None] * 1.0

    # An elected member decides when it comes ninth, after all five vetoes and three others.
    elected = comb(9, 3) * (1 / (comb(15, 8) * 7))
    found = shapley(council, 15, seed=3, tolerance=0.0, most_orders=4000, batch=500)
    assert elected == pytest.approx(0.00186, abs=1e-5)  # Shapley and Shubik 1954
    for player, share in enumerate(found.shares[:, 0]):
        expect = (1 - 10 * elected) / 5 if player < 5 else elected
        assert share == pytest.approx(expect, abs=max(4 * found.error[player], 0.004))
    assert found.shares.sum() == pytest.approx(1.0)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_shares_add_up_and_a_player_that_changes_nothing_has_none(players: int, seed: int) -> None:
    table = np.random.default_rng(seed).normal(size=(1 << players, 3))
    bits = 1 << np.arange(players)

    def game(masks: Masks) -> np.ndarray:
        return table[(masks[:, :players] * bits).sum(axis=1)]

    found = shapley(game, players + 1)  # the last player is a dummy
    assert found.shares.sum(axis=0) == pytest.approx(table[-1] - table[0])
    assert found.shares[-1] == pytest.approx(np.zeros(3))


def test_drawing_agrees_with_every_coalition_within_its_own_error() -> None:
    rng = np.random.default_rng(5)
    pull = rng.normal(size=(9, 9)) * 0.2
    push = rng.normal(1, 0.3, size=9)

    def game(masks: Masks) -> np.ndarray:
        m = masks.astype(float)
        return (m @ push + np.einsum("ni,ij,nj->n", m, pull, m))[:, None]

    truth = push + (pull + pull.T).sum(axis=1) / 2  # a game of pairs shares each pair in halves
    found = shapley(game, 9, seed=2)
    assert found.shares[:, 0] == pytest.approx(
        truth
    )  # an order and its reverse are exact for pairs
    assert found.orders == 16


def test_drawing_stops_early_when_nothing_is_in_doubt_and_asks_about_no_coalition_twice() -> None:
    asked: list[bytes] = []

    def game(masks: Masks) -> np.ndarray:
        asked.extend(row.tobytes() for row in masks)
        return (masks @ np.arange(10.0))[:, None]

    found = shapley(game, 10, most_orders=10_000)
    assert found.orders == 16
    assert found.shares[:, 0] == pytest.approx(np.arange(10.0))
    assert len(asked) == len(set(asked))


def test_a_harder_game_draws_longer_and_its_error_is_honest() -> None:
    def game(masks: Masks) -> np.ndarray:
        return (masks.sum(axis=1) >= 6)[:, None] * (1.0 + masks[:, :1])

    quick = shapley(game, 10, seed=1, tolerance=0.10)
    slow = shapley(game, 10, seed=1, tolerance=0.01, most_orders=4000)
    assert slow.orders > quick.orders
    assert slow.error.max() < quick.error.max()
    others = slow.shares[1:, 0]
    assert np.abs(others - others.mean()).max() < 5 * slow.error.max()


def test_the_same_seed_draws_the_same() -> None:
    def game(masks: Masks) -> np.ndarray:
        return np.sqrt(masks @ np.arange(1.0, 11.0))[:, None]

    first, again = shapley(game, 10, seed=9), shapley(game, 10, seed=9)
    assert (first.shares == again.shares).all()
    assert (shapley(game, 10, seed=10).shares != first.shares).any()


def test_coalitions_are_all_there_once() -> None:
    masks = coalitions(5)
    assert len({row.tobytes() for row in masks}) == 32
    assert masks[0].sum() == 0
    assert masks[-1].all()
