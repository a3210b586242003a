"""A simulated history as records: a casebook and a workforce table, as an extract would give them.

Every clock, measure and finding then runs on a simulated future as it runs on a real one. What the twin does
not simulate (dates of birth, sources of referrals, outcomes in words) is absent, and is never read as "it
did not happen".
"""

from __future__ import annotations

import hashlib
from datetime import date

import numpy as np
import polars as pl

from upturn.records import quarantine
from upturn.records.casebook import Casebook
from upturn.records.tables import TABLES, empty
from upturn.rulebooks.calendar import add_months
from upturn.twin.log import Log
from upturn.twin.series import COLUMN
from upturn.workload.tables import WORKFORCE, typed

#: Fields of the casebook that the twin has nothing for.
ABSENT = frozenset(
    {
        "pers_dob", "pers_sex", "pers_ethnicity", "pers_disability", "pers_uasc",
        "cont_contact_source_code", "cine_referral_source_code", "cine_cin_primary_need_code",
        "cina_assessment_factors", "cina_assessment_needs_support", "cinv_cin_visit_seen_alone",
        "cppv_cp_visit_seen_alone", "cppl_cp_plan_initial_category", "cppl_cp_plan_latest_category",
        "cppr_cp_review_due", "cppr_cp_review_quorate", "cine_close_reason", "cinp_close_reason",
    }
)  # fmt: skip
_NOTE = "Simulated by the twin: no child, family or worker in it is real."


def casebook_of(log: Log, *, name: str = "simulated") -> Casebook:
    """The casebook of one simulated history, as at its last day, as the Standard Safeguarding Dataset has it.

    Raises nothing: a log that `upturn.twin.simulate.replay` gives always has a casebook.
    """
    events = log.events.filter(pl.col("child").is_not_null()).with_columns(
        pl.col("event").cast(pl.String), child=pl.format("S{}", "child")
    ).with_row_index("n")  # fmt: skip
    tables = {
        "person": _people(log),
        "family": _families(log),
        "contacts": _of(events, "contact").select(
            cont_contact_id=_key("C"), cont_person_id="child", cont_contact_date="day"
        ),
        **_front_door(events),
        **_protection(events),
        **_plans(events),
        "involvements": _involvements(log),
    }
    whole = {n: typed_table(n, tables[n]) if n in tables else empty(n) for n in TABLES}
    digest = hashlib.sha256(log.events.hash_rows(seed=1).to_numpy().tobytes()).hexdigest()
    nothing = pl.DataFrame(schema=quarantine.SCHEMA)
    return Casebook(
        "ssd", name, digest, log.last, "the last simulated day", whole, (), nothing, pl.DataFrame(),
        absent_fields=ABSENT, notes=(_NOTE,),
    )  # fmt: skip


def workforce_table(log: Log) -> pl.DataFrame:
    """Who filled which post, with the schema `upturn.workload.tables.WORKFORCE`; empty spells too."""
    spells = log.workforce.sort("post", "from").with_columns(
        post_id=pl.format("P{}", "post"), start="from", end="to", kind=pl.lit("in post"),
        hours=pl.lit(37.0),
    )  # fmt: skip
    ended = spells.with_columns(_next=pl.col("from").shift(-1).over("post"))
    empty_ = ended.filter(pl.col("to").is_not_null(), pl.col("_next").ne_missing(pl.col("to")))
    vacant = _while_open(empty_, log).select("post_id", "kind", "hours", start="to", end="_end")
    rows = pl.concat([spells, vacant, _not_yet_filled(spells, log)], how="diagonal")
    return typed(rows, WORKFORCE).sort("post_id", "start")


def _not_yet_filled(spells: pl.DataFrame, log: Log) -> pl.DataFrame:
    """Vacancies of posts that stood empty when they opened, or when the log begins."""
    posts, opened = _opened(log)
    first = spells.group_by("post").agg(end=pl.col("start").min())
    rows = pl.DataFrame({"post": posts, "start": opened}).join(first, on="post", how="left")
    rows = rows.filter(pl.col("end").is_null() | (pl.col("end") > pl.col("start")))
    return rows.select(
        post_id=pl.format("P{}", "post"), kind=pl.lit("in post"), hours=pl.lit(37.0), start="start",
        end="end",
    )  # fmt: skip


def _opened(log: Log) -> tuple[list[int], list[date]]:
    """Every post that was ever open, with the day: posts open in order, so their number says which."""
    filled, vacant, agency = (log.monthly[:, COLUMN[n]] for n in ("filled", "vacant", "agency"))
    many = np.maximum.accumulate(np.ceil(filled + vacant - agency - 0.01).astype(int))
    months = [log.first, *(add_months(log.start, n) for n in range(1, len(many)))]
    posts = list(range(int(many[-1])))
    return posts, [months[int(np.argmax(many > post))] for post in posts]


