"""What the commands print and write, on a small made-up council."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import upturn
from upturn.journeys.result import STATES
from upturn.render.outputs import OUTPUTS

Cli = Callable[..., Any]


@pytest.fixture(scope="session")
def workbook(made_up: Path) -> Path:
    return made_up / "annex_a.xlsx"


@pytest.fixture(scope="session")
def clocks(made_up: Path) -> list[dict[str, str]]:
    with (made_up / "clocks.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_json(ran: Any) -> Any:
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)


def test_demo_writes_the_workbook_and_all_that_check_writes(made_up: Path) -> None:
    assert {file.name for file in made_up.iterdir()} == {"annex_a.xlsx", "workforce.csv", *OUTPUTS}


def test_demo_says_where_to_look(cli: Cli, tmp_path: Path) -> None:
    ran = cli("demo", "--out", tmp_path / "demo")
    assert (ran.code, ran.err) == (0, "")
    assert "report.html" in ran.out
    assert (tmp_path / "demo" / "report.html").stat().st_size > 10_000


def test_check_writes_nothing_unless_asked(cli: Cli, workbook: Path, tmp_path: Path) -> None:
    before = sorted(workbook.parent.iterdir())
    ran = cli("check", workbook)
    assert (ran.code, ran.err) == (0, "")
    assert sorted(workbook.parent.iterdir()) == before
    assert "overdue" in ran.out


def test_check_as_json_is_the_summary_it_writes(cli: Cli, workbook: Path, tmp_path: Path) -> None:
    said = read_json(cli("check", workbook, "--out", tmp_path / "out", "--json"))
    written = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert said == written
    assert said["rows"]["rows_in"] == said["rows"]["accepted"] + said["rows"]["quarantined"]


def test_every_json_states_what_it_rests_on(
    cli: Cli, workbook: Path, clocks: list[dict[str, str]]
) -> None:
    for words in (
        ["check", workbook],
        ["quality", workbook],
        ["child", clocks[0]["child_id"], workbook],
    ):
        said = read_json(cli(*words, "--json"))
        assert len(said["sha256"]) == 64
        assert date.fromisoformat(said["as_at"])
        assert said["source_name"] == "annex_a.xlsx"


def test_the_clocks_answer_to_the_date_that_is_given(cli: Cli, workbook: Path) -> None:
    by_itself = read_json(cli("check", workbook, "--json"))
    later = date.fromisoformat(by_itself["as_at"]).replace(
        year=date.fromisoformat(by_itself["as_at"]).year + 1
    )
    moved = read_json(cli("check", workbook, "--as-at", f"{later:%d/%m/%Y}", "--json"))
    assert moved["as_at"] == later.isoformat()
    assert moved["states"]["overdue"] > by_itself["states"]["overdue"]
    assert moved["states"]["due soon"] < by_itself["states"]["due soon"]


def test_more_is_due_soon_when_soon_is_longer(cli: Cli, workbook: Path) -> None:
    counts = [
        read_json(cli("check", workbook, "--due-within", days, "--json"))["states"]
        for days in (0, 10, 60)
    ]
    soon = [count["due soon"] for count in counts]
    assert soon == sorted(soon)
    assert soon[0] < soon[2]
    assert len({count["due soon"] + count["running"] for count in counts}) == 1


def test_an_overlay_changes_the_clocks_and_is_named(
    cli: Cli, workbook: Path, tmp_path: Path
) -> None:
    overlay = tmp_path / "ours.yaml"
    overlay.write_text(
        "rulebook: ours\ntitle: Ours\nkind: local\nsource: Ours\nstatus: verified\nrules:\n"
        "  - {id: cp-visit, within: {working_days: 250}, source: Ours}\n",
        "utf-8",
    )
    ours = read_json(cli("check", workbook, "--overlay", overlay, "--json"))
    theirs = read_json(cli("check", workbook, "--json"))
    assert "ours" in [book["id"] for book in ours["rulebooks"]]

    def late(said: Any) -> int:
        return next(r["states"]["overdue"] for r in said["rules"] if r["rule"] == "cp-visit")

    assert late(ours) < late(theirs)


def test_a_child_is_shown_with_the_reason_of_each_clock(
    cli: Cli, workbook: Path, clocks: list[dict[str, str]]
) -> None:
    child = next(row["child_id"] for row in clocks if row["state"] == "overdue")
    theirs = [row for row in clocks if row["child_id"] == child]
    said = read_json(cli("child", child, workbook, "--json"))
    assert {row["reason"] for row in said["clocks"]} == {row["reason"] for row in theirs}
    shown = cli("child", child, workbook)
    assert (shown.code, shown.err) == (0, "")
    assert "Rulebooks: " in shown.out
    for row in theirs:
        assert " ".join(row["reason"].split()[:3]) in " ".join(shown.out.split())


def test_a_child_may_be_asked_for_without_naming_the_source(
    cli: Cli, workbook: Path, clocks: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    named = cli("child", clocks[0]["child_id"], workbook)
    monkeypatch.setenv("UPTURN_SOURCE", str(workbook))
    from upturn.cli.app import app
    from upturn.cli.run import run

    monkeypatch.setattr("sys.argv", ["upturn", "child", clocks[0]["child_id"]])
    assert named.code == 0
    assert run(app) == 0


def test_a_child_that_is_not_there_is_said_so(cli: Cli, workbook: Path) -> None:
    ran = cli("child", "no such child", workbook)
    assert ran.code == 2
    assert "no such child" in ran.err
    assert ran.err.count("\n") == 1


def test_quality_adds_up_and_names_what_to_do(cli: Cli, workbook: Path, tmp_path: Path) -> None:
    said = read_json(cli("quality", workbook, "--out", tmp_path, "--json"))
    for row in said["by_list"]:
        assert row["rows_in"] == row["accepted"] + row["quarantined"]
    assert said["problems"]
    assert all(problem["what_to_do"] for problem in said["problems"])
    assert {file.name for file in tmp_path.iterdir()} == {
        "quality.xlsx", "by_list.csv", "by_column.csv", "by_team.csv", "by_worker.csv",
        "by_check.csv", "problems.csv", "spellings.csv",
    }  # fmt: skip


def test_quality_on_the_screen_starts_with_the_count(cli: Cli, workbook: Path) -> None:
    ran = cli("quality", workbook)
    assert (ran.code, ran.err) == (0, "")
    assert "rows in = " in ran.out
    assert "By team" in ran.out


def test_rules_can_be_listed_by_edition_and_by_source(cli: Cli) -> None:
    every = read_json(cli("rules", "list", "--edition", "all", "--json"))
    newest = read_json(cli("rules", "list", "--json"))
    then = read_json(cli("rules", "list", "--edition", "working-together-2010", "--json"))
    tested = read_json(cli("rules", "list", "--source", "annex_a", "--json"))
    assert len({rule["id"] for rule in newest}) == len(newest) < len(every)
    assert {rule["edition"] for rule in then} == {"working-together-2010"}
    assert "core-assessment" in {rule["id"] for rule in then}
    assert len(tested) < len(newest)


def test_a_rule_is_shown_with_its_source_and_status(cli: Cli) -> None:
    shown = cli("rules", "show", "assessment-45-from-referral")
    assert (shown.code, shown.err) == (0, "")
    for words in ("45 working days", "referral received", "source", "status", "Annex A"):
        assert words in shown.out


def test_one_edition_of_a_rule_can_be_asked_for(cli: Cli) -> None:
    found = read_json(
        cli("rules", "show", "working-together-2018/assessment-45-from-referral", "--json")
    )
    assert [rule["edition"] for rule in found] == ["working-together-2018"]


def test_a_faulty_rulebook_is_refused_with_its_line(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(
        "rulebook: ours\ntitle: Ours\nkind: local\nsource: Ours\nstatus: verified\nrules:\n"
        "  - {id: cp-visit, within: {fortnights: 1}, source: Ours}\n",
        "utf-8",
    )
    checked = cli("rules", "check", file)
    assert checked.code == 2
    assert "line 7" in checked.out
    assert json.loads(cli("rules", "check", file, "--json").out)["faults"]
    used = cli("rules", "list", "--overlay", file)
    assert used.code == 2
    assert "line 7" in used.err


def test_a_good_rulebook_passes(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(
        "rulebook: ours\ntitle: Ours\nkind: local\nsource: Ours\nstatus: verified\nrules:\n"
        "  - {id: cp-visit, within: {working_days: 15}, source: Ours}\n",
        "utf-8",
    )
    ran = cli("rules", "check", file)
    assert (ran.code, ran.err) == (0, "")
    assert "no faults" in ran.out


def test_mappings_are_listed_and_shown(cli: Cli, tmp_path: Path) -> None:
    names = [row["mapping"] for row in read_json(cli("mapping", "list", "--json"))]
    assert {"gender", "ethnicity", "source"} <= set(names)
    own = tmp_path / "ours.yaml"
    own.write_text("gender: {spellings: {Boy: M}}\n", "utf-8")
    first = read_json(cli("mapping", "show", "gender", "--mapping", own, "--json"))[0]
    assert (first["spelling"], first["code"], first["kind"]) == ("Boy", "M", "yours")
    assert "Boy" in cli("mapping", "show", "gender", "--mapping", own).out


def test_python_gives_what_the_command_prints(cli: Cli, workbook: Path) -> None:
    said = read_json(cli("check", workbook, "--json"))
    counted = upturn.check(workbook).clocks["state"].value_counts()
    states = dict(counted.iter_rows())
    assert said["states"] == {state: states.get(state, 0) for state in STATES}
