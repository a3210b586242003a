"""Pages in a real browser: Chromium started once, and every page watched while it is open.

Importing this skips a file of tests where there is no Playwright.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
#: The rules of accessibility that a page is held against.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser, ended afterwards."""
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def watched(browser: Any, address: str, *ready: Callable[[Any], object]) -> Iterator[Any]:
    """Opens the page at ``address``: ``opened("#anchor", width=320, script=False)``.

    Whatever a page says to the console, asks of a network or pops up fails the test. ``ready`` is what to
    wait for where scripts run.
    """
    contexts: list[Any] = []
    troubles: list[str] = []

    def opened(anchor: str = "", *, width: int = 1280, script: bool = True) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: troubles.append(said.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("dialog", lambda dialog: (troubles.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda asked: _note(asked.url, address, troubles))
        page.goto(address + anchor)
        for wait in ready if script else ():
            wait(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []


def _note(url: str, address: str, troubles: list[str]) -> None:
    if not url.startswith((address, "data:", "blob:")):
        troubles.append(f"asked for {url}")


def hold_to_the_rules(browser: Any, address: str, *, width: int, unfold: bool = True) -> None:
    """Open a page in a window ``width`` pixels wide and fail unless `keeps_the_rules`.

    With ``unfold`` all that can be opened is open.
    """
    with watched(browser, address) as opened:
        page = opened(width=width)
        if unfold:
            page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        keeps_the_rules(page, width=width)


def keeps_the_rules(page: Any, *, width: int) -> None:
    """Fail unless an open page breaks no rule of accessibility and is no wider than ``width`` pixels."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, options={"runOnly": STANDARDS, "resultTypes": ["violations"]})
    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