def _while_open(empty_: pl.DataFrame, log: Log) -> pl.DataFrame:
    """Vacancies with their end: the next worker, or the day the post was closed."""
    closed = log.events.filter(pl.col("event") == "post_closed").select("post", _closed="day")
    found = empty_.sort("to").join_asof(
        closed.sort("_closed"), left_on="to", right_on="_closed", by="post", strategy="forward",
        check_sortedness=False,
    )  # fmt: skip
    found = found.with_columns(_end=pl.min_horizontal("_next", "_closed"))
    return found.filter(pl.col("_end").is_null() | (pl.col("_end") > pl.col("to")))


def _key(letter: str) -> pl.Expr:
    return pl.format("{}{}", pl.lit(letter), "n")


def _of(events: pl.DataFrame, *names: str) -> pl.DataFrame:
    return events.filter(pl.col("event").is_in(names))


def _next(
    rows: pl.DataFrame, events: pl.DataFrame, name: str, *ends: str, of: str = "day"
) -> pl.DataFrame:
    """The rows with the day (or ``of``) in ``name`` when the child next had one of ``ends``, if she did."""
    later = _of(events, *ends).select("child", "n", pl.col(of).alias(name)).sort("n")
    return rows.sort("n").join_asof(
        later, on="n", by="child", strategy="forward", check_sortedness=False
    )


def _before(
    rows: pl.DataFrame, events: pl.DataFrame, name: str, key: pl.Expr, *begun: str
) -> pl.DataFrame:
    """The rows with the key, in ``name``, of what the child last had begun."""
    earlier = _of(events, *begun).select("child", "n", key.alias(name)).sort("n")
    return rows.sort("n").join_asof(
        earlier, on="n", by="child", strategy="backward", check_sortedness=False
    )


def _people(log: Log) -> pl.DataFrame:
    return log.families.select(pers_person_id=pl.format("S{}", "child"))


def _families(log: Log) -> pl.DataFrame:
    return log.families.select(
        fami_table_id=pl.format("T{}", "child"), fami_person_id=pl.format("S{}", "child"),
        fami_family_id=pl.format("F{}", "family"),
    )  # fmt: skip


