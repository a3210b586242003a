"""Codes against the form of the year: those of other years, and those no form has."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from upturn.records.cin_census.layout import Census, Codes
from upturn.records.lists.rows import Rows, set_aside


def check_codes(rows: Rows, census: Census, *, form: int) -> Rows:
    """Note the codes that the form of this year does not have; leave unknown ones out of lists of codes."""
    for column in rows.columns("code", "yesno", "text"):
        codes = census.codes.get(column.header)
        if codes is None:
            continue
        if column.many and column.type == "text":
            rows = _known_only(rows, column.header, codes)
        rows = _of_this_form(rows, column.header, codes, form=form)
    return rows


def _known_only(rows: Rows, header: str, codes: Codes) -> Rows:
    """Several codes in a cell: the known ones kept in their order, the others noted."""
    known, cells = codes.known(), rows.raw[header]
    table: dict[str | None, tuple[str | None, str | None]] = {None: (None, None)}
    for cell in cells.unique().drop_nulls().to_list():
        parts = [part.strip().upper() for part in cell.split(",")]
        odd = [f"“{part}”" for part in parts if part not in known]
        table[cell] = (",".join(p for p in parts if p in known) or None, " and ".join(odd) or None)
    kept = pl.Series(header, [table[c][0] for c in cells.to_list()], dtype=pl.String())
    odd_ones = pl.Series([table[c][1] for c in cells.to_list()], dtype=pl.String())
    rows = replace(rows, values=rows.values.with_columns(kept))
    problem = pl.select(pl.when(odd_ones.is_not_null()).then(pl.lit("code-left-out"))).to_series()
    return set_aside(rows, header, problem, other=odd_ones)


def _of_this_form(rows: Rows, header: str, codes: Codes, *, form: int) -> Rows:
    new = codes.too_new(form)
    if not new:
        return rows
    parts = rows.raw[header].str.to_uppercase().str.split(",")
    found = (
        pl.DataFrame({"codes": parts})
        .select(
            pl.col("codes")
            .list.set_intersection(pl.lit(list(new), dtype=pl.List(pl.String)))
            .list.first()
        )
        .to_series()
    )
    since = found.replace_strict(new, default=None, return_dtype=pl.Int64)
    other = pl.select(pl.format("{} is in the forms from {} on", found, since)).to_series()
    problem = pl.select(pl.when(since.is_not_null()).then(pl.lit("code-not-in-form"))).to_series()
    return set_aside(rows, header, problem, other=other)
