"""Whatever is open in an extract, the kernel holds just that on day one, and runs on from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from test_today import AS_AT, SMALL, START, ago, book_of, taken_over

from upturn.twin import columns as C
from upturn.twin.scenario import plan
from upturn.twin.simulate import simulate
from upturn.twin.today import opening

Row = dict[str, Any]
DAYS = st.one_of(st.none(), st.integers(-40, 20), st.integers(0, 4000))
FLAG = st.sampled_from([None, True, False])
CHILD = st.fixed_dictionaries(
    {
        "referral": DAYS, "closed": DAYS, "assessed": DAYS, "signed": DAYS, "seen": FLAG, "enquiry": DAYS,
        "enquired": DAYS, "needless": FLAG, "conference": DAYS, "protected": DAYS, "visit": DAYS,
        "review": DAYS, "need": DAYS, "ended": DAYS, "since": DAYS, "until": DAYS,
        "worker": st.sampled_from([None, "w1", "w2", "w3"]), "care": st.sampled_from([None, None, 30]),
        "status": st.sampled_from([None, "child-in-need", "open-assessment", "looked-after", "closed"]),
    }
)  # fmt: skip


def on(days: int | None) -> Any:
    return None if days is None else AS_AT - timedelta(days)


def rows_of(k: int, one: Row) -> dict[str, Row | None]:
    """A row for each table in which a child has something."""
    child, key = f"c{k}", f"k{k}"

    def when(name: str, row: Row) -> Row | None:
        return row if one[name] is not None else None

    return {
        "cin_episodes": when("referral", {
            "cine_referral_id": key, "cine_person_id": child, "cine_referral_date": on(one["referral"]),
            "cine_close_date": on(one["closed"])}),
        "cin_assessments": when("assessed", {
            "cina_assessment_id": key, "cina_person_id": child, "cina_referral_id": key,
            "cina_assessment_start_date": on(one["assessed"]),
            "cina_assessment_auth_date": on(one["signed"]), "cina_assessment_child_seen": one["seen"]}),
        "s47_enquiry": when("enquiry", {
            "s47e_s47_enquiry_id": key, "s47e_person_id": child, "s47e_s47_start_date": on(one["enquiry"]),
            "s47e_s47_end_date": on(one["enquired"]), "s47e_icpc_not_required": one["needless"]}),
        "initial_cp_conference": when("conference", {
            "icpc_icpc_id": key, "icpc_person_id": child, "icpc_s47_enquiry_id": key,
            "icpc_icpc_date": on(one["conference"])}),
        "cp_plans": when("protected", {
            "cppl_cp_plan_id": key, "cppl_person_id": child,
            "cppl_cp_plan_start_date": on(one["protected"]), "cppl_cp_plan_end_date": on(one["ended"])}),
        "cp_visits": when("visit", {
            "cppv_cp_visit_id": key, "cppv_person_id": child, "cppv_cp_visit_date": on(one["visit"])}),
        "cp_reviews": when("review", {
            "cppr_cp_review_id": key, "cppr_person_id": child, "cppr_cp_review_date": on(one["review"])}),
        "cin_plans": when("need", {
            "cinp_cin_plan_id": key, "cinp_person_id": child, "cinp_cin_plan_start_date": on(one["need"]),
            "cinp_cin_plan_end_date": on(one["ended"]), "cinp_case_status": one["status"]}),
        "involvements": when("since", {
            "invo_involvements_id": key, "invo_person_id": child, "invo_professional_id": one["worker"],
            "invo_professional_role_id": "CW", "invo_involvement_start_date": on(one["since"]),
            "invo_involvement_end_date": on(one["until"]), "worker": one["worker"]}),
        "cla_episodes": when("care", {
            "clae_cla_episode_id": key, "clae_person_id": child, "clae_entered_care_date": ago(30)}),
    }  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(st.lists(CHILD, min_size=1, max_size=12))
def test_whatever_is_open_is_what_the_kernel_holds(children: list[Row]) -> None:
    tables: dict[str, list[Row]] = {}
    for k, one in enumerate(children):
        for name, row in rows_of(k, one).items():
            if row is not None:
                tables.setdefault(name, []).append(row)
    start = opening(book_of(tables))
    assert np.isfinite(start.children).all()
    assert len(start.children) == start.counts["open children"] <= len(children)
    state = taken_over(start, months=1)
    held = {
        "open children": C.OPEN_KIDS, "open assessments": C.OPEN_ASSESS, "conferences waited for": C.WAITING,
        "child protection plans": C.CP_NOW, "child in need plans": C.CIN_NOW,
        "assessments past their due day": C.OVERDUE_ASSESS, "children whom nobody holds": C.UNALLOCATED,
    }  # fmt: skip
    assert {n: state.num[c] for n, c in held.items()} == {n: start.counts[n] for n in held}
    assert state.num[C.FAULT] == 0
    runs = simulate(plan(SMALL, months=2), reps=1, warm_up=3, start=START, opening=start)
    assert np.isfinite(runs.monthly).all()
    assert (runs.monthly >= 0).all()
