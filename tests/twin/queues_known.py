"""Queues whose answers are known, on the twin's own heap and streams.

Time is in ticks: a mean service is a thousand of them, so that a key holds it beside the customer.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from upturn.journeys.compiled import can_compile
from upturn.twin.heap import heap_pop, heap_push, pack, unpack
from upturn.twin.streams import exponential, key_of, normal, uniform

TICKS = 1000.0
EXPONENTIAL, LOGNORMAL = 0, 1
ARRIVES, LEAVES = 1, 0


def service(key, kind):  # type: ignore[no-untyped-def]
    """Service time of mean 1; lognormal with a squared coefficient of variation of 1.5."""
    if kind == EXPONENTIAL:
        return exponential(key, 1, 0)
    spread = math.sqrt(math.log(2.5))
    return math.exp(spread * normal(key, 1, 0) - 0.5 * spread * spread)


def serve(seed, rate, servers, kind, urgent, waits, sojourns, classes, heap, queue):  # type: ignore[no-untyped-def]
    """First come, first served within two classes, the urgent first. The area under the number there."""
    n, size, free, area, there, last = len(waits), 0, servers, 0, 0, 0
    first, end = np.zeros(2, np.int64), np.zeros(2, np.int64)
    began = np.zeros(n, np.int64)
    came = 0.0
    for row in range(n):
        key = key_of(seed, 0, 0, row)
        came += exponential(key, 0, 0) / rate
        classes[row] = 0 if uniform(key, 2, 0) < urgent else 1
        began[row] = int(came * TICKS)
    size = heap_push(heap, size, pack(began[0], ARRIVES, 0))
    while size > 0:
        now, event, row = unpack(heap[0])
        size = heap_pop(heap, size)
        area += there * (now - last)
        last = now
        if event == ARRIVES:
            there += 1
            queue[classes[row], end[classes[row]]] = row
            end[classes[row]] += 1
            if row + 1 < n:
                size = heap_push(heap, size, pack(began[row + 1], ARRIVES, row + 1))
        else:
            there -= 1
            free += 1
            sojourns[row] = now - began[row]
        while free > 0 and (first[0] < end[0] or first[1] < end[1]):
            which = 0 if first[0] < end[0] else 1
            next_row = queue[which, first[which]]
            first[which] += 1
            free -= 1
            waits[next_row] = now - began[next_row]
            takes = int(service(key_of(seed, 0, 0, next_row), kind) * TICKS + 0.5)
            size = heap_push(heap, size, pack(now + takes, LEAVES, next_row))
    return area


def share(seed, rate, kind, sojourns, heap):  # type: ignore[no-untyped-def]
    """One worker shared equally by all who are there: each leaves when her work, in shared time, is up."""
    n, size, there, done = len(sojourns), 0, 0, 0
    shared = now = 0.0
    began = np.zeros(n)
    key = key_of(seed, 0, 0, 0)
    next_row, next_at = 0, exponential(key, 0, 0) / rate
    while done < n:
        ends = math.inf
        if there > 0:
            ends = now + (unpack(heap[0])[0] / 4000.0 - shared) * there
        if next_row < n and next_at <= ends:
            shared += (next_at - now) / there if there > 0 else 0.0
            now = next_at
            began[next_row] = now
            work = service(key_of(seed, 0, 0, next_row), kind)
            size = heap_push(heap, size, pack(int((shared + work) * 4000.0 + 0.5), 0, next_row))
            there += 1
            next_row += 1
            next_at = now + exponential(key_of(seed, 0, 0, next_row), 0, 0) / rate
        else:
            _, _, row = unpack(heap[0])
            shared += (ends - now) / there
            now = ends
            size = heap_pop(heap, size)
            sojourns[row] = now - began[row]
            there -= 1
            done += 1
    return done


@cache
def _fast() -> tuple[Any, Any]:
    if not can_compile():
        return serve, share
    import numba
    from numba.extending import register_jitable

    from upturn.twin import heap, streams

    for helper in (*streams.JIT, *heap.JIT, service):
        register_jitable(helper)
    return numba.njit(serve), numba.njit(share)


def many() -> int:
    """Customers a replication: fewer where there is no compiler."""
    return 40_000 if can_compile() else 1_500


def served(
    seed: int, *, rate: float, servers: int = 1, kind: int = EXPONENTIAL, urgent: float = 0.0
):  # type: ignore[no-untyped-def]
    """Waits and sojourns in mean services, classes, and the area under the number there in ticks."""
    n = many()
    waits, sojourns, classes = (np.zeros(n, np.int64) for _ in range(3))
    heap, queue = np.zeros(n + 10, np.int64), np.zeros((2, n), np.int64)
    with np.errstate(over="ignore"):
        area = _fast()[0](seed, rate, servers, kind, urgent, waits, sojourns, classes, heap, queue)
    return waits / TICKS, sojourns, classes, area


def shared(seed: int, *, rate: float, kind: int) -> np.ndarray[Any, Any]:
    """Sojourns under processor sharing, in mean services."""
    n = many()
    sojourns, heap = np.zeros(n), np.zeros(n + 10, np.int64)
    with np.errstate(over="ignore"):
        _fast()[1](seed, rate, kind, sojourns, heap)
    return sojourns
