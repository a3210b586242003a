"""Which drivers move together: what is said of made-up series, and how often chance says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

import upturn
from upturn.measures.measure import measure_all
from upturn.measures.moving import enough_together, known, moving
from upturn.measures.scorecard import Entry, make_scorecard
from upturn.measures.series import Series, special_causes
from upturn.measures.statistics.control import p_chart, xmr

DRIVERS = ("contacts", "referrals", "s47", "icpc", "cin-started", "cpp-started")
STILL = [40, 43, 38, 41, 39, 42, 37, 44, 40, 41, 39, 43, 38, 42]
RISING = [*STILL[:7], 46, 47, 48, 46, 49, 47, 50]
FALLING = [*STILL[:7], 34, 33, 32, 34, 31, 33, 30]


@pytest.fixture(scope="module")
def blank(made_up) -> Entry:
    return make_scorecard(made_up, measures=[upturn.measures.show("referrals")]).entries[0]


def line(blank: Entry, name: str, values: list[int]) -> Entry:
    one = upturn.measures.show(name)
    starts = [date(2026, 1, 5) + timedelta(7 * n) for n in range(len(values))]
    points = pl.DataFrame(
        {"start": starts, "n": values, "of": values, "value": [float(v) for v in values]}
    )
    found = Series("week", points, xmr(values))
    return replace(
        blank,
        value=replace(blank.value, measure=one),
        series=found,
        special=tuple(special_causes(found, one.good)),
    )


GIVEN = [
    ({}, "nothing", "nothing moves"),
    ({"contacts": RISING}, "nothing", "one of six alone is what chance does"),
    ({"contacts": RISING, "referrals": RISING, "s47": RISING}, "drivers", "three of six are not"),
    ({"contacts": FALLING, "referrals": FALLING, "s47": FALLING}, "nothing", "less work is no warning"),
    ({"contacts": RISING, "s47": RISING, "icpc": RISING, "icpc-duration": RISING}, "both", "late already"),
    ({"icpc-duration": RISING}, "outcomes", "late, and no driver says why"),
]  # fmt: skip


@pytest.mark.parametrize(("moved", "expect", "because"), GIVEN)
def test_drivers_are_told_from_outcomes(blank, moved, expect, because):
    lines = [line(blank, name, moved.get(name, STILL)) for name in (*DRIVERS, "icpc-duration")]
    assert moving(lines).state == expect, because


def test_with_nothing_charted_nothing_is_said(blank):
    found = moving([replace(blank, series=None, special=())])
    assert found.state == "cannot tell"
    assert "Too little" in found.words


def test_no_words_are_a_grade_or_a_forecast(blank):
    for moved, *_ in GIVEN:
        lines = [line(blank, name, moved.get(name, STILL)) for name in (*DRIVERS, "icpc-duration")]
        said = moving(lines).words.lower()
        assert not any(word in said for word in ("inadequate", "grade", "will ", "predict"))


@pytest.mark.parametrize("points", [12, 24])
def test_still_charts_signal_as_rarely_as_the_file_says(points):
    """The share of charts of pure chance whose last three points signal: `by_chance` in moving.yaml."""
    rng, runs = np.random.default_rng(20261122), 1500
    of = rng.poisson(40, (runs, points)) + 1
    counts = rng.poisson(40, (runs, points)).astype(float)
    charts = [xmr(row) for row in counts] + [
        p_chart(rng.binomial(row, 0.8), row, prime=True) for row in of
    ]
    share = np.mean([chart.special[-3:].any() for chart in charts])
    assert share == pytest.approx(known()[2], abs=0.015)


def test_drivers_of_still_scorecards_rarely_move_together():
    rng, drivers, share = np.random.default_rng(4), 16, known()[2]
    needed = enough_together(drivers, share)
    together = rng.binomial(drivers, share, 20_000) >= needed
    assert together.mean() < 0.05


def test_every_driver_and_outcome_is_a_measure_with_a_series(made_up):
    drivers, outcomes, _ = known()
    assert not set(drivers) & set(outcomes)
    for name in (*drivers, *outcomes):
        assert upturn.measures.show(name).series, name
    for name in outcomes:
        assert upturn.measures.show(name).good in ("high", "low"), name
    assert len(measure_all(made_up, [upturn.measures.show(name) for name in outcomes])) == 12
