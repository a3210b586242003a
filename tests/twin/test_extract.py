"""A simulated future as records: every clock, measure and series of the twin says the same of it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from upturn.journeys.check import check_casebook
from upturn.journeys.result import Check
from upturn.rulebooks import load_rulebooks
from upturn.twin.extract import casebook_of, workforce_table
from upturn.twin.log import Log
from upturn.twin.parameters import department
from upturn.twin.scenario import Change, plan
from upturn.twin.series import COLUMN
from upturn.twin.simulate import replay
from upturn.twin.spans import whole_months
from upturn.twin.summaries import Recorded, recorded

SMALL = department(posts=10, contacts_a_month=35, teams=2, manager_posts=1.5, screening_posts=1.5)
START = date(2025, 4, 1)


@pytest.fixture(scope="module")
def log() -> Log:
    return replay(plan(SMALL, months=12), seed=5, start=START)


@pytest.fixture(scope="module")
def check(log: Log) -> Check:
    return check_casebook(casebook_of(log), load_rulebooks())


@pytest.fixture(scope="module")
def again(log: Log, check: Check) -> Recorded:
    months = whole_months(START, log.last)
    return recorded(check, workforce=workforce_table(log), months=months)


@pytest.mark.parametrize(
    "series",
    ["contacts", "referrals", "assessments_started", "assessments_ended", "assessments_late",
     "assessments_in_10", "assessments_in_30", "assessment_days", "section47_started",
     "conferences_held", "conferences_late",
     "conference_days", "cp_started", "cp_ended", "care_entries", "leavers"],
)  # fmt: skip
def test_the_records_count_what_the_twin_counted(series: str, log: Log, again: Recorded) -> None:
    counted = np.asarray(log.monthly[..., COLUMN[series]], dtype=float).ravel()
    assert again.monthly[series] == pytest.approx(counted), series


@pytest.mark.parametrize("series", ["unallocated", "conference_waiting"])
def test_who_waits_on_a_day_is_the_same_in_the_records(
    series: str, log: Log, again: Recorded
) -> None:
    """The twin counts working days, the records every day: near, not equal."""
    counted = np.asarray(log.monthly[..., COLUMN[series]], dtype=float).ravel()
    assert counted.sum() > 0
    assert again.monthly[series].mean() == pytest.approx(counted.mean(), rel=0.1)
    assert np.corrcoef(again.monthly[series], counted)[0, 1] > 0.9


def test_every_clock_runs_on_a_simulated_future(check: Check) -> None:
    states = set(check.clocks["state"])
    assert {"met", "met late"} <= states
    rules = set(check.clocks["rule"])
    assert {"assessment-45-from-start", "s47-to-conference"} <= rules


def test_nothing_that_is_not_simulated_is_read_as_not_done(check: Check) -> None:
    seen_alone = check.clocks.filter(check.clocks["rule"] == "cp-seen-alone")
    assert not (seen_alone["state"] == "overdue").any()


def test_every_spell_of_a_post_is_held_or_empty(log: Log) -> None:
    people = workforce_table(log)
    assert people["worker"].null_count() > 0
    assert (people["start"] <= people["end"]).drop_nulls().all()


def test_posts_that_nobody_has_filled_yet_are_vacancies() -> None:
    """Three posts more from October on, and whatever stood empty at the start: all on the books."""
    more = Change("posts", from_month=6, add=3)
    log = replay(plan(SMALL, months=12, changes=(more,)), seed=5, start=START)
    again = recorded(check_casebook(casebook_of(log), load_rulebooks()),
                     workforce=workforce_table(log), months=whole_months(START, log.last))  # fmt: skip
    filled, vacant, agency = (again.monthly[n] for n in ("filled", "vacant", "agency"))
    assert (filled + vacant - agency).round(1).tolist() == [10.0] * 6 + [13.0] * 6


def test_a_post_that_is_closed_is_not_a_vacancy_and_who_was_in_it_has_left() -> None:
    cut = Change("posts", from_month=6, add=-4)
    log = replay(plan(SMALL, months=12, changes=(cut,)), seed=5, start=START)
    months = whole_months(START, log.last)
    again = recorded(check_casebook(casebook_of(log), load_rulebooks()),
                     workforce=workforce_table(log), months=months)  # fmt: skip
    made = {n: log.monthly[:, COLUMN[n]] for n in ("vacant", "filled", "leavers")}
    assert made["leavers"][6] >= 3
    np.testing.assert_array_equal(again.monthly["leavers"], made["leavers"])
    for name in ("vacant", "filled"):
        np.testing.assert_allclose(again.monthly[name], made[name], atol=0.6)


def test_children_open_since_before_the_run_are_in_its_records(log: Log, again: Recorded) -> None:
    made = log.monthly[:, COLUMN["open_children"]]
    np.testing.assert_allclose(again.monthly["open_children"], made, atol=2.0)
