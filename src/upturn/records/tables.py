"""The tables of the casebook: the one place that says what they are called and what they hold.

Tables and fields carry the names of the Standard Safeguarding Dataset (without its ``ssd_`` prefix), so
that a record means the same whichever source it came from. Every row also carries where it came from
and which of its fields were set aside because their source cell could not be trusted.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

TEXT, DATE, NUMBER, FLAG = pl.String(), pl.Date(), pl.Float64(), pl.Boolean()


@dataclass(frozen=True)
class Table:
    """One table of the casebook.

    ``key`` is the column that names a row; ``child`` the column that names the child (adopters,
    professionals and departments have none); ``columns`` maps each field to its type.
    """

    name: str
    key: str
    child: str | None
    columns: dict[str, pl.DataType]

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Every column with its type, the provenance columns last."""
        return {**self.columns, **PROVENANCE}


#: What every row says of itself. ``source_row`` counts from 1 as a spreadsheet does; ``set_aside`` names
#: the fields of this row whose source cell went to quarantine, so that an empty field which *was* filled
#: in is never read as "it did not happen".
PROVENANCE: dict[str, pl.DataType] = {
    "team": TEXT,
    "worker": TEXT,
    "source_file": TEXT,
    "source_sheet": TEXT,
    "source_list": TEXT,
    "source_row": pl.UInt32(),
    "set_aside": pl.List(pl.String),
}


def _table(name: str, key: str, child: str | None, **columns: pl.DataType) -> Table:
    own: dict[str, pl.DataType] = {key: TEXT}
    if child:
        own[child] = TEXT
    return Table(name, key, child, {**own, **columns})


TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        _table(
            "person",
            "pers_person_id",
            "pers_person_id",
            pers_sex=TEXT,
            pers_ethnicity=TEXT,
            pers_dob=DATE,
            pers_disability=FLAG,
            pers_uasc=FLAG,
        ),
        _table(
            "contacts",
            "cont_contact_id",
            "cont_person_id",
            cont_contact_date=DATE,
            cont_contact_source_code=TEXT,
        ),
        _table(
            "early_help_episodes",
            "earl_episode_id",
            "earl_person_id",
            earl_episode_start_date=DATE,
            earl_episode_end_date=DATE,
            earl_episode_organisation=TEXT,
        ),
        _table(
            "cin_episodes",
            "cine_referral_id",
            "cine_person_id",
            cine_referral_date=DATE,
            cine_referral_source_code=TEXT,
            cine_referral_nfa=FLAG,
            cine_cin_primary_need_code=TEXT,
            cine_close_date=DATE,
            cine_close_reason=TEXT,
            cine_referrals_last_12_months=NUMBER,
        ),
        _table(
            "cin_assessments",
            "cina_assessment_id",
            "cina_person_id",
            cina_assessment_start_date=DATE,
            cina_assessment_child_seen=FLAG,
            cina_assessment_auth_date=DATE,
            cina_assessment_needs_support=FLAG,
            cina_referral_id=TEXT,
            cina_assessment_factors=TEXT,
        ),
        _table(
            "s47_enquiry",
            "s47e_s47_enquiry_id",
            "s47e_person_id",
            s47e_s47_start_date=DATE,
            s47e_icpc_not_required=FLAG,
            s47e_referral_id=TEXT,
            s47e_s47_end_date=DATE,
            s47e_s47_nfa=FLAG,
            s47e_icpc_target_date=DATE,
            s47e_enquiries_last_12_months=NUMBER,
        ),
        _table(
            "initial_cp_conference",
            "icpc_icpc_id",
            "icpc_person_id",
            icpc_s47_enquiry_id=TEXT,
            icpc_icpc_date=DATE,
            icpc_icpc_outcome_cp_flag=FLAG,
            icpc_referral_id=TEXT,
            icpc_cp_plan_id=TEXT,
            icpc_icpc_transfer_in=FLAG,
            icpc_icpc_target_date=DATE,
            icpc_icpcs_last_12_months=NUMBER,
        ),
        _table(
            "cin_plans",
            "cinp_cin_plan_id",
            "cinp_person_id",
            cinp_cin_plan_start_date=DATE,
            cinp_cin_plan_end_date=DATE,
            cinp_primary_need_code=TEXT,
            cinp_close_reason=TEXT,
            cinp_case_status=TEXT,
            cinp_referral_id=TEXT,
        ),
        _table(
            "cin_visits",
            "cinv_cin_visit_id",
            "cinv_person_id",
            cinv_cin_plan_id=TEXT,
            cinv_cin_visit_date=DATE,
            cinv_cin_visit_seen=FLAG,
            cinv_cin_visit_seen_alone=FLAG,
        ),
        _table(
            "cp_plans",
            "cppl_cp_plan_id",
            "cppl_person_id",
            cppl_cp_plan_start_date=DATE,
            cppl_cp_plan_end_date=DATE,
            cppl_cp_plan_initial_category=TEXT,
            cppl_cp_plan_latest_category=TEXT,
            cppl_epo_or_police_protection=FLAG,
            cppl_previous_plans=NUMBER,
            cppl_referral_id=TEXT,
            cppl_icpc_id=TEXT,
            cppl_cp_plan_ola=FLAG,
        ),
        _table(
            "cp_visits",
            "cppv_cp_visit_id",
            "cppv_person_id",
            cppv_cp_plan_id=TEXT,
            cppv_cp_visit_date=DATE,
            cppv_cp_visit_seen_alone=FLAG,
            cppv_cp_visit_seen=FLAG,
        ),
        _table(
            "cp_reviews",
            "cppr_cp_review_id",
            "cppr_person_id",
            cppr_cp_plan_id=TEXT,
            cppr_cp_review_date=DATE,
            cppr_cp_review_due=DATE,
            cppr_cp_review_quorate=FLAG,
            cppr_cp_review_outcome_continue_cp=FLAG,
        ),
        _table(
            "cla_episodes",
            "clae_cla_episode_id",
            "clae_person_id",
            clae_entered_care_date=DATE,
            clae_cla_primary_need_code=TEXT,
            clae_cla_episode_ceased_date=DATE,
            clae_cla_episode_ceased_reason=TEXT,
            clae_repeat_period=FLAG,
            clae_permanence_plan=TEXT,
            clae_cla_last_iro_contact_date=DATE,
            clae_placements_last_12_months=NUMBER,
            clae_missing_last_12_months=NUMBER,
            clae_absent_last_12_months=NUMBER,
        ),
        _table(
            "legal_status",
            "lega_legal_status_id",
            "lega_person_id",
            lega_cla_episode_id=TEXT,
            lega_legal_status=TEXT,
            lega_legal_status_start_date=DATE,
            lega_legal_status_end_date=DATE,
        ),
        _table(
            "cla_placement",
            "clap_cla_placement_id",
            "clap_person_id",
            clap_cla_id=TEXT,
            clap_cla_placement_start_date=DATE,
            clap_cla_placement_end_date=DATE,
            clap_cla_placement_type=TEXT,
            clap_cla_placement_provider=TEXT,
            clap_cla_placement_postcode=TEXT,
            clap_cla_placement_urn=TEXT,
            clap_cla_placement_location=TEXT,
            clap_cla_placement_la=TEXT,
        ),
        _table(
            "cla_reviews",
            "clar_cla_review_id",
            "clar_cla_person_id",
            clar_cla_id=TEXT,
            clar_cla_review_date=DATE,
            clar_cla_review_due_date=DATE,
            clar_cla_review_cancelled=FLAG,
        ),
        _table(
            "cla_visits",
            "clav_cla_visit_id",
            "clav_person_id",
            clav_cla_id=TEXT,
            clav_cla_visit_date=DATE,
            clav_cla_visit_seen=FLAG,
            clav_cla_visit_seen_alone=FLAG,
        ),
        _table(
            "cla_health",
            "clah_health_check_id",
            "clah_person_id",
            clah_cla_id=TEXT,
            clah_health_check_type=TEXT,
            clah_health_check_date=DATE,
            clah_health_check_status=TEXT,
        ),
        _table(
            "missing",
            "miss_table_id",
            "miss_person_id",
            miss_cla_id=TEXT,
            miss_missing_episode_start_date=DATE,
            miss_missing_episode_end_date=DATE,
            miss_missing_episode_type=TEXT,
            miss_missing_rhi_offered=FLAG,
            miss_missing_rhi_accepted=FLAG,
        ),
        _table(
            "care_leavers",
            "clea_table_id",
            "clea_person_id",
            clea_care_leaver_eligibility=TEXT,
            clea_care_leaver_in_touch=TEXT,
            clea_care_leaver_latest_contact=DATE,
            clea_care_leaver_accommodation=TEXT,
            clea_care_leaver_accom_suitable=TEXT,
            clea_care_leaver_activity=TEXT,
            clea_pathway_plan_review_date=DATE,
            clea_care_leaver_personal_advisor=TEXT,
        ),
        _table(
            "permanence",
            "perm_table_id",
            "perm_person_id",
            perm_family_id=TEXT,
            perm_entered_care_date=DATE,
            perm_adm_decision_date=DATE,
            perm_placement_order_date=DATE,
            perm_matched_date=DATE,
            perm_placed_for_adoption_date=DATE,
            perm_adoption_order_date=DATE,
            perm_decision_reversed_date=DATE,
            perm_decision_reversed_reason=TEXT,
            perm_placed_ffa_cp_date=DATE,
        ),
        _table(
            "adopters",
            "adop_adopter_id",
            None,
            adop_family_id=TEXT,
            adop_sex=TEXT,
            adop_ethnicity=TEXT,
            adop_disability=FLAG,
            adop_fostering_for_adoption=FLAG,
            adop_enquiry_date=DATE,
            adop_stage_1_start_date=DATE,
            adop_stage_1_end_date=DATE,
            adop_stage_2_start_date=DATE,
            adop_stage_2_end_date=DATE,
            adop_application_date=DATE,
            adop_approved_date=DATE,
            adop_matched_date=DATE,
            adop_placed_date=DATE,
            adop_children_placed=NUMBER,
            adop_adoption_order_date=DATE,
            adop_left_date=DATE,
            adop_left_reason=TEXT,
        ),
        _table("family", "fami_table_id", "fami_person_id", fami_family_id=TEXT),
        _table(
            "professionals",
            "prof_professional_id",
            None,
            prof_staff_id=TEXT,
            prof_professional_name=TEXT,
            prof_social_worker_registration_no=TEXT,
            prof_agency_worker_flag=FLAG,
            prof_professional_job_title=TEXT,
            prof_professional_department=TEXT,
            prof_full_time_equivalency=NUMBER,
        ),
        _table(
            "involvements",
            "invo_involvements_id",
            "invo_person_id",
            invo_professional_id=TEXT,
            invo_professional_role_id=TEXT,
            invo_professional_team=TEXT,
            invo_involvement_start_date=DATE,
            invo_involvement_end_date=DATE,
            invo_worker_change_reason=TEXT,
            invo_referral_id=TEXT,
        ),
        _table(
            "department",
            "dept_team_id",
            None,
            dept_team_name=TEXT,
            dept_team_parent_id=TEXT,
            dept_team_parent_name=TEXT,
        ),
    )
}


def empty(name: str) -> pl.DataFrame:
    """An empty table of the casebook with every column typed.

    >>> empty("contacts").columns[:3]
    ['cont_contact_id', 'cont_person_id', 'cont_contact_date']
    """
    return pl.DataFrame(schema=TABLES[name].schema)
