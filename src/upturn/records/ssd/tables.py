"""A table of the extract as rows: which column is which, and whose row it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from upturn.records.lists.compare import where
from upturn.records.lists.convert import trimmed
from upturn.records.lists.layout import Source, comparable
from upturn.records.lists.rows import Rows, drop, set_aside, understand
from upturn.records.mapping import ValueMapping
from upturn.records.sheets import Sheet
from upturn.records.ssd.columns import Notes, read_columns
from upturn.records.ssd.layout import SsdColumn, SsdTable, ssd


@dataclass(frozen=True)
class Table:
    """The rows of one table with its layout.

    ``found`` has the cells as they came, by row number, where those understood were cleaned first.
    """

    layout: SsdTable
    rows: Rows
    found: pl.DataFrame
    notes: tuple[str, ...] = ()

    def with_rows(self, rows: Rows) -> Table:
        """The same table with other rows."""
        return replace(self, rows=rows)


def has_rows(table: Table) -> bool:
    """Whether the table has columns that could be understood."""
    return bool(table.rows.values.width)


def open_table(sheet: Sheet, layout: SsdTable) -> Table:
    """The sheet's rows under the layout's columns, cells still as text."""
    headers = tuple("" if h is None else str(h).strip() for h in sheet.cells.row(0))
    columns = _columns(layout, headers)
    source = Source(sheet, layout, columns, headers)
    body = sheet.cells.slice(1)
    at = pl.int_range(
        sheet.first_row + 1, sheet.first_row + 1 + body.height, dtype=pl.UInt32, eager=True
    )
    filled = body.select(pl.any_horizontal(pl.all().str.strip_chars() != "").fill_null(False))
    some = filled.to_series() if body.width else pl.Series([], dtype=pl.Boolean)
    raw = pl.DataFrame({h: _clean(body.to_series(i), layout, h) for h, i in columns.items()})
    raw, at = raw.filter(some) if raw.width else raw, at.filter(some)
    ids = pl.select(id=pl.format("{}.{}", pl.lit(layout.prefix), at))
    rows = Rows(source, raw, pl.DataFrame(), pl.DataFrame(), at, ids, at.len())
    return Table(layout, rows, raw, _remarks(layout, headers, columns))


def _columns(layout: SsdTable, headers: tuple[str, ...]) -> dict[str, int]:
    spelled = {i: comparable(h) for i, h in enumerate(headers) if h}
    columns: dict[str, int] = {}
    for exact in (True, False):  # a column's own name goes before other names of it
        for column in layout.ssd_columns:
            names = column.spellings[:1] if exact else column.spellings
            at = next((i for i, h in spelled.items() if h in names), None)
            if column.header not in columns and at is not None and not column.ours:
                columns[column.header] = at
                del spelled[at]
    return columns


def _remarks(
    layout: SsdTable, headers: tuple[str, ...], columns: Mapping[str, int]
) -> tuple[str, ...]:
    """Columns read under another name than their own."""
    return tuple(
        f"{layout.label}: column “{headers[i]}” was taken for “{name}”."
        for name, i in columns.items()
        if comparable(headers[i]) != comparable(name)
    )


def _clean(cells: pl.Series, layout: SsdTable, header: str) -> pl.Series:
    """Identifiers without the ``.0`` of a column read as numbers. Of a surname no more than its mark."""
    if header == "pers_surname":
        marked = cells.str.contains(ssd().duplicate).fill_null(False)
        return pl.select(pl.when(marked).then(pl.lit("DUPLICATE"))).to_series()
    if layout.column(header).type == "id":
        return trimmed(cells).str.replace(r"^(-?\d+)\.0+$", "${1}")
    return cells


def with_children(table: Table, others: Mapping[str, Table]) -> Table:
    """The table with the child of each row, found through another table where it does not name one."""
    parent = table.layout.parent
    if parent is None or parent[0] not in table.rows.raw.columns or parent[1] not in others:
        return table
    child, rows = table.layout.child.header, table.rows
    through = _children_of(others[parent[1]], parent[2])
    looked_up = rows.raw.select(id=parent[0]).join(
        through, on="id", how="left", maintain_order="left"
    )["child"]
    own = rows.raw[child] if child in rows.raw.columns else None
    found = looked_up if own is None else pl.select(pl.coalesce(own, looked_up)).to_series()
    raw = rows.raw.with_columns(found.alias(child))
    source = rows.source if own is not None else _with_column(rows.source, child)
    rows = replace(rows, raw=raw, source=source)
    return replace(table, rows=rows, found=raw)


def _children_of(parent: Table, column: str) -> pl.DataFrame:
    """Which child each identifier of the table is of; an identifier of several children is of none."""
    key, child = column or parent.layout.own_id or "", parent.layout.child.header
    raw = parent.rows.raw
    if key not in raw.columns or child not in raw.columns:
        return pl.DataFrame(schema={"id": pl.String, "child": pl.String})
    pairs = raw.select(id=key, child=child).drop_nulls().unique(maintain_order=True)
    return pairs.filter(pl.col("id").is_unique())


def _with_column(source: Source, header: str) -> Source:
    place = len(source.headers)
    return replace(
        source, columns={**source.columns, header: place}, headers=(*source.headers, header)
    )


def understood(table: Table, mappings: dict[str, ValueMapping], notes: Notes) -> Table:
    """Every cell understood, with what the extracts are known to get wrong said and set right."""
    table = _without_unusable(table)
    table = table.with_rows(_without_nobody(table))
    if not table.rows.source.columns or not table.rows.at.len():
        return table.with_rows(_nothing(table.rows))
    cleaned, placeholders = read_columns(table.rows, notes)
    rows = understand(cleaned, mappings)
    as_found = table.rows.raw.select(rows.raw.columns)
    rows = replace(rows, raw=as_found.filter(table.rows.at.is_in(rows.at.implode())))
    for header, at in placeholders.items():
        rows = set_aside(rows, header, where(rows.at.is_in(at.implode()), "placeholder"))
    return table.with_rows(_admin_ids(rows))


def _nothing(rows: Rows) -> Rows:
    """A table without rows, typed all the same."""
    columns = [c for c in rows.source.layout.columns if c.header in rows.source.columns]
    types = {"date": pl.Date, "yesno": pl.Boolean, "number": pl.Float64}
    values = pl.DataFrame(schema={c.header: types.get(c.type, pl.String) for c in columns})
    problems = pl.DataFrame(schema={c.header: pl.String for c in columns})
    return replace(rows, values=values, problems=problems)


def _without_unusable(table: Table) -> Table:
    """All rows in quarantine when a column is missing that no row can do without."""
    rows, layout = table.rows, table.layout
    needed = [layout.child.header, *(c.header for c in layout.columns if c.needed)]
    missing = [h for h in needed if h not in rows.source.columns]
    if not missing or not rows.at.len():
        return table
    if not rows.source.columns:
        rows = replace(rows, raw=pl.DataFrame({missing[0]: [None] * rows.at.len()}).cast(pl.String))
    rows = replace(rows, source=_with_column(rows.source, missing[0]))
    if missing[0] not in rows.raw.columns:
        rows = replace(rows, raw=rows.raw.with_columns(pl.lit(None, pl.String).alias(missing[0])))
    everything = pl.Series(["no-needed-column"] * rows.at.len(), dtype=pl.String)
    return table.with_rows(_dropped(rows, everything, missing[0]))


def _dropped(rows: Rows, problem: pl.Series, header: str, other: str = "") -> Rows:
    """The rows with a problem in quarantine, before anything is understood."""
    before = replace(rows, values=pl.DataFrame(), problems=pl.DataFrame())
    blank = pl.DataFrame({"": pl.Series([None] * rows.at.len(), dtype=pl.String)})
    child = rows.source.layout.child.header
    values = rows.raw.select(child) if child in rows.raw.columns else blank
    said = pl.Series([other] * rows.at.len(), dtype=pl.String)
    out = drop(replace(before, values=values, problems=blank), problem, header=header, other=said)
    return replace(out, values=pl.DataFrame(), problems=pl.DataFrame())


def _without_nobody(table: Table) -> Rows:
    """Rows of an administrator's identifier, and rows whose child cannot be found, in quarantine."""
    rows, layout = table.rows, table.layout
    child = layout.child.header
    if not layout.of_children or child not in rows.raw.columns or not rows.at.len():
        return rows
    nobody = rows.raw[child].str.contains(r"^-\d+$").fill_null(False)
    rows = _dropped(rows, where(nobody, "admin-child"), child)
    if layout.parent is None or layout.parent[0] not in rows.raw.columns:
        return rows
    lost = rows.raw[child].is_null() & rows.raw[layout.parent[0]].is_not_null()
    return _dropped(
        rows, where(lost, "no-child-through-parent"), layout.parent[0], layout.parent[1]
    )


