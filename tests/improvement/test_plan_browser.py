"""The plan in a real browser: open to everybody, by eye, keyboard and phone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from in_browser import hold_to_the_rules, needs_chromium

from upturn.improvement import Action, Plan
from upturn.improvement.model import Evidence, Line, Note, PlanMeasure, Rating, Trace
from upturn.render.plan import plan_html

pytestmark = needs_chromium
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


@pytest.mark.parametrize(("width", "unfold"), [(1280, True), (320, False), (320, True)])
def test_the_plan_breaks_no_rule_of_accessibility(
    browser: Any, tmp_path: Path, width: int, unfold: bool
) -> None:
    file = tmp_path / "plan.html"
    file.write_bytes(plan_html(Plan("Plan", "Cumbria", (ACTION,), notices=("Draft.",))).encode())
    hold_to_the_rules(browser, file.as_uri(), width=width, unfold=unfold)
