"""The page of a simulated future in a real browser: open to everybody, on a desk and on a telephone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from in_browser import hold_to_the_rules, needs_chromium, watched

from upturn.render.twin_page import run_html
from upturn.twin.parameters import department
from upturn.twin.projection import project
from upturn.twin.scenario import Change, Scenario

pytestmark = needs_chromium
MORE = Scenario("two more posts", (Change("posts", add=2),))


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Doing nothing alone, and a scenario beside it."""
    out: Path = tmp_path_factory.mktemp("page")
    small = department(posts=4, contacts_a_month=13, teams=1, manager_posts=1, screening_posts=1)
    for name, scenarios in (("nothing", ()), ("compared", (MORE,))):
        found = project(small, scenarios=scenarios, start=date(2026, 10, 1), months=12, reps=8)
        assert found is not None
        (out / f"{name}.html").write_bytes(run_html(found).encode())
    return {name: (out / f"{name}.html").as_uri() for name in ("nothing", "compared")}


@pytest.mark.parametrize("width", [1200, 320])
@pytest.mark.parametrize("which", ["nothing", "compared"])
def test_the_page_breaks_no_rule_of_accessibility(
    browser: Any, addresses: dict[str, str], which: str, width: int
) -> None:
    hold_to_the_rules(browser, addresses[which], width=width)


def test_the_letters_of_a_chart_stay_readable_on_a_telephone(
    browser: Any, addresses: dict[str, str]
) -> None:
    with watched(browser, addresses["compared"]) as opened:
        page = opened(width=320)
        high = page.evaluate(
            "[...document.querySelectorAll('.fan text')].map((t) => t.getBoundingClientRect().height)"
        )
        assert high
        assert min(high) >= 10