def _admin_ids(rows: Rows) -> Rows:
    for column in rows.source.layout.columns:
        named = isinstance(column, SsdColumn) and column.is_id and column.to != "child"
        if named and column.header in rows.values.columns:
            nobody = rows.values[column.header].str.contains(ssd().nobody).fill_null(False)
            rows = set_aside(rows, column.header, where(nobody, "admin-id"))
    return rows


def once_each(rows: Rows) -> Rows:
    """One row for each identifier of a child; the others, which differ from it, in quarantine."""
    layout = rows.source.layout
    key = [h for h in layout.key if h in rows.values.columns]
    if len(key) < len(layout.key) or not rows.at.len():
        return rows
    frame = rows.values.select(key).with_columns(_at=rows.at)
    placed = pl.all_horizontal(pl.col(h).is_not_null() for h in key)
    first = frame.select(pl.col("_at").min().over(key)).to_series()
    again = frame.select(placed).to_series() & (first != rows.at)
    if not again.any():
        return rows
    other = pl.select(pl.format("row {}", first)).to_series()
    return drop(rows, where(again, "same-id-again"), header=key[-1], other=other)


def with_values(rows: Rows, header: str, values: pl.Series) -> Rows:
    """The rows with a column worked out here, as if it had been found."""
    problems = rows.problems
    if header not in problems.columns:
        problems = problems.with_columns(pl.Series(header, [None] * rows.at.len(), dtype=pl.String))
    return replace(rows, values=rows.values.with_columns(values.alias(header)), problems=problems)
