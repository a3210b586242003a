"""Load that slows work: as strong as said, not at all at strength nought, and its mirror."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import polars as pl
import pytest

from upturn.synthetic import Council, make_council
from upturn.synthetic.days import between, day_of
from upturn.synthetic.faults.load import (
    PER_FIVE,
    SLOWS,
    WHATEVER,
    as_numbers,
    loads,
    outlasting,
    slower,
)
from upturn.synthetic.faults.load_visits import first_visits

Made = Callable[..., Council]


@pytest.fixture(scope="module")
def made() -> Made:
    """Councils with these faults, each made once."""

    @cache
    def make(*faults: str, spread: float = 1.0, seed: int = 4) -> Council:
        return make_council(seed=seed, faults=list(faults), spread=spread)

    return make


def assessed(council: Council) -> tuple[np.ndarray, np.ndarray]:
    """Load when each finished assessment began, and the working days that it took; one of each family."""
    held = as_numbers(council.allocations)
    rows = council.assessments.filter(pl.col("authorised").is_not_null()).join(
        council.referrals.select("referral_id", "family"), on="referral_id"
    )
    # Only what was begun long enough ago to have ended: the others would look quick.
    rows = rows.filter(pl.col("started").to_physical() < day_of(council.as_at) - 130)
    rows = rows.unique(["family", "started"], keep="first", maintain_order=True).with_columns(
        episode=pl.int_range(pl.len()), day=pl.col("started").to_physical().cast(pl.Int64)
    )
    load = loads(held, rows)
    days = between(
        rows["day"].to_numpy(), rows["authorised"].to_physical().cast(pl.Int64).to_numpy()
    )
    return load[~np.isnan(load)], days[~np.isnan(load)]


@pytest.mark.parametrize("ratio", [0.5, 0.7, 1.0, 1.6])
def test_the_ratio_of_hazards_is_the_one_asked_for(ratio: float) -> None:
    rng = np.random.default_rng(1)
    usual = rng.integers(0, 60, 200_000)
    days = slower(usual, np.full(len(usual), ratio), rng.random(len(usual)), outlasting(usual))
    asked = outlasting(usual)[:55] ** ratio
    assert outlasting(days)[:55] == pytest.approx(asked, abs=0.005)


def test_at_strength_nought_the_council_is_as_it_was(made: Made) -> None:
    plain, none = made(), made(SLOWS, spread=0.0)
    assert none.assessments.equals(plain.assessments)
    assert none.allocations.equals(plain.allocations)
    assert none.truth.is_empty()


def test_work_takes_longer_the_more_a_worker_holds(made: Made) -> None:
    load, days = assessed(made(SLOWS))
    busy, quiet = days[load >= np.quantile(load, 0.75)], days[load <= np.quantile(load, 0.25)]
    assert np.mean(busy) > np.mean(quiet) + 6


def test_in_the_mirror_it_takes_as_long_but_not_for_the_load(made: Made) -> None:
    (load, days), (_, late) = assessed(made(WHATEVER)), assessed(made(SLOWS))
    usual = assessed(made())[1]
    assert abs(np.corrcoef(load, days)[0, 1]) < 0.1
    assert np.mean(days) > np.mean(usual) + 2
    assert np.mean(days) == pytest.approx(np.mean(late), abs=2.5)


def test_the_truth_names_the_strength_and_the_children(made: Made) -> None:
    council = made(SLOWS)
    truth = council.truth
    assert set(truth["fault"]) == {SLOWS}
    assert (
        truth["detail"][0]
        == "five more children held: 0.70 times the chance of being done on a day"
    )
    assert np.exp(PER_FIVE) == pytest.approx(0.7)
    usual = {
        r[0]: r[1] for r in made().assessments.select("assessment_id", "authorised").iter_rows()
    }
    named = council.assessments.join(truth, on="child_id", how="semi")
    longer = [
        done is None or done > usual[i]
        for i, done in named.select("assessment_id", "authorised").iter_rows()
        if usual.get(i) is not None
    ]
    assert np.mean(longer) > 0.7


def test_nothing_impossible_comes_of_it(made: Made) -> None:
    for fault in (SLOWS, WHATEVER):
        c = made(fault, spread=2.0)
        rows = c.assessments.drop_nulls("authorised")
        assert (rows["authorised"] >= rows["started"]).all()
        seen = rows.drop_nulls("seen")
        assert seen["seen"].is_between(seen["started"], seen["authorised"]).all()
        need = c.cin_periods.sort("child_id", "started")
        before = need["ended"].shift(1)
        same = need["child_id"] == need["child_id"].shift(1)
        assert not (same & (before.is_null() | (need["started"] <= before))).any()
        ended = need.drop_nulls("ended")
        assert (ended["ended"] >= ended["started"]).all()
        assert _ends_after_close(c) <= _ends_after_close(made())


def _ends_after_close(council: Council) -> int:
    periods = council.cin_periods.drop_nulls("ended")
    both = council.assessments.join(periods, on=["referral_id", "child_id"])
    return both.filter(pl.col("authorised") > pl.col("ended")).height


def _days_to_first_visit(council: Council) -> tuple[np.ndarray, np.ndarray]:
    """The load of the worker who took each child, and the working days to the first visit."""
    cases = first_visits(
        {k: getattr(council, k) for k in ("cin_visits", "cp_visits", "care_visits", "referrals")}
    )
    cases = cases.unique("episode", keep="first", maintain_order=True)
    load = loads(as_numbers(council.allocations), cases)
    seen = cases["first"].is_not_null().to_numpy() & ~np.isnan(load)
    days = between(cases["day"].to_numpy(), cases["first"].fill_null(0).to_numpy())
    return load[seen], days[seen]


def test_first_visits_come_later_the_more_a_worker_holds(made: Made) -> None:
    load, days = _days_to_first_visit(made(SLOWS))
    usual = _days_to_first_visit(made())[1]
    busy, quiet = days[load >= np.quantile(load, 0.75)], days[load <= np.quantile(load, 0.25)]
    assert np.mean(busy) > np.mean(quiet) + 2
    assert np.mean(days) > np.mean(usual) + 1
    load, days = _days_to_first_visit(made(WHATEVER))
    assert abs(np.corrcoef(load, days)[0, 1]) < 0.1


def test_a_moved_visit_is_one_that_can_be_made(made: Made) -> None:
    c = made(SLOWS)
    for table, owner, key in (
        ("cin_visits", "cin_periods", "period_id"),
        ("cp_visits", "cp_plans", "plan_id"),
        ("care_visits", "care_periods", "care_id"),
    ):
        rows: pl.DataFrame = getattr(c, table)
        both = rows.join(getattr(c, owner).select(key, "started", "ended"), on=key)
        assert both.height == rows.height > 0
        assert (both["day"] >= both["started"]).all()
        assert (both["ended"].is_null() | (both["day"] <= both["ended"])).all()
        assert (both["day"] <= c.as_at).all()
        assert not rows.select(key, "day").is_duplicated().any()
