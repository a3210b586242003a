"""Lists of Annex A made of a few plain rows, for tests that say what rows give what answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from upturn.journeys.check import check_casebook
from upturn.journeys.result import Check
from upturn.records.annex_a.layout import annex_a
from upturn.records.annex_a.reader import read_sheets
from upturn.records.casebook import Casebook
from upturn.records.sheets import Sheet
from upturn.records.sources import Opened
from upturn.rulebooks import load_rulebooks

Row = Mapping[str, Any]


def cell(value: Any) -> str | None:
    """A value as a sheet's cell holds it."""
    if isinstance(value, date):
        return f"{value.isoformat()} 00:00:00"
    return None if value is None else str(value)


def sheet(
    number: int,
    rows: Sequence[Row],
    *,
    name: str | None = None,
    hidden: bool = False,
    leave_out: Sequence[str] = (),
) -> Sheet:
    """A sheet of list ``number`` with its official headers; a row gives the columns it fills."""
    layout = annex_a()[number - 1]
    headers = [c.header for c in layout.columns if c.header not in leave_out]
    for row in rows:
        unknown = set(row) - set(headers)
        assert not unknown, f"list {number} has no column {unknown}"
    lines = [headers, *([cell(row.get(h)) for h in headers] for row in rows)]
    columns = {f"c{i}": [line[i] for line in lines] for i in range(len(headers))}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String()))
    return Sheet("made-up.xlsx", name or f"List {number}", frame, hidden=hidden)


def opened(*sheets: Sheet) -> Opened:
    """The sheets as if a workbook had been opened."""
    return Opened(name="made-up.xlsx", sha256="0" * 64, sheets=tuple(sheets), notes=())


def every_list(lists: Mapping[int, Sequence[Row]]) -> Opened:
    """A workbook with all eleven lists, empty but for the rows given."""
    return opened(*(sheet(n, lists.get(n, ())) for n in range(1, 12)))


def casebook(lists: Mapping[int, Sequence[Row]], *, as_at: date | None = None) -> Casebook:
    """The casebook of a workbook with these rows in these lists."""
    return read_sheets(every_list(lists), as_at=as_at)


def check(lists: Mapping[int, Sequence[Row]], *, as_at: date, due_within: int = 10) -> Check:
    """Every clock of a workbook with these rows in these lists."""
    return check_casebook(casebook(lists, as_at=as_at), load_rulebooks(), due_within=due_within)
