"""A sample is what it says it is: the right chances, the same again, and honest about the population."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.inspection.estimate import estimate
from upturn.inspection.frame import frame_hash
from upturn.inspection.sampling import draw, inclusion, shares, size_for
from upturn.records.sheets import SourceError


def a_frame(n: int = 60, *, left_out: int = 0) -> pl.DataFrame:
    teams = ["North", "South", "West"]
    return pl.DataFrame(
        {
            "unit": [f"List 7 row {i:04}" for i in range(n)],
            "child_id": [f"C{i}" for i in range(n)],
            "team": [teams[0 if i < n // 2 else 1 + i % 2] for i in range(n)],
            "worker": [f"W{i % 10}" for i in range(n)],
            "age": ["1 to 4" if i % 3 else "10 to 15" for i in range(n)],
            "length": ["under 3 months"] * n,
            "month": ["2026-07"] * n,
            "risk": [1.0 + i % 4 for i in range(n)],
            "left_out": ["audited in May" if i < left_out else None for i in range(n)],
        }
    )


#: population, precision, expected share: the size Cochran's formula gives
SIZES = [
    (10_000, 0.05, 0.5, 370),
    (500, 0.1, 0.5, 81),
    (120, 0.1, 0.2, 41),
    (5, 0.05, 0.5, 5),
    (0, 0.1, 0.5, 0),
]


@pytest.mark.parametrize(("population", "precision", "expected", "size"), SIZES)
def test_the_size_for_a_precision(population, precision, expected, size):
    assert size_for(population, precision=precision, expected=expected) == size


@pytest.mark.parametrize("kind", ["random", "stratified", "risk", "tracking"])
def test_same_frame_and_seed_same_children_and_another_seed_others(kind):
    frame = a_frame()
    first = draw(frame, kind=kind, size=12, seed=3, by=["team"])
    again = draw(frame, kind=kind, size=12, seed=3, by=["team"])
    other = draw(frame, kind=kind, size=12, seed=4, by=["team"])
    assert first.drawn.equals(again.drawn)
    assert not first.drawn.equals(other.drawn)
    assert first.drawn["unit"].n_unique() == 12


@pytest.mark.parametrize("kind", ["random", "stratified", "risk", "tracking"])
def test_what_is_left_out_is_never_drawn_and_is_counted(kind):
    sample = draw(a_frame(left_out=30), kind=kind, size=99, seed=1, by=["team"])
    assert sample.drawn.height == sample.eligible == 30
    assert sample.left_out == 30
    assert sample.drawn["left_out"].null_count() == 30


@pytest.mark.parametrize("kind", ["random", "stratified", "risk"])
def test_each_unit_is_drawn_as_often_as_its_chance_says(kind):
    frame, runs = a_frame(), 3000
    drawn = pl.concat(
        [draw(frame, kind=kind, size=12, seed=s, by=["team"]).drawn for s in range(runs)]
    )
    seen = drawn.group_by("unit").agg(pl.len() / runs, pl.col("chance").first())
    assert seen.height == frame.height
    z = (seen["len"] - seen["chance"]) / (seen["chance"] * (1 - seen["chance"]) / runs).sqrt()
    assert z.abs().max() < 4.5
    assert abs(float(frame.join(seen, on="unit")["chance"].sum()) - 12) < 1e-9


@pytest.mark.parametrize("kind", ["random", "stratified", "risk"])
def test_intervals_cover_the_population_about_as_often_as_they_say(kind):
    frame = a_frame(200)
    rng = np.random.default_rng(9)
    chance = {"North": 0.2, "South": 0.6, "West": 0.4}
    truth = pl.Series([bool(rng.random() < chance[t]) for t in frame["team"]])
    frame = frame.with_columns(truth=truth)
    share, covered, runs = float(truth.mean()), 0, 400
    for seed in range(runs):
        drawn = draw(frame, kind=kind, size=50, seed=seed, by=["team"]).drawn
        got = estimate(drawn, drawn["truth"], population=200)
        covered += got.low <= share <= got.high
    assert 0.91 <= covered / runs <= 0.995


def test_a_stratified_sample_has_every_stratum_in_proportion():
    drawn = draw(a_frame(), kind="stratified", size=12, seed=1, by=["team"]).drawn
    assert dict(drawn.group_by("team").len().iter_rows()) == {"North": 6, "South": 3, "West": 3}


def test_a_tracking_sample_spreads_over_strata_and_workers_and_speaks_for_nobody_else():
    drawn = draw(a_frame(), kind="tracking", size=9, seed=1, by=["team"]).drawn
    assert dict(drawn.group_by("team").len().iter_rows()) == {"North": 3, "South": 3, "West": 3}
    assert drawn["worker"].n_unique() >= 8
    with pytest.raises(SourceError, match="no others"):
        estimate(drawn, pl.Series([True] * 9), population=60)


def test_a_whole_population_audited_leaves_no_doubt():
    drawn = draw(a_frame(), kind="random", size=60, seed=1).drawn
    got = estimate(drawn, pl.Series([i < 15 for i in range(60)]), population=60)
    assert got.share == pytest.approx(0.25)
    assert got.high - got.low < 1e-3


def test_units_not_audited_are_counted_and_none_audited_is_refused():
    drawn = draw(a_frame(), kind="random", size=10, seed=1).drawn
    got = estimate(drawn, pl.Series([True, False, None, *[False] * 7]), population=60)
    assert (got.n, got.audited, got.not_audited) == (1, 9, 1)
    with pytest.raises(SourceError, match="No unit"):
        estimate(drawn, pl.Series([None] * 10, dtype=pl.Boolean), population=60)


#: what is asked, and what the refusal names
REFUSED = [
    ({"kind": "stratified", "size": 5}, "--by"),
    ({"kind": "random", "size": 0}, "size"),
    ({"kind": "random", "size": 5, "by": ["shoe size"]}, "shoe size"),
]


@pytest.mark.parametrize(("asked", "named"), REFUSED)
def test_what_cannot_be_drawn_is_refused_in_one_line(asked, named):
    with pytest.raises(SourceError, match=named):
        draw(a_frame(), seed=1, **asked)


def test_a_population_all_left_out_is_refused():
    with pytest.raises(SourceError, match="left out"):
        draw(a_frame(5, left_out=5), kind="random", size=2, seed=1)


def test_the_frame_is_known_by_its_hash():
    assert frame_hash(a_frame()) == frame_hash(a_frame())
    assert frame_hash(a_frame()) != frame_hash(a_frame(left_out=1))


@settings(max_examples=200, deadline=None)
@given(sizes=st.lists(st.integers(1, 500), min_size=1, max_size=12), data=st.data())
def test_shares_add_up_and_never_ask_for_more_than_there_is(sizes, data):
    total = data.draw(st.integers(1, sum(sizes)))
    given_ = shares(sizes, total)
    assert sum(given_) == total
    assert all(0 <= g <= s for g, s in zip(given_, sizes, strict=True))


@settings(max_examples=200, deadline=None)
@given(risk=st.lists(st.floats(0.5, 1000), min_size=2, max_size=40), data=st.data())
def test_chances_are_chances_and_add_up_to_the_size(risk, data):
    size = data.draw(st.integers(1, len(risk)))
    chance = inclusion(np.array(risk), size)
    assert chance.sum() == pytest.approx(size)
    assert ((chance > 0) & (chance <= 1 + 1e-12)).all()
