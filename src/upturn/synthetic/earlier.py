"""A made-up council as it was on an earlier date: what its extract of that day would have held.

The truth is the same; only what had happened by then is left of it. Two extracts of one council can so be
held against each other, which two councils made up for two dates cannot.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from upturn.synthetic.annex_a.lists import annex_a_lists
from upturn.synthetic.annex_a.sheets import clean_sheets
from upturn.synthetic.council import Council

#: Tables that are the same on any day, and the one whose dates may lie ahead of the extract.
_LASTING = ("teams", "families", "truth")
_BOOKED = "booked_for"
#: What was only known at the end: a later plan's category, an outcome that came after.
_KNOWN_ONCE = {
    "assessments": ("authorised", ("needs_support",)),
    "conferences": ("held", ("plan",)),
    "care_periods": ("ended", ("end_reason",)),
    "cin_periods": ("ended", ("reason",)),
}
#: Which table's rows each belongs to, by the column that names them.
_BELONGS = {
    "conferences": ("enquiries", "enquiry_id"),
    "cp_visits": ("cp_plans", "plan_id"),
    "cp_reviews": ("cp_plans", "plan_id"),
}


def as_it_was(council: Council, *, as_at: date) -> Council:
    """The council on an earlier day: later rows are gone, later ends are open, later answers blank.

    A row's team and worker stay those of the later council, and nobody is told of planted faults:
    ``truth`` is empty, and the workbook is the clean one. Raises ValueError for a day after the council's
    own.

    >>> from upturn.synthetic import make_council
    >>> council = make_council(seed=3, faults=[])
    >>> before = as_it_was(council, as_at=date(2026, 6, 30))
    >>> before.referrals.height < council.referrals.height, before.referrals["referred"].max() <= before.as_at
    (True, True)
    """
    if as_at > council.as_at:
        raise ValueError(f"{as_at} is after the council's own date, {council.as_at}")
    tables = {n: t for n, t in vars(council).items() if isinstance(t, pl.DataFrame)}
    then: dict[str, Any] = {
        n: t if n in _LASTING else _then(n, t, as_at) for n, t in tables.items()
    }
    for name, (owner, key) in _BELONGS.items():
        then[name] = then[name].join(
            then[owner].select(key), on=key, how="semi", maintain_order="left"
        )
    truth = then.pop("truth").clear()
    sheets = clean_sheets(annex_a_lists(then, as_at=as_at))
    return replace(council, as_at=as_at, **then, truth=truth, sheets=sheets, official=sheets)


def _then(name: str, table: pl.DataFrame, as_at: date) -> pl.DataFrame:
    """The rows that had begun by then, with what came later blank."""
    days = [c for c, dtype in table.schema.items() if dtype == pl.Date]
    if not days:
        return table
    later = {c: pl.col(c) > pl.lit(as_at) for c in days}
    if name == "conferences":
        return _conferences(table, later)
    begun = ~later[days[0]].fill_null(False)
    known, answers = _KNOWN_ONCE.get(name, ("", ()))
    blanks = [pl.when(~later[known].fill_null(False)).then(pl.col(c)).alias(c) for c in answers]
    return table.filter(begun).with_columns(
        *blanks, *(pl.when(~later[c].fill_null(False)).then(pl.col(c)).alias(c) for c in days)
    )


def _conferences(table: pl.DataFrame, later: dict[str, pl.Expr]) -> pl.DataFrame:
    """A conference held later was not booked yet, as far as the extract says."""
    held = ~later["held"].fill_null(False)
    return table.with_columns(
        pl.when(held).then("held").alias("held"), pl.when(held).then("plan").alias("plan")
    ).filter(pl.col("held").is_not_null() | pl.col(_BOOKED).is_not_null())
