"""Cox's model with late entry, strata and ties: held to other people's programs and to made-up truth."""

from __future__ import annotations

import numpy as np
import pytest

from upturn.workload.delay.cox import NotFitted, fit, told_apart, two_sided
from upturn.workload.delay.risk_sets import Spans

TRUE = np.array([-0.3, 0.5, 0.0])


def drawn(n: int, seed: int, *, strata: int = 3, late: float = 0.3) -> Spans:
    """Cases in whole days from a proportional hazards model, some of them entered late, some censored."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.normal(size=n), rng.random(n) < 0.3, rng.normal(size=n)])
    stratum = rng.integers(0, strata, n)
    days = np.ceil(rng.exponential(30 / np.exp(x @ TRUE) * (1 + stratum))).astype(np.int64)
    ends = rng.integers(20, 90, n)
    entry = np.where(rng.random(n) < late, rng.integers(0, 30, n), 0)
    stop = np.minimum(days, ends)
    kept = stop > entry
    cluster = rng.integers(0, 40, n)
    return Spans(
        entry[kept], stop[kept], (days <= ends)[kept], x[kept], stratum[kept], cluster[kept]
    )


def frame(s: Spans):  # type: ignore[no-untyped-def]
    pandas = pytest.importorskip("pandas")
    found = pandas.DataFrame(s.x, columns=["a", "b", "c"])
    return found.assign(entry=s.entry, stop=s.stop, done=s.event.astype(int), team=s.stratum)


@pytest.mark.parametrize("strata", [1, 4])
def test_estimates_and_errors_with_late_entry_equal_those_of_lifelines(strata: int) -> None:
    lifelines = pytest.importorskip("lifelines")
    s = drawn(700, 3, strata=strata)
    theirs = lifelines.CoxPHFitter().fit(
        frame(s), "stop", "done", entry_col="entry", strata=["team"]
    )
    ours = fit(s)
    assert ours.beta == pytest.approx(theirs.params_.to_numpy(), abs=1e-5)
    errors = np.sqrt(np.diag(ours.covariance))
    assert errors == pytest.approx(theirs.standard_errors_.to_numpy(), abs=1e-6)
    assert ours.log_likelihood == pytest.approx(theirs.log_likelihood_, abs=1e-6)


def test_estimates_without_late_entry_equal_those_of_statsmodels() -> None:
    hazards = pytest.importorskip("statsmodels.duration.hazard_regression")
    s = drawn(700, 4, late=0.0)
    theirs = hazards.PHReg(s.stop, s.x, status=s.event, strata=s.stratum, ties="efron").fit()
    ours = fit(s)
    assert ours.beta == pytest.approx(theirs.params, abs=1e-5)
    assert np.sqrt(np.diag(ours.covariance)) == pytest.approx(theirs.bse, abs=1e-5)


def test_errors_that_allow_for_clusters_are_close_to_those_of_lifelines() -> None:
    lifelines = pytest.importorskip("lifelines")
    s = drawn(700, 5, late=0.0)
    theirs = lifelines.CoxPHFitter().fit(
        frame(s).drop(columns="entry").assign(who=s.cluster), "stop", "done", strata=["team"],
        cluster_col="who", robust=True,
    )  # fmt: skip
    # Ours leave out a cluster at a time, which is a little wider with forty of them.
    ours = np.sqrt(np.diag(fit(s).robust))
    assert ours == pytest.approx(theirs.standard_errors_.to_numpy(), rel=0.08)


def test_a_worker_with_all_the_cases_of_a_month_does_not_make_the_interval_boundless() -> None:
    rng = np.random.default_rng(3)
    n, zero = 900, np.zeros(900, dtype=np.int64)
    worker, load = np.repeat(np.arange(30), 30), rng.normal(15, 5, n)
    days = np.ceil(rng.exponential(20 / np.exp(-0.05 * (load - 15)))).astype(np.int64)
    only_his = (worker == 0) & (rng.random(n) < 0.9)
    x = np.column_stack([load, only_his]).astype(float)
    plain = fit(Spans(zero, days, np.ones(n, dtype=np.bool_), x[:, :1], zero, worker))
    beside = fit(Spans(zero, days, np.ones(n, dtype=np.bool_), x, zero, worker))
    assert beside.robust[0, 0] ** 0.5 < 1.5 * plain.robust[0, 0] ** 0.5
    assert np.sqrt(beside.robust[1, 1]) < 1, "it was above ten"


def test_the_test_of_proportional_hazards_is_close_to_that_of_lifelines() -> None:
    lifelines = pytest.importorskip("lifelines")
    s = drawn(700, 6, strata=1, late=0.0)
    data = frame(s).drop(columns=["entry", "team"])
    theirs = lifelines.CoxPHFitter().fit(data, "stop", "done")
    test = lifelines.statistics.proportional_hazard_test(theirs, data, time_transform="rank")
    assert fit(s).ph_p == pytest.approx(test.p_value, abs=0.08)


def test_the_cumulative_hazard_is_worked_out_by_hand() -> None:
    # Four cases; the last enters on day 2. At risk: 3, 3, 2, 1. A column of noughts bears on nothing.
    s = Spans(
        np.array([0, 0, 0, 2]), np.array([1, 3, 4, 5]), np.array([True, True, True, True]),
        np.array([[0.0], [1.0], [0.0], [1.0]]), np.zeros(4, dtype=np.int64), np.arange(4),
    )  # fmt: skip
    null = fit(s)
    by_hand = np.array([0, 1 / 3, 1 / 3, 2 / 3, 7 / 6, 13 / 6, 13 / 6])
    flat = Spans(s.entry, s.stop, s.event, s.x * 1e-9, s.stratum, s.cluster)
    from upturn.workload.delay.risk_sets import sums_at

    steps = sums_at(flat, flat.x, np.zeros(1)).hazard[0]
    assert np.cumsum(steps) == pytest.approx(by_hand)
    assert null.residuals.sum() == pytest.approx(null.events)


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    hits = np.zeros(3)
    for seed in range(60):
        found = fit(drawn(400, 100 + seed))
        error = np.sqrt(np.diag(found.covariance))
        hits += np.abs(found.beta - TRUE) < 1.96 * error
    assert (hits >= 51).all()  # 95 % of 60 is 57; fewer than 51 happens once in a thousand
    assert hits.sum() <= 180


def test_leaving_late_entry_out_makes_work_look_slow() -> None:
    rng = np.random.default_rng(9)
    days = np.ceil(rng.exponential(30, 4000)).astype(np.int64)
    entry = rng.integers(0, 60, 4000)
    seen = days > entry  # those that were done before the window are not in the extract
    x, zero = rng.normal(size=(4000, 1)), np.zeros(4000, dtype=np.int64)
    done = np.ones(4000, dtype=np.bool_)
    right = Spans(entry[seen], days[seen], done[seen], x[seen], zero[seen], np.arange(seen.sum()))
    wrong = Spans(zero[seen], days[seen], done[seen], x[seen], zero[seen], np.arange(seen.sum()))
    chance = [1 - np.exp(-fit(s).cumulative[0, 30]) for s in (right, wrong)]
    assert chance[0] == pytest.approx(1 - np.exp(-1), abs=0.04)
    assert chance[1] < 0.45


def test_an_effect_that_changes_with_time_is_noticed() -> None:
    rng = np.random.default_rng(2)
    x = (rng.random(3000) < 0.5).astype(float)
    early, later = rng.exponential(20 / np.exp(1.2 * x)), rng.exponential(20 / np.exp(-1.2 * x))
    days = np.ceil(np.where(early < 10, early, 10 + later)).astype(np.int64)
    zero = np.zeros(3000, dtype=np.int64)
    s = Spans(zero, days, np.ones(3000, dtype=np.bool_), x[:, None], zero, np.arange(3000))
    assert fit(s).ph_p[0] < 1e-6
    assert fit(drawn(700, 8)).ph_p.min() > 0.001


def test_columns_that_say_the_same_are_found() -> None:
    s = drawn(300, 1)
    twice = np.column_stack([s.x, s.x[:, 0] + s.x[:, 1], np.ones(len(s.x))])
    again = Spans(s.entry, s.stop, s.event, twice, s.stratum, s.cluster)
    assert told_apart(again) == [0, 1, 2]
    with pytest.raises(NotFitted):
        fit(again)


def test_too_few_cases_and_a_group_never_done_are_refused() -> None:
    s = drawn(300, 1)
    with pytest.raises(NotFitted, match="too few"):
        fit(Spans(s.entry[:3], s.stop[:3], s.event[:3], s.x[:3], s.stratum[:3], s.cluster[:3]))
    alone = np.column_stack([s.x, ~s.event])
    with pytest.raises(NotFitted):
        fit(Spans(s.entry, s.stop, s.event, alone, s.stratum, s.cluster))


def test_two_sided_tails_are_those_of_the_normal() -> None:
    assert two_sided(1.959964) == pytest.approx(0.05, abs=1e-6)
