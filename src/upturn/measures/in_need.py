"""Which rows are of a child in need and nothing more, also where the source holds no case status."""

from __future__ import annotations

import polars as pl

from upturn.records.casebook import Casebook

STATUS = "cinp_case_status"
#: Where else a child may be: table, child, begun, ended.
_ELSEWHERE = (
    ("cp_plans", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
    ("cla_episodes", "clae_person_id", "clae_entered_care_date", "clae_cla_episode_ceased_date"),
)


def in_need_alone(casebook: Casebook, rows: pl.DataFrame) -> pl.Series:
    """Whether each row of ``cin_plans`` is of a child in need who is on no protection plan and not in care.

    By the case status where the source has that column. Where it has none (the Standard Safeguarding
    Dataset), by the child's protection plans and periods in care that are open on the as-at date; not known
    where the source has no dates of those either.

    >>> from datetime import date
    >>> from upturn.records import quarantine
    >>> none = pl.DataFrame()
    >>> book = Casebook("annex_a", "x", "", date(2026, 3, 31), "", {}, (), none, none)
    >>> rows = pl.DataFrame({"cinp_case_status": ["child-in-need", "looked-after", None]})
    >>> in_need_alone(book, rows).to_list()
    [True, False, None]
    """
    if STATUS not in casebook.absent_fields:
        return rows.select(pl.col(STATUS) == "child-in-need").to_series()
    if any(casebook.absent_fields & set(one[2:]) for one in _ELSEWHERE):
        return pl.Series([None] * rows.height, dtype=pl.Boolean)
    elsewhere = pl.concat([_open(casebook, *one) for one in _ELSEWHERE]).unique()
    return ~rows["child_id"].is_in(elsewhere.implode())


def _open(casebook: Casebook, table: str, child: str, start: str, end: str) -> pl.Series:
    """The children with an open row; one whose end was set aside is taken to be open still."""
    open_ = (pl.col(start) <= casebook.as_at) & (
        pl.col(end).is_null() | (pl.col(end) > casebook.as_at)
    )
    found = casebook.table(table).filter(open_.fill_null(False))
    return found[child].drop_nulls().alias("child_id")
