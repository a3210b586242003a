"""A simulated future that starts from today's open work: on day one it holds what the extract holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import upturn
from upturn.journeys.check import check_casebook
from upturn.journeys.result import Check
from upturn.records import quarantine
from upturn.records.casebook import Casebook
from upturn.records.read import read_source
from upturn.records.sheets import SourceError
from upturn.records.tables import TABLES, empty
from upturn.render.simulated_outputs import README, write_extracts
from upturn.render.twin_page import run_html
from upturn.render.twin_start import start_table, start_words
from upturn.rulebooks import RulebookError, load_rulebooks
from upturn.twin import columns as C
from upturn.twin import today_columns as T
from upturn.twin.dataset import dataset_of, workforce_of
from upturn.twin.extract import typed_table
from upturn.twin.future import simulated_extracts
from upturn.twin.opening import Opening
from upturn.twin.parameters import department
from upturn.twin.projection import project
from upturn.twin.room import room, span
from upturn.twin.scenario import Change, Scenario, plan
from upturn.twin.series import COLUMN
from upturn.twin.simulate import replay, simulate
from upturn.twin.today import opening
from upturn.workload.tables import WORKFORCE, typed

AS_AT = date(2026, 9, 30)  # a Wednesday
START = date(2026, 10, 1)
SMALL = department(posts=10, contacts_a_month=35, teams=2, manager_posts=1.5, screening_posts=1.5)


def ago(days: int) -> date:
    return AS_AT - timedelta(days)


def book_of(tables: Mapping[str, list[dict[str, Any]]], source: str = "ssd") -> Check:
    """A casebook of these rows and nothing else."""
    whole = {
        n: typed_table(n, pl.DataFrame(rows, infer_schema_length=None))
        for n, rows in tables.items()
    }
    whole = {n: whole.get(n, empty(n)) for n in TABLES}
    nothing = pl.DataFrame(schema=quarantine.SCHEMA)
    book = Casebook(source, "made up", "0", AS_AT, "given", whole, (), nothing, pl.DataFrame())
    return check_casebook(book, load_rulebooks())


def referral(child: str, days: int, closed: int | None = None) -> dict[str, Any]:
    return {
        "cine_referral_id": f"R{child}", "cine_person_id": child, "cine_referral_date": ago(days),
        "cine_referral_nfa": False, "cine_close_date": None if closed is None else ago(closed),
    }  # fmt: skip


def assessment(child: str, days: int, ended: int | None = None) -> dict[str, Any]:
    return {
        "cina_assessment_id": f"A{child}", "cina_person_id": child, "cina_referral_id": f"R{child}",
        "cina_assessment_start_date": ago(days), "cina_assessment_child_seen": None,
        "cina_assessment_auth_date": None if ended is None else ago(ended),
    }  # fmt: skip


def held(child: str, worker: str, days: int) -> dict[str, Any]:
    return {
        "invo_involvements_id": f"H{child}", "invo_person_id": child, "invo_professional_id": worker,
        "invo_professional_role_id": "CW", "invo_involvement_start_date": ago(days),
        "invo_involvement_end_date": None, "worker": worker, "team": "North" if worker < "w4" else "South",
    }  # fmt: skip


#: A child for each thing that can be open, and some for whom nothing is.
MADE_UP: dict[str, list[dict[str, Any]]] = {
    "cin_episodes": [
        *(referral(c, d) for c, d in (("late", 100), ("new", 10), ("asked", 30), ("waits", 60))),
        *(referral(c, d) for c, d in (("plan", 300), ("need", 200), ("bare", 300), ("fresh", 5))),
        referral("gone", 90, closed=20), referral("ending", 90), referral("cared", 400),
    ],
    "cin_assessments": [
        assessment("late", 100), assessment("new", 10), assessment("asked", 30, ended=4),
        assessment("waits", 60, ended=20), assessment("plan", 300, ended=280),
        assessment("need", 200, ended=150), assessment("bare", 300, ended=250),
        assessment("gone", 90), assessment("ending", 90, ended=3), assessment("cared", 40),
    ],
    "s47_enquiry": [
        {"s47e_s47_enquiry_id": "Q1", "s47e_person_id": "asked", "s47e_s47_start_date": ago(6),
         "s47e_s47_end_date": None, "s47e_icpc_not_required": None},
        {"s47e_s47_enquiry_id": "Q2", "s47e_person_id": "waits", "s47e_s47_start_date": ago(40),
         "s47e_s47_end_date": ago(20), "s47e_icpc_not_required": False},
        {"s47e_s47_enquiry_id": "Q3", "s47e_person_id": "plan", "s47e_s47_start_date": ago(290),
         "s47e_s47_end_date": ago(280), "s47e_icpc_not_required": False},
        {"s47e_s47_enquiry_id": "Q4", "s47e_person_id": "need", "s47e_s47_start_date": ago(190),
         "s47e_s47_end_date": ago(180), "s47e_icpc_not_required": True},
    ],
    "cp_plans": [{"cppl_cp_plan_id": "P1", "cppl_person_id": "plan", "cppl_cp_plan_start_date": ago(270),
                  "cppl_cp_plan_end_date": None}],
    "cp_visits": [{"cppv_cp_visit_id": "V1", "cppv_person_id": "plan", "cppv_cp_visit_date": ago(7)}],
    "cp_reviews": [{"cppr_cp_review_id": "Y1", "cppr_person_id": "plan", "cppr_cp_review_date": ago(170)}],
    "cin_plans": [{"cinp_cin_plan_id": "N1", "cinp_person_id": "need", "cinp_cin_plan_start_date": ago(150),
                   "cinp_cin_plan_end_date": None}],
    "cla_episodes": [{"clae_cla_episode_id": "E1", "clae_person_id": "cared",
                      "clae_entered_care_date": ago(30), "clae_cla_episode_ceased_date": None}],
    "involvements": [
        held("late", "w1", 90), held("new", "w1", 9), held("asked", "w1", 29), held("waits", "w5", 59),
        held("plan", "w5", 200), held("need", "w1", 20), held("cared", "w9", 20),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def made_up() -> Check:
    return book_of(MADE_UP)


@pytest.fixture(scope="module")
def start(made_up: Check) -> Opening:
    return opening(made_up)


def taken_over(start: Opening, *, months: int = 3) -> C.State:
    """The kernel's state on the very moment at which it has taken over, in a service run for some months."""
    from upturn.twin.kernel import run
    from upturn.twin.takeover import take_over

    kernel_run: Any = run
    taking: Any = take_over

    days = span(START, months, 1)
    plans = plan(SMALL, months=1)[None]
    laid = start.laid_out(days.first, START)
    state = room(plans, days, months, 100_000, np.zeros(0, np.int64), laid)
    today = int(laid[0, T.O_DAY])
    with np.errstate(over="ignore"):
        kernel_run(state._replace(cal=state.cal[:today], opening=laid[:0]), plans[0], months, 1, 0)
        state.num[C.TODAY], state.num[C.NOW] = today, state.cal[today, 0]
        state.num[C.LAST_DAY] = len(state.cal) - 1
        taking(state)
    return state


