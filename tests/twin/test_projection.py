"""Simulated futures: the same wherever they run, paired by chance, whole when interrupted."""

from __future__ import annotations

import json
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import upturn
from upturn.records.sheets import SourceError
from upturn.render.twin_outputs import RUN_OUTPUTS
from upturn.rulebooks import RulebookError
from upturn.twin.executors import executor_on
from upturn.twin.parameters import department
from upturn.twin.projection import NOTHING, PIECE, Projection, project
from upturn.twin.scenario import Change, Scenario

SMALL = department(posts=4, contacts_a_month=13, teams=1, manager_posts=1, screening_posts=1)
MORE = Scenario("two more posts", (Change("posts", add=2),))
START = date(2026, 10, 1)


def small(executor: Executor | None = None, *, reps: int = 25, **options: Any) -> Projection | None:
    return project(
        SMALL, scenarios=[MORE], start=START, months=12, reps=reps, executor=executor, **options
    )


@pytest.fixture(scope="module")
def made() -> Projection:
    found = small()
    assert found is not None
    return found


def test_every_scenario_has_every_outcome_in_every_month(made: Projection) -> None:
    assert set(made.fans["scenario"]) == {NOTHING, MORE.name}
    assert made.fans.group_by("scenario", "outcome").len()["len"].unique().to_list() == [12]
    told = made.fans.filter(pl.col("told") > 0)
    assert (told["p05"] <= told["p50"]).all()
    assert (told["p50"] <= told["p95"]).all()


def test_more_posts_leave_each_worker_fewer_children(made: Projection) -> None:
    row = made.differences.filter(
        pl.col("outcome") == "caseload", pl.col("year") == 0
    ).row(0, named=True)  # fmt: skip
    assert row["difference"] < 0
    assert row["better"] > 0.9
    assert row["difference"] == pytest.approx(row["value"] - row["nothing"])


def test_a_scenario_that_changes_nothing_differs_in_nothing() -> None:
    same = Scenario("the same", (Change("posts", add=0),))
    found = project(SMALL, scenarios=[same], start=START, months=12, reps=4)
    assert found is not None
    assert found.differences["difference"].drop_nulls().abs().max() == 0


def test_threads_and_processes_give_the_same(made: Projection) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        elsewhere = small(pool)
    assert elsewhere is not None
    assert elsewhere.fans.equals(made.fans)


class Interrupted(ThreadPoolExecutor):
    """An executor that is interrupted from the keyboard after some pieces of work."""

    left = 5

    def submit(self, *given: Any, **named: Any) -> Future[Any]:
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        return super().submit(*given, **named)


def test_an_interruption_leaves_no_half_replications(monkeypatch: pytest.MonkeyPatch) -> None:
    from upturn.twin import projection

    real, calls = projection.wait, []

    def some(*given: Any, **named: Any) -> Any:
        calls.append(1)
        if len(calls) > 3:
            raise KeyboardInterrupt
        return real(*given, **named)

    monkeypatch.setattr(projection, "wait", some)
    with ThreadPoolExecutor(1) as pool:
        found = small(pool, reps=50)
    assert found is not None
    assert found.interrupted
    assert found.done == PIECE
    assert set(found.fans["scenario"]) == {NOTHING, MORE.name}


def test_interrupted_before_anything_there_is_nothing() -> None:
    with Interrupted(1) as pool:
        pool.left = 0
        assert small(pool) is None


@pytest.mark.parametrize("place", ["nowhere", "dask://", "ray://x"])
def test_a_place_that_there_is_not_is_said(place: str) -> None:
    with pytest.raises(SourceError, match="threads, processes or dask"), executor_on(place):
        pass


def test_a_scenario_that_cannot_be_is_known_before_anything_runs() -> None:
    wrong = Scenario("wrong", (Change("post", add=1),))
    with pytest.raises(RulebookError, match="not a parameter"):
        project(SMALL, scenarios=[wrong], start=START, months=12, reps=2)


def test_all_files_are_written(tmp_path: Path) -> None:
    scenario = tmp_path / "more.yaml"
    scenario.write_text("name: <b>more</b>\nchanges:\n  - {parameter: posts, add: 2}\n", "utf-8")
    found = upturn.twins.run(
        SMALL, years=1, reps=4, scenarios=[scenario], out=tmp_path / "out", start="2026-10"
    )
    assert {file.name for file in (tmp_path / "out").iterdir()} == set(RUN_OUTPUTS)
    page = (tmp_path / "out" / "twin_run.html").read_text("utf-8")
    assert "http:" not in page
    assert "https:" not in page
    assert "<b>more</b>" not in page
    assert page.count('<svg class="fan"') == 4
    assert "No cost was given" in page
    record = json.loads((tmp_path / "out" / "twin_run.json").read_text("utf-8"))
    assert record["replications"] == found.done == 4
    assert {row["tag"] for row in record["rests_on"]} == {"yours", "assumed", "published"}


def test_a_cost_that_was_given_is_drawn() -> None:
    from upturn.render.twin_page import run_html

    priced = SMALL.changed(salary=45_000, agency_day_rate=350)
    found = project(priced, start=START, months=12, reps=3)
    assert found is not None
    assert "£" in run_html(found)


def test_a_future_of_one_year_is_told_once_for_each_outcome() -> None:
    from upturn.render.twin_page import run_html

    changes = (Change("posts", add=8),)
    found = project(
        department(), scenarios=[Scenario("more", changes)], start=date(2026, 10, 1), months=12,
        reps=2, seed=1,
    )  # fmt: skip
    assert found is not None
    page = run_html(found)
    assert "<td>the whole</td>" in page
    assert "<td>year 1</td>" not in page
    assert "Children's days overdue" in page.replace("&#39;", "'")
