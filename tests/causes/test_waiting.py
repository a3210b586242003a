"""Where the days went, in the records and in the twin."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from upturn.causes.model import Waiting
from upturn.causes.periods import parse_period
from upturn.causes.waiting import LATE_AFTER, longest, waiting_in_records
from upturn.measures.days import working_days
from upturn.records.casebook import Casebook
from upturn.records.read import read_source
from upturn.synthetic import make_council, write_annex_a, write_ssd
from upturn.twin.counted import Counted
from upturn.twin.holding import holders

BEFORE, AFTER = parse_period("2025Q4..2026Q1"), parse_period("2026Q2..2026Q3")


@pytest.fixture(scope="module")
def casebook(tmp_path_factory: pytest.TempPathFactory) -> Casebook:
    folder = tmp_path_factory.mktemp("council") / "ssd"
    write_ssd(make_council(seed=4), folder)
    return read_source(folder)


def test_late_work_is_split_by_what_the_records_hold(casebook: Casebook) -> None:
    found = waiting_in_records(casebook, BEFORE, AFTER)
    assert [w.period for w in found] == [BEFORE.label, AFTER.label]
    rows = casebook.table("cin_assessments").select(
        start="cina_assessment_start_date", signed="cina_assessment_auth_date"
    )
    late = rows.drop_nulls().filter(working_days(pl.col("start"), pl.col("signed")) > LATE_AFTER)
    for waiting, period in zip(found, (BEFORE, AFTER), strict=True):
        ended = late.filter(pl.col("signed").is_between(period.start, period.end)).height
        assert 0.5 * ended < waiting.n <= ended
        assert waiting.days[1][1] > 30
        assert waiting.source == "records"


def test_a_source_without_history_says_nothing(tmp_path: Path) -> None:
    write_annex_a(make_council(seed=4), tmp_path / "annex_a.xlsx", messy=False)
    assert waiting_in_records(read_source(tmp_path / "annex_a.xlsx"), BEFORE, AFTER) == ()


def test_waits_for_a_first_worker_are_counted_where_the_source_tells_them(
    casebook: Casebook,
) -> None:
    months = tuple(date(2026, m, 1) for m in range(1, 7))
    counted = Counted(casebook, months)
    holders(counted)
    assert "allocated" not in counted.missing
    assert (counted.series["allocated"] > 0).all()
    mean = counted.series["allocation_days"].sum() / counted.series["allocated"].sum()
    assert 0 <= mean < 15


def test_the_longest_wait_is_named_with_its_share() -> None:
    split = Waiting("", "assessments", "", "twin", 1.0, (("allocation", 2.0), ("the worker", 6.0)))
    assert longest(split) == ("the worker", 0.75)