def test_every_kind_of_open_work_is_counted(start: Opening) -> None:
    assert dict(start.counts) == {
        "open children": 9,
        "open assessments": 3,  # late, new, and fresh, whose assessment is not begun
        "assessments past their due day": 1,
        "section 47 enquiries": 1,
        "conferences waited for": 1,
        "child protection plans": 1,
        "child in need plans": 2,  # need, and bare, who is open with nothing on record
        "children being closed": 1,
        "children whom nobody holds": 3,
        "workers who hold them": 2,
    }


def test_ages_are_those_of_the_records(start: Opening) -> None:
    late = start.children[start.children[:, T.O_ASSESSED].argmax()]
    assert late[T.O_ASSESSED_DAYS] == 101  # 100 days before the last day, 101 before the next
    # After Monday 22 June up to Thursday 1 October: 14 weeks and 3 days, less 31 August.
    assert late[T.O_ASSESSED] == 14 * 5 + 3 - 1
    planned = start.children[start.children[:, T.O_PLAN] == C.CP][0]
    assert planned[T.O_PLAN_DAYS] == 271
    assert planned[T.O_VISITED] == 6
    assert planned[T.O_REVIEW_IN] == 182 - 171
    waits = start.children[start.children[:, T.O_CONFERENCE] == T.NO_DATE][0]
    assert waits[T.O_ENQUIRED_DAYS] == 41


