"""Inference without a likelihood, held to services whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from upturn.twin.inference import infer
from upturn.twin.priors import Floats, Prior

PRIOR = Prior(
    ("level", "slope", "hidden"), (-3.0, 0.1, 0.0), (3.0, 10.0, 1.0), ("linear", "log", "linear")
)


def toy(values: Floats, first: int) -> Floats:
    """Four summaries tell the first two parameters with a known noise; nothing tells the third."""
    noise = 0.3 * np.random.default_rng(1000 + first).normal(size=(len(values), 4))
    level, slope = values[:, 0], np.log(values[:, 1])
    return np.stack([level, slope, level + slope, level * slope], axis=1) + noise


def bell(values: Floats, first: int) -> Floats:
    noise = 0.5 * np.random.default_rng(1000 + first).normal(size=(len(values), 1))
    return values[:, :1] + noise


def test_a_conjugate_case_has_its_known_posterior() -> None:
    """One normal summary of known noise, far inside a flat prior: the posterior is normal about it."""
    prior = Prior(("mean",), (-5.0,), (5.0,), ("linear",))
    found = infer(bell, np.array([1.0]), prior, simulations=4000, draws=2000, seed=4, check=0)
    assert found.draws.mean() == pytest.approx(1.0, abs=0.05)
    assert found.draws.std() == pytest.approx(0.5, abs=0.06)
    low, high = np.quantile(found.draws, [0.05, 0.95])
    assert (low, high) == pytest.approx((1 - 1.645 * 0.5, 1 + 1.645 * 0.5), abs=0.12)


def test_ninety_per_cent_intervals_hold_the_truth_about_nine_times_in_ten() -> None:
    rng, held = np.random.default_rng(7), []
    for nth in range(120):
        places = rng.random((1, 3))
        truth = PRIOR.values(places)[0]
        record = toy(truth[None, :], 10**6 + nth)[0]
        found = infer(toy, record, PRIOR, simulations=300, rounds=6, seed=nth, check=0)
        low, high = np.quantile(found.draws, [0.05, 0.95], axis=0)
        held.append((low <= truth) & (truth <= high))
    # 120 trials at 0.9 lie within 0.82 and 0.97 in 99 of 100 samples.
    assert ((np.mean(held, axis=0) > 0.81) & (np.mean(held, axis=0) < 0.98)).all()


def test_what_no_summary_tells_is_said_to_be_unknown() -> None:
    found = infer(toy, np.array([1.0, 0.5, 1.5, 0.5]), PRIOR, seed=2)
    assert found.known.tolist() == [True, True, False]
    assert found.width[2] > 0.9


def test_further_rounds_narrow_what_is_told() -> None:
    record = np.array([1.0, 0.5, 1.5, 0.5])
    one = infer(toy, record, PRIOR, simulations=600, rounds=1, seed=5, check=0)
    three = infer(toy, record, PRIOR, simulations=600, rounds=3, seed=5, check=0)
    assert three.width[0] < one.width[0]
    # each has one round more, whose runs its draws are held against the record by
    assert three.simulations == 2 * one.simulations


def sharp(values: Floats, first: int) -> Floats:
    """A service that collapses: work grows with load, and past a point of no return by leaps."""
    rng = np.random.default_rng(1000 + first)
    load = 2.0 * values[:, 0] + 1.5 * np.log(values[:, 1])
    work = np.exp(np.where(load > 1.0, 4.0 * (load - 1.0), 0.3 * (load - 1.0)))
    made = np.stack([np.log1p(work), load / 4 + 0.2 * values[:, 0]], axis=1)
    return made + 0.05 * rng.normal(size=made.shape)


def test_fitted_services_make_the_record_even_where_the_prior_holds_many_that_collapse() -> None:
    truth = PRIOR.places(np.array([[0.4, 1.0, 0.5]]))
    record = sharp(PRIOR.values(truth), 10**6)[0]
    found = infer(sharp, record, PRIOR, simulations=200, rounds=8, seed=1)
    again = sharp(found.draws, 10**7)
    assert np.abs(np.median(again, axis=0) - record).max() < 0.05
    # chance twice, their own and the record's, is 0.07; draws of a normal posterior for all left 0.2
    assert again.std(axis=0).max() < 0.1


def test_a_summary_that_no_service_can_make_does_not_pull_the_others_away() -> None:
    record = np.array([1.0, 0.5, 1.5, 0.5])
    wrong = record.copy()
    wrong[3] = 5.0
    plain = infer(toy, record, PRIOR, seed=6, check=0)
    spoilt = infer(toy, wrong, PRIOR, seed=6, check=0)
    off = np.median(spoilt.draws[:, 0]) - np.median(plain.draws[:, 0])
    assert abs(off) < 0.5


def test_each_draw_keeps_the_number_that_it_was_simulated_under() -> None:
    found = infer(toy, np.array([1.0, 0.5, 1.5, 0.5]), PRIOR, simulations=100, draws=250, seed=2)
    assert found.runs.shape == (250,)
    for run in np.unique(found.runs):
        assert len(np.unique(found.places[found.runs == run], axis=0)) == 1
    assert len(np.unique(found.runs)) == 80


def test_no_value_leaves_its_ends() -> None:
    found = infer(toy, np.array([3.5, 3.0, 6.0, 9.0]), PRIOR, seed=1, check=0)
    assert (found.draws >= PRIOR.low).all()
    assert (found.draws <= PRIOR.high).all()


def test_the_same_seed_gives_the_same_draws_and_progress_is_told() -> None:
    record, told = np.array([1.0, 0.5, 1.5, 0.5]), []
    one = infer(toy, record, PRIOR, simulations=500, seed=9, check=5)
    two = infer(
        toy, record, PRIOR, simulations=500, seed=9, check=5,
        progress=lambda done, of: told.append((done, of)),
    )  # fmt: skip
    assert np.array_equal(one.places, two.places)
    # 13 times 500 services, 60 and then 30 a round run twice, 5 taken for the record
    assert told[-1] == (6895, 6895)
    assert one.simulations == 6895


def test_the_coverage_it_measures_of_itself_is_near_nine_in_ten() -> None:
    found = infer(toy, np.array([0.0, 0.0, 0.0, 0.0]), PRIOR, seed=3, check=150)
    assert (np.abs(found.coverage - 0.9) < 0.09).all()


@pytest.mark.parametrize("record", [[], [np.nan, 1.0, 2.0, 3.0]], ids=["none", "missing"])
def test_a_record_without_summaries_is_refused(record: list[float]) -> None:
    with pytest.raises(ValueError, match="at least one summary"):
        infer(toy, np.array(record), PRIOR)


@pytest.mark.parametrize(
    ("scale", "low", "high", "middle"),
    [("linear", 0.0, 10.0, 5.0), ("log", 1.0, 100.0, 10.0), ("logit", 0.1, 0.9, 0.5)],
)
def test_the_middle_of_a_prior_is_the_middle_of_its_scale(
    scale: str, low: float, high: float, middle: float
) -> None:
    prior = Prior(("x",), (low,), (high,), (scale,))  # type: ignore[arg-type]
    assert prior.values(np.array([0.5]))[0] == pytest.approx(middle)
    places = np.array([[0.0], [0.3], [1.0]])
    assert prior.places(prior.values(places)) == pytest.approx(places)
