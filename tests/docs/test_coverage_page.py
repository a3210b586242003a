"""The page of coverage names everything that can be tested, and why not where it cannot."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
from docs_pages import coverage

from upturn.rulebooks.model import SOURCES, TESTED

KINDS = {"clocks": coverage.clocks, "measures": coverage.measures, "questions": coverage.questions}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_tested_in_full_has_its_reason(kind: str) -> None:
    lines = KINDS[kind]()
    assert len(lines) > 30
    for name, _, covers in lines:
        for source in SOURCES:
            said = covers[source]
            assert said.tested == "full" or said.because, (name, source)


@pytest.mark.parametrize("kind", KINDS)
def test_sources_together_test_as_much_as_the_best_of_them(kind: str) -> None:
    for name, _, covers in KINDS[kind]():
        for together in coverage.TOGETHER:
            best = min(TESTED.index(covers[one].tested) for one in together.split("+"))
            assert TESTED.index(covers[together].tested) == best, (name, together)


def test_every_line_is_on_the_page() -> None:
    page = coverage.page()
    for lines in KINDS.values():
        for name, _, _ in lines():
            assert name.replace("|", "\\|") in page
