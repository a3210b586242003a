"""The spiral on a service made of one line of arithmetic, with and without leaving that load brings on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from upturn.causes.spiral import BURST, YEAR_ON, SpiralEffort, burst, lasting, spiral
from upturn.causes.worlds import Simulator
from upturn.twin.parameters import PARAMETERS
from upturn.twin.series import COLUMN, SERIES

EFFORT = SpiralEffort(reps=60, lever_reps=20, rounds=3)


def service(beta: float) -> Simulator:
    """Workers leave faster above a load of 20; those who come are the same each month."""

    def simulate(plans: np.ndarray, reps: int, seed: int) -> np.ndarray:
        n, months, _ = plans.shape
        luck = np.random.default_rng(seed).normal(size=(2, reps, months))
        p = {k: plans[..., PARAMETERS[k]][:, None, :] for k in
             ("contacts_a_month", "shock_contacts", "posts", "leaving_a_year")}  # fmt: skip
        children, staff = np.full((n, reps), 900.0), np.full((n, reps), 60.0)
        out = np.zeros((n, reps, months, len(SERIES)))
        for m in range(months):
            come = p["contacts_a_month"][..., m] * p["shock_contacts"][..., m] * 0.7
            load = children / staff
            children = children + come * (1 + 0.03 * luck[0, :, m]) - children * 0.16
            leave = p["leaving_a_year"][..., m] / 12 * np.exp(beta * (load / 20 - 1))
            staff = staff * (1 - np.minimum(leave, 0.4)) + 0.018 * p["posts"][..., m]
            staff = np.clip(staff + 0.1 * luck[1, :, m], 5, p["posts"][..., m])
            out[:, :, m, COLUMN["open_children"]], out[:, :, m, COLUMN["filled"]] = children, staff
        return out

    return simulate


def test_without_feedback_every_push_is_borne(values: np.ndarray) -> None:
    found = spiral(values, service(0.0), effort=EFFORT)
    assert found.settles
    assert {t.push.size for t in found.tipping if t.kind != "posts"} == {None}
    assert not [c for c in found.crossings if c.kind == "tips"]
    assert "settles by itself" in found.sentences[0]


def test_with_feedback_the_same_push_ends_in_a_lasting_worse_state(values: np.ndarray) -> None:
    found = spiral(values, service(6.0), effort=EFFORT)
    assert found.settles
    tips = {t.kind: t.push for t in found.tipping}
    assert tips["burst"].size is not None
    assert tips["demand"].size is not None
    assert tips["demand"].low <= tips["demand"].size <= tips["demand"].high
    assert any("have not come back within a year" in t.sentence for t in found.tipping)


def test_the_more_load_drives_people_out_the_nearer_the_line(values: np.ndarray) -> None:
    def line(beta: float) -> float:
        found = spiral(values, service(beta), effort=SpiralEffort(60, 0, 3, levers=False))
        push = next(t.push for t in found.tipping if t.kind == "demand")
        return push.most if push.size is None else push.size

    assert line(8.0) < line(5.0) <= line(0.0)


def test_a_service_past_the_line_is_said_not_to_settle(values: np.ndarray) -> None:
    worse = values.copy()
    worse[PARAMETERS["contacts_a_month"]] *= 1.6
    found = spiral(worse, service(5.0), effort=SpiralEffort(40, 0, 1, levers=False))
    assert not found.settles
    assert "does not settle" in found.sentences[0]


def test_the_driver_that_moves_the_line_most_is_first(values: np.ndarray) -> None:
    found = spiral(values, service(6.0), effort=EFFORT)
    moved = {lever.parameter: lever.after - lever.before for lever in found.levers}
    assert found.levers[0].parameter in ("leaving_a_year", "posts", "contacts_a_month")
    assert moved["partner_information_days"] == 0  # this service has no partners
    assert moved["leaving_a_year"] < 0


def test_pushes_begin_after_a_quiet_month_and_leave_the_rest_alone(values: np.ndarray) -> None:
    plan = burst(values, 0.5)
    shocked = plan[:, PARAMETERS["shock_contacts"]]
    assert shocked.tolist() == [1.0] + [1.5] * BURST + [1.0] * (YEAR_ON - BURST)
    others = np.delete(plan, PARAMETERS["shock_contacts"], axis=1)
    assert (others == others[0]).all()
    assert lasting(values, "posts", 0.9)[:3, PARAMETERS["posts"]].tolist() == [60.0, 54.0, 54.0]


def test_the_same_seed_gives_the_same_map(values: np.ndarray) -> None:
    make: Callable[[], object] = lambda: spiral(  # noqa: E731
        values, service(4.0), seed=5, effort=SpiralEffort(20, 0, 1, levers=False)
    ).map.to_dicts()
    assert make() == make()


def test_a_push_under_which_the_service_collapses_counts_as_one_not_borne(
    values: np.ndarray,
) -> None:
    """The same service without feedback, but more than half as many contacts again has no series at all."""
    sound = service(0.0)

    def simulate(plans: np.ndarray, reps: int, seed: int) -> np.ndarray:
        made = sound(plans, reps, seed)
        pushed = (
            plans[:, 1, PARAMETERS["shock_contacts"]] * plans[:, 1, PARAMETERS["contacts_a_month"]]
        )
        made[pushed > 1.5 * values[PARAMETERS["contacts_a_month"]]] = np.nan
        return made

    found = spiral(values, simulate, effort=EFFORT)
    burst_borne = next(t.push.size for t in found.tipping if t.kind == "burst")
    assert burst_borne is not None
    assert abs(burst_borne - 0.5) < 0.1
    assert found.paths.filter(~found.paths["end"].is_finite()).is_empty()
