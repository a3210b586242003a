"""The casebooks that are put together: their order, their names, and what each of them holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from upturn.records.casebook import Casebook
from upturn.records.layouts import layouts
from upturn.records.tables import TABLES, empty

#: Tables that the sources mean different things by: a list of all children in need or of plans, the latest
#: missing episode or each of them. They are taken from one kind of source.
ONE_KIND = ("cin_plans", "cin_visits", "missing")
#: Who is on the list today. A row of an earlier extract that the newest no longer has says nothing of today.
TODAY_ONLY = ("care_leavers",)
#: Counted by the source back from its own date; what one counted is never put beside what another holds.
COUNTED = "_last_12_months"


@dataclass(frozen=True)
class Part:
    """One casebook among several. ``number`` is 1 for the newest; ``label`` names it in every place.

    ``left`` are tables that are taken from another kind of source.
    """

    number: int
    label: str
    book: Casebook
    left: frozenset[str] = frozenset()

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that this source can fill: it has a column for them, or fills them in some row."""
        named = {c.field for layout in layouts(self.book.source) for c in layout.columns if c.table}
        return frozenset(
            field
            for name, table in TABLES.items()
            if name not in self.left
            for field in table.columns
            if field not in self.book.absent_fields and (field in named or self._fills(name, field))
        )

    def _fills(self, table: str, field: str) -> bool:
        rows = self.book.tables.get(table)
        return rows is not None and rows[field].null_count() < rows.height

    def holds(self, table: str) -> bool:
        """Whether this source holds records of ``table``, be there none of them today."""
        if table in self.left:
            return False
        own = {TABLES[table].key, TABLES[table].child}
        return bool((set(TABLES[table].columns) - own) & self.fields)

    def table(self, name: str) -> pl.DataFrame:
        """The rows of a table, none when it is taken from another kind of source."""
        return empty(name) if name in self.left else self.book.table(name)

    @cached_property
    def children(self) -> frozenset[str]:
        """Every child that an accepted row names."""
        named = (self.book.table(n)[t.child] for n, t in TABLES.items() if t.child)
        return frozenset(pl.concat(named).drop_nulls().unique().to_list())


def parts_of(books: Sequence[Casebook]) -> tuple[Part, ...]:
    """The casebooks from the newest to the earliest; of two of one date, the one given first is the newer."""
    newest_first = sorted(books, key=lambda book: book.as_at, reverse=True)
    labels = _labels(newest_first)
    left = {
        name: next((b.source for b in newest_first if Part(0, "", b).holds(name)), "")
        for name in ONE_KIND
    }
    return tuple(
        Part(n, label, book, frozenset(t for t, kind in left.items() if kind != book.source))
        for n, (label, book) in enumerate(zip(labels, newest_first, strict=True), 1)
    )


def _labels(books: Sequence[Casebook]) -> list[str]:
    """A name for each: the file's; with the date where two are alike; with a number where those are too."""
    labels = [book.source_name for book in books]
    if len(set(labels)) < len(labels):
        labels = [f"{b.source_name} at {day_of(b.as_at)}" for b in books]
    seen: dict[str, int] = {}
    for n, label in enumerate(labels):
        seen[label] = seen.get(label, 0) + 1
        labels[n] = label if seen[label] == 1 else f"{label} ({seen[label]})"
    return labels


def day_of(day: date) -> str:
    """A date as people write it.

    >>> day_of(date(2026, 9, 30))
    '30 Sep 2026'
    """
    return f"{day.day} {day:%b %Y}"
