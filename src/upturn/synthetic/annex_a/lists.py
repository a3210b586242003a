"""The eleven lists of Annex A, cut from the tables of truth as an extract would cut them.

Each list is a frame whose columns are named by where `annex_a.yaml` says they go (``child``, ``team``,
``person.pers_dob``, …), with codes where the template has pick-lists; ``age`` is the one column that
goes nowhere. What an extract does not hold (earlier visits, older referrals) is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import polars as pl

from upturn.rulebooks.calendar import add_months
from upturn.synthetic.annex_a.care_lists import list_8, list_9, list_10, list_11

Tables = Mapping[str, pl.DataFrame]


def annex_a_lists(tables: Tables, *, as_at: date) -> dict[int, pl.DataFrame]:
    """All eleven lists by number, in the order of their dates."""
    since = add_months(as_at, -6)
    cut: dict[int, Callable[[Tables, date, date], pl.DataFrame]] = {
        1: list_1,
        2: list_2,
        3: list_3,
        4: list_4,
        5: list_5,
        6: list_6,
        7: list_7,
        8: list_8,
        9: list_9,
        10: list_10,
        11: list_11,
    }
    who = people(tables["children"], as_at=as_at)
    return {n: _with_person(make(tables, since, as_at), who) for n, make in cut.items()}


def people(children: pl.DataFrame, *, as_at: date) -> pl.DataFrame:
    """What every list says about the child."""
    age = (pl.lit(as_at) - pl.col("born")).dt.total_days() / 365.25
    return children.select(
        pl.col("child_id").alias("child"),
        pl.col("sex").alias("person.pers_sex"),
        pl.col("ethnicity").alias("person.pers_ethnicity"),
        pl.col("born").alias("person.pers_dob"),
        pl.when(age >= 0).then(age.round(2)).alias("age"),
        yes_no("disability").alias("person.pers_disability"),
        yes_no("uasc").alias("person.pers_uasc"),
    )


def _with_person(rows: pl.DataFrame, who: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.join(who, on="child", how="left", maintain_order="left")
        if "age" not in rows.columns
        else rows
    )


def yes_no(column: str) -> pl.Expr:
    """``Y`` or ``N`` for a flag; null stays null."""
    return pl.when(pl.col(column)).then(pl.lit("Y")).when(~pl.col(column)).then(pl.lit("N"))


def latest(events: pl.DataFrame, key: str) -> pl.DataFrame:
    """The last event of each ``key``."""
    return events.group_by(key, maintain_order=True).agg(pl.all().sort_by("day").last())


def in_window(start: str, end: str, since: date) -> pl.Expr:
    """Open now, or ended in the window."""
    return pl.col(start).is_not_null() & (pl.col(end).is_null() | (pl.col(end) >= since))


def list_1(tables: Tables, since: date, as_at: date) -> pl.DataFrame:
    """Contacts received in the six months."""
    rows = tables["contacts"].filter(pl.col("day") >= since).sort("day", "child_id", "source")
    return rows.select(
        pl.col("child_id").alias("child"),
        pl.col("day").alias("contacts.cont_contact_date"),
        pl.col("source").alias("contacts.cont_contact_source_code"),
    )


def list_2(tables: Tables, since: date, as_at: date) -> pl.DataFrame:
    """Early help assessments of the six months and those still going on."""
    rows = (
        tables["early_help"]
        .filter(in_window("started", "completed", since))
        .sort("started", "child_id")
    )
    return rows.select(
        pl.col("child_id").alias("child"),
        pl.col("started").alias("early_help_episodes.earl_episode_start_date"),
        pl.col("completed").alias("early_help_episodes.earl_episode_end_date"),
        pl.col("organisation").alias("early_help_episodes.earl_episode_organisation"),
    )


def list_3(tables: Tables, since: date, as_at: date) -> pl.DataFrame:
    """Referrals received in the six months; the count is of the twelve months before the extract."""
    year = tables["referrals"].filter(pl.col("referred") > add_months(as_at, -12))
    counted = year.with_columns(n=pl.len().over("child_id"))
    rows = counted.filter(pl.col("referred") >= since).sort("referred", "child_id")
    return rows.select(
        pl.col("child_id").alias("child"),
        pl.col("referred").alias("cin_episodes.cine_referral_date"),
        pl.col("source").alias("cin_episodes.cine_referral_source_code"),
        yes_no("nfa").alias("cin_episodes.cine_referral_nfa"),
        pl.col("n").cast(pl.Int64).alias("cin_episodes.cine_referrals_last_12_months"),
        "team",
        "worker",
    )


def list_4(tables: Tables, since: date, as_at: date) -> pl.DataFrame:
    """Assessments open, or authorised in the six months. An open one says no more than when it started."""
    rows = (
        tables["assessments"]
        .filter(in_window("started", "authorised", since))
        .sort("started", "child_id")
    )
    unseen = pl.when(pl.col("authorised").is_not_null()).then(pl.lit("N"))
    seen = pl.when(pl.col("seen").is_not_null()).then(pl.lit("Y")).otherwise(unseen)
    return rows.select(
        pl.col("child_id").alias("child"),
        pl.col("started").alias("cin_assessments.cina_assessment_start_date"),
        seen.alias("cin_assessments.cina_assessment_child_seen"),
        pl.col("authorised").alias("cin_assessments.cina_assessment_auth_date"),
        yes_no("needs_support").alias("cin_assessments.cina_assessment_needs_support"),
        "team",
        "worker",
    )


def list_5(tables: Tables, since: date, as_at: date) -> pl.DataFrame:
    """Section 47 enquiries open, or begun in the six months, with their conference, held or booked."""
    year = add_months(as_at, -12)
    held = _counted(tables["conferences"], "held", year, "held_in_year")
    begun = _counted(tables["enquiries"], "started", year, "begun_in_year")
    conferences = tables["conferences"].drop("child_id")
    booked = pl.col("booked_for").is_not_null()
    rows = (
        tables["enquiries"]
        .filter(pl.col("ended").is_null() | (pl.col("started") >= since))
        .join(conferences, on="enquiry_id", how="left", maintain_order="left")
        .join(held, on="child_id", how="left", maintain_order="left")
        .join(begun, on="child_id", how="left", maintain_order="left")
        .with_columns(
            unnecessary=pl.when(booked).then(False).otherwise(~pl.col("conference_needed"))
        )
        .with_columns(pl.col("held_in_year", "begun_in_year").fill_null(0).cast(pl.Int64))
        .sort("started", "child_id")
    )
    return rows.select(
        pl.col("child_id").alias("child"),
        pl.col("started").alias("s47_enquiry.s47e_s47_start_date"),
        yes_no("unnecessary").alias("s47_enquiry.s47e_icpc_not_required"),
        pl.coalesce("held", "booked_for").alias("initial_cp_conference.icpc_icpc_date"),
        yes_no("plan").alias("initial_cp_conference.icpc_icpc_outcome_cp_flag"),
        pl.col("begun_in_year").alias("s47_enquiry.s47e_enquiries_last_12_months"),
        pl.col("held_in_year").alias("initial_cp_conference.icpc_icpcs_last_12_months"),
        "team",
        "worker",
    )


def _counted(rows: pl.DataFrame, day: str, since: date, name: str) -> pl.DataFrame:
    """How many of a child's rows lie after a day."""
    return rows.filter(pl.col(day) > since).group_by("child_id").agg(pl.len().alias(name))