def test_what_is_assumed_is_said(start: Opening) -> None:
    assumed = {b.what: b.n for b in start.basis if b.tag == "assumed"}
    assert assumed["Referrals with no assessment on record"] == 1
    assert assumed["Open children with nothing on record"] == 1
    assert assumed["Children looked after and care leavers"] == 1
    assert "How far open work has come" in assumed
    assert not any("late" in b.words and "w1" in b.words for b in start.basis)


def test_on_day_one_the_kernel_holds_what_the_extract_holds(start: Opening) -> None:
    state = taken_over(start)
    counts = start.counts
    found = {
        "open children": C.OPEN_KIDS, "open assessments": C.OPEN_ASSESS, "conferences waited for": C.WAITING,
        "assessments past their due day": C.OVERDUE_ASSESS, "child protection plans": C.CP_NOW,
        "child in need plans": C.CIN_NOW, "children whom nobody holds": C.UNALLOCATED,
    }  # fmt: skip
    assert {n: state.num[c] for n, c in found.items()} == {n: counts[n] for n in found}
    open_now = state.kid[: int(state.num[C.KIDS])]
    open_now = open_now[open_now[:, C.OPEN] > 0]
    assert len(open_now) == 9
    assert (open_now[:, C.ENQUIRY] == C.ENQUIRING).sum() == counts["section 47 enquiries"]
    assert (open_now[:, C.CLOSING] > 0).sum() == counts["children being closed"]


def test_each_worker_has_the_children_of_one_worker_of_the_extract(start: Opening) -> None:
    state = taken_over(start)
    loads = sorted(state.staff[:, C.LOAD])
    assert [n for n in loads if n] == [2, 4]
    held = state.kid[: int(state.num[C.KIDS])]
    held = held[(held[:, C.OPEN] > 0) & (held[:, C.WORKER] >= 0)]
    assert len(held) == 6


def test_the_first_month_starts_from_the_extract_and_not_from_the_usual_state(
    start: Opening,
) -> None:
    today = simulate(plan(SMALL, months=1), reps=4, start=START, opening=start).monthly
    usual = simulate(plan(SMALL, months=1), reps=4, start=START).monthly
    assert today[:, 0, COLUMN["open_children"]].max() < 60
    assert usual[:, 0, COLUMN["open_children"]].min() > 150


def test_the_same_bits_on_any_threads_compiled_or_not(start: Opening) -> None:
    P = plan(SMALL, months=2)
    plainly = simulate(P, reps=2, warm_up=4, start=START, opening=start, compile=False, threads=1)
    one = simulate(P, reps=20, warm_up=4, start=START, opening=start, threads=1)
    two = simulate(P, reps=20, warm_up=4, start=START, opening=start, threads=2)
    assert np.array_equal(one.monthly, two.monthly)
    assert np.array_equal(one.histograms, two.histograms)
    assert np.array_equal(one.monthly[:2], plainly.monthly)


def late_ones(n: int, workers: int = 10) -> Check:
    """A service whose only open work is ``n`` assessments, all some weeks past their due day."""
    children = [f"c{k:03}" for k in range(n)]
    return book_of(
        {
            "cin_episodes": [referral(c, 100 + k % 20) for k, c in enumerate(children)],
            "cin_assessments": [assessment(c, 100 + k % 20) for k, c in enumerate(children)],
            "involvements": [held(c, f"w{k % workers}", 50) for k, c in enumerate(children)],
        }
    )


def test_a_backlog_shows_at_once_and_is_cleared() -> None:
    backlog = opening(late_ones(200))
    assert backlog.counts["assessments past their due day"] == 200
    roomy = department(posts=20, contacts_a_month=35, teams=2, manager_posts=3, screening_posts=1.5)
    today = simulate(plan(roomy, months=12), reps=10, start=START, opening=backlog).monthly.mean(0)
    usual = simulate(plan(roomy, months=12), reps=10, start=START).monthly.mean(0)
    late, ended = COLUMN["assessments_late"], COLUMN["assessments_ended"]
    assert today[0, COLUMN["assessments_overdue"]] > 60
    assert today[:3, late].sum() > 150 + usual[:3, late].sum()
    assert today[:2, late].sum() / today[:2, ended].sum() > 0.8
    last = today[9:, late].sum() / today[9:, ended].sum()
    assert last < 0.15
    assert abs(today[11, COLUMN["assessments_overdue"]]) < 10


