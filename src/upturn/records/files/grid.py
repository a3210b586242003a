"""Cells by row and column, and the frame they make: trimming, patching, merged ranges.

Rows and columns count from 0 here; only `first_row` of a `Sheet` counts from 1, as a spreadsheet shows it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from upturn.records.sheets import ERROR_VALUES, Sheet, SourceError

Place = tuple[int, int]  # row, column
Range = tuple[int, int, int, int]  # first row, first column, last row, last column, both ends in

#: A frame over this many cells, empty ones included, would take gigabytes. A county's largest list
#: is under a million; a stray cell at the bottom of a sheet of 23 columns still fits.
MOST_CELLS = 25_000_000


@dataclass
class Cells:
    """Cells as they are met, before the size of the sheet is known."""

    where: str
    columns: dict[int, tuple[list[int], list[str]]] = field(default_factory=dict)
    last_row: int = -1

    def put(self, row: int, column: int, text: str) -> None:
        rows, texts = self.columns.setdefault(column, ([], []))
        rows.append(row)
        texts.append(text)
        self.last_row = max(self.last_row, row)

    def frame(self) -> pl.DataFrame:
        """All rows from row 0 and all columns from column 0, one String column each."""
        width = max(self.columns, default=-1) + 1
        refuse_if_vast(self.last_row + 1, width, where=self.where)
        series = [self._series(column) for column in range(width)]
        return pl.DataFrame(series)

    def _series(self, column: int) -> pl.Series:
        full: list[str | None] = [None] * (self.last_row + 1)
        for row, text in zip(*self.columns.get(column, ((), ())), strict=True):
            full[row] = text
        return pl.Series(letters(column), full, dtype=pl.String)


@dataclass(frozen=True)
class Grid:
    """A frame of text with the column of the sheet that its first column is; row 0 is row 1.

    ``where`` names file and sheet for error messages.
    """

    where: str
    frame: pl.DataFrame
    first_column: int = 0


def letters(column: int) -> str:
    """The letters a spreadsheet shows over a column.

    >>> letters(0), letters(25), letters(26), letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_number(text: str) -> int:
    """The column, from 0, that letters stand for.

    >>> column_number("A"), column_number("xfd")
    (0, 16383)
    """
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def is_vast(rows: int, columns: int) -> bool:
    """Would a sheet of this size take gigabytes?"""
    return rows * columns > MOST_CELLS


def refuse_if_vast(rows: int, columns: int, *, where: str) -> None:
    """Raise `SourceError` if a sheet of this size would not fit in memory."""
    if is_vast(rows, columns):
        raise SourceError(
            f"{where} reaches row {rows:,} and column {letters(columns - 1)}, too far to be a list; "
            "delete the unused rows and columns and save it again"
        )


def patch(grid: Grid, cells: Mapping[Place, str]) -> Grid:
    """Put texts into cells, growing the frame where they lie outside it."""
    if not cells:
        return grid
    grid = _grow(grid, cells)
    by_column: dict[int, tuple[list[int], list[str]]] = defaultdict(lambda: ([], []))
    for (row, column), text in cells.items():
        rows, texts = by_column[column - grid.first_column]
        rows.append(row)
        texts.append(text)
    return Grid(grid.where, _scatter(grid.frame, by_column), grid.first_column)


def _grow(grid: Grid, cells: Iterable[Place]) -> Grid:
    places = list(cells)
    frame, first = grid.frame, grid.first_column
    height = max(frame.height, max(row for row, _ in places) + 1)
    left = min(column for _, column in places)
    left = min(first, left) if frame.width else left
    right = max(first + frame.width - 1, max(column for _, column in places))
    refuse_if_vast(height, right - left + 1, where=grid.where)
    here = {first + i: series for i, series in enumerate(frame.get_columns())}
    none = pl.Series([], dtype=pl.String)
    series = [here.get(i, none).clone() for i in range(left, right + 1)]
    series = [s.extend_constant(None, height - len(s)) for s in series]
    return Grid(grid.where, _named(series, left), left)


