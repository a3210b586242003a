"""The authority's page and the state of the field: whole, self-contained, and every figure traceable."""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from made_reports import as_text, ilacs
from typer.testing import CliRunner

import upturn
import upturn.render.field as render
from upturn.cli.app import app
from upturn.published.national.field import Field
from upturn.published.national.panel import Panel
from upturn.render.drawing import Drawing, png, svg
from upturn.render.field import FIELD_OUTPUTS
from upturn.render.national_outputs import AUTHORITY_OUTPUTS


@pytest.fixture(scope="module")
def authority(panel_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    upturn.national.show("Area 301", panel=panel_file, out=folder)
    return folder


@pytest.fixture(scope="module")
def field(panel_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Field, Path]:
    folder = tmp_path_factory.mktemp("field")
    return upturn.national.report(out=folder, panel=panel_file), folder


def test_all_files_of_an_authority_are_written(authority: Path) -> None:
    assert {file.name for file in authority.iterdir()} == set(AUTHORITY_OUTPUTS)


def test_all_files_of_the_report_are_written(field: tuple[Field, Path]) -> None:
    pytest.importorskip("docx")
    pytest.importorskip("PIL")
    assert {file.name for file in field[1].iterdir()} == set(FIELD_OUTPUTS)


def pages(authority: Path, field: tuple[Field, Path]) -> list[str]:
    return [
        (authority / "national.html").read_text("utf-8"),
        (field[1] / "national_report.html").read_text("utf-8"),
    ]


def test_the_pages_ask_nothing_of_anybody(authority: Path, field: tuple[Field, Path]) -> None:
    for page in pages(authority, field):
        assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", page)
        assert "default-src 'none'" in html.unescape(page)
        assert " style=" not in page, "the policy would refuse it"
        assert "<script" not in page


def test_drawings_have_words_for_those_who_cannot_see_them(
    authority: Path, field: tuple[Field, Path]
) -> None:
    for page in pages(authority, field):
        drawn = re.findall(r'<svg class="drawn"[^>]*role="img" aria-label="([^"]+)"', page)
        assert drawn
        assert all(len(words) > 20 for words in drawn)


def test_the_pages_have_one_heading_and_name_each_table(
    authority: Path, field: tuple[Field, Path]
) -> None:
    for page in pages(authority, field):
        assert page.count("<h1>") == 1
        assert page.count("<table") == page.count("<caption>")


def test_inspections_are_marked_on_the_drawings(authority: Path) -> None:
    page = (authority / "national.html").read_text("utf-8")
    vacancy = page.split('id="vacancy"')[1].split("</section>")[0]
    assert re.search(r"<text[^>]*>I</text>", vacancy)
    assert re.search(r"<text[^>]*>G</text>", vacancy)


def test_every_value_of_the_authority_is_the_one_on_its_line(
    authority: Path, panel: Panel, panel_file: Path
) -> None:
    found = pl.read_csv(authority / "national.csv").filter(figure="vacancy").drop_nulls("own")
    assert found.height == 12
    for row in found.to_dicts():
        line = list(csv.reader((panel_file.parent / row["file"]).open()))[row["row"] - 1]
        assert float(line[7]) == pytest.approx(row["own"])
        assert line[5] == "301"


def test_every_fact_has_its_rows_and_every_row_its_fact(field: tuple[Field, Path]) -> None:
    found, folder = field
    trace = pl.read_csv(folder / "national_trace.csv", infer_schema=False)
    ids = [fact.id for fact in found.facts]
    assert len(set(ids)) == len(ids)
    with_rows = set(trace["fact"])
    assert with_rows <= set(ids)
    assert set(ids) - with_rows <= {f.id for f in found.of("recovery")}, (
        "a driver that never moved has no row"
    )


def test_every_traced_value_is_in_its_file_at_its_line(
    field: tuple[Field, Path], panel_file: Path
) -> None:
    trace = pl.read_csv(field[1] / "national_trace.csv", infer_schema=False)
    lines: dict[str, list[list[str]]] = {}
    for row in trace.sample(min(400, trace.height), seed=1).to_dicts():
        file = lines.setdefault(
            row["file"], list(csv.reader((panel_file.parent / row["file"]).open()))
        )
        cells = file[int(row["row"]) - 1]
        if row["what"].startswith(("judgement", "overall", "became")):
            assert any(code in row["area"] for code in (cells[1],))
        else:
            values = [float(cell) for cell in cells[7:]]
            assert any(value == pytest.approx(float(row["value"])) for value in values)


def test_every_fact_is_on_the_page_with_its_number(field: tuple[Field, Path]) -> None:
    page = (field[1] / "national_report.html").read_text("utf-8")
    for fact in field[0].facts:
        assert f'id="{fact.id}"' in page


def test_no_sentence_predicts(field: tuple[Field, Path]) -> None:
    page = (field[1] / "national_report.html").read_text("utf-8")
    text = re.sub(r"<[^>]+>", " ", page.split("<body>")[1]).lower()
    assert "will be judged" not in text
    assert "likely to be" not in text
    assert "nothing predicts a judgement" in text
    assert "no cause is identified" in text


def test_the_same_panel_gives_the_same_bytes(
    field: tuple[Field, Path], panel_file: Path, tmp_path: Path
) -> None:
    upturn.national.report(out=tmp_path, panel=panel_file)
    for name in ("national_report.html", "national_trace.csv", "national_report.json"):
        assert (tmp_path / name).read_bytes() == (field[1] / name).read_bytes(), name


def test_the_word_document_says_the_same_and_has_its_pictures(field: tuple[Field, Path]) -> None:
    docx = pytest.importorskip("docx")
    pytest.importorskip("PIL")
    document = docx.Document(str(field[1] / "national_report.docx"))
    text = "\n".join(p.text for p in document.paragraphs)
    for fact in field[0].facts:
        if fact.part != "recovery":
            assert f"{fact.words} [{fact.id}]" in text
    assert len(document.inline_shapes) >= 4
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)


