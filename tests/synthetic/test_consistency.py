"""Without faults, nothing in a council is impossible."""

from __future__ import annotations

import polars as pl
import pytest

from upturn.records.annex_a.layout import annex_a
from upturn.rulebooks.calendar import is_working_day
from upturn.synthetic import Council

TABLES = [
    "contacts", "early_help", "referrals", "assessments", "enquiries", "conferences", "cp_plans", "cp_visits",
    "cp_reviews", "core_groups", "cin_periods", "cin_visits", "care_periods", "placements", "care_reviews",
    "care_visits", "health_assessments", "dental_checks", "missing_episodes", "care_leavers", "adoptions",
]  # fmt: skip

#: table, what comes first, what cannot come before it
ORDER = [
    ("early_help", "started", "completed"),
    ("referrals", "referred", "closed"),
    ("assessments", "started", "authorised"),
    ("assessments", "started", "seen"),
    ("assessments", "seen", "authorised"),
    ("enquiries", "started", "ended"),
    ("cp_plans", "started", "ended"),
    ("cin_periods", "started", "ended"),
    ("care_periods", "started", "ended"),
    ("care_periods", "started", "legal_status_since"),
    ("adoptions", "care_start", "decided"),
    ("adoptions", "decided", "placement_order"),
    ("adoptions", "placement_order", "matched"),
    ("adoptions", "matched", "placed"),
    ("adoptions", "placed", "adopted"),
    ("adopters", "enquiry", "stage_1"),
    ("adopters", "stage_1", "stage_1_end"),
    ("adopters", "stage_1_end", "stage_2"),
    ("adopters", "stage_2_end", "application"),
    ("adopters", "placed", "order"),
    ("workers", "started_on", "left_on"),
]

#: repeated events, the table they belong to, and its key
WITHIN = [
    ("cp_visits", "cp_plans", "plan_id"),
    ("cp_reviews", "cp_plans", "plan_id"),
    ("core_groups", "cp_plans", "plan_id"),
    ("cin_visits", "cin_periods", "period_id"),
    ("care_visits", "care_periods", "care_id"),
    ("care_reviews", "care_periods", "care_id"),
    ("health_assessments", "care_periods", "care_id"),
    ("dental_checks", "care_periods", "care_id"),
    ("missing_episodes", "care_periods", "care_id"),
    ("placements", "care_periods", "care_id"),
]

#: what only happens on working days
WORKING = [
    ("assessments", "started"), ("assessments", "authorised"), ("assessments", "seen"),
    ("enquiries", "started"),
    ("conferences", "held"), ("conferences", "booked_for"), ("cp_plans", "started"), ("cp_visits", "day"),
    ("cp_reviews", "day"), ("core_groups", "day"), ("cin_visits", "day"), ("care_reviews", "day"),
    ("care_visits", "day"), ("health_assessments", "day"), ("care_leavers", "contact"),
    ("care_leavers", "plan_review"), ("adoptions", "decided"),
]  # fmt: skip


@pytest.fixture(params=["faultless", "county", "small"])
def council(request: pytest.FixtureRequest) -> Council:
    """With and without faults of practice, which bend no date out of order."""
    found: Council = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize(("table", "first", "then"), ORDER)
def test_nothing_ends_before_it_starts(council: Council, table: str, first: str, then: str) -> None:
    rows: pl.DataFrame = getattr(council, table)
    assert rows.filter(pl.col(then) < pl.col(first)).is_empty()


@pytest.mark.parametrize(("events", "spans", "key"), WITHIN)
def test_events_lie_within_what_they_belong_to(
    council: Council, events: str, spans: str, key: str
) -> None:
    rows: pl.DataFrame = getattr(council, events)
    joined = rows.join(getattr(council, spans), on=[key, "child_id"], how="left")
    outside = (pl.col("day") < pl.col("started")) | (pl.col("day") > pl.col("ended"))
    assert joined.filter(outside | pl.col("started").is_null()).is_empty()


@pytest.mark.parametrize(("table", "day"), WORKING)
def test_working_days_events_are_on_working_days(council: Council, table: str, day: str) -> None:
    days = getattr(council, table)[day].drop_nulls().unique().to_list()
    assert [d for d in days if not is_working_day(d)] == []


@pytest.mark.parametrize("table", TABLES)
def test_nothing_has_happened_after_the_extract(council: Council, table: str) -> None:
    rows: pl.DataFrame = getattr(council, table)
    days = [c for c, kind in rows.schema.items() if kind == pl.Date and c != "booked_for"]
    assert rows.filter(pl.any_horizontal(pl.col(c) > council.as_at for c in days)).is_empty()


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_about_a_child_of_the_council(council: Council, table: str) -> None:
    assert getattr(council, table).join(council.children, on="child_id", how="anti").is_empty()


