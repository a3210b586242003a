"""A twin made of an extract: what was read, what was told by simulation, and what is said to be unknown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import upturn
from upturn.journeys.result import Check
from upturn.records.sheets import SourceError
from upturn.render.twin_outputs import FIT_OUTPUTS, write_fit
from upturn.twin.desk import Direct
from upturn.twin.features import told
from upturn.twin.fit import chosen_periods, fit, fit_period
from upturn.twin.fitted import Fitted, Period, load_fitted
from upturn.twin.parameters import PARAMETERS, department, read_department
from upturn.twin.priors import Floats
from upturn.twin.series import SERIES
from upturn.twin.summaries import Recorded, recorded
from upturn.twin.unknowns import places
from upturn.twin.world import World

MONTHS = tuple(date(2026, m, 1) for m in range(4, 10))
PERIOD = Period("A", MONTHS[0], date(2026, 9, 30))


def toy(
    plans: Floats, *, seed: int, first: int, lead: int
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """A service whose answer is known: referrals follow contacts, care entries their share of them."""
    rng = np.random.default_rng([seed, first])
    contacts = plans[:, lead:, PARAMETERS["contacts_a_month"]]
    shape = contacts.shape
    series = {s.name: np.zeros(shape) for s in SERIES}
    series["contacts"] = rng.poisson(contacts).astype(float)
    series["referrals"] = rng.poisson(0.6 * contacts).astype(float)
    share = plans[:, lead:, PARAMETERS["care_entry"]]
    series["care_entries"] = rng.poisson(0.6 * contacts * share).astype(float)
    return series, {"assessment": np.zeros((len(plans), 1, 100))}


def toy_record(seed: int, contacts: float, care: float) -> Recorded:
    plans = np.repeat(np.array(department().values)[None, None], len(MONTHS), axis=1)
    plans[..., PARAMETERS["contacts_a_month"]] = contacts
    plans[..., PARAMETERS["care_entry"]] = care
    series, _ = toy(plans, seed=seed, first=10**6, lead=0)
    held = {n: series[n][0] for n in ("contacts", "referrals", "care_entries")}
    return Recorded(MONTHS, held, {}, {}, {})


def test_intervals_hold_the_truth_of_a_service_that_is_known() -> None:
    held = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        contacts, care = float(rng.uniform(150, 400)), float(rng.uniform(0.02, 0.15))
        record = toy_record(seed, contacts, care)
        direct = {
            "contacts_a_month": Direct("contacts_a_month", 300, 100, 500, 9, "made up", ""),
            "posts": Direct("posts", 60, 55, 65, 60, "made up", ""),
        }
        part = fit_period(record, direct, PERIOD, seed=seed, simulations=300, rounds=3, run=toy)
        low, high = np.quantile(part.draws, [0.05, 0.95], axis=0)
        for name, truth in (("contacts_a_month", contacts), ("care_entry", care)):
            held.append(low[PARAMETERS[name]] <= truth <= high[PARAMETERS[name]])
    # 60 trials at 0.9 lie between 0.80 and 0.99 in 99 of 100 samples; the blur makes them a little wider.
    assert 0.8 <= np.mean(held) <= 1.0


def test_how_uneven_caseloads_are_is_held_to_the_record_less_closely() -> None:
    def still(
        plans: Floats, *, seed: int, first: int, lead: int
    ) -> tuple[dict[str, Floats], dict[str, Floats]]:
        shape = plans[:, lead:, 0].shape
        return {s.name: np.full(shape, 20.0) for s in SERIES}, {}

    series = {n: np.full(6, 20.0) for n in ("referrals", "load_top")}
    features = tuple(f for f in told(series, {}) if ": rise" not in f.name)
    assert [f.name for f in features] == ["Referrals", "Children a worker, most"]
    where = places({}, frozenset(series))
    sought = tuple(n for n, one in enumerate(where) if one.sought)
    world = World(where, sought, None, features, series, (0, 6), still, 1)
    made = world.summaries(world.prior.values(np.full((2000, len(sought)), 0.5)), 0)
    assert made.std(axis=0) == pytest.approx([0.03, 0.15], rel=0.1)


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("council")
    upturn.demo(out=folder)
    return folder / "annex_a.xlsx"


@pytest.fixture(scope="module")
def check(extract: Path) -> Check:
    return upturn.check(extract)


@pytest.fixture(scope="module")
def fitted(check: Check) -> Fitted:
    return fit(check, simulations=120, rounds=2, draws=60)


def test_every_parameter_has_a_value_an_interval_and_a_tag(fitted: Fitted) -> None:
    assert [r.parameter for r in fitted.readings] == list(PARAMETERS)
    assert fitted.draws.shape == (60, 1, len(PARAMETERS))
    assert np.isfinite(fitted.draws).all()
    for r in fitted.readings:
        assert r.low <= r.value <= r.high, r.parameter
        assert r.source
    assert fitted.reading("contacts_a_month").how == "read"
    assert fitted.reading("hours_assessment").how == "inferred"


def test_what_totals_cannot_show_is_not_claimed(fitted: Fitted) -> None:
    reading = fitted.reading("leaving_load")
    assert (reading.tag, reading.known) == ("assumed", False)
    assert any("how load bears on leaving" in note for note in fitted.notes)
    for r in fitted.unknown:
        assert r.tag in ("assumed", "published")
        assert "cannot be told" in r.words


def test_a_value_of_yours_is_taken_as_it_stands(check: Check) -> None:
    given = department(salary=45_000, leaving_load=1.5, hours_assessment=20)
    found = fit(check, given=given, simulations=100, rounds=1, draws=20)
    for name in ("salary", "leaving_load", "hours_assessment"):
        assert found.department.tag(name) == "yours"
        assert (found.draws[..., PARAMETERS[name]] == given.value(name)).all()
    assert not any("how load bears on leaving" in note for note in found.notes)


def test_two_periods_are_fitted_and_what_shows_no_change_is_left_as_it_was(check: Check) -> None:
    periods = [
        Period("A", date(2026, 4, 1), date(2026, 6, 30)),
        Period("B", date(2026, 7, 1), date(2026, 9, 30)),
    ]
    found = fit(check, periods=periods, simulations=120, rounds=1, draws=40)
    assert found.draws.shape[:2] == (40, 2)
    same = [n for n in PARAMETERS if "period before" in found.reading(n, 1).words]
    assert same
    for name in same:
        assert np.array_equal(
            found.draws[:, 0, PARAMETERS[name]], found.draws[:, 1, PARAMETERS[name]]
        )
    assert {c.period for c in found.checks} == {0, 1}


def test_the_same_seed_gives_the_same_fit(check: Check, fitted: Fitted) -> None:
    again = fit(check, simulations=120, rounds=2, draws=60)
    assert np.abs(again.draws - fitted.draws).max() == 0


def test_a_fit_is_kept_and_read_back_to_the_last_bit(fitted: Fitted, tmp_path: Path) -> None:
    write_fit(fitted, tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == set(FIT_OUTPUTS)
    again = load_fitted(tmp_path / "twin_fit.json")
    assert np.array_equal(again.draws, fitted.draws)
    assert again.readings == fitted.readings
    assert again.observed.equals(fitted.observed)
    assert (again.periods, again.checks, again.notes, again.facts) == (
        fitted.periods, fitted.checks, fitted.notes, fitted.facts,
    )  # fmt: skip
    kept = read_department(tmp_path / "department.yaml")
    assert kept == fitted.department
    page = (tmp_path / "twin_fit.html").read_text("utf-8")
    assert "http:" not in page
    assert page.count("twin-tag") > len(PARAMETERS)


def test_a_fit_is_simulated_with_its_draws(fitted: Fitted, tmp_path: Path) -> None:
    found = upturn.twins.run(fitted, years=1, reps=4, out=tmp_path)
    assert found.start == date(2026, 10, 1)
    assert "as recorded" in (tmp_path / "twin_run.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "because"),
    [("{", "not JSON"), ('{"upturn_fit": 99}', "of another version"), ("[]", "no fit at all")],
)
def test_a_file_that_is_no_fit_is_refused_in_one_line(
    text: str, because: str, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(text, "utf-8")
    with pytest.raises(SourceError, match="not a fit"):
        load_fitted(file)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (date(2025, 1, 1), date(2025, 6, 30), "needs 6 whole months"),
        (date(2026, 8, 1), date(2026, 8, 31), "needs 3 whole months"),
    ],
)
def test_a_period_that_the_extract_does_not_hold_is_refused(
    start: date, end: date, said: str, check: Check
) -> None:
    with pytest.raises(SourceError, match=said):
        chosen_periods(recorded(check), [Period("X", start, end)])


def test_periods_that_overlap_are_refused(check: Check) -> None:
    one = Period("A", date(2026, 4, 1), date(2026, 7, 31))
    two = Period("B", date(2026, 7, 1), date(2026, 9, 30))
    with pytest.raises(SourceError, match="before period A is over"):
        chosen_periods(recorded(check), [one, two])


def test_an_extract_of_too_few_months_is_refused() -> None:
    short = Recorded(MONTHS[:2], {}, {}, {}, {})
    with pytest.raises(SourceError, match="holds 2 whole months"):
        chosen_periods(short, None)
