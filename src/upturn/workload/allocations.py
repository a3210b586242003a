"""Who held which child from when to when, as far as the source tells.

The Standard Safeguarding Dataset has the history (involvements); Annex A names the holder at the extract and
no one before; a census names no workers at all.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from upturn.records.casebook import Casebook
from upturn.records.ssd.holders import case_worker
from upturn.records.tables import TABLES
from upturn.workload.tables import ALLOCATIONS, covers, stretch_numbers, typed

#: How far each source tells who held a child, and why.
COVERAGE: dict[str, tuple[str, str]] = {
    "ssd": ("full", "involvements give the worker of each child from day to day"),
    "annex_a": ("part", "only the holder at the extract is held; who held the child before is not"),
    "cin_census": ("none", "a census names no workers; it cannot tell"),
}
#: Where Annex A names the holder of an open case: table, its end, in the order in which they are believed.
#: A child in care has the worker of list 8, whatever list 6 still says.
_OPEN = (
    ("cla_episodes", "clae_cla_episode_ceased_date"),
    ("cp_plans", "cppl_cp_plan_end_date"),
    ("cin_plans", "cinp_cin_plan_end_date"),
    ("cin_assessments", "cina_assessment_auth_date"),
    ("care_leavers", None),
)


def allocations(casebook: Casebook) -> pl.DataFrame:
    """Who held which child, with the schema `upturn.workload.tables.ALLOCATIONS`: one row a spell.

    From involvements, the spells of the case worker, or of all roles where no row has that role; a spell
    holds from its start up to, not including, its end. From Annex A, one row for each open child: the
    holder at the extract, with no start. A row without a worker is held by a team only. From a census,
    nothing.

    >>> from upturn.records.casebook import Casebook
    >>> from datetime import date
    >>> from upturn.records import quarantine
    >>> none = pl.DataFrame()
    >>> empty = Casebook("cin_census", "x", "", date(2026, 3, 31), "", {}, (), none, none)
    >>> allocations(empty).height
    0
    """
    if has_history(casebook):
        return _history(casebook)
    if set(casebook.source.split("+")) & {"annex_a", "ssd"}:
        return _at_the_extract(casebook)
    return pl.DataFrame(schema=ALLOCATIONS)


def has_history(casebook: Casebook) -> bool:
    """Whether the source says who held each child before the extract: it has involvements with a start."""
    if "ssd" not in casebook.source.split("+"):
        return False
    rows = casebook.table("involvements")
    return rows.height > 0 and rows["invo_involvement_start_date"].null_count() < rows.height


def how_far(casebook: Casebook) -> tuple[str, str]:
    """How far the source tells who held which child (full, part, none), and why."""
    if has_history(casebook):
        return COVERAGE["ssd"]
    kinds = casebook.source.split("+")
    if "annex_a" in kinds:
        return COVERAGE["annex_a"]
    if "ssd" in kinds:
        return "part", "there are no involvements: only the worker of each open row is known"
    return COVERAGE["cin_census"]


def _history(casebook: Casebook) -> pl.DataFrame:
    rows = casebook.table("involvements")
    mine = rows.filter(case_worker(rows["invo_professional_role_id"]))
    rows = mine if mine.height else rows
    start, end = "invo_involvement_start_date", "invo_involvement_end_date"
    found = rows.with_columns(
        child_id="invo_person_id", start=start, end=end, role="invo_professional_role_id"
    )
    # An end that was set aside is not "still holds": the spell is taken to hold for its first day only.
    unsure = pl.col("end").is_null() & pl.col("set_aside").list.contains(end)
    one_day = pl.col("start").dt.offset_by("1d")
    found = found.with_columns(end=pl.when(unsure).then(one_day).otherwise("end"))
    known = found.filter(pl.col("start").is_not_null() & (pl.col("start") <= casebook.as_at))
    return typed(known, ALLOCATIONS).sort("child_id", "start", "end", nulls_last=True)


def _at_the_extract(casebook: Casebook) -> pl.DataFrame:
    parts = [_holders(casebook, table, end) for table, end in _OPEN]
    found = pl.concat(parts).unique("child_id", keep="first", maintain_order=True)
    return found.sort("child_id")


def _holders(casebook: Casebook, table: str, end: str | None) -> pl.DataFrame:
    rows = casebook.table(table).with_columns(child_id=TABLES[table].child or "")
    if end is not None:
        over = pl.col(end).is_not_null() & (pl.col(end) <= casebook.as_at)
        rows = rows.filter(~over & ~pl.col("set_aside").list.contains(end))
    return typed(rows, ALLOCATIONS).unique("child_id", keep="first", maintain_order=True)


def held_on(held: pl.DataFrame, day: pl.Expr | date) -> pl.DataFrame:
    """One row for each child and worker on ``day``: children with a worker only, each pair once."""
    return held.filter(covers(day) & pl.col("worker").is_not_null()).unique(
        ["child_id", "worker"], keep="last", maintain_order=True
    )


def spells(held: pl.DataFrame) -> pl.DataFrame:
    """Spells of each worker with each child, those that touch or overlap made one; named workers only.

    Columns ``child_id, worker, team, start, end`` (null: still holds), in the order of child and start.
    """
    far = pl.date(2099, 12, 31)
    own = ("child_id", "worker")
    rows = held.filter(pl.col("worker").is_not_null() & pl.col("start").is_not_null())
    rows = rows.with_columns(_end=pl.col("end").fill_null(far))
    rows = rows.filter(pl.col("_end") > pl.col("start"))
    rows = rows.sort(*own, "start", "_end", maintain_order=True)
    rows = rows.with_columns(_n=stretch_numbers(*own, end="_end"))
    merged = rows.group_by("_n", maintain_order=True).agg(
        pl.col("child_id", "worker").first(),
        pl.col("team").last(),
        pl.col("start").min(),
        pl.col("_end").max(),
    )
    end = pl.when(pl.col("_end") < far).then("_end")
    named = merged.select(*own, "team", "start", end=end)
    return named.sort("child_id", "start", maintain_order=True)
