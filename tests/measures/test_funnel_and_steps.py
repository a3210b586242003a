"""Funnels over published figures, and limits worked out anew from a step change somebody states."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import upturn
from upturn.measures.benchmark.compare import Benchmark
from upturn.measures.benchmark.funnel import BEYOND, funnel
from upturn.measures.benchmark.imported import COLUMNS
from upturn.measures.desk import Desk
from upturn.measures.series import series
from upturn.measures.targets import Step, read_steps
from upturn.records.sheets import SourceError


def figures(values: dict[str, tuple[float, float]], england: float) -> Benchmark:
    """An imported file of one figure of one year: value and size by authority code."""
    blank = dict.fromkeys(COLUMNS)
    common = {**blank, "kind": "figure", "measure": "icpc-15", "year": 2024, "status": ""}
    areas = [
        {**common, "area_type": "authority", "area": f"A{code}", "la_code": code, "value": value, "of": of}
        for code, (value, of) in values.items()
    ]  # fmt: skip
    whole = {**common, "area_type": "England", "area": "England", "value": england}
    near = {**blank, "kind": "neighbour", "measure": "", "area_type": "authority", "la_code": "900",
            "neighbour": "901", "place": 1, "status": ""}  # fmt: skip
    return Benchmark(pl.DataFrame([*areas, whole, near], schema=COLUMNS), "A900", "900")


def chance(seed: int, share: float = 0.8, count: int = 150) -> dict[str, tuple[float, float]]:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(60, 2000, count)
    found = 100 * rng.binomial(sizes, share) / sizes
    pairs = zip(found.tolist(), sizes.tolist(), strict=True)
    return {str(900 + n): (value, float(of)) for n, (value, of) in enumerate(pairs)}


def test_authorities_that_differ_by_chance_alone_stay_inside():
    beyond = [
        (found.points["beyond"] == BEYOND).sum()
        for seed in range(12)
        if (found := funnel(figures(chance(seed), 80.0), "icpc-15", "percent"))
    ]
    assert len(beyond) == 12
    assert sum(beyond) <= 12 * 150 * 0.005, "99.8 % limits leave out two in a thousand"


def test_an_authority_far_from_england_is_outside_and_says_so():
    values = {**chance(1), "900": (50.0, 900.0)}
    found = funnel(figures(values, 80.0), "icpc-15", "percent")
    assert found is not None
    assert found.own == BEYOND
    assert found.points.filter("near")["la_code"].to_list() == ["901"]
    assert found.points.height == 150


def test_limits_narrow_with_size_and_hold_england_between_them():
    found = funnel(figures(chance(3), 80.0), "icpc-15", "percent")
    assert found is not None
    width = found.limits["highest"] - found.limits["lowest"]
    assert (width.diff().drop_nulls() < 1e-9).all()
    assert found.limits.filter((pl.col("low") < 80) & (pl.col("high") > 80)).height == 24


@pytest.mark.parametrize(
    ("values", "because"),
    [(dict(list(chance(1).items())[:19]), "too few authorities"), ({}, "none at all")],
)
def test_without_enough_authorities_there_is_no_funnel(values, because):
    assert funnel(figures(values, 80.0), "icpc-15", "percent") is None, because


def test_a_count_has_no_funnel():
    assert funnel(figures(chance(1), 80.0), "icpc-15", "count") is None


def test_limits_are_worked_out_anew_from_a_stated_step_only(made_up):
    desk, one = Desk(made_up), upturn.measures.show("referrals")
    plain = series(desk, one)
    step = Step(date(2026, 7, 1), "New front door")
    stepped = series(desk, one, steps=[step])
    assert plain is not None
    assert plain.chart is not None
    assert stepped is not None
    assert stepped.chart is not None
    after = (plain.points["start"] >= step.day).to_numpy()
    assert len(set(plain.chart.mean)) == 1
    assert len(set(stepped.chart.mean)) == 2
    assert stepped.chart.mean[after][0] == pytest.approx(plain.chart.values[after].mean())
    assert stepped.chart.mean[~after][0] == pytest.approx(plain.chart.values[~after].mean())


def test_a_step_outside_the_extract_changes_nothing(made_up):
    desk, one = Desk(made_up), upturn.measures.show("referrals")
    steps = [Step(date(2001, 1, 1), "long ago"), Step(date(2099, 1, 1), "not yet")]
    first, second = series(desk, one), series(desk, one, steps=steps)
    assert first is not None
    assert second is not None
    assert (first.chart.mean == second.chart.mean).all()  # type: ignore[union-attr]


WRONG = [
    ("measure,date,reason\nreferrals,2026-07-01,\n", "line 2: a step change needs its reason"),
    ("measure,date,reason\nreferals,2026-07-01,x\n", "did you mean 'referrals'"),
    ("measure,date,reason\nreferrals,soon,x\n", "'soon' is not a date"),
    ("measure,date,why\nreferrals,2026-07-01,x\n", "unknown column 'why'"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_a_wrong_file_of_steps_is_refused_with_its_line(tmp_path: Path, text, said):
    (tmp_path / "steps.csv").write_text(text, "utf-8")
    with pytest.raises(SourceError, match=said):
        read_steps(tmp_path / "steps.csv")
