"""The casebook of several sources, or of several extracts of one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from upturn.records import quarantine
from upturn.records.casebook import Casebook, ListCount
from upturn.records.combine.compare import disagreements
from upturn.records.combine.identity import aligned
from upturn.records.combine.merge import merged
from upturn.records.combine.parts import COUNTED, Part, day_of, parts_of
from upturn.records.sheets import SourceError
from upturn.records.tables import TABLES

#: The order in which kinds of source are named; `upturn.rulebooks.model.SOURCES` has the same.
_KINDS = ("annex_a", "cin_census", "ssd")


def combine(books: Sequence[Casebook], *, as_at: date | None = None) -> Casebook:
    """One longer casebook of several, as at ``as_at`` or the latest of their dates.

    The newest extract wins for each record; an earlier one adds what the newest no longer holds, and
    fills what the newest has no column for. A record is the same by its number in the Standard
    Safeguarding Dataset, else by child and date; children are the same only when their identifier is.
    Where two sources differ the difference is in ``disagreements`` with both places. ``parts`` keeps the
    casebooks as they were.

    Raises SourceError when there is none, or one is given twice.
    """
    if not books:
        raise SourceError("No source was given")
    _refuse_twice(books)
    if len(books) == 1:
        return books[0]
    parts = parts_of([_placed(book) for book in books])
    parts = tuple(replace(p, book=_relabelled(p)) for p in parts)
    rows = aligned(parts)
    tables = {name: merged(name, found, parts) for name, found in rows.items()}
    kinds = {part.book.source for part in parts}
    day = max(part.book.as_at for part in parts) if as_at is None else as_at
    return Casebook(
        source="+".join(kind for kind in _KINDS if kind in kinds),
        source_name=" + ".join(part.label for part in parts),
        sha256=hashlib.sha256("\n".join(p.book.sha256 for p in parts).encode()).hexdigest(),
        as_at=day,
        as_at_reason="given with the command" if as_at else "the latest date of the sources",
        tables={name: tables[name] for name in TABLES},
        counts=tuple(count for part in parts for count in part.book.counts),
        quarantine=pl.concat([quarantine.nothing(), *(p.book.quarantine for p in parts)]),
        spellings=pl.concat([p.book.spellings for p in parts], how="diagonal"),
        history=_history(parts),
        absent=tuple(f"{p.label}: {said}" for p in parts for said in p.book.absent),
        absent_fields=_absent_fields(parts),
        notes=(*_notes(parts), *(f"{p.label}: {said}" for p in parts for said in p.book.notes)),
        mapping=books[0].mapping,
        parts=tuple(part.book for part in parts),
        labels=tuple(part.label for part in parts),
        disagreements=disagreements(rows, parts),
    )


def _refuse_twice(books: Sequence[Casebook]) -> None:
    seen: dict[str, str] = {}
    for book in books:
        if book.sha256 in seen:
            raise SourceError(
                f"{book.source_name} is given twice (the other is {seen[book.sha256]}); give each "
                "source once"
            )
        seen[book.sha256] = book.source_name


def _placed(book: Casebook) -> Casebook:
    if book.parts:
        raise SourceError(f"{book.source_name} is several sources already; give each by itself")
    return book


def _relabelled(part: Part) -> Casebook:
    """The casebook with its part's label before the list in every place."""
    book, named = part.book, pl.format("{} {}", pl.lit(part.label), "source_list")
    return replace(
        book,
        tables={name: t.with_columns(source_list=named) for name, t in book.tables.items()},
        counts=tuple(_count(count, part.label) for count in book.counts),
        quarantine=book.quarantine.with_columns(source_list=named),
        spellings=book.spellings.with_columns(source_list=named)
        if "source_list" in book.spellings.columns
        else book.spellings,
    )


def _count(count: ListCount, label: str) -> ListCount:
    return replace(count, source_list=f"{label} {count.source_list}")


def _history(parts: Sequence[Part]) -> dict[str, str]:
    """``latest`` for a table of which any source keeps only the latest row."""
    found: dict[str, str] = {}
    for part in parts:
        for name, kept in part.book.history.items():
            if part.holds(name) and found.get(name) != "latest":
                found[name] = kept
    return found


def _absent_fields(parts: Sequence[Part]) -> frozenset[str]:
    """The fields that one source lacks and no other holds; counts, when the newest holder lacks them."""
    lacking = frozenset().union(*(p.book.absent_fields for p in parts))
    held = frozenset[str]().union(*(p.fields for p in parts))
    counts = {f for f in lacking if f.endswith(COUNTED) and not _counted(f, parts)}
    return (lacking - held) | counts


def _counted(field: str, parts: Sequence[Part]) -> bool:
    table = next(name for name, t in TABLES.items() if field in t.columns)
    newest = next((p for p in parts if p.holds(table)), None)
    return newest is not None and field in newest.fields


def _notes(parts: Sequence[Part]) -> list[str]:
    """How the sources were put together, for the reader of a report."""
    named = "; ".join(f"{p.label} as at {day_of(p.book.as_at)}" for p in parts)
    said = [f"{len(parts)} sources were put together, the newest first: {named}."]
    children = [part.children for part in parts]
    for n, part in enumerate(parts):
        others = frozenset[str]().union(*(c for m, c in enumerate(children) if m != n))
        shared = len(children[n] & others)
        said.append(
            f"{part.label} names {len(children[n]):,} children, {shared:,} of them in another source too."
        )
        if not shared:
            said.append(
                f"No child of {part.label} is in another source: its identifiers may be of another kind. "
                "Nobody is matched by name."
            )
    return said + _taken_from_one(parts) + _last_held(parts)


def _taken_from_one(parts: Sequence[Part]) -> list[str]:
    return [
        f"The tables {', '.join(sorted(p.left))} of {p.label} were left: the sources mean different "
        "things by them, and they were taken from the newest kind."
        for p in parts
        if any(p.book.table(name).height for name in p.left)
    ]


def _last_held(parts: Sequence[Part]) -> list[str]:
    """Tables that the newest source does not hold, with the date they were last held."""
    ends: dict[date, list[str]] = {}
    latest = parts[0].book.as_at
    for name in TABLES:
        last = max((p.book.as_at for p in parts if p.holds(name)), default=None)
        if last is not None and last < latest:
            ends.setdefault(last, []).append(name)
    return [
        f"Held up to {day_of(day)} only: {', '.join(names)}. What was due since cannot be told."
        for day, names in sorted(ends.items(), reverse=True)
    ]
