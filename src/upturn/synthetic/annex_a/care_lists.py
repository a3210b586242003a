"""Lists 8 to 11 of Annex A: children in care, care leavers, adoption and adopters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from upturn.rulebooks.calendar import add_months
from upturn.synthetic.staff import read

Tables = Mapping[str, pl.DataFrame]
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


def _answer(flag: str) -> pl.Expr:
    return pl.when(pl.col(flag)).then(pl.lit("Y")).when(~pl.col(flag)).then(pl.lit("N"))


def _last_day(events: pl.DataFrame, name: str) -> pl.DataFrame:
    return events.group_by("care_id").agg(pl.col("day").max().alias(name))


def list_8(tables: Tables, since: date, as_at: date) -> pl.DataFrame:
    """Children in care now or in the six months, with the latest of everything."""
    rows = _latest_of_everything(tables, since, as_at)
    iro = pl.max_horizontal(pl.col("reviewed") - pl.duration(days=7), "started")
    return rows.select(
        pl.col("child_id").alias("child"),
        pl.col("started").alias("cla_episodes.clae_entered_care_date"),
        pl.when(pl.col("unaccompanied"))
        .then(pl.lit("N8"))
        .otherwise(pl.lit("N1"))
        .alias("cla_episodes.clae_cla_primary_need_code"),
        _answer("repeat_period").alias("cla_episodes.clae_repeat_period"),
        pl.col("legal_status_since").alias("legal_status.lega_legal_status_start_date"),
        pl.col("legal_status").alias("legal_status.lega_legal_status"),
        pl.col("reviewed").alias("cla_reviews.clar_cla_review_date"),
        pl.col("visited").alias("cla_visits.clav_cla_visit_date"),
        pl.col("permanence_plan").alias("cla_episodes.clae_permanence_plan"),
        pl.when(pl.col("reviewed").is_not_null())
        .then(iro)
        .alias("cla_episodes.clae_cla_last_iro_contact_date"),
        pl.col("health").alias("cla_health.health_assessment"),
        pl.col("dental").alias("cla_health.dental_check"),
        pl.col("placements").alias("cla_episodes.clae_placements_last_12_months"),
        pl.col("ended").alias("cla_episodes.clae_cla_episode_ceased_date"),
        pl.col("end_reason").alias("cla_episodes.clae_cla_episode_ceased_reason"),
        *_placement_columns(),
        pl.col("missing").alias("cla_episodes.clae_missing_last_12_months"),
        pl.lit(0, dtype=pl.Int64).alias("cla_episodes.clae_absent_last_12_months"),
        _answer("offered").alias("missing.miss_missing_rhi_offered"),
        _answer("accepted").alias("missing.miss_missing_rhi_accepted"),
        "team",
        "worker",
    )


def _latest_of_everything(tables: Tables, since: date, as_at: date) -> pl.DataFrame:
    rows = tables["care_periods"].filter(pl.col("ended").is_null() | (pl.col("ended") >= since))
    rows = rows.sort("started", "child_id")
    for events, name in (
        ("care_reviews", "reviewed"),
        ("care_visits", "visited"),
        ("health_assessments", "health"),
        ("dental_checks", "dental"),
    ):
        last = _last_day(tables[events], name)
        rows = rows.join(last, on="care_id", how="left", maintain_order="left")
    return _missing(tables, _placed(tables, rows, as_at), as_at)


def _placement_columns() -> list[pl.Expr]:
    return [
        pl.col(name).alias(f"cla_placement.clap_cla_placement_{field}")
        for name, field in (
            ("placed", "start_date"),
            ("kind_of", "type"),
            ("provider", "provider"),
            ("postcode", "postcode"),
            ("urn", "urn"),
            ("location", "location"),
            ("authority", "la"),
        )
    ]


def _placed(tables: Tables, rows: pl.DataFrame, as_at: date) -> pl.DataFrame:
    """The latest placement, how many began in the twelve months, and where it is (no real postcodes)."""
    placements = tables["placements"].sort("day")
    recent = (
        placements.filter(pl.col("day") > add_months(as_at, -12))
        .group_by("care_id")
        .agg(placements=pl.len())
    )
    last = (
        placements.group_by("care_id")
        .agg(pl.col("day", "kind_of", "provider").last())
        .rename({"day": "placed"})
    )
    rows = rows.join(last, on="care_id", how="left", maintain_order="left")
    rows = rows.join(recent, on="care_id", how="left", maintain_order="left")
    rows = rows.join(
        tables["children"].select("child_id", unaccompanied="uasc"),
        on="child_id",
        maintain_order="left",
    )
    n = rows["child_id"].cast(pl.Int64).to_numpy()
    places = read("names.yaml")["placement_authorities"]
    where = n // 7 % len(places)
    home = (rows["kind_of"] == "K2").to_numpy()
    postcode = [
        f"ZZ{k % 89 + 10} {k % 9 + 1}{_LETTERS[k % 20]}{_LETTERS[k // 20 % 20]}" for k in n.tolist()
    ]
    return rows.with_columns(
        placements=pl.col("placements").fill_null(0).cast(pl.Int64),
        postcode=pl.Series(postcode),
        urn=pl.Series(np.where(home, np.char.add("SC", (900000 + n % 60).astype(str)), "")).replace(
            "", None
        ),
        location=pl.Series(np.where(where < 3, "In authority", "Out of authority")),
        authority=pl.Series([places[w] for w in where.tolist()]),
    )


def _missing(tables: Tables, rows: pl.DataFrame, as_at: date) -> pl.DataFrame:
    """Missing episodes of the twelve months; the interview after the last of them."""
    year = tables["missing_episodes"].filter(pl.col("day") > add_months(as_at, -12)).sort("day")
    found = year.group_by("care_id").agg(
        pl.col("offered").last(),
        pl.when(pl.col("offered").last()).then(pl.col("accepted").last()).alias("accepted"),
        missing=pl.len(),
    )
    rows = rows.join(found, on="care_id", how="left", maintain_order="left")
    return rows.with_columns(missing=pl.col("missing").fill_null(0).cast(pl.Int64))


def list_9(tables: Tables, since: date, as_at: date) -> pl.DataFrame:
    """Care leavers at the extract, in the form used since 2023."""
    return (
        tables["care_leavers"]
        .sort("team", "child_id")
        .select(
            pl.col("child_id").alias("child"),
            "team",
            "worker",
            pl.col("adviser").alias("care_leavers.clea_care_leaver_personal_advisor"),
            pl.col("eligibility").alias("care_leavers.clea_care_leaver_eligibility"),
            pl.col("plan_review").alias("care_leavers.clea_pathway_plan_review_date"),
            pl.col("in_touch").alias("care_leavers.clea_care_leaver_in_touch"),
            pl.col("contact").alias("care_leavers.clea_care_leaver_latest_contact"),
            pl.col("accommodation").alias("care_leavers.clea_care_leaver_accommodation"),
            _answer("suitable").alias("care_leavers.clea_care_leaver_accom_suitable"),
            pl.col("activity").alias("care_leavers.clea_care_leaver_activity"),
        )
    )


def list_10(tables: Tables, since: date, as_at: date) -> pl.DataFrame:
    """Children with a decision to be placed for adoption, unless it ended over twelve months ago."""
    year = add_months(as_at, -12)
    over = pl.coalesce("adopted", "reversed")
    rows = tables["adoptions"].filter(over.is_null() | (over >= year)).sort("decided", "child_id")
    reason = pl.when(pl.col("reversed").is_not_null()).then(pl.lit("RD3"))
    return rows.select(
        pl.col("child_id").alias("child"),
        (pl.col("family") + 600_000).cast(pl.String).alias("permanence.perm_family_id"),
        pl.col("care_start").alias("permanence.perm_entered_care_date"),
        pl.col("decided").alias("permanence.perm_adm_decision_date"),
        pl.col("placement_order").alias("permanence.perm_placement_order_date"),
        pl.col("matched").alias("permanence.perm_matched_date"),
        pl.col("placed").alias("permanence.perm_placed_for_adoption_date"),
        pl.col("adopted").alias("permanence.perm_adoption_order_date"),
        pl.col("reversed").alias("permanence.perm_decision_reversed_date"),
        reason.alias("permanence.perm_decision_reversed_reason"),
        pl.col("fostering_for_adoption").alias("permanence.perm_placed_ffa_cp_date"),
    )


_ADOPTER_DAYS = {
    "enquiry": "enquiry",
    "stage_1": "stage_1_start",
    "stage_1_end": "stage_1_end",
    "stage_2": "stage_2_start",
    "stage_2_end": "stage_2_end",
    "application": "application",
    "approved": "approved",
    "matched": "matched",
    "placed": "placed",
    "order": "adoption_order",
    "left": "left",
}


def list_11(tables: Tables, since: date, as_at: date) -> pl.DataFrame:
    """People in the adoption process in the twelve months."""
    year = add_months(as_at, -12)
    over = pl.coalesce("left", "order")
    rows = tables["adopters"].filter(over.is_null() | (over >= year) | (pl.col("enquiry") >= year))
    return rows.sort("enquiry", "adopter_id").select(
        pl.col("adopter_id").alias("child"),
        pl.lit(None, dtype=pl.Float64).alias("age"),
        pl.col("family_id").alias("adopters.adop_family_id"),
        pl.col("sex").alias("adopters.adop_sex"),
        pl.col("ethnicity").alias("adopters.adop_ethnicity"),
        _answer("disability").alias("adopters.adop_disability"),
        _answer("fostering").alias("adopters.adop_fostering_for_adoption"),
        *(
            pl.col(name).alias(f"adopters.adop_{field}_date")
            for name, field in _ADOPTER_DAYS.items()
        ),
        pl.col("children_placed").alias("adopters.adop_children_placed"),
        pl.col("left_reason").alias("adopters.adop_left_reason"),
    )
