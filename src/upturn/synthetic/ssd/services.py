"""The front door, need and protection as tables of the dataset."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from upturn.rulebooks.calendar import add_working_days
from upturn.synthetic.ssd.people import numbered, yes_no

Tables = Mapping[str, pl.DataFrame]


def contacts(truth: Tables) -> pl.DataFrame:
    """Every contact."""
    return truth["contacts"].select(
        cont_contact_id="contact_id",
        cont_person_id="child_id",
        cont_contact_date="day",
        cont_contact_source_code="source",
    )


def early_help(truth: Tables) -> pl.DataFrame:
    """Every early help assessment."""
    return truth["early_help"].select(
        earl_episode_id="early_help_id",
        earl_person_id="child_id",
        earl_episode_start_date="started",
        earl_episode_end_date="completed",
        earl_episode_organisation="organisation",
    )


def referrals(truth: Tables) -> pl.DataFrame:
    """Every referral, with why it closed."""
    need = truth["cin_periods"].select("referral_id", "primary_need", "reason")
    return (
        truth["referrals"]
        .join(need, on="referral_id", how="left", maintain_order="left")
        .select(
            cine_referral_id="referral_id",
            cine_person_id="child_id",
            cine_referral_date="referred",
            cine_cin_primary_need_code="primary_need",
            cine_referral_source_code="source",
            cine_referral_nfa=yes_no("nfa"),
            cine_close_reason="reason",
            cine_close_date="closed",
            cine_referral_team="team",
            cine_referral_worker_id="worker",
        )
    )


def assessments(truth: Tables) -> pl.DataFrame:
    """Every assessment. An open one says no more than when it started."""
    unseen = pl.when(pl.col("authorised").is_not_null()).then(pl.lit("N"))
    return truth["assessments"].select(
        cina_assessment_id="assessment_id",
        cina_person_id="child_id",
        cina_referral_id="referral_id",
        cina_assessment_start_date="started",
        cina_assessment_child_seen=pl.when(pl.col("seen").is_not_null())
        .then(pl.lit("Y"))
        .otherwise(unseen),
        cina_assessment_auth_date="authorised",
        cina_assessment_outcome_nfa=yes_no(~pl.col("needs_support")),
        cina_assessment_team="team",
        cina_assessment_worker_id="worker",
    )


def enquiries(truth: Tables) -> pl.DataFrame:
    """Every section 47 enquiry, its outcome as one case system writes it."""
    conference, nothing = pl.col("conference_needed"), ~pl.col("conference_needed")
    outcome = pl.struct(NFA_FLAG=yes_no(nothing), CP_CONFERENCE_FLAG=yes_no(conference))
    return truth["enquiries"].select(
        s47e_s47_enquiry_id="enquiry_id",
        s47e_referral_id="referral_id",
        s47e_person_id="child_id",
        s47e_s47_start_date="started",
        s47e_s47_end_date="ended",
        s47e_s47_nfa=yes_no(~pl.col("conference_needed")),
        s47e_s47_outcome_json=outcome.struct.json_encode(),
        s47e_s47_completed_by_team="team",
        s47e_s47_completed_by_worker_id="worker",
    )


def conferences(truth: Tables) -> pl.DataFrame:
    """Every initial conference, held or booked, with its target date and the plan that came of it."""
    plans = truth["cp_plans"].select("child_id", "plan_id", held="started")
    enquiry = truth["enquiries"].select("enquiry_id", "referral_id", "started")
    rows = (
        truth["conferences"]
        .join(enquiry, on="enquiry_id", how="left", maintain_order="left")
        .join(plans, on=["child_id", "held"], how="left", maintain_order="left")
    )
    return rows.select(
        icpc_icpc_id="conference_id",
        icpc_s47_enquiry_id="enquiry_id",
        icpc_person_id="child_id",
        icpc_cp_plan_id="plan_id",
        icpc_referral_id="referral_id",
        icpc_icpc_transfer_in=pl.lit("N"),
        icpc_icpc_target_date=_targets(rows["started"]),
        icpc_icpc_date=pl.coalesce("held", "booked_for"),
        icpc_icpc_outcome_cp_flag=yes_no("plan"),
    )


def _targets(started: pl.Series) -> pl.Series:
    days = {d: add_working_days(d, 15) for d in started.drop_nulls().unique().to_list()}
    return started.replace_strict(days, default=None, return_dtype=pl.Date)


def cp_plans(truth: Tables) -> pl.DataFrame:
    """Every child protection plan."""
    held = truth["conferences"].select("child_id", "conference_id", started="held").drop_nulls()
    rows = truth["cp_plans"].join(
        held, on=["child_id", "started"], how="left", maintain_order="left"
    )
    return rows.select(
        cppl_cp_plan_id="plan_id",
        cppl_referral_id="referral_id",
        cppl_icpc_id="conference_id",
        cppl_person_id="child_id",
        cppl_cp_plan_start_date="started",
        cppl_cp_plan_end_date="ended",
        cppl_cp_plan_ola=pl.lit("N"),
        cppl_cp_plan_initial_category="category",
        cppl_cp_plan_latest_category="latest_category",
    )


def cp_visits(truth: Tables) -> pl.DataFrame:
    """Every visit of every plan."""
    return numbered(truth["cp_visits"], "V").select(
        cppv_cp_visit_id="id",
        cppv_person_id="child_id",
        cppv_cp_plan_id="plan_id",
        cppv_cp_visit_date="day",
        cppv_cp_visit_seen_alone=yes_no("alone"),
    )


def cp_reviews(truth: Tables) -> pl.DataFrame:
    """Every review conference, with whether the plan went on."""
    ended = truth["cp_plans"].select("plan_id", "ended")
    rows = truth["cp_reviews"].join(ended, on="plan_id", how="left", maintain_order="left")
    goes_on = pl.col("ended").is_null() | (pl.col("day") < pl.col("ended"))
    return numbered(rows, "W").select(
        cppr_cp_review_id="id",
        cppr_person_id="child_id",
        cppr_cp_plan_id="plan_id",
        cppr_cp_review_date="day",
        cppr_cp_review_outcome_continue_cp=yes_no(goes_on),
        cppr_cp_review_quorate=yes_no("quorate"),
    )


def pre_proceedings(truth: Tables) -> pl.DataFrame:
    """Every family before court, a row for each child."""
    issued = pl.when("issued").then(pl.lit("Decision to Issue Care Proceedings"))
    return truth["pre_proceedings"].select(
        prep_table_id="pre_proceedings_id",
        prep_person_id="child_id",
        prep_plo_family_id="family",
        prep_pre_pro_decision_date="decided",
        prep_pre_pro_letter_date="letter",
        prep_initial_pre_pro_meeting_date="met",
        prep_agree_stepdown_issue_date="ended",
        prep_pre_pro_outcome=pl.when(pl.col("ended").is_not_null()).then(
            issued.otherwise(pl.lit("Decision to step down"))
        ),
    )


def cin_plans(truth: Tables) -> pl.DataFrame:
    """Child in need plans: from the assessment that asked for one until a protection plan or care begins,
    and again from the end of the protection plan.
    """
    asked = truth["assessments"].filter("needs_support").group_by("referral_id").agg(
        asked=pl.col("authorised").min()
    )  # fmt: skip
    protected = (
        truth["cp_plans"]
        .group_by("referral_id")
        .agg(
            on=pl.col("started").min(),
            off=pl.when(pl.col("ended").is_not_null().all()).then(pl.col("ended").max()),
        )
    )
    care = truth["care_periods"].group_by("child_id").agg(care=pl.col("started").min())
    rows = (
        truth["cin_periods"]
        .join(asked, on="referral_id", maintain_order="left")
        .join(protected, on="referral_id", how="left", maintain_order="left")
        .join(care, on="child_id", how="left", maintain_order="left")
    )
    before = rows.with_columns(
        _from="asked", _to=pl.min_horizontal("ended", "on", "care"), _part=pl.lit("a")
    )
    after = rows.drop_nulls("off").with_columns(
        _from="off", _to=pl.min_horizontal("ended", "care"), _part=pl.lit("b")
    )
    both = pl.concat([before, after])
    both = both.filter(pl.col("_to").is_null() | (pl.col("_from") < pl.col("_to")))
    return both.select(
        cinp_cin_plan_id=pl.format("{}{}", "period_id", "_part"),
        cinp_referral_id="referral_id",
        cinp_person_id="child_id",
        cinp_cin_plan_start_date="_from",
        cinp_cin_plan_end_date="_to",
        cinp_cin_plan_team="team",
        cinp_cin_plan_worker_id="worker",
    )


def cin_visits(truth: Tables) -> pl.DataFrame:
    """Every child in need visit; the dataset does not say of which plan."""
    return numbered(truth["cin_visits"], "X").select(
        cinv_cin_visit_id="id",
        cinv_person_id="child_id",
        cinv_cin_visit_date="day",
    )
