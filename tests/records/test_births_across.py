"""A birth is held against the child's other records where the source keeps the two apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from census_xml import assessment, child, episode, written

from upturn.records.cin_census.reader import read_cin_census
from upturn.records.read import read_source

CASES = [
    ("2026-12-01", "born-after-event", "more than nine months after the referral"),
    ("2026-06-01", None, "unborn when referred"),
    ("2015-06-01", None, "born long before"),
]


@pytest.mark.parametrize(("born", "expect", "because"), CASES, ids=[c[2] for c in CASES])
def test_a_birth_in_a_census_is_held_against_the_referrals(tmp_path, born, expect, because):
    who = f"<PersonBirthDate>{born}</PersonBirthDate>\n"
    path = written(
        tmp_path, child(episode(assessment("2026-01-20")), who=who), reference="2027-03-31"
    )
    book = read_cin_census(path)
    found = book.quarantine.filter(check="born-after-event")
    assert found.height == (expect is not None), because
    assert (book.table("person")["pers_dob"][0] is None) == (expect is not None)
    if expect:
        said = found.row(0, named=True)
        assert "5 Jan 2026 in Census: referrals" in said["reason"]
        assert said["child_id"] == "C1"


def test_a_birth_in_the_dataset_is_held_against_the_referrals(tmp_path: Path):
    (tmp_path / "ssd_person.csv").write_text(
        "pers_person_id,pers_dob\nC1,2026-12-01\nC2,2010-01-01\n", "utf-8"
    )
    (tmp_path / "ssd_cin_episodes.csv").write_text(
        "cine_referral_id,cine_person_id,cine_referral_date\nR1,C1,2026-01-05\nR2,C2,2026-12-30\n",
        "utf-8",
    )
    book = read_source(tmp_path)
    assert book.quarantine.filter(check="born-after-event")["child_id"].to_list() == ["C1"]
    assert book.table("person").filter(pers_person_id="C2")["pers_dob"][0] is not None


def test_a_date_a_census_cannot_hold_is_said_in_the_census_own_order(tmp_path):
    path = written(tmp_path, child(episode(assessment("2026-01-20", "31st"))))
    reason = read_cin_census(path).quarantine.filter(check="date-not-understood")["reason"][0]
    assert "not a date in year-month-day order" in reason
