"""Which row belongs to which: by number where the extract has one that leads somewhere, else by date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import polars as pl

from upturn.records.lists.rows import Rows, set_aside
from upturn.records.ssd.layout import Link, SsdTable
from upturn.records.ssd.tables import Table, with_values

#: What the rows of a table begin and end with, for tables that rows of others are placed in by date.
_SPAN = {
    "ssd_s47_enquiry": ("s47e_s47_start_date", None),
    "ssd_cin_plans": ("cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
    "ssd_cp_plans": ("cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
}
_OWNERS = {
    "own_id": pl.String(),
    "id": pl.String(),
    "child": pl.String(),
    "start": pl.Date(),
    "end": pl.Date(),
}


def with_ids(rows: Rows) -> Rows:
    """The rows with identifiers that are theirs alone: the extract's own where they can be.

    A number that several children share (one meeting, one workflow step) has the child put to it.
    """
    layout = rows.source.layout
    assert isinstance(layout, SsdTable)
    if layout.own_id not in rows.values.columns:
        return rows
    frame = pl.DataFrame(
        {
            "own": rows.values[layout.own_id],
            "child": rows.filled_by("child"),
            "made": rows.links["id"],
        }
    )
    shared = pl.col("own").is_duplicated()
    own = pl.when(shared).then(pl.format("{}/{}", "own", "child")).otherwise("own")
    ids = frame.select(id=pl.coalesce(own, "made"))
    return replace(rows, links=rows.links.with_columns(ids.to_series()))


def owners(tables: Mapping[str, Table], periods: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """For each table that others belong to: own_id, the extract's id, child, first and last day.

    ``periods`` are the periods of care, with the same columns.
    """
    named = {link.table for t in tables.values() for link in t.layout.links}
    found = {name: _owners(tables[name].rows, name) for name in named if name in tables}
    return {**found, "care": periods}


def _owners(rows: Rows, name: str) -> pl.DataFrame:
    layout = rows.source.layout
    assert isinstance(layout, SsdTable)
    start, end = _SPAN.get(name, (None, None))
    return pl.DataFrame(
        {
            "own_id": rows.links["id"],
            "id": _column(rows, layout.own_id, pl.String()),
            "child": rows.filled_by("child"),
            "start": _column(rows, start, pl.Date()),
            "end": _column(rows, end, pl.Date()),
        },
        schema=_OWNERS,
    )


def _column(rows: Rows, header: str | None, dtype: pl.DataType) -> pl.Series:
    if header in rows.values.columns:
        return rows.values[header or ""].cast(dtype)
    return pl.Series([None] * rows.at.len(), dtype=dtype)


def linked(table: Table, owned: Mapping[str, pl.DataFrame]) -> Table:
    """The table with its links as identifiers of our own, and notes on those that lead nowhere."""
    for link in table.layout.links:
        table = table.with_rows(_linked(table.rows, link, owned.get(link.table)))
    return table


def _linked(rows: Rows, link: Link, owner: pl.DataFrame | None) -> Rows:
    if owner is None or not rows.at.len():
        return rows
    named = _column(rows, link.column, pl.String())
    day = _column(rows, link.placed_by, pl.Date())
    frame = pl.DataFrame({"child": rows.filled_by("child"), "id": named, "day": day})
    by_number = frame.join(
        owner.select("child", "id", "own_id").drop_nulls().unique(["child", "id"], keep="first"),
        on=["child", "id"],
        how="left",
        maintain_order="left",
    )["own_id"]
    by_date = _by_date(frame, owner, link)
    if not link.quiet:
        rows = _noted(rows, link, frame, by_number, by_date)
    return with_values(rows, link.column, pl.select(pl.coalesce(by_number, by_date)).to_series())


def _by_date(frame: pl.DataFrame, owner: pl.DataFrame, link: Link) -> pl.Series:
    """The child's row that the day falls in; of several the one that began last."""
    if link.placed_by is None:
        return pl.Series("own_id", [None] * frame.height, dtype=pl.String)
    began = owner.select("child", "start", "end", "own_id").drop_nulls("start").sort("start")
    days = frame.select("child", "day").with_row_index("_i").drop_nulls().sort("day")
    found = days.join_asof(
        began,
        left_on="day",
        right_on="start",
        by="child",
        tolerance=None if link.within is None else timedelta(days=link.within),
        check_sortedness=False,
    ).filter(pl.col("end").is_null() | (pl.col("day") <= pl.col("end")))
    every = frame.select("child").with_row_index("_i")
    found = found.select("_i", "own_id")
    return every.join(found, on="_i", how="left", maintain_order="left")["own_id"]


def _noted(
    rows: Rows, link: Link, frame: pl.DataFrame, by_number: pl.Series, by_date: pl.Series
) -> Rows:
    """Notes on numbers that lead nowhere, and on rows without one that no date places."""
    if link.column not in rows.source.columns:
        return rows
    fine = _column(rows, "icpc_icpc_transfer_in", pl.Boolean()).fill_null(False)
    lost = frame["id"].is_not_null() & by_number.is_null() & ~fine
    alone = frame["id"].is_null() & frame["day"].is_not_null() & by_date.is_null() & ~fine
    problem = pl.select(
        pl.when(lost).then(pl.lit("orphan")).when(alone).then(pl.lit("not-linked"))
    ).to_series()
    named = "ssd_cla_episodes" if link.table == "care" else link.table
    other = pl.Series([named] * rows.at.len(), dtype=pl.String)
    return set_aside(rows, link.column, problem, other=other)
