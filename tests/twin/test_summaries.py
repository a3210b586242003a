"""What an extract says month by month, on records small enough to count by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from upturn.journeys.check import check_casebook
from upturn.journeys.result import Check
from upturn.records import quarantine
from upturn.records.casebook import Casebook
from upturn.records.tables import TABLES
from upturn.rulebooks import load_rulebooks
from upturn.twin.desk import Desk
from upturn.twin.features import FEATURES, carried, summarise, told
from upturn.twin.fitted import Period
from upturn.twin.readings import read_directly
from upturn.twin.spans import NEVER, mean_open, whole_months
from upturn.twin.staff_readings import agency_cover
from upturn.twin.summaries import recorded
from upturn.workload.tables import WORKFORCE, typed

AS_AT = date(2026, 9, 30)


def rows(table: str, *given: dict[str, object]) -> pl.DataFrame:
    """Rows of one table of the casebook; what is not given is blank."""
    schema = TABLES[table].schema
    blank: dict[str, object] = dict.fromkeys(schema)
    made = [
        {**blank, "set_aside": [], "source_list": "List", "source_row": n + 1, **one}
        for n, one in enumerate(given)
    ]
    return pl.DataFrame(made, schema=schema)


def check(*, source: str = "annex_a", **tables: pl.DataFrame) -> Check:
    nothing = pl.DataFrame(schema=quarantine.SCHEMA)
    book = Casebook(
        source, "made up", "0" * 64, AS_AT, "given", tables, (), nothing, pl.DataFrame()
    )
    return check_casebook(book, load_rulebooks())


def assessments() -> pl.DataFrame:
    """One of 10 working days, one of 46, one open since 1 June and past its day since 4 August."""
    days = [
        ("a", date(2026, 6, 1), date(2026, 6, 15)),
        ("b", date(2026, 6, 1), date(2026, 8, 4)),
        ("c", date(2026, 6, 1), None),
    ]
    return rows(
        "cin_assessments",
        *(
            {"cina_assessment_id": n, "cina_person_id": n, "cina_assessment_start_date": start,
             "cina_assessment_auth_date": end}
            for n, start, end in days
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("series", "june", "august", "because"),
    [
        ("assessments_started", 3, 0, "all began on 1 June"),
        ("assessments_ended", 1, 1, "one was signed off in each"),
        ("assessments_late", 0, 1, "46 working days are past 45, ten are not"),
        ("assessments_in_10", 1, 0, "the one of ten working days is within ten"),
        ("assessments_in_30", 1, 0, "and within thirty; that of 46 is not"),
        ("assessment_days", 10, 46, "Monday 1 June to Monday 15 June is ten working days"),
        (
            "assessments_overdue",
            0,
            28 / 31,
            "one is past its day from 4 August on, b ends that day",
        ),
    ],
)
def test_assessments_are_counted_by_month(
    series: str, june: float, august: float, because: str
) -> None:
    found = recorded(check(cin_assessments=assessments()))
    at = {month: n for n, month in enumerate(found.months)}
    values = found.monthly[series]
    assert values[at[date(2026, 6, 1)]] == pytest.approx(june), because
    assert values[at[date(2026, 8, 1)]] == pytest.approx(august), because


def test_what_the_source_does_not_hold_is_missing_and_not_nought() -> None:
    found = recorded(check(cin_assessments=assessments()))
    assert "contacts" not in found.monthly
    assert found.missing["contacts"] == "the source holds no contacts"
    assert found.missing["leavers"] == "no workforce file was given"


def test_a_date_that_was_set_aside_is_not_counted() -> None:
    aside = assessments().with_columns(
        set_aside=pl.when(pl.col("cina_person_id") == "b")
        .then(pl.lit(["cina_assessment_auth_date"]))
        .otherwise("set_aside")
    )
    found = recorded(check(cin_assessments=aside))
    assert found.monthly["assessments_ended"].sum() == 1


def test_annex_a_is_counted_over_its_whole_months_only() -> None:
    assert whole_months(date(2026, 3, 31), AS_AT)[0] == date(2026, 4, 1)
    assert recorded(check(cin_assessments=assessments())).months == whole_months(
        date(2026, 4, 1), AS_AT
    )


def test_open_on_an_average_day() -> None:
    june = (date(2026, 6, 1),)
    first = (date(2026, 6, 16) - date(1970, 1, 1)).days
    assert mean_open(np.array([first]), np.array([NEVER]), june)[0] == pytest.approx(0.5)


def workforce() -> pl.DataFrame:
    """Six posts for the six months: one leaver in June whose post stands empty, one agency worker."""
    spells = [
        {"post_id": f"P{n}", "worker": f"W{n}", "start": date(2020, 1, 1), "end": None, "hours": 37.0,
         "agency": n == 0, "newly_qualified": False, "kind": "in post"}
        for n in range(5)
    ]  # fmt: skip
    spells.append({**spells[0], "post_id": "P5", "worker": "W5", "agency": False,
                   "end": date(2026, 7, 1)})  # fmt: skip
    spells.append({**spells[0], "post_id": "P5", "worker": None, "agency": None,
                   "start": date(2026, 7, 1)})  # fmt: skip
    return typed(pl.DataFrame(spells), WORKFORCE)


@pytest.mark.parametrize(
    ("series", "april", "august", "because"),
    [
        ("filled", 6, 5, "one left in June's end"),
        ("agency", 1, 1, "one is agency throughout"),
        (
            "vacant",
            1,
            2,
            "the agency worker's post has nobody permanent, and the leaver's has nobody",
        ),
        ("leavers", 0, 0, "the leaver left on 1 July"),
    ],
)
def test_posts_are_counted_by_month(series: str, april: float, august: float, because: str) -> None:
    found = recorded(check(cin_assessments=assessments()), workforce=workforce())
    assert found.monthly[series][[0, 4]] == pytest.approx([april, august]), because
    assert found.monthly["leavers"].sum() == 1


def test_posts_are_read_from_the_workforce_file() -> None:
    made = check(cin_assessments=assessments())
    found = recorded(made, workforce=workforce())
    period = Period("A", date(2026, 4, 1), AS_AT)
    read = read_directly(Desk(made, found, period, workforce()))
    assert read["posts"].value == pytest.approx(6.0, abs=0.01)
    assert read["posts"].low < 6.0 < read["posts"].high


def covered(waits: list[int]) -> pl.DataFrame:
    """Posts that a permanent worker left on 1 April; agency came after so many days (-1: nobody)."""
    left, spells = date(2026, 4, 1), []
    for n, wait in enumerate(waits):
        post = {"post_id": f"P{n}", "kind": "in post", "hours": 37.0}
        began = date(2025, 1, 1)
        spells.append({**post, "worker": f"A{n}", "start": began, "end": left, "agency": False})
        came = left + timedelta(wait) if wait >= 0 else None
        spells.append({**post, "worker": None, "start": left, "end": came})
        if came:
            spells.append({**post, "worker": f"B{n}", "start": came, "end": None, "agency": True})
    return typed(pl.DataFrame(spells, infer_schema_length=None), WORKFORCE)


@pytest.mark.parametrize(
    ("waits", "chance", "because"),
    [
        ([42] * 10, 0.5, "a try takes 21 days: ten covers in twenty tries"),
        ([84] * 10, 0.25, "ten in forty"),
        ([-1] * 4, 0.0, "none in about 35"),
        ([10] * 4, None, "too few tries to tell"),
    ],
)
def test_how_readily_agency_covers_is_read_from_how_long_posts_stood_empty(
    waits: list[int], chance: float | None, because: str
) -> None:
    people = covered(waits)
    made = check(cin_assessments=assessments())
    period = Period("A", date(2026, 4, 1), AS_AT)
    read = agency_cover(Desk(made, recorded(made, workforce=people), period, people))
    if chance is None:
        assert read is None, because
        return
    assert read is not None
    assert read.value == pytest.approx(chance, rel=0.1, abs=1e-9), because
    assert read.low <= read.value <= read.high


def test_the_same_features_come_of_records_and_of_runs() -> None:
    found = recorded(check(cin_assessments=assessments()))
    hists = {n: v.astype(float) for n, v in found.histograms.items()}
    features = told(found.monthly, hists)
    names = {f.name for f in features}
    assert {"Assessments late", "Assessments, median", "Assessments open"} <= names
    assert "Contacts" not in names
    values = summarise(features, found.monthly, hists)
    late = next(n for n, f in enumerate(features) if f.name == "Assessments late")
    assert values[late] == pytest.approx(0.5)
    assert np.isfinite(carried(FEATURES[:3], np.ones((4, 3)))).all()


def test_a_child_is_open_once_from_referral_to_closure_and_not_while_in_care() -> None:
    """In the dataset a plan is part of the time a child is open; one in care is with another service."""
    day = date(2026, 6, 1)
    episodes = [  # one with a plan inside, one who comes into care, one that ended at once, one closed
        {"cine_referral_id": n, "cine_person_id": n, "cine_referral_date": day, "cine_close_date": end,
         "cine_referral_nfa": nfa}
        for n, end, nfa in (("a", None, False), ("b", None, False), ("c", None, True),
                            ("d", date(2026, 7, 1), False))
    ]  # fmt: skip
    plans = [
        {
            "cinp_cin_plan_id": "p",
            "cinp_person_id": "a",
            "cinp_cin_plan_start_date": date(2026, 6, 20),
        }
    ]
    care = [
        {
            "clae_cla_episode_id": "e",
            "clae_person_id": "b",
            "clae_entered_care_date": date(2026, 8, 1),
        }
    ]
    one = check(
        cin_episodes=rows("cin_episodes", *episodes), cin_plans=rows("cin_plans", *plans),
        cla_episodes=rows("cla_episodes", *care), source="ssd",
    )  # fmt: skip
    months = [date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)]
    assert recorded(one, months=months).monthly["open_children"].tolist() == [3, 2, 1]


JULY = date(2026, 7, 1)


def held(*spells: tuple[str, date, date | None], until: date | None = None) -> Check:
    """Child a open since 1 June in the dataset (b since before), with workers in so many spells."""
    open_ = [
        {"cine_referral_id": n, "cine_person_id": n, "cine_referral_date": day,
         "cine_close_date": end}
        for n, day, end in (("a", date(2026, 6, 1), until), ("b", date(2025, 6, 1), None))
    ]  # fmt: skip
    workers = [
        {"invo_involvements_id": str(n), "invo_person_id": child, "invo_professional_role_id": "CW",
         "invo_professional_id": "w", "worker": "w", "invo_involvement_start_date": start,
         "invo_involvement_end_date": end}
        for n, (child, start, end) in enumerate((*spells, ("b", date(2025, 6, 1), None)))
    ]  # fmt: skip
    return check(
        cin_episodes=rows("cin_episodes", *open_), source="ssd",
        involvements=rows("involvements", *workers),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("spells", "until", "july", "because"),
    [
        ([("a", date(2026, 6, 1), None)], None, 0.0, "a worker from the first day on"),
        ([("a", date(2026, 6, 1), JULY)], date(2026, 8, 1), 1.0, "the worker left on 1 July"),
        ([("a", date(2026, 6, 1), JULY)], JULY, 0.0, "the worker left and the child was closed"),
        (
            [("a", date(2026, 6, 1), JULY), ("a", date(2026, 7, 11), None)],
            None,
            10 / 31,
            "nobody from 1 July to the next worker on 11 July",
        ),
    ],
)
def test_children_whom_nobody_held(
    spells: list[tuple[str, date, date | None]], until: date | None, july: float, because: str
) -> None:
    found = recorded(held(*spells, until=until), months=[date(2026, 6, 1), JULY])
    assert found.monthly["unallocated"].tolist() == pytest.approx([0.0, july]), because


def test_where_many_children_have_no_worker_the_source_may_leave_workers_out() -> None:
    found = recorded(held(), months=[JULY])
    assert "unallocated" not in found.monthly
    assert "it may leave workers out" in found.missing["unallocated"]


@pytest.mark.parametrize(
    ("held", "waiting", "because"),
    [
        (
            16,
            [(5 + 20) / 30, 1.0],
            "five days from the enquiry's end to the one, the other waits on",
        ),
        (
            11,
            None,
            "the enquiry is said to end with its conference: when it was called is not told",
        ),
    ],
)
def test_children_wait_for_a_conference_from_the_end_of_the_enquiry(
    held: int, waiting: list[float] | None, because: str
) -> None:
    """One held, one called and not held, one that needs none, one of which nobody said."""
    enquiries = [
        {"s47e_s47_enquiry_id": n, "s47e_person_id": n, "s47e_s47_start_date": date(2026, 6, 1),
         "s47e_s47_end_date": date(2026, 6, 11), "s47e_icpc_not_required": needless}
        for n, needless in (("a", None), ("b", False), ("c", True), ("d", None))
    ]  # fmt: skip
    conferences = [
        {"icpc_icpc_id": "i", "icpc_person_id": "a", "icpc_s47_enquiry_id": "a",
         "icpc_icpc_date": date(2026, 6, held)}
    ]  # fmt: skip
    one = check(
        s47_enquiry=rows("s47_enquiry", *enquiries), source="ssd",
        initial_cp_conference=rows("initial_cp_conference", *conferences),
    )  # fmt: skip
    found = recorded(one, months=[date(2026, 6, 1), JULY])
    if waiting is None:
        assert "ends an enquiry with its conference" in found.missing["conference_waiting"], because
    else:
        assert found.monthly["conference_waiting"].tolist() == pytest.approx(waiting), because
