"""The workload page in a real browser: open to everybody, and never an average alone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from upturn.render.workload import workload_html
from upturn.workload.result import Workload

sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(clean_workload: Workload, tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("page") / "workload.html"
    file.write_bytes(workload_html(clean_workload).encode())
    return file.as_uri()


@pytest.mark.parametrize(("width", "opened"), [(1280, True), (320, False), (320, True)])
def test_the_page_breaks_no_rule_of_accessibility(
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


def test_whatever_says_a_mean_says_the_spread_and_the_top(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    spoken = [p for p in page.locator("p, li").all_inner_texts() if re.search(r"\(mean ", p)]
    assert len(spoken) >= 2
    assert all("half have" in p and "the most is" in p for p in spoken)
    tables = page.locator("table").all()
    heads = [[h.strip() for h in t.locator("thead th").all_inner_texts()] for t in tables]
    with_means = [h for h in heads if "Mean" in h]
    assert with_means
    assert all({"Least", "Middle", "Tenth above", "Most"} <= set(h) for h in with_means)
    page.close()
