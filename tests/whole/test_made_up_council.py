"""The whole way on a made-up council: every fault that was planted is found, and none where none was."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import xlwt

from upturn.journeys.check import ASSUMED_HOLIDAYS, run_check
from upturn.journeys.result import Check
from upturn.records.sources import open_source
from upturn.synthetic import make_council, write_annex_a

LATE = ["overdue", "met late"]


@pytest.fixture(scope="module", params=[1, 7])
def messy(request, tmp_path_factory) -> tuple[pl.DataFrame, Check]:
    """The truth of a made-up council with every fault planted, and what a check says of its workbook."""
    council = make_council(seed=request.param, size="small")
    path = tmp_path_factory.mktemp("messy") / "annex_a.xlsx"
    write_annex_a(council, path)
    return council.truth, run_check(path)


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> Check:
    """What a check says of a made-up council with no fault planted, in the official form."""
    path: Path = tmp_path_factory.mktemp("clean") / "annex_a.xlsx"
    write_annex_a(make_council(seed=3, size="small", faults=[]), path, messy=False)
    return run_check(path)


def test_every_planted_fault_of_practice_is_late_under_its_rule(messy):
    truth, check = messy
    planted = (
        truth.filter(kind="practice").drop_nulls("expected").select("child_id", rule="expected")
    )
    late = check.clocks.filter(pl.col("state").is_in(LATE)).select("child_id", "rule")
    missed = planted.join(late, on=["child_id", "rule"], how="anti")
    assert planted.height > 50
    assert missed.is_empty()


def test_every_planted_fault_of_data_is_in_quarantine_at_its_place(messy):
    truth, check = messy
    planted = (
        truth.filter(kind="data")
        .drop_nulls("expected")
        .select("source_row", source_sheet="sheet", check="expected")
    )
    found = check.casebook.quarantine.select("source_row", "source_sheet", "check")
    missed = planted.join(found, on=["source_row", "source_sheet", "check"], how="anti")
    assert planted.height > 50
    assert missed.is_empty()


def test_rows_in_are_rows_accepted_and_rows_quarantined(messy):
    _, check = messy
    out = check.casebook.quarantine.filter(level="row")
    assert sum(c.quarantined for c in check.casebook.counts) == out.height
    accepted = sum(c.accepted for c in check.casebook.counts)
    main = ["contacts", "early_help_episodes", "cin_episodes", "cin_assessments", "s47_enquiry",
            "cin_plans", "cp_plans", "cla_episodes", "care_leavers", "permanence", "adopters"]  # fmt: skip
    assert accepted == sum(check.casebook.table(name).height for name in main)


def test_a_council_without_faults_has_an_empty_quarantine(clean):
    assert clean.casebook.quarantine.filter(pl.col("level") != "note").is_empty()
    assert clean.casebook.absent == ()
    assert clean.casebook.notes == (ASSUMED_HOLIDAYS,)


def test_the_same_extract_gives_the_same_clocks(tmp_path):
    council = make_council(seed=5, size="small")
    first, again = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_annex_a(council, first)
    write_annex_a(council, again)
    assert first.read_bytes() == again.read_bytes()
    assert run_check(first).clocks.equals(run_check(again).clocks)


def test_every_clock_rests_on_rows_that_exist(messy):
    _, check = messy
    rows = (
        check.clocks["source_rows"]
        .str.split("; ")
        .explode(empty_as_null=True)
        .unique()
        .drop_nulls()
    )
    places = pl.concat([
        check.casebook.table(name).select(pl.format("{} row {}", "source_list", "source_row"))
        for name in ("contacts", "cin_episodes", "cin_assessments", "s47_enquiry", "cin_plans",
                     "cp_plans", "cla_episodes", "care_leavers")]).to_series()  # fmt: skip
    assert rows.is_in(places.implode()).all()


def test_a_folder_of_csv_files_and_an_old_workbook_give_the_same_clocks(tmp_path):
    source = tmp_path / "annex_a.xlsx"
    write_annex_a(make_council(seed=1, size="small"), source)
    folder, old = tmp_path / "lists", tmp_path / "annex_a.xls"
    folder.mkdir()
    book = xlwt.Workbook()
    for one in open_source(source).sheets:
        one.cells.write_csv(folder / f"{one.name}.csv", include_header=False)
        page = book.add_sheet(one.name)
        for r, row in enumerate(one.cells.iter_rows()):
            for c, value in enumerate(row):
                if value is not None:
                    page.write(r, c, value)
    book.save(old)
    clocks = run_check(source).clocks
    told = [name for name in clocks.columns if name not in ("source_rows", "reason")]
    for other in (folder, old):
        again = run_check(other).clocks
        assert again.select(told).sort(told).equals(clocks.select(told).sort(told))
