"""Goals in words and prices in files: understood, or refused in one line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import upturn
from upturn.records.sheets import SourceError
from upturn.remedies.costs import Costs, example_costs, read_costs
from upturn.remedies.goal import parse_goal
from upturn.remedies.load import remedies
from upturn.remedies.model import Mix
from upturn.remedies.prices import Staffing, beside_pay, set_aside, untried, yearly
from upturn.render.delivery import OutputError
from upturn.twin.series import COLUMN, SERIES


@pytest.mark.parametrize(
    ("text", "outcome", "above", "target", "months"),
    [
        ("assessments in time >= 90% within 9 months", "assessment-lateness", True, 0.9, 9),
        (
            "Assessments in time at least 90 per cent within nine months",
            "assessment-lateness",
            True,
            0.9,
            9,
        ),
        ("conferences late < 10 % in 6 months", "conference-lateness", False, 0.1, 6),
        ("caseload ≤ 16.5 within a year", "caseload", False, 16.5, 12),
        ("children without a worker <= 5 within 1 month", "unallocated", False, 5, 1),
        ("child-days-overdue <= 1,000 within 3 months", "child-days-overdue", False, 1000, 3),
        ("supervision held at least 80 within 2 years", "supervision-held", True, 0.8, 24),
    ],
)
def test_a_goal_is_understood(
    text: str, outcome: str, above: bool, target: float, months: int
) -> None:
    goal = parse_goal(text)
    assert (goal.outcome, goal.above, goal.months) == (outcome, above, months)
    assert goal.target == pytest.approx(target)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("be better", "is not a goal"),
        ("assessments in time 90% within 9 months", "is not a goal"),
        ("assessments in time >= 90%", "has no deadline; add one, such as: within 9 months"),
        (
            "assessments in time <= 20% within 6 months",
            "asks for worse: more of it is better, so write >=",
        ),
        (
            "assessments late >= 20% within 6 months",
            "asks for worse: less of it is better, so write <=",
        ),
        ("caseload >= 16 within 6 months", "asks for worse"),
        ("supervision held <= 16 within 6 months", "asks for worse: more of it is better"),
        ("happiness >= 90% within 9 months", "cannot be a goal"),
        ("assessments in time >= 190% within 9 months", "0 to 100 %"),
        ("caseload <= 16% within 9 months", "not in per cent"),
        ("caseload <= 16 within 99 months", "1 to 36 months"),
        ("caseload <= 16 within 0 months", "1 to 36 months"),
        ("", "is not a goal"),
    ],
)
def test_what_is_no_goal_is_refused_in_one_line(text: str, says: str) -> None:
    with pytest.raises(SourceError, match=says) as caught:
        parse_goal(text)
    assert "\n" not in str(caught.value)


def test_a_goal_pools_the_three_months_up_to_its_deadline() -> None:
    monthly = np.zeros((1, 9, len(SERIES)))
    monthly[0, :, COLUMN["assessments_ended"]] = [99, 99, 99, 99, 99, 99, 10, 30, 60]
    monthly[0, :, COLUMN["assessments_late"]] = [99, 99, 99, 99, 99, 99, 10, 0, 0]
    goal = parse_goal("assessments in time >= 90% within 9 months")
    assert goal.at(monthly) == pytest.approx([0.9])
    assert goal.met(goal.at(monthly)).tolist() == [True]


def test_where_nothing_ended_a_goal_is_not_met() -> None:
    goal = parse_goal("assessments in time >= 90% within 3 months")
    values = goal.at(np.zeros((2, 3, len(SERIES))))
    assert np.isnan(values).all()
    assert not goal.met(values).any()
    assert (goal.short(values) > 0).all()


def test_the_example_says_that_it_is_one_and_covers_every_remedy(example_file: Path) -> None:
    found = read_costs(example_file)
    assert found.example
    assert untried(remedies(), found)[1] == {}


def test_yaml_and_csv_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("manager_a_year: 70000\nproject_day: 450.5\n")
    (tmp_path / "c.csv").write_text('input,value\nmanager_a_year,"70,000"\nproject_day,450.5\n')
    a, b = read_costs(tmp_path / "c.yaml"), read_costs(tmp_path / "c.csv")
    assert dict(a.values) == dict(b.values) == {"manager_a_year": 70000, "project_day": 450.5}
    assert not a.example


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("c.yaml", "manager_a_yeer: 1", "did you mean 'manager_a_year'"),
        ("c.yaml", "manager_a_year: -5", "not an amount of money"),
        ("c.yaml", "manager_a_year: lots", "not an amount of money"),
        ("c.yaml", "manager_a_year: true", "not an amount of money"),
        ("c.yaml", "manager_a_year: .nan", "not an amount of money"),
        ("c.yaml", "manager_a_year: 1\nmanager_a_year: 2", "written twice"),
        ("c.yaml", "- 1", "should be a list of inputs"),
        ("c.yaml", "", "should be a list of inputs"),
        ("c.yaml", "example: true", "holds no price"),
        ("c.yaml", "example: perhaps\nproject_day: 1", "true or false"),
        ("c.yaml", "on_cost_factor: 30", "from 1 to 3"),
        ("c.csv", "a,b\n1,2\n", "columns input and value"),
        ("c.csv", "input,value\nproject_day,1\nproject_day,2\n", "written twice"),
    ],
)
def test_a_wrong_cost_file_is_refused_in_one_line(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(SourceError, match=says) as caught:
        read_costs(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_an_example_cost_file_is_written_once_and_never_over_somebodys_own(tmp_path: Path) -> None:
    path = upturn.remedy.example_costs(tmp_path / "costs.yaml")
    assert path.read_text("utf-8") == example_costs()
    with pytest.raises(OutputError, match="may hold your prices"):
        upturn.remedy.example_costs(tmp_path / "costs.yaml")


@pytest.mark.parametrize(
    ("mix", "pounds", "because"),
    [
        ((), 0, "doing nothing costs nothing"),
        ((("permanent-posts", 2),), 2 * (90_000 * 10 / 12 + 5_000), "ten months at the dearer, and filling"),
        ((("agency-team", 4),), 4 * 90_000 * 6 / 12, "six months and no longer"),
        ((("shorter-forms", 1),), 60 * 500, "sixty days of a project, once"),
        ((("retention-payment", 2),), 2 * 1000 * 1.3 * 60 * 11 / 12, "each post, with employer's costs"),
        ((("director-salary", 1),), 0, "the posts take the place of the salary"),
        ((("overtime", 1),), 40 * 52 * 60 * 6 / 12, "an hour a week of everybody, for half a year"),
        ((("permanent-posts", 10), ("retention-payment", 1)),
         10 * (90_000 * 10 / 12 + 5_000) + 1000 * 1.3 * 70 * 11 / 12, "the new posts are paid it too"),
    ],
)  # fmt: skip
def test_what_a_mix_costs_at_the_most(costs: Costs, mix: Mix, pounds: float, because: str) -> None:
    found = set_aside(mix, remedies(), costs, Staffing(60, 3), 12)
    assert found == pytest.approx(pounds), because


def test_what_ends_is_not_paid_for_ever_and_what_is_saved_is_counted(costs: Costs) -> None:
    staffing = Staffing(60, 3)
    assert yearly((("agency-team", 4),), remedies(), costs, staffing) == 0
    assert yearly((("permanent-posts", 1),), remedies(), costs, staffing) == 90_000
    saved = beside_pay((("director-salary", 1),), remedies(), costs, staffing, 12)
    assert saved == pytest.approx(-150_000 * 6 / 12)
