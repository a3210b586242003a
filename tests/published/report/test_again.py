"""What was said before and is said again: paired by words and themes, always with both texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_reports import as_text, sif

import upturn
from upturn.published.report.compare import compare_reports
from upturn.published.report.likeness import cosine
from upturn.published.report.model import Report
from upturn.records.sheets import SourceError

Reader = Callable[..., Report]
BEFORE = (
    "Recommendations",
    "1. Ensure that return interviews are offered to missing children.",
    "2. Improve the quality of supervision of social workers.",
    "3. Develop a strategy for the recruitment of adopters.",
)
AFTER = (
    "Recommendations",
    "1. The offer of return interviews to children who go missing.",
    "2. Recording on the case system.",
)


def later() -> list[list[str]]:
    pages = sif(actions=AFTER, board_actions=())
    pages[0][6] = "Inspection date: 5 September – 29 September 2017"
    pages[3][6] = "Inspection findings"
    pages[3][7] = "3. Supervision of social workers is poor and rarely reflective."
    return pages


def test_a_thing_asked_for_again_is_paired_with_it(read: Reader) -> None:
    found = compare_reports(read(sif(actions=BEFORE, board_actions=())), read(later()))
    how = {pair.before.number: pair.how for pair in found.pairs}
    assert how == {1: "asked again", 2: "said again", 3: "not found again"}
    first = next(pair for pair in found.pairs if pair.before.number == 1)
    assert first.now is not None
    assert first.now.text == "The offer of return interviews to children who go missing."
    assert first.themes == ("missing",)
    second = next(pair for pair in found.pairs if pair.before.number == 2)
    assert (second.said[0].paragraph, second.said[0].page) == (3, 4)
    assert "Supervision of social workers is poor" in second.said[0].text
    assert [action.text for action in found.new] == ["Recording on the case system."]


def test_the_order_is_told_by_the_fieldwork_and_not_by_who_names_which_first(read: Reader) -> None:
    before, now = read(sif(actions=BEFORE)), read(later())
    assert compare_reports(now, before).before.fieldwork_end == before.fieldwork_end
    assert compare_reports(now, before).pairs == compare_reports(before, now).pairs
    assert compare_reports(before, now).notes == ()
    assert "was given first and is the later" in compare_reports(now, before).notes[0]


def test_a_report_is_not_compared_with_itself(read: Reader) -> None:
    report = read(sif())
    with pytest.raises(SourceError, match="are the same report"):
        compare_reports(report, report)


def test_two_files_of_one_inspection_are_said_to_be(read: Reader) -> None:
    found = compare_reports(read(sif()), read(sif(actions=BEFORE)))
    assert "they look like one inspection" in found.notes[0]


def test_a_report_without_an_authority_is_compared_and_it_is_said(read: Reader) -> None:
    lost = [[line.replace("Poole", "Xyzzy") for line in page] for page in sif(actions=BEFORE)]
    found = compare_reports(read(lost), read(later()))
    assert "Whose report it is was not found in" in found.notes[0]


def test_reports_of_two_authorities_are_not_compared(read: Reader) -> None:
    other = [[line.replace("Poole", "Bournemouth") for line in page] for page in sif()]
    with pytest.raises(SourceError, match="a comparison is of one authority"):
        compare_reports(read(sif()), read(other))


def test_reports_without_dates_are_taken_as_given_and_it_is_said(read: Reader) -> None:
    pages = sif()
    pages[0][6] = "Inspection"
    found = compare_reports(read(pages), read(sif()))
    assert "in the order they were given" in found.notes[0]


def test_reports_that_ask_for_nothing_have_no_pairs(read: Reader) -> None:
    nothing = read(sif(actions=(), board_actions=()))
    assert compare_reports(nothing, read(later())).pairs == ()
    assert compare_reports(read(sif()), nothing).new == ()


def test_cosine_is_what_the_textbook_says() -> None:
    # Two pieces that share one of two terms; df 2 of 2 weighs 1, df 1 of 2 weighs ln(3/2) + 1.
    rare = np.log(3 / 2) + 1
    expect = 1 / (1 + rare**2)
    assert cosine(["alpha beta"], ["alpha gamma"])[0, 0] == pytest.approx(expect)


@settings(deadline=None)  # the first example loads the sparse matrices
@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_likeness_is_between_nought_and_one_and_a_text_is_most_like_itself(
    texts: list[str],
) -> None:
    found = cosine(texts, texts)
    assert found.shape == (len(texts), len(texts))
    assert (found >= 0).all()
    assert (found <= 1 + 1e-9).all()
    np.testing.assert_allclose(found, found.T)
    told = found.diagonal() > 0
    np.testing.assert_allclose(found.diagonal()[told], 1)


def test_the_comparison_is_written_whole(tmp_path: Path) -> None:
    for name, pages in (("a.txt", sif(actions=BEFORE)), ("b.txt", later())):
        (tmp_path / name).write_text(as_text(pages), "utf-8")
    found = upturn.report.compare(tmp_path / "b.txt", tmp_path / "a.txt", out=tmp_path / "out")
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "compared.html", "compared.json", "compared.xlsx",
    ]  # fmt: skip
    page = (tmp_path / "out" / "compared.html").read_text("utf-8")
    for pair in found.pairs:
        assert pair.before.text in page
    assert "Not found again does not mean put right" in page
    assert "http" not in page.replace("http-equiv", "")
