"""The list of work that a worker holds, against a plain list; what stands in it comes back as it went in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from upturn.twin import columns as C
from upturn.twin.lists import find_task, hold_task, spot, take_back, take_out, urgency_of
from upturn.twin.parameters import department
from upturn.twin.room import room, span
from upturn.twin.scenario import plan
from upturn.twin.simulate import START
from upturn.twin.staff import set_pull


@pytest.fixture
def state() -> Any:
    P = plan(department(posts=3, contacts_a_month=20), months=3)
    s = room(P[None], span(START, 0, 3), 0, 0, np.zeros(0, np.int64), np.zeros((0, 17)))
    s.num[C.NOW] = 20.0
    s.par[:] = P[0]
    set_pull(s)
    return s


def stands(s: Any, post: int) -> list[tuple[int, float]]:
    """Tasks and hours in the order of a worker's list."""
    places = [spot(s, post, place) for place in range(s.held[post])]
    return [(int(s.what[at]) >> C.URGENCY_BITS, float(s.hours[at])) for at in places]


def test_a_worker_holds_what_a_plain_list_would(state: Any) -> None:
    rng = np.random.default_rng(3)
    plain: list[list[tuple[int, float]]] = [[], [], []]
    for kid in range(400):
        post = int(rng.integers(3))
        if plain[post] and rng.random() < 0.45:
            place = int(rng.integers(len(plain[post])))
            assert find_task(state, post, plain[post][place][0]) == place
            take_out(state, post, spot(state, post, place))
            plain[post][place] = plain[post][-1]
            plain[post].pop()
        else:
            state.kid[kid, C.LEFT + C.VISIT] = hours = float(rng.random() + 0.1)
            hold_task(state, post, kid, C.VISIT, urgency_of(state, 25, C.CLASS_PLAIN))
            plain[post].append((kid << C.SLOT_BITS | C.VISIT, hours))
        assert stands(state, post) == plain[post]
    assert max(len(p) for p in plain) > 2 * C.BLOCK
    assert find_task(state, 0, -1) == -1


def test_the_unused_end_of_a_block_pulls_nobody_and_is_never_due_or_done(state: Any) -> None:
    for kid in range(C.BLOCK + 2):
        state.kid[kid, C.LEFT] = 1.0
        hold_task(state, 1, kid, C.ASSESS, urgency_of(state, 0, C.CLASS_UNSEEN))
    take_out(state, 1, spot(state, 1, 0))
    last_day = len(state.work_day) - 1
    for place in range(C.BLOCK + 1, 2 * C.BLOCK):
        at = spot(state, 1, place)
        urgency = int(state.what[at]) & C.URGENCY
        for now in (0, 20, last_day):
            row = (len(state.work_day) - now) << C.CLASS_BITS
            assert state.pull[row + urgency] == 0.0
        assert urgency >> C.CLASS_BITS > last_day + C.PULLS
        assert state.hours[at] > 0.0


@pytest.mark.parametrize(
    ("due", "kept", "because"),
    [
        (23, 23, "pressure changes from day to day near the due day"),
        (-7, -7, "a due day before the first"),
        (-4000, 20 - C.PULLS, "so far past, pressure no longer changes"),
        (9000, 61 + C.PULLS, "after the run"),
    ],
)
@pytest.mark.parametrize("weight", [C.CLASS_UNSEEN, C.CLASS_READING, C.CLASS_CLOSING])
def test_pressure_is_that_of_the_due_day_and_the_class(
    state: Any, due: int, kept: int, because: str, weight: float
) -> None:
    assert len(state.work_day) == 61
    urgency, now = urgency_of(state, due, weight), 20
    assert (urgency >> C.CLASS_BITS) - C.PULLS == kept, because
    left = min(max(due - now, -C.PULLS), C.PULLS - 1)
    height, reach = state.num[C.PULL_HEIGHT], state.num[C.PULL_REACH]
    pull = weight * (1.0 + height * np.exp(-abs(left) / reach) + C.CHASED * max(0, -left))
    assert state.pull[((61 - now) << C.CLASS_BITS) + urgency] == pytest.approx(pull, rel=1e-15)


def test_work_goes_back_to_the_child_as_it_is(state: Any) -> None:
    urgency = urgency_of(state, 31, C.CLASS_CP_VISIT)
    for kid in (4, 5):
        state.kid[kid, C.LEFT + C.VISIT] = 2.5
        hold_task(state, 2, kid, C.VISIT, urgency)
    state.hours[spot(state, 2, 0)] = 0.75
    take_back(state, 2, 0, 4, C.VISIT)
    assert state.kid[4, C.LEFT + C.VISIT] == 0.75
    assert state.kid[4, C.URGENCY_OF + C.VISIT] == urgency
    assert stands(state, 2) == [(5 << C.SLOT_BITS | C.VISIT, 2.5)]


def test_a_list_that_is_full_stops_the_run(state: Any) -> None:
    state.held[0] = C.HELD_MOST
    hold_task(state, 0, 1, C.VISIT, urgency_of(state, 25, C.CLASS_PLAIN))
    assert state.num[C.FAULT] == 2
    assert state.held[0] == C.HELD_MOST
    assert C.HELD_MOST <= 1 << C.STOOD_BITS
