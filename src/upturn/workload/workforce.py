"""The workforce file: posts, who held them from when to when, and when they were away.

A council's own file, CSV or a workbook, one row a spell. Headers and words are read tolerantly (the
spellings stand in ``workforce.yaml``); every row is accepted or goes to quarantine with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from upturn.records.lists.convert import to_dates, to_numbers, to_text, trimmed
from upturn.records.lists.layout import comparable
from upturn.records.mapping import apply_mapping, load_mappings, to_flag
from upturn.records.sheets import Sheet, SourceError
from upturn.records.sources import open_source
from upturn.workload.tables import WORKFORCE, typed
from upturn.workload.workforce_checks import checked, entries_of, layout

_LABEL = "Workforce"
#: The header is looked for in this many rows: titles and notes may stand above it.
_TITLES = 20


@dataclass(frozen=True)
class Workforce:
    """The spells of a workforce file.

    ``spells`` has the schema `upturn.workload.tables.WORKFORCE`; ``quarantine`` that of
    `upturn.records.quarantine`; ``rows_in == spells.height + quarantined``. ``notes`` say what was assumed.
    """

    source_name: str
    sha256: str
    spells: pl.DataFrame
    quarantine: pl.DataFrame
    rows_in: int
    notes: tuple[str, ...] = ()

    @property
    def quarantined(self) -> int:
        """How many rows were not accepted."""
        return self.quarantine.filter(pl.col("level") == "row").height

    @property
    def lost(self) -> str:
        """How many rows could not be used, as a clause; empty when all could."""
        rows = f"{self.quarantined:,} row{'s' if self.quarantined > 1 else ''}"
        return f"{rows} of the workforce file could not be used" if self.quarantined else ""


def read_workforce(path: Path) -> Workforce:
    """The workforce file at ``path``: CSV, .xlsx, .xls or .ods.

    Each row is one spell: ``post, worker`` (blank: vacant), ``team, role, hours`` (or ``fte``), ``start,
    end`` (the day from which it no longer held), ``agency, newly qualified, kind`` (in post, leave or
    sickness). Only worker and start are needed. Raises SourceError, in one line, for a file that cannot
    be read, has no such columns, or has no row that can be used.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "workforce.csv"
    ...     _ = file.write_text("Post,Worker name,From,To\\nP1,Ann Lee,01/04/2026,\\nP2,,x,\\n")
    ...     read = read_workforce(file)
    >>> read.spells.height, read.quarantined, read.rows_in
    (1, 1, 2)
    """
    opened = open_source(path)
    found = [(sheet, *_header(sheet)) for sheet in opened.sheets]
    fits = [(sheet, at, columns) for sheet, at, columns in found if _enough(columns)]
    if not fits:
        seen = ", ".join(h for h in opened.sheets[0].cells.row(0) if h)[:120]
        raise SourceError(
            f"{opened.name} has no columns for the worker and the start (its first row: {seen}); "
            "the columns are: post, worker, team, role, hours, start, end, agency, newly_qualified, kind"
        )
    sheet, at, columns = max(fits, key=lambda fit: len(fit[2]))
    raw, notes = _raw(sheet, at, columns)
    spells, problems = _understood(raw, sheet)
    spells, entries = checked(spells, problems, raw)
    if spells.is_empty():
        raise SourceError(_no_rows(opened.name, raw.height))
    return Workforce(
        source_name=opened.name,
        sha256=opened.sha256,
        spells=typed(spells, WORKFORCE),
        quarantine=entries_of(entries, sheet, _LABEL),
        rows_in=raw.height,
        notes=(*opened.notes, *sheet.notes, *notes, *_assumed(spells, columns)),
    )  # fmt: skip


def _no_rows(name: str, rows: int) -> str:
    if not rows:
        return f"{name} has no rows under its headings; give a row for each spell in a post"
    none = "its one row cannot" if rows == 1 else f"none of its {rows:,} rows can"
    return f"{name}: {none} be used; each needs a start, such as 2024-04-01"


def _enough(columns: Mapping[str, int]) -> bool:
    return all(name in columns for name in layout()["needed"])


def _header(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """The row that holds the headers, and which column is which; the first of the best rows."""
    best: tuple[int, dict[str, int]] = (0, {})
    for at in range(min(_TITLES, sheet.cells.height)):
        columns = _columns([str(cell or "") for cell in sheet.cells.row(at)])
        if len(columns) > len(best[1]):
            best = (at, columns)
    return best


def _columns(headers: list[str]) -> dict[str, int]:
    known = {comparable(h): i for i, h in reversed(list(enumerate(headers))) if h}
    found: dict[str, int] = {}
    for name, spellings in layout()["columns"].items():
        at = next((known[s] for s in map(comparable, spellings) if s in known), None)
        if at is not None and at not in found.values():
            found[name] = at
    return found


def _raw(sheet: Sheet, at: int, columns: Mapping[str, int]) -> tuple[pl.DataFrame, list[str]]:
    """The cells under our names, rows with nothing in them left out, and what was left out in words."""
    body = sheet.cells.slice(at + 1)
    frame = pl.DataFrame({name: body.to_series(i) for name, i in columns.items()})
    first = sheet.first_row + at + 1
    place = pl.int_range(first, first + body.height, dtype=pl.UInt32, eager=True)
    frame = frame.with_columns(source_row=place)
    filled = pl.any_horizontal(pl.col(*columns).str.strip_chars().fill_null("") != "")
    spare = sheet.cells.width - len(columns)
    notes = [f"{sheet.name}: {spare} columns are not used."] if spare else []
    return frame.filter(filled), notes


def _understood(raw: pl.DataFrame, sheet: Sheet) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every cell as a date, a number, a flag or text; and for each the problem with it, or null."""
    found = {
        "post_id": to_text(_cells(raw, "post_id")),
        "worker": _worker(_cells(raw, "worker")),
        "team": to_text(_cells(raw, "team")),
        "role": to_text(_cells(raw, "role")),
        "hours": _hours(raw),
        "start": to_dates(_cells(raw, "start"), date_1904=sheet.date_1904),
        "end": to_dates(_cells(raw, "end"), date_1904=sheet.date_1904),
        "agency": _flag(_cells(raw, "agency"), "agency", "not_agency"),
        "newly_qualified": _flag(_cells(raw, "newly_qualified"), "", ""),
        "kind": _kind(_cells(raw, "kind")),
    }
    spells = pl.DataFrame({name: both["value"] for name, both in found.items()})
    problems = pl.DataFrame({name: both["problem"] for name, both in found.items()})
    return spells.with_columns(
        raw["source_row"],
        source_file=pl.lit(sheet.file),
        source_sheet=pl.lit(sheet.name),
        source_list=pl.lit(_LABEL),
    ), problems


