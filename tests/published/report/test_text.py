"""Paragraphs, actions, strengths and concerns come out whole, with their page, in the report's own words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_reports import as_text, ilacs, sif

from upturn.published.report.blocks import blocks_of
from upturn.published.report.furniture import Line, without_furniture
from upturn.published.report.model import Report
from upturn.published.report.read import read_report
from upturn.published.report.since import changes_in
from upturn.published.report.structure import structure_of

Reader = Callable[..., Report]


def test_paragraphs_have_their_number_page_and_area(read: Reader) -> None:
    numbered = [(p.number, p.page, p.area) for p in read(ilacs()).paragraphs if p.number]
    assert numbered == [
        (1, 2, "help_protection"), (2, 3, "help_protection"), (3, 3, "in_care"),
        (4, 3, "care_leavers"), (5, 3, "leaders"),
    ]  # fmt: skip


def test_a_sentence_that_runs_over_a_page_is_one_sentence(read: Reader) -> None:
    first = next(p for p in read(ilacs()).paragraphs if p.number == 1)
    assert first.text.endswith("and a few workers still use the old ones.")
    assert "6 to 10 February" not in first.text


def test_a_year_at_the_start_of_a_line_is_no_paragraph_number(read: Reader) -> None:
    pages = ilacs()
    pages[2].insert(4, "17. is an age, and so is")
    assert [p.number for p in read(pages).paragraphs if p.number] == [1, 2, 3, 4, 5]


def test_a_number_left_out_is_noted(read: Reader) -> None:
    pages = [[line.replace("5.Leaders", "6.Leaders") for line in page] for page in ilacs()]
    assert read(pages).notes == ("Paragraph numbers go from 4 to 6: one may be part of another.",)


def test_what_needs_to_improve_in_its_exact_words(read: Reader) -> None:
    asked = read(ilacs()).recommendations
    assert [(r.order, r.kind, r.page, r.text) for r in asked] == [
        (1, "what needs to improve", 2,
         "The timeliness of visits to children, so that those who are at risk are seen."),
        (2, "what needs to improve", 2, "The quality of supervision"),
    ]  # fmt: skip


@pytest.mark.parametrize("glyph", ["•", "◼", "■", "\uf06e", "\uf0a7"])
def test_every_bullet_of_the_published_reports_is_a_bullet(read: Reader, glyph: str) -> None:
    assert len(read(ilacs(bullet=glyph), kind="text").recommendations) == 2


def test_a_list_that_lost_its_bullets_is_parted_at_its_sentences(read: Reader) -> None:
    pages = ilacs()
    pages[1] = [line.replace("• ", "") for line in pages[1]]
    pages[1][5] += "."
    report = read(pages)
    assert [r.text for r in report.recommendations] == [
        "The timeliness of visits to children, so that those who are at risk are seen.",
        "The quality of supervision.",
    ]
    assert (
        "The list “What needs to improve?” on page 2 has no bullets or numbers" in report.notes[0]
    )


def test_a_list_with_nothing_under_its_heading_is_noted(read: Reader) -> None:
    report = read(sif(actions=("Recommendations",)))
    assert (
        "The heading “Recommendations” on page 3 has nothing under it that was read."
        in report.notes
    )


def test_a_chapter_named_in_short_parts_a_list_and_does_not_end_it(read: Reader) -> None:
    actions = (
        "Areas for improvement",
        "Leadership, management and governance",
        "1. Ensure that plans are clear.",
        "Adoption performance",
        "2. Ensure that carers are found.",
    )
    report = read(sif(actions=actions, board_actions=()))
    assert [r.number for r in report.recommendations] == [1, 2]


def test_numbered_recommendations_keep_their_bullets_and_their_part(read: Reader) -> None:
    asked = read(sif()).recommendations
    assert [(r.number, r.part, r.text) for r in asked] == [
        (1, "authority", "Ensure that children are seen alone."),
        (2, "authority",
         "Strengthen managers’ oversight of: • private fostering • children who go missing."),
        (6, "lscb", "Ensure that partners attend the board."),
    ]  # fmt: skip


def test_priority_actions_and_timescales(read: Reader) -> None:
    actions = (
        "What does the local authority need to improve?",
        "Priority and immediate action",
        "• Ensure that no child waits.",
        "Areas for improvement",
        "Within three months",
        "• Ensure that plans are clear.",
        "Within six months",
        "• Ensure that carers are found.",
    )
    asked = read(sif(actions=actions, board_actions=())).recommendations
    assert [(r.kind, r.timescale) for r in asked] == [
        ("priority action", "immediate"),
        ("area for improvement", "within three months"),
        ("area for improvement", "within six months"),
    ]


def test_no_priority_actions_is_no_action(read: Reader) -> None:
    actions = (
        "Priority and immediate action",
        "There are no priority or immediate actions.",
        "Areas for improvement",
        "Assessment and planning",
        "1. Ensure that plans are clear.",
        "Permanence",
        "2. Ensure that carers are found.",
    )
    asked = read(sif(actions=actions, board_actions=())).recommendations
    assert [r.text for r in asked] == [
        "Ensure that plans are clear.",
        "Ensure that carers are found.",
    ]


def test_a_report_without_actions_says_so(read: Reader) -> None:
    report = read(sif(actions=(), board_actions=()))
    assert report.recommendations == ()
    assert "No list of recommendations or of what needs to improve was found." in report.notes


def test_strengths_and_concerns_have_their_page_paragraph_and_area(read: Reader) -> None:
    said = [
        (s.polarity, s.page, s.paragraph, s.area, s.text)
        for s in read(ilacs(), statements=True).statements
    ]
    assert ("concern", 2, 1, "help_protection", "Not all assessments are good.") in said
    assert ("strength", 3, 5, "leaders", "Leaders know what is weak.") in said
    assert ("strength", 1, None, "", "Children in Cumbria receive a good service.") in said


def test_strengths_and_concerns_can_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(as_text(ilacs()), "utf-8")
    assert read_report(path, statements=False).statements == ()


@pytest.mark.parametrize(
    ("sentence", "expect"),
    [
        ("Since the last inspection, plans have improved.", ["better"]),
        ("Since the previous inspection in 2016, there has been a decline.", ["worse"]),
        ("Recommendations from the last inspection have not been addressed.", ["same"]),
        ("Since the last inspection plans have improved but supervision remains weak.",
         ["same", "better"]),
        ("Plans have improved.", []),
        ("Inspectors visited a home.", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_better_or_the_same_since_last_time(sentence: str, expect: list[str]) -> None:
    assert [change for change, _ in changes_in(sentence)] == expect


def test_a_strength_under_its_heading_is_a_strength_whatever_its_words(read: Reader) -> None:
    pages = sif()
    pages[3][4:4] = ["The local authority’s strengths", "• No child waits too long for a visit."]
    [said] = [s for s in read(pages, statements=True).statements if s.text.startswith("No child")]
    assert (said.polarity, said.cue) == (
        "strength",
        "under the heading “The local authority’s strengths”",
    )


def test_page_numbers_heads_and_footnotes_are_taken_out_and_kept() -> None:
    pages = [
        ["A title", "1"],
        ["Head 2", "one", "", "1 A note that", "goes on."],
        ["Head 3", "two"],
        ["Head 4", "three", "4"],
    ]
    body, asides, heads = without_furniture(pages)
    assert [line.text for line in body] == ["A title", "one", "two", "three"]
    assert sorted(line.text for line in asides) == [
        "1", "1 A note that", "4", "Head 2", "Head 3", "Head 4", "goes on.",
    ]  # fmt: skip
    assert [line.text for line in heads] == ["Head 2"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["Recommendations", "1. Ensure", "2. Do", "• Ensure that", "Summary", "Contents",
                 "What needs to improve?", "Overall effectiveness Good", "Good", "is good.", "",
                 "The experiences and progress of care leavers: good", "Within three months",
                 "What the inspection judgements mean", "Strengths", "7"]
            ),
            st.text(max_size=40),
        ),
        max_size=30,
    )
)  # fmt: skip
def test_whatever_the_lines_each_is_in_one_block_at_most_and_none_is_changed(
    texts: list[str],
) -> None:
    lines = [Line(1 + place // 8, text.strip()) for place, text in enumerate(texts)]
    structure = structure_of([line for line in lines if line.text])
    blocks, _ = blocks_of(structure)
    said = [text for block in blocks for text in block.texts]
    given_lines = [line.text for line in structure.lines]
    assert len(said) <= len(given_lines)
    rest = iter(given_lines)
    assert all(any(text in line for line in rest) for text in said)
