"""What the clocks say of a census: what it shows, and nothing that it does not hold."""

from __future__ import annotations

from pathlib import Path

import census_xml as made
import polars as pl
import pytest

from upturn import child, quality
from upturn.journeys.check import run_check
from upturn.journeys.result import Check

ASSESSMENT, CONFERENCE, REVIEW = (
    "assessment-45-from-referral",
    "s47-to-conference",
    "cp-review-first",
)
LATER, DECIDED = "cp-review-later", "conference-to-plan"

# Given these blocks in an episode referred on 5 January 2026, read on 31 March 2026, this rule says this.
SAYS = [
    ("authorised in time", made.assessment("2026-01-06", "2026-03-09"), ASSESSMENT, ["met"]),
    ("authorised late", made.assessment("2026-01-06", "2026-03-11"), ASSESSMENT, ["met late"]),
    ("still open", made.assessment("2026-01-06"), ASSESSMENT, ["overdue"]),
    ("no assessment", "", ASSESSMENT, ["overdue"]),
    ("the assessment is in quarantine", made.assessment("2026-01-41", "2026-03-11"), ASSESSMENT,
     ["cannot tell"]),
    ("its end is in quarantine", made.assessment("2026-01-06", "2026-01-01"), ASSESSMENT,
     ["cannot tell"]),
    ("conference in time", made.enquiry("2026-01-12", "2026-02-02"), CONFERENCE, ["met"]),
    ("conference late", made.enquiry("2026-01-12", "2026-02-03"), CONFERENCE, ["met late"]),
    ("no conference", made.enquiry("2026-01-12"), CONFERENCE, ["overdue"]),
    ("none required", made.enquiry("2026-01-12", not_required="1"), CONFERENCE, ["does not apply"]),
    ("conference at a weekend", made.enquiry("2026-01-12", "2026-01-31"), CONFERENCE, ["cannot tell"]),
    ("a transfer in is of no enquiry", made.enquiry("2026-01-12")
     + "<DateOfInitialCPC>2026-01-20</DateOfInitialCPC>", CONFERENCE, ["overdue"]),
    ("first review in time", made.plan("2025-06-02", "2025-09-01"), REVIEW, ["met"]),
    ("first review late", made.plan("2025-06-02", "2025-09-08"), REVIEW, ["met late"]),
    ("no review", made.plan("2025-06-02"), REVIEW, ["overdue"]),
    ("a review is in quarantine", made.plan("2025-06-02", "2025-09-99"), REVIEW, ["cannot tell"]),
    ("every gap between reviews", made.plan("2024-06-03", "2024-08-30", "2025-03-10", "2025-09-01"),
     LATER, ["met late", "met", "overdue"]),
    ("a plan shows that it was decided", made.enquiry("2026-01-12", "2026-01-30")
     + made.plan("2026-01-30"), DECIDED, ["met"]),
    ("without a plan the outcome is not known", made.enquiry("2026-01-12", "2026-01-30"), DECIDED,
     ["cannot tell"]),
]  # fmt: skip


def checked(folder: Path, *episodes: str) -> Check:
    return run_check(made.written(folder, made.child(*episodes)))


@pytest.mark.parametrize(
    ("blocks", "rule", "states"), [s[1:] for s in SAYS], ids=[s[0] for s in SAYS]
)
def test_what_a_clock_says_of_an_episode(tmp_path, blocks, rule, states):
    clocks = checked(tmp_path, made.episode(blocks)).clocks.filter(pl.col("rule") == rule)
    assert clocks.sort("started_on")["state"].to_list() == states


def test_a_referral_with_no_further_action_needs_no_assessment(tmp_path):
    clocks = checked(tmp_path, made.episode(nfa="1")).clocks.filter(rule=ASSESSMENT)
    assert clocks["state"].to_list() == ["does not apply"]


def test_an_assessment_belongs_to_the_episode_it_stands_in_whatever_the_dates(tmp_path):
    early, late = "2025-10-06", "2026-01-05"
    check = checked(
        tmp_path,
        made.episode(made.assessment("2026-01-06", "2026-02-02"), referred=early),
        made.episode(referred=late),
    )
    clocks = check.clocks.filter(rule=ASSESSMENT).sort("started_on")
    assert clocks["state"].to_list() == ["met late", "overdue"]


def test_an_assessment_of_an_episode_in_quarantine_is_lent_to_no_other(tmp_path):
    check = checked(
        tmp_path,
        made.episode(made.assessment("2026-01-06", "2026-02-02"), referred="2026-01-45"),
        made.episode(referred="2025-12-01"),
    )
    clocks = check.clocks.filter(rule=ASSESSMENT).sort("started_on", nulls_last=True)
    assert clocks["state"].to_list() == ["overdue", "cannot tell"]


def test_rules_the_census_cannot_test_make_no_clock(tmp_path):
    need = "<CINPlanDates><CINPlanStartDate>2025-06-02</CINPlanStartDate></CINPlanDates>"
    check = checked(
        tmp_path, made.episode(need, made.plan("2025-06-02"), made.assessment("2026-01-06"))
    )
    tested = {
        rule.id for rule in check.rules.values() if rule.covered_by("cin_census").tested != "none"
    }
    assert set(check.clocks["rule"]) <= tested
    assert not {"cin-seen", "cp-visit", "assessment-child-seen"} & set(check.clocks["rule"])


def test_one_child_and_the_quality_of_a_census(tmp_path):
    path = made.written(
        tmp_path, made.child(made.episode()), made.child(made.episode(), child_id="C2")
    )
    assert set(child("C2", path).clocks["child_id"]) == {"C2"}
    report = quality(path, out=tmp_path / "faults")
    filled = report.by_column.filter(source_list="Census: referrals", column="CINreferralDate")
    assert filled.select("rows", "filled").row(0) == (2, 2)
    assert (tmp_path / "faults" / "quality.xlsx").is_file()
