"""Episodes of child protection: section 47 enquiries, and the conferences they lead to.

A plan is linked to its conference by number where the source has one, and by child and date where not.
"""

from __future__ import annotations

import polars as pl

from upturn.journeys.events import NOT_HELD, Thread, thread
from upturn.journeys.links import link, named
from upturn.records.casebook import Casebook

#: A plan that starts within these days of a conference is taken to be that conference's.
PLAN_BEFORE_DAYS, PLAN_AFTER_DAYS = 3, 30


def enquiries(casebook: Casebook) -> list[pl.DataFrame]:
    """Section 47 enquiries with their conference."""
    t = thread(
        casebook,
        "s47_enquiry",
        episode="enquiry",
        child="s47e_person_id",
        named_by="s47e_s47_start_date",
    )
    conference = (
        casebook.table("initial_cp_conference")
        .select("icpc_icpc_date", own_id="icpc_s47_enquiry_id", _aside=pl.col("set_aside"))
        .sort("icpc_icpc_date", nulls_last=True, maintain_order=True)
        .unique("own_id", keep="first", maintain_order=True)  # of several conferences the first
    )
    rows = t.rows.join(conference, on="own_id", how="left", maintain_order="left").with_columns(
        set_aside=pl.concat_list("set_aside", pl.col("_aside").fill_null([]))
    )
    t = Thread(casebook, t.episode, rows)
    held = pl.col("icpc_icpc_date").is_null() | (pl.col("icpc_icpc_date") <= casebook.as_at)
    unsure = pl.col("set_aside").list.contains("s47e_icpc_not_required")
    return [
        t.said("s47_started", "s47e_s47_start_date"),
        t.said("s47_ended", "s47e_s47_end_date"),
        t.said("conference_held", "icpc_icpc_date", where=held),
        t.said("conference_booked", "icpc_icpc_date", where=~held),
        t.at(
            "conference_not_needed",
            pl.col("s47e_s47_start_date"),
            where=pl.col("s47e_icpc_not_required") & pl.col("icpc_icpc_date").is_null(),
        ),
        t.in_doubt(
            "conference_held",
            "whether a conference was needed was set aside",
            where=unsure & pl.col("icpc_icpc_date").is_null(),
        ),
    ]


def conferences(casebook: Casebook) -> list[pl.DataFrame]:
    """Initial conferences, with what they decided and the plan that came of it."""
    t = thread(
        casebook,
        "initial_cp_conference",
        episode="conference",
        child="icpc_person_id",
        named_by="icpc_icpc_date",
    )
    t = Thread(casebook, t.episode, t.rows.filter(pl.col("icpc_icpc_date") <= casebook.as_at))
    decided = pl.col("icpc_icpc_outcome_cp_flag")
    parts = [
        t.said("conference_held", "icpc_icpc_date"),
        t.at("plan_decided", pl.col("icpc_icpc_date"), where=decided),
        t.at("plan_not_decided", pl.col("icpc_icpc_date"), where=~decided),
    ]
    links = _links_to_plans(t)
    parts += _linked_plans(t, links)
    if "icpc_icpc_outcome_cp_flag" in casebook.absent_fields:
        parts += _decided_as_plans_show(t, links)
    if "cppl_cp_plan_start_date" in casebook.absent_fields:
        parts.append(t.in_doubt("plan_started", NOT_HELD, where=pl.lit(True)))
    return parts


def _decided_as_plans_show(t: Thread, links: pl.DataFrame) -> list[pl.DataFrame]:
    """Where the source has no outcomes: a plan that is surely the conference's shows it was decided on."""
    sure = links.filter(pl.col("candidates") == 1)["own_id"].drop_nulls()
    shown = pl.col("own_id").is_in(sure.implode())
    note = "shown by the plan that started"
    return [
        t.at("plan_decided", pl.col("icpc_icpc_date"), where=shown, note=note),
        t.in_doubt("plan_decided", NOT_HELD, where=~shown),
    ]


def _links_to_plans(t: Thread) -> pl.DataFrame:
    """Which plans may have come of which conference."""
    plans = t.casebook.table("cp_plans").select(
        "cppl_cp_plan_start_date",
        "team",
        "worker",
        "set_aside",
        child_id="cppl_person_id",
        day="cppl_cp_plan_start_date",
        source=pl.format("{} row {}", "source_list", "source_row"),
        number="cppl_icpc_id",
    )
    held = t.rows.filter(pl.col("icpc_icpc_outcome_cp_flag").fill_null(True))
    return link(named(held, "icpc_icpc_date"), plans, within_days=PLAN_AFTER_DAYS)


def _linked_plans(t: Thread, links: pl.DataFrame) -> list[pl.DataFrame]:
    """The plans that may have come of each conference, and those dated a little before it."""
    names = t.rows.select("own_id", "episode_id", "icpc_icpc_date")
    linked = Thread(
        t.casebook,
        t.episode,
        links.drop_nulls("own_id").join(names, on="own_id", maintain_order="left"),
    )
    nearby = (
        links.filter(pl.col("own_id").is_null())
        .drop("own_id")
        .join(t.rows.select(*names.columns, "child_id"), on="child_id", maintain_order="left")
    )
    gap = (pl.col("icpc_icpc_date") - pl.col("day")).dt.total_days()
    early = Thread(t.casebook, t.episode, nearby.filter(gap.is_between(1, PLAN_BEFORE_DAYS)))
    sure = pl.col("candidates") == 1
    either = pl.format("it came of the conference of {}", "between")
    return [
        linked.said("plan_started", "cppl_cp_plan_start_date", where=sure),
        linked.said(
            "plan_started", "cppl_cp_plan_start_date", certainty="maybe", where=~sure, note=either
        ),
        early.in_doubt("plan_started", "a plan is dated before its conference", where=pl.lit(True)),
    ]
