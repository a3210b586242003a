"""The demo writes any of the three formats, or each of them from one truth."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import upturn

FORMATS = {
    "annex-a": ("annex_a", {"annex_a.xlsx"}),
    "cin-census": ("cin_census", {"cin_census.xml"}),
    "ssd": ("ssd", {"ssd"}),
    "all": ("annex_a+cin_census+ssd", {"annex_a.xlsx", "cin_census.xml", "ssd"}),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_demo_writes_the_format_it_is_asked_for(name: str, tmp_path: Path) -> None:
    source, files = FORMATS[name]
    made = upturn.demo(format=name, out=tmp_path / "demo")  # type: ignore[arg-type]
    written = {file.name for file in (tmp_path / "demo").iterdir()}
    assert made.casebook.source == source
    assert files == written & {"annex_a.xlsx", "cin_census.xml", "ssd"}
    summary = json.loads((tmp_path / "demo" / "summary.json").read_text("utf-8"))
    assert len(summary["sources"]) == (3 if name == "all" else 0)


def test_the_demo_is_as_at_the_date_it_is_asked_for(tmp_path: Path) -> None:
    made = upturn.demo(format="cin-census", as_at=date(2026, 3, 31), out=tmp_path)
    assert made.as_at == date(2026, 3, 31)


def test_a_date_no_council_can_be_made_up_for_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(upturn.SourceError, match="2019-01-01 to 2032-12-31"):
        upturn.demo(as_at=date(2001, 1, 1), out=tmp_path)
