"""The worker history of a made-up council ends as its other records say, and the workforce file adds up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from upturn.synthetic import Council, make_council, write_annex_a, write_ssd, write_workforce
from upturn.workload.workforce import read_workforce

CASE = ["child_id", "referral_id"]


@pytest.mark.parametrize("which", ["small", "faultless", "county"])
def test_each_case_ends_with_the_worker_the_records_name(
    which: str, request: pytest.FixtureRequest
) -> None:
    council: Council = request.getfixturevalue(which)
    last = council.allocations.sort("start", maintain_order=True).group_by(CASE).last()
    named = council.cin_periods.filter(pl.col("worker").is_not_null())
    both = named.join(last.select(*CASE, ended_with="worker", _end="end"), on=CASE, how="left")
    assert both.filter(pl.col("worker").ne_missing(pl.col("ended_with"))).is_empty()
    assert both.filter(pl.col("ended").ne_missing(pl.col("_end"))).is_empty()


def test_an_unallocated_child_is_held_by_nobody_at_the_extract(small: Council) -> None:
    nobody = small.cin_periods.filter(pl.col("ended").is_null() & pl.col("worker").is_null())
    held = small.allocations.filter(pl.col("end").is_null())
    assert nobody.height > 0
    assert nobody.join(held, on=CASE, how="semi").is_empty()


def test_spells_of_one_case_follow_one_another(county: Council) -> None:
    rows = county.allocations.sort(*CASE, "start", "end", nulls_last=True, maintain_order=True)
    before = pl.col("end").shift(1).over(CASE)
    assert rows.filter(pl.col("start") < before).is_empty()
    assert rows.filter(pl.col("end") < pl.col("start")).is_empty()


def test_children_pass_from_worker_to_worker(county: Council) -> None:
    workers = county.allocations.group_by(CASE).agg(pl.col("worker").n_unique())["worker"]
    assert 0.3 < (workers >= 2).mean() < 0.9  # type: ignore[operator]
    assert workers.max() >= 4  # type: ignore[operator]


def test_the_workforce_has_englands_vacancies_and_sickness(county: Council) -> None:
    day = county.as_at - timedelta(days=1)
    now = county.workforce.filter(
        (pl.col("start") <= day) & (pl.col("end").is_null() | (pl.col("end") > day))
    )
    posts = now.filter(pl.col("kind") == "in post")
    permanent = posts.filter(~pl.col("agency").fill_null(True))["post_id"].n_unique()
    away = now.filter(pl.col("kind") == "sickness")["worker"].n_unique()
    assert posts["post_id"].n_unique() == county.teams["posts"].sum()
    assert 1 - permanent / county.teams["posts"].sum() == pytest.approx(0.142, abs=0.06)
    assert away / permanent == pytest.approx(0.035, abs=0.025)


def test_no_post_is_held_twice_at_a_time_and_none_is_left_out(small: Council) -> None:
    posts = small.workforce.filter(pl.col("kind") == "in post").sort("post_id", "start")
    gap = pl.col("start") != pl.col("end").shift(1).over("post_id")
    assert posts.filter(gap).is_empty()


def test_the_file_is_read_back_whole(small: Council, tmp_path: Path) -> None:
    write_workforce(small, tmp_path / "workforce.csv")
    read = read_workforce(tmp_path / "workforce.csv")
    assert (read.rows_in, read.quarantined) == (small.workforce.height, 0)
    assert read.spells.select(small.workforce.columns).equals(small.workforce)


@pytest.mark.parametrize("fault", ["workers-change-often", "left-with-leavers", "caseloads-uneven"])
def test_a_pattern_of_the_workforce_shows_in_the_history(fault: str, faultless: Council) -> None:
    council = make_council(seed=1, faults=[fault])
    touched = council.truth["child_id"].to_list()
    now = council.allocations.filter(pl.col("end").is_null() & pl.col("child_id").is_in(touched))
    assert now.height >= 8
    if fault == "workers-change-often":
        year = council.as_at - timedelta(days=365)
        late = pl.col("end").is_null() | (pl.col("end") > year)
        theirs = council.allocations.filter(late & pl.col("child_id").is_in(touched))
        assert theirs.group_by("child_id").len()["len"].median() >= 5  # type: ignore[operator]
        assert council.cin_periods.equals(faultless.cin_periods)
    if fault == "left-with-leavers":
        left = council.workers.filter(pl.col("left_on").is_not_null())["worker"].to_list()
        assert now.filter(~pl.col("worker").is_in(left)).is_empty()
        joined = now.join(council.workers.select("worker", "left_on"), on="worker")
        assert joined.filter(pl.col("start") >= pl.col("left_on")).is_empty()
    if fault == "caseloads-uneven":
        most = [
            c.allocations.filter(pl.col("end").is_null())["worker"].value_counts()["count"].max()
            for c in (faultless, council)
        ]
        assert most[1] > 1.4 * most[0]  # type: ignore[operator]


def test_annex_a_and_the_dataset_name_the_same_holder(tmp_path: Path) -> None:
    from upturn.records.read import read_source
    from upturn.workload.allocations import allocations, held_on

    council = make_council(seed=4, faults=["left-with-leavers"])
    write_annex_a(council, tmp_path / "annex_a.xlsx", messy=False)
    write_ssd(council, tmp_path / "ssd")
    held = [
        held_on(allocations(read_source(tmp_path / name, as_at=council.as_at)), council.as_at)
        for name in ("annex_a.xlsx", "ssd")
    ]
    theirs = held[0].join(held[1], on="child_id", how="inner")
    assert theirs.height > 400
    # Rows of one list name the worker of before here and there, as in real extracts; another list does not.
    differ = theirs.filter(pl.col("worker") != pl.col("worker_right"))
    assert differ.height <= 0.03 * theirs.height
