"""The statistics of findings against worked examples and an independent library."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from upturn.findings.intervals import (
    chi_square_tail,
    clustered_wilson,
    design_effect,
    mantel_haenszel,
    mantel_haenszel_odds,
)


@pytest.mark.parametrize(("n", "of"), [(0, 10), (1, 10), (81, 263), (263, 263), (5, 1000)])
def test_an_interval_without_clusters_is_wilsons_as_statsmodels_has_it(n: int, of: int) -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    theirs = proportion.proportion_confint(n, of, method="wilson")
    assert clustered_wilson(n, of, 1.0) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("df", [1, 2, 3, 4, 7, 12])
@pytest.mark.parametrize("x", [0.1, 1.0, 5.0, 20.0])
def test_the_tail_of_chi_square_is_scipys(x: float, df: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    assert chi_square_tail(x, df) == pytest.approx(stats.chi2.sf(x, df), rel=1e-9)


def _tables(seed: int, strata: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    unit, stratum = rng.integers(0, 2, 400), rng.integers(0, strata, 400)
    return unit, stratum, rng.random(400) < 0.2 + 0.1 * stratum + 0.1 * unit


@pytest.mark.parametrize("seed", range(5))
def test_two_units_in_strata_are_cochran_mantel_haenszel_as_statsmodels_has_it(seed: int) -> None:
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    unit, stratum, hit = _tables(seed, 4)
    counts = np.zeros((2, 2, 4))
    np.add.at(counts, (unit, (~hit).astype(int), stratum), 1)
    theirs = tables.StratifiedTable(counts)
    q, df, _ = mantel_haenszel(unit, stratum, hit)
    assert df == 1
    assert q == pytest.approx(theirs.test_null_odds(correction=False).statistic)
    assert 1 / mantel_haenszel_odds(unit == 0, stratum, hit) == pytest.approx(
        1 / theirs.oddsratio_pooled
    )


def test_expected_counts_add_up_to_the_observed_ones() -> None:
    rng = np.random.default_rng(1)
    unit, stratum = rng.integers(0, 5, 900), rng.integers(0, 9, 900)
    hit = rng.random(900) < 0.3
    _, df, expected = mantel_haenszel(unit, stratum, hit)
    assert df == 4
    assert expected.sum() == pytest.approx(hit.sum())


def test_a_difference_that_the_mix_explains_is_no_difference() -> None:
    # One unit has only hard cases, and hard cases are hits wherever they are.
    unit = np.array([0] * 40 + [1] * 40 + [1] * 40)
    stratum = np.array([0] * 40 + [0] * 40 + [1] * 40)
    hit = np.array(([True] * 10 + [False] * 30) * 2 + [False] * 40)
    q, _, _ = mantel_haenszel(unit, stratum, hit)
    assert q == pytest.approx(0)


@pytest.mark.parametrize(
    ("hits", "clusters", "effect", "because"),
    [
        ([1, 1, 0, 0], ["a", "a", "b", "b"], 2.0, "pairs that are alike count as one each"),
        ([1, 0, 1, 0], ["a", "a", "b", "b"], 1.0, "pairs that differ tell as much as strangers"),
        ([1, 1, 0, 0], [None] * 4, 1.0, "those who stand alone are no cluster"),
        ([0, 0, 0, 0], ["a", "a", "b", "b"], 2.0, "nothing seen: the cautious answer"),
    ],
)
def test_the_design_effect(
    hits: list[int], clusters: list[str], effect: float, because: str
) -> None:
    many = [
        (bool(hit), None if name is None else f"{name}{times}")
        for times in range(200)
        for hit, name in zip(hits, clusters, strict=True)
    ]
    cases = pl.DataFrame(many, schema={"hit": pl.Boolean, "cluster": pl.String}, orient="row")
    assert design_effect(cases) == pytest.approx(effect, rel=0.02), because


def test_few_clusters_make_a_wider_interval_than_many() -> None:
    few = pl.DataFrame({"hit": [True, True, False, False], "cluster": ["a", "a", "b", "b"]})
    assert design_effect(few) > 5


def test_intervals_of_clustered_cases_cover_as_often_as_they_say() -> None:
    # 60 families of three who share their fate: 95 % intervals should hold the truth about 95 times in 100.
    rng, held, times = np.random.default_rng(7), 0, 400
    for _ in range(times):
        fate = rng.random(60) < 0.2
        cases = pl.DataFrame(
            {"hit": np.repeat(fate, 3), "cluster": [str(i) for i in np.repeat(np.arange(60), 3)]}
        )
        low, high = clustered_wilson(float(cases["hit"].sum()), 180, design_effect(cases))
        held += low <= 0.2 <= high
    assert 0.92 <= held / times <= 0.98


def test_the_design_effect_is_the_same_to_the_last_digit_in_whatever_order_the_cases_come() -> None:
    rng = np.random.default_rng(5)
    cluster = [None if n % 7 == 0 else f"family {n % 301}" for n in range(2_000)]
    cases = pl.DataFrame({"hit": rng.random(2_000) < 0.3, "cluster": cluster})
    found = {design_effect(cases.sample(fraction=1, shuffle=True, seed=seed)) for seed in range(20)}
    assert len(found) == 1
