"""What each form of measure counts, on tables worked by hand."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

import upturn
from upturn.measures import show
from upturn.measures.desk import Desk
from upturn.measures.measure import measure, measure_all
from upturn.measures.series import periods, series
from upturn.synthetic import make_council, write_annex_a, write_ssd

D = date


def referral(child: str, day: date | None, **more: object) -> dict[str, object]:
    return {"cine_person_id": child, "cine_referral_date": day, **more}


def plan(child: str, start: date, end: date | None = None, **more: object) -> dict[str, object]:
    return {
        "cppl_person_id": child, "cppl_cp_plan_start_date": start, "cppl_cp_plan_end_date": end, **more,
    }  # fmt: skip


def assessment(
    child: str, start: date, end: date | None = None, **more: object
) -> dict[str, object]:
    return {
        "cina_person_id": child, "cina_assessment_start_date": start, "cina_assessment_auth_date": end,
        **more,
    }  # fmt: skip


def visit(child: str, plan_id: str, day: date) -> dict[str, object]:
    return {"cppv_person_id": child, "cppv_cp_plan_id": plan_id, "cppv_cp_visit_date": day}


TWO_PLANS = [plan(c, D(2026, 1, 5), cppl_cp_plan_id=p) for c, p in (("a", "p1"), ("b", "p2"))]
NFA = {"cine_referral_nfa": True}
ON = {"cine_referral_nfa": False}

#: measure; tables; n, of, missing, excluded, value; why. The as-at date is Wednesday 30 September 2026.
CASES = [
    (
        "referrals-nfa",
        {"cin_episodes": [
            referral("a", D(2026, 5, 1), **NFA), referral("b", D(2026, 6, 1), **ON),
            referral("c", D(2026, 6, 2), **ON), referral("d", D(2026, 6, 3)),
            referral("e", D(2026, 2, 1), **NFA),
        ]},
        (1, 3, 1, 0, 100 / 3),
        "a blank answer is in neither number, and February is before the six months",
    ),
    (
        "referrals-nfa",
        {"cin_episodes": [referral("a", None, set_aside=["cine_referral_date"], **ON)]},
        (0, 0, 0, 1, None),
        "a date that was set aside may have been in the window: left out, and said to be",
    ),
    (
        "re-referrals",
        {"cin_episodes": [
            referral("a", D(2026, 5, 1), cine_referrals_last_12_months=1.0),
            referral("b", D(2026, 6, 1), cine_referrals_last_12_months=2.0),
        ]},
        (1, 2, 0, 0, 50.0),
        "Annex A's number counts this referral, so two is one before",
    ),
    (
        "contacts-children-repeat",
        {"contacts": [
            {"cont_person_id": child, "cont_contact_date": D(2026, 7, day)}
            for child, day in (("a", 1), ("a", 9), ("b", 1), ("c", 2), ("c", 3), ("c", 4))
        ]},
        (2, 3, 0, 0, 200 / 3),
        "children, not contacts: two of the three had two or more",
    ),
    (
        "assessments-duration",
        {"cin_assessments": [
            assessment("a", D(2026, 8, 3), D(2026, 8, 3)),
            assessment("b", D(2026, 8, 24), D(2026, 9, 2)),
            assessment("c", D(2026, 8, 3), D(2026, 8, 31)),
        ]},
        (3, 3, 0, 0, 6.0),
        "24 August to 2 September is 6 working days without the bank holiday of 31 August",
    ),
    (
        "assessments-last-five-days",
        {"cin_assessments": [
            assessment("a", D(2026, 4, 7), D(2026, 6, 11)),  # the 45th working day
            assessment("b", D(2026, 4, 7), D(2026, 6, 12)),  # the 46th
            assessment("c", D(2026, 4, 7), D(2026, 6, 4)),  # the 40th
        ]},
        (1, 3, 0, 0, 100 / 3),
        "Easter Monday has gone, two May holidays have not counted",
    ),
    (
        "assessments-45-from-start",
        {"cin_assessments": [
            assessment("a", D(2026, 4, 7), D(2026, 6, 11)), assessment("b", D(2026, 4, 7), D(2026, 6, 12)),
            assessment("c", D(2026, 4, 7), None),
        ]},
        (1, 2, 0, 0, 50.0),
        "what is not finished is not in the published figure",
    ),
    (
        "assessments-due-in-time",
        {
            "cin_episodes": [referral(c, D(2026, 4, 7), **ON) for c in "abc"],
            "cin_assessments": [
                assessment("a", D(2026, 4, 7), D(2026, 6, 11)),
                assessment("b", D(2026, 4, 7), D(2026, 6, 12)),
                assessment("c", D(2026, 4, 7), None),
            ],
        },
        (1, 3, 0, 0, 100 / 3),
        "what fell due and is not finished is late",
    ),
    (
        "cpp",
        {"cp_plans": [
            plan("a", D(2026, 9, 30)), plan("b", D(2026, 1, 5), D(2026, 9, 30)), plan("c", D(2026, 1, 5)),
            plan("d", D(2026, 1, 5), None, set_aside=["cppl_cp_plan_end_date"]),
        ]},
        (2, 2, 0, 1, 2.0),
        "a plan that ends on the day is over; one whose end was set aside may be",
    ),
    (
        "cpp-two-years",
        {"cp_plans": [plan("a", D(2024, 9, 30)), plan("b", D(2024, 10, 1)), plan("c", D(2022, 1, 1))]},
        (2, 3, 0, 0, 200 / 3),
        "two years to the day is two years",
    ),
    (
        "cpp-last-visit",
        {
            "cp_plans": TWO_PLANS,
            "cp_visits": [visit("a", "p1", D(2026, 9, 9)), visit("a", "p1", D(2026, 8, 1))],
        },
        (1, 1, 0, 0, 3.0),
        "three weeks since the latest visit; the child never visited has a band and no length",
    ),
    (
        "unallocated-cpp",
        {"cp_plans": [
            plan("a", D(2026, 1, 5), worker="W"), plan("b", D(2026, 1, 5)),
            plan("c", D(2026, 1, 5), set_aside=["worker"]),
        ]},
        (1, 2, 1, 0, 50.0),
        "a worker's name that could not be trusted is neither there nor missing",
    ),
    (
        "cpp-visit-in-time",
        {
            "cp_plans": TWO_PLANS,
            "cp_visits": [visit("a", "p1", D(2026, 9, 25))],
        },
        (1, 2, 0, 0, 50.0),
        "a child with no visit at all is late, not left out",
    ),
    (
        "care-leavers-in-touch-19-21",
        {
            "person": [
                {"pers_person_id": "a", "pers_dob": D(2007, 9, 30)},
                {"pers_person_id": "b", "pers_dob": D(2007, 10, 1)},
                {"pers_person_id": "c", "pers_dob": D(2005, 1, 1)},
            ],
            "care_leavers": [
                {"clea_person_id": child, "clea_care_leaver_in_touch": touch}
                for child, touch in (("a", "yes"), ("b", "yes"), ("c", "no"))
            ],
        },
        (1, 2, 0, 0, 50.0),
        "19 today is 19; 18 until tomorrow is 18",
    ),
    (
        "days-overdue",
        {"cin_assessments": [assessment("a", D(2026, 4, 7), None)]},
        (1, 1, 0, 0, 78.0),
        "due on 11 June; 78 working days to 30 September without the August holiday",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "tables", "expect", "because"), CASES, ids=[f"{c[0]}: {c[3]}"[:70] for c in CASES]
)
def test_a_measure_counts_what_was_worked_by_hand(checked, name, tables, expect, because):
    value = measure(checked(tables), show(name))
    found = (value.n, value.of, value.missing, sum(value.excluded.values()))
    assert found == expect[:4], because
    assert value.value == (None if expect[4] is None else pytest.approx(expect[4])), because
    assert value.children_in.height == value.n
    assert value.children_out.height == value.of - value.n


def test_bands_take_in_their_own_end_and_name_what_has_no_start(checked):
    tables = CASES[10][1]
    bands = dict(measure(checked(tables), show("cpp-last-visit")).bands)
    assert bands["2 to 4 weeks"] == 1
    assert bands["no visit recorded"] == 1
    assert sum(bands.values()) == 2


def test_where_history_does_not_reach_an_earlier_referral_cannot_be_told(checked):
    tables = {"cin_episodes": [
        referral("a", D(2024, 6, 1)), referral("b", D(2024, 9, 1)),
        referral("a", D(2026, 2, 1)), referral("b", D(2026, 3, 1)), referral("b", D(2026, 8, 1)),
    ]}  # fmt: skip
    value = measure(
        checked(tables, source="ssd"), show("re-referrals"), window=(D(2024, 1, 1), D(2026, 9, 30))
    )
    assert (value.n, value.of, value.missing) == (1, 3, 2)
    assert value.children_in["day"].to_list() == [D(2026, 8, 1)]


def test_a_column_that_is_not_there_is_never_a_zero(checked):
    tables = {"cin_episodes": [referral("a", D(2026, 5, 1)), referral("b", D(2026, 5, 1))]}
    gone = measure(checked(tables, absent=frozenset({"cine_referral_nfa"})), show("referrals-nfa"))
    assert (gone.value, gone.of, gone.missing) == (None, 0, 2)
    undated = measure(checked(tables, absent=frozenset({"cine_referral_date"})), show("referrals"))
    assert undated.value is None
    assert "cine_referral_date" in undated.why


def test_what_a_source_does_not_hold_is_said(checked):
    value = measure(checked({"contacts": []}, source="cin_census"), show("contacts"))
    assert (value.value, value.why) == (
        None, "The children in need census has no contacts and no early help.",
    )  # fmt: skip


def test_a_rate_is_for_a_year_and_needs_a_population(checked):
    tables = {"cin_episodes": [referral(str(n), D(2026, 5, 1)) for n in range(50)]}
    check = checked(tables)
    assert "--population" in measure(check, show("referrals-rate")).why
    value = measure(check, show("referrals-rate"), population=10_000)
    assert value.value == pytest.approx(50 / (184 / 365.25))
    low, high = value.interval
    assert low < value.value < high


def test_a_window_that_ends_before_it_begins_is_refused(checked):
    with pytest.raises(ValueError, match="ends before it begins"):
        measure(checked({"contacts": []}), show("contacts"), window=(D(2026, 9, 1), D(2026, 8, 1)))


def test_only_whole_weeks_and_months_are_points():
    weeks = periods(D(2026, 9, 1), D(2026, 9, 30), by="week")
    assert weeks == [(D(2026, 9, d), D(2026, 9, d + 6)) for d in (7, 14, 21)]
    assert periods(D(2026, 1, 1), D(2026, 2, 28), by="month")[1] == (D(2026, 2, 1), D(2026, 2, 28))


def test_a_series_has_a_point_for_a_week_in_which_nothing_happened(checked):
    monday = D(2026, 4, 6)
    rows = [
        referral(f"{w}.{n}", monday + timedelta(7 * w))
        for w in range(25)
        if w != 3
        for n in range(6)
    ]
    found = series(Desk(checked({"cin_episodes": rows})), show("referrals"))
    assert found.by == "week"
    assert found.points["n"].to_list() == [6, 6, 6, 0, *[6] * 21]
    assert found.chart.named(3) == ["outside"]


def test_what_stands_open_has_points_and_no_chart(checked):
    rows = [
        plan("a", D(2026, 1, 5), D(2026, 6, 1)),
        plan("b", D(2026, 5, 4)),
        plan("c", D(2026, 1, 1)),
    ]
    found = series(Desk(checked({"cp_plans": rows})), show("cpp"), by="month")
    assert found.points["n"].to_list() == [2, 3, 2, 2, 2, 2]
    assert found.chart is None
    assert found.points.schema["value"] == pl.Float64


def test_the_same_council_in_two_forms_has_the_same_care_leavers(tmp_path):
    """The Standard Safeguarding Dataset answers Y and N where Annex A answers in words."""
    made = make_council(seed=3, faults=[])
    write_annex_a(made, tmp_path / "annex_a.xlsx", messy=False)
    write_ssd(made, tmp_path / "ssd")
    some = [one for one in upturn.measures.list() if one.id.startswith("care-leavers")]
    found = [
        [(v.measure.id, v.n, v.of) for v in measure_all(upturn.check(source), some)]
        for source in (tmp_path / "annex_a.xlsx", tmp_path / "ssd")
    ]
    assert found[0] == found[1]
    assert sum(n for _, n, _ in found[0]) > 100


@pytest.mark.parametrize(
    "rules", [["cp-visit"], ["referral-decided", "cp-visit", "cp-visit"], ["no-such-rule"], []]
)
def test_the_clocks_of_some_rules_are_those_a_filter_gives_in_their_order(made_up, rules):
    wanted = made_up.clocks.filter(pl.col("rule").is_in(rules))
    assert made_up.clocks_of(rules).equals(wanted)
    few = ("child_id", "state")
    assert made_up.clocks_of(rules, *few).equals(wanted.select(few))
    assert wanted.is_empty() == (not set(rules) & {"cp-visit"})