def test_scenarios_share_the_start_and_their_chance(start: Opening) -> None:
    same = Scenario("the same", (Change("posts", add=0),))
    found = project(SMALL, scenarios=[same], start=START, months=12, reps=4, opening=start)
    assert found is not None
    assert found.opening is start
    assert found.differences["difference"].drop_nulls().abs().max() == 0
    usual = project(SMALL, scenarios=[same], start=START, months=12, reps=4)
    assert usual is not None
    assert usual.sha256 != found.sha256


def test_a_service_that_is_handed_its_own_open_work_goes_on_as_it_would_have() -> None:
    service = department(posts=20, contacts_a_month=75, teams=2, manager_posts=3, screening_posts=3)
    own, whole = [], []
    for seed in (1, 2, 3, 4):
        log = replay(plan(service, months=6), seed=seed, start=date(2026, 4, 1))
        check = check_casebook(dataset_of(log), load_rulebooks())
        from_it = opening(check, workforce=workforce_of(log))
        P = plan(service, months=12)
        own.append(
            simulate(P, seed=seed + 10, reps=4, start=START, opening=from_it).monthly.mean(0)
        )
        P = plan(service, months=18)
        whole.append(simulate(P, seed=seed, reps=8, start=date(2026, 4, 1)).monthly[:, 6:].mean(0))
    for name, within in (
        ("open_children", 0.08), ("cp_plans", 0.2), ("cin_plans", 0.1), ("closures", 0.15),
        ("assessments_ended", 0.1), ("cp_ended", 0.25), ("visits_made", 0.1), ("load_mean", 0.1),
        ("section47_started", 0.2), ("referrals", 0.1), ("filled", 0.1),
    ):  # fmt: skip
        made, usual = (np.mean(m, axis=0)[:, COLUMN[name]] for m in (own, whole))
        assert made.mean() == pytest.approx(usual.mean(), rel=within), name
        assert made[:3].mean() == pytest.approx(usual[:3].mean(), rel=1.5 * within), name


def test_an_extract_of_mid_month_is_run_on_to_the_first_month_that_is_shown(start: Opening) -> None:
    runs = simulate(plan(SMALL, months=1), reps=2, start=date(2026, 12, 1), opening=start)
    assert runs.monthly[:, 0, COLUMN["open_children"]].min() > 9


@pytest.mark.parametrize("first", [date(2026, 9, 1), date(2029, 4, 1)])
def test_a_future_that_does_not_follow_the_extract_is_refused(start: Opening, first: date) -> None:
    with pytest.raises(RulebookError, match="the open work is that of 2026-09-30"):
        simulate(plan(SMALL, months=1), reps=1, start=first, opening=start)


def test_posts_are_filled_as_the_workforce_file_says(made_up: Check) -> None:
    rows = [
        {"post_id": f"P{n}", "worker": f"w{n}" if n < 7 else None, "hours": 37.0, "start": ago(300),
         "end": None, "agency": n in (5, 6), "kind": "in post"}
        for n in range(10)
    ]  # fmt: skip
    told = opening(made_up, workforce=typed(pl.DataFrame(rows), WORKFORCE))
    assert (told.filled, told.agency) == (7.0, 2.0)
    states = taken_over(told).staff[:, C.STATE]
    assert [(states == s).sum() for s in (C.EMPTY, C.PERMANENT, C.AGENCY)] == [3, 5, 2]
    assert [b.tag for b in told.basis if b.what == "Posts filled"] == ["yours"]


def test_more_workers_than_posts_leave_no_child_without_one() -> None:
    state = taken_over(opening(late_ones(60, workers=30)))
    assert state.staff[:, C.LOAD].sum() == 60
    assert state.num[C.UNALLOCATED] == 0


def test_a_source_that_names_no_workers_shares_children_out() -> None:
    tables = {k: v for k, v in MADE_UP.items() if k != "involvements"}
    start = opening(book_of(tables, source="cin_census"))
    assert start.counts["children whom nobody holds"] == 0
    state = taken_over(start)
    assert state.staff[:, C.LOAD].sum() == 9
    assert [b.tag for b in start.basis if b.what == "Who holds whom"] == ["assumed"]


