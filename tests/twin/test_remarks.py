"""A scenario never does less than it says in silence: impossible values stop it, the rest is remarked on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import upturn
from upturn.render.twin_outputs import run_record
from upturn.render.twin_page import run_html
from upturn.render.twin_words import lines_of, remark_words
from upturn.rulebooks import RulebookError
from upturn.twin.parameters import department
from upturn.twin.projection import project
from upturn.twin.remarks import remarks
from upturn.twin.scenario import SHOCKS, Change, Scenario, impossible, read_scenario

SMALL = department(posts=4, contacts_a_month=13, teams=1, manager_posts=1, screening_posts=1)
IMPOSSIBLE = [
    ("parameter: posts, set: -3", "posts: set -3 is out of bounds: the twin takes 0.5 to 2000"),
    ("parameter: no_further_action, set: 1.4", "no_further_action: set 1.4 is out of bounds"),
    ("parameter: salary, set: -1", "salary: set -1 is out of bounds: the twin takes 0 or more"),
    ("parameter: posts, times: -1", "posts: times -1 is negative"),
    ("parameter: posts, add: .nan", "posts: give a number that is not endless"),
    ("parameter: posts, set: .inf", "posts: give a number that is not endless"),
]


@pytest.mark.parametrize(("entry", "says"), IMPOSSIBLE)
def test_an_impossible_value_is_an_error_with_its_line(
    entry: str, says: str, tmp_path: Path
) -> None:
    file = tmp_path / "silly.yaml"
    file.write_text(f"name: silly\nchanges:\n  - {{{entry}}}\n", "utf-8")
    with pytest.raises(RulebookError, match=says.split(":")[0]) as caught:
        read_scenario(file)
    assert f"silly.yaml:3: {says}" in str(caught.value) or says in str(caught.value)
    assert "silly.yaml" in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_an_impossible_value_given_in_python_stops_before_anything_runs() -> None:
    wrong = Scenario("wrong", (Change("posts", set=1e9),))
    with pytest.raises(RulebookError, match="wrong: posts: set 1e\\+09 is out of bounds"):
        project(SMALL, scenarios=[wrong], start=date(2026, 10, 1), months=2, reps=2)


@pytest.mark.parametrize(
    ("change", "kind", "bound"),
    [
        (Change("posts", add=2), None, None),
        (Change("posts", add=2, from_month=12), "after the end", None),
        (Change("posts", times=1.0), "changes nothing", None),
        (Change("posts", add=-50), "held", 0.5),
        (Change("partner_missing", times=40), "held", 1.0),
        (Change("hours_visit", set=900), "far", 900.0),
    ],
)
def test_a_change_that_does_less_than_it_says_is_remarked_on(
    change: Change, kind: str | None, bound: float | None
) -> None:
    found = remarks([SMALL], [Scenario("one", (change,))], months=12)
    assert [(r.kind, r.bound) for r in found] == ([] if kind is None else [(kind, bound)])


def test_no_shock_is_remarked_on_or_impossible() -> None:
    every = list(SHOCKS.values())
    assert not [fault for one in every for c in one.changes for fault in impossible(c)]
    assert remarks([department()], every, months=60) == ()


def test_a_change_held_in_some_draws_says_in_how_many() -> None:
    draws = [SMALL.changed(posts=4.0), SMALL.changed(posts=4.0), SMALL.changed(posts=40.0)]
    found = remarks(draws, [Scenario("one", (Change("posts", add=-10),))], months=12)
    assert found[0].share == pytest.approx(2 / 3)
    assert "in 67 % of the draws" in remark_words(found[0], 12)


def test_every_output_says_it(tmp_path: Path) -> None:
    file = tmp_path / "late.yaml"
    file.write_text(
        "name: late\nchanges:\n  - {parameter: posts, add: 8, from_month: 40}\n"
        "  - {parameter: posts, add: -90}\n",
        "utf-8",
    )
    made = upturn.twins.run(SMALL, scenarios=[file], years=1, reps=2, start="2026-10")
    no_effect = (
        "late: “posts + 8 from month 40” has no effect in this run, which has months 0 to 11."
    )
    held = (
        "late: “posts − 90 from month 0” is held at 0.5: posts can be no more extreme in the twin."
    )
    assert lines_of(made)[-2:] == [no_effect, held]
    assert run_record(made)["remarks"] == [no_effect, held]
    assert no_effect in run_html(made)
