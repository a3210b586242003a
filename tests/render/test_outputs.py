"""The five files of a check: complete, true to the clocks, the same each time."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest

from upturn.journeys.result import STATES
from upturn.render.outputs import CLOCK_COLUMNS, OUTPUTS, write_check
from upturn.render.view import once, worst_first


@pytest.fixture(scope="module")
def out(check, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("check") / "out"
    write_check(check, folder)
    return folder


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_five_files_are_written_and_nothing_else(check, tmp_path: Path):
    told: list[str] = []
    paths = write_check(check, tmp_path / "new" / "out", progress=told.append)
    assert sorted(path.name for path in paths) == sorted(OUTPUTS)
    assert sorted(path.name for path in (tmp_path / "new" / "out").iterdir()) == sorted(OUTPUTS)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["out"]
    assert told


def test_the_same_check_gives_the_same_bytes(check, out: Path, tmp_path: Path):
    for path in write_check(check, tmp_path):
        assert path.read_bytes() == (out / path.name).read_bytes(), path.name


def test_clocks_csv_has_every_clock_under_its_columns(check, out: Path):
    rows = _rows(out / "clocks.csv")
    assert tuple(rows[0]) == CLOCK_COLUMNS == (
        "child_id", "episode_id", "rule", "source_rows", "started_on", "due_on", "met_on", "state",
        "working_days", "team", "worker", "reason",
    )  # fmt: skip
    assert len(rows) == check.clocks.height
    states = check.clocks["state"].value_counts().sort("state").rows()
    assert sorted((s, sum(row["state"] == s for row in rows)) for s, _ in states) == states
    dated = {row["due_on"] for row in rows if row["due_on"]}
    assert dated == {str(day) for day in check.clocks["due_on"].drop_nulls().to_list()}


@pytest.mark.parametrize("name", ["clocks.csv", "quarantine.csv"])
def test_csv_files_begin_with_the_mark_that_excel_needs_and_hold_no_formula(out: Path, name: str):
    assert (out / name).read_bytes().startswith(b"\xef\xbb\xbf")
    cells = [cell for row in _rows(out / name) for cell in row.values()]
    assert '\'=HYPERLINK("http://example.invalid","x")' in cells
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r") and cell]


def test_the_summary_adds_up_and_says_what_it_rests_on(check, out: Path):
    said = json.loads((out / "summary.json").read_text("utf-8"))
    rows = said["rows"]
    assert rows["rows_in"] == rows["accepted"] + rows["quarantined"]
    for key in ("rows_in", "accepted", "quarantined", "cells_set_aside", "notes"):
        assert rows[key] == sum(part[key] for part in said["lists"]), key
    assert said["sha256"] == check.casebook.sha256
    assert (said["as_at"], said["as_at_reason"]) == ("2026-09-30", check.casebook.as_at_reason)
    assert {book["id"]: book["version"] for book in said["rulebooks"]} == {
        book.id: book.version for book in check.rulebooks
    }
    assert said["due_within_working_days"] == 10
    assert sum(said["states"].values()) == said["clocks"] == check.clocks.height
    for state in STATES:
        assert sum(rule["states"][state] for rule in said["rules"]) == said["states"][state], state
        once_each = once(worst_first(check)).filter(state=state).height
        assert sum(team["states"][state] for team in said["teams"]) == once_each, state
    not_tested = {
        rule["rule"]: rule["because"] for rule in said["rules"] if rule["tested"] == "none"
    }
    assert not_tested == {"core-group": "Annex A does not hold core groups."}
    assert sum(row["count"] for row in said["quarantine"]) == check.casebook.quarantine.height


def test_an_extract_with_nothing_in_it_is_still_written(empty_check, tmp_path: Path):
    write_check(empty_check, tmp_path)
    assert (
        tuple((tmp_path / "clocks.csv").read_text("utf-8-sig").strip().split(",")) == CLOCK_COLUMNS
    )
    assert "No clock ran" in (tmp_path / "report.html").read_text("utf-8")
    assert json.loads((tmp_path / "summary.json").read_text("utf-8"))["clocks"] == 0


def test_a_clock_of_a_rule_that_nobody_described_is_still_counted(check, tmp_path: Path):
    from dataclasses import replace

    bare = replace(check, rules={}, rulebooks=(), coverage=check.coverage.clear())
    write_check(bare, tmp_path)
    said = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    assert sum(sum(rule["states"].values()) for rule in said["rules"]) == check.clocks.height
    assert pl.DataFrame(said["rules"])["rule"].n_unique() == check.clocks["rule"].n_unique()
