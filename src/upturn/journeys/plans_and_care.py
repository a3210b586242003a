"""Episodes of plans and of care: child protection plans, children in need, looked after, care leavers.

Where a source keeps only the latest visit or review, that event is ``latest``: it shows what had been
done by then, and nothing of what came before it.
"""

from __future__ import annotations

import polars as pl

from upturn.journeys.events import BLANK, NOT_HELD, SET_ASIDE, UNDATED, Thread, thread, with_latest
from upturn.records.casebook import Casebook
from upturn.rulebooks.calendar import DAY0, due_table
from upturn.rulebooks.model import Interval

#: A child on a plan or looked after is seen under those rules, not under the child-in-need one.
_OTHER_STATUS = ("looked-after", "child-protection", "open-assessment", "closed")
#: Care leavers to whom contact is no longer owed.
_NO_LONGER_OWED = ("died", "no-longer-needed")
#: Placement types (fostering, U1 and U4) whose words say that the placement is meant to last.
_LONG_TERM, _NOT_LONG_TERM = r"(?i)long[ -]?term", r"(?i)not[ -]long[ -]?term"
_FIRST_REVIEW = Interval(20, "working_days")
_SECOND_REVIEW = Interval(3, "months")


def _certainty(casebook: Casebook, table: str) -> str:
    return "latest" if casebook.history.get(table) == "latest" else "exact"


def cp_plans(casebook: Casebook) -> list[pl.DataFrame]:
    """Child protection plans with their visits and review conferences."""
    t = thread(
        casebook,
        "cp_plans",
        episode="cp_plan",
        child="cppl_person_id",
        named_by="cppl_cp_plan_start_date",
    )
    visits = with_latest(t, "cp_visits", parent="cppv_cp_plan_id")
    reviews = with_latest(t, "cp_reviews", parent="cppr_cp_plan_id")
    alone, visited = pl.col("cppv_cp_visit_seen_alone"), pl.col("cppv_cp_visit_date")
    held = pl.col("cppr_cp_review_date").is_null() | (
        pl.col("cppr_cp_review_date") <= casebook.as_at
    )
    return [
        t.said("plan_started", "cppl_cp_plan_start_date"),
        t.said("plan_ended", "cppl_cp_plan_end_date"),
        visits.said("cp_visit", "cppv_cp_visit_date", certainty=_certainty(casebook, "cp_visits")),
        visits.at("seen_alone", visited, where=alone & visited.is_not_null()),
        visits.at("not_seen_alone", visited, where=~alone & visited.is_not_null()),
        reviews.said(
            "cp_review",
            "cppr_cp_review_date",
            where=held,
            certainty=_certainty(casebook, "cp_reviews"),
        ),
        reviews.said("cp_review_booked", "cppr_cp_review_date", where=~held),
        t.in_doubt(
            "cp_review",
            "a review of this plan is in quarantine",
            where=pl.col("set_aside").list.contains("cppr_cp_review_date"),
        ),
        *_not_held(
            t,
            visits=("cppv_cp_visit_date", "cp_visit"),
            reviews=("cppr_cp_review_date", "cp_review"),
        ),
    ]


