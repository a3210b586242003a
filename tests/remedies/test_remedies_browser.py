"""The page of advice in a real browser: open to everybody, on a desk and on a telephone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from advice_toy import toy_advice
from in_browser import hold_to_the_rules, needs_chromium, watched

from upturn.remedies.costs import Costs
from upturn.render.remedies import remedies_html

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def addresses(costs: Costs, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    out: Path = tmp_path_factory.mktemp("page")
    told = toy_advice(costs)
    alone = replace(told, options=(told.nothing,), frontier=(), alone=(), spiral=None, swings=())
    example = replace(told, costs=replace(told.costs, example=True))
    for name, advice in (("told", told), ("nothing", alone), ("example", example)):
        (out / f"{name}.html").write_bytes(remedies_html(advice).encode())
    return {name: (out / f"{name}.html").as_uri() for name in ("told", "nothing", "example")}


@pytest.mark.parametrize("width", [1200, 320])
@pytest.mark.parametrize("which", ["told", "nothing", "example"])
def test_the_page_breaks_no_rule_of_accessibility(
    browser: Any, addresses: dict[str, str], which: str, width: int
) -> None:
    hold_to_the_rules(browser, addresses[which], width=width)


@pytest.mark.parametrize("width", [1200, 1000, 700, 320])
def test_no_big_figure_runs_out_of_its_tile(
    browser: Any, addresses: dict[str, str], width: int
) -> None:
    with watched(browser, addresses["told"]) as opened:
        page = opened(width=width)
        over = page.evaluate(
            "[...document.querySelectorAll('.tile .big')].filter((b) => b.scrollWidth > b.clientWidth + 1)"
            ".map((b) => b.textContent)"
        )
        assert over == []
