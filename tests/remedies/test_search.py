"""The search finds a known optimum, keeps to the budget, and gives the same answer again."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.remedies.choice import best_choices
from upturn.remedies.model import NOTHING, Mix, mix_of
from upturn.remedies.race import race
from upturn.remedies.search import Effort, Problem, _pruned, search

Floats = npt.NDArray[np.float64]
CEILINGS = {"a": 8, "b": 4, "c": 1, "d": 1}
PRICES = {"a": 50_000.0, "b": 90_000.0, "c": 20_000.0, "d": 0.0}
Loss = Callable[[Mix], float]


def concave(mix: Mix) -> float:
    """Less and less from each step of a and b; c helps a little; d does harm."""
    n = dict(mix)
    gain = 3 * np.sqrt(n.get("a", 0)) + 2.4 * np.sqrt(n.get("b", 0)) + n.get("c", 0)
    return float(10 - gain + 0.5 * n.get("d", 0))


def together(mix: Mix) -> float:
    """c is of use only beside three of a: alone it does harm."""
    n = dict(mix)
    return concave(mix) - (2.5 if n.get("c", 0) and n.get("a", 0) >= 3 else 0) + 1.2 * n.get("c", 0)


def problem(loss: Loss, budget: float, noise: float = 0.1) -> Problem:
    def losses(mixes: Sequence[Mix], reps: int) -> Floats:
        shared = np.random.default_rng(1).normal(size=reps)  # the same chance for all
        rows = []
        for mix in mixes:
            own = np.random.default_rng(zlib.crc32(repr(mix).encode())).normal(size=reps)
            rows.append(loss(mix) + shared + noise * own)
        return np.array(rows)

    def cost(mix: Mix) -> float:
        return sum(PRICES[id_] * steps for id_, steps in mix)

    return Problem(CEILINGS, cost, losses, budget)


def every(budget: float) -> list[Mix]:
    ranges = (range(most + 1) for most in CEILINGS.values())
    mixes = [
        mix_of(dict(zip(CEILINGS, s, strict=True)), CEILINGS) for s in itertools.product(*ranges)
    ]
    return [m for m in mixes if sum(PRICES[i] * n for i, n in m) <= budget]


@pytest.mark.parametrize("loss", [concave, together])
@pytest.mark.parametrize("budget", [20_000, 100_000, 500_000, 2_000_000])
def test_the_known_optimum_is_found(loss: Loss, budget: float) -> None:
    found = search(problem(loss, budget))
    best = min(loss(m) for m in every(budget))
    assert loss(found.best) <= best + 0.06


@settings(max_examples=25, deadline=None)
@given(budget=st.floats(0, 1_500_000), noise=st.floats(0, 2))
def test_the_budget_is_never_broken(budget: float, noise: float) -> None:
    asked = problem(concave, budget, noise)
    found = search(asked, Effort(alone=4, first=4, most=8, rounds=2))
    assert all(asked.cost(mix) <= budget + 1e-6 for mix in (found.best, *found.tried, *found.left))
    assert NOTHING in found.tried


@pytest.mark.parametrize("loss", [concave, together])
def test_a_larger_budget_is_never_worse(loss: Loss) -> None:
    budgets = [0, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000]
    losses = [loss(search(problem(loss, b, noise=0.0)).best) for b in budgets]
    assert losses == sorted(losses, reverse=True)


def test_the_same_chance_gives_the_same_answer() -> None:
    assert search(problem(concave, 300_000)) == search(problem(concave, 300_000))


def test_what_does_nothing_is_left_out_of_a_mix() -> None:
    found = search(problem(concave, 2_000_000))
    assert "d" not in dict(found.best)


@pytest.mark.parametrize(
    ("gain", "kept", "because"),
    [
        (0.16, True, "it adds a sixth, though chance alone might do that in so few replications"),
        (0.005, False, "it adds next to nothing"),
        (-0.1, False, "it does harm"),
    ],
)
def test_a_part_is_left_out_for_adding_nothing_and_not_for_being_hard_to_tell(
    gain: float, kept: bool, because: str
) -> None:
    def losses(mixes: Sequence[Mix], reps: int) -> Floats:
        luck = np.where(
            np.arange(reps) % 2, 3.0, -3.0
        )  # far more than the gain, and nothing on average
        rows = []
        for mix in mixes:
            n = dict(mix)
            turned = luck * (1 if "b" in n else -1)
            rows.append(1.1 - 0.8 * n.get("a", 0) - gain * n.get("b", 0) + turned)
        return np.array(rows)

    asked = Problem({"a": 1, "b": 1}, lambda mix: 0.0, losses, 1.0)
    best, tried = _pruned(asked, (("a", 1), ("b", 1)), 32)
    assert ("b" in dict(best)) is kept, because
    assert (("a", 1),) in tried


def test_no_mix_has_more_parts_than_were_asked_for() -> None:
    found = search(problem(concave, 2_000_000), Effort(parts=2))
    assert max(map(len, found.tried)) <= 2
    assert dict(found.best).keys() == {"a", "b"}


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_choices_are_the_best_there_are(data: st.DataObject) -> None:
    groups = data.draw(st.integers(1, 4))
    number = st.integers(-5, 20).map(float)
    gains = [np.array(data.draw(st.lists(number, min_size=1, max_size=3))) for _ in range(groups)]
    costs = [np.array(data.draw(st.lists(st.integers(0, 10).map(float), min_size=len(g), max_size=len(g))))
             for g in gains]  # fmt: skip
    budget = float(data.draw(st.integers(0, 25)))
    worth: Mapping[tuple[int, ...], float] = {
        choice: sum(g[k] for g, k in zip(gains, choice, strict=True) if k >= 0)
        for choice in itertools.product(*(range(-1, len(g)) for g in gains))
        if sum(c[k] for c, k in zip(costs, choice, strict=True) if k >= 0) <= budget
    }
    found = best_choices(gains, costs, budget, many=3)
    best = sorted(worth.values(), reverse=True)[:3]
    assert [worth[choice] for choice in found] == pytest.approx(best, abs=1e-6)
    assert len(set(found)) == len(found)


def test_a_race_stops_early_when_the_best_is_plain() -> None:
    asked: list[int] = []

    def losses(options: Sequence[int], reps: int) -> Floats:
        asked.append(reps * len(options))
        noise = np.random.default_rng(0).normal(size=reps)
        return np.array([o + noise for o in options], dtype=float)

    found = race(list(range(20)), losses, first=8, most=512)
    assert found.left == (0,)
    assert sum(asked) == 160


def test_a_race_drops_the_best_no_more_often_than_it_says() -> None:
    rng, dropped = np.random.default_rng(3), 0
    for _ in range(200):
        table = rng.normal(size=(6, 128)) + np.array([0, 0, 0.1, 0.2, 0.4, 1.0])[:, None]

        def losses(options: Sequence[int], reps: int, table: Floats = table) -> Floats:
            return np.asarray(table[list(options), :reps])

        found = race(list(range(6)), losses, first=16, most=128)
        dropped += not {0, 1} & set(found.left)
    assert dropped / 200 <= 0.05


def test_the_same_chance_for_all_needs_fewer_replications_than_each_its_own() -> None:
    def losses(shared: bool) -> Callable[[Sequence[int], int], Floats]:
        def of(options: Sequence[int], reps: int) -> Floats:
            base = np.random.default_rng(5).normal(size=reps)
            own = [np.random.default_rng((5, o)).normal(size=reps) for o in options]
            return np.array([0.5 * o + (base + 0.1 * e if shared else e)
                             for o, e in zip(options, own, strict=True)])  # fmt: skip

        return of

    same = race([0, 1, 2], losses(True), first=4, most=256)
    apart = race([0, 1, 2], losses(False), first=4, most=256)
    assert same.reps[0] < apart.reps[0]
