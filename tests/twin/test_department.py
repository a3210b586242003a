"""The same department in SimPy and in Ciw gives the same answer as on the twin's heap and streams."""

from __future__ import annotations

import importlib
import importlib.util
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from upturn.journeys.compiled import can_compile

PEERS = Path(__file__).resolve().parents[2] / "benchmarks" / "peers"
pytestmark = pytest.mark.skipif(not can_compile(), reason="many runs need numba")


@pytest.fixture(scope="module")
def department() -> Any:
    sys.path.insert(0, str(PEERS))
    try:
        return importlib.import_module("department")
    finally:
        sys.path.remove(str(PEERS))


@pytest.fixture(scope="module")
def ours(department: Any) -> tuple[np.ndarray, float]:
    waits = np.zeros(150)
    events = department.compiled()(150, 1, *department.arrays(), waits)
    return waits, events / 150


@pytest.mark.parametrize(("package", "reps"), [("simpy", 5), ("ciw", 2)])
def test_another_engine_finds_the_same_wait_and_as_many_events(
    package: str, reps: int, department: Any, ours: tuple[np.ndarray, float]
) -> None:
    pytest.importorskip(package)
    theirs = [getattr(department, package)(seed) for seed in range(reps)]
    waits, events = ours
    spread = waits.std(ddof=1)
    error = spread * math.sqrt(1 / reps + 1 / len(waits))
    assert abs(np.mean([wait for wait, _ in theirs]) - waits.mean()) < 3.5 * error
    assert np.mean([count for _, count in theirs]) == pytest.approx(events, rel=0.02)


def test_compiled_and_not_it_is_the_same(department: Any) -> None:
    fast, slow = np.zeros(1), np.zeros(1)
    with np.errstate(over="ignore"):
        counts = [
            run(1, 4, *department.arrays(), waits)
            for run, waits in ((department.compiled(), fast), (department.many, slow))
        ]
    assert counts[0] == counts[1]
    assert fast[0] == slow[0]
