"""Findings on made-up councils: made where a fault was planted, for the children it touched, and no others.

How often, over many councils, is in the benchmarks; here is one council for each.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from upturn.findings.load import load_catalogue
from upturn.findings.model import Finding
from upturn.findings.rereview import PATTERNS, rereview_list
from upturn.findings.run import answer, findings_of
from upturn.journeys.check import run_check
from upturn.journeys.result import Check
from upturn.synthetic import make_council, write_annex_a, write_ssd

QUESTIONS = {p.id: p for p in load_catalogue()}


def planted(
    tmp_path: Path, seed: int, faults: list[str], spread: float = 1.0
) -> tuple[set[str], Check]:
    council = make_council(seed=seed, faults=faults, spread=spread)
    path = tmp_path / "annex_a.xlsx"
    write_annex_a(council, path, messy=False)
    return set(council.truth["child_id"].drop_nulls()), run_check(path)


def children(finding: Finding) -> set[str]:
    return set(finding.cases.filter("hit")["child_id"].drop_nulls())


@pytest.mark.parametrize(
    ("question", "fault", "spread", "all_of_them"),
    [
        ("contacts-held", "held-contacts", 4, True),
        ("cp-not-visited", "team-with-unseen-children", 1, True),
        ("cp-not-seen-alone", "not-seen-alone", 4, True),
        ("cin-not-seen", "cin-not-seen", 4, True),
        ("assessed-not-seen", "assessment-not-seen", 4, True),
        ("assessments-unfinished", "assessments-never-finished", 4, False),  # some not so old yet
        ("assessments-begun-late", "assessments-begun-late", 1, False),  # some links cannot be told
        ("placement-moves", "moved-too-often", 1, True),
        ("no-permanence-plan", "no-permanence-plan", 1, True),
        ("leavers-unsuitable-homes", "unsuitable-homes", 1, True),
        ("unallocated", "unallocated", 1, True),
        ("plans-repeat", "plans-repeat", 1, False),  # the youngest had none before
        ("caseloads-high", "overloaded-worker", 1, True),
    ],
)
def test_what_is_planted_is_found_with_its_children(
    tmp_path: Path, question: str, fault: str, spread: float, all_of_them: bool
) -> None:
    touched, check = planted(tmp_path, 2, [fault], spread)
    finding = answer(QUESTIONS[question], check)
    assert finding.verdict == "found", finding.sentence
    missed = touched - children(finding)
    assert len(missed) <= (0 if all_of_them else len(touched) * 0.4)


def test_too_few_to_tell_still_names_its_children(tmp_path: Path) -> None:
    touched, check = planted(tmp_path, 2, ["stepped-down-too-soon"])
    finding = answer(QUESTIONS["stepped-down-too-soon"], check)
    assert finding.verdict in ("found", "cannot tell")
    assert touched <= children(finding)


def test_a_source_with_years_of_history_is_asked_about_now(tmp_path: Path) -> None:
    council = make_council(seed=1, faults=["unallocated", "held-contacts"], spread=3)
    write_ssd(council, tmp_path / "ssd")
    found = findings_of(run_check(tmp_path / "ssd"))
    assert {f.pattern.id for f in found.of("found")} == {"unallocated", "contacts-held"}


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ("thresholds-month", "no-action-in-one-month"),
        ("thresholds-source", "no-action-by-source"),
        ("demand-contacts", "contacts-surge"),
        ("re-referrals", "families-come-back"),
        ("assessments-piled-up", "assessments-to-the-deadline"),
    ],
)
def test_a_pattern_of_a_whole_service_is_found(tmp_path: Path, question: str, fault: str) -> None:
    _, check = planted(tmp_path, 2, [fault])
    assert answer(QUESTIONS[question], check).verdict == "found"


def test_a_council_without_a_fault_is_quiet(clean: Check) -> None:
    found = findings_of(clean).of("found")
    assert [f.pattern.id for f in found] == []


def test_what_the_source_cannot_answer_is_said_and_not_passed(clean: Check) -> None:
    untested = {f.pattern.id for f in findings_of(clean).of("not tested")}
    assert {"strategy-discussion", "supervision", "core-groups", "conference-attendance",
            "specific-groups", "worker-changes"} <= untested  # fmt: skip
    assert all(f.because for f in findings_of(clean).of("not tested"))


def test_every_question_is_answered_one_way(messy: Check) -> None:
    found = findings_of(messy)
    assert sorted(f.pattern.id for f in found.findings) == sorted(QUESTIONS)
    for finding in found.findings:
        assert finding.n <= finding.of
        if finding.share is not None:
            assert finding.low is not None
            assert finding.high is not None
            assert finding.low <= finding.share <= finding.high
            assert finding.cases.height == finding.of


def test_the_same_extract_gives_the_same_findings(messy: Check) -> None:
    first, again = findings_of(messy), findings_of(messy)
    assert [f.sentence for f in first.findings] == [f.sentence for f in again.findings]
    assert first.rereview.equals(again.rereview)


def test_a_weakness_found_before_remains_the_case(messy: Check) -> None:
    found = findings_of(messy, earlier=messy)
    remains = next(f for f in found.findings if f.pattern.id == "remains-the-case")
    weak = [f for f in found.of("found") if f.pattern.id != "remains-the-case"]
    assert remains.verdict == "found"
    assert remains.n == remains.of == len(weak) > 3
    assert all(f.remains and "This remains the case" in f.sentence for f in weak)


def test_weaknesses_put_right_are_a_strength(messy: Check, clean: Check) -> None:
    found = findings_of(clean, earlier=messy)
    remains = next(f for f in found.findings if f.pattern.id == "remains-the-case")
    assert remains.verdict == "strength"
    assert not any(f.remains for f in found.findings)


def test_the_re_review_list_has_every_decision_the_riskiest_first(tmp_path: Path) -> None:
    _, check = planted(tmp_path, 3, ["no-action-came-back"])
    rows = rereview_list(check)
    closed = check.casebook.table("cin_episodes").filter("cine_referral_nfa")
    assert rows.height == closed.height > 20
    order = [PATTERNS.index(p) for p in rows["pattern"]]
    assert order == sorted(order)
    back = rows.filter(rows["pattern"] == "referred again")
    assert back["why"].str.contains("referred again on").all()
    young = rows.filter(rows["pattern"] == "under five")["age_at_referral"]
    assert (young < 5).all()