def test_keys_name_one_row(council: Council) -> None:
    for table, key in (
        ("children", "child_id"), ("contacts", "contact_id"), ("referrals", "referral_id"),
        ("assessments", "assessment_id"), ("enquiries", "enquiry_id"), ("conferences", "conference_id"),
        ("cp_plans", "plan_id"), ("cin_periods", "period_id"), ("care_periods", "care_id"),
        ("workers", "worker_id"), ("workers", "worker"), ("teams", "team"),
    ):  # fmt: skip
        assert getattr(council, table)[key].is_duplicated().sum() == 0, (table, key)


def test_no_assessment_is_signed_off_after_its_case_closed(council: Council) -> None:
    cases = council.referrals.select("referral_id", "closed")
    rows = council.assessments.join(cases, on="referral_id")
    assert rows.height == council.assessments.height
    assert rows.filter(pl.col("authorised") > pl.col("closed")).is_empty()
    assert rows.filter(pl.col("closed").is_not_null() & pl.col("authorised").is_null()).is_empty()


def test_children_are_under_eighteen_and_born_in_time(council: Council) -> None:
    for table, start, end in (
        ("referrals", "referred", "closed"), ("cp_plans", "started", "ended"),
        ("care_periods", "started", "ended"), ("cin_periods", "started", "ended"),
    ):  # fmt: skip
        rows = getattr(council, table).join(council.children, on="child_id")
        last = pl.coalesce(end, pl.lit(council.as_at))
        assert rows.filter((last - pl.col("born")).dt.total_days() > 18 * 365.25).is_empty(), table
        unborn = (pl.col("born") - pl.col(start)).dt.total_days()
        assert rows.filter(unborn > (0 if table == "care_periods" else 200)).is_empty(), table


def test_a_child_is_not_in_two_places_at_once(council: Council) -> None:
    for table in ("cp_plans", "care_periods", "cin_periods"):
        rows = getattr(council, table).sort("child_id", "started")
        before = pl.col("ended").shift(1).over("child_id")
        again = pl.col("started").shift(1).over("child_id").is_not_null()
        overlap = again & (before.is_null() | (before > pl.col("started")))
        assert rows.filter(overlap).is_empty(), table


def test_a_plan_starts_on_the_day_of_a_conference_that_decided_it(council: Council) -> None:
    decided = council.conferences.filter("plan").select("child_id", started="held")
    assert council.cp_plans.join(decided, on=["child_id", "started"], how="anti").is_empty()


def test_brothers_and_sisters_are_referred_and_planned_for_together(council: Council) -> None:
    for table, key, day in (
        ("referrals", "referral_id", "referred"),
        ("cp_plans", "plan_id", "started"),
    ):
        rows = getattr(council, table).join(council.children, on="child_id")
        family = rows.with_columns(episode=pl.col(key).str.extract(r"^\w(\d+)-"))
        together = family.group_by("episode").agg(
            n=pl.len(),
            days=pl.col(day).n_unique(),
            families=pl.col("family" if "family" in rows.columns else "family_right").n_unique(),
        )
        assert together.filter((pl.col("days") > 1) | (pl.col("families") > 1)).is_empty()
        assert together.filter(pl.col("n") > 1).height > 5


def test_open_children_have_a_worker_who_was_there(faultless: Council) -> None:
    open_now = faultless.cin_periods.filter(pl.col("ended").is_null())
    assert open_now["worker"].null_count() == 0
    named = open_now.join(faultless.workers, on="worker", how="left")
    assert named["worker_id"].null_count() == 0
    left = named.filter(pl.col("left_on").is_not_null()).height
    assert left <= 0.05 * open_now.height


def test_some_rows_still_name_a_worker_who_has_left(county: Council) -> None:
    gone = county.workers.filter(pl.col("left_on").is_not_null())["worker"]
    open_now = county.cin_periods.filter(pl.col("ended").is_null())
    assert (
        0 < open_now.filter(pl.col("worker").is_in(gone.implode())).height < 0.05 * open_now.height
    )


def test_no_list_holds_the_same_event_twice(council: Council) -> None:
    for sheet, layout in zip(council.official, annex_a(), strict=True):
        key = [h for h in layout.key if h in sheet.headers]
        assert sheet.rows.select(key).is_duplicated().sum() == 0, layout.label


def test_the_lists_are_cut_to_their_windows(county: Council) -> None:
    since = pl.date(2026, 3, 30)
    rows = {sheet.number: sheet.rows for sheet in county.official}
    assert rows[1].filter(pl.col("Date of Contact") < since).is_empty()
    assert rows[3].filter(pl.col("Date of Referral") < since).is_empty()
    assert rows[4].filter(pl.col("Continuous Assessment Date of Authorisation") < since).is_empty()
    assert rows[7].filter(pl.col("Child Protection Plan End Date") < since).is_empty()
    assert (
        rows[7].filter(pl.col("Child Protection Plan Start Date") < since).height > 100
    )  # left-truncated
    assert rows[7]["Child Unique ID"].is_duplicated().mean() < 0.02  # type: ignore[operator]
