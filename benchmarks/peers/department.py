"""One simple department, written for each engine: the same model, the same counting of events.

Poisson arrivals, 4,500 a year, a fifth urgent; 16 seats of triage, lognormal of mean 1 day; 30 % go no
further; the rest wait, urgent first, for one of 1,080 slots (60 workers of 18); assessment in the slot,
lognormal of mean 35 days; 18 % then have an enquiry of 10 days and half of those a plan, a third of the
others a plan; a plan holds the slot 182 to 365 days more. Five years from empty. An event is an arrival
or the end of a triage, an assessment, an enquiry or a plan. Each engine returns the mean wait for a slot
in days, of those who got one, and the events.
"""

from __future__ import annotations

import math
import random

import numpy as np

from upturn.twin.heap import heap_pop, heap_push, pack, unpack
from upturn.twin.streams import exponential, key_of, normal, uniform

YEARS, A_YEAR, SEATS, SLOTS = 5.0, 4500.0, 16, 1080
DAYS = YEARS * 365.0
SPREAD, TRIAGE, ASSESSMENT, ENQUIRY = 0.6, 1.0, 35.0, 10.0
TICK = 1000.0  # to a day
ARRIVE, TRIAGED, ASSESSED, ENQUIRED, ENDED = 4, 3, 2, 1, 0
ROOM = 30_000


def after(mean, draw):
    """A lognormal length in ticks, from a standard normal."""
    return int(TICK * mean * math.exp(SPREAD * draw - 0.5 * SPREAD * SPREAD) + 0.5)


def upturn(seed, rep, heap, queue, keys, began):
    """Upturn's heap of packed keys and its random stream for each child."""
    size, seats, slots, events, waited, served = 0, SEATS, SLOTS, 0, 0.0, 0
    kids, at, end = 0, 0.0, int(DAYS * TICK)
    first, last = np.zeros(3, np.int64), np.zeros(3, np.int64)
    keys[0] = key_of(seed, rep, 0, 0)
    at = exponential(keys[0], 0, 0) * 365.0 / A_YEAR
    size = heap_push(heap, size, pack(int(at * TICK), ARRIVE, 0))
    while size > 0:
        now, kind, kid = unpack(heap[0])
        if now > end:
            break
        size = heap_pop(heap, size)
        events += 1
        key, free = keys[kid], 0
        if kind == ARRIVE:
            kids = kid + 1
            keys[kids] = key_of(seed, rep, 0, kids)
            at += exponential(keys[kids], 0, 0) * 365.0 / A_YEAR
            size = heap_push(heap, size, pack(int(at * TICK), ARRIVE, kids))
            queue[2, last[2]] = kid
            last[2] += 1
        elif kind == TRIAGED:
            seats += 1
            if uniform(key, 2, 0) >= 0.3:
                urgent = 0 if uniform(key, 3, 0) < 0.2 else 1
                queue[urgent, last[urgent]] = kid
                last[urgent] += 1
                began[kid] = now
        elif kind == ASSESSED:
            draw = uniform(key, 5, 0)
            if draw < 0.18:
                size = heap_push(heap, size, pack(now + int(ENQUIRY * TICK), ENQUIRED, kid))
            elif uniform(key, 6, 0) < 1.0 / 3.0:
                longer = int(TICK * (182.0 + 183.0 * uniform(key, 7, 0)))
                size = heap_push(heap, size, pack(now + longer, ENDED, kid))
            else:
                free = 1
        elif kind == ENQUIRED:
            if uniform(key, 6, 0) < 0.5:
                longer = int(TICK * (182.0 + 183.0 * uniform(key, 7, 0)))
                size = heap_push(heap, size, pack(now + longer, ENDED, kid))
            else:
                free = 1
        else:
            free = 1
        slots += free
        while seats > 0 and first[2] < last[2]:
            other = queue[2, first[2]]
            first[2] += 1
            seats -= 1
            takes = after(TRIAGE, normal(keys[other], 1, 0))
            size = heap_push(heap, size, pack(now + takes, TRIAGED, other))
        while slots > 0 and (first[0] < last[0] or first[1] < last[1]):
            which = 0 if first[0] < last[0] else 1
            other = queue[which, first[which]]
            first[which] += 1
            slots -= 1
            waited += (now - began[other]) / TICK
            served += 1
            takes = after(ASSESSMENT, normal(keys[other], 4, 0))
            size = heap_push(heap, size, pack(now + takes, ASSESSED, other))
    return waited / served, events


def arrays() -> tuple[np.ndarray, ...]:
    """Room for one replication of `upturn`."""
    return (
        np.zeros(ROOM, np.int64),
        np.zeros((3, ROOM), np.int64),
        np.zeros(ROOM, np.uint64),
        np.zeros(ROOM, np.int64),
    )


def many(reps, seed, heap, queue, keys, began, waits):
    """Replications one after another; the events of all."""
    total = 0
    for rep in range(reps):
        wait, events = upturn(seed, rep, heap, queue, keys, began)
        waits[rep] = wait
        total += events
    return total


