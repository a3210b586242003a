"""The text of an option becomes a value, or is refused with a sentence."""

from __future__ import annotations

from datetime import date

import pytest
import typer

from upturn.cli.options import parse_date, parse_sheets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-09-30", date(2026, 9, 30)),
        ("30/09/2026", date(2026, 9, 30)),
        ("3/9/2026", date(2026, 9, 3)),  # UK order: never 9 March
        ("30.09.2026", date(2026, 9, 30)),
        ("30-09-2026", date(2026, 9, 30)),
        (" 2026-9-3 ", date(2026, 9, 3)),
        ("29/02/2028", date(2028, 2, 29)),
    ],
)
def test_a_date_may_be_written_as_iso_or_in_uk_order(text: str, expected: date) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    "text", ["", "yesterday", "09/30/2026", "31/02/2026", "2026-02-30", "30/09/26", "20260930"]
)
def test_anything_else_is_not_a_date(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is not a date"):
        parse_date(text)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], {}),
        (["4=New assessments"], {4: "New assessments"}),
        (["4 = New assessments "], {4: "New assessments"}),
        (["List 11=Adopters", "1=A=B"], {11: "Adopters", 1: "A=B"}),
    ],
)
def test_a_list_is_given_its_sheet(given: list[str], expected: dict[int, str]) -> None:
    assert parse_sheets(given) == expected


@pytest.mark.parametrize("text", ["Assessments", "12=Assessments", "0=x", "4=", "=x", "four=x"])
def test_a_list_has_a_number_from_1_to_11_and_a_sheet_has_a_name(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="does not name a list and a sheet"):
        parse_sheets([text])


def test_a_list_cannot_be_given_two_sheets() -> None:
    with pytest.raises(typer.BadParameter, match="list 4 is given two sheets"):
        parse_sheets(["4=Old", "4=New"])
