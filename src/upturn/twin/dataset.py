"""A simulated history as the Standard Safeguarding Dataset would have it, with the file of posts beside it.

`upturn.twin.extract.casebook_of` keeps what fits and clocks need. Here the same history is given the
dataset's own form: plans where a plan was made, teams, the people who worked there, and their sickness.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from upturn.records.casebook import Casebook
from upturn.records.tables import TABLES
from upturn.rulebooks.calendar import add_working_days
from upturn.twin.extract import casebook_of, typed_table, workforce_table
from upturn.twin.log import Log
from upturn.workload.tables import WORKFORCE, typed

#: Tables that say who did the work, and the day it was over.
_OVER = {
    "cin_episodes": "cine_close_date", "cin_assessments": "cina_assessment_auth_date",
    "s47_enquiry": "s47e_s47_end_date", "initial_cp_conference": "icpc_icpc_date",
    "cin_plans": "cinp_cin_plan_end_date",
}  # fmt: skip
#: The fields that the twin fills. It has only visits at which the child was seen, so no column says so.
HELD = frozenset(
    {
        "cont_contact_date", "cine_referral_date", "cine_referral_nfa", "cine_close_date",
        "cina_referral_id", "cina_assessment_start_date", "cina_assessment_child_seen",
        "cina_assessment_auth_date", "s47e_s47_start_date", "s47e_s47_end_date", "s47e_referral_id",
        "s47e_icpc_not_required", "icpc_s47_enquiry_id", "icpc_icpc_date", "icpc_cp_plan_id",
        "icpc_icpc_outcome_cp_flag", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date",
        "cinp_referral_id", "cinv_cin_plan_id", "cinv_cin_visit_date", "cppl_cp_plan_start_date",
        "cppl_cp_plan_end_date", "cppl_previous_plans", "cppv_cp_plan_id", "cppv_cp_visit_date",
        "cppr_cp_plan_id", "cppr_cp_review_date", "clae_entered_care_date", "fami_family_id",
        "prof_staff_id", "prof_agency_worker_flag", "prof_professional_job_title",
        "prof_professional_department", "invo_professional_id", "invo_professional_role_id",
        "invo_professional_team", "invo_involvement_start_date", "invo_involvement_end_date",
        "dept_team_name",
    }
)  # fmt: skip
_PLAN_ENDS = ("cin_ended", "cp_started", "closed", "care")
_NUMBER, _NAME = "TEAM{}", "Simulated team {}"


def dataset_of(log: Log, *, name: str = "simulated") -> Casebook:
    """The casebook of one simulated history in the dataset's form, as at its last day.

    Every clock, measure and finding says of it what they say of a council's extract. Children, workers and
    teams have names that no real one has. Raises nothing.
    """
    book = casebook_of(log, name=name)
    own = {
        **book.tables,
        "cin_plans": (plans := _plans(log)),
        "cin_visits": _visits(pl.concat([book.table("cin_visits"), _seen(log)]), plans),
        "cin_assessments": _assessments(book.table("cin_assessments"), book.table("cin_episodes")),
        "s47_enquiry": _enquiries(book.table("s47_enquiry")),
        "involvements": _involvements(log, book.table("involvements")),
        "department": typed_table("department", _teams(log)),
        "professionals": typed_table("professionals", _staff(log)),
    }
    own |= {n: _by_holder(log, n, own[n]) for n in _OVER}
    return replace(book, tables=own, absent_fields=_absent())


def workforce_of(log: Log) -> pl.DataFrame:
    """Who filled which post and who was off sick, with the schema `upturn.workload.tables.WORKFORCE`."""
    team = pl.col("post_id").str.slice(1).cast(pl.Int64)
    spells = pl.concat([workforce_table(log), _sickness(log)])
    named = spells.with_columns(team=_named(team % _count(log)), role=pl.lit("Social worker"))
    return named.sort("post_id", "start", "kind")


def _count(log: Log) -> int:
    """How many teams there are."""
    most = log.families["team"].max()
    return 1 if most is None else int(most) + 1  # type: ignore[arg-type]


def _named(number: pl.Expr) -> pl.Expr:
    return pl.format(_NAME, number + 1)


def _teams(log: Log) -> pl.DataFrame:
    numbers = pl.int_range(_count(log), eager=True).alias("n").to_frame()
    return numbers.select(
        dept_team_id=pl.format(_NUMBER, pl.col("n") + 1), dept_team_name=_named(pl.col("n"))
    )


def _staff(log: Log) -> pl.DataFrame:
    people = log.workforce.unique("worker", keep="first", maintain_order=True).sort("worker")
    return people.select(
        prof_professional_id="worker", prof_staff_id="worker", prof_agency_worker_flag="agency",
        prof_professional_job_title=pl.lit("Social worker"),
        prof_professional_department=_named(pl.col("post") % _count(log)),
    )  # fmt: skip


def _by_holder(log: Log, name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that are over with the child's team and the worker who had the child last before that.

    What is open has none of its own: it belongs to whoever has the child at the extract.
    """
    child, over = TABLES[name].child or "", _OVER[name]
    held = log.holders.join(
        log.workforce.select("post", "worker", begun="from"), on="post", how="inner"
    ).filter(pl.col("begun") <= pl.col("from"))
    held = held.sort("begun").unique(["child", "from"], keep="last").select(
        pl.format("S{}", "child").alias(child), "from", _worker="worker"
    ).sort("from")  # fmt: skip
    teams = log.families.select(
        pl.format("S{}", "child").alias(child), _team=_named(pl.col("team"))
    )
    found = rows.with_row_index("_n").sort(over).join_asof(
        held, left_on=over, right_on="from", by=child, check_sortedness=False
    ).join(teams, on=child, how="left").sort("_n")  # fmt: skip
    done = pl.col(over).is_not_null()
    return found.with_columns(
        team=pl.when(done).then("_team"), worker=pl.when(done).then("_worker")
    ).select(rows.columns)  # fmt: skip


