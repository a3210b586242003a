"""The Standard Safeguarding Dataset read into a casebook, from files or straight from a database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from upturn.records.casebook import Casebook
from upturn.records.lists.births import births_across
from upturn.records.lists.compare import (
    check_dates,
    given_date,
    latest_date,
    open_twice,
    where,
    without_duplicates,
)
from upturn.records.lists.rows import Rows, drop, set_aside
from upturn.records.mapping import (
    load_mappings,
)
from upturn.records.sheets import Sheet, SourceError
from upturn.records.sources import Opened
from upturn.records.ssd.assemble import casebook
from upturn.records.ssd.care_periods import care_periods
from upturn.records.ssd.columns import Notes, mixed_teams
from upturn.records.ssd.connect import is_address, sqlite_file
from upturn.records.ssd.database import open_address, open_connection
from upturn.records.ssd.derive import derived
from upturn.records.ssd.folder import is_sqlite, open_folder
from upturn.records.ssd.holders import team_table
from upturn.records.ssd.layout import SsdTable, ssd
from upturn.records.ssd.links import linked, owners, with_ids
from upturn.records.ssd.tables import (
    Table,
    has_rows,
    once_each,
    open_table,
    understood,
    with_children,
)
from upturn.records.tables import empty

Say = Callable[[str], None]
_CARE = "ssd_cla_episodes"


def read_ssd(
    source: Path | str | Any,
    *,
    as_at: date | None = None,
    mapping: Path | None = None,
    schema: str | None = None,
    progress: Say | None = None,
) -> Casebook:
    """The casebook of an extract of the dataset.

    ``source`` is a folder of CSV or Parquet files named like the tables, a SQLite file, the address of a
    database (``postgresql://…?schema=NAME``), or an open DB-API connection, of which ``schema`` names the
    schema. ``as_at`` is the date of the extract; left out, it is the one that a folder gives for itself, or
    else the extract's own latest date. ``mapping`` is a file of the user's own value mappings. Nothing is
    ever written to a database.

    Raises SourceError, in one line, when nothing can be read.

    >>> read_ssd(Path("no-such-folder"))
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: no-such-folder is not there; check the name and the folder
    """
    opened = _opened(source, schema, progress)
    return read_tables(opened, as_at=as_at, mapping=mapping, progress=progress)


def _opened(source: Any, schema: str | None, progress: Say | None) -> Opened:
    if is_address(source):
        return open_address(source, progress=progress)
    if not isinstance(source, (str, Path)):
        return open_connection(source, **({"schema": schema} if schema else {}), progress=progress)
    path = Path(source)
    if not path.exists():
        raise SourceError(f"{path.name} is not there; check the name and the folder")
    try:
        if path.is_file() and is_sqlite(path):
            with closing(sqlite_file(path)) as connection:
                return open_connection(connection, name=path.name, progress=progress)
        return open_folder(path, progress=progress)
    except OSError as error:
        raise SourceError(f"{path.name} may not be read: {error.strerror}") from error


def read_tables(
    opened: Opened,
    *,
    as_at: date | None = None,
    mapping: Path | None = None,
    progress: Say | None = None,
) -> Casebook:
    """The same for tables already opened: everything but the files or the database."""
    say, mappings, notes = progress or (lambda _: None), load_mappings(mapping), Notes()
    used, spare = _tables(opened.sheets)
    tables: dict[str, Table] = {}
    children = {name: with_children(table, used) for name, table in used.items()}
    for name, table in children.items():
        say(f"Understanding {name}")
        one = understood(table, mappings, notes)
        tables[name] = one.with_rows(without_duplicates(one.rows)) if has_rows(one) else one
    _refuse_nothing(tables, opened.name)
    day, why = _as_at([t.rows for t in tables.values()], as_at, opened.as_at)
    say("Checking dates and links")
    tables = {n: t.with_rows(_checked(t.rows, day)) for n, t in tables.items()}
    tables = _with_births(derived(tables))
    periods = pl.DataFrame()
    care = empty("cla_episodes")
    if _CARE in tables and has_rows(tables[_CARE]):
        care, periods = care_periods(tables[_CARE].rows)
    tables = _joined(tables, periods, notes)
    return casebook(opened, tables, spare, care, mappings, notes, day, why, mapping)


def _tables(sheets: Sequence[Sheet]) -> tuple[dict[str, Table], list[Table]]:
    """The tables in the layout's order; and those that came a second time."""
    used: dict[str, Table] = {}
    spare = []
    for name, layout in ssd().tables.items():
        for sheet in (s for s in sheets if s.name == name):
            table = open_table(sheet, layout)
            if name in used:
                spare.append(_spare(table, used[name]))
            else:
                used[name] = table
    return used, spare


def _spare(table: Table, used: Table) -> Table:
    """A table that came twice: the rows of the second go to quarantine."""
    rows = replace(
        table.rows, values=table.rows.raw, problems=table.rows.raw.clear(table.rows.at.len())
    )
    other = pl.Series([f"{used.layout.label} was read from {used.rows.source.sheet.file}"] * rows.at.len(),
                      dtype=pl.String)  # fmt: skip
    problem = pl.Series(["second-sheet"] * rows.at.len(), dtype=pl.String)
    if not rows.source.columns:
        return table
    return table.with_rows(drop(rows, problem, header=next(iter(rows.source.columns)), other=other))


def _refuse_nothing(tables: Mapping[str, Table], name: str) -> None:
    if not any(has_rows(t) and t.layout.of_children for t in tables.values()):
        found = ", ".join(tables) or "none"
        raise SourceError(
            f"{name} has no table with the dataset's columns (tables: {found}); check that the columns "
            "are named as in the dataset's specification"
        )


def _as_at(lists: Sequence[Rows], as_at: date | None, own: date | None) -> tuple[date, str]:
    if as_at is not None:
        latest = latest_date([rows for rows in lists if rows.values.width])
        return as_at, given_date(as_at, own or latest)
    if own is not None:
        return own, "the date the extract gives for itself"
    latest = latest_date([rows for rows in lists if rows.values.width])
    if latest is None:
        raise SourceError(
            "There is no date in any table, so the extract's date is not known. "
            "Give it with --as-at."
        )
    return latest, "the latest date in the extract"


def _with_births(tables: dict[str, Table]) -> dict[str, Table]:
    """Each birth held against what happened to the child."""
    person = tables.get("ssd_person")
    if person is None or not has_rows(person):
        return tables
    others = [
        t.rows
        for n, t in tables.items()
        if t.layout.of_children and has_rows(t) and t is not person
    ]
    return {**tables, "ssd_person": person.with_rows(births_across(person.rows, others))}


def _checked(rows: Rows, as_at: date) -> Rows:
    if not rows.values.width:
        return rows
    return with_ids(once_each(open_twice(check_dates(rows, as_at=as_at))))


def _joined(tables: dict[str, Table], periods: pl.DataFrame, notes: Notes) -> dict[str, Table]:
    """The tables with their links; notes on children nobody has heard of and on teams written two ways."""
    full = {n: t for n, t in tables.items() if has_rows(t)}
    owned = owners(full, periods if periods.width else _no_periods())
    teams, known = team_table(full), _known(full)
    for name, table in full.items():
        mixed_teams(table.rows, teams, notes)
        table = linked(table, owned)
        if known is not None and table.layout.of_children and name != "ssd_person":
            table = table.with_rows(_strangers(table.rows, known))
        tables[name] = table
    return tables


def _no_periods() -> pl.DataFrame:
    text = dict.fromkeys(("own_id", "id", "child"), pl.String())
    return pl.DataFrame(schema={**text, "start": pl.Date(), "end": pl.Date()})


def _known(tables: Mapping[str, Table]) -> set[str] | None:
    """The children of ssd_person; a child is then added once a note on it has been made."""
    person = tables.get("ssd_person")
    return None if person is None else set(person.rows.filled_by("child").to_list())


def _strangers(rows: Rows, known: set[str]) -> Rows:
    """A note on the first row of each child that is not in ssd_person."""
    child = rows.filled_by("child")
    fresh = ~child.is_in(list(known)) & child.is_first_distinct()
    known.update(child.filter(fresh).to_list())
    return set_aside(rows, rows.source.layout.child.header, where(fresh, "child-not-in-person"))


def layouts() -> tuple[SsdTable, ...]:
    """The tables that are read, in order.

    >>> layouts()[0].label
    'ssd_person'
    """
    return tuple(ssd().tables.values())