def _not_held(t: Thread, **fields: tuple[str, str]) -> list[pl.DataFrame]:
    """Doubt in every episode for events whose field the source has no column for."""
    absent = t.casebook.absent_fields
    return [
        t.in_doubt(event, NOT_HELD, where=pl.lit(True))
        for field, event in fields.values()
        if field in absent
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
    seen = with_latest(t, "cin_visits", parent="cinv_cin_plan_id")
    undated = pl.col("cinp_cin_plan_start_date").is_null()
    return [
        t.said("cin_started", "cinp_cin_plan_start_date"),
        t.in_doubt(
            "cin_started",
            BLANK,
            where=undated & ~pl.col("set_aside").list.contains("cinp_cin_plan_start_date"),
        ),
        t.said("cin_ended", "cinp_cin_plan_end_date"),
        seen.said("cin_seen", "cinv_cin_visit_date", certainty=_certainty(casebook, "cin_visits")),
        *_not_held(t, seen=("cinv_cin_visit_date", "cin_seen")),
    ]


def care(casebook: Casebook) -> list[pl.DataFrame]:
    """Periods of being looked after: placements, reviews, visits, health, return interviews."""
    t = thread(
        casebook,
        "cla_episodes",
        episode="care",
        child="clae_person_id",
        named_by="clae_entered_care_date",
    )
    placed = with_latest(t, "cla_placement", parent="clap_cla_id")
    visits = with_latest(t, "cla_visits", parent="clav_cla_id")
    health = with_latest(t, "cla_health", parent="clah_cla_id")
    kind = pl.col("clah_health_check_type")
    latest = _certainty(casebook, "cla_health")
    return [
        t.said("care_started", "clae_entered_care_date"),
        t.said("care_ended", "clae_cla_episode_ceased_date"),
        *_placements(placed),
        *_placement_blank(t, placed),
        *_reviews(t),
        visits.said(
            "care_visit", "clav_cla_visit_date", certainty=_certainty(casebook, "cla_visits")
        ),
        health.said(
            "health_assessment",
            "clah_health_check_date",
            certainty=latest,
            where=kind == "health assessment",
        ),
        health.said(
            "dental_check", "clah_health_check_date", certainty=latest, where=kind == "dental check"
        ),
        *_five_or_over(t),
        *_return_interviews(t),
        *_not_held(
            t,
            visits=("clav_cla_visit_date", "care_visit"),
            reviews=("clar_cla_review_date", "care_review"),
            health=("health_assessment", "health_assessment"),
            dental=("dental_check", "dental_check"),
        ),
    ]


def _placements(placed: Thread) -> list[pl.DataFrame]:
    start = pl.col("clap_cla_placement_start_date")
    kind = pl.col("clap_cla_placement_type")
    long_term = kind.str.contains(_LONG_TERM) & ~kind.str.contains(_NOT_LONG_TERM)
    year_on = start.dt.offset_by("1y")
    return [
        placed.at("placement_started", start, where=start.is_not_null()),
        placed.in_doubt(
            "placement_started",
            SET_ASIDE,
            where=start.is_null()
            & pl.col("set_aside").list.contains("clap_cla_placement_start_date"),
        ),
        placed.at(
            "placement_settled", year_on, where=long_term & (year_on <= placed.casebook.as_at)
        ),
    ]


def _placement_blank(t: Thread, placed: Thread) -> list[pl.DataFrame]:
    """Doubt where a child in care has no start date of a placement, so that visits are not lost sight of."""
    field = "clap_cla_placement_start_date"
    known = placed.rows.filter(
        pl.col(field).is_not_null() | pl.col("set_aside").list.contains(field)
    )["clap_cla_id"]
    there = field in t.casebook.absent_fields
    note = NOT_HELD if there else BLANK
    return [t.in_doubt("placement_started", note, where=~pl.col("own_id").is_in(known.implode()))]


def _reviews(t: Thread) -> list[pl.DataFrame]:
    """Looked-after reviews by their order, as far as the latest one tells it.

    A review within 20 working days of the start is the first. One more than three months after those 20
    working days is taken to be a later one. Between the two its order cannot be told: the next is then
    due at the latest six months on, and so it is given as ``at or before``.
    """
    casebook = t.casebook
    reviews = with_latest(t, "cla_reviews", parent="clar_cla_id")
    starts = t.rows.select(clar_cla_id="own_id", _start="clae_entered_care_date")
    rows = reviews.rows.join(starts, on="clar_cla_id", how="left", maintain_order="left")
    first_due = _due(pl.col("_start"), _FIRST_REVIEW)
    rows = rows.with_columns(_first=first_due).with_columns(
        _later=_due(pl.col("_first"), _SECOND_REVIEW)
    )
    reviews = Thread(casebook, t.episode, rows)
    day = pl.col("clar_cla_review_date")
    held = day.is_not_null() & (day <= casebook.as_at)
    first = (day <= pl.col("_first")).fill_null(False)
    later = (day > pl.col("_later")).fill_null(False)
    between = held & ~first & ~later
    return [
        reviews.said("care_review", "clar_cla_review_date", where=day.is_null()),
        reviews.at("care_review_first", day, where=held & first),
        reviews.at(
            "care_review_second_or_later",
            day,
            where=held & later,
            certainty="latest",
            note="taken as a second or later review by its date",
        ),
        reviews.at("care_review_of_unknown_order", day, where=between, certainty="latest"),
        reviews.at(
            "care_review_second_or_later",
            day,
            where=between,
            certainty="at or before",
            note="whether it was the first review or a later one cannot be told",
        ),
        reviews.at("care_review_booked", day, where=day > casebook.as_at),
    ]


def _due(start: pl.Expr, within: Interval) -> pl.Expr:
    """The due day of each start day by the calendar's table; null outside it."""
    table = pl.Series(due_table(within))
    offset = start.to_physical().cast(pl.Int64) - DAY0
    inside = offset.is_between(0, len(table) - 1)
    day = pl.lit(table).gather(pl.when(inside).then(offset))
    return pl.when(day >= 0).then(day).cast(pl.Date)


def _five_or_over(t: Thread) -> list[pl.DataFrame]:
    """From when the child was both looked after and aged five or over; in doubt without a birth date."""
    born = t.casebook.table("person").select(child_id="pers_person_id", _born="pers_dob")
    rows = t.rows.join(born, on="child_id", how="left", maintain_order="left")
    since = pl.max_horizontal(pl.col("_born").dt.offset_by("5y"), "clae_entered_care_date")
    owner = Thread(t.casebook, t.episode, rows.with_columns(_since=since))
    return [
        owner.at(
            "fifth_birthday",
            since,
            where=pl.col("_born").is_not_null() & (since <= t.casebook.as_at),
        ),
        owner.in_doubt(
            "fifth_birthday", "the date of birth is not known", where=pl.col("_born").is_null()
        ),
    ]


def _return_interviews(t: Thread) -> list[pl.DataFrame]:
    """The latest missing episode, whose own date Annex A does not hold, and what was offered after it."""
    answers = t.casebook.table("missing").select("miss_missing_rhi_offered", own_id="miss_cla_id")
    rows = t.rows.join(answers, on="own_id", how="left", maintain_order="left")
    owner = Thread(t.casebook, t.episode, rows)
    went = pl.col("clae_missing_last_12_months") > 0
    offered, on = pl.col("miss_missing_rhi_offered"), pl.lit(t.casebook.as_at)
    return [
        owner.at("missing_episode_ended", on, where=went, note=UNDATED),
        owner.at("return_interview_offered", on, where=went & offered, note=UNDATED),
        owner.at("return_interview_not_offered", on, where=went & ~offered, note=UNDATED),
    ]


def care_leavers(casebook: Casebook) -> list[pl.DataFrame]:
    """Young people on the care leavers' list: pathway plan, contact, whether in touch."""
    t = thread(
        casebook,
        "care_leavers",
        episode="care_leaver",
        child="clea_person_id",
        named_by="clea_pathway_plan_review_date",
    )
    touch = pl.col("clea_care_leaver_in_touch")
    owed = touch.is_null() | ~touch.is_in(_NO_LONGER_OWED)
    t = Thread(casebook, t.episode, t.rows.filter(owed))
    parts = [
        t.at("care_leaver_at_extract", pl.lit(casebook.as_at), where=pl.lit(True)),
        t.at("care_leaver_out_of_touch", pl.lit(casebook.as_at), where=touch == "no"),
    ]
    for event, field in (
        ("pathway_plan_review", "clea_pathway_plan_review_date"),
        ("care_leaver_contact", "clea_care_leaver_latest_contact"),
    ):
        blank = pl.col(field).is_null() & ~pl.col("set_aside").list.contains(field)
        parts.append(t.said(event, field))
        if field not in casebook.absent_fields:
            parts.append(t.in_doubt(event, BLANK, where=blank))
    return parts
