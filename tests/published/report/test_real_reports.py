"""The reader on published reports, where they are at hand; they are no part of the project."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from upturn.published.report.model import AREAS
from upturn.published.report.read import read_report

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not (DATA / "reports" / "index.csv").exists(), reason="the published reports are not here"
)


def judged() -> dict[tuple[str, str], dict[str, str]]:
    text = (DATA / "ofsted_judgements_2013_2026.csv").read_text("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text))
    return {(row["la"].replace(" ", "-"), row["published"]): row for row in rows}


def files() -> list[Path]:
    return sorted((DATA / "reports").glob("*.pdf"))


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_every_grade_and_fact_of_a_published_report(path: Path) -> None:
    name, _, day = path.stem.rpartition("_")
    row = judged()[(name, day)]
    report = read_report(path, statements=False)
    assert report.authority_code.value == row["la_code"]
    assert report.framework.value == row["framework"]
    assert report.fieldwork_start.state == report.fieldwork_end.state == "found"
    assert report.inspectors.state == "found"
    assert report.recommendations
    for area in AREAS:
        if area == "lscb" and not row["lscb"]:
            continue  # the list seldom has the board's grade
        assert (report.grade(area) or "") == row[area], area


@pytest.mark.parametrize("path", files()[::6], ids=lambda path: path.stem)
def test_paragraph_numbers_run_through_without_a_gap_or_a_repeat(path: Path) -> None:
    report = read_report(path, statements=False)
    numbers = [p.number for p in report.paragraphs if p.number]
    numbers += [r.number for r in report.recommendations if r.number]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
