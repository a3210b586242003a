"""The workload page in a real browser: open to everybody, and never an average alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from in_browser import hold_to_the_rules, needs_chromium

from upturn.render.workload import workload_html
from upturn.workload.result import Workload

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def address(clean_workload: Workload, tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("page") / "workload.html"
    file.write_bytes(workload_html(clean_workload).encode())
    return file.as_uri()


@pytest.mark.parametrize(("width", "unfold"), [(1280, True), (320, False), (320, True)])
def test_the_page_breaks_no_rule_of_accessibility(
    browser: Any, address: str, width: int, unfold: bool
) -> None:
    hold_to_the_rules(browser, address, width=width, unfold=unfold)


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
