"""A scenario in which the service collapses stops no other."""

from __future__ import annotations

from datetime import date

import numpy as np

from upturn.causes.contributions import contributions
from upturn.causes.simulator import twin
from upturn.causes.worlds import Span
from upturn.twin.parameters import PARAMETERS, department
from upturn.twin.scenario import plan

START = date(2025, 4, 1)
SMALL = {
    "posts": 4,
    "contacts_a_month": 12,
    "teams": 1,
    "manager_posts": 0.7,
    "screening_posts": 20,
}


def crushed() -> np.ndarray:
    """One worker, and more children than she can ever hold work for."""
    return np.array(plan(department(**SMALL | {"posts": 1, "contacts_a_month": 1500}), months=6))


def test_a_collapsed_scenario_has_no_series_and_the_others_have_their_own() -> None:
    simulate = twin(START, warm_up=3, threads=1)
    sound = np.array(plan(department(**SMALL), months=6))
    both = simulate(np.stack([sound, crushed()]), 2, 7)
    assert np.isnan(both[1]).all()
    np.testing.assert_array_equal(both[0], simulate(sound[None], 2, 7)[0])


def test_a_coalition_in_which_the_service_collapses_still_has_shares_that_add_up() -> None:
    def simulate(plans: np.ndarray, reps: int, seed: int) -> np.ndarray:
        made = twin(START, warm_up=3, threads=1)(plans, reps, seed)
        made[plans[:, -1, PARAMETERS["posts"]] < 3] = np.nan
        return made

    before = np.array(department(**SMALL).values)
    after = before.copy()
    after[PARAMETERS["posts"]], after[PARAMETERS["hours_assessment"]] = 2.0, 4.5
    found = contributions(
        before[None], after[None], "assessment-lateness", Span(START, 3, 0, 3), simulate, reps=2
    )
    assert np.isfinite(found.shares).all()
    np.testing.assert_allclose(found.shares.sum(), (found.change - found.carried).sum())