def compiled():
    """`many` compiled with numba."""
    import numba
    from numba.extending import register_jitable

    from upturn.twin import heap, streams

    for helper in (*streams.JIT, *heap.JIT, after, upturn):
        register_jitable(helper)
    return numba.njit(nogil=True)(many)


def simpy(seed: int) -> tuple[float, int]:
    """SimPy, a process for each child."""
    import simpy as engine

    rng, env = random.Random(seed), engine.Environment()
    seats, slots = engine.Resource(env, SEATS), engine.PriorityResource(env, SLOTS)
    waits: list[float] = []
    events = [0]

    def length(mean: float) -> float:
        return mean * math.exp(SPREAD * rng.gauss(0, 1) - 0.5 * SPREAD * SPREAD)

    def child():
        with seats.request() as seat:
            yield seat
            yield env.timeout(length(TRIAGE))
        events[0] += 1
        if rng.random() < 0.3:
            return
        began = env.now
        with slots.request(priority=0 if rng.random() < 0.2 else 1) as slot:
            yield slot
            waits.append(env.now - began)
            yield env.timeout(length(ASSESSMENT))
            events[0] += 1
            share = 1 / 3
            if rng.random() < 0.18:
                yield env.timeout(ENQUIRY)
                events[0] += 1
                share = 0.5
            if rng.random() < share:
                yield env.timeout(rng.uniform(182, 365))
                events[0] += 1

    def arrivals():
        while True:
            yield env.timeout(rng.expovariate(A_YEAR / 365))
            events[0] += 1
            env.process(child())

    env.process(arrivals())
    env.run(until=DAYS)
    return sum(waits) / len(waits), events[0]


def ciw(seed: int) -> tuple[float, int]:
    """Ciw: a slot is held in one node, so what is done in it is folded into one length of service."""
    import ciw as engine

    engine.seed(seed)
    rng = random.Random(seed)
    folded = [0]

    class Held(engine.dists.Distribution):
        def sample(self, t=None, ind=None):
            total = ASSESSMENT * math.exp(SPREAD * rng.gauss(0, 1) - 0.5 * SPREAD * SPREAD)
            share = 1 / 3
            if rng.random() < 0.18:
                total, share = total + ENQUIRY, 0.5
                folded[0] += 1
            if rng.random() < share:
                total += rng.uniform(182, 365)
                folded[0] += 1
            return total

    spread = engine.dists.Lognormal(math.log(TRIAGE) - 0.5 * SPREAD * SPREAD, SPREAD)
    rates = {"Urgent": 0.2 * A_YEAR / 365, "Other": 0.8 * A_YEAR / 365}
    network = engine.create_network(
        arrival_distributions={k: [engine.dists.Exponential(r), None] for k, r in rates.items()},
        service_distributions={k: [spread, Held()] for k in rates},
        routing={k: [[0.0, 0.7], [0.0, 0.0]] for k in rates},
        number_of_servers=[SEATS, SLOTS],
        # in triage nobody goes first; for a slot the urgent do
        priority_classes={"Urgent": 0, "Other": 1},
    )
    run = engine.Simulation(network)
    run.simulate_until_max_time(DAYS)
    records = run.get_all_records()
    waits = [r.waiting_time for r in records if r.node == 2]
    events = len(records) + sum(r.node == 1 for r in records) + folded[0]
    return sum(waits) / len(waits), events


def salabim(seed: int) -> tuple[float, int]:
    """salabim, a component for each child."""
    import salabim as engine

    engine.yieldless(False)
    env = engine.Environment(random_seed=seed, trace=False)
    rng = random.Random(seed)
    seats, slots = engine.Resource("seats", SEATS), engine.Resource("slots", SLOTS)
    waits: list[float] = []
    events = [0]

    def length(mean: float) -> float:
        return mean * math.exp(SPREAD * rng.gauss(0, 1) - 0.5 * SPREAD * SPREAD)

    class Child(engine.Component):
        def process(self):
            yield self.request(seats)
            yield self.hold(length(TRIAGE))
            self.release(seats)
            events[0] += 1
            if rng.random() < 0.3:
                return
            began = env.now()
            yield self.request((slots, 1, 0 if rng.random() < 0.2 else 1))
            waits.append(env.now() - began)
            yield self.hold(length(ASSESSMENT))
            events[0] += 1
            share = 1 / 3
            if rng.random() < 0.18:
                yield self.hold(ENQUIRY)
                events[0] += 1
                share = 0.5
            if rng.random() < share:
                yield self.hold(rng.uniform(182, 365))
                events[0] += 1
            self.release(slots)

    class Arrivals(engine.Component):
        def process(self):
            while True:
                yield self.hold(rng.expovariate(A_YEAR / 365))
                events[0] += 1
                Child()

    Arrivals()
    env.run(till=DAYS)
    return sum(waits) / len(waits), events[0]
