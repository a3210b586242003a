"""The report as page, document, workbook and JSON: whole, by itself, and honest about an example."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from remedies_toy import GOAL, SHALLOW, service, toy

import upturn
from upturn.remedies.advice import Advice
from upturn.remedies.advise import advise
from upturn.remedies.costs import EXAMPLE_LABEL, Costs
from upturn.remedies.said import said
from upturn.render.delivery import OutputError
from upturn.render.remedies import remedies_html
from upturn.render.remedies_outputs import REMEDIES_OUTPUTS, write_remedies
from upturn.render.remedies_terminal import remedy_lines
from upturn.render.remedies_view import effect_words, remedies_view
from upturn.twin.parameters import PARAMETERS


@pytest.fixture(scope="module")
def told(costs: Costs) -> Advice:
    return advise(service(), budget=900_000, goal=GOAL, costs=replace(costs, example=True),
                  depth=SHALLOW, simulate=toy)  # fmt: skip


@pytest.fixture(scope="module")
def written(told: Advice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "remedies"
    assert {p.name for p in write_remedies(told, out)} == set(REMEDIES_OUTPUTS)
    return out


def test_the_page_needs_nothing_but_itself(written: Path) -> None:
    page = (written / "remedies.html").read_text("utf-8")
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r"""(src|href)=["'](https?:)?//""", page)
    assert "<script" not in page


def test_every_form_says_that_the_prices_are_an_example(written: Path) -> None:
    assert EXAMPLE_LABEL in (written / "remedies.html").read_text("utf-8")
    assert EXAMPLE_LABEL in "\n".join(
        p.text for p in Document(str(written / "remedies.docx")).paragraphs
    )
    sheet = load_workbook(written / "remedies.xlsx")["Answer"]
    assert EXAMPLE_LABEL in [row[0].value for row in sheet.iter_rows()]
    assert json.loads((written / "remedies.json").read_text("utf-8"))["example_costs"] is True
    assert "EXAMPLE" in (written / "remedies_options.csv").read_text("utf-8-sig")


def test_with_prices_of_ones_own_no_form_speaks_of_an_example(told: Advice) -> None:
    own = replace(told, costs=replace(told.costs, example=False), notes=told.notes[1:])
    assert "EXAMPLE" not in remedies_html(own)


def test_every_form_has_doing_nothing_and_each_option(told: Advice, written: Path) -> None:
    page = (written / "remedies.html").read_text("utf-8")
    record = json.loads((written / "remedies.json").read_text("utf-8"))
    words = "\n".join(p.text for p in Document(str(written / "remedies.docx")).paragraphs)
    names = [o["name"] for o in record["options"]]
    assert names[-1] == "Doing nothing"
    for name in names:
        assert name[0].upper() + name[1:] in words
        assert name[0].upper() + name[1:] in page.replace("&#39;", "'")
    assert [o.set_aside for o in told.options] == [o["set_aside"] for o in record["options"]]


def test_what_comes_from_a_file_cannot_run_in_the_page(told: Advice) -> None:
    page = remedies_html(replace(told, source_name="<script>alert(1)</script>"))
    assert "<script>alert" not in page


def test_each_picture_says_in_words_what_it_shows(written: Path) -> None:
    page = (written / "remedies.html").read_text("utf-8")
    pictures = re.findall(r"<svg class=\"rem-[^>]+>", page)
    assert len(pictures) == 2
    assert all('role="img"' in p and "aria-label=" in p for p in pictures)


def test_no_name_of_a_parameter_reaches_the_page(written: Path) -> None:
    """Names such as hours_assessment are said in words; those that are a word of the field stay."""
    page = (written / "remedies.html").read_text("utf-8")
    body = re.sub(r"<style>.*?</style>|<dl.*?</dl>", "", page, flags=re.DOTALL)
    raw = [n for n in PARAMETERS if "_" in n]
    assert [n for n in raw if n in body or f">{n.replace('_', ' ').capitalize()}<" in body] == []


@pytest.mark.parametrize("parameter", list(PARAMETERS))
def test_every_parameter_can_be_said(parameter: str) -> None:
    assert said(parameter)
    assert "_" not in said(parameter)


@pytest.mark.parametrize(
    ("remedy", "words"),
    [
        ("shorter-forms", "hours an assessment takes: 0 to 20 % less (assumed)"),
        ("permanent-posts", "established posts: +1"),
        ("business-support", "share of hours that recording and travel take: -9 to -3 points for as many as "
                             "a tenth of the posts (assumed)"),
        ("duty-redesign", "hours a contact takes at the front door: 25 % less to 5 % more (assumed)"),
        ("director-salary", "established posts: as many as the money buys"),
    ],
)  # fmt: skip
def test_what_a_remedy_moves_is_said_in_words(remedy: str, words: str) -> None:
    assert effect_words(upturn.remedy.show(remedy).effects[0]) == words


def test_a_dearer_price_stands_in_a_table_of_its_own(told: Advice) -> None:
    view = remedies_view(told)
    assert {s["cost"] for s in view["swings"]} == {""}
    assert all(s["cost"].startswith("£") and s["tag"] == "example" for s in view["dearer"])
    assert "Dearer than you say" in remedies_html(told)


def test_nothing_is_written_when_the_folder_cannot_be(told: Advice, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        write_remedies(told, tmp_path / "file")


def test_a_remedy_is_shown_with_its_doubts() -> None:
    text = "\n".join(remedy_lines(upturn.remedy.show("retention-payment")))
    assert "assumed (unverified)" in text
    assert "May go wrong" in text
    assert "on_cost_factor" in text


@pytest.fixture
def cli() -> Callable[..., Any]:
    from typer.testing import CliRunner

    from upturn.cli.app import app

    return lambda *words: CliRunner().invoke(app, list(words))


def test_the_example_is_written_without_an_extract(cli: Callable[..., Any], tmp_path: Path) -> None:
    done = cli("remedies", "--example-costs", str(tmp_path / "costs.yaml"))
    assert done.exit_code == 0
    assert (tmp_path / "costs.yaml").read_text("utf-8").startswith("# EXAMPLE COSTS")


def test_the_catalogue_is_listed(cli: Callable[..., Any]) -> None:
    done = cli("remedy", "list", "--driver", "partners", "--json")
    assert [r["id"] for r in json.loads(done.output)] == ["duty-redesign", "partner-agreement"]
