"""A cluster of several processes gives what threads give, though a worker is killed half-way."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from upturn.records.sheets import SourceError
from upturn.twin.executors import executor_on
from upturn.twin.parameters import department
from upturn.twin.projection import project

distributed = pytest.importorskip("distributed", reason="the extra 'dask' is not installed")

SMALL = department(posts=4, contacts_a_month=13, teams=1, manager_posts=1, screening_posts=1)


@pytest.fixture
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as made:
        yield made


def test_a_worker_killed_half_way_loses_nothing(cluster: Any) -> None:
    here = project(SMALL, start=date(2026, 10, 1), months=12, reps=200, seed=3)
    killed: list[int] = []

    def kill(done: int, of: int) -> None:
        if not killed and done >= of // 4:
            killed.append(next(iter(cluster.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    where = "dask://" + cluster.scheduler_address.removeprefix("tcp://")
    with executor_on(where) as pool:
        there = project(
            SMALL,
            start=date(2026, 10, 1),
            months=12,
            reps=200,
            seed=3,
            executor=pool,
            progress=kill,
        )
    assert killed
    assert here is not None
    assert there is not None
    assert there.done == 200
    assert there.fans.equals(here.fans)


def test_a_scheduler_that_does_not_answer_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("upturn.twin.executors.PATIENCE", 1)
    with (
        pytest.raises(SourceError, match=r"no Dask scheduler answers at 127\.0\.0\.1:1"),
        executor_on("dask://127.0.0.1:1"),
    ):
        pass
