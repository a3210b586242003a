"""A published file as text: its columns in small letters, from the row that heads them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import polars as pl

from upturn.records.sheets import SourceError

#: What heads the column of a statistical neighbour: SN1, sn_1 and on.
NEIGHBOUR = re.compile(r"sn[_ ]?(\d{1,2})")
_Read = TypeVar("_Read")


class NothingKnown(SourceError):
    """A file that can be read and holds nothing that is looked for. ``where`` is the file's name."""

    def __init__(self, where: str, wanted: str) -> None:
        super().__init__(f"{where}: nothing known here; leave it out, or give {wanted}")
        self.where, self.wanted = where, wanted


def read_each(files: Iterable[Path], read: Callable[[Path], _Read]) -> list[_Read]:
    """What each file holds. Raises NothingKnown once, naming every file that holds nothing known."""
    parts: list[_Read] = []
    unknown: list[NothingKnown] = []
    for path in files:
        try:
            parts.append(read(path))
        except NothingKnown as error:
            unknown.append(error)
    if unknown:
        raise NothingKnown(", ".join(one.where for one in unknown), unknown[0].wanted)
    if not parts:
        raise SourceError("no file was given to import")
    return parts


def read_file(path: Path) -> pl.DataFrame:
    """The file as text, its column names in small letters without stray spaces."""
    book = path.suffix.lower() in (".xlsx", ".xls", ".xlsm")
    frame = _workbook(path) if book else read_csv(path)
    names, seen = [], set()
    for number, name in enumerate(frame.columns):
        plain = name.strip().lstrip("\ufeff").lower()
        names.append(plain if plain and plain not in seen else f"{plain}_again_{number}")
        seen.add(plain)
    frame.columns = names
    return frame


def read_csv(path: Path) -> pl.DataFrame:
    if path.is_dir():  # Polars would read all that is in it
        raise SourceError(f"{path.name}: is a folder; give the file")
    try:
        return pl.read_csv(path, infer_schema=False, encoding="utf8-lossy")
    except FileNotFoundError:
        raise SourceError(f"{path}: there is no such file") from None
    except pl.exceptions.NoDataError:
        raise SourceError(f"{path.name}: is empty; fetch it again") from None
    except (OSError, pl.exceptions.PolarsError):
        raise SourceError(f"{path.name}: is not a CSV file; fetch it again") from None


def _workbook(path: Path) -> pl.DataFrame:
    """The first sheet from the row that heads its columns (a row with SN1, or with time_period)."""
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        raw = book.load_sheet(0, header_row=None, dtypes="string").to_polars()
    except FileNotFoundError:
        raise SourceError(f"{path}: there is no such file") from None
    except (OSError, fastexcel.FastExcelError):
        raise SourceError(f"{path.name}: is not a workbook; fetch it again") from None
    for number, row in enumerate(raw.head(30).iter_rows()):
        cells = [str(cell or "").strip() for cell in row]
        if any(NEIGHBOUR.fullmatch(c.lower()) or c.lower() == "time_period" for c in cells):
            body = raw.slice(number + 1)
            body.columns = [cell or f"blank_{n}" for n, cell in enumerate(_distinct(cells))]
            return body
    raise SourceError(f"{path.name}: its first sheet has no heading that is known")


def _distinct(cells: list[str]) -> list[str]:
    seen: set[str] = set()
    out = []
    for number, cell in enumerate(cells):
        out.append(cell if cell and cell not in seen else f"{cell}_again_{number}")
        seen.add(cell)
    return out


def with_lines(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with ``row``: the line of its file that each row stands on, the heading being line 1."""
    return frame.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64) + 2)
