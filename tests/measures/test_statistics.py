"""Statistics against worked examples from the literature and against other people's programs."""

from __future__ import annotations

import numpy as np
import pytest

from upturn.measures.statistics.control import p_chart, xmr
from upturn.measures.statistics.funnel import overdispersion, proportion_limits, rate_limits
from upturn.measures.statistics.intervals import (
    byar,
    difference,
    exact_poisson,
    median_ranks,
    wilson,
)
from upturn.measures.statistics.runs import run_chart

#: Newcombe RG, Statistics in Medicine 1998; 17: 857-872, table I, method 3 (score, no correction).
NEWCOMBE = [((81, 263), (0.2553, 0.3662)), ((15, 148), (0.0624, 0.1605)),
            ((0, 20), (0.0, 0.1611)), ((1, 29), (0.0061, 0.1718))]  # fmt: skip
#: Newcombe RG, Statistics in Medicine 1998; 17: 873-890, table II, method 10.
DIFFERENCES = [((56, 70), (48, 80), (0.0524, 0.3339)), ((9, 10), (3, 10), (0.1705, 0.8090)),
               ((10, 10), (0, 20), (0.6791, 1.0)), ((10, 10), (0, 10), (0.6075, 1.0))]  # fmt: skip
#: Montgomery DC, Introduction to Statistical Quality Control: cans of orange juice, 30 samples of 50.
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7,
        13, 9, 6]  # fmt: skip
#: The same book: viscosity of primer paint, 15 batches.
PAINT = [33.75, 33.05, 34.00, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.20, 33.62, 33.00, 33.54, 33.12,
         33.84]  # fmt: skip


@pytest.mark.parametrize(("given", "expect"), NEWCOMBE)
def test_wilson_is_newcombes_table(given, expect):
    assert wilson(*given) == pytest.approx(expect, abs=5e-5)


@pytest.mark.parametrize(("first", "second", "expect"), DIFFERENCES)
def test_a_difference_is_newcombes_table(first, second, expect):
    assert difference(first, second)[1:] == pytest.approx(expect, abs=5e-5)


@pytest.mark.parametrize(
    ("events", "expect"),
    [(0, (0.0, 3.689)), (1, (0.0253, 5.572)), (10, (4.795, 18.390)), (100, (81.36, 121.63))],
)
def test_exact_poisson_is_garwoods_table(events, expect):
    assert exact_poisson(events) == pytest.approx(expect, abs=6e-3)


def test_byar_is_within_a_hair_of_exact_from_ten_events():
    for events in (10, 50, 400):
        assert byar(events) == pytest.approx(exact_poisson(events), rel=0.01)


def test_intervals_equal_statsmodels():
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    compare = pytest.importorskip("statsmodels.stats.proportion")
    for n, of in [(0, 7), (3, 7), (7, 7), (81, 263), (4000, 5000)]:
        assert wilson(n, of) == pytest.approx(proportion.proportion_confint(n, of, method="wilson"))
    for first, second in [((56, 70), (48, 80)), ((5, 56), (0, 29))]:
        low, high = compare.confint_proportions_2indep(
            *first, *second, compare="diff", method="newcomb"
        )
        assert difference(first, second)[1:] == pytest.approx((low, high), abs=1e-9)


def test_exact_poisson_equals_its_chi_squared_form():
    stats = pytest.importorskip("scipy.stats")
    for events in (3, 30, 300):
        wanted = stats.chi2.ppf(0.025, 2 * events) / 2, stats.chi2.ppf(0.975, 2 * events + 2) / 2
        assert exact_poisson(events) == pytest.approx(wanted, rel=1e-9)


def test_an_interval_for_a_median_has_campbell_and_gardners_ranks():
    assert median_ranks(100) == (40, 61)
    assert median_ranks(1) == (1, 1)


def test_a_p_chart_has_montgomerys_limits_and_signals():
    chart = p_chart(CANS, [50] * 30)
    limits = [round(float(line[0]), 4) for line in (chart.mean, chart.lower, chart.upper)]
    assert limits == [0.2313, 0.0524, 0.4102]
    assert [n for n in range(30) if "outside" in chart.named(n)] == [14, 22]


def test_an_xmr_chart_has_montgomerys_limits_and_no_signal():
    chart = xmr(PAINT)
    limits = [round(float(line[0]), 2) for line in (chart.mean, chart.lower, chart.upper)]
    assert limits == [33.52, 32.24, 34.80]
    assert not chart.special.any()


#: Points about a mean of 50 with a standard deviation near 5, and what each should be called.
SIGNALS = [
    ({"values": [50, 55, 45] * 5 + [90]}, 15, ["outside"], "far above everything else"),
    ({"values": [48, 52] * 8 + [50.1, 50.9] * 4}, 20, [], "on both sides of the mean"),
    ({"values": [45, 55] * 6 + [54, 55] * 4}, 19, ["shift"], "eight running above the mean"),
    ({"values": [50, 42] * 6 + [44, 46, 48, 50, 52, 54, 56]}, 18, ["trend"], "seven rise"),
    ({"values": [50, 42] * 6 + [45, 47, 49, 51, 53]}, 16, [], "six that rise are not seven"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "point", "expect", "because"), SIGNALS)
