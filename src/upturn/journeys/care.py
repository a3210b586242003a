"""Episodes of care: periods of being looked after, and young people who have left care."""

from __future__ import annotations

import polars as pl

from upturn.journeys.events import (
    BLANK,
    NOT_HELD,
    SET_ASIDE,
    UNDATED,
    Thread,
    not_held,
    thread,
    with_latest,
)
from upturn.journeys.histories import (
    by_what_is_kept,
    missing_episodes,
    where_not,
    with_history,
)
from upturn.journeys.targets import due_on
from upturn.records.casebook import Casebook
from upturn.rulebooks.model import Interval

#: Care leavers to whom contact is no longer owed.
_NO_LONGER_OWED = ("died", "no-longer-needed")
#: Placement types (fostering, U1 and U4) whose code or words say that the placement is meant to last.
_LONG_TERM, _NOT_LONG_TERM = r"(?i)long[ -]?term|^U[14]$", r"(?i)not[ -]long[ -]?term"
_FIRST_REVIEW = Interval(20, "working_days")
_SECOND_REVIEW = Interval(3, "months")


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
    visits = with_history(
        where_not(with_latest(t, "cla_visits", parent="clav_cla_id"), "clav_cla_visit_seen"),
        t, "cla_visits", day="clav_cla_visit_date", began="clae_entered_care_date",
    )  # fmt: skip
    health = _health(t)
    kind, sure = pl.col("clah_health_check_type"), pl.col("_certainty")
    return [
        t.said("care_started", "clae_entered_care_date"),
        t.said("care_ended", "clae_cla_episode_ceased_date"),
        *_placements(t, placed),
        *_placement_blank(t, placed),
        *_reviews(t),
        visits.said("care_visit", "clav_cla_visit_date", certainty=sure),
        health.said(
            "health_assessment",
            "clah_health_check_date",
            certainty=sure,
            where=kind == "health assessment",
        ),
        health.said(
            "dental_check", "clah_health_check_date", certainty=sure, where=kind == "dental check"
        ),
        *_five_or_over(t),
        *_return_interviews(t),
        *missing_episodes(casebook),
        *not_held(
            t,
            visits=("clav_cla_visit_date", "care_visit"),
            reviews=("clar_cla_review_date", "care_review"),
            health=("health_assessment", "health_assessment"),
            dental=("dental_check", "dental_check"),
        ),
    ]


def _health(t: Thread) -> Thread:
    """Health checks that took place; one without a status did."""
    checks = with_latest(t, "cla_health", parent="clah_cla_id")
    status = pl.col("clah_health_check_status")
    done = checks.rows.filter(status.is_null() | (status == "completed"))
    return with_history(
        Thread(t.casebook, t.episode, done),
        t,
        "cla_health",
        day="clah_health_check_date",
        began="clae_entered_care_date",
        by="clah_health_check_type",
    )


