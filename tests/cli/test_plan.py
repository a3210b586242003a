"""``upturn report plan`` and ``upturn plan show``: from a report to a plan, filled in and drawn again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_reports import as_text, ilacs

import upturn


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "report.txt"
    file.write_text(as_text(ilacs()), "utf-8")
    return file


def test_a_report_becomes_a_plan_that_can_be_filled_in_and_drawn_again(
    cli: Callable[..., Any], report: Path, tmp_path: Path
) -> None:
    ran = cli("report", "plan", report, "--out", tmp_path / "plan")
    assert (ran.code, ran.err) == (0, "")
    assert "The timeliness of visits" in ran.out
    assert "0 an owner" in ran.out
    file = tmp_path / "plan" / "plan.yaml"
    text = file.read_text("utf-8")
    assert text.count("owner: ''") == 2
    file.write_text(text.replace("owner: ''", "owner: Head of service"), "utf-8")
    ran = cli("plan", "show", file, "--out", tmp_path / "board")
    assert (ran.code, ran.err) == (0, "")
    assert "2 an owner" in ran.out
    assert "Head of service" in (tmp_path / "board" / "plan.html").read_text("utf-8")


def test_json_is_the_plan_and_nothing_else(cli: Callable[..., Any], report: Path) -> None:
    ran = cli("report", "plan", report, "--json")
    said = json.loads(ran.out)
    assert (ran.code, ran.err, len(said["actions"])) == (0, "", 2)
    assert {action["owner"] for action in said["actions"]} == {""}
    assert said["actions"][0]["asked"][0]["words"].startswith("The timeliness of visits")
    assert said == json.loads(json.dumps(said))
    assert (
        upturn.report.plan(report).actions[0].asked[0].words
        == (said["actions"][0]["asked"][0]["words"])
    )


def test_a_plan_is_rated_measured_and_drawn_again(
    cli: Callable[..., Any], report: Path, tmp_path: Path
) -> None:
    cli("demo", "--out", tmp_path / "council")
    cli("report", "plan", report, "--out", tmp_path / "plan")
    file = tmp_path / "plan" / "plan.yaml"
    ran = cli(
        "plan", "rate", file, "A1", "--done", "done", "--difference", "none", "--on", "1/9/2026"
    )
    assert (ran.code, ran.err) == (0, "")
    assert "Done, and no difference" in ran.out
    ran = cli("plan", "measure", file, tmp_path / "council" / "annex_a.xlsx")
    assert (ran.code, ran.err) == (0, "")
    assert "0 cannot be told from this extract" in ran.out
    ran = cli("plan", "measure", file, tmp_path / "council" / "annex_a.xlsx")
    assert "Nothing to add" in ran.out
    ran = cli("plan", "show", file)
    assert "Ratings over time" in ran.out
    ran = cli("plan", "write", file)
    assert (ran.code, ran.err) == (0, "")
    assert "Done, and no difference:" in (tmp_path / "plan" / "plan.html").read_text("utf-8")
    said = json.loads(cli("plan", "show", file, "--json").out)
    assert [r["value"] for r in said["actions"][0]["difference"]] == ["none"]


ENDINGS = [
    (("plan", "rate", "none.yaml", "A1", "--done", "done", "--on", "2026-01-01"), "cannot be read"),
    (("plan", "rate", "none.yaml", "A1", "--done", "done"), "Missing option '--on'"),
    (("plan", "measure", "none.yaml", "annex_a.xlsx"), "none.yaml: cannot be read"),
    (("plan", "write", "none.yaml"), "none.yaml: cannot be read"),
    (("report", "plan", "none.pdf"), "none.pdf"),
    (("plan", "show", "none.yaml"), "none.yaml: cannot be read"),
]


@pytest.mark.parametrize(("words", "said"), ENDINGS, ids=[" ".join(e[0]) for e in ENDINGS])
def test_what_cannot_be_used_ends_in_one_line(
    cli: Callable[..., Any], words: tuple[str, ...], said: str
) -> None:
    ran = cli(*words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_a_plan_that_cannot_be_written_leaves_nothing(
    cli: Callable[..., Any], report: Path, tmp_path: Path
) -> None:
    (tmp_path / "plan").write_text("a file")
    ran = cli("report", "plan", report, "--out", tmp_path / "plan")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["plan", "report.txt"]
