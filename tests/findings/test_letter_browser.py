"""The letter in a real browser: open to everybody, by eye, keyboard, phone and print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from in_browser import hold_to_the_rules, needs_chromium

from upturn.findings.model import Findings
from upturn.render.letter import letter_html

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def address(letter: Findings, tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("page") / "findings.html"
    file.write_bytes(letter_html(letter).encode())
    return file.as_uri()


@pytest.mark.parametrize(("width", "unfold"), [(1280, True), (320, False), (320, True)])
def test_the_letter_breaks_no_rule_of_accessibility(
    browser: Any, address: str, width: int, unfold: bool
) -> None:
    hold_to_the_rules(browser, address, width=width, unfold=unfold)


def test_every_finding_opens_to_its_children(browser: Any, address: str, letter: Findings) -> None:
    page = browser.new_page()
    page.goto(address)
    for finding in letter.of("found"):
        if finding.n > 400:
            continue
        card = page.locator(f"article#{finding.pattern.id}")
        card.locator("summary").first.click()
        assert card.locator("table").first.locator("tbody tr").count() == finding.n
    page.close()
