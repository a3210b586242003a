"""Traps of a whole column: placeholders, answers that never vary, times of day, caseloads of one day."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from upturn.records.lists.layout import Source
from upturn.records.lists.rows import Rows, finish_entries
from upturn.records.ssd.layout import SsdColumn, ssd

_TIME = r"[T ](\d{1,2}:\d{2})"
_CASELOAD = "prof_professional_caseload"


@dataclass
class Notes:
    """Entries for the quarantine that are about a whole column, as they are found."""

    entries: list[pl.DataFrame] = field(default_factory=list)

    def about(
        self, source: Source, header: str, check: str, *, value: str, other: object = ""
    ) -> None:
        """One entry on the column, with an example of its cells and a word more."""
        frame = pl.DataFrame(
            {
                "check": [check],
                "child_id": [None],
                "source_row": [None],
                "cell": [value],
                "other": [str(other)],
                "team": [None],
                "worker": [None],
                "row": [""],
            }
        )
        column = source.headers[source.columns[header]]
        self.entries.append(finish_entries(frame, source, column=column, whole_row=False))


def read_columns(rows: Rows, notes: Notes) -> tuple[Rows, dict[str, pl.Series]]:
    """The rows with columns that cannot be used taken out, and placeholders blanked.

    Second value: for each column with placeholders among other values, the rows that had one.
    """
    placeholders: dict[str, pl.Series] = {}
    for column in list(rows.source.layout.columns):
        if not isinstance(column, SsdColumn) or column.header not in rows.source.columns:
            continue
        rows, at = _placeholders(rows, column, notes)
        if at is not None:
            placeholders[column.header] = at
        if column.header in rows.source.columns:
            rows = _constant(rows, column, notes)
        if column.header in rows.source.columns:
            _times(rows, column, notes)
            _caseload(rows, column, notes)
    return rows, placeholders


def _placeholders(rows: Rows, column: SsdColumn, notes: Notes) -> tuple[Rows, pl.Series | None]:
    cells = rows.raw[column.header]
    said = cells.str.strip_chars().str.to_lowercase().is_in(list(ssd().placeholders))
    said = said.fill_null(False)
    if not said.any():
        return rows, None
    if (
        said.sum() == cells.len() - cells.null_count()
        and column.to != "child"
        and not column.needed
    ):
        value = str(cells.filter(said)[0])
        notes.about(rows.source, column.header, "placeholder-column", value=value, other=said.sum())
        return _without(rows, column.header), None
    blanked = pl.select(pl.when(~said).then(cells).alias(column.header)).to_series()
    return replace(rows, raw=rows.raw.with_columns(blanked)), rows.at.filter(said)


def _constant(rows: Rows, column: SsdColumn, notes: Notes) -> Rows:
    """A column whose answers should differ and do not: said, and not used where that is a known fault."""
    if not (column.varies or column.untrusted):
        return rows
    cells = rows.raw[column.header].str.strip_chars().drop_nulls()
    cells = cells.filter(cells != "")
    if cells.len() < ssd().many or cells.n_unique() > 1:
        return rows
    notes.about(rows.source, column.header, "constant-flag", value=str(cells[0]), other=cells.len())
    return _without(rows, column.header) if column.untrusted else rows


def _times(rows: Rows, column: SsdColumn, notes: Notes) -> None:
    if column.type != "date":
        return
    time = rows.raw[column.header].str.extract(_TIME)
    timed = rows.raw[column.header].filter((time != "00:00") & (time != "0:00"))
    if timed.len():
        notes.about(
            rows.source, column.header, "time-of-day", value=str(timed[0])[:16], other=timed.len()
        )


def _caseload(rows: Rows, column: SsdColumn, notes: Notes) -> None:
    cells = rows.raw[column.header].drop_nulls()
    if column.header == _CASELOAD and cells.len():
        notes.about(
            rows.source, _CASELOAD, "caseload-one-day", value=str(cells[0]), other=cells.len()
        )


def _without(rows: Rows, header: str) -> Rows:
    """The rows as if the column had not been there."""
    columns = {h: i for h, i in rows.source.columns.items() if h != header}
    return replace(rows, raw=rows.raw.drop(header), source=replace(rows.source, columns=columns))


def mixed_teams(rows: Rows, teams: pl.DataFrame, notes: Notes) -> None:
    """Say so when a column of teams holds numbers in some rows and names in others.

    ``teams`` has the columns ``id`` and ``name`` of the department table.
    """
    column = next((c for c in rows.source.layout.columns if c.to == "team"), None)
    if column is None or column.header not in rows.values.columns or teams.is_empty():
        return
    cells = rows.values[column.header]
    numbers = int(cells.is_in(teams["id"].implode()).sum() or 0)
    names = int(cells.is_in(teams["name"].drop_nulls().implode()).sum() or 0)
    if numbers and names:
        notes.about(
            rows.source,
            column.header,
            "team-id-or-name",
            value=str(cells.drop_nulls()[0]),
            other=f"{numbers} rows by number, {names} by name",
        )
