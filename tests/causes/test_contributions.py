"""From two periods of a known service to what changed in it, and what that did."""

from __future__ import annotations

import numpy as np
import pytest

from upturn.causes.contributions import (
    ROUGHLY,
    Simulated,
    contributions,
    drivers_changed,
    ratio,
)
from upturn.causes.movers import movers
from upturn.causes.weighing import Effort, Weighed, weigh
from upturn.causes.worlds import Simulator, Span, scenarios, totals
from upturn.twin.parameters import DRIVERS, PARAMETERS
from upturn.twin.series import COLUMN, SERIES

from datetime import date  # isort: skip

SPAN = Span(date(2025, 1, 1), 6, 0, 6)
LATE = "assessment-lateness"
TOLD = ("contacts", "referrals", "assessments_started", "assessments_ended", "assessments_late",
        "assessments_open", "assessment_days", "filled", "vacant", "section47_started")  # fmt: skip


def moved(values: np.ndarray, **changes: float) -> np.ndarray:
    after = values.copy()
    for name, steps in changes.items():
        after[PARAMETERS[name]] = movers()[name].moved(after[PARAMETERS[name]], steps)
    return after


def recorded(
    toy: Simulator, values: np.ndarray, after: np.ndarray, seed: int, told: tuple[str, ...] = TOLD
) -> tuple[dict[str, float], dict[str, float]]:
    run = totals(toy, scenarios(values, after, SPAN)[None], SPAN, reps=1, seed=seed)
    return tuple({n: float(t[0, 0, COLUMN[n]]) for n in told} for t in (run.before, run.after))  # type: ignore[return-value]


def weighed(toy: Simulator, values: np.ndarray, seed: int, **changes: float) -> Weighed:
    early, late = recorded(toy, values, moved(values, **changes), 1000 + seed)
    return weigh(early, late, values, SPAN, toy, seed=seed, effort=Effort(draws=80))


@pytest.mark.parametrize(
    ("changes", "driver"),
    [
        ({"contacts_a_month": 1.0}, "demand"),
        ({"hours_assessment": 1.2}, "touch time"),
        ({"referral_threshold": -1.5}, "thresholds"),
    ],
)
def test_what_was_planted_is_what_must_have_changed(
    toy: Simulator, values: np.ndarray, changes: dict[str, float], driver: str
) -> None:
    found = weighed(toy, values, 3, **changes)
    after = found.values(values)
    likely = drivers_changed(values, after).mean(axis=0)
    assert DRIVERS[int(np.argmax(likely))] == driver
    assert likely.max() > 0.9


def test_the_planted_share_lies_in_its_interval(toy: Simulator, values: np.ndarray) -> None:
    changes = {"contacts_a_month": 1.0, "hours_assessment": 0.9}
    found = weighed(toy, values, 5, **changes)
    after = found.values(values)
    before = np.broadcast_to(values, after.shape)
    shares = contributions(before, after, LATE, SPAN, toy, reps=4)
    truth = contributions(values[None], moved(values, **changes)[None], LATE, SPAN, toy, reps=400)
    low, high = shares.interval()
    for driver in ("demand", "touch time"):
        at = DRIVERS.index(driver)
        assert low[at] <= truth.shares[at, 0] <= high[at]
        assert truth.shares[at, 0] > 0.02


def test_shares_add_up_to_the_simulated_change(toy: Simulator, values: np.ndarray) -> None:
    after = np.stack([moved(values, posts=-1.0, contacts_a_month=0.5), moved(values, posts=-1.5)])
    found = contributions(np.stack([values, values]), after, LATE, SPAN, toy)
    assert found.shares.sum(axis=0) + found.carried == pytest.approx(found.change)
    assert found.change == pytest.approx(found.after - found.before)
    assert (found.shares[DRIVERS.index("demand")] != 0).tolist() == [True, False]