def test_without_its_writers_the_word_document_is_left_out_and_that_is_said(
    field: tuple[Field, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upturn.render.word_extra.find_spec", lambda _: None)
    render.write_field(field[0], tmp_path)
    assert not (tmp_path / "national_report.docx").exists()
    assert (tmp_path / "national_report.html").exists()
    assert "national_report.docx was left out" in render.word_missing()


def test_a_report_that_cannot_be_written_leaves_nothing(
    field: tuple[Field, Path], tmp_path: Path
) -> None:
    target = tmp_path / "out"
    target.write_text("a file")
    with pytest.raises(upturn.OutputError, match="it is a file"):
        render.write_field(field[0], target)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def drawing() -> Drawing:
    made = Drawing(100, 50, 'says <b> & "more"')
    made.area([(0, 0), (10, 0), (10, 10)], "band")
    made.line([(0, 0), (50, 40)], "england")
    made.dot(20, 20, 3, "own")
    made.text(5, 45, "a < b & c")
    return made


def test_a_drawing_says_nothing_that_a_browser_would_run() -> None:
    found = str(svg(drawing()))
    assert "<b>" not in found
    assert "a &lt; b &amp; c" in found


def test_a_drawing_is_a_picture_too() -> None:
    image = pytest.importorskip("PIL.Image")
    found = image.open(BytesIO(png(drawing(), scale=3)))
    assert found.size == (300, 150)
    colours = {colour for _, colour in found.getcolors(100_000)}
    assert (18, 67, 109) in colours, "the dot is our blue"


Run = Callable[..., Any]


@pytest.fixture
def run(panel_file: Path) -> Run:
    def ran(*words: str, ok: bool = True) -> Any:
        found = CliRunner().invoke(app, ["national", *words, "--panel", str(panel_file)])
        assert (found.exit_code == 0) is ok, found.output
        return found

    return ran


def test_an_authority_needs_no_word_before_it(run: Run) -> None:
    assert run("Area 301").output == run("show", "Area 301").output
    assert "Inspections of Area 301" in run("301").output


def test_a_name_that_is_nearly_right_is_told(run: Run) -> None:
    found = run("Aera 301", ok=False)
    assert "did you mean Area 3" in str(found.exception)


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (("show", "301"), {"authority", "figures", "judgements", "sources"}),
        (("effects", "vacancy"), {"estimates", "ways_at_first_census", "not_identified", "rows"}),
        (("alike", "301"), {"here", "table"}),
    ],
)
def test_json_is_all_that_is_printed(run: Run, words: tuple[str, ...], keys: set[str]) -> None:
    assert keys <= set(json.loads(run(*words, "--json").output))


def test_the_terminal_says_what_is_not_identified(run: Run) -> None:
    assert "No cause is identified" in run("effects", "vacancy").output
    assert "Nothing here predicts a judgement" in " ".join(run("recoveries").output.split())


def test_the_real_report_is_rebuilt_by_one_call(real_file: Path, tmp_path: Path) -> None:
    found = upturn.national.report(out=tmp_path, panel=real_file)
    words = " ".join(fact.words for fact in found.in_short())
    assert "their vacancy rate of social workers stood 7.3 points higher" in words
    assert "no clear change in their turnover rate" in words
    assert len(found.facts) > 40
    assert found.trace["row"].null_count() == 0


@pytest.mark.parametrize("day", [date(1990, 1, 1), date(2099, 1, 1)])
def test_authorities_are_not_watched_where_no_judgement_reaches(
    panel_file: Path, tmp_path: Path, day: date
) -> None:
    with pytest.raises(upturn.SourceError, match="cannot be watched until"):
        upturn.national.report(out=tmp_path / "out", panel=panel_file, as_at=day)
    assert not (tmp_path / "out").exists()


def test_with_a_library_the_report_says_how_often_a_cause_is_named(
    panel_file: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "one.txt").write_text(as_text(ilacs()), "utf-8")
    library = upturn.report.corpus(folder, library=tmp_path / "reports.db").path
    found = upturn.national.report(out=tmp_path / "out", panel=panel_file, library=library)
    said = [fact.words for fact in found.of("reports")]
    # Supervision is a cause; the timeliness of visits is not.
    assert said[0].startswith("Of 2 things that 1 reports ask for, 1 (50 %) name a cause")
    assert "0 (0 %) name workload" in said[0]
    assert "Named most: supervision" in said[-1]
    behind = found.trace.filter(pl.col("fact") == found.of("reports")[0].id)
    assert behind["file"].to_list() == ["one.txt", "one.txt"]
    assert sorted(behind["value"]) == ["names no cause", "names supervision"]
    assert "What reports ask for" in (tmp_path / "out" / "national_report.html").read_text("utf-8")


def test_what_is_no_library_is_refused(panel_file: Path, tmp_path: Path) -> None:
    with pytest.raises(upturn.SourceError, match="no such library"):
        upturn.national.report(out=tmp_path / "out", panel=panel_file, library=tmp_path / "no.db")
    assert not (tmp_path / "out").exists()