def list_6(tables: Tables, since: date, as_at: date) -> pl.DataFrame:
    """Children in need now or in the six months, with the day each was last seen by anybody."""
    rows = tables["cin_periods"].filter(in_window("started", "ended", since))
    rows = _last_seen(tables, rows).with_columns(status=pl.lit("closed"))
    open_now = {
        "open-assessment": _children(tables["assessments"], "authorised", by="referral_id"),
        "child-protection": _children(tables["cp_plans"], "ended"),
        "looked-after": _children(tables["care_periods"], "ended"),
    }
    status = pl.lit("child-in-need")
    for name, (key, ids) in zip(open_now, open_now.values(), strict=True):
        status = pl.when(pl.col(key).is_in(ids)).then(pl.lit(name)).otherwise(status)
    rows = rows.with_columns(
        status=pl.when(pl.col("ended").is_null()).then(status).otherwise("status")
    )
    return rows.sort("started", "child_id").select(
        pl.col("child_id").alias("child"),
        pl.col("started").alias("cin_plans.cinp_cin_plan_start_date"),
        pl.col("primary_need").alias("cin_plans.cinp_primary_need_code"),
        pl.col("seen").alias("cin_visits.cinv_cin_visit_date"),
        pl.col("ended").alias("cin_plans.cinp_cin_plan_end_date"),
        pl.col("reason").alias("cin_plans.cinp_close_reason"),
        pl.col("status").alias("cin_plans.cinp_case_status"),
        "team",
        "worker",
    )


def _children(rows: pl.DataFrame, end: str, *, by: str = "child_id") -> tuple[str, list[str]]:
    """Who has an open row; an assessment of an open case (not the first) changes nothing."""
    if by == "referral_id":
        first = pl.col("started") == pl.col("started").min().over("referral_id")
        rows = rows.filter(first)
    return by, rows.filter(pl.col(end).is_null())[by].unique().to_list()


def _last_seen(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    assessed = tables["assessments"].select("child_id", day="seen").drop_nulls()
    visits = [
        tables[t].select("child_id", "day") for t in ("cin_visits", "cp_visits", "care_visits")
    ]
    periods = rows.select("period_id", "child_id", "started", "ended")
    seen = (
        pl.concat([assessed, *visits])
        .join(periods, on="child_id")
        .filter(
            (pl.col("day") >= pl.col("started"))
            & (pl.col("day") <= pl.col("ended").fill_null(date.max))
        )
        .group_by("period_id")
        .agg(seen=pl.col("day").max())
    )
    return rows.join(seen, on="period_id", how="left", maintain_order="left")


def list_7(tables: Tables, since: date, as_at: date) -> pl.DataFrame:
    """Child protection plans now or in the six months, with the latest visit and review only."""
    visits = latest(tables["cp_visits"], "plan_id").select("plan_id", "alone", visited="day")
    reviews = latest(tables["cp_reviews"], "plan_id").select("plan_id", reviewed="day")
    rows = (
        tables["cp_plans"].filter(in_window("started", "ended", since)).sort("started", "child_id")
    )
    rows = rows.join(visits, on="plan_id", how="left", maintain_order="left")
    rows = rows.join(reviews, on="plan_id", how="left", maintain_order="left")
    return rows.select(
        pl.col("child_id").alias("child"),
        pl.col("started").alias("cp_plans.cppl_cp_plan_start_date"),
        pl.col("category").alias("cp_plans.cppl_cp_plan_initial_category"),
        pl.col("latest_category").alias("cp_plans.cppl_cp_plan_latest_category"),
        pl.col("visited").alias("cp_visits.cppv_cp_visit_date"),
        yes_no("alone").alias("cp_visits.cppv_cp_visit_seen_alone"),
        pl.col("reviewed").alias("cp_reviews.cppr_cp_review_date"),
        pl.col("ended").alias("cp_plans.cppl_cp_plan_end_date"),
        yes_no("police_protection").alias("cp_plans.cppl_epo_or_police_protection"),
        pl.col("previous_plans").alias("cp_plans.cppl_previous_plans"),
        "team",
        "worker",
    )
