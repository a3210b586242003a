"""What must hold of any service the twin plays: what helps helps, what hurts hurts, and where it tips."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import polars as pl
import pytest

from upturn.journeys.compiled import can_compile
from upturn.twin.log import Log
from upturn.twin.parameters import department
from upturn.twin.scenario import Change, plan
from upturn.twin.series import COLUMN, OUTCOMES, pooled
from upturn.twin.simulate import Runs, replay, simulate

pytestmark = pytest.mark.skipif(not can_compile(), reason="many runs need numba")


def runs(months: int = 24, reps: int = 10, changes: Iterable[Change] = (), **given: float) -> Runs:
    return simulate(plan(department(**given), months=months, changes=changes), reps=reps)


def mean(found: Runs, name: str) -> float:
    return float(np.nanmean(pooled(found.monthly, name)))


def shares(found: Runs, which: int) -> np.ndarray:
    """Cumulated share of a duration by working days."""
    bars = found.histograms.sum(0)[which]
    return bars.cumsum() / bars.sum()


@pytest.fixture(scope="module")
def england() -> Runs:
    return runs(months=36, reps=40)


WAITS = (
    "assessment-days",
    "allocation-days",
    "first-seen-days",
    "unallocated",
    "overdue-assessments",
)


@pytest.mark.parametrize(
    ("name", "values"),
    [("posts", (72.0, 66.0, 60.0, 54.0)), ("contacts_a_month", (112.0, 126.0, 140.0, 154.0))],
)
@pytest.mark.parametrize("teams", [1.0, 6.0])
def test_fewer_posts_and_more_demand_never_make_a_wait_shorter(
    name: str, values: tuple[float, ...], teams: float
) -> None:
    found = [runs(**{name: value, "teams": teams}) for value in values]
    for wait in WAITS:
        series = [mean(one, wait) for one in found]
        assert series == sorted(series), wait


def test_twice_the_hours_and_twice_the_work_changes_not_one_bit() -> None:
    given = department()
    names = [n for n in (p for p in _hours()) if n != "hours_assessment_spread"]
    doubled = {name: 2 * given.value(name) for name in names}
    one, two = runs(months=6, reps=4), runs(months=6, reps=4, **doubled)
    short = COLUMN["hours_short"]
    assert np.array_equal(2 * one.monthly[..., short], two.monthly[..., short])
    one.monthly[..., short] = two.monthly[..., short] = 0
    assert one.monthly.tobytes() == two.monthly.tobytes()


def _hours() -> list[str]:
    from upturn.twin.parameters import PARAMETERS

    named = [name for name in PARAMETERS if name.startswith("hours_")]
    return [*named, "supervision_hours", "sign_off_hours"]


def test_no_assessment_of_a_healthy_service_is_forgotten() -> None:
    healthy = plan(department(posts=66), months=24)
    for rep in range(3):
        log = replay(healthy, rep=rep)
        days = log.events.filter(pl.col("event") == "assessment_ended")["value"].to_numpy()
        assert len(days) > 3000
        assert days.max() <= 120, "working days from referral to sign-off"
        assert max(still_open(log), default=0) <= 170, "calendar days on the last day of the run"


def still_open(log: Log) -> list[int]:
    """Days since the referral of each assessment open on the last day."""
    ends = ("referral", "no_further_action", "assessment_ended", "care")
    last = log.events.filter(pl.col("event").cast(pl.String).is_in(ends)).group_by("child").last()
    began = last.filter(pl.col("event") == "referral")["day"].to_list()
    return [(log.last - day).days for day in began]


def test_the_number_of_open_children_stays_the_same_for_ten_years() -> None:
    years, reps = 10, 32
    P = plan(department(), months=12 * years)
    found = simulate(P, reps=reps, start=date(2025, 4, 1), seed=7)
    children = found.monthly[..., COLUMN["open_children"]].reshape(reps, years, 12).mean(2)
    grown = children[:, 7:].mean(1) - children[:, :3].mean(1)
    assert abs(grown.mean()) < 3 * grown.std(ddof=1) / reps**0.5
    assert abs(grown.mean()) < 0.025 * children.mean()


def test_without_pressure_work_does_not_pile_up_at_the_deadline(england: Runs) -> None:
    with_it, without = shares(england, 0), shares(runs(pressure_height=0.0), 0)

    def spike(c: np.ndarray) -> float:
        """Ends on days 41 to 45, to those on days 36 to 40."""
        return float((c[45] - c[40]) / (c[40] - c[35]))

    assert spike(with_it) > 1.35
    assert spike(without) < 1.0


PULSE = (Change("shock_contacts", to_month=9, times=1.6),)


def test_a_pulse_of_demand_decays_when_load_drives_nobody_away() -> None:
    quiet, pulse = (runs(60, 8, c, leaving_load=0, sickness_load=0) for c in ((), PULSE))
    more = _extra_caseload(quiet, pulse)
    assert more[0] > 5
    assert more[4] < 0.4 * more[0]
    assert np.array_equal(
        quiet.monthly[..., COLUMN["leavers"]], pulse.monthly[..., COLUMN["leavers"]]
    )


def test_the_same_pulse_ends_in_a_lasting_worse_state_when_load_drives_many_away() -> None:
    quiet, pulse = (runs(60, 8, c, leaving_load=4, sickness_load=2) for c in ((), PULSE))
    more = _extra_caseload(quiet, pulse)
    assert more[4] > 1.3 * more[0]
    vacant = OUTCOMES["vacancy-rate"](pulse.monthly)[:, 48:].mean()
    assert vacant > 3 * OUTCOMES["vacancy-rate"](quiet.monthly)[:, 48:].mean()


def test_between_them_it_may_go_either_way() -> None:
    quiet, pulse = (runs(60, 16, c, leaving_load=2.6, sickness_load=1.3) for c in ((), PULSE))
    load = OUTCOMES["caseload"]
    gone = load(pulse.monthly)[:, 48:].mean(1) - load(quiet.monthly)[:, 48:].mean(1)
    began = load(pulse.monthly)[:, :12].mean(1) - load(quiet.monthly)[:, :12].mean(1)
    assert (gone < 0.6 * began).any()
    assert (gone > 1.0 * began).any()


def _extra_caseload(quiet: Runs, pulse: Runs) -> list[float]:
    load = OUTCOMES["caseload"]
    extra = (load(pulse.monthly) - load(quiet.monthly)).mean(0)
    return [float(extra[year * 12 : year * 12 + 12].mean()) for year in range(5)]


def test_a_higher_threshold_with_no_help_elsewhere_comes_back_as_serious_need(
    england: Runs,
) -> None:
    higher = runs(36, 16, [Change("referral_threshold", add=0.4)])
    assert mean(higher, "referrals") < 0.85 * mean(england, "referrals")
    assert mean(higher, "serious-later") > 4 * mean(england, "serious-later")


def test_half_the_conference_slots_makes_conferences_late_and_leaves_assessments(
    england: Runs,
) -> None:
    fewer = runs(36, 16, [Change("conference_slots_a_week", times=0.5)])
    assert mean(fewer, "conference-lateness") > mean(england, "conference-lateness") + 0.3
    assert abs(mean(fewer, "assessment-lateness") - mean(england, "assessment-lateness")) < 0.02


def test_absent_partners_make_conferences_late_and_leave_assessments(england: Runs) -> None:
    absent = runs(36, 16, partner_missing=0.5)
    assert mean(absent, "conference-lateness") > mean(england, "conference-lateness") + 0.04
    assert abs(mean(absent, "assessment-lateness") - mean(england, "assessment-lateness")) < 0.02


def test_sickness_makes_both_late(england: Runs) -> None:
    sick = runs(36, 16, sickness_a_year=6.0)
    for outcome in ("conference-lateness", "assessment-lateness"):
        assert mean(sick, outcome) > mean(england, outcome) + 0.03, outcome


#: England, year to 31 March 2025 and September 2025 (DfE); how near is near enough.
ENGLAND = [
    ("caseload", 15.2, 1.2),
    ("rereferral-share", 0.226, 0.02),
    ("vacancy-rate", 0.142, 0.02),
    ("agency-share", 0.130, 0.02),
    ("leavers-rate", 0.118, 0.015),
    ("sickness-rate", 0.035, 0.006),
    ("assessment-lateness", 1 - 0.857, 0.025),
    ("conference-lateness", 1 - 0.814, 0.04),
]


@pytest.mark.parametrize(("outcome", "published", "near"), ENGLAND)
def test_an_average_council_shows_englands_figures_together(
    england: Runs, outcome: str, published: float, near: float
) -> None:
    assert mean(england, outcome) == pytest.approx(published, abs=near)


def test_an_average_council_shows_englands_durations(england: Runs) -> None:
    days, conference = shares(england, 0), shares(england, 1)
    for share, published in ((0.25, 17), (0.5, 33), (0.75, 43)):
        assert abs(int(np.searchsorted(days, share)) - published) <= 3
    assert days[45] - days[40] == pytest.approx(0.19, abs=0.03)
    assert [int(np.searchsorted(conference, q)) for q in (0.25, 0.5, 0.75)] == [13, 14, 15]


def test_an_average_council_shows_englands_flows(england: Runs) -> None:
    sums = {name: england.monthly[..., place].sum() for name, place in COLUMN.items()}
    assert sums["referrals"] / 40 / 3 == pytest.approx(1400, rel=0.05)
    assert sums["section47_started"] / sums["referrals"] == pytest.approx(0.364, abs=0.04)
    assert sums["conferences_held"] / sums["section47_started"] == pytest.approx(0.31, abs=0.03)
    parts = [n for n in COLUMN if n.startswith("days_") and "conference" not in n]
    assert sum(sums[n] for n in parts) == pytest.approx(sums["assessment_days"], rel=1e-5)