def _cells(raw: pl.DataFrame, name: str) -> pl.Series:
    if name in raw.columns:
        return raw[name].cast(pl.String)
    return pl.Series(name, [None] * raw.height, dtype=pl.String)


def _worker(cells: pl.Series) -> pl.DataFrame:
    """Names; the words that mean nobody are no name."""
    nobody = [w.lower() for w in layout()["nobody"]]
    vacant = pl.col("value").str.to_lowercase().is_in(nobody)
    return to_text(cells).with_columns(value=pl.when(~vacant).then("value"))


def _hours(raw: pl.DataFrame) -> pl.DataFrame:
    """Weekly hours; a share of full time becomes hours. Outside 0 to 60 is a slip of the keyboard."""
    hours, fte = to_numbers(_cells(raw, "hours")), to_numbers(_cells(raw, "fte"))
    full = float(layout()["full_time_hours"])
    share = hours["value"].drop_nulls()
    # A column of "hours" in which nobody works more than 1.5 holds shares of full time.
    scale = full if share.len() and float(share.max()) <= 1.5 else 1.0  # type: ignore[arg-type]
    value = pl.select(pl.coalesce(hours["value"] * scale, fte["value"] * full)).to_series()
    wild = ~value.is_between(0, 60)
    problem = pl.select(
        pl.coalesce(hours["problem"], fte["problem"], pl.when(wild).then(pl.lit("hours-impossible")))
    ).to_series()  # fmt: skip
    kept = pl.select(pl.when(problem.is_null()).then(value)).to_series()
    return pl.DataFrame({"value": kept, "problem": problem})


def _flag(cells: pl.Series, yes: str, no: str) -> pl.DataFrame:
    """Yes or no, or the words of workforce.yaml that say so; a blank is not an answer."""
    text = trimmed(cells)
    lower = text.str.to_lowercase()
    words = dict.fromkeys(layout().get(yes, ()), True) | dict.fromkeys(layout().get(no, ()), False)
    said = lower.replace_strict(words, default=None, return_dtype=pl.Boolean)
    flag = to_flag(apply_mapping(load_mappings()["yes_no"], cells)["code"])
    value = pl.select(pl.coalesce(said, flag)).to_series()
    lost = value.is_null() & text.is_not_null()
    problem = pl.select(pl.when(lost).then(pl.lit("value-not-understood"))).to_series()
    return pl.DataFrame({"value": value, "problem": problem})


def _kind(cells: pl.Series) -> pl.DataFrame:
    words = {comparable(w): kind for kind, said in layout()["kinds"].items() for w in said}
    distinct = cells.unique().to_list()
    found = {cell: words.get(comparable(cell or "")) for cell in distinct}
    value = cells.replace_strict(found, default=None, return_dtype=pl.String)
    problem = pl.select(pl.when(value.is_null()).then(pl.lit("value-not-understood"))).to_series()
    return pl.DataFrame({"value": value, "problem": problem})


def _assumed(spells: pl.DataFrame, columns: Mapping[str, int]) -> list[str]:
    full, notes = layout()["full_time_hours"], []
    there = (pl.col("kind") == "in post") & pl.col("worker").is_not_null()
    silent = spells.filter(there & pl.col("hours").is_null()).height
    if silent:
        rows = "1 row gives" if silent == 1 else f"{silent:,} rows give"
        notes.append(f"{rows} no hours: full time ({full} hours a week) is assumed.")
    if "fte" in columns and "hours" not in columns:
        notes.append(f"Hours are the share of full time times {full} (assumed full-time week).")
    used = ("post_id", "team", "end", "agency", "newly_qualified", "kind")
    # As the heading is written in the file: the number of a post stands under "post".
    lacking = (name.removesuffix("_id") for name in used if name not in columns)
    missing = ", ".join(lacking)
    if missing:
        notes.append(f"The file has no column for {missing}: what rests on it cannot be told.")
    return notes
