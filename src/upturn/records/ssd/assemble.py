"""From the tables of the dataset, understood and linked, to the casebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from upturn.records import quarantine
from upturn.records.casebook import Casebook, ListCount
from upturn.records.lists.fill import people, table_of
from upturn.records.mapping import MappedColumn, ValueMapping, mapping_version, spellings_report
from upturn.records.sources import Opened
from upturn.records.ssd.columns import Notes
from upturn.records.ssd.holders import Holders, holders, worker_names
from upturn.records.ssd.layout import ssd
from upturn.records.ssd.tables import Table, has_rows
from upturn.records.tables import TABLES, empty

_CARE = "ssd_cla_episodes"
#: Fields the casebook's other parts know the health checks by, and what holds them here.
_HEALTH = ("health_assessment", "dental_check")


def casebook(
    opened: Opened,
    tables: Mapping[str, Table],
    spare: Sequence[Table],
    care: pl.DataFrame,
    mappings: Mapping[str, ValueMapping],
    notes: Notes,
    as_at: date,
    as_at_reason: str,
    mapping: Path | None,
) -> Casebook:
    """The casebook of these tables; ``spare`` are those that came twice, ``care`` the periods of care."""
    every = [*tables.values(), *spare]
    held = holders({n: t for n, t in tables.items() if has_rows(t)}, as_at=as_at)
    person, disagreements = _people(tables)
    entries = [_of_children(t, e) for t in every for e in t.rows.entries] + notes.entries
    entries += [disagreements] if disagreements is not None else []
    filled = {**_filled(tables, held), "person": person}
    filled["cla_episodes"] = held.named(care, "clae_person_id")
    return Casebook(
        source="ssd",
        source_name=opened.name,
        sha256=opened.sha256,
        as_at=as_at,
        as_at_reason=as_at_reason,
        tables=filled,
        counts=tuple(_count(t) for t in every),
        quarantine=held.named(pl.concat([quarantine.nothing(), *entries]), "child_id"),
        spellings=spellings_report(_spelled(tables), mappings),
        history=dict.fromkeys(TABLES, "complete"),
        absent=_absent(tables),
        absent_fields=_absent_fields(tables),
        notes=(*opened.notes, *(n for t in every for n in (*t.notes, *_sheet_notes(t)))),
        mapping=mapping_version(mapping),
    )


def _sheet_notes(table: Table) -> tuple[str, ...]:
    return tuple(f"{table.layout.label}: {note}." for note in table.rows.source.sheet.notes)


def _of_children(table: Table, entries: pl.DataFrame) -> pl.DataFrame:
    """Entries on teams and professionals name no child."""
    if table.layout.of_children:
        return entries
    return entries.with_columns(child_id=pl.lit(None, dtype=pl.String))


def _people(tables: Mapping[str, Table]) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """One row for every child of any table, with what ssd_person says of those it has."""
    full = [t for t in tables.values() if has_rows(t) and t.layout.of_children]
    return people([t.rows for t in full])


def _filled(tables: Mapping[str, Table], held: Holders) -> dict[str, pl.DataFrame]:
    names = worker_names({n: t for n, t in tables.items() if has_rows(t)})
    filled = {name: empty(name) for name in TABLES}
    for table in tables.values():
        main = table.layout.main
        if main in ("", "person") or not has_rows(table):
            continue
        frame = table_of(table.rows, main, {})
        child = TABLES[main].child
        today = child is not None and main != "involvements"
        filled[main] = held.named(frame, child) if child and today else frame
    return {**filled, "involvements": _involved(filled["involvements"], held, names)}


def _involved(frame: pl.DataFrame, held: Holders, names: Mapping[str, str]) -> pl.DataFrame:
    """Each involvement's own team and worker, never those of today."""
    return frame.with_columns(
        invo_professional_team="team",
        team=pl.col("team").replace(held.teams),
        worker=pl.col("invo_professional_id").replace(names),
    )


def _count(table: Table) -> ListCount:
    sheet, rows = table.rows.source.sheet, table.rows
    kept = rows.at.len()
    return ListCount(
        table.layout.label, table.layout.name, sheet.file, sheet.name,
        rows.rows_in, kept, rows.rows_in - kept,
    )  # fmt: skip


def _spelled(tables: Mapping[str, Table]) -> list[MappedColumn]:
    return [
        MappedColumn(t.rows.label, t.rows.source.found(c), c.mapping, t.rows.raw[c.header])
        for t in tables.values()
        for c in t.rows.columns("code", "yesno")
        if c.header in t.rows.raw.columns
    ]


def _missing(table: Table) -> list[str]:
    has = table.rows.source.columns
    return [c.header for c in table.layout.ssd_columns if c.header not in has and not c.ours]


def _absent(tables: Mapping[str, Table]) -> tuple[str, ...]:
    said = [
        f"{name} ({layout.name.lower()}) is not in the input."
        for name, layout in ssd().tables.items()
        if name not in tables
    ]
    return (*said, *(f"{n} has no column “{h}”." for n, t in tables.items() for h in _missing(t)))


def _absent_fields(tables: Mapping[str, Table]) -> frozenset[str]:
    """The fields of the casebook that no column of the extract fills, directly or worked out."""
    kept = {
        column.field
        for table in tables.values()
        for column in table.layout.columns
        if column.header in table.rows.values.columns
    }
    if _CARE in tables and has_rows(tables[_CARE]):
        kept |= {"clae_entered_care_date"}
    if "clah_health_check_date" in kept:
        kept |= set(_HEALTH)
    if "invo_involvement_start_date" in kept:
        kept |= {"invo_professional_team"}
    keys = {t.key for t in TABLES.values()} | {t.child for t in TABLES.values()}
    every = {field for table in TABLES.values() for field in table.columns} | set(_HEALTH)
    return frozenset(every - kept - keys)
