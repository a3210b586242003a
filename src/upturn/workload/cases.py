"""When each child's case was open, and of what kind it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from upturn.records.casebook import Casebook
from upturn.records.tables import TABLES
from upturn.workload.tables import covers, stretch_numbers
from upturn.workload.weights import KINDS_OF_CASE

CASES: dict[str, pl.DataType] = {
    "child_id": pl.String(),
    "kind": pl.String(),  # one of KINDS_OF_CASE
    "start": pl.Date(),  # null: the source does not say since when
    "end": pl.Date(),  # null: open
}


@dataclass(frozen=True)
class _Kind:
    kind: str
    table: str
    start: str | None
    end: str | None
    unless: str | None = None  # a flag that says that there was no case


_KINDS = (
    _Kind("looked after", "cla_episodes", "clae_entered_care_date", "clae_cla_episode_ceased_date"),
    _Kind("child protection", "cp_plans", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
    _Kind("assessment", "cin_assessments", "cina_assessment_start_date", "cina_assessment_auth_date"),
    _Kind("child in need", "cin_plans", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
    _Kind("child in need", "cin_episodes", "cine_referral_date", "cine_close_date", "cine_referral_nfa"),
    _Kind("care leaver", "care_leavers", None, None),
)  # fmt: skip


def cases(casebook: Casebook) -> pl.DataFrame:
    """Every stretch of every child's case by kind, with the schema `CASES`.

    An end that was set aside leaves the stretch out: whether it is open cannot be told. Annex A's referrals
    have no end, so there only children in need, plans, care, assessments and care leavers count.
    """
    parts = [_stretches(casebook, kind) for kind in _KINDS]
    return pl.concat([pl.DataFrame(schema=CASES), *parts]).sort(
        "child_id", "start", nulls_last=False
    )


def _stretches(casebook: Casebook, of: _Kind) -> pl.DataFrame:
    if of.end and of.end in casebook.absent_fields:
        return pl.DataFrame(schema=CASES)
    if of.table == "cin_episodes" and casebook.source == "annex_a":  # referrals have no end there
        return pl.DataFrame(schema=CASES)
    rows = casebook.table(of.table)
    for field in (of.start, of.end):
        if field:
            rows = rows.filter(~pl.col("set_aside").list.contains(field))
    if of.unless:
        rows = rows.filter(~pl.col(of.unless).fill_null(False))
    never = pl.lit(None, dtype=pl.Date)
    return rows.select(
        child_id=TABLES[of.table].child or "",
        kind=pl.lit(of.kind),
        start=pl.col(of.start) if of.start else never,
        end=pl.col(of.end) if of.end else never,
    )


def kinds_on(found: pl.DataFrame, day: date) -> pl.DataFrame:
    """The kind of each child's case on ``day``: ``child_id, kind``, one row for each child with a case.

    Of several the first of `upturn.workload.weights.KINDS_OF_CASE`.
    """
    order = {kind: n for n, kind in enumerate(KINDS_OF_CASE)}
    rows = found.filter(covers(day)).with_columns(
        _order=pl.col("kind").replace_strict(order, return_dtype=pl.UInt8)
    )
    rows = rows.sort("child_id", "_order").unique("child_id", keep="first", maintain_order=True)
    return rows.select("child_id", "kind")


def open_stretches(found: pl.DataFrame, *, since: date, until: date) -> pl.DataFrame:
    """When each child had any open case between two days: ``child_id, start, end``, none touching another.

    ``end`` is the first day without; care leavers and stretches of unknown start are left out.
    """
    rows = found.filter((pl.col("kind") != "care leaver") & pl.col("start").is_not_null())
    rows = rows.select(
        "child_id",
        start=pl.max_horizontal("start", pl.lit(since)),
        end=pl.min_horizontal(pl.col("end").fill_null(until), pl.lit(until)),
    ).filter(pl.col("end") > pl.col("start"))
    return merged(rows, "child_id")


def merged(rows: pl.DataFrame, *own: str) -> pl.DataFrame:
    """Stretches of one owner that touch or overlap made one; every ``start`` and ``end`` known."""
    rows = rows.sort(*own, "start", "end", maintain_order=True)
    numbered = rows.with_columns(_n=stretch_numbers(*own))
    joined = numbered.group_by("_n", maintain_order=True).agg(
        pl.col(own).first(), pl.col("start").min(), pl.col("end").max()
    )
    return joined.drop("_n")
