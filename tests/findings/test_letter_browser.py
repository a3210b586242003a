"""The letter in a real browser: open to everybody, by eye, keyboard, phone and print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from in_browser import STANDARDS, chromium, needs_chromium

from upturn.findings.model import Findings
from upturn.render.letter import letter_html

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = needs_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def address(letter: Findings, tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("page") / "findings.html"
    file.write_bytes(letter_html(letter).encode())
    return file.as_uri()


@pytest.mark.parametrize(("width", "opened"), [(1280, True), (320, False), (320, True)])
def test_the_letter_breaks_no_rule_of_accessibility(
    browser: Any, address: str, width: int, opened: bool
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text))
    page.on("request", lambda asked: troubles.append(asked.url) if asked.url != address else None)
    page.goto(address)
    if opened:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    rules = {"runOnly": {"type": "tag", "values": STANDARDS}}
    found = axe.Axe().run(page, options=rules).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [t for t in troubles if not t.startswith("data:")] == []
    page.close()


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
