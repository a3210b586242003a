"""The layout of Annex A, read from ``annex_a.yaml``: lists, their columns, and where each one goes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True)
class Column:
    """One column of a list. See the head of ``annex_a.yaml`` for what each field means."""

    header: str
    type: str
    to: str | None = None
    also: tuple[str, ...] = ()
    codes: str | None = None
    needed: bool = False
    optional: bool = False
    booked: bool = False
    common: bool = False  # the same in most lists, so no help in telling lists apart

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Every known spelling of the header, made comparable."""
        return tuple(dict.fromkeys(comparable(h) for h in (self.header, *self.also)))

    @property
    def mapping(self) -> str:
        """The value mapping its cells are read with, for a code or a yes/no."""
        return self.codes or "yes_no"

    @property
    def field(self) -> str:
        """The field of the casebook this column fills, or its header when it fills none."""
        return (self.to or self.header).rpartition(".")[2]

    @property
    def table(self) -> str | None:
        """The table of the casebook this column fills; None for child, team, worker and unkept ones."""
        return self.to.partition(".")[0] if self.to and "." in self.to else None


@dataclass(frozen=True)
class ListLayout:
    """One of the eleven lists."""

    number: int
    name: str
    main: str
    window: str
    key: tuple[str, ...]
    sequence: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]

    @property
    def label(self) -> str:
        """``List 4``."""
        return f"List {self.number}"

    def column(self, header: str) -> Column:
        """The column with this official header. Raises KeyError when the list has none."""
        return next(c for c in self.columns if c.header == header)

    @property
    def child(self) -> Column:
        """The column that identifies the child (in list 11, the adopter)."""
        return next(c for c in self.columns if c.to == "child")

    @property
    def key_date(self) -> Column | None:
        """The date that places a row in time: the first needed date, else the first date kept."""
        dates = [c for c in self.columns if c.type == "date" and c.field != "pers_dob"]
        return next((c for c in dates if c.needed), dates[0] if dates else None)


def comparable(header: str) -> str:
    """A header with case, quotes, brackets, punctuation and spacing taken out, for comparison.

    >>> comparable("Child’s  Legal Status (Y/N))")
    'childs legal status'
    """
    text = unicodedata.normalize("NFKC", header).lower()
    text = re.sub(r"\(\s*y\s*/\s*n\s*\)", " ", text)
    text = re.sub(r"[‘’ʼ´`'\"“”]", "", text)
    return re.sub(r"[^a-z0-9]+", " ", text).strip()


@cache
def annex_a() -> tuple[ListLayout, ...]:
    """All eleven lists in order.

    >>> [lst.name for lst in annex_a()][:3]
    ['Contacts', 'Early Help', 'Referrals']
    """
    text = resources.files(__package__).joinpath("annex_a.yaml").read_text(encoding="utf-8")
    return tuple(_list(entry) for entry in yaml.safe_load(text)["lists"])


def _list(entry: dict[str, Any]) -> ListLayout:
    columns: list[Column] = []
    for item in entry["columns"]:
        shared = isinstance(item, list)
        columns += [_column(c, common=shared) for c in (item if shared else [item])]
    return ListLayout(
        number=entry["list"],
        name=entry["name"],
        main=entry["main"],
        window=entry["window"],
        key=tuple(entry["key"]),
        sequence=tuple((a, b) for a, b in entry.get("sequence", [])),
        columns=tuple(columns),
    )


def _column(entry: dict[str, Any], *, common: bool) -> Column:
    return Column(**{**entry, "also": tuple(entry.get("also", ())), "common": common})
