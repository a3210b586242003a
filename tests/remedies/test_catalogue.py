"""The catalogue of remedies is whole, honest about its evidence, and refuses what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from upturn.remedies.costs import INPUTS
from upturn.remedies.load import CATALOGUE, FILES, read_catalogue, remedies
from upturn.remedies.model import Remedy
from upturn.rulebooks.located import RulebookError
from upturn.twin.parameters import COST, DRIVERS, department, parameters

WANTED = (
    "permanent-posts", "agency-team", "agency-cover", "recruitment-drive", "retention-payment", "academy",
    "director-salary", "overtime", "business-support", "shorter-forms", "duty-redesign",
    "front-door-posts", "caseload-cap", "least-loaded", "same-worker", "practice-supervisors",
    "protected-supervision", "supervision-cadence", "early-help", "threshold-training", "nfa-review",
    "plan-reviews", "conference-capacity", "partner-agreement",
)  # fmt: skip
ALL = list(remedies().values())


@pytest.mark.parametrize("id_", WANTED)
def test_the_remedies_that_boards_ask_about_are_there(id_: str) -> None:
    assert id_ in remedies()


def test_every_file_of_the_catalogue_is_read() -> None:
    assert {file.stem for file in CATALOGUE.glob("*.yaml")} == set(FILES)


@pytest.mark.parametrize("remedy", ALL, ids=lambda r: r.id)
def test_a_remedy_says_what_may_go_wrong_what_to_watch_and_how_sure_it_is(remedy: Remedy) -> None:
    assert remedy.wrong
    assert len(remedy.watch) >= 2
    assert remedy.source.endswith(".")
    if remedy.strength == "assumed":
        assert remedy.status == "unverified"
        assert any(e.known == "assumed" for e in remedy.effects)


@pytest.mark.parametrize("remedy", ALL, ids=lambda r: r.id)
def test_an_effect_that_is_exact_has_no_range_and_one_assumed_has(remedy: Remedy) -> None:
    for effect in remedy.effects:
        low, _, high = effect.amounts
        assert (low == high) == (effect.known == "exact"), effect.parameter


@pytest.mark.parametrize("remedy", ALL, ids=lambda r: r.id)
def test_a_remedy_moves_a_driver_and_never_a_price(remedy: Remedy) -> None:
    assert set(remedy.drivers) <= set(DRIVERS)
    assert COST not in remedy.drivers
    values = {name: department().value(name) for name in parameters()}
    assert remedy.ceiling(values) >= 1


def test_between_them_the_remedies_move_every_driver() -> None:
    assert {d for r in ALL for d in r.drivers} == set(DRIVERS)


def test_there_is_no_price_in_the_catalogue_but_the_payment_that_is_the_remedy() -> None:
    with_pounds = [r.id for r in ALL if any(p.pounds is not None for p in r.prices)]
    assert with_pounds == ["retention-payment"]
    assert {name for r in ALL for name in r.inputs} == set(INPUTS)


GOOD = """remedies:
  - id: one
    title: One
    what: It is done.
    unit: post
    most: 3
    lead: 1
    ramp: 0
    effects: [{parameter: posts, add: [1, 1, 1], known: exact}]
    prices: [{input: manager_a_year, every: year}]
    evidence: {strength: assumed, source: "None.", status: unverified}
    wrong: [a]
    watch: [b]
"""


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("parameter: posts", "parameter: post", "unknown parameter 'post'"),
        ("[1, 1, 1]", "[1, 1]", "three numbers"),
        ("[1, 1, 1]", "[2, 1, 1]", "rising order"),
        ("manager_a_year", "manager_a_yeer", "unknown input"),
        ("every: year", "every: moon", "unknown time"),
        ("lead: 1", "lead: -1", "whole number of months"),
        ("most: 3", "most: 0", "'most' should be"),
        ("status: unverified", "status: sure", "unknown status"),
        ("    watch: [b]\n", "", "'watch' is missing"),
        ("    ramp: 0", "    ramps: 0", "unknown key 'ramps'"),
        ("effects: [{parameter: posts, add: [1, 1, 1], known: exact}]", "effects: []", "moves something"),
        ("remedies:", "remedy:", "should start with 'remedies:'"),
    ],
)  # fmt: skip
def test_a_wrong_catalogue_is_refused_with_file_and_line(
    tmp_path: Path, was: str, now: str, says: str
) -> None:
    file = tmp_path / "wrong.yaml"
    assert was in GOOD
    file.write_text(GOOD.replace(was, now), "utf-8")
    with pytest.raises(RulebookError, match=says) as caught:
        read_catalogue([file])
    assert all("wrong.yaml, line " in fault for fault in caught.value.faults)


def test_an_id_stands_once(tmp_path: Path) -> None:
    file = tmp_path / "twice.yaml"
    file.write_text(GOOD + GOOD.removeprefix("remedies:\n"), "utf-8")
    with pytest.raises(RulebookError, match="'one' stands twice"):
        read_catalogue([file])
