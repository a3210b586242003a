"""Ofsted's Annex A, lists 1 to 11, read into a casebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from upturn.records import quarantine
from upturn.records.annex_a.identify import Identified, identify
from upturn.records.annex_a.known_children import unknown_children
from upturn.records.annex_a.layout import annex_a, comparable
from upturn.records.annex_a.rows import read_rows
from upturn.records.casebook import Casebook, ListCount
from upturn.records.lists.compare import (
    check_dates,
    given_date,
    latest_date,
    open_twice,
    without_duplicates,
)
from upturn.records.lists.fill import fill, people
from upturn.records.lists.rows import Rows, drop, understand_all
from upturn.records.mapping import (
    MappedColumn,
    ValueMapping,
    load_mappings,
    mapping_version,
    spellings_report,
)
from upturn.records.sheets import SourceError
from upturn.records.sources import Opened, open_source

#: Tables of which Annex A holds only the latest row for each child.
LATEST_ONLY = (
    "cin_visits",
    "cp_visits",
    "cp_reviews",
    "cla_reviews",
    "cla_visits",
    "cla_health",
    "cla_placement",
    "legal_status",
    "missing",
)


@dataclass(frozen=True)
class _Chosen:
    """Which sheet is read for each list, which are not and why, and what to say of it all."""

    used: tuple[Identified, ...]
    unused: tuple[tuple[Identified, str], ...]
    notes: tuple[str, ...]


def read_annex_a(
    path: Path,
    *,
    as_at: date | None = None,
    mapping: Path | None = None,
    sheets: Mapping[int, str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Casebook:
    """The casebook of an Annex A workbook (.xlsx, .xlsm, .xls, .ods) or folder of CSVs.

    ``as_at`` is the date of the extract; left out, it is the extract's own latest date. ``mapping`` is a
    file of the user's own value mappings. ``sheets`` chooses the sheet for a list when several claim it:
    ``{4: "Assessments final"}``. ``progress`` is called with what is being done.

    Raises SourceError when nothing in the input can be read as Annex A.
    """
    opened = open_source(path, progress=progress)
    return read_sheets(opened, as_at=as_at, mapping=mapping, sheets=sheets, progress=progress)


def read_sheets(
    opened: Opened,
    *,
    as_at: date | None = None,
    mapping: Path | None = None,
    sheets: Mapping[int, str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Casebook:
    """The same for sheets already opened: everything but the file."""
    say = progress or (lambda _: None)
    chosen = _choose(opened, sheets or {})
    mappings = load_mappings(mapping)
    found = []
    for source in chosen.used:
        say(f"Reading {source.layout.label}, {source.layout.name.lower()}")
        found.append(read_rows(source))
    lists = [without_duplicates(rows) for rows in understand_all(found, mappings)]
    day, why = _as_at(lists, as_at)
    say("Checking dates")
    lists = unknown_children([open_twice(check_dates(rows, as_at=day)) for rows in lists])
    book = _casebook(opened, chosen, lists, mappings, as_at=day, as_at_reason=why)
    return replace(book, mapping=mapping_version(mapping))


def _choose(opened: Opened, wanted: Mapping[int, str]) -> _Chosen:
    known, notes = [], list(opened.notes)
    for sheet in opened.sheets:
        found = identify(sheet)
        if found:
            known.append(found)
            notes += _remarks(found)
        elif sheet.cells.height:
            notes.append(f"Sheet “{sheet.name}” was not read: its headers are those of no list.")
    if not known:
        raise SourceError(_no_list(opened))
    _refuse_unknown_choice(known, wanted)
    used, unused = [], []
    for layout in annex_a():
        claims = [k for k in known if k.layout.number == layout.number]
        if claims:
            first = _preferred(claims, wanted.get(layout.number))
            used.append(first)
            unused += [
                (k, f"{layout.label} was read from sheet “{first.sheet.name}”")
                for k in claims
                if k is not first
            ]
    notes += [
        f"Two sheets claim {k.layout.label}: {why}; “{k.sheet.name}” was not used."
        for k, why in unused
    ]
    return _Chosen(tuple(used), tuple(unused), tuple(notes))


def _preferred(claims: Sequence[Identified], wanted: str | None) -> Identified:
    """The sheet asked for; else one that is not hidden, named as the list, the first of such."""
    if wanted is not None:
        return next(c for c in claims if c.sheet.name == wanted)
    return min(claims, key=lambda c: (c.sheet.hidden, not _named_as(c)))


def _named_as(claim: Identified) -> bool:
    """Whether the sheet has the list's plain name: ``List 3``, not ``List 3 (old)``."""
    return comparable(claim.sheet.name) == comparable(claim.layout.label)


