"""Runs begin with today's open work where the twin was fitted to as much, and every answer says which."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from remedies_toy import GOAL, SHALLOW, toy

from upturn.remedies.advice import Option, Spread
from upturn.remedies.advise import advise
from upturn.remedies.beginning import beginning, recorded, run_plans
from upturn.remedies.costs import Costs
from upturn.remedies.goal import parse_goal
from upturn.remedies.words import recorded_words
from upturn.twin import today_columns as T
from upturn.twin.fitted import OBSERVED
from upturn.twin.opening import Opening
from upturn.twin.parameters import department
from upturn.twin.scenario import plan
from upturn.twin.series import COLUMN
from upturn.twin.simulate import START

TODAY = date(2026, 3, 31)


def opened(children: int, as_at: date = TODAY) -> Opening:
    """So many children, each with an assessment a week old, held by three workers."""
    rows = np.full((children, T.OPENING), -1.0)
    rows[:, T.O_REFERRED_DAYS] = rows[:, T.O_ASSESSED_DAYS] = 7
    rows[:, T.O_ASSESSED] = 5
    rows[:, T.O_PLAN] = 0
    rows[:, T.O_CONFERENCE] = T.NOT_CALLED
    rows[:, T.O_HAD_PLAN] = 0
    rows[:, T.O_WORKER] = np.arange(children) % 3
    return Opening(as_at, rows, 3, None, None, {"open children": children}, ())


def fitted_to(open_children: float | None) -> Any:
    """As much of a fit as says where to begin."""
    rows = [(date(2026, 2, 1), "series", "open_children", 90.0, 90),
            (date(2026, 3, 1), "series", "open_children", open_children, None),
            (date(2026, 3, 1), "outcome", "caseload", 15.0, 90)]  # fmt: skip
    return SimpleNamespace(observed=pl.DataFrame(rows, schema=OBSERVED, orient="row"), as_at=TODAY)


@pytest.mark.parametrize(
    ("now", "fitted", "taken", "because"),
    [
        (100, 100.0, True, "the twin was fitted to as much"),
        (120, 100.0, True, "a fifth more is within a month's change"),
        (180, 100.0, False, "the source counts some children otherwise than the fit"),
        (60, 100.0, False, "far fewer are open than it was fitted to"),
        (100, None, True, "the month before says 90"),
        (0, 100.0, False, "nobody is open"),
    ],
)
def test_open_work_is_taken_where_the_twin_was_fitted_to_as_much(
    now: int, fitted: float | None, taken: bool, because: str
) -> None:
    found = beginning(fitted_to(fitted), opened(now))
    assert (found.opening is not None) is taken, because
    assert found.start == date(2026, 4, 1)
    assert ("usual state" in found.words) is not taken


def test_when_it_is_not_taken_both_counts_are_said() -> None:
    words = beginning(fitted_to(100.0), opened(180)).words
    assert "180 children are open" in words
    assert "fitted to 100" in words


def test_a_departments_first_month_is_that_of_the_open_work() -> None:
    assert beginning(department(), opened(9, date(2027, 5, 12))).start == date(2027, 6, 1)
    assert beginning(department(), None).start == START


@pytest.mark.parametrize(
    ("now", "says"), [(250, "begins with the 250 children"), (0, "usual state")]
)
def test_every_answer_says_where_its_runs_begin(costs: Costs, now: int, says: str) -> None:
    found = advise(department(), budget=50_000, goal=GOAL, costs=costs, simulate=toy, opening=opened(now),
                   depth=replace(SHALLOW, spiral=0, swings=0))  # fmt: skip
    assert any(says in note for note in found.notes)
    assert found.settings["begins"] == ("open work" if now else "usual state")


def test_the_twin_begins_with_the_children_it_is_handed() -> None:
    pytest.importorskip("numba")
    small = department(posts=6, contacts_a_month=10, manager_posts=1, screening_posts=1, teams=1)
    plans = np.stack([plan(small, months=2)] * 2)
    many, few = (run_plans(plans, 1, 0, START, opened(n))[:, 0, COLUMN["open_children"]].mean()
                 for n in (120, 20))  # fmt: skip
    assert many > few + 60


def test_the_season_is_that_of_the_months_that_are_simulated() -> None:
    pytest.importorskip("numba")
    small = department(posts=6, contacts_a_month=60, manager_posts=1, screening_posts=1, teams=1)
    plans = np.stack([plan(small, months=1)] * 8)
    came = [run_plans(plans, 1, 0, start)[:, 0, COLUMN["contacts"]].mean()
            for start in (date(2026, 8, 1), date(2026, 11, 1))]  # fmt: skip
    assert came[0] != came[1]


@pytest.mark.parametrize(
    ("rows", "value", "because"),
    [
        (
            [(1, 0.1, 10), (2, 0.3, 30)],
            0.75,
            "each month counts by its cases; late is turned into in time",
        ),
        (
            [(1, 0.2, None), (2, 0.4, None)],
            0.7,
            "where cases are not told, each month counts alike",
        ),
        ([(1, None, 0)], None, "nothing is told"),
    ],
)
def test_what_was_recorded_is_said_beside_doing_nothing(
    rows: list[tuple[int, float | None, int | None]], value: float | None, because: str
) -> None:
    made = [(date(2026, m, 1), "outcome", "assessment-lateness", v, n) for m, v, n in rows]
    fit: Any = SimpleNamespace(observed=pl.DataFrame(made, schema=OBSERVED, orient="row"))
    was = recorded(fit, parse_goal(GOAL))
    if value is None:
        assert was is None, because
    else:
        assert was is not None
        assert (was.value, was.months) == (pytest.approx(value), 2), because


@pytest.mark.parametrize(
    ("share", "warned", "doubted"), [(0.75, False, False), (0.82, False, True), (0.99, True, False)]
)
def test_a_twin_that_does_not_show_what_was_recorded_is_warned_of(
    share: float, warned: bool, doubted: bool
) -> None:
    made = Spread(0.7, 0.4, 0.9)
    nothing = Option(
        "Doing nothing", (), 0, 0, None, 0.1, 0.0, 0.2, made, made, made, 0.0, None, 40
    )
    said = recorded_words(share, 6, nothing, parse_goal(GOAL))
    assert said.startswith("In the last 6 months recorded")
    assert ("does not fit" in said) is warned
    assert ("no forecast of a change" in said) is doubted
    assert f"{share:.0%}".rstrip("%") in said
