"""What followed a judgement: planted effects are recovered; two estimators agree with others'."""

from __future__ import annotations

from pathlib import Path

import made_up_panel as made
import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose

import upturn
from upturn.published.national import cohorts, staggered
from upturn.published.national.change import changes, cluster_interval, study
from upturn.published.national.effects import NOT_IDENTIFIED, effects_of, estimates
from upturn.published.national.judgements import arrivals
from upturn.published.national.panel import Panel, figure_of, panel_at
from upturn.published.national.staggered import Grid


def grid(
    *,
    units: int = 60,
    effect: float = 2.0,
    growth: float = 0.0,
    later: float = 0.0,
    gaps: float = 0.0,
    seed: int = 1,
) -> Grid:
    """Half never treated, the rest in years 3, 5 and 6 of 8; ``later`` is added for later cohorts."""
    rng = np.random.default_rng(seed)
    first = np.array([np.inf] * (units // 2) + [3.0, 5.0, 6.0] * (units // 6))
    y = rng.normal(size=(len(first), 1)) + rng.normal(size=8) + rng.normal(size=(len(first), 8))
    for i, g in enumerate(first):
        if np.isfinite(g):
            since = np.arange(8 - int(g))
            y[i, int(g) :] += effect + later * (g - 3) + growth * since
    y[rng.random(y.shape) < gaps] = np.nan
    return Grid(y, first, np.arange(8), tuple(str(n) for n in range(len(first))))


def slow_group_time(data: Grid, e: int, *, never: bool) -> float:
    """Callaway and Sant'Anna's average at ``e`` as the paper says it, one authority at a time."""
    total, weight = 0.0, 0
    for g in sorted({g for g in data.first if np.isfinite(g)}):
        t = int(g) + e
        if not 0 <= t < len(data.years) or int(g) - 1 < 0:
            continue
        treated, rest = [], []
        for i, own in enumerate(data.first):
            change = data.y[i, t] - data.y[i, int(g) - 1]
            if np.isnan(change):
                continue
            if own == g:
                treated.append(change)
            elif np.isinf(own) or (not never and own > max(t, g - 1)):
                rest.append(change)
        if treated and rest:
            total += len(treated) * (sum(treated) / len(treated) - sum(rest) / len(rest))
            weight += len(treated)
    return total / weight


@pytest.mark.parametrize("gaps", [0.0, 0.15], ids=["whole", "with gaps"])
@pytest.mark.parametrize("controls", ["never", "not yet"])
def test_group_time_effects_are_those_of_a_second_implementation(
    controls: str, gaps: float
) -> None:
    data = grid(growth=0.5, gaps=gaps, seed=3)
    for row in staggered.effects(data, controls=controls, draws=30).to_dicts():  # type: ignore[arg-type]
        slow = slow_group_time(data, row["horizon"] - 1, never=controls == "never")
        assert row["effect"] == pytest.approx(slow, abs=1e-12)


@pytest.mark.filterwarnings("ignore:CallawaySantAnna.fit:FutureWarning")
def test_both_estimators_give_what_an_independent_library_gives() -> None:
    library = pytest.importorskip("diff_diff")
    pandas = pytest.importorskip("pandas")
    data = grid(growth=0.5, seed=5)
    rows = [
        (i, t, data.y[i, t], 0 if np.isinf(g) else g)
        for i, g in enumerate(data.first)
        for t in range(8)
    ]
    frame = pandas.DataFrame(rows, columns=["unit", "time", "y", "g"])
    said = {"outcome": "y", "unit": "unit", "time": "time", "first_treat": "g"}
    for controls, theirs in (("never", "never_treated"), ("not yet", "not_yet_treated")):
        other = library.CallawaySantAnna(control_group=theirs, base_period="universal")
        found = other.fit(frame, aggregate="event_study", **said).event_study_effects
        ours = staggered.effects(data, controls=controls, draws=1500)  # type: ignore[arg-type]
        _agree(ours, found, se=0.1)
    found = library.SunAbraham().fit(frame, **said).event_study_effects
    _agree(cohorts.sun_abraham(data), found, se=1e-6)


def _agree(ours: pl.DataFrame, theirs: dict[float, dict[str, float]], *, se: float) -> None:
    assert ours.height == 7
    for row in ours.to_dicts():
        other = theirs[row["horizon"] - 1]
        assert row["effect"] == pytest.approx(other["effect"], abs=1e-9)
        assert row["se"] == pytest.approx(other["se"], rel=se)


def test_the_two_estimators_are_one_where_theory_says_so() -> None:
    """On a whole panel, against those never treated, without covariates, they are the same average."""
    data = grid(growth=0.4, later=-0.5, seed=9)
    by_time, by_cohort = (
        staggered.effects(data, controls="never", draws=30),
        cohorts.sun_abraham(data),
    )
    assert_allclose(by_time["effect"], by_cohort["effect"], atol=1e-9)


def test_one_path_for_all_is_misled_where_cohorts_differ_and_the_others_are_not() -> None:
    """Without noise: later cohorts fare worse, and the plain event study finds a lead that is not there."""
    data = grid(growth=1.0, later=-1.5)
    clean = np.nan_to_num(np.zeros_like(data.y))
    for i, g in enumerate(data.first):
        if np.isfinite(g):
            clean[i, int(g) :] += 2 - 1.5 * (g - 3) + np.arange(8 - int(g))
    noiseless = Grid(clean, data.first, data.years, data.units)
    for table in (staggered.effects(noiseless, draws=30), cohorts.sun_abraham(noiseless)):
        assert_allclose(table.filter(pl.col("horizon") < 0)["effect"], 0, atol=1e-9)
    misled = cohorts.plain(noiseless).filter(pl.col("horizon") < 0)["effect"]
    assert misled.abs().max() > 0.1


def test_intervals_hold_the_planted_effect_as_often_as_they_say() -> None:
    """In 120 made-up panels, within what chance allows around 95 in 100."""
    held = {"by time": 0, "by cohort": 0}
    for seed in range(120):
        data = grid(units=60, effect=2.0, seed=1000 + seed)
        for name, table in (
            ("by time", staggered.effects(data, draws=299, leads=0, lags=1)),
            ("by cohort", cohorts.sun_abraham(data, leads=0, lags=1)),
        ):
            row = table.filter(horizon=1).row(0, named=True)
            held[name] += row["low"] <= 2.0 <= row["high"]
    for name, times in held.items():
        assert 0.88 <= times / 120 <= 1.0, (name, times)


def test_leads_are_found_where_they_were_planted() -> None:
    data = grid(effect=0.0, seed=2)
    y = data.y.copy()
    for i, g in enumerate(data.first):
        if np.isfinite(g):
            y[i] += 3 * np.arange(8)
    found = staggered.effects(Grid(y, data.first, data.years, data.units), draws=400)
    before = found.filter(horizon=-1).row(0, named=True)
    assert before["high"] < 0, "rising before: lower one census earlier than at the last before"


def test_intervals_draw_authorities_and_not_events() -> None:
    """The same ten values four times over from ten authorities tell no more than once over."""
    x = np.random.default_rng(4).normal(size=10)
    names = [str(n) for n in range(10)]
    once = cluster_interval(x, names, seed=1, draws=4000)
    often = cluster_interval(np.tile(x, 4), names * 4, seed=1, draws=4000)
    assert_allclose(once, often, atol=1e-9)
    assert cluster_interval(x[:1], names[:1], seed=1, draws=10) == (None, None)


def test_the_effect_planted_in_a_made_up_country_is_found_by_every_way(panel: Panel) -> None:
    """Net of the median it comes out a little low: some of the middle authorities are judged themselves."""
    found = effects_of(panel, "vacancy")
    first = estimates(found).filter(horizon=1)
    ways = [
        "net of the median authority",
        "Callaway and Sant'Anna",
        "Sun and Abraham",
        "one path for all cohorts",
    ]
    assert first["way"].to_list() == ways
    for row in first.to_dicts():
        bias = 0.4 if row["way"] == ways[0] else 0.0
        assert row["low"] < 6.0 < row["high"] + bias, row["way"]
    assert found.ways is not None
    told = found.ways.filter(~pl.col("variant").str.starts_with("Less the change"))
    assert (told["mean"].drop_nulls() - 6.0).abs().max() < 1.2
    before = estimates(found).filter(horizon=-1)
    assert (before["low"] < 0.4).all()
    assert (before["high"] > -0.4).all()


def test_a_planted_rise_in_proportion_is_found_on_the_log_scale(panel: Panel) -> None:
    row = effects_of(panel, "referrals").table.filter(horizon=1).row(0, named=True)
    assert row["low"] < 0.15 < row["high"]
    assert row["se"] < 0.03


def test_nothing_is_found_where_nothing_was_planted(tmp_path: Path) -> None:
    files = made.country(tmp_path, vacancy=0.0, referrals=0.0, seed=8)
    upturn.national.import_files(files, into=tmp_path / "n.db")
    found = panel_at(tmp_path / "n.db")
    for measure in ("vacancy", "referrals"):
        row = effects_of(found, measure).table.filter(horizon=1).row(0, named=True)
        assert row["low"] < 0 < row["high"], measure


def test_the_census_before_publication_is_the_base(tmp_path: Path) -> None:
    """Published on the day of the census: that census is not before it."""
    files = made.country(tmp_path, authorities=20, judged=0)
    rows = [
        made.judgement("300", "2019-09-30", "inadequate"),
        made.judgement("301", "2019-10-01", "inadequate"),
    ]
    pl.DataFrame(rows).write_csv(tmp_path / "j.csv")
    upturn.national.import_files([files[0], tmp_path / "j.csv"], into=tmp_path / "n.db")
    panel = panel_at(tmp_path / "n.db")
    found = changes(panel, "vacancy", arrivals(panel.judged, "inadequate"), horizons=(1,))
    assert found.sort("la_code").select("base_year", "year").rows() == [(2018, 2019), (2019, 2020)]


def test_good_judgements_come_to_nearly_all_and_have_no_comparison_left(panel: Panel) -> None:
    found = effects_of(panel, "vacancy", after="good")
    assert found.table.height
    assert (found.by_time, found.by_cohort, found.ways) == (None, None, None)


def test_what_there_is_not_is_refused_in_one_line(panel_file: Path) -> None:
    with pytest.raises(upturn.SourceError, match="no figure 'vacancies'; did you mean vacancy"):
        upturn.national.effects("vacancies", panel=panel_file)
    with pytest.raises(upturn.SourceError, match="the panel has no figure 'agency'"):
        upturn.national.effects("agency", panel=panel_file)
    with pytest.raises(upturn.SourceError, match="no kind of judgement 'awful'"):
        upturn.national.effects("vacancy", after="awful", panel=panel_file)  # type: ignore[arg-type]


def test_what_is_not_identified_is_said_first() -> None:
    assert NOT_IDENTIFIED[0].startswith("No cause is identified")


#: Figure, census, what the notes beside the project give, its error; None where they give none.
PUBLISHED = [
    ("vacancy", 1, 7.3, 1.8), ("vacancy", 2, 7.6, 2.3), ("vacancy", 3, 7.2, 2.1), ("vacancy", 4, 5.2, 2.8),
    ("agency", 1, 6.6, 1.9), ("agency", 2, 5.8, 2.1), ("agency", 3, 4.7, 2.4), ("agency", 4, 2.5, 3.2),
    ("agency", -1, -5.9, None),
    ("referrals", 1, 0.13, 0.03), ("referrals", 2, 0.10, 0.05), ("referrals", 3, 0.05, None),
    ("s47-children-rate", 1, 32, 7), ("s47-children-rate", 2, 43, 14), ("s47-children-rate", 3, 19, 15),
    ("re-referrals", 1, 0.9, 0.6), ("re-referrals", 2, 2.3, 0.8), ("re-referrals", 3, 2.0, 0.8),
    ("re-referrals", 4, 1.4, None),
    ("cpp-rate", 1, 7.8, 2.2), ("cpp-rate", 2, 9.9, 4.0),
    ("caseload", 1, 0.8, 0.5), ("caseload", 2, 0.1, None),
    ("caseload", 3, -1.2, 0.7), ("caseload", 4, -1.0, 0.6),
    ("turnover", 1, 0.5, 1.7), ("turnover", 2, 0.3, 1.4),
    ("turnover", 3, -1.9, None), ("turnover", 4, -0.2, None),
    ("sickness", 1, 0.0, 0.3), ("sickness", 2, 0.3, None), ("sickness", 3, -0.3, None),
    ("assessments-45", 1, -1.9, 1.8), ("icpc-15", 1, 1.1, 1.7),
]  # fmt: skip


@pytest.mark.parametrize(("measure", "horizon", "mean", "error"), PUBLISHED)
def test_the_figures_found_before_are_found_again(
    real: Panel, measure: str, horizon: int, mean: float, error: float | None
) -> None:
    """To the last digit given. The notes' median takes in regions and England for the long file's figures."""
    events = arrivals(real.judged, "inadequate")
    assert events.height == 64
    netted = _net_of_all_areas(real, measure) if figure_of(measure).prefer == "long" else None
    found = study(changes(real, measure, events, netted=netted), draws=50)
    row = found.filter(horizon=horizon).row(0, named=True)
    digit = 0.005 if measure == "referrals" else 0.5 if abs(mean) >= 19 else 0.05
    assert abs(row["mean"] - mean) <= digit * 1.02
    if error is not None:
        assert abs(row["se"] - error) <= digit * 1.02
    ours = study(changes(real, measure, events), draws=50).filter(horizon=horizon)["mean"].item()
    assert abs(ours - row["mean"]) <= max(0.3, 0.02 * abs(mean)), (
        "which median it is hardly matters"
    )


def _net_of_all_areas(panel: Panel, measure: str) -> pl.DataFrame:
    every = panel.values.filter(measure=measure).drop_nulls("value")
    middle = every.group_by("year").agg(middle=pl.col("value").median())
    series = panel.series(measure).with_columns(x=pl.col("value"))
    return series.join(middle, on="year").with_columns(net=pl.col("x") - pl.col("middle"))


def test_no_rise_is_found_after_requires_improvement_or_good(real: Panel) -> None:
    given = {"requires improvement": (-0.3, 0.9, 0.5), "good": (-0.4, 0.4, -1.2)}
    for after, (vacancy, error, turnover) in given.items():
        events = arrivals(real.judged, after)  # type: ignore[arg-type]
        row = study(changes(real, "vacancy", events), draws=50).filter(horizon=1).row(0, named=True)
        assert (round(row["mean"], 1), round(row["se"], 1)) == (vacancy, error)
        row = (
            study(changes(real, "turnover", events), draws=50).filter(horizon=1).row(0, named=True)
        )
        assert row["mean"] == pytest.approx(turnover, abs=0.06)
