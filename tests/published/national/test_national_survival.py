"""How long it lasts: known results, an independent library, and what must always hold."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.published.national.judgements import spells, tidy
from upturn.published.national.survival import kaplan_meier, middle, time_in

#: Remission in weeks with 6-MP, Freireich and others 1963. Printed in many textbooks.
TIMES = np.array(
    [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35], float
)
LEFT = np.array([True] * 9 + [False] * 12)
KNOWN = [(6, 0.857, 0.0764), (7, 0.807, 0.0869), (10, 0.753, 0.0963), (13, 0.690, 0.1068),
         (16, 0.627, 0.1141), (22, 0.538, 0.1282), (23, 0.448, 0.1346)]  # fmt: skip


@pytest.mark.parametrize(("week", "still", "error"), KNOWN)
def test_the_curve_and_greenwoods_error_are_those_of_the_textbook(
    week: int, still: float, error: float
) -> None:
    row = kaplan_meier(TIMES, LEFT).filter(time=week).row(0, named=True)
    assert (round(row["still"], 3), round(row["se"], 4)) == (still, error)


def test_the_median_is_that_of_the_textbook() -> None:
    half, low, high = middle(kaplan_meier(TIMES, LEFT))
    assert (half, low, high) == (23, 13, None)


def test_the_curve_and_its_interval_are_those_of_an_independent_library() -> None:
    lifelines = pytest.importorskip("lifelines")
    rng = np.random.default_rng(2)
    times, left = np.ceil(rng.exponential(30, 80)), rng.random(80) < 0.7
    theirs = lifelines.KaplanMeierFitter().fit(times, left)
    ours = kaplan_meier(times, left)
    curve = theirs.survival_function_["KM_estimate"]
    interval = theirs.confidence_interval_
    for row in ours.filter(pl.col("still") > 0).to_dicts():
        assert row["still"] == pytest.approx(curve.loc[row["time"]], abs=1e-12)
        ends = interval.loc[row["time"]].to_numpy()
        assert (row["low"], row["high"]) == (pytest.approx(ends[0]), pytest.approx(ends[1]))


@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=40))
def test_the_curve_only_falls_and_its_interval_holds_it(seen: list[tuple[int, bool]]) -> None:
    times, left = (np.array(part) for part in zip(*seen, strict=True))
    found = kaplan_meier(times.astype(float), left.astype(bool))
    still = found["still"].to_numpy()
    assert (np.diff(still) <= 1e-12).all()
    assert (
        (found["low"] <= found["still"] + 1e-9) & (found["still"] <= found["high"] + 1e-9)
    ).all()
    assert ((found["low"] >= 0) & (found["high"] <= 1)).all()
    assert found["left"].sum() == int(left.sum())


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40))
def test_when_all_are_seen_to_leave_it_is_the_share_left(times: list[int]) -> None:
    found = kaplan_meier(np.array(times, float), np.ones(len(times), bool))
    for row in found.to_dicts():
        assert row["still"] == pytest.approx(sum(t > row["time"] for t in times) / len(times))


def judged(*rows: tuple[str, date, str]) -> pl.DataFrame:
    frame = pl.DataFrame(
        [{"la_code": a, "area": a, "framework": "ILACS", "date": d, "date_kind": "published", "overall": g,
          "source": 1, "row": n + 2} for n, (a, d, g) in enumerate(rows)]
    )  # fmt: skip
    return tidy(frame, pl.DataFrame({"id": [1], "family": ["list"]}))


def test_a_spell_runs_from_the_first_inadequate_to_the_first_that_is_not() -> None:
    found = spells(
        judged(
            ("A", date(2014, 1, 1), "inadequate"), ("A", date(2016, 1, 1), "inadequate"),
            ("A", date(2018, 1, 1), "requires improvement"), ("A", date(2020, 1, 1), "inadequate"),
            ("B", date(2019, 1, 1), "good"), ("B", date(2021, 1, 1), "inadequate"),
        )
    )  # fmt: skip
    assert found.select("la_code", "began", "left", "to", "judged").rows() == [
        ("A", date(2014, 1, 1), date(2018, 1, 1), "requires improvement", 2),
        ("A", date(2020, 1, 1), None, None, 1),
        ("B", date(2021, 1, 1), None, None, 1),
    ]


def test_what_lasts_still_is_watched_until_the_day_given() -> None:
    found = spells(judged(("A", date(2020, 1, 1), "inadequate"), ("B", date(2020, 1, 1), "inadequate"),
                          ("B", date(2023, 1, 1), "good")))  # fmt: skip
    curve = time_in(found, as_at=date(2022, 1, 1))
    assert curve["left"].sum() == 0, "B had not left by then"
    assert curve["time"].max() == pytest.approx(24, abs=0.1)
