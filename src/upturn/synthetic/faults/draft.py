"""One list while faults of data are planted in it: its rows, its cells, its headers, and where to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from upturn.records.annex_a.layout import ListLayout
from upturn.synthetic.annex_a.sheets import Cell, WrittenSheet, as_numbers, keys
from upturn.synthetic.annex_a.spelling import spelled
from upturn.synthetic.days import Days
from upturn.synthetic.draw import Rng, Streams
from upturn.synthetic.faults.planter import Planter

Row = dict[str, Any]


@dataclass
class Draft:
    """A list on its way to its sheet. ``rows`` has a column ``id`` that numbers rows for good.

    ``headers`` maps the name of a column in ``rows`` to its header as written, in the sheet's order.
    ``told`` gathers what was planted; row numbers are known only when the sheet is finished.
    """

    layout: ListLayout
    rows: pl.DataFrame
    name: str
    headers: dict[str, str]
    protected: frozenset[str]
    header_row: int = 1
    title: str | None = None
    cells: dict[tuple[int, str], Cell] = field(default_factory=dict)
    blank_before: set[int] = field(default_factory=set)
    total: bool = False
    merge: tuple[str, int] | None = None
    used: set[int] = field(default_factory=set)
    told: list[Row] = field(default_factory=list)

    def pick(self, rng: Rng, can: pl.Expr, *, least: int, share: float = 0.0015) -> list[Row]:
        """Some rows that may take a fault: of children with no other, at least ``least`` if there are."""
        free = self.rows.filter(
            can
            & ~pl.col("id").is_in(list(self.used))
            & ~pl.col("child").is_in(list(self.protected))
        )
        n = min(free.height, max(least, round(share * self.rows.height)))
        where: Days = np.sort(rng.permutation(free.height)[:n])
        rows: list[Row] = free[where].to_dicts()
        self.used |= {row["id"] for row in rows}
        return rows

    def put(self, row: Row, column: str, value: Cell) -> None:
        """Put ``value`` into a cell instead of what stands there."""
        self.cells[row["id"], column] = value

    def tell(
        self,
        fault: str,
        row: Row | None,
        column: str | None,
        expected: str | None,
        detail: str,
    ) -> None:
        """Say what was planted: in a row, in a column, or in the sheet as a whole."""
        self.told.append(
            {"fault": fault, "row": row, "column": column, "expected": expected, "detail": detail}
        )

    def add_after(self, copies: dict[int, Row]) -> dict[int, int]:
        """Put a changed copy of a row after it. By the row's id: what changes; back come the copies' ids."""
        if not copies:
            return {}
        top = int(self.rows["id"].max() or 0) + 1  # type: ignore[arg-type]
        ids = {old: top + n for n, old in enumerate(copies)}
        found = {
            int(r["id"]): r for r in self.rows.filter(pl.col("id").is_in(list(copies))).to_dicts()
        }
        new = [
            found[old] | changes | {"id": ids[old], "place": found[old]["place"] + 0.5}
            for old, changes in copies.items()
        ]
        extra = pl.DataFrame(new, schema=self.rows.schema)
        self.rows = pl.concat([self.rows, extra]).sort("place", maintain_order=True)
        self.used |= set(ids.values())
        return ids

    def finished(self, p: Planter) -> WrittenSheet:
        """The sheet, with every row in its place; the planter learns where each fault came to stand."""
        first = self.header_row + 1
        gap = pl.col("id").is_in(list(self.blank_before)).cum_sum().cast(pl.Int64)
        rows = self.rows.with_columns(at=pl.int_range(first, first + pl.len()) + gap)
        at = dict(zip(rows["id"].to_list(), rows["at"].to_list(), strict=True))
        place = {name: n for n, name in enumerate(self.headers)}
        cells = {(at[i], place[c]): value for (i, c), value in self.cells.items() if c in place}
        last = max(at.values(), default=self.header_row) + 1
        if self.total:
            cells |= {(last, 0): "Total", (last, 1): self.rows.height}
        p.add([self._truth(told, at, last) for told in self.told])
        body = as_numbers(self.layout, rows).select(
            "at", *(pl.col(name).alias(header) for name, header in self.headers.items())
        )
        return WrittenSheet(
            self.name,
            self.layout.number,
            tuple(self.headers.values()),
            body,
            self.header_row,
            self.title,
            cells=cells,
            merged=self._merged(first, place),
        )

    def _truth(self, told: Row, at: dict[int, int], last: int) -> Row:
        row: Row | None = told["row"]
        column = self.headers.get(str(told["column"])) if told["column"] else None
        number = at[row["id"]] if row else (last if told["fault"] == "totals-row" else None)
        return {
            "fault": told["fault"],
            "expected": told["expected"],
            "detail": told["detail"],
            "child_id": row["child"] if row else None,
            "source_list": self.layout.label,
            "sheet": self.name,
            "source_row": number,
            "column": column,
        }

    def _merged(self, first: int, place: dict[str, int]) -> tuple[tuple[int, int, int], ...]:
        if self.merge is None:
            return ()
        column, n = self.merge
        return ((first, first + n - 1, place[column]),)


def begin(
    layout: ListLayout,
    rows: pl.DataFrame,
    *,
    name: str,
    protected: frozenset[str],
    streams: Streams | None,
) -> Draft:
    """A list spelled out, with its rows numbered, before any fault. ``protected`` children get none."""
    rows = spelled(rows, layout, streams=streams).with_row_index("id")
    rows = rows.with_columns(pl.col("id").cast(pl.Int64), place=pl.col("id").cast(pl.Float64))
    headers = {column: header for header, column in keys(layout, rows)}
    return Draft(layout, rows, name, headers, protected)
