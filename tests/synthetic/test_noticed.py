"""What was planted is noticed by the readers and the clocks, and what was not planted is left alone."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import upturn
from upturn.journeys.result import Check
from upturn.records.annex_a.reader import read_annex_a
from upturn.records.lists.checks import CHECKS
from upturn.synthetic import Council, fault_catalogue, write_annex_a

PRACTICE = [
    (f["id"], rule)
    for f in fault_catalogue().rows(named=True)
    if f["kind"] == "practice"
    for rule in f["expected"]
]
DATA = [
    f["id"] for f in fault_catalogue().rows(named=True) if f["kind"] == "data" and f["expected"]
]

WHOLE_ROW = [name for name, check in CHECKS.items() if check.level == "row"]


@pytest.fixture(scope="module")
def checked(small: Council, tmp_path_factory: pytest.TempPathFactory) -> Check:
    path = tmp_path_factory.mktemp("made up") / "annex_a.xlsx"
    write_annex_a(small, path)
    return upturn.check(path)


@pytest.mark.parametrize(("fault", "rule"), PRACTICE)
def test_the_rule_notices_every_child_with_the_fault(
    small: Council, checked: Check, fault: str, rule: str
) -> None:
    late = checked.clocks.filter(
        (pl.col("rule") == rule) & pl.col("state").is_in(["overdue", "met late"])
    )
    truth = small.truth.filter((pl.col("fault") == fault) & (pl.col("expected") == rule))
    assert set(truth["child_id"]) <= set(late["child_id"])


@pytest.mark.parametrize("fault", DATA)
def test_the_quarantine_names_every_place_of_the_fault(
    small: Council, checked: Check, fault: str
) -> None:
    truth = small.truth.filter((pl.col("fault") == fault) & pl.col("expected").is_not_null())
    entries = checked.casebook.quarantine.select(
        "check", "source_sheet", "source_row", found="column"
    )
    joined = truth.join(
        entries,
        left_on=["expected", "sheet", "source_row"],
        right_on=["check", "source_sheet", "source_row"],
    )
    # A row that was not accepted at all has no column of its own in the quarantine.
    same = pl.col("column").is_null() | (pl.col("column") == pl.col("found"))
    whole_row = pl.col("found").is_null() & pl.col("expected").is_in(WHOLE_ROW)
    named = joined.filter(same | whole_row)
    where = ["sheet", "source_row"]
    assert named.select(where).unique().height == truth.select(where).unique().height


def test_nothing_else_is_set_aside(small: Council, checked: Check) -> None:
    planted = small.truth.select("expected", "sheet", "source_row").drop_nulls().unique()
    spare = checked.casebook.quarantine.filter(pl.col("level") != "note").join(
        planted,
        left_on=["check", "source_sheet", "source_row"],
        right_on=["expected", "sheet", "source_row"],
        how="anti",
    )
    assert spare.select("check", "source_sheet", "source_row", "column", "value").rows() == []


def test_the_extracts_own_date_is_found_in_spite_of_mistyped_years(
    small: Council, checked: Check
) -> None:
    assert checked.as_at == small.as_at


def test_every_row_written_is_accounted_for(small: Council, checked: Check) -> None:
    written = {sheet.name: sheet.rows.height for sheet in small.sheets}
    written["List 3"] += 1  # the total
    assert {c.source_sheet: c.rows_in for c in checked.casebook.counts} == written


def test_the_clean_form_without_faults_needs_no_quarantine(
    faultless: Council, tmp_path: Path
) -> None:
    write_annex_a(faultless, tmp_path / "clean.xlsx", messy=False)
    casebook = read_annex_a(tmp_path / "clean.xlsx")
    assert casebook.quarantine.filter(pl.col("level") != "note").is_empty()
    assert set(casebook.quarantine["check"]) <= {"unborn"}
    assert casebook.absent == ()


def test_own_spellings_without_faults_are_all_understood(
    faultless: Council, tmp_path: Path
) -> None:
    write_annex_a(faultless, tmp_path / "own.xlsx")
    casebook = read_annex_a(tmp_path / "own.xlsx")
    assert casebook.quarantine.filter(pl.col("level") != "note").is_empty()
    assert casebook.spellings["spelling"].n_unique() > 60
