"""``upturn report read``: files, screen and JSON say the same, with the place of everything."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from made_reports import as_pdf, as_text, ilacs, sif

import upturn
from upturn.published.report.model import AREAS
from upturn.published.report.read import read_report
from upturn.records.sheets import SourceError
from upturn.render.delivery import OutputError
from upturn.render.read_reports import READ_OUTPUTS

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "one.pdf", tmp_path / "two.txt"]
    paths[0].write_bytes(as_pdf(ilacs(help_grade="good")))
    paths[1].write_text(as_text(sif()), "utf-8")
    return paths


def test_all_the_files_are_written_and_say_the_same(files: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    upturn.report.read(files, out=out)
    assert sorted(file.name for file in out.iterdir()) == sorted(READ_OUTPUTS)
    said = json.loads((out / "reports.json").read_text("utf-8"))
    rows = list(csv.DictReader(io.StringIO((out / "judgements.csv").read_text("utf-8-sig"))))
    for report in said["reports"]:
        graded = {j["area"]: j["grade"] for j in report["judgements"] if j["grade"]}
        assert graded == {
            row["area"]: row["grade"]
            for row in rows
            if row["file"] == report["file"] and row["grade"]
        }
        assert all(j["page"] and j["text"] for j in report["judgements"] if j["state"] == "found")
    book = openpyxl.load_workbook(out / "reports.xlsx")
    assert book.sheetnames == [
        "Reports", "Judgements", "Asked for", "Since last time", "Strengths and concerns",
        "Paragraphs", "Not found", "Not read",
    ]  # fmt: skip
    assert book["Asked for"].max_row == 1 + 2 + 3


def test_what_was_not_found_or_is_in_dispute_has_its_place(
    files: list[Path], tmp_path: Path
) -> None:
    upturn.report.read(files, out=tmp_path / "out")
    sheet = openpyxl.load_workbook(tmp_path / "out" / "reports.xlsx")["Not found"]
    rows = {
        row[4].value: (row[5].value, row[6].value, row[7].value)
        for row in sheet.iter_rows(min_row=2)
    }
    assert rows["published"][0] == "not found"
    assert "Report published" in rows["published"][1]
    assert rows["grade of help_protection"][0] == "disagree"
    assert "page 1:" in rows["grade of help_protection"][2]
    assert "page 2:" in rows["grade of help_protection"][2]


def test_the_page_needs_nothing_but_itself_and_escapes_what_it_read(tmp_path: Path) -> None:
    pages = ilacs()
    pages[1][3] = "• The <script>alert(1)</script> & so on, so that those who are"
    (tmp_path / "one.pdf").write_bytes(as_pdf(pages))
    upturn.report.read(tmp_path / "one.pdf", out=tmp_path / "out")
    page = (tmp_path / "out" / "reports.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_same_file_gives_the_same_bytes(files: list[Path], tmp_path: Path) -> None:
    for name in ("a", "b"):
        upturn.report.read(files, out=tmp_path / name)
    for name in READ_OUTPUTS:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_one_bad_file_does_not_stop_the_others(
    files: list[Path], tmp_path: Path, report_cli: Cli
) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"\x89PNG")
    code, out, err = report_cli("report", "read", *files, bad, "--json")
    assert code == 2
    said = json.loads(out)
    assert [report["file"] for report in said["reports"]] == ["one.pdf", "two.txt"]
    assert said["not_read"][0]["file"] == "bad.pdf"
    assert (
        err
        == "upturn: not read: bad.pdf: it is a picture; run text recognition (OCR) on it first\n"
    )


def test_nothing_readable_is_an_error_in_one_line(tmp_path: Path, report_cli: Cli) -> None:
    code, out, err = report_cli("report", "read", tmp_path / "none.pdf")
    assert (code, out, err.count("\n")) == (2, "", 1)
    with pytest.raises(SourceError):
        upturn.report.read([])


def test_the_screen_shows_grades_with_their_places_and_what_to_look_at(
    files: list[Path], report_cli: Cli
) -> None:
    code, out, _ = report_cli("report", "read", files[0])
    assert code == 0
    assert "table, page 1: requires improvement; heading, page 2: good" in " ".join(out.split())
    assert "Look at: Places in the report disagree on: help_protection." in out
    code, out, _ = report_cli("report", "read", *files, files[1])
    assert out.count("two.txt") == 2


def test_a_folder_that_cannot_be_written_is_an_error_and_leaves_nothing(
    files: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file", "utf-8")
    with pytest.raises(OutputError):
        upturn.report.read(files, out=tmp_path / "taken")


def test_grades_that_do_not_go_together_are_something_to_look_at(tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    table = sif()[0][10:17]
    table[-1] = "3. Leadership, management and governance Inadequate"
    path.write_text(as_text(sif(table=table)), "utf-8")
    assert any(
        "leaders is inadequate and overall is not" in n
        for n in read_report(path, statements=False).notes
    )


def test_the_summary_is_a_second_place_for_the_overall_grade(tmp_path: Path) -> None:
    pages = sif()
    pages[2][1] = "Children’s services in Poole are inadequate. They were good in 2011."
    path = tmp_path / "two.txt"
    path.write_text(as_text(pages), "utf-8")
    overall = read_report(path, statements=False).judgements[0]
    assert (overall.area, overall.state) == (AREAS[0], "disagree")
    assert [(a.kind, a.grade) for a in overall.anchors] == [
        ("sentence", "requires improvement"),
        ("summary", "inadequate"),
    ]
