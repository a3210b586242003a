"""The page of "Why" in a real browser: open to everybody, on a desk and on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from in_browser import hold_to_the_rules, needs_chromium, watched

from upturn.causes.model import Waiting, Why
from upturn.render.why import why_html

pytestmark = needs_chromium
DAYS = tuple(
    Waiting(period, "assessments", "assessments ended", "twin", 700.0,
            (("waiting for allocation", 3.0), ("waiting for the worker", 20.0), ("the work itself", 9.0)))
    for period in ("January to June 2025", "July to December 2025")
)  # fmt: skip


@pytest.fixture(scope="module")
def addresses(
    ask: Callable[..., Why], planted: Why, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    out: Path = tmp_path_factory.mktemp("page")
    england = ask(before=None)
    # a quiet year, a year with causes and days, and a comparison with England
    told = {"quiet": ask(1011), "planted": replace(planted, waiting=DAYS), "england": england}
    for name, why in told.items():
        (out / f"{name}.html").write_bytes(why_html(why).encode())
    return {name: (out / f"{name}.html").as_uri() for name in told}


@pytest.mark.parametrize("width", [1200, 320])
@pytest.mark.parametrize("which", ["quiet", "planted", "england"])
def test_the_page_breaks_no_rule_of_accessibility(
    browser: Any, addresses: dict[str, str], which: str, width: int
) -> None:
    hold_to_the_rules(browser, addresses[which], width=width)


def test_every_picture_has_its_figures_in_a_table_beside_it(
    browser: Any, addresses: dict[str, str]
) -> None:
    with watched(browser, addresses["planted"]) as opened:
        page = opened()
        pictures = page.locator("figure svg[role=img]")
        assert pictures.count() >= 4
        assert all(pictures.nth(n).get_attribute("aria-label") for n in range(pictures.count()))
        assert page.locator("table").count() >= pictures.count()