def test_two_sources_of_one_council_hold_the_same_open_work(tmp_path: Path) -> None:
    upturn.demo(out=tmp_path, seed=7, format="all")
    checks = [upturn.check(tmp_path / name) for name in ("annex_a.xlsx", "ssd")]
    lists, dataset = (opening(check) for check in checks)
    for what in (
        "open children",
        "child protection plans",
        "child in need plans",
        "open assessments",
    ):
        # The workbook has the faults that real ones have.
        assert lists.counts[what] == pytest.approx(dataset.counts[what], rel=0.04), what
    census = opening(upturn.check(tmp_path / "cin_census.xml"))
    assert census.counts["child protection plans"] == dataset.counts["child protection plans"]
    assert {"Who holds whom", "Who is looked after"} <= {b.what for b in census.basis}


def test_a_child_keeps_her_own_chance_when_another_comes_after_her() -> None:
    few, more = (taken_over(opening(late_ones(n))) for n in (30, 31))
    need = [s.kid[s.kid[:, C.ID] >= C.D_TODAY * 1e8][:, C.NEED] for s in (few, more)]
    assert np.isin(need[0], need[1]).mean() > 0.9


def test_no_row_of_the_start_names_anybody(start: Opening) -> None:
    assert start.children.dtype == np.float64
    names = list(MADE_UP["cin_episodes"])
    words = " ".join(b.what + b.words for b in start.basis)
    assert not any(
        f" {n['cine_person_id']} " in words for n in names if len(n["cine_person_id"]) > 4
    )


def test_a_future_from_open_work_is_read_by_every_command_and_says_what_it_is(
    start: Opening, tmp_path: Path
) -> None:
    made = project(SMALL, start=START, months=12, reps=2, seed=5, opening=start)
    assert made is not None
    one = simulated_extracts(made)[0]
    assert one.first == START
    assert one.sentence.startswith("SIMULATED: nothing after 2026-09-30 happened")
    folder = write_extracts([one], tmp_path)[0]
    assert "NOTHING AFTER 2026-09-30 HAPPENED" in (folder / README).read_text("utf-8")
    book = read_source(folder)
    assert book.quarantine.is_empty()
    then = opening(check_casebook(_as_at(book, AS_AT), load_rulebooks()))
    same = ("open children", "open assessments", "assessments past their due day",
            "child protection plans")  # fmt: skip
    assert {n: then.counts[n] for n in same} == {n: start.counts[n] for n in same}
    begun = book.table("s47_enquiry").filter(pl.col("s47e_s47_start_date") <= AS_AT)
    assert sorted(begun["s47e_s47_start_date"]) == [ago(40), ago(6)]


def _as_at(book: Casebook, day: date) -> Casebook:
    """The same casebook as it stood on an earlier day."""
    return replace(book, as_at=day)


def test_a_run_needs_one_start_and_says_which(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="one start"):
        upturn.twins.run(SMALL, open_work=tmp_path, usual_state=True)
    with pytest.raises(SourceError, match="goes with an extract"):
        upturn.twins.run(SMALL, workforce=tmp_path / "workforce.csv")
    usual = upturn.twins.run(SMALL, years=1, reps=2, start="2026-10")
    assert "usual state" in start_words(usual)
    assert start_table(usual)["tag"].to_list() == ["assumed"]


def test_the_page_says_where_it_starts_and_what_is_assumed(start: Opening) -> None:
    made = project(SMALL, start=date(2026, 11, 1), months=12, reps=2, opening=start)
    assert made is not None
    page = run_html(made)
    assert (
        "Starts from the open work of made up at the end of 30 Sep 2026: open children 9;" in page
    )
    assert "The 31 days from then to the first month are simulated too" in page
    assert "How far open work has come" in page
    assert set(start_table(made)["tag"]) == {"extract", "assumed"}


def test_the_log_tells_the_open_work_on_its_own_days(start: Opening) -> None:
    log = replay(plan(SMALL, months=2), start=START, opening=start)
    first = log.events.filter(pl.col("child") >= C.D_TODAY * 10**8, pl.col("event") == "referral")
    assert first["day"].min() == ago(400) or first["day"].min() == ago(300)
    held_then = log.holders.filter(pl.col("from") < START)
    assert held_then["child"].n_unique() == 6