def _scatter(
    frame: pl.DataFrame, by_column: Mapping[int, tuple[list[int], list[str]]]
) -> pl.DataFrame:
    series = frame.get_columns()
    for column, (rows, texts) in by_column.items():
        series[column] = series[column].clone().scatter(rows, pl.Series(texts, dtype=pl.String))
    return pl.DataFrame(series)


def _named(series: Iterable[pl.Series], first_column: int) -> pl.DataFrame:
    return pl.DataFrame([s.alias(letters(first_column + i)) for i, s in enumerate(series)])


def fill_down(grid: Grid, ranges: Iterable[Range]) -> tuple[Grid, int]:
    """Repeat the value of a range merged over rows on each of its rows.

    A merged cell says the same of every row it spans. Rows with nothing else on them stay empty, cells
    that hold something of their own keep it, and a range merged over columns alone (a title) is left.
    Returns the grid and the number of ranges filled.
    """
    tall = [r for r in ranges if r[2] > r[0]]
    if not tall or not grid.frame.width:
        return grid, 0
    busy = _busy_rows(grid.frame)
    filled, cells = 0, {}
    for first, column, last, _ in tall:
        values = _column(grid, column)
        if values is None or first >= len(values) or values[first] is None:
            continue
        rows = np.flatnonzero(busy[first + 1 : last + 1]) + first + 1
        empty = {(int(row), column): values[first] for row in rows if values[int(row)] is None}
        cells.update(empty)
        filled += bool(empty)
    return patch(grid, cells), filled


def _busy_rows(frame: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series().to_numpy()


def _column(grid: Grid, column: int) -> pl.Series | None:
    index = column - grid.first_column
    return grid.frame.to_series(index) if 0 <= index < grid.frame.width else None


def sheet_from(
    grid: Grid,
    *,
    file: str,
    name: str,
    hidden: bool = False,
    date_1904: bool = False,
    notes: Iterable[str] = (),
) -> Sheet | None:
    """The `Sheet` of a grid: empty text is null, empty rows and columns round the edge are cut off.

    None when nothing is left. The columns of ``cells`` carry the letters of the sheet's columns.
    """
    frame = _plain(grid.frame)
    frame, first_row, first_column = _trimmed(frame, grid.first_column)
    if not frame.width:
        return None
    frame = _named(frame.get_columns(), first_column)
    return Sheet(file, name, frame, first_row, hidden, date_1904, tuple(notes))


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Empty text as null; date-times without their fractions of a second."""
    if not frame.width:
        return frame
    length = pl.all().str.len_bytes()
    blank = frame.select((length == 0).any())
    split = frame.select(pl.all().filter(length.is_in(_SPLIT_SECONDS)).str.contains(_SPLIT).any())
    return frame.with_columns(
        *(pl.col(name).replace("", None) for name in frame.columns if blank[name][0]),
    ).with_columns(
        *(pl.col(name).str.replace(_SPLIT, "$1") for name in frame.columns if split[name][0]),
    )


_SPLIT = r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.\d+$"
_SPLIT_SECONDS = [23, 26, 29]  # the lengths of "2026-08-04 13:45:30.500" and finer


def _trimmed(frame: pl.DataFrame, first_column: int) -> tuple[pl.DataFrame, int, int]:
    used = [i for i, s in enumerate(frame.get_columns()) if s.null_count() < frame.height]
    if not used:
        return pl.DataFrame(), 1, 0
    frame = frame[:, used[0] : used[-1] + 1]
    rows = np.flatnonzero(_busy_rows(frame))
    first, last = int(rows[0]), int(rows[-1])
    return frame[first : last + 1], first + 1, first_column + used[0]


def known_error(text: str) -> str:
    """The error text the rest of Upturn knows; an error of another program's reads ``#VALUE!``.

    >>> known_error("#N/A"), known_error("Err:508")
    ('#N/A', '#VALUE!')
    """
    return text if text in ERROR_VALUES else "#VALUE!"


def error_notes(texts: Iterable[str]) -> tuple[str, ...]:
    """What to say of error texts that were read as ``#VALUE!``."""
    strange = sorted({text for text in texts if text not in ERROR_VALUES})
    return tuple(f"the error {text or '(no text)'} is read as #VALUE!" for text in strange)
