"""However many commands there are, they end in one way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer

from upturn.cli.closing import close, end_with_refused, needs_out, page_and_workbook
from upturn.cli.extract import reads_extract
from upturn.render import word_extra


def ended(capsys: pytest.CaptureFixture[str], **given: Any) -> str:
    close(3, screen=lambda n: f"{n} found", record=lambda n: {"found": n}, **given)
    return capsys.readouterr().out


def test_json_is_printed_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    out = ended(capsys, json=True, written="Open why.html.", word="why.docx")
    assert out == '{\n  "found": 3\n}\n'


def test_the_screen_has_the_result_and_then_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(capsys, json=False, written="Open why.html.") == "3 found\nOpen why.html.\n"
    assert ended(capsys, json=False) == "3 found\n"


@pytest.mark.parametrize(
    ("written", "says"),
    [("Open why.html.", True), ("", False)],
    ids=["something was written", "nothing was"],
)
def test_a_word_document_left_out_is_said_when_there_are_files(
    written: str,
    says: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(word_extra, "find_spec", lambda _: None)
    out = ended(capsys, json=False, written=written, word="why.docx")
    assert ("why.docx was left out" in out) is says


@pytest.mark.parametrize(
    ("document", "missing", "because"),
    [
        ("why.docx", True, "its charts are drawn with Pillow"),
        ("national_report.docx", True, "so are those of the report on the field"),
        ("plan.docx", False, "a plan has no picture"),
    ],
)
def test_a_document_with_pictures_is_left_out_without_what_draws_them(
    document: str,
    missing: bool,
    because: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(word_extra, "find_spec", lambda name: None if name == "PIL" else name)
    out = ended(capsys, json=False, written="Open it.", word=document)
    assert (f"{document} was left out: Pillow is not installed" in out) is missing, because


def test_files_not_read_are_said_one_by_one_and_end_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ending:
        end_with_refused((("a.txt", "a.txt: empty"), ("b.txt", "b.txt: no report")))
    assert ending.value.exit_code == 2
    said = capsys.readouterr()
    assert said.err == "upturn: not read: a.txt: empty\nupturn: not read: b.txt: no report\n"
    assert said.out == ""
    end_with_refused(())
    assert capsys.readouterr().err == ""


def test_several_parts_are_shown_one_after_another(capsys: pytest.CaptureFixture[str]) -> None:
    close(["first", "second"], json=False, screen=lambda parts: parts)
    assert capsys.readouterr().out == "first\nsecond\n"


def test_where_the_page_and_the_workbook_are(tmp_path: Path) -> None:
    said = page_and_workbook(tmp_path, "why")
    assert str(tmp_path / "why.html") in said
    assert str(tmp_path / "why.xlsx") in said


def test_an_option_about_what_is_written_is_refused_when_nothing_is(tmp_path: Path) -> None:
    needs_out("--publish", out=tmp_path)
    with pytest.raises(typer.BadParameter, match="say where to write it"):
        needs_out("--publish", out=None)


def test_a_command_is_given_how_its_extract_is_read_as_its_verb_takes_it() -> None:
    told: dict[str, Any] = {}

    @reads_extract("as_at", "overlay", "sheet")
    def look(source: str, *, reading: dict[str, Any], json: bool = False) -> None:
        told.update(reading, source=source, json=json)

    look(source="a.xlsx", as_at=None, overlay=None, sheet=["4=New"], json=True)
    assert told == {"source": "a.xlsx", "as_at": None, "overlays": (), "sheets": {4: "New"},
                    "json": True}  # fmt: skip