def test_nothing_changed_shares_out_nothing(toy: Simulator, values: np.ndarray) -> None:
    found = contributions(values[None], values[None], LATE, SPAN, toy)
    assert (found.shares == 0).all()
    assert found.change == pytest.approx(found.carried)


def test_a_quiet_year_is_told_as_one(toy: Simulator, values: np.ndarray) -> None:
    loud = [
        drivers_changed(values, weighed(toy, values, seed).values(values)).mean(axis=0).max() > 0.8
        for seed in range(12)
    ]
    assert sum(loud) <= 1


def test_what_the_records_do_not_tell_is_not_weighed(toy: Simulator, values: np.ndarray) -> None:
    early, late = recorded(
        toy, values, moved(values, hours_assessment=1.5), 7, ("contacts", "filled")
    )
    found = weigh(early, late, values, SPAN, toy, effort=Effort(draws=50, looks=1))
    assert [s.name for s in found.used] == ["contacts", "filled"]
    assert found.shift.probability[found.names.index("hours_assessment")] < 0.1
    with pytest.raises(ValueError, match="no summary"):
        weigh({"contacts": np.nan}, {"contacts": 3.0}, values, SPAN, toy)


def test_two_services_are_compared_as_they_stand_not_as_they_became(
    toy: Simulator, values: np.ndarray
) -> None:
    after = moved(values, posts=-1.2)[None]
    became = contributions(values[None], after, LATE, SPAN, toy)
    stands = contributions(values[None], after, LATE, SPAN, toy, stationary=True)
    at = DRIVERS.index("posts")
    assert stands.shares[at, 0] > became.shares[at, 0] > 0  # the backlog has had longer to grow


def test_more_than_eight_drivers_are_shared_out_by_drawing_orders(
    toy: Simulator, values: np.ndarray
) -> None:
    after = moved(values, **dict.fromkeys(movers(), 0.4))[None]
    found = contributions(values[None], after, LATE, SPAN, toy, reps=4, most_orders=64)
    assert drivers_changed(values, after[0]).sum() == len(DRIVERS)
    assert found.shares.sum(axis=0) + found.carried == pytest.approx(found.change)
    assert found.runs < 4 * 2 ** len(DRIVERS) / 4


def test_an_outcome_over_a_period_is_sums_over_sums() -> None:
    sums = np.zeros(len(SERIES))
    sums[COLUMN["assessments_open"]] = 120.0
    assert ratio(sums, "open-assessments", 6) == 20.0
    assert np.isnan(ratio(sums, LATE, 6))


@pytest.mark.parametrize(
    ("shares", "low", "high", "because"),
    [
        ([0.2, 0.3, 0.4, 0.5], -0.05, 1.0, "no world pushes it down: only a trifle is left there"),
        ([-0.5, -0.4, -0.3, -0.2], -1.0, 0.05, "nor up, here"),
        ([-0.2, 0.1, 0.4, 0.5], -1.0, 1.0, "some do: the spread is stretched both ways"),
        ([0.0, 0.0, 0.0, 0.0], -0.05, 0.05, "what changed in no world has no share but a trifle"),
    ],
)
def test_an_interval_does_not_cross_nought_where_no_world_does(
    shares: list[float], low: float, high: float, because: str
) -> None:
    own = np.array([shares])
    zero = np.zeros_like(own)
    found = Simulated(own, own[0], zero[0], zero[0], own[0], zero, np.zeros(1), 8)
    ends = found.interval(least=0.05)[:, 0]
    assert low - 1e-9 <= ends[0] <= min(shares) + 1e-9, because
    assert max(shares) - 1e-9 <= ends[1] <= high + 1e-9, because


def test_however_well_the_worlds_agree_a_share_is_told_roughly() -> None:
    own = np.ones((1, 4))
    found = Simulated(own, own[0], 0 * own[0], 0 * own[0], own[0], 0 * own, np.zeros(1), 8)
    assert found.interval()[:, 0] == pytest.approx([1 - ROUGHLY, 1 + ROUGHLY])
