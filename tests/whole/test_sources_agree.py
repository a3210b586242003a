"""One council, told by two sources: where both can tell, they say the same of every child."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from upturn.journeys.check import run_check
from upturn.journeys.result import Check
from upturn.synthetic import make_council, write_annex_a, write_cin_census

#: Clocks that Annex A and the census both test in full, and how many there must at least be to compare.
BOTH_IN_FULL = {
    "s47-to-conference": 100,
    "s47-to-conference-dfe": 100,
    "assessment-45-from-start": 300,
}
#: Annex A cannot tell of some of these what the census can: its lists are linked by date.
WHERE_BOTH_TELL = {"assessment-45-from-referral": 200, "cp-review-first": 20, "cp-review-later": 20,
                   "referral-decided": 100, "conference-to-plan": 20}  # fmt: skip
UNSURE = ["cannot tell"]


@pytest.fixture(scope="module", params=[3, 11])
def both(request, tmp_path_factory) -> tuple[Check, Check]:
    """The checks of Annex A and of the census of one made-up council with every fault of practice."""
    council = make_council(seed=request.param)
    folder = tmp_path_factory.mktemp("both")
    write_annex_a(council, folder / "annex_a.xlsx", messy=False)
    write_cin_census(council, folder / "census.xml")
    return run_check(folder / "annex_a.xlsx"), run_check(folder / "census.xml")


def side_by_side(both: tuple[Check, Check], rule: str) -> pl.DataFrame:
    """The clocks of a rule that both sources have, by child and start."""
    key = ["child_id", "started_on"]
    annex, census = (
        check.clocks.filter(pl.col("rule") == rule).select(*key, "state", "due_on", "met_on")
        for check in both
    )
    return annex.drop_nulls("started_on").join(census, on=key, suffix="_census")


@pytest.mark.parametrize("rule", BOTH_IN_FULL)
def test_clocks_both_sources_test_in_full_are_the_same_child_by_child(both, rule):
    pairs = side_by_side(both, rule)
    annex = both[0].clocks.filter(pl.col("rule") == rule)
    assert pairs.height == annex.height > BOTH_IN_FULL[rule]
    assert pairs["state"].equals(pairs["state_census"])
    assert pairs["due_on"].equals(pairs["due_on_census"])
    assert pairs["met_on"].equals(pairs["met_on_census"])


@pytest.mark.parametrize("rule", WHERE_BOTH_TELL)
def test_where_both_sources_can_tell_they_agree(both, rule):
    pairs = side_by_side(both, rule)
    told = pairs.filter(~pl.col("state").is_in(UNSURE), ~pl.col("state_census").is_in(UNSURE))
    differ = told.filter(pl.col("state") != pl.col("state_census"))
    assert told.height > WHERE_BOTH_TELL[rule]
    assert differ.is_empty()


def test_the_census_tells_of_first_reviews_what_annex_a_cannot(both):
    annex, census = (
        check.clocks.filter(rule="cp-review-first", state="cannot tell").height for check in both
    )
    assert annex > 0
    assert census == 0


def test_a_census_without_faults_has_an_empty_quarantine(tmp_path):
    council = make_council(seed=5, faults=[], as_at=date(2026, 3, 31))
    write_cin_census(council, tmp_path / "census.xml")
    book = run_check(tmp_path / "census.xml").casebook
    assert book.as_at == date(2026, 3, 31)
    assert book.quarantine.is_empty()
    assert book.absent == ()
    assert len(book.notes) == 3  # the form, what it does not hold, and the assumed bank holidays


@pytest.mark.parametrize("year", [2017, 2021, 2022, 2023, 2024, 2025, 2026])
def test_every_form_is_written_with_its_own_elements_and_codes(tmp_path, year):
    council = make_council(seed=5, faults=[], as_at=date(2026, 3, 31))
    write_cin_census(council, tmp_path / "census.xml", year=year)
    text = (tmp_path / "census.xml").read_text("utf-8")
    assert ("<Sex>" in text, "<GenderCurrent>" in text) == (year >= 2025, year < 2025)
    assert ("<CINPlanDates>" in text) == (year >= 2022)
    assert (">RC9<" in text) == (year >= 2023)
    book = run_check(tmp_path / "census.xml").casebook
    assert book.quarantine.is_empty()
    assert book.absent == (
        (("Census: child in need plans: not in the forms before 2022.",)) if year < 2022 else ()
    )


def test_the_same_council_gives_the_same_bytes(tmp_path):
    first, again = tmp_path / "a.xml", tmp_path / "b.xml"
    write_cin_census(make_council(seed=5), first)
    write_cin_census(make_council(seed=5), again)
    assert first.read_bytes() == again.read_bytes()


def test_there_is_no_form_of_another_year(tmp_path):
    with pytest.raises(ValueError, match="no form of 2016"):
        write_cin_census(make_council(faults=[]), tmp_path / "census.xml", year=2016)
