"""What was open on the last day of an extract, a row for each child: assessments, enquiries, plans, holders.

Nothing here is about the twin: only what the records say, and where a blank means that they do not say.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from upturn.records.casebook import Casebook
from upturn.twin.holding import elsewhere
from upturn.workload.allocations import allocations, how_far
from upturn.workload.tables import covers

#: Statuses of list 6 that are not those of a child in need here.
_NOT_IN_NEED = ("looked-after", "closed")


def trusted(book: Casebook, table: str, child: str, *fields: str) -> pl.DataFrame:
    """The rows whose ``fields`` can be trusted and whose child is not looked after nor has left care."""
    rows = book.table(table)
    aside = [pl.col("set_aside").list.contains(field) for field in fields]
    sure = rows.filter(~pl.any_horizontal(a.fill_null(False) for a in aside))
    away = pl.col(child).is_in(elsewhere(book).implode())
    return sure.filter(~away).with_columns(child=child)


def _running(start: str, end: str, day: date) -> pl.Expr:
    """Begun by ``day`` and not ended by then."""
    return (pl.col(start) <= day) & (pl.col(end).is_null() | (pl.col(end) > day))


def assessments(book: Casebook) -> pl.DataFrame:
    """Open assessments, the longest of each child: ``child, assessed, seen, more``.

    One whose referral is closed, or that is signed off, is not open. ``more`` counts a child's others.
    """
    start, end = "cina_assessment_start_date", "cina_assessment_auth_date"
    rows = trusted(book, "cin_assessments", "cina_person_id", start, end)
    closed = book.table("cin_episodes").select(
        cina_referral_id="cine_referral_id", _closed="cine_close_date"
    )
    rows = rows.join(closed.unique("cina_referral_id"), on="cina_referral_id", how="left")
    over = (pl.col("_closed") <= book.as_at).fill_null(False)
    rows = rows.filter(_running(start, end, book.as_at) & ~over).sort(start, "cina_assessment_id")
    return rows.group_by("child", maintain_order=True).agg(
        assessed=pl.col(start).first(),
        seen=pl.col("cina_assessment_child_seen").first(),
        more=pl.len() - 1,
    )


def enquiries(book: Casebook) -> pl.DataFrame:
    """Open enquiries, the latest of each child: ``child, enquired, called, conference``.

    An enquiry is over once a conference has been held, or is not needed, or a plan has begun since.
    ``called`` is whether a conference is waited for, ``conference`` the day that is booked for it, if any.
    """
    start, end = "s47e_s47_start_date", "s47e_s47_end_date"
    rows = trusted(book, "s47_enquiry", "s47e_person_id", start, end)
    rows = rows.filter(pl.col(start) <= book.as_at)
    day = pl.col("icpc_icpc_date")
    held = book.table("initial_cp_conference").group_by(s47e_s47_enquiry_id="icpc_s47_enquiry_id").agg(
        _held=(day <= book.as_at).any(), conference=day.filter(day > book.as_at).min()
    )  # fmt: skip
    planned = book.table("cp_plans").group_by(child="cppl_person_id").agg(
        _planned=pl.col("cppl_cp_plan_start_date").max()
    )  # fmt: skip
    rows = rows.join(held, on="s47e_s47_enquiry_id", how="left").join(
        planned, on="child", how="left"
    )
    ended = (pl.col(end) <= book.as_at).fill_null(False)
    needed = (~pl.col("s47e_icpc_not_required")).fill_null(False)
    over = (
        pl.col("_held").fill_null(False)
        | pl.col("s47e_icpc_not_required").fill_null(False)
        | (pl.col("_planned") >= pl.col(start)).fill_null(False)
        | (ended & ~needed)
    )
    called = needed | pl.col("conference").is_not_null()
    rows = rows.filter(~over).sort(start, "s47e_s47_enquiry_id")
    return rows.group_by("child", maintain_order=True).agg(
        enquired=pl.col(start).last(), called=called.last(), conference=pl.col("conference").last()
    )


def protection(book: Casebook) -> pl.DataFrame:
    """Open child protection plans: ``child, protected``; with ``visit`` and ``review``, the last of each."""
    start, end = "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"
    rows = trusted(book, "cp_plans", "cppl_person_id", start, end)
    rows = rows.filter(_running(start, end, book.as_at))
    plans = rows.group_by("child", maintain_order=True).agg(protected=pl.col(start).min())
    seen = pl.col("cppv_cp_visit_seen").fill_null(True)
    visits = _latest(book, "cp_visits", "cppv_person_id", "cppv_cp_visit_date", "visit", seen)
    reviews = _latest(book, "cp_reviews", "cppr_person_id", "cppr_cp_review_date", "review")
    return plans.join(visits, on="child", how="left").join(reviews, on="child", how="left")


def in_need(book: Casebook) -> pl.DataFrame:
    """Open plans or periods of need: ``child, need, status``, with the last visit: ``visit``.

    List 6 of Annex A holds every child in need with a status; other sources hold plans and no status.
    """
    start, end = "cinp_cin_plan_start_date", "cinp_cin_plan_end_date"
    rows = trusted(book, "cin_plans", "cinp_person_id", start, end)
    rows = rows.filter(_running(start, end, book.as_at))
    rows = rows.filter(~pl.col("cinp_case_status").is_in(_NOT_IN_NEED).fill_null(False))
    plans = rows.sort(start).group_by("child", maintain_order=True).agg(
        need=pl.col(start).last(), status=pl.col("cinp_case_status").last()
    )  # fmt: skip
    seen = pl.col("cinv_cin_visit_seen").fill_null(True)
    visits = _latest(book, "cin_visits", "cinv_person_id", "cinv_cin_visit_date", "visit", seen)
    return plans.join(visits, on="child", how="left")


def _latest(
    book: Casebook, table: str, child: str, day: str, name: str, held: pl.Expr | None = None
) -> pl.DataFrame:
    """The last day of each child by the extract, as ``name``."""
    rows = trusted(book, table, child, day).filter(pl.col(day) <= book.as_at)
    rows = rows if held is None else rows.filter(held)
    return rows.group_by("child").agg(pl.col(day).max().alias(name))


def referrals(book: Casebook) -> pl.DataFrame:
    """The last referral of each child: ``child, referred, stays``: open for all that the source says.

    ``stays`` is null where the source does not say when a referral is closed.
    """
    rows = trusted(book, "cin_episodes", "cine_person_id", "cine_referral_date", "cine_close_date")
    rows = rows.filter(pl.col("cine_referral_date") <= book.as_at).sort("cine_referral_date")
    told = book.table("cin_episodes")["cine_close_date"].drop_nulls().len() > 0
    closed = (pl.col("cine_close_date") <= book.as_at).fill_null(False)
    nothing = pl.col("cine_referral_nfa").fill_null(False)
    stays = (~closed & ~nothing) if told else pl.lit(None, dtype=pl.Boolean)
    return rows.group_by("child", maintain_order=True).agg(
        referred=pl.col("cine_referral_date").last(), stays=stays.last()
    )


def last_ended(book: Casebook) -> pl.DataFrame:
    """The last day on which an assessment or a plan of each child ended: ``child, ended``."""
    parts = []
    for table, child, day in (
        ("cin_assessments", "cina_person_id", "cina_assessment_auth_date"),
        ("cin_plans", "cinp_person_id", "cinp_cin_plan_end_date"),
        ("cp_plans", "cppl_person_id", "cppl_cp_plan_end_date"),
    ):
        parts.append(_latest(book, table, child, day, "ended"))
    return pl.concat(parts).group_by("child").agg(pl.col("ended").max())


def holding(book: Casebook) -> pl.DataFrame | None:
    """Who holds each child on the last day: ``child, worker, team, since``; None when no worker is named.

    ``since`` is when the last worker of a child that nobody holds now let go, where that is told. A row with
    no worker is held by a team only.
    """
    if how_far(book)[0] == "none":
        return None
    every = allocations(book).rename({"child_id": "child"})
    if every["worker"].drop_nulls().is_empty():
        return None
    last = every.group_by("child").agg(
        since=pl.col("end").filter(pl.col("end") <= book.as_at).max()
    )
    now = every.filter(covers(book.as_at)).sort(pl.col("worker").is_null())
    now = now.unique("child", keep="first", maintain_order=True).select("child", "worker", "team")
    return last.join(now, on="child", how="left").select("child", "worker", "team", "since")


def families(book: Casebook) -> pl.DataFrame:
    """The family of each child, where it is told: ``child, family``."""
    rows = book.table("family").select(child="fami_person_id", family="fami_family_id")
    return rows.drop_nulls().unique("child", keep="first", maintain_order=True)