def _front_door(events: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Referrals with their end, and the assessment that began on the day of each that went on."""
    rows = _next(_of(events, "referral"), events, "ended", "closed", "care", "no_further_action")
    nfa = _of(events, "no_further_action").select("child", "day", _nfa=True).unique()
    rows = rows.join(nfa, on=["child", "day"], how="left").with_columns(
        pl.col("_nfa").fill_null(False)
    )
    went_on = rows.filter(~pl.col("_nfa"))
    went_on = _next(went_on, events, "signed", "assessment_ended")
    went_on = _next(went_on, events, "seen", "seen")
    over = pl.col("ended").is_not_null() & (pl.col("signed") > pl.col("ended"))
    signed = pl.when(~over.fill_null(False)).then("signed")
    return {
        "cin_episodes": rows.select(
            cine_referral_id=_key("R"), cine_person_id="child", cine_referral_date="day",
            cine_referral_nfa="_nfa", cine_close_date="ended",
        ),
        "cin_assessments": went_on.select(
            cina_assessment_id=_key("A"), cina_person_id="child", cina_referral_id=_key("R"),
            cina_assessment_start_date="day", cina_assessment_auth_date=signed,
            cina_assessment_child_seen=(pl.col("seen") <= signed).fill_null(False),
        ),
        # A period of need, as list 6 of Annex A has it: from referral to closure.
        "cin_plans": pl.concat([went_on.with_columns(_referral=_key("R")), _from_before(events)],
                               how="diagonal").select(
            cinp_cin_plan_id=_key("N"), cinp_person_id="child", cinp_cin_plan_start_date="day",
            cinp_cin_plan_end_date="ended", cinp_referral_id="_referral",
        ),
    }  # fmt: skip


def _from_before(events: pl.DataFrame) -> pl.DataFrame:
    """Children who had a plan when the run began: open from then, their referral not known."""
    first = pl.col("n") == pl.col("n").min().over("child")
    known = events.filter(pl.col("event").is_in(("referral", "cin_started", "cp_started")))
    begun = known.filter(first & (pl.col("event") != "referral"))
    return _next(begun, events, "ended", "closed", "care")


def _protection(events: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Enquiries, their conferences, and the plans that came of them."""
    enquiries = _next(_of(events, "strategy"), events, "ended", "section47_ended")
    enquiries = _next(enquiries, events, "_called", "section47_ended", of="value")
    enquiries = _before(enquiries, events, "referral", _key("R"), "referral")
    held = _before(_of(events, "conference"), events, "enquiry", _key("Q"), "strategy")
    plan = (
        _of(events, "cp_started").select("child", "day", _plan=_key("P")).unique(["child", "day"])
    )
    held = held.join(plan, on=["child", "day"], how="left")
    plans = _next(_of(events, "cp_started"), events, "ended", "cp_ended", "care", "closed")
    before = (pl.int_range(pl.len()).over("child")).cast(pl.Float64)
    # One that ended with a conference called and not yet held on the last day needs it all the same.
    needless = (pl.col("_called") == 0.0) & pl.col("ended").is_not_null()
    return {
        "s47_enquiry": enquiries.select(
            s47e_s47_enquiry_id=_key("Q"), s47e_person_id="child", s47e_s47_start_date="day",
            s47e_s47_end_date="ended", s47e_referral_id="referral", s47e_icpc_not_required=needless,
        ),
        "initial_cp_conference": held.select(
            icpc_icpc_id=_key("I"), icpc_person_id="child", icpc_s47_enquiry_id="enquiry",
            icpc_icpc_date="day", icpc_icpc_outcome_cp_flag=pl.col("_plan").is_not_null(),
            icpc_cp_plan_id="_plan",
        ),
        "cp_plans": plans.sort("n").select(
            cppl_cp_plan_id=_key("P"), cppl_person_id="child", cppl_cp_plan_start_date="day",
            cppl_cp_plan_end_date="ended", cppl_previous_plans=before,
        ),
    }  # fmt: skip


def _plans(events: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Visits and reviews of each plan, and entries to care."""
    visits = _before(_of(events, "visit"), events, "plan", _key("P"), "cp_started")
    visits = _before(visits, events, "over", pl.col("n"), "cp_ended")
    began = pl.col("plan").str.slice(1).cast(pl.UInt32)
    on_plan = pl.col("plan").is_not_null() & (pl.col("over").is_null() | (pl.col("over") < began))
    visits = visits.with_columns(_protected=on_plan.fill_null(False))
    reviews = _before(_of(events, "review"), events, "plan", _key("P"), "cp_started")
    return {
        "cp_visits": visits.filter("_protected").select(
            cppv_cp_visit_id=_key("V"), cppv_person_id="child", cppv_cp_plan_id="plan",
            cppv_cp_visit_date="day", cppv_cp_visit_seen=pl.lit(True),
        ),
        "cin_visits": visits.filter(~pl.col("_protected")).select(
            cinv_cin_visit_id=_key("V"), cinv_person_id="child", cinv_cin_visit_date="day",
            cinv_cin_visit_seen=pl.lit(True),
        ),
        "cp_reviews": reviews.select(
            cppr_cp_review_id=_key("Y"), cppr_person_id="child", cppr_cp_plan_id="plan",
            cppr_cp_review_date="day",
        ),
        "cla_episodes": _of(events, "care").select(
            clae_cla_episode_id=_key("E"), clae_person_id="child", clae_entered_care_date="day"
        ),
    }  # fmt: skip


def _involvements(log: Log) -> pl.DataFrame:
    """Who held whom: the worker who was in the post on the day it began."""
    held = log.holders.with_row_index("n").sort("from")
    staff = log.workforce.select("post", "worker", begun="from").sort("begun")
    held = held.join_asof(
        staff, left_on="from", right_on="begun", by="post", strategy="backward",
        check_sortedness=False,
    )  # fmt: skip
    return held.drop_nulls("worker").select(
        invo_involvements_id=_key("H"), invo_person_id=pl.format("S{}", "child"),
        invo_professional_id="worker", invo_professional_role_id=pl.lit("CW"),
        invo_involvement_start_date="from", invo_involvement_end_date="to", worker="worker",
    )  # fmt: skip


def typed_table(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with every column of the table, those the twin has nothing for as nulls."""
    table = TABLES[name]
    frame = frame.with_row_index("source_row", offset=1).with_columns(
        source_file=pl.lit("simulated"), source_sheet=pl.lit(name), source_list=pl.lit(name),
        set_aside=pl.lit([], dtype=pl.List(pl.String)),
    )  # fmt: skip
    return frame.select(
        (pl.col(c) if c in frame.columns else pl.lit(None)).cast(t).alias(c)
        for c, t in table.schema.items()
    )
