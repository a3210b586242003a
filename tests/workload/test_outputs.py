"""What is written of a workload: teams with their spread, no worker named unless asked, all files or none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from workload_councils import AS_AT, council, run

import upturn
from upturn.records.sheets import SourceError
from upturn.render.workload import workload_html
from upturn.render.workload_outputs import OUTPUTS, workload_record, write_workload
from upturn.workload.delay.model import ASSOCIATION
from upturn.workload.result import Workload


def everything(folder: Path) -> str:
    """All text of all the files written."""
    book = openpyxl.load_workbook(folder / "workload.xlsx")
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row]
    texts = [
        p.read_text("utf-8") for p in folder.iterdir() if p.suffix in (".html", ".csv", ".json")
    ]
    return "\n".join([*texts, *cells])


def test_all_files_are_written_and_no_worker_is_named(
    clean_workload: Workload, tmp_path: Path
) -> None:
    write_workload(clean_workload, tmp_path / "out")
    assert {file.name for file in (tmp_path / "out").iterdir()} == set(OUTPUTS)
    text = everything(tmp_path / "out")
    named = clean_workload.workforce.spells["worker"].drop_nulls().unique().to_list()  # type: ignore[union-attr]
    assert len(named) > 50
    assert [name for name in named if name in text] == []


def test_with_names_the_workbook_has_them_and_the_page_does_not(
    clean_workload: Workload, tmp_path: Path
) -> None:
    write_workload(clean_workload, tmp_path / "out", names=True)
    name = clean_workload.workers["worker"][0]
    assert name in everything(tmp_path / "out")
    assert name not in (tmp_path / "out" / "workload.html").read_text("utf-8")


def test_the_page_needs_nothing_but_itself_and_warns(clean_workload: Workload) -> None:
    page = workload_html(clean_workload)
    assert "http://" not in page
    assert "https://" not in page
    assert " style=" not in page  # its own policy would refuse it
    assert ASSOCIATION in page
    assert page.count("<svg") == 4
    assert page.count('role="img"') == 4


def test_a_mean_is_never_shown_without_the_top(clean_workload: Workload) -> None:
    page = workload_html(clean_workload)
    heads = [part for part in page.split("<thead>")[1:] if ">Mean<" in part.split("</thead>")[0]]
    assert heads
    assert all(">Most<" in part.split("</thead>")[0] for part in heads)


def test_a_team_of_two_is_not_spread_out(clean_workload: Workload) -> None:
    from dataclasses import replace

    small = clean_workload.teams.with_columns(
        workers=pl.when(pl.col("team") == "Leaving Care").then(2).otherwise("workers")
    )
    page = workload_html(replace(clean_workload, teams=small))
    row = page.split("Leaving Care</th>")[1].split("</tr>")[0]
    assert "not shown: fewer than 3 workers" in row


@pytest.mark.parametrize("source", ["annex_a.xlsx", "ssd"])
def test_work_left_with_leavers_is_found_child_by_child(tmp_path: Path, source: str) -> None:
    from upturn.synthetic import make_council

    found = run(council(tmp_path, ["left-with-leavers"]), source)
    planted = set(make_council(seed=5, faults=["left-with-leavers"]).truth["child_id"])
    told = set(found.with_leavers["child_id"])
    assert len(planted & told) >= 0.95 * len(planted)


def test_uneven_caseloads_and_many_workers_show_in_the_spread(
    tmp_path: Path, clean_workload: Workload
) -> None:
    uneven = run(council(tmp_path / "u", ["caseloads-uneven"]), "ssd", workforce=False)
    often = run(council(tmp_path / "o", ["workers-change-often"]), "ssd", workforce=False)
    even, odd = clean_workload.children, uneven.children
    assert odd.p90 > 1.25 * even.p90  # type: ignore[operator]
    assert odd.p10 < 0.5 * even.p10  # type: ignore[operator]
    assert odd.most > even.most  # type: ignore[operator]
    three = [(w.changes["workers"] >= 3).sum() for w in (clean_workload, often)]
    assert three[1] > three[0] + 50


def test_the_unallocated_are_held_by_nobody_in_both_sources(tmp_path: Path) -> None:
    from upturn.synthetic import make_council

    folder = council(tmp_path, ["unallocated"])
    planted = set(make_council(seed=5, faults=["unallocated"]).truth["child_id"])
    for source in ("ssd", "annex_a.xlsx"):
        assert set(run(folder, source).nobody["child_id"]) == planted, source


def test_without_a_workforce_file_posts_are_not_told_and_it_is_said(clean: Path) -> None:
    found = run(clean, "ssd", workforce=False)
    assert found.posts is None
    assert any("No workforce file was given" in note for note in found.notes)
    assert "Vacant posts" not in workload_html(found)


def test_a_census_tells_no_caseload_and_says_why(book: Callable[..., Any]) -> None:
    from upturn.workload.result import run_workload
    from upturn.workload.weights import scheme

    found = run_workload(book("cin_census"), scheme=scheme())
    assert (found.told, found.children.n) == ("none", 0)
    page = workload_html(found)
    assert "not at all: a census names no workers" in page
    assert "No worker who holds a child is named in this source" in page


def test_names_with_markup_are_shown_and_not_run(book: Callable[..., Any], tmp_path: Path) -> None:
    from upturn.workload.result import run_workload
    from upturn.workload.weights import scheme

    rows = [
        {"cinp_person_id": str(n), "worker": f"=W{n}", "team": "<script>alert(1)</script>"} for n in range(4)
    ]  # fmt: skip
    found = run_workload(book("annex_a", cin_plans=rows), scheme=scheme())
    assert "<script>" not in workload_html(found)
    write_workload(found, tmp_path / "out", names=True)
    assert "'=W0" in (tmp_path / "out" / "workload_workers.csv").read_text("utf-8-sig")


def test_the_record_is_json_and_the_same_every_time(clean_workload: Workload) -> None:
    from upturn.render.summary import to_json

    one, two = (to_json(workload_record(clean_workload)) for _ in range(2))
    assert one == two
    said = json.loads(one)
    assert said["as_at"] == str(AS_AT)
    assert said["warning"] == ASSOCIATION
    timed = [d["outcome"]["id"] for d in said["delays"]]
    assert timed == ["assessment", "conference", "seen", "allocation"]


def test_the_command_and_the_verb_refuse_a_wrong_file_before_reading_the_extract(
    tmp_path: Path,
) -> None:
    (tmp_path / "w.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(SourceError, match="no columns for the worker"):
        upturn.caseloads(tmp_path / "no-such-extract.xlsx", workforce=tmp_path / "w.csv")
