"""Children, families and the people who work with them, as tables of the dataset."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

Tables = Mapping[str, pl.DataFrame]


def yes_no(flag: str | pl.Expr) -> pl.Expr:
    """``Y`` or ``N``; null stays null."""
    said = pl.col(flag) if isinstance(flag, str) else flag
    return pl.when(said).then(pl.lit("Y")).when(~said).then(pl.lit("N"))


def person(truth: Tables) -> pl.DataFrame:
    """Every child, without a name."""
    return truth["children"].select(
        pers_person_id="child_id",
        pers_sex="sex",
        pers_ethnicity="ethnicity",
        pers_dob="born",
    )


def disability(truth: Tables) -> pl.DataFrame:
    """One row a child: a kind of disability, or that there is none."""
    rows = truth["children"].filter(pl.col("disability").is_not_null())
    return numbered(rows, "D").select(
        disa_table_id="id",
        disa_person_id="child_id",
        disa_disability_code=pl.when("disability").then(pl.lit("LD")).otherwise(pl.lit("NONE")),
    )


def immigration(truth: Tables) -> pl.DataFrame:
    """Unaccompanied children."""
    return numbered(truth["children"].filter(pl.col("uasc")), "U").select(
        immi_immigration_status_id="id",
        immi_person_id="child_id",
        immi_immigration_status=pl.lit("Unaccompanied Asylum Seeking Child"),
    )


def family(truth: Tables) -> pl.DataFrame:
    """Which children are of one family."""
    return numbered(truth["children"], "F").select(
        fami_table_id="id",
        fami_family_id=(pl.col("family") + 600_000).cast(pl.String),
        fami_person_id="child_id",
    )


def department(truth: Tables) -> pl.DataFrame:
    """The teams, numbered."""
    teams = truth["teams"].with_row_index("n", offset=1)
    return teams.select(
        dept_team_id=pl.format("T{}", pl.col("n").cast(pl.String).str.zfill(3)),
        dept_team_name="team",
        dept_team_parent_id=pl.lit("S1"),
        dept_team_parent_name=pl.lit("Children's services"),
    )


def professionals(truth: Tables) -> pl.DataFrame:
    """Everybody who worked for the council, without registration numbers."""
    return truth["workers"].select(
        prof_professional_id="worker_id",
        prof_staff_id="worker_id",
        prof_professional_name="worker",
        prof_professional_job_title=pl.lit("Social Worker"),
        prof_professional_department="team",
        prof_full_time_equivalency=pl.lit(1.0),
    )


def involvements(truth: Tables) -> pl.DataFrame:
    """Every worker who held each child, from the day they had it to the day the next one did."""
    return numbered(truth["allocations"], "I").select(
        invo_involvements_id="id",
        invo_professional_id="worker_id",
        invo_professional_role_id=pl.lit("CW"),
        invo_professional_team="team",
        invo_person_id="child_id",
        invo_involvement_start_date="start",
        invo_involvement_end_date="end",
        invo_worker_change_reason="reason",
        invo_referral_id="referral_id",
    )


def numbered(rows: pl.DataFrame, letter: str) -> pl.DataFrame:
    """The rows with an identifier of a letter and a number in ``id``."""
    return rows.with_row_index("_n", offset=1).with_columns(
        id=pl.format("{}{}", pl.lit(letter), "_n")
    )