def _placements(t: Thread, placed: Thread) -> list[pl.DataFrame]:
    """Placements that began, and those that had lasted a year before they, or the time in care, ended."""
    left = t.rows.select(clap_cla_id="own_id", _left="clae_cla_episode_ceased_date")
    rows = placed.rows.join(left, on="clap_cla_id", how="left", maintain_order="left")
    placed = Thread(t.casebook, t.episode, rows)
    start = pl.col("clap_cla_placement_start_date")
    kind = pl.col("clap_cla_placement_type")
    long_term = kind.str.contains(_LONG_TERM) & ~kind.str.contains(_NOT_LONG_TERM)
    year_on = start.dt.offset_by("1y")
    ended = pl.min_horizontal("clap_cla_placement_end_date", "_left")
    return [
        placed.at("placement_started", start, where=start.is_not_null()),
        placed.in_doubt(
            "placement_started",
            SET_ASIDE,
            where=start.is_null()
            & pl.col("set_aside").list.contains("clap_cla_placement_start_date"),
        ),
        placed.at(
            "placement_settled",
            year_on,
            where=long_term
            & (year_on <= placed.casebook.as_at)
            & (ended.is_null() | (year_on <= ended)),
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
    """Looked-after reviews by their order: counted where the source keeps them all, else told by date."""
    day, on = "clar_cla_review_date", pl.col("clar_cla_review_date")
    reviews = with_latest(t, "cla_reviews", parent="clar_cla_id")
    cancelled = pl.col("clar_cla_review_cancelled").fill_null(False)
    reviews = Thread(t.casebook, t.episode, reviews.rows.filter(~cancelled))
    held = on.is_not_null() & (on <= t.casebook.as_at)
    whole, cut = by_what_is_kept(reviews, "cla_reviews")
    return [
        reviews.said("care_review", day, where=on.is_null()),
        reviews.at("care_review_booked", on, where=on > t.casebook.as_at),
        *_in_order(t, Thread(t.casebook, t.episode, whole.rows.filter(held))),
        *_by_date(t, cut, held),
    ]


def _in_order(t: Thread, held: Thread) -> list[pl.DataFrame]:
    """The first review and the later ones; what is the first of a period that began before the source
    does is taken for a later one, since six years have passed.
    """
    day = "clar_cla_review_date"
    counted = with_history(held, t, "cla_reviews", day=day, began="clae_entered_care_date")
    first = (pl.col("_nth") == 1) & ~pl.col("_cut")
    return [
        counted.at("care_review_first", pl.col(day), where=first),
        counted.at(
            "care_review_second_or_later",
            pl.col(day),
            where=~first,
            certainty=pl.col("_certainty"),
        ),
    ]


def _by_date(t: Thread, reviews: Thread, held: pl.Expr) -> list[pl.DataFrame]:
    """Reviews by their order, as far as the latest one tells it.

    A review within 20 working days of the start is the first. One more than three months after those 20
    working days is taken to be a later one. Between the two its order cannot be told: the next is then
    due at the latest six months on, and so it is given as ``at or before``.
    """
    starts = t.rows.select(clar_cla_id="own_id", _start="clae_entered_care_date")
    rows = reviews.rows.join(starts, on="clar_cla_id", how="left", maintain_order="left")
    first_due = due_on(pl.col("_start"), _FIRST_REVIEW)
    rows = rows.with_columns(_first=first_due).with_columns(
        _later=due_on(pl.col("_first"), _SECOND_REVIEW)
    )
    reviews, day = Thread(t.casebook, t.episode, rows), pl.col("clar_cla_review_date")
    first = (day <= pl.col("_first")).fill_null(False)
    later = (day > pl.col("_later")).fill_null(False)
    between = held & ~first & ~later
    return [
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
    ]


def _five_or_over(t: Thread) -> list[pl.DataFrame]:
    """From when the child was both looked after and aged five or over; in doubt without a birth date."""
    born = t.casebook.table("person").select(child_id="pers_person_id", _born="pers_dob")
    rows = t.rows.join(born, on="child_id", how="left", maintain_order="left")
    since = pl.max_horizontal(pl.col("_born").dt.offset_by("5y"), "clae_entered_care_date")
    owner = Thread(t.casebook, t.episode, rows.with_columns(_since=since))
    ceased = pl.col("clae_cla_episode_ceased_date")
    in_care = ceased.is_null() | (since <= ceased)
    return [
        owner.at(
            "fifth_birthday",
            since,
            where=pl.col("_born").is_not_null() & (since <= t.casebook.as_at) & in_care,
        ),
        owner.in_doubt(
            "fifth_birthday", "the date of birth is not known", where=pl.col("_born").is_null()
        ),
    ]


def _return_interviews(t: Thread) -> list[pl.DataFrame]:
    """The latest missing episode, whose own date Annex A does not hold, and what was offered after it."""
    undated = pl.col("miss_missing_episode_start_date").is_null()
    answers = (
        t.casebook.table("missing")
        .filter(undated)
        .select("miss_missing_rhi_offered", own_id="miss_cla_id")
    )
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
