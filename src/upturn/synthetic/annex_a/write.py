"""The workbook itself, written whole or not at all."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from upturn.synthetic.annex_a.sheets import Cell, Formula, WrittenSheet

#: Where spreadsheets begin to count days.
SERIAL_ZERO = date(1899, 12, 30)
#: A workbook says when it was made; ours always says the same, so that the same council is the same file.
_MADE = datetime(2026, 1, 1)


def workbook_bytes(sheets: Sequence[WrittenSheet]) -> bytes:
    """The .xlsx file of these sheets. The same sheets give the same bytes."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": "Annex A (made up)", "created": _MADE})
        formats = {
            "date": book.add_format({"num_format": "dd/mm/yyyy"}),
            "head": book.add_format({"bold": True}),
            "cell": book.add_format({}),
        }
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            _write(page, sheet, formats)
            if sheet.hidden:
                page.hide()
    return buffer.getvalue()


def save(data: bytes, path: Path) -> None:
    """Write under a temporary name beside ``path`` and rename, so that no half file is ever there.

    Raises OSError when the folder cannot be written.
    """
    path = Path(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _write(page: Any, sheet: WrittenSheet, formats: dict[str, Any]) -> None:
    if sheet.title is not None:
        page.write_string(0, 0, sheet.title, formats["head"])
    for n, header in enumerate(sheet.headers):
        page.write_string(sheet.header_row - 1, n, header, formats["head"])
    page.freeze_panes(sheet.header_row, 0)
    covered = {(row, c) for first, last, c in sheet.merged for row in range(first, last + 1)}
    at = [n - 1 for n in sheet.rows["at"].to_list()]
    for n, header in enumerate(sheet.headers):
        _column(page, n, at, sheet.rows[header], sheet, covered, formats)
    for (row, n), value in sheet.cells.items():
        _cell(page, row - 1, n, value, formats)
    for first, last, n in sheet.merged:
        value = sheet.rows.filter(pl.col("at") == first)[sheet.headers[n]][0]
        page.merge_range(first - 1, n, last - 1, n, value, formats["cell"])


def _column(
    page: Any,
    n: int,
    at: list[int],
    values: pl.Series,
    sheet: WrittenSheet,
    covered: set[tuple[int, int]],
    formats: dict[str, Any],
) -> None:
    """One column of cells, but for those that hold something else."""
    skip = sheet.cells.keys() | covered
    if values.dtype == pl.Date:
        values = values.cast(pl.Int64) + (date(1970, 1, 1) - SERIAL_ZERO).days
        write, form = page.write_number, formats["date"]
    else:
        write, form = (page.write_string if values.dtype == pl.String else page.write_number), None
    for row, value in zip(at, values.to_list(), strict=True):
        if value is not None and (row + 1, n) not in skip:
            write(row, n, value, form)


def _cell(page: Any, row: int, n: int, value: Cell, formats: dict[str, Any]) -> None:
    if isinstance(value, Formula):
        page.write_formula(row, n, value.text, None, value.value)
    elif isinstance(value, date):
        page.write_number(row, n, (value - SERIAL_ZERO).days, formats["date"])
    elif isinstance(value, str):
        page.write_string(row, n, value)
    elif value is not None:
        page.write_number(row, n, value)
