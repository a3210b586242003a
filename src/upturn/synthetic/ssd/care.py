"""Children in care and those who left it, as tables of the dataset."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from upturn.synthetic.ssd.people import numbered, yes_no

Tables = Mapping[str, pl.DataFrame]


def cla_episodes(truth: Tables) -> pl.DataFrame:
    """An episode for each placement: a new one begins when the child moves."""
    periods = truth["care_periods"].drop("team", "worker", "child_id")
    uasc = truth["children"].select("child_id", "uasc")
    rows = _placements(truth).join(periods, on="care_id", maintain_order="left")
    rows = rows.join(uasc, on="child_id", maintain_order="left")
    reviewed = truth["care_reviews"].group_by("care_id").agg(reviewed=pl.col("day").max())
    rows = rows.join(reviewed, on="care_id", how="left", maintain_order="left")
    moved = pl.col("_next").is_not_null()
    ended = pl.when(moved).then("_next").otherwise("ended")
    reason = pl.when(moved).then(pl.lit("X1")).otherwise("end_reason")
    return numbered(rows, "E").select(
        clae_cla_episode_id="id",
        clae_person_id="child_id",
        clae_cla_episode_start_date="day",
        clae_cla_episode_start_reason=pl.when(pl.col("day") == pl.col("started"))
        .then(pl.lit("S"))
        .otherwise(pl.lit("P")),
        clae_cla_primary_need_code=pl.when("uasc").then(pl.lit("N8")).otherwise(pl.lit("N1")),
        clae_cla_episode_ceased_date=ended,
        clae_cla_episode_ceased_reason=reason,
        clae_cla_id="care_id",
        clae_cla_placement_id="_id",
        clae_entered_care_date="started",
        clae_cla_last_iro_contact_date=pl.max_horizontal(
            pl.col("reviewed") - pl.duration(days=7), "started"
        ),
    )


def _placements(truth: Tables) -> pl.DataFrame:
    """Placements with the day the next began and an identifier."""
    rows = truth["placements"].sort("care_id", "day", maintain_order=True)
    following = pl.col("day").shift(-1).over("care_id")
    return numbered(rows, "M").rename({"id": "_id"}).drop("_n").with_columns(_next=following)


def placements(truth: Tables) -> pl.DataFrame:
    """Every placement; where it is, the tables of truth do not say."""
    ended = truth["care_periods"].select("care_id", "ended")
    rows = _placements(truth).join(ended, on="care_id", maintain_order="left")
    return rows.select(
        clap_cla_placement_id="_id",
        clap_cla_id="care_id",
        clap_person_id="child_id",
        clap_cla_placement_start_date="day",
        clap_cla_placement_type="kind_of",
        clap_cla_placement_provider="provider",
        clap_cla_placement_end_date=pl.coalesce("_next", "ended"),
    )


def reviews(truth: Tables) -> pl.DataFrame:
    """Every looked-after review. As in some case systems, the table does not name the child."""
    return numbered(truth["care_reviews"], "Y").select(
        clar_cla_review_id="id",
        clar_cla_id="care_id",
        clar_cla_review_date="day",
        clar_cla_review_cancelled=pl.lit("N"),
    )


def visits(truth: Tables) -> pl.DataFrame:
    """Every visit to a looked-after child."""
    return numbered(truth["care_visits"], "Z").select(
        clav_cla_visit_id="id",
        clav_cla_id="care_id",
        clav_person_id="child_id",
        clav_cla_visit_date="day",
    )


def health(truth: Tables) -> pl.DataFrame:
    """Every health assessment and dental check."""
    both = pl.concat(
        truth[table].select("child_id", "day", kind=pl.lit(kind))
        for table, kind in (
            ("health_assessments", "Health Assessment"),
            ("dental_checks", "Dental Check"),
        )
    )
    return numbered(both, "H").select(
        clah_health_check_id="id",
        clah_person_id="child_id",
        clah_health_check_type="kind",
        clah_health_check_date="day",
        clah_health_check_status=pl.lit("Completed"),
    )


def legal_status(truth: Tables) -> pl.DataFrame:
    """The legal status of each period as it is now, or was at its end."""
    rows = truth["care_periods"].drop_nulls("legal_status_since")
    return numbered(rows, "J").select(
        lega_legal_status_id="id",
        lega_person_id="child_id",
        lega_legal_status="legal_status",
        lega_legal_status_start_date="legal_status_since",
        lega_legal_status_end_date="ended",
    )


def missing(truth: Tables) -> pl.DataFrame:
    """Every missing episode; each ends on the day it began."""
    accepted = pl.when(pl.col("offered")).then(pl.col("accepted"))
    return numbered(truth["missing_episodes"], "G").select(
        miss_table_id="id",
        miss_person_id="child_id",
        miss_missing_episode_start_date="day",
        miss_missing_episode_type=pl.lit("Missing"),
        miss_missing_episode_end_date="day",
        miss_missing_rhi_offered=yes_no("offered"),
        miss_missing_rhi_accepted=yes_no(accepted),
    )


def care_leavers(truth: Tables) -> pl.DataFrame:
    """Care leavers at the extract."""
    return truth["care_leavers"].select(
        clea_table_id="leaver_id",
        clea_person_id="child_id",
        clea_care_leaver_eligibility="eligibility",
        clea_care_leaver_in_touch="in_touch",
        clea_care_leaver_latest_contact="contact",
        clea_care_leaver_accommodation="accommodation",
        clea_care_leaver_accom_suitable=yes_no("suitable"),
        clea_care_leaver_activity="activity",
        clea_pathway_plan_review_date="plan_review",
        clea_care_leaver_personal_advisor="adviser",
        clea_care_leaver_allocated_team="team",
        clea_care_leaver_worker_id="worker",
    )


def permanence(truth: Tables) -> pl.DataFrame:
    """Children with a decision to be placed for adoption."""
    reason = pl.when(pl.col("reversed").is_not_null()).then(pl.lit("RD3"))
    order = pl.when(pl.col("adopted").is_not_null()).then(pl.lit("Adoption"))
    return numbered(truth["adoptions"], "K").select(
        perm_table_id="id",
        perm_person_id="child_id",
        perm_cla_id="care_id",
        perm_adm_decision_date="decided",
        perm_placement_order_date="placement_order",
        perm_matched_date="matched",
        perm_placed_for_adoption_date="placed",
        perm_permanence_order_date="adopted",
        perm_permanence_order_type=order,
        perm_decision_reversed_date="reversed",
        perm_decision_reversed_reason=reason,
        perm_placed_ffa_cp_date="fostering_for_adoption",
    )
