"""What the twin is told: the catalogue is whole, a service can be written and read, faults are said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from upturn.rulebooks import RulebookError
from upturn.twin import parameters as catalogue
from upturn.twin.parameters import (
    COST,
    DRIVERS,
    PARAMETERS,
    department,
    parameters,
    read_department,
    write_department,
)
from upturn.twin.scenario import SHOCKS, Change, plan, read_scenario
from upturn.twin.series import HOWS, OUTCOMES, SERIES, pooled


@pytest.mark.parametrize("one", parameters().values(), ids=lambda p: p.name)
def test_every_parameter_is_told_whole(one: catalogue.Parameter) -> None:
    assert one.driver in (*DRIVERS, COST)
    assert one.scale in catalogue.SCALES
    assert one.tag in ("published", "assumed")
    assert one.sure in catalogue.SURE
    assert one.reading in catalogue.READINGS
    assert one.low <= one.default <= one.high
    assert one.bounds[0] <= one.low
    assert one.high <= one.bounds[1]
    assert one.low > 0 or one.scale == "linear"
    assert one.meaning.endswith(".")
    assert len(one.source) > 3


def test_every_driver_has_a_parameter() -> None:
    assert {p.driver for p in parameters().values()} == {*DRIVERS, COST}


def test_a_service_written_is_read_back_to_the_same_values(tmp_path: Path) -> None:
    dept = department(posts=48.5, leaving_a_year=1 / 3).changed(
        tag="extract", source="Anytown's extract", need_mean=-0.123456789
    )
    again = read_department(write_department(dept, tmp_path / "service.yaml"))
    assert again == dept


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("post: 3", "line 1: 'post' is not a parameter of the twin; did you mean 'posts'?"),
        ("posts: many", "posts: 'many' is not a number"),
        ("posts: -2", "posts: -2 is out of bounds"),
        ("a: 1\nproductive_share: 1.2", "line 2: productive_share: 1.2 is out of bounds"),
        ("posts: {value: 3, tag: guess}", "a tag is one of"),
        ("posts: {tag: yours}", "has no value"),
        ("posts: .nan", "out of bounds"),
        ("- posts", "should be a list of parameters"),
        ("posts: [", "line"),
    ],
)
def test_a_faulty_service_says_what_and_where(text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "service.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError, match=says.replace("(", r"\(").replace("?", r"\?")):
        read_department(file)


POSTS = PARAMETERS["posts"]


@pytest.mark.parametrize(
    ("change", "posts"),
    [
        (Change("posts", set=50), [50, 50, 50, 50]),
        (Change("posts", from_month=2, add=6), [60, 60, 66, 66]),
        (Change("posts", from_month=1, to_month=3, times=0.5), [60, 30, 30, 60]),
        (Change("posts", add=8, ramp_months=4), [62, 64, 66, 68]),
        (Change("posts", add=8, fade_months=1), [68, 64, 62, 61]),
        (Change("posts", from_month=9, add=1), [60, 60, 60, 60]),
        (Change("posts", add=-100), [0.5, 0.5, 0.5, 0.5]),
    ],
)
def test_a_change_does_what_it_says(change: Change, posts: list[float]) -> None:
    assert plan(department(), months=4, changes=[change])[:, POSTS].tolist() == posts


def test_a_scenario_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(
        "name: eight posts\n"
        "changes:\n  - {parameter: posts, from_month: 3, add: 8}\n"
        "shocks:\n  - {name: inadequate judgement, from_month: 6}\n",
        encoding="utf-8",
    )
    found = read_scenario(file)
    assert found.name == "eight posts"
    assert len(found.changes) == 1 + len(SHOCKS["inadequate judgement"].changes)
    assert {c.from_month for c in found.changes} == {3, 6}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("changes: [{parameter: posts}]", "give one of set, add and times"),
        ("changes: [{parameter: post, add: 1}]", "did you mean 'posts'"),
        ("changes: [{parameter: posts, add: much}]", "'much' is not a number"),
        ("changes: [{parameter: posts, adds: 1}]", "did you mean 'add'"),
        ("changes: [{parameter: posts, add: 1, from_month: -1}]", "counted from 0"),
        ("shocks: [earthquake]", "is not a shock"),
        ("nam: x", "is name, changes or shocks"),
        ("[]", "should have a name and changes"),
    ],
)
def test_a_faulty_scenario_says_what(text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError, match=says):
        read_scenario(file)


def test_the_judgement_shock_leaves_leaving_alone() -> None:
    """Recorded turnover does not rise on average after a first inadequate judgement."""
    assert not any("leaving" in c.parameter for c in SHOCKS["inadequate judgement"].changes)


def test_series_are_told_whole_and_outcomes_take_any_shape() -> None:
    assert len({s.name for s in SERIES}) == len(SERIES)
    assert {s.how for s in SERIES} == set(HOWS)
    some = np.ones((2, 3, 4, len(SERIES)))
    for outcome in OUTCOMES.values():
        assert outcome(some).shape == (2, 3, 4)
        assert pooled(some, outcome.name).shape == (2, 3)
