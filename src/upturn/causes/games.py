"""Shapley values: how much of a change each player brings, when the players do not simply add up.

A player's share is what it adds to a coalition, averaged over every order in which the players could
have come (Shapley 1953, "A value for n-person games"). Shares add up to the whole change, a player that
changes nothing has none, and players that do the same have the same. Up to eight players every coalition
is valued; beyond that, orders are drawn at random, each with its reverse (Mitchell and others 2022,
"Sampling permutations for Shapley value estimation"), until the error is small enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import factorial

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Masks = npt.NDArray[np.bool_]
#: From coalitions [n, players] to what each is worth in each world [n, worlds].
Value = Callable[[Masks], Floats]

#: Players up to which every coalition is valued: 2^8 = 256.
EXACT_UP_TO = 8
#: Orders drawn before the error is first believed: so few say little about their own spread.
FEWEST_ORDERS = 16


@dataclass(frozen=True)
class Shares:
    """What each player adds: ``shares[players, worlds]``.

    ``error[players]`` is the standard error, from drawing orders, of the mean over worlds (0 when exact);
    ``orders`` how many orders were drawn (0 when exact); ``whole[worlds]`` what all of them change.
    """

    shares: Floats
    error: Floats
    orders: int
    whole: Floats


def shapley(
    value: Value,
    players: int,
    *,
    seed: int = 1,
    tolerance: float = 0.02,
    most_orders: int = 256,
    batch: int = 8,
) -> Shares:
    """Each player's share of ``value(everybody) - value(nobody)``, in each world.

    Beyond eight players, stops when the standard error of every mean share is at most ``tolerance`` of the
    mean whole change (or of the largest share, if that is more), or after ``most_orders`` orders.

    >>> glove = lambda masks: (masks[:, :1] & (masks[:, 1:2] | masks[:, 2:])) * 1.0
    >>> shapley(glove, 3).shares[:, 0].round(4).tolist()  # one left glove, two right ones
    [0.6667, 0.1667, 0.1667]
    """
    if players <= EXACT_UP_TO:
        return _exact(value, players)
    return _drawn(_remembered(value), players, seed, tolerance, most_orders, batch)


def coalitions(players: int) -> Masks:
    """Every coalition, as rows: row ``n`` holds the players whose bit is set in ``n``.

    >>> coalitions(2).tolist()
    [[False, False], [True, False], [False, True], [True, True]]
    """
    numbers = np.arange(1 << players)[:, None]
    return (numbers >> np.arange(players) & 1).astype(bool)


def _exact(value: Value, players: int) -> Shares:
    masks = coalitions(players)
    worth = np.asarray(value(masks), dtype=np.float64)
    size = masks.sum(axis=1)
    weight = np.array(
        [factorial(int(s)) * factorial(players - int(s) - 1) / factorial(players) if s < players
         else 0.0 for s in size]
    )  # fmt: skip
    shares = np.zeros((players, worth.shape[1]))
    for player in range(players):
        without = np.flatnonzero(~masks[:, player])
        added = worth[without + (1 << player)] - worth[without]
        shares[player] = weight[without] @ added
    return Shares(shares, np.zeros(players), 0, worth[-1] - worth[0])


def _remembered(value: Value) -> Value:
    """The same, asked once about each coalition."""
    known: dict[bytes, Floats] = {}

    def ask(masks: Masks) -> Floats:
        keys = [row.tobytes() for row in masks]
        new = list(dict.fromkeys(k for k in keys if k not in known))
        if new:
            rows = np.array([np.frombuffer(k, dtype=bool) for k in new])
            known.update(zip(new, np.asarray(value(rows), dtype=np.float64), strict=True))
        return np.array([known[k] for k in keys])

    return ask


def _drawn(
    value: Value, players: int, seed: int, tolerance: float, most: int, batch: int
) -> Shares:
    rng = np.random.default_rng(seed)
    pairs: list[Floats] = []  # one entry for each order with its reverse: [players, worlds]
    while True:
        orders = [rng.permutation(players) for _ in range(max(1, batch // 2))]
        pairs += _added(value, [o for order in orders for o in (order, order[::-1])])
        found = np.array(pairs)
        spread = found.mean(axis=2).std(axis=0, ddof=1) if len(pairs) > 1 else np.inf
        error = np.broadcast_to(spread / np.sqrt(len(pairs)), players)
        shares = found.mean(axis=0)
        means = np.abs(shares.mean(axis=1))
        enough = tolerance * max(abs(shares.sum(axis=0).mean()), float(means.max()))
        drawn = 2 * len(pairs)
        if drawn >= most or (drawn >= FEWEST_ORDERS and bool(np.all(error <= enough))):
            return Shares(shares, np.array(error), drawn, shares.sum(axis=0))


def _added(value: Value, orders: list[npt.NDArray[np.int64]]) -> list[Floats]:
    """What each player adds when they come in these orders, averaged over each order and its reverse."""
    players = len(orders[0])
    masks = np.zeros((len(orders), players + 1, players), dtype=bool)
    for n, order in enumerate(orders):
        for step, player in enumerate(order):
            masks[n, step + 1 :, player] = True
    worth = value(masks.reshape(-1, players)).reshape(len(orders), players + 1, -1)
    steps = np.diff(worth, axis=1)
    added = np.empty_like(steps)
    for n, order in enumerate(orders):
        added[n, order] = steps[n]
    return [(added[n] + added[n + 1]) / 2 for n in range(0, len(orders), 2)]
