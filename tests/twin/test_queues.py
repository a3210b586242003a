"""On the twin's heap and streams, queues whose answers are known come out as known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from queues_known import EXPONENTIAL, LOGNORMAL, served, shared

from upturn.journeys.compiled import can_compile

REPS = 24 if can_compile() else 6
SCV = {EXPONENTIAL: 1.0, LOGNORMAL: 1.5}


def erlang_c(servers: int, load: float) -> float:
    """The chance of waiting in M/M/c (Erlang, 1917)."""
    terms = [load**k / math.factorial(k) for k in range(servers)]
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(terms) + last)


def close(found: list[float], expected: float) -> None:
    """Within four standard errors of the replications' mean."""
    error = np.std(found, ddof=1) / math.sqrt(len(found))
    assert abs(np.mean(found) - expected) < 4 * error + 0.004 * expected, (
        np.mean(found),
        expected,
        error,
    )


def settled(values: np.ndarray) -> np.ndarray:
    """Without the first fifth, in which the queue fills."""
    return values[len(values) // 5 :]


@pytest.mark.parametrize(("servers", "rate"), [(1, 0.7), (5, 4.2), (12, 10.0)])
def test_waiting_for_one_of_several_is_as_erlang_c(servers: int, rate: float) -> None:
    waits = [settled(served(s, rate=rate, servers=servers)[0]) for s in range(REPS)]
    chance = erlang_c(servers, rate)
    close([float((w > 0).mean()) for w in waits], chance)
    close([float(w.mean()) for w in waits], chance / (servers - rate))


@pytest.mark.parametrize("kind", [EXPONENTIAL, LOGNORMAL])
def test_waiting_for_one_is_as_pollaczek_and_khinchine_have_it(kind: int) -> None:
    waits = [float(settled(served(s, rate=0.7, kind=kind)[0]).mean()) for s in range(REPS)]
    close(waits, 0.7 * (1 + SCV[kind]) / (2 * 0.3))


def test_urgent_ones_wait_as_cobham_has_it() -> None:
    runs = [served(s, rate=0.75, urgent=0.3) for s in range(REPS)]
    residual, urgent_load = 0.75, 0.75 * 0.3
    first = [float(settled(w)[settled(c) == 0].mean()) for w, _, c, _ in runs]
    second = [float(settled(w)[settled(c) == 1].mean()) for w, _, c, _ in runs]
    close(first, residual / (1 - urgent_load))
    close(second, residual / ((1 - urgent_load) * (1 - 0.75)))


@pytest.mark.parametrize("kind", [EXPONENTIAL, LOGNORMAL])
def test_a_shared_worker_keeps_a_customer_as_long_whatever_the_spread_of_work(kind: int) -> None:
    """The mean sojourn of M/G/1 processor sharing is E[S] / (1 - load) (Kleinrock, 1967)."""
    close([float(settled(shared(s, rate=0.7, kind=kind)).mean()) for s in range(REPS)], 1 / 0.3)


def test_littles_law_holds_exactly_when_a_queue_empties() -> None:
    for seed in range(3):
        _, sojourns, _, area = served(seed, rate=4.2, servers=5)
        assert area == sojourns.sum()
