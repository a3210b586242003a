"""The national pages in a real browser: open to everybody, by eye, keyboard and phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from in_browser import hold_to_the_rules, needs_chromium

import upturn

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def written(panel_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    upturn.national.show("Area 301", panel=panel_file, out=folder)
    upturn.national.report(out=folder, panel=panel_file)
    return folder


@pytest.mark.parametrize("name", ["national.html", "national_report.html"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_break_no_rule_of_accessibility(
    browser: Any, written: Path, name: str, width: int
) -> None:
    hold_to_the_rules(browser, (written / name).as_uri(), width=width)
