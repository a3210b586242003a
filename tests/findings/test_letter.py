"""The letter: four files that agree, no grade, no worker named, nothing that runs."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from upturn.findings.load import load_frameworks
from upturn.findings.model import Findings
from upturn.findings.run import findings_of
from upturn.journeys.result import Check
from upturn.render import letter_outputs
from upturn.render.letter import letter_html
from upturn.render.letter_outputs import LETTER_OUTPUTS, write_findings


@pytest.fixture(scope="module")
def out(letter: Findings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("letter")
    write_findings(letter, folder)
    return folder


def document_text(path: Path) -> str:
    docx = pytest.importorskip("docx")
    document = docx.Document(str(path))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_four_files_are_written(out: Path) -> None:
    pytest.importorskip("docx")
    assert sorted(f.name for f in out.iterdir()) == sorted(LETTER_OUTPUTS)


def test_without_the_writer_of_word_documents_the_rest_is_written(
    letter: Findings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upturn.render.word_extra.find_spec", lambda _: None)
    written = {p.name for p in write_findings(letter, tmp_path / "out")}
    assert written == set(LETTER_OUTPUTS) - {"findings.docx"}
    assert "pip install 'upturn[word]'" in letter_outputs.word_missing()


def test_every_finding_is_in_every_file(letter: Findings, out: Path) -> None:
    page = re.sub(r"\s+", " ", (out / "findings.html").read_text("utf-8"))
    word = document_text(out / "findings.docx")
    record = json.loads((out / "findings.json").read_text("utf-8"))
    said = {f["question"]: f["sentence"] for f in record["findings"]}
    for finding in letter.findings:
        assert said[finding.pattern.id] == finding.sentence
        if finding.verdict in ("found", "strength"):
            assert finding.sentence in page.replace("&#39;", "'")
            assert finding.sentence in word


def test_no_worker_is_named(letter: Findings, out: Path) -> None:
    workers = {
        name for table in letter.check.casebook.tables.values()
        for name in table["worker"].drop_nulls() if " " in name.strip()
    }  # fmt: skip
    assert len(workers) > 20
    for text in (letter_html(letter), document_text(out / "findings.docx"),
                 (out / "findings.json").read_text("utf-8")):  # fmt: skip
        assert [name for name in workers if name in text] == []


def test_no_grade_is_given(out: Path) -> None:
    page = (out / "findings.html").read_text("utf-8")
    assert "It gives no grade and predicts none" in page
    record = json.loads((out / "findings.json").read_text("utf-8"))
    assert not any("grade" in key or "judgement" in key for key in record)
    assert not re.search(r"\b(outstanding|requires improvement|inadequate)\b", page, re.IGNORECASE)


def test_the_workbook_has_a_sheet_of_children_for_each_question(
    letter: Findings, out: Path
) -> None:
    book = openpyxl.load_workbook(out / "findings.xlsx")
    for finding in letter.of("found"):
        rows = list(book[finding.pattern.id[:31]].iter_rows(values_only=True))
        counts = rows[0].index("counts")
        assert sum(row[counts] == "yes" for row in rows[1:]) == finding.n
        assert len(rows) - 1 == finding.of


@pytest.mark.parametrize("framework", load_frameworks(), ids=lambda f: f.id)
def test_every_framework_has_its_letter(messy: Check, framework: object) -> None:
    found = findings_of(messy, framework_id=framework.id)  # type: ignore[attr-defined]
    page = letter_html(found)
    for area, title in found.framework.areas:
        assert f'id="area-{area}"' in page
        assert title.replace("'", "&#39;") in page
    outside = [f for f in found.of("found") if f.pattern.theme not in found.framework.criteria]
    assert ("Outside this framework" in page) == bool(outside)


def test_what_the_extract_holds_cannot_run_in_the_page(letter: Findings) -> None:
    bad = "<script>alert(1)</script>"
    finding = letter.of("found")[0]
    cases = finding.cases.with_columns(child_id=pl.lit(bad), team=pl.lit(bad), reason=pl.lit(bad))
    page = letter_html(replace(letter, findings=(replace(finding, cases=cases),)))
    assert bad not in page
    assert "<script" not in page
    assert "default-src 'none'" in page.replace("&#39;", "'")


def test_the_page_asks_nothing_of_a_network(out: Path) -> None:
    page = (out / "findings.html").read_text("utf-8")
    assert not re.search(r"(src|href)=\"(?!#|data:)", page)
