"""From cases to a verdict: a finding needs enough separate events and an interval clear of the comparator."""

from __future__ import annotations

import polars as pl
import pytest

from upturn.findings.judge import judge
from upturn.findings.load import load_catalogue
from upturn.findings.model import CASES, Cases, Finding, Pattern
from upturn.rulebooks.model import Coverage

QUESTIONS = {p.id: p for p in load_catalogue()}
LATE = QUESTIONS["assessments-late"]  # held against 14.3 % in England


def cases(n: int, of: int, *, alike: int = 1) -> pl.DataFrame:
    """``n`` hits of ``of``; every ``alike`` cases running are brothers and sisters."""
    rows = [
        {"child_id": str(i), "hit": i < n, "team": "A", "cluster": str(i // alike)}
        for i in range(of)
    ]
    return pl.concat([pl.DataFrame(schema=CASES), pl.DataFrame(rows)], how="diagonal")


def judged(n: int, of: int, *, question: Pattern = LATE, alike: int = 1) -> Finding:
    return judge(question, Cases(cases(n, of, alike=alike)), Coverage("full"))


@pytest.mark.parametrize(
    ("n", "of", "alike", "verdict", "because"),
    [
        (57, 400, 1, "not found", "14.25 %: lateness at the national average is no finding"),
        (62, 400, 1, "not found", "15.5 %: within the two points allowed for the season"),
        (72, 400, 1, "cannot tell", "18 %: above that, but chance explains it"),
        (90, 400, 1, "found", "22.5 %: the interval is clear of the comparator"),
        (110, 400, 4, "found", "so is 27.5 % when the cases are a hundred families"),
        (8, 20, 4, "cannot tell", "8 of 20 children, but only two families"),
        (8, 20, 1, "found", "8 of 20 separate children"),
        (2, 2, 1, "cannot tell", "two cases are never a finding"),
        (10, 200, 1, "strength", "5 %: the interval is clear below"),
        (0, 12, 1, "not found", "none of twelve is not a strength: too few"),
        (0, 400, 1, "strength", "none of four hundred is"),
    ],
)
def test_the_verdict(n: int, of: int, alike: int, verdict: str, because: str) -> None:
    assert judged(n, of, alike=alike).verdict == verdict, because


def test_no_cases_cannot_tell() -> None:
    finding = judged(0, 0)
    assert finding.verdict == "cannot tell"
    assert "there are no cases" in finding.sentence


def test_a_tolerance_that_is_assumed_makes_no_strength() -> None:
    assert judged(0, 400, question=QUESTIONS["cp-not-visited"]).verdict == "not found"


@pytest.mark.parametrize(
    ("question", "n", "coverage", "evidence"),
    [
        (LATE, 90, Coverage("full"), "strong"),
        (LATE, 85, Coverage("full"), "moderate"),
        (LATE, 90, Coverage("part", "six months only"), "moderate"),
        (LATE, 85, Coverage("part", "six months only"), "limited"),
        (QUESTIONS["cp-not-visited"], 90, Coverage("full"), "moderate"),
    ],
)
def test_evidence_is_weaker_for_less_chance_less_source_and_what_is_assumed(
    question: Pattern, n: int, coverage: Coverage, evidence: str
) -> None:
    finding = judge(question, Cases(cases(n, 400)), coverage)
    assert (finding.verdict, finding.evidence) == ("found", evidence)


def test_a_sentence_has_its_numbers_and_what_it_is_held_against() -> None:
    assert judged(90, 400).sentence == (
        "Too many assessments take too long: 90 of 400 (22 %) took more than 45 working days; "
        "it was 14.3 % in England in the year to 31 March 2025."
    )
    assert judged(10, 200).sentence == (
        "Assessments are timely: all but 10 of 200 (95 %) were finished within 45 working days, better than "
        "14.3 % in England in the year to 31 March 2025."
    )


def test_a_column_that_the_extract_lacks_is_not_tested() -> None:
    finding = judge(LATE, Cases(cases(0, 0), missing="the extract has no date"), Coverage("full"))
    assert (finding.verdict, finding.because) == ("not tested", "the extract has no date")
