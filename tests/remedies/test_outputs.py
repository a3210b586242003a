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
from upturn.render.delivery import OutputError
from upturn.render.remedies import remedies_html
from upturn.render.remedies_outputs import REMEDIES_OUTPUTS, write_remedies
from upturn.render.remedies_terminal import remedy_lines


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


def test_nothing_is_written_when_the_folder_cannot_be(told: Advice, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        write_remedies(told, tmp_path / "file")


def test_a_remedy_is_shown_with_its_doubts() -> None:
    said = "\n".join(remedy_lines(upturn.remedy.show("retention-payment")))
    assert "assumed (unverified)" in said
    assert "May go wrong" in said
    assert "on_cost_factor" in said


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
