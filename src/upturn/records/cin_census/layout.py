"""The layout of the census, read from ``census.yaml``: kinds of record, their elements, forms and codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import Any

import yaml

from upturn.records.lists.layout import Column, ListLayout


@dataclass(frozen=True)
class Codes:
    """The codes of one element: those of every form, and those of the forms from a year on."""

    every: tuple[str, ...]
    since: Mapping[str, int] = field(default_factory=dict)

    def known(self) -> frozenset[str]:
        """Every code that some form has."""
        return frozenset(self.every) | frozenset(self.since)

    def too_new(self, form: int) -> dict[str, int]:
        """Codes that the form of this year does not have yet, with the first year of each."""
        return {code: year for code, year in self.since.items() if year > form}


@dataclass(frozen=True)
class Record(ListLayout):
    """One kind of record. See the head of ``census.yaml`` for what each field means.

    ``parent`` is the field of the casebook that names the record it is nested in.
    """

    record: str = ""
    block: str = ""
    inside: str | None = None
    parent: str | None = None
    through: tuple[str, ...] = ()
    first_form: int = 0

    @cached_property
    def places(self) -> dict[str, int]:
        """The position of the column that each element fills, by the element's name in lower case."""
        return {name.lower(): n for n, c in enumerate(self.columns) for name in (c.header, *c.also)}

    @cached_property
    def grouping(self) -> frozenset[str]:
        """The elements that only group others, in lower case."""
        return frozenset(name.lower() for name in self.through)

    @cached_property
    def multiple(self) -> frozenset[int]:
        """The positions of the columns whose element may stand several times."""
        return frozenset(n for n, c in enumerate(self.columns) if c.many)


@dataclass(frozen=True)
class Census:
    """The whole layout. ``forms`` gives the first and last form of an element that is not in all."""

    first_form: int
    last_form: int
    records: tuple[Record, ...]
    forms: Mapping[str, tuple[int, int]]
    codes: Mapping[str, Codes]

    def record(self, name: str) -> Record:
        """The kind of record of this name. Raises KeyError when there is none."""
        found = {r.record: r for r in self.records}
        return found[name]


@cache
def census() -> Census:
    """The layout of the census.

    >>> [record.label for record in census().records][:2]
    ['Census: children', 'Census: referrals']
    """
    text = resources.files(__package__).joinpath("census.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    first, last = data["first_form"], data["last_form"]
    return Census(
        first_form=first,
        last_form=last,
        records=tuple(_record(entry) for entry in data["records"]),
        forms={
            name: (years.get("first_form", first), years.get("last_form", last))
            for name, years in data["forms"].items()
        },
        codes={
            name: Codes(tuple(codes["every"]), codes.get("from", {}))
            for name, codes in data["codes"].items()
        },
    )


def _record(entry: dict[str, Any]) -> Record:
    return Record(
        label=entry["label"],
        prefix=entry["record"],
        name=entry["name"],
        main=entry["main"],
        window=entry["window"],
        key=tuple(entry["key"]),
        sequence=tuple((a, b) for a, b in entry.get("sequence", [])),
        columns=tuple(_column(c) for c in entry["columns"]),
        record=entry["record"],
        block=entry["block"],
        inside=entry.get("in"),
        parent=entry.get("parent"),
        through=tuple(entry["through"]),
        first_form=entry.get("first_form", 0),
        date_order="year-month-day",
    )


def _column(entry: dict[str, Any]) -> Column:
    return Column(**{**entry, "also": tuple(entry.get("also", ()))})


def record_layouts() -> tuple[Record, ...]:
    """Every kind of record, in the order of the form."""
    return census().records
