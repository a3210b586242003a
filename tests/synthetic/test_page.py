"""The page about the made-up council keeps up with it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from upturn.synthetic import Council, fault_catalogue
from upturn.synthetic.faults.catalogue import TRUTH

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "made-up-council.md"


@pytest.mark.parametrize("fault", fault_catalogue().rows(named=True), ids=lambda f: f["id"])
def test_every_fault_is_on_the_page_with_what_should_notice_it(fault: dict[str, object]) -> None:
    line = next(
        n for n in PAGE.read_text("utf-8").splitlines() if n.startswith(f"| `{fault['id']}` |")
    )
    assert str(fault["plants"]) in line
    assert all(f"`{rule}`" in line for rule in fault["expected"])  # type: ignore[attr-defined]


def test_every_column_of_the_truth_is_on_the_page() -> None:
    text = PAGE.read_text("utf-8")
    assert all(f"`{name}`" in text for name in TRUTH)


def test_a_council_shown_is_one_line_and_no_tables(small: Council) -> None:
    assert (
        repr(small) == "Council(seed=1, size='small', as_at=2026-09-30, 3728 children, 43 faults)"
    )
    assert len(fields(small)) > 30
