"""A county's rates are England's, within what chance does to so many families."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from upturn.rulebooks.calendar import add_months, working_days_between
from upturn.synthetic import Council
from upturn.synthetic.days import between
from upturn.synthetic.figures import figure

YEAR_AGO = date(2025, 9, 30)
#: Children of a family share what happens to them, so there are about half as many chances as children.
CHILDREN_TO_A_FAMILY = 2.2


def chance_allows(share: float, published: float, children: int, *, spread: float = 3.5) -> bool:
    """Whether a share differs from the published one by no more than sampling would explain."""
    error = np.sqrt(published * (1 - published) * CHILDREN_TO_A_FAMILY / children)
    return bool(abs(share - published) <= spread * error + 0.003)


def last_year(council: Council, table: str, day: str) -> pl.DataFrame:
    rows: pl.DataFrame = getattr(council, table)
    return rows.filter(pl.col(day) > YEAR_AGO)


def working_days(rows: pl.DataFrame, start: str, end: str) -> NDArray[np.int64]:
    a, b = (rows[c].cast(pl.Int32).to_numpy().astype(np.int64) for c in (start, end))
    return between(a, b)


def assessment_days(council: Council) -> NDArray[np.int64]:
    return working_days(last_year(council, "assessments", "authorised"), "started", "authorised")


def conference_days(council: Council) -> NDArray[np.int64]:
    held = last_year(council, "conferences", "held").join(council.enquiries, on="enquiry_id")
    return working_days(held, "started", "held")


@pytest.mark.parametrize(
    ("first", "last", "published"),
    [
        (0, 0, 11_680), (1, 10, 75_590), (11, 20, 112_180), (21, 30, 102_260), (31, 40, 131_380),
        (41, 45, 122_730), (46, 50, 37_640), (51, 60, 27_860), (61, 999, 27_500),
    ],
)  # fmt: skip
def test_assessments_take_as_long_as_in_england(
    county: Council, first: int, last: int, published: int
) -> None:
    days = assessment_days(county)
    share = ((days >= first) & (days <= last)).mean()
    assert chance_allows(share, published / 648_820, len(days))


def test_assessment_quartiles_are_englands(county: Council) -> None:
    assert np.abs(np.quantile(assessment_days(county), [0.25, 0.5, 0.75]) - [17, 33, 43]).max() <= 1


def test_assessments_pile_up_in_the_five_days_before_the_deadline(county: Council) -> None:
    days = assessment_days(county)
    assert 0.17 <= ((days >= 41) & (days <= 45)).mean() <= 0.21
    assert (days == 45).sum() > (days == 41).sum() > (days == 46).sum()


def test_conferences_are_held_when_they_are_in_england(county: Council) -> None:
    days = conference_days(county)
    assert chance_allows((days <= 15).mean(), 0.814, len(days))
    assert np.abs(np.quantile(days, [0.25, 0.5, 0.75]) - [13, 14, 15]).max() <= 1
    assert np.median(days) == 14


def test_rates_along_the_journey_are_englands(county: Council) -> None:
    referrals = last_year(county, "referrals", "referred")
    enquiries = last_year(county, "enquiries", "started")
    held = last_year(county, "conferences", "held")
    n = referrals.height
    assert chance_allows(referrals["nfa"].mean(), 0.065, n)  # type: ignore[arg-type]
    assert enquiries.height / n == pytest.approx(0.364, rel=0.08)
    assert held.height / enquiries.height == pytest.approx(0.3127, rel=0.10)
    assert chance_allows(held["plan"].mean(), 0.858, held.height)  # type: ignore[arg-type]


def test_as_many_children_are_referred_again_within_a_year_as_in_england(county: Council) -> None:
    again = county.referrals.sort("child_id", "referred").with_columns(
        days=(pl.col("referred") - pl.col("referred").shift(1).over("child_id")).dt.total_days()
    )
    lately = again.filter(pl.col("referred") > YEAR_AGO)
    share = (lately["days"] <= 365).fill_null(False).mean()
    assert chance_allows(share, 0.226, lately.height)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "published"),
    [(-1, 91, 0.315), (91, 182, 0.255), (182, 365, 0.263), (365, 730, 0.144), (730, 9999, 0.023)],
)
def test_plans_at_a_date_are_as_old_as_in_england(
    county: Council, low: int, high: int, published: float
) -> None:
    open_now = county.cp_plans.filter(pl.col("ended").is_null())
    days = (pl.Series([county.as_at]) - open_now["started"]).dt.total_days()
    share = ((days > low) & (days <= high)).mean()
    assert chance_allows(share, published, open_now.height, spread=4)  # type: ignore[arg-type]


def test_a_quarter_of_plans_are_a_second_or_later_one(county: Council) -> None:
    started = last_year(county, "cp_plans", "started")
    share = (started["previous_plans"] > 0).mean()
    assert chance_allows(share, 0.245, started.height)  # type: ignore[arg-type]


def test_nine_in_ten_children_on_plans_have_had_their_reviews_in_time(county: Council) -> None:
    old = county.cp_plans.filter(
        pl.col("ended").is_null() & (pl.col("started") <= add_months(county.as_at, -3))
    )
    reviews = county.cp_reviews.group_by("plan_id").agg(pl.col("day").sort())
    rows = old.join(reviews, on="plan_id", how="left").select("started", "day").iter_rows()
    in_time = [_reviewed_in_time(start, days or [], county.as_at) for start, days in rows]
    assert chance_allows(float(np.mean(in_time)), 0.906, len(in_time), spread=4)


def _reviewed_in_time(start: date, days: list[date], as_at: date) -> bool:
    due, months = add_months(start, 3), 6
    for day in [*days, as_at]:
        if day > due:
            return False
        due = add_months(day, months)
    return True


def test_children_in_need_and_on_plans_at_a_date_are_as_many_as_in_england(county: Council) -> None:
    referrals = last_year(county, "referrals", "referred").height
    in_need = county.cin_periods.filter(pl.col("ended").is_null()).height
    on_plan = county.cp_plans.filter(pl.col("ended").is_null()).height
    assert in_need / referrals == pytest.approx(402_400 / 632_830, rel=0.06)
    assert on_plan / referrals == pytest.approx(49_420 / 632_830, rel=0.12)


def test_referrals_follow_the_months_and_hardly_come_at_weekends(county: Council) -> None:
    days = county.referrals.filter(pl.col("referred") > date(2023, 9, 30))["referred"]
    by_month = days.dt.month().value_counts().sort("referred")["count"].to_numpy()
    published = np.array(figure("arrivals.by_month"))
    assert np.corrcoef(by_month, published)[0, 1] > 0.75
    assert (days.dt.weekday() > 5).mean() < 0.05  # type: ignore[operator]
    august, june = by_month[7], by_month[5]
    assert august < 0.9 * june


def test_sources_are_englands_and_schools_are_quiet_in_august(county: Council) -> None:
    year = last_year(county, "referrals", "referred")
    assert chance_allows((year["source"] == "6").mean(), 177_210 / 621_880, year.height)  # type: ignore[arg-type]
    schools = year.group_by(pl.col("referred").dt.month()).agg((pl.col("source") == "2A").mean())
    by_month = dict(schools.iter_rows())
    assert by_month[8] < 0.4 * by_month[6]


def test_staffing_is_englands(county: Council) -> None:
    posts = int(county.teams["posts"].sum())
    now = county.workers.filter(pl.col("left_on").is_null())
    permanent = now.filter(~pl.col("agency")).height
    gone = county.workers.filter(~pl.col("agency") & (pl.col("left_on") > YEAR_AGO)).height
    held = county.cin_periods.filter(pl.col("ended").is_null()).height + county.care_leavers.height
    assert 1 - permanent / posts == pytest.approx(0.142, abs=0.05)
    assert 1 - permanent / now.height == pytest.approx(0.13, abs=0.05)
    assert gone / permanent == pytest.approx(0.118, abs=0.05)
    assert held / now.height == pytest.approx(15.2, abs=1.5)


def test_children_in_care_change_worker_as_often_as_englands(county: Council) -> None:
    now = county.care_periods.filter(pl.col("ended").is_null())["child_id"].unique()
    held = county.allocations.filter(pl.col("child_id").is_in(now.implode()))
    held = held.filter(pl.col("end").is_null() | (pl.col("end") > YEAR_AGO))
    workers = held.group_by("child_id").agg(n=pl.col("worker").n_unique())
    # A worker's children change together, so a county's share is less sure than its number of children.
    assert (workers["n"] >= 3).mean() == pytest.approx(0.27, abs=0.05)


def test_visits_begin_again_after_a_move(county: Council) -> None:
    moves = county.placements.sort("care_id", "day").with_columns(
        to=pl.col("day").shift(-1).over("care_id"), n=pl.int_range(pl.len()).over("care_id")
    )
    stayed = pl.col("to").is_null() | (pl.col("to") > pl.col("day") + pl.duration(days=7))
    moves = moves.filter((pl.col("n") > 0) & stayed & (pl.col("day") < YEAR_AGO))
    ended = county.care_periods.select("care_id", "ended")
    moves = moves.join(ended, on="care_id").filter(
        pl.col("ended").is_null() | (pl.col("ended") > pl.col("day") + pl.duration(days=7))
    )
    visits = county.care_visits.select("care_id", visit="day")
    seen = moves.join(visits, on="care_id").filter(
        (pl.col("visit") - pl.col("day")).dt.total_days().is_between(1, 7)
    )
    share = seen.select("care_id", "day").n_unique() / moves.height
    assert moves.height > 300
    assert share == pytest.approx(0.91, abs=0.04)


def test_the_county_writes_about_sixty_thousand_rows(county: Council) -> None:
    rows = {sheet.number: sheet.rows.height for sheet in county.official}
    assert 45_000 <= sum(rows.values()) <= 75_000
    assert sorted(rows) == list(range(1, 12))
    assert min(rows.values()) > 20


def test_the_count_of_working_days_is_the_calendars(county: Council) -> None:
    some = county.assessments.filter(pl.col("authorised").is_not_null()).head(200)
    slow = [working_days_between(a, b) for a, b in some.select("started", "authorised").iter_rows()]
    assert working_days(some, "started", "authorised").tolist() == slow