def test_special_causes_are_named(given, point, expect, because):
    assert set(expect) <= set(xmr(**given).named(point)), because
    if not expect:
        assert xmr(**given).named(point) == [], because


def test_two_of_three_near_a_limit_need_all_three_on_one_side():
    base = [50.0, 56, 50, 44] * 6
    chart = xmr([*base, 64, 52, 63.5])
    assert chart.sides["near"][-3:].tolist() == [1, 0, 1]
    other = xmr([*base, 64, 49, 63.5])
    assert other.sides["near"][-3:].tolist() == [0, 0, 0]


def test_one_wild_range_does_not_widen_the_limits():
    quiet = [10, 11, 10, 11, 10, 11, 10, 11, 10, 11]
    calm, wild = xmr(quiet), xmr([*quiet, 60])
    assert wild.upper[0] - wild.mean[0] == pytest.approx(calm.upper[0] - calm.mean[0])
    assert wild.named(10) == ["outside"]


def test_limits_are_worked_out_anew_only_from_a_stated_step():
    values = [10, 12] * 6 + [20, 22] * 6
    assert xmr(values).special.any()
    stepped = xmr(values, steps=[12])
    assert not stepped.special.any()
    assert (stepped.mean[0], stepped.mean[-1]) == (11, 21)


def test_a_signal_is_improvement_or_concern_by_the_good_direction():
    chart = xmr([50, 55, 45] * 5 + [90])
    assert [chart.good_or_bad(15, good) for good in ("high", "low", "neither")] == [
        "improvement", "concern", "neither",
    ]  # fmt: skip
    assert chart.good_or_bad(0, "high") == ""


def test_p_prime_widens_where_points_vary_more_than_chance():
    generator = np.random.default_rng(3)
    of = np.full(40, 5000)
    n = np.round(of * (0.2 + generator.normal(0, 0.02, 40)))
    plain, prime = p_chart(n, of), p_chart(n, of, prime=True)
    assert plain.special.sum() > 10
    assert prime.sides["outside"].astype(bool).sum() <= 1
    assert (prime.upper - prime.mean).mean() > 2 * (plain.upper - plain.mean).mean()


def test_charts_equal_qikit():
    qikit = pytest.importorskip("qikit")
    generator = np.random.default_rng(2)
    of = generator.integers(40, 80, 24)
    n = np.round(
        of * np.resize([0.2, 0.4, 0.25, 0.45], 24)
    )  # varies, and no range so wild as to be left out
    values = generator.normal(50, 2, 24)
    for ours, theirs in (
        (p_chart(n, of), qikit.qic(y=n, n=of, chart="p")),
        (p_chart(n, of, prime=True), qikit.qic(y=n, n=of, chart="pp")),
        (xmr(values), qikit.qic(y=values, chart="i")),
    ):
        for line, name in ((ours.mean, "cl"), (ours.lower, "lcl"), (ours.upper, "ucl")):
            assert line == pytest.approx(theirs.data[name].to_numpy(), abs=1e-4)


def test_a_run_chart_has_the_published_allowances():
    # Anhøj and Olesen 2014, table 1: 24 useful points allow a run of 8 and need 8 crossings.
    chart = run_chart(list(range(24)))
    assert (chart.useful, chart.longest_allowed, chart.fewest_allowed) == (24, 8, 8)
    assert chart.shifted
    assert not run_chart([1, 3, 2, 4, 1, 3, 2, 4, 1, 3, 2, 4]).shifted


def test_funnel_limits_follow_spiegelhalters_interpolation_by_hand():
    # Three children, one half: P(X<=k) = 1/8, 4/8, 7/8, 1. The lower limit interpolates to below
    # none; the upper to 3 - (1 - 0.975) / (1/8) = 2.8 of 3.
    assert proportion_limits(3, 0.5, tail=0.025) == pytest.approx((0.0, 2.8 / 3))


def test_funnel_limits_come_close_to_the_normal_ones_for_many():
    low, high = proportion_limits(20_000, 0.8, tail=0.001)
    half = 3.0902 * (0.8 * 0.2 / 20_000) ** 0.5
    assert (low, high) == pytest.approx((0.8 - half, 0.8 + half), abs=2e-4)
    low, high = rate_limits(900.0, tail=0.001)
    assert (low, high) == pytest.approx((900 - 3.09 * 30, 900 + 3.09 * 30), abs=2.0)


def test_councils_that_differ_by_chance_alone_are_not_overdispersed():
    z = np.random.default_rng(1).normal(size=150)
    assert overdispersion(z) == 1.0
    assert overdispersion(3 * z) > 4


@pytest.mark.parametrize("wrong", [(1, 0), (5, 4), (-1, 4)])
def test_a_proportion_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match="not a proportion"):
        wilson(*wrong)


@pytest.mark.parametrize("wrong", [[], [1, float("nan")], [[1, 2], [3, 4]]])
def test_a_chart_of_no_numbers_is_refused(wrong):
    with pytest.raises(ValueError, match="numbers in a row"):
        xmr(wrong)
