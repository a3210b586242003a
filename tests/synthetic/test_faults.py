"""Each fault is planted where the truth says, and nowhere else."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from upturn.records.lists.checks import CHECKS
from upturn.rulebooks.calendar import working_days_between
from upturn.rulebooks.load import load_rulebooks
from upturn.synthetic import Council, fault_catalogue, make_council
from upturn.synthetic.faults.catalogue import TRUTH

FAULTS = fault_catalogue().rows(named=True)
IDS = [fault["id"] for fault in FAULTS]


def told(council: Council, fault: str, expected: str | None = None) -> pl.DataFrame:
    rows = council.truth.filter(pl.col("fault") == fault)
    return rows if expected is None else rows.filter(pl.col("expected") == expected)


def ids(rows: pl.DataFrame) -> list[str]:
    return rows["child_id"].unique().to_list()


@pytest.mark.parametrize("fault", FAULTS, ids=IDS)
def test_every_fault_is_planted_and_told(small: Council, fault: dict[str, object]) -> None:
    pattern = fault["kind"] == "pattern"  # planted only when it is named
    council = make_council(seed=1, faults=[str(fault["id"])]) if pattern else small
    rows = told(council, str(fault["id"]))
    assert rows.height > 0
    assert set(rows["kind"]) == {fault["kind"]}
    assert set(rows["expected"].drop_nulls()) == set(fault["expected"])  # type: ignore[call-overload]


def test_what_should_notice_a_fault_exists() -> None:
    rules = {rule.id for book in load_rulebooks() for rule in book.rules}
    for fault in FAULTS:
        known = rules if fault["kind"] == "practice" else set(CHECKS)
        assert set(fault["expected"]) <= known, fault["id"]


def test_the_truth_has_its_columns(small: Council, faultless: Council) -> None:
    assert small.truth.schema == TRUTH
    assert faultless.truth.schema == TRUTH
    assert faultless.truth.is_empty()


@pytest.mark.parametrize(
    "fault",
    ["team-with-unseen-children", "plans-drift", "unallocated", "end-before-start", "hidden-sheet"],
)
def test_a_fault_asked_for_alone_comes_alone(fault: str) -> None:
    alone = make_council(seed=1, faults=[fault])
    assert set(alone.truth["fault"]) == {fault}
    assert alone.faults == (fault,)


def test_what_a_fault_does_not_touch_stays_as_it_was(faultless: Council) -> None:
    alone = make_council(seed=1, faults=["care-visits-late"])
    assert alone.cp_visits.equals(faultless.cp_visits)
    assert alone.referrals.equals(faultless.referrals)
    assert alone.care_visits.height < faultless.care_visits.height


def test_a_fault_that_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="There is no fault 'late-trains'"):
        make_council(faults=["late-trains"])


def test_practice_faults_do_not_meet_in_one_child(small: Council) -> None:
    practice = small.truth.filter(pl.col("kind") == "practice")
    assert practice.select("child_id", "fault").unique()["child_id"].is_duplicated().sum() == 0


def test_data_faults_leave_children_with_practice_faults_alone(small: Council) -> None:
    practice = set(ids(small.truth.filter(pl.col("kind") == "practice")))
    cells = small.truth.filter((pl.col("kind") == "data") & (pl.col("fault") != "hidden-sheet"))
    assert not practice & set(cells["child_id"].drop_nulls())


def latest(council: Council, table: str) -> pl.DataFrame:
    rows: pl.DataFrame = getattr(council, table)
    return rows.group_by("child_id").agg(pl.all().sort_by("day").last())


@pytest.mark.parametrize(
    ("fault", "expected", "table", "least", "most", "because"),
    [
        ("team-with-unseen-children", "cp-visit", "cp_visits", 50, 120, "no visit for seven weeks"),
        ("cin-not-seen", "cin-seen", "cin_visits", 100, 220, "not seen for over three months"),
        (
            "care-visits-late",
            "care-visit",
            "care_visits",
            110,
            240,
            "over six weeks, over three months",
        ),
        ("reviews-lapsed", "cp-review-later", "cp_reviews", 190, 400, "over six months"),
        ("care-reviews-late", "care-review-later", "care_reviews", 200, 480, "over six months"),
        (
            "health-overdue",
            "care-health-under-5",
            "health_assessments",
            200,
            500,
            "over six months",
        ),
        ("health-overdue", "care-health-5-and-over", "health_assessments", 400, 950, "over a year"),
    ],
)
def test_what_lapsed_last_happened_long_ago(
    small: Council, fault: str, expected: str, table: str, least: int, most: int, because: str
) -> None:
    rows = told(small, fault, expected).join(latest(small, table), on="child_id")
    days = (pl.Series([small.as_at]) - rows["day"]).dt.total_days()
    assert len(days) == told(small, fault, expected).height, because
    assert days.is_between(least, most).all(), (because, days.to_list())


def test_the_unseen_children_are_all_of_one_team(small: Council) -> None:
    plans = small.cp_plans.filter(pl.col("ended").is_null())
    theirs = plans.filter(pl.col("child_id").is_in(ids(told(small, "team-with-unseen-children"))))
    assert theirs["team"].n_unique() == 1
    others = plans.join(theirs, on="child_id", how="anti").join(
        latest(small, "cp_visits"), on="child_id"
    )
    seen = (pl.Series([small.as_at]) - others["day"]).dt.total_days()
    assert seen.max() < 50  # type: ignore[operator]


def test_late_conferences_are_of_one_month_and_past_fifteen_days(small: Council) -> None:
    children = ids(told(small, "late-conferences-in-one-month"))
    rows = small.conferences.join(small.enquiries, on="enquiry_id").filter(
        pl.col("child_id").is_in(children)
    )
    rows = rows.filter(pl.col("held") > date(2026, 5, 1))
    assert rows["started"].dt.month().n_unique() == 1
    assert all(
        18 <= (working_days_between(*days) or 0) <= 26
        for days in rows.select("started", "held").iter_rows()
    )


def test_late_assessments_are_of_one_team_and_past_45_days(small: Council) -> None:
    rows = small.assessments.filter(pl.col("authorised").is_not_null()).sort("started")
    rows = rows.unique("child_id", keep="last")
    rows = rows.filter(pl.col("child_id").is_in(ids(told(small, "late-assessments-in-one-team"))))
    assert rows["team"].n_unique() == 1
    assert all(
        (working_days_between(*d) or 0) >= 48
        for d in rows.select("started", "authorised").iter_rows()
    )


def test_unfinished_assessments_are_still_open(small: Council) -> None:
    children = ids(told(small, "assessments-never-finished"))
    rows = small.assessments.filter(
        pl.col("child_id").is_in(children) & pl.col("authorised").is_null()
    )
    assert sorted(rows["child_id"]) == sorted(children)
    assert rows["started"].max() <= small.as_at - timedelta(days=80)  # type: ignore[operator]


def test_unallocated_children_have_a_team_and_no_worker(small: Council) -> None:
    children = ids(told(small, "unallocated"))
    rows = small.cin_periods.filter(pl.col("child_id").is_in(children) & pl.col("ended").is_null())
    assert rows["worker"].null_count() == rows.height == len(children)
    assert rows["team"].null_count() == 0
    assert small.cin_periods.filter(pl.col("ended").is_null())["worker"].null_count() == len(
        children
    )


def test_drifting_plans_have_run_for_over_eighteen_months(small: Council) -> None:
    plans = small.cp_plans.filter(pl.col("ended").is_null())
    rows = plans.filter(pl.col("child_id").is_in(ids(told(small, "plans-drift"))))
    assert rows["started"].max() < small.as_at - timedelta(days=550)  # type: ignore[operator]


def test_held_contacts_came_three_times_before_the_referral(small: Council) -> None:
    for child in ids(told(small, "held-contacts")):
        mine = small.contacts.filter(pl.col("child_id") == child)
        referred = small.referrals.filter(pl.col("child_id") == child)["referred"].min()
        held = mine.filter(pl.col("referral_id").is_null() & (pl.col("day") < referred))
        assert held.height >= 3
        assert small.enquiries.filter(pl.col("child_id") == child).height >= 1


def test_each_row_of_truth_points_at_its_child(small: Council) -> None:
    """Both kinds: the row named on the sheet named holds the child named, unless that was taken out."""
    sheets = {sheet.name: sheet for sheet in small.sheets}
    rows = small.truth.filter(pl.col("source_row").is_not_null() & pl.col("child_id").is_not_null())
    assert rows.height > 300
    for sheet, row, child in rows.select("sheet", "source_row", "child_id").iter_rows():
        there = sheets[sheet].rows.filter(pl.col("at") == row)
        assert str(there[sheets[sheet].headers[0]][0]) == child


@pytest.mark.parametrize(
    ("argument", "value", "says"),
    [
        ("size", "enormous", "There is no size 'enormous'"),
        ("as_at", date(1999, 1, 1), "A council can be made up as at"),
    ],
)
def test_an_impossible_council_is_refused(argument: str, value: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make_council(**{argument: value})  # type: ignore[arg-type]


def test_a_council_can_be_made_up_as_at_another_date() -> None:
    council = make_council(seed=2, as_at=date(2024, 2, 29), faults=[])
    assert council.contacts["day"].max() <= date(2024, 2, 29)  # type: ignore[operator]
    assert council.contacts["day"].max() >= date(2024, 2, 26)  # type: ignore[operator]
