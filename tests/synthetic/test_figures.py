"""The figures say where they come from, and the spellings mean what they should."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from upturn.records.mapping import MAPPINGS, apply_mapping, load_mappings
from upturn.synthetic.figures import england, figure
from upturn.synthetic.staff import read

FIGURES = [
    (group, name, said) for group, names in england().items() for name, said in names.items()
]
ANSWERS = {"Y": "yes", "N": "no"}
SPELLINGS = [
    (mapping, str(code), str(way))
    for mapping, codes in read("pick_lists.yaml").items()
    if mapping in MAPPINGS
    for code, ways in codes.items()
    for way in ways
]


@pytest.mark.parametrize(
    ("group", "name", "said"), FIGURES, ids=lambda v: v if isinstance(v, str) else ""
)
def test_every_figure_says_where_it_comes_from(group: str, name: str, said: dict[str, Any]) -> None:
    assert set(said) & {"source", "derived", "assumed"}
    assert set(said) <= {"value", "source", "derived", "assumed"}
    assert all(str(said[key]).strip() for key in said)


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("referrals.no_further_action", 0.065),
        ("referrals.again_within_12_months", 0.226),
        ("referrals.not_in_need_after_assessment", 0.308),
        ("plans.second_or_later", 0.245),
        ("plans.reviews_on_time", 0.906),
        ("workforce.vacancy", 0.142),
        ("workforce.agency", 0.13),
        ("workforce.turnover", 0.118),
    ],
)
def test_published_rates_are_carried_as_published(name: str, published: float) -> None:
    assert figure(name) == published
    assert "DfE" in england()[name.split(".")[0]][name.split(".")[1]]["source"]


def test_the_shares_of_a_whole_add_up() -> None:
    for name in (
        "people.children_in_family",
        "assessments.days_to_start",
        "enquiries.within_11_to_15",
    ):
        assert sum(figure(name)) == pytest.approx(1)
    assert sum(share for *_, share in figure("people.age_bands")) == pytest.approx(1)
    assert sum(s["share"] for s in read("teams.yaml")["services"].values()) == pytest.approx(1)


@pytest.mark.parametrize(("mapping", "code", "way"), SPELLINGS)
def test_every_way_of_writing_a_code_is_understood_as_that_code(
    mapping: str, code: str, way: str
) -> None:
    asks = {"yes_no", "disability", "child_seen", "seen_alone", "referral_nfa", "in_touch"}
    found = apply_mapping(load_mappings(None)[mapping], pl.Series([way]))
    assert found["code"].to_list() == [ANSWERS[code] if mapping in asks else code]


def test_small_has_the_eight_teams_and_forty_posts_of_its_file() -> None:
    teams = read("teams.yaml")["small"]
    assert len(teams) == 8
    assert sum(team["posts"] for team in teams) == 40