def _involvements(log: Log, rows: pl.DataFrame) -> pl.DataFrame:
    """The involvements with the team of the worker's post."""
    post = pl.col("invo_professional_id").str.extract(r"^W(\d+)-").cast(pl.Int64)
    team = _named(post % _count(log))
    return rows.with_columns(team=team, invo_professional_team=team)


def _numbered(log: Log) -> pl.DataFrame:
    """What happened to children, numbered as `casebook_of` numbers it."""
    return log.events.filter(pl.col("child").is_not_null()).with_columns(
        pl.col("event").cast(pl.String), child=pl.format("S{}", "child")
    ).with_row_index("n")  # fmt: skip


def _plans(log: Log) -> pl.DataFrame:
    """Child in need plans: from the day one was made until it ended or gave way to another."""
    events = _numbered(log)
    ends = events.filter(pl.col("event").is_in(_PLAN_ENDS)).select("child", "n", ended="day")
    referrals = events.filter(pl.col("event") == "referral").select(
        "child", "n", referral=pl.format("R{}", "n")
    )
    rows = events.filter(pl.col("event") == "cin_started")
    rows = rows.join_asof(ends, on="n", by="child", strategy="forward", check_sortedness=False)
    rows = rows.join_asof(referrals, on="n", by="child", check_sortedness=False)
    return typed_table("cin_plans", rows.select(
        cinp_cin_plan_id=pl.format("N{}", "n"), cinp_person_id="child",
        cinp_cin_plan_start_date="day", cinp_cin_plan_end_date="ended", cinp_referral_id="referral",
    ))  # fmt: skip


def _seen(log: Log) -> pl.DataFrame:
    """The visit at which a child was first seen for an assessment."""
    rows = _numbered(log).filter(pl.col("event") == "seen")
    return typed_table("cin_visits", rows.select(
        cinv_cin_visit_id=pl.format("V{}", "n"), cinv_person_id="child", cinv_cin_visit_date="day"
    ))  # fmt: skip


def _visits(rows: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """The visits with the plan each falls in, if it falls in one."""
    began = plans.select(
        cinv_person_id="cinp_person_id", _from="cinp_cin_plan_start_date",
        _to="cinp_cin_plan_end_date", _plan="cinp_cin_plan_id",
    ).sort("_from")  # fmt: skip
    day = pl.col("cinv_cin_visit_date")
    found = rows.sort("cinv_cin_visit_date", maintain_order=True).join_asof(
        began, left_on="cinv_cin_visit_date", right_on="_from", by="cinv_person_id",
        check_sortedness=False,
    )  # fmt: skip
    inside = pl.col("_to").is_null() | (day <= pl.col("_to"))
    plan = pl.when(inside).then("_plan")
    return found.with_columns(
        cinv_cin_plan_id=plan, cinv_cin_visit_seen=pl.lit(None, dtype=pl.Boolean)
    ).select(rows.columns)  # fmt: skip


def _assessments(rows: pl.DataFrame, referrals: pl.DataFrame) -> pl.DataFrame:
    """An assessment that closure or care cut short ended that day; an open one says only when it began."""
    closed = referrals.select(cina_referral_id="cine_referral_id", _closed="cine_close_date")
    found = rows.join(closed, on="cina_referral_id", how="left", maintain_order="left")
    done = pl.coalesce("cina_assessment_auth_date", "_closed")
    seen = pl.when(done.is_not_null()).then("cina_assessment_child_seen")
    return found.with_columns(
        cina_assessment_auth_date=done, cina_assessment_child_seen=seen
    ).select(rows.columns)  # fmt: skip


def _enquiries(rows: pl.DataFrame) -> pl.DataFrame:
    """An enquiry that runs has not yet said whether a conference is needed."""
    done = pl.col("s47e_s47_end_date").is_not_null()
    return rows.with_columns(
        pl.when(done).then("s47e_icpc_not_required").alias("s47e_icpc_not_required")
    )


def _sickness(log: Log) -> pl.DataFrame:
    """Spells of sickness, of the worker who was in the post; none outlasts that worker's time in it."""
    sick = log.events.filter(pl.col("event").cast(pl.String) == "sick").select(
        "post", start="day", days=pl.col("value").cast(pl.Int64)
    )
    lasted = [add_working_days(day, n) for day, n in sick.select("start", "days").iter_rows()]
    staff = log.workforce.select("post", "worker", "to", begun="from").sort("begun")
    spells = sick.with_columns(end=pl.Series(lasted, dtype=pl.Date)).sort("start").join_asof(
        staff, left_on="start", right_on="begun", by="post", check_sortedness=False
    )  # fmt: skip
    end = pl.min_horizontal("end", "to")
    known = spells.with_columns(
        post_id=pl.format("P{}", "post"), kind=pl.lit("sickness"),
        end=pl.when(end <= log.last).then(end),
    ).drop_nulls("worker")  # fmt: skip
    return typed(known, WORKFORCE)


def _absent() -> frozenset[str]:
    """Every field that the twin has nothing for, so that a blank is never read as "it did not happen"."""
    keys = {name for t in TABLES.values() for name in (t.key, t.child)}
    every = {field for table in TABLES.values() for field in table.columns}
    # What the health checks of looked-after children are known by where they are counted.
    return frozenset((every - keys - HELD) | {"health_assessment", "dental_check"})
