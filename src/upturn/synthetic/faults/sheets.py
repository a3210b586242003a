"""The messy workbook: the lists as a council of its own ways would send them, with the faults in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from upturn.records.annex_a.layout import annex_a
from upturn.synthetic.annex_a.lists import Tables
from upturn.synthetic.annex_a.sheets import WrittenSheet
from upturn.synthetic.draw import Streams
from upturn.synthetic.faults import data, layout
from upturn.synthetic.faults.draft import begin
from upturn.synthetic.faults.planter import Planter


def messy_sheets(
    p: Planter, tables: Tables, lists: Mapping[int, pl.DataFrame], *, streams: Streams, as_at: date
) -> tuple[WrittenSheet, ...]:
    """The sheets of a messy workbook. The planter then holds the truth about its data too."""
    protected = frozenset(p.truth()["child_id"].drop_nulls().to_list())
    drafts = {
        lst.number: begin(
            lst, lists[lst.number], name=lst.label, protected=protected, streams=streams
        )
        for lst in annex_a()
    }
    data.plant(p, drafts)
    layout.plant(p, drafts)
    sheets = [draft.finished(p) for draft in drafts.values()]
    old = layout.hidden_sheet(p, tables, as_at=as_at)
    return (*sheets, old) if old else tuple(sheets)


def placed(truth: pl.DataFrame, sheets: tuple[WrittenSheet, ...]) -> pl.DataFrame:
    """The truth with sheet and row for practice too, where a child has one row in the list."""
    found = [
        sheet.rows.select(
            source_list=pl.lit(f"List {sheet.number}"),
            child_id=pl.col(sheet.headers[0]).cast(pl.String),
            there=pl.lit(sheet.name),
            at=pl.col("at").cast(pl.UInt32),
        ).filter(pl.len().over("child_id") == 1)
        for sheet in sheets
        if not sheet.hidden
    ]
    joined = truth.join(
        pl.concat(found), on=["source_list", "child_id"], how="left", maintain_order="left"
    )
    practice = pl.col("kind") == "practice"
    return joined.with_columns(
        sheet=pl.when(practice).then("there").otherwise("sheet"),
        source_row=pl.when(practice).then("at").otherwise("source_row"),
    ).select(truth.columns)
