"""Grades are read wherever a report prints them, and never guessed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from made_reports import ILACS_TABLE, ilacs, sif

from upturn.published.report.furniture import Line
from upturn.published.report.labels import runs
from upturn.published.report.model import AREAS, Report
from upturn.published.report.wording import wording, words_of

Reader = Callable[..., Report]


def rows_of(*lines: str) -> list[tuple[tuple[str, str | None], ...]]:
    said = [Line(1, line) for line in lines]
    return [run.rows for run in runs(said, [words_of(line) for line in lines])]


@pytest.mark.parametrize(
    ("lines", "expect", "because"),
    [
        (("Overall effectiveness Good",), [("overall", "good")], "label and grade on one line"),
        (("Overall effectiveness", "Good"), [("overall", "good")], "the grade on the next line"),
        (
            ("Requires", "Overall effectiveness", "improvement"),
            [("overall", "requires improvement")],
            "the cell wraps above and below its label",
        ),
        (
            ("Requires Improvement to be", "Adoption performance", "good"),
            [("adoption", "requires improvement")],
            "the cell wraps inside the grade's own words",
        ),
        (
            ("1. Children looked after and achieving", "Good", "permanence"),
            [("in_care", "good")],
            "the grade stands in the middle of its label",
        ),
        (("Overall effectiveness improvement.2 requires",), [], "the words of a grade out of order"),
        (("Overall effectiveness Good Inadequate",), [], "two grades for one label"),
        (("Overall effectiveness 12",), [], "a line of the contents"),
        (("• Adoption performance: Good",), [], "a bullet, about an earlier inspection"),
        (
            ("good", "Adoption performance Good", "Overall effectiveness Good"),
            [("adoption", "good"), ("overall", "good")],
            "the end of the sentence above the table is not a grade of it",
        ),
        (
            ("Adoption performance", "Overall effectiveness", "Good", "Inadequate"),
            [("adoption", "good"), ("overall", "inadequate")],
            "a table read column by column",
        ),
        (
            ("The experiences and progress of children in care and care leavers", "Good"),
            [("care_and_leavers", "good")],
            "the longest label is taken",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_table_is_read_however_it_wraps(
    lines: tuple[str, ...], expect: list[tuple[str, str]], because: str
) -> None:
    found = [row for rows in rows_of(*lines) for row in rows if row[1]]
    assert found == expect, because


@pytest.mark.parametrize(
    ("sentence", "expect"),
    [
        (("The overall judgement is inadequate",), "inadequate"),
        (("The overall judgement is that children’s services are good",), "good"),
        (
            ("Children’s services in Poole require improvement to be", "good"),
            "requires improvement",
        ),
        (("Children’s services in Poole requires improvement",), "requires improvement"),
        (("Children’s services require improvement",), "requires improvement"),
        (("Children’s service requires improvement to be Good.",), "requires improvement"),
        (("Children’s services in Poole Borough Council are good.",), "good"),
        (("Children’s services in Poole are inadequate.2",), "inadequate"),
        (("Children’s services in Poole are outstanding",), "outstanding"),
    ],
    ids=lambda value: str(value),
)
def test_the_front_page_says_the_overall_grade_in_many_ways(
    read: Reader, sentence: tuple[str, ...], expect: str
) -> None:
    report = read(sif(sentence=sentence), kind="text")
    overall = report.judgements[0]
    assert (overall.area, overall.grade, overall.anchors[0].kind) == ("overall", expect, "sentence")
    assert " ".join(sentence) == overall.text


def test_good_in_the_expectation_is_not_the_grade(read: Reader) -> None:
    pages = sif(
        sentence=(
            "The overall judgement is inadequate",
            "It is Ofsted’s expectation that, as a minimum, all children and young people receive",
            "good help, care and protection.",
        )
    )
    assert read(pages, kind="text").grade("overall") == "inadequate"


def test_every_area_of_either_framework(read: Reader) -> None:
    report = read(ilacs())
    given = {area: report.grade(area) for area in AREAS}
    assert given == {
        "overall": "good", "leaders": "good", "help_protection": "requires improvement",
        "in_care": "good", "care_leavers": "outstanding", "care_and_leavers": None,
        "adoption": None, "lscb": None,
    }  # fmt: skip
    report = read(sif())
    given = {area: report.grade(area) for area in AREAS}
    assert given == {
        "overall": "requires improvement", "leaders": "requires improvement",
        "help_protection": "requires improvement", "in_care": "good", "care_leavers": "inadequate",
        "care_and_leavers": None, "adoption": "good", "lscb": "good",
    }  # fmt: skip


def test_places_that_disagree_are_reported_and_no_grade_is_given(read: Reader) -> None:
    report = read(ilacs(help_grade="good"))
    [judgement] = [j for j in report.judgements if j.area == "help_protection"]
    assert (judgement.state, judgement.grade) == ("disagree", None)
    assert [(a.kind, a.grade, a.page) for a in judgement.anchors] == [
        ("table", "requires improvement", 1),
        ("heading", "good", 2),
    ]
    assert "Places in the report disagree on: help_protection." in report.notes


def test_a_grade_that_is_not_there_is_not_found_and_says_where_it_was_looked_for(
    read: Reader,
) -> None:
    report = read(ilacs(table=ILACS_TABLE[:-1]))
    overall = report.judgements[0]
    assert (overall.state, overall.grade, overall.anchors) == ("not found", None, ())
    assert "the table of pages 1 to 3" in overall.looked
    assert "overall effectiveness" in overall.looked


@pytest.mark.parametrize(
    ("dates", "area", "state"),
    [
        ("Inspection dates: 12 to 16 December 2022", "care_and_leavers", "not found"),
        ("Inspection dates: 12 to 16 December 2022", "adoption", "not graded"),
        ("Inspection dates: 16 to 27 January 2023", "care_and_leavers", "not graded"),
        ("Inspection dates: 27 April to 8 May 2026", "overall", "not graded"),
    ],
)
def test_what_a_framework_grades_is_keyed_to_the_first_day_of_fieldwork(
    read: Reader, dates: str, area: str, state: str
) -> None:
    pages = ilacs(dates=dates, table=ILACS_TABLE[:-1])
    pages = [[line for line in page if not line.startswith("6 to 10")] for page in pages]
    [judgement] = [j for j in read(pages, kind="text").judgements if j.area == area]
    assert judgement.state == state


def test_grades_of_an_earlier_inspection_are_not_taken_for_this_one(read: Reader) -> None:
    leavers = next(j for j in read(sif()).judgements if j.area == "care_leavers")
    assert [anchor.grade for anchor in leavers.anchors] == ["inadequate", "inadequate"]


def test_a_label_in_the_middle_of_a_sentence_is_no_heading(read: Reader) -> None:
    pages = ilacs()
    pages[2].insert(3, "Leaders have a plan, and it covers adoption performance,")
    pages[2].insert(4, "children who need help and protection")
    pages[2].insert(5, "and good overall effectiveness is its aim.")
    assert read(pages).notes == ()


def test_wording_is_data_with_a_source_and_a_status() -> None:
    assert {framework.status for framework in wording().frameworks} <= {"verified", "unverified"}
    assert set(wording().labels.values()) == set(AREAS)
    for framework in wording().frameworks:
        for _, areas in framework.areas:
            assert set(areas) <= set(AREAS)
