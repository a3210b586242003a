"""The plan in a real browser: open to everybody, by eye, keyboard and phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from upturn.improvement import Action, Plan
from upturn.improvement.model import Evidence, Line, Note, PlanMeasure, Rating, Trace
from upturn.render.plan import plan_html

sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SAID = Trace("report", "Visits are late for too many children.", 4, 12)
STATES = (
    "named in the report",
    "to be tested",
    "found",
    "not found",
    "strength",
    "not tested",
    "begun",
)
ACTION = Action(
    "A1", "Visits", (SAID,), good=("Seen.",), action="Ask.", supports=(SAID,),
    findings=tuple(Line("Something", SAID, "x", state) for state in STATES),
    causes=tuple(Line("Workload", SAID, "workload", state) for state in STATES[:2]),
    remedies=(Line("Begun", SAID, state="begun"),),
    measures=(PlanMeasure("m", "A measure with a long name that has to wrap somewhere", "percent", "high",
                          SAID, 80.0, 32, 40, date(2026, 9, 30), target=95.0, target_from="England"),),
    to_show=("An audit",), evidence=(Evidence("Audit"),), done=(Rating(date(2026, 1, 1), "done"),),
    difference=(Rating(date(2026, 1, 1), "none"),), notes=(Note(date(2026, 1, 1), "Noted"),),
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize(("width", "opened"), [(1280, True), (320, False), (320, True)])
def test_the_plan_breaks_no_rule_of_accessibility(
    browser: Any, tmp_path: Path, width: int, opened: bool
) -> None:
    file = tmp_path / "plan.html"
    file.write_bytes(plan_html(Plan("Plan", "Cumbria", (ACTION,), notices=("Draft.",))).encode())
    page = browser.new_page(viewport={"width": width, "height": 900})
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text))
    page.on("request", lambda asked: troubles.append(asked.url))
    page.goto(file.as_uri())
    if opened:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    rules = {"runOnly": {"type": "tag", "values": STANDARDS}}
    found = axe.Axe().run(page, options=rules).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [t for t in troubles if not t.startswith("data:") and t != file.as_uri()] == []
    page.close()