def _refuse_unknown_choice(known: Sequence[Identified], wanted: Mapping[int, str]) -> None:
    for number, name in wanted.items():
        names = [k.sheet.name for k in known if k.layout.number == number]
        if name not in names:
            there = ", ".join(f"“{n}”" for n in names) or "none"
            raise SourceError(f"No sheet “{name}” holds list {number}. Sheets that do: {there}.")


def _no_list(opened: Opened) -> str:
    names = ", ".join(f"“{s.name}”" for s in opened.sheets[:5]) or "none"
    return (
        f"{opened.name} has no list of Annex A: no sheet has the headers of any of the eleven lists "
        f"(sheets: {names}). Check that it is the Annex A workbook, with its headers in the first rows."
    )


def _remarks(found: Identified) -> list[str]:
    """What a reader of the report should know of how this sheet was taken."""
    name, label = found.sheet.name, found.layout.label
    said = [f"Sheet “{name}”: {note}." for note in found.sheet.notes]
    if found.sheet.hidden:
        said.append(f"Sheet “{name}” ({label}) is hidden in the workbook.")
    if _names_another_list(name, found.layout.number):
        said.append(f"Sheet “{name}” holds {label}, told by its headers.")
    said += [f"{label}: header “{h}” was taken for “{c}”." for h, c in found.guessed]
    if found.extra:
        said.append(f"{label}: columns not in the template were left: {', '.join(found.extra)}.")
    return said


def _names_another_list(name: str, number: int) -> bool:
    digits = "".join(ch if ch.isdigit() else " " for ch in name).split()
    return "list" in name.lower() and bool(digits) and str(number) not in digits


def _as_at(lists: Sequence[Rows], as_at: date | None) -> tuple[date, str]:
    if as_at is not None:
        return as_at, given_date(as_at, latest_date(lists))
    latest = latest_date(lists)
    if latest is None:
        raise SourceError(
            "There is no date in any list, so the extract's date is not known. "
            "Give it with --as-at."
        )
    return latest, "the latest date in the extract"


def _casebook(
    opened: Opened,
    chosen: _Chosen,
    lists: Sequence[Rows],
    mappings: Mapping[str, ValueMapping],
    *,
    as_at: date,
    as_at_reason: str,
) -> Casebook:
    unused = [_quarantined_sheet(source, why) for source, why in chosen.unused]
    person, disagreements = people(lists)
    entries = [e for rows in (*lists, *unused) for e in rows.entries]
    entries += [disagreements] if disagreements is not None else []
    everything = pl.concat([quarantine.nothing(), *entries])
    return Casebook(
        source="annex_a",
        source_name=opened.name,
        sha256=opened.sha256,
        as_at=as_at,
        as_at_reason=as_at_reason,
        tables={**fill(lists), "person": person},
        counts=tuple(_count(rows) for rows in (*lists, *unused)),
        quarantine=everything,
        spellings=spellings_report(_spelled(lists), mappings),
        history=dict.fromkeys(LATEST_ONLY, "latest"),
        absent=_absent(lists),
        absent_fields=_absent_fields(lists),
        notes=chosen.notes,
    )


def _quarantined_sheet(source: Identified, why: str) -> Rows:
    """All the rows of a sheet that was not used, as quarantine."""
    rows = read_rows(source)
    rows = replace(rows, values=rows.raw, problems=rows.raw.clear(rows.raw.height))
    problem = pl.Series(["second-sheet"] * rows.at.len(), dtype=pl.String())
    other = pl.Series([why] * rows.at.len(), dtype=pl.String())
    return drop(rows, problem, header=source.layout.child.header, other=other)


def _count(rows: Rows) -> ListCount:
    layout, sheet, kept = rows.source.layout, rows.source.sheet, rows.at.len()
    return ListCount(
        layout.label, layout.name, sheet.file, sheet.name, rows.rows_in, kept, rows.rows_in - kept
    )


def _spelled(lists: Sequence[Rows]) -> list[MappedColumn]:
    """Every coded column kept: its list, its header as found, its mapping and its cells."""
    return [
        MappedColumn(rows.label, rows.source.found(c), c.mapping, rows.raw[c.header])
        for rows in lists
        for c in rows.columns("code", "yesno")
    ]


def _absent(lists: Sequence[Rows]) -> tuple[str, ...]:
    there = {rows.source.layout.number for rows in lists}
    said = [
        f"{lst.label} ({lst.name.lower()}) is not in the input."
        for lst in annex_a()
        if lst.number not in there
    ]
    for rows in lists:
        said += [
            f"{rows.label} has no column “{c.header}”."
            for c in rows.source.missing
            if not c.optional
        ]
    return tuple(said)


def _absent_fields(lists: Sequence[Rows]) -> frozenset[str]:
    """The fields of the casebook that no sheet has a column for."""
    kept = {
        c.field
        for rows in lists
        for c in rows.source.layout.columns
        if c.header in rows.source.columns
    }
    every = {c.field for layout in annex_a() for c in layout.columns if c.table}
    return frozenset(every - kept)
