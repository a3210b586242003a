"""Episodes of plans: child protection plans and children in need.

Where a source keeps only the latest visit or review, that event is ``latest``: it shows what had been
done by then, and nothing of what came before it.
"""

from __future__ import annotations

import polars as pl

from upturn.journeys.events import BLANK, Thread, not_held, thread, with_latest
from upturn.journeys.histories import last_of_each, need_alone, where_not, with_history
from upturn.records.casebook import Casebook

#: A child on a plan or looked after is seen under those rules, not under the child-in-need one.
_OTHER_STATUS = ("looked-after", "child-protection", "open-assessment", "closed")


def cp_plans(casebook: Casebook) -> list[pl.DataFrame]:
    """Child protection plans with their visits and review conferences.

    A plan of another authority, held here for the time being, is that authority's to visit and review. A
    visit at which the child was not seen is no visit. Whether the child was seen alone is asked of the latest
    visit only, or every old visit would stand on the list for good.
    """
    t = thread(
        casebook,
        "cp_plans",
        episode="cp_plan",
        child="cppl_person_id",
        named_by="cppl_cp_plan_start_date",
    )
    t = Thread(casebook, t.episode, t.rows.filter(~pl.col("cppl_cp_plan_ola").fill_null(False)))
    began = "cppl_cp_plan_start_date"
    visits = with_history(
        where_not(with_latest(t, "cp_visits", parent="cppv_cp_plan_id"), "cppv_cp_visit_seen"),
        t, "cp_visits", day="cppv_cp_visit_date", began=began,
    )  # fmt: skip
    reviews = with_history(
        with_latest(t, "cp_reviews", parent="cppr_cp_plan_id"),
        t, "cp_reviews", day="cppr_cp_review_date", began=began,
    )  # fmt: skip
    sure, last = pl.col("_certainty"), last_of_each(visits, "cppv_cp_visit_date")
    alone, visited = pl.col("cppv_cp_visit_seen_alone"), pl.col("cppv_cp_visit_date")
    held = pl.col("cppr_cp_review_date").is_null() | (
        pl.col("cppr_cp_review_date") <= casebook.as_at
    )
    return [
        t.said("plan_started", "cppl_cp_plan_start_date"),
        t.said("plan_ended", "cppl_cp_plan_end_date"),
        visits.said("cp_visit", "cppv_cp_visit_date", certainty=sure),
        last.at("seen_alone", visited, where=alone & visited.is_not_null()),
        last.at("not_seen_alone", visited, where=~alone & visited.is_not_null()),
        reviews.said(
            "cp_review",
            "cppr_cp_review_date",
            where=held,
            certainty=sure,
        ),
        reviews.said("cp_review_booked", "cppr_cp_review_date", where=~held),
        t.in_doubt(
            "cp_review",
            "a review of this plan is in quarantine",
            where=pl.col("set_aside").list.contains("cppr_cp_review_date"),
        ),
        *not_held(
            t,
            visits=("cppv_cp_visit_date", "cp_visit"),
            reviews=("cppr_cp_review_date", "cp_review"),
        ),
    ]


def children_in_need(casebook: Casebook) -> list[pl.DataFrame]:
    """Periods as a child in need, for children not on a protection plan, looked after or only assessed."""
    t = thread(
        casebook,
        "cin_plans",
        episode="cin",
        child="cinp_person_id",
        named_by="cinp_cin_plan_start_date",
    )
    status = pl.col("cinp_case_status")
    t = Thread(casebook, t.episode, t.rows.filter(status.is_null() | ~status.is_in(_OTHER_STATUS)))
    if "cinp_case_status" in casebook.absent_fields:
        t = need_alone(t)
    seen = with_history(
        where_not(with_latest(t, "cin_visits", parent="cinv_cin_plan_id"), "cinv_cin_visit_seen"),
        t, "cin_visits", day="cinv_cin_visit_date", began="cinp_cin_plan_start_date",
    )  # fmt: skip
    undated = pl.col("cinp_cin_plan_start_date").is_null()
    return [
        t.said("cin_started", "cinp_cin_plan_start_date"),
        t.in_doubt(
            "cin_started",
            BLANK,
            where=undated & ~pl.col("set_aside").list.contains("cinp_cin_plan_start_date"),
        ),
        t.said("cin_ended", "cinp_cin_plan_end_date"),
        seen.said("cin_seen", "cinv_cin_visit_date", certainty=pl.col("_certainty")),
        *not_held(t, seen=("cinv_cin_visit_date", "cin_seen")),
    ]
