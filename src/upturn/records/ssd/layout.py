"""The layout of the Standard Safeguarding Dataset, read from ``ssd.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import polars as pl
import yaml

from upturn.records.lists.layout import Column, ListLayout
from upturn.records.tables import TABLES

_TYPES = {pl.Date(): "date", pl.Boolean(): "yesno", pl.Float64(): "number", pl.String(): "text"}


@dataclass(frozen=True)
class SsdColumn(Column):
    """One column of a table. See the head of ``ssd.yaml`` for what each field means."""

    varies: bool = False
    untrusted: bool = False
    ours: bool = False

    @property
    def is_id(self) -> bool:
        """Whether its cells are identifiers, which a number of nobody does not fill."""
        return self.type == "id" or self.to == "worker"


@dataclass(frozen=True)
class Link:
    """A column that names a row of another table, and how the row is found when it does not."""

    column: str
    table: str
    placed_by: str | None = None
    within: int | None = None
    quiet: bool = False


@dataclass(frozen=True)
class SsdTable(ListLayout):
    """One table of the dataset, whose label is its name.

    ``own_id`` is the column of its identifier; None where that is the child's or nothing names a row.
    ``parent`` is how to find the child of a row that names none: the column, the table it leads to, and
    the column there. ``of_children`` is false for teams and professionals.
    """

    own_id: str | None = None
    of_children: bool = True
    parent: tuple[str, str, str] | None = None
    links: tuple[Link, ...] = ()

    @property
    def ssd_columns(self) -> tuple[SsdColumn, ...]:
        """The columns, as columns of the dataset."""
        return tuple(c for c in self.columns if isinstance(c, SsdColumn))


@dataclass(frozen=True)
class Ssd:
    """All that ``ssd.yaml`` says: the tables by name, and what holds for all of them."""

    tables: Mapping[str, SsdTable]
    unused: frozenset[str]
    many: int
    placeholders: tuple[str, ...]
    nobody: str
    duplicate: str
    case_worker: tuple[str, ...]
    outcomes: Mapping[str, Mapping[str, Any]]
    health_checks: Mapping[str, str]
    unaccompanied: str
    names: Mapping[str, str] = field(default_factory=dict)

    def table_named(self, name: str) -> str | None:
        """The table a file or a table of a database holds by its name, or None.

        >>> ssd().table_named("SSD_CP_Visits"), ssd().table_named("person"), ssd().table_named("x")
        ('ssd_cp_visits', 'ssd_person', None)
        """
        plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        return self.names.get(plain) or self.names.get(f"ssd_{plain}")


@cache
def ssd() -> Ssd:
    """The dataset's layout.

    >>> len(ssd().tables) > 20, ssd().tables["ssd_cp_visits"].main
    (True, 'cp_visits')
    """
    text = resources.files(__package__).joinpath("ssd.yaml").read_text(encoding="utf-8")
    said = yaml.safe_load(text)
    tables = {entry["table"]: _table(entry) for entry in said["tables"]}
    names = {name: name for name in (*tables, *said["unused"])}
    return Ssd(
        tables=tables,
        unused=frozenset(said["unused"]),
        many=said["many"],
        placeholders=tuple(p.lower() for p in said["placeholders"]),
        nobody=said["nobody"],
        duplicate=said["duplicate"],
        case_worker=tuple(said["case_worker"]),
        outcomes=said["outcomes"],
        health_checks=said["health_checks"],
        unaccompanied=said["unaccompanied"],
        names=names,
    )


def _table(entry: dict[str, Any]) -> SsdTable:
    fills = entry.get("fills", "")
    columns = tuple(_column(c, fills) for c in entry["columns"])
    own = next((c["name"] for c in entry["columns"] if c.get("to") == "id"), None)
    child = entry.get("child")
    through = entry.get("through")
    return SsdTable(
        label=entry["table"],
        prefix=entry["table"].removeprefix("ssd_"),
        name=entry["name"],
        main=fills,
        window="",
        # Rows of one identifier that disagree contradict each other; a child without rows of its own is one.
        key=tuple(k for k in (child, own) if k) or (columns[0].header,),
        sequence=tuple((a, b) for a, b in entry.get("sequence", [])),
        columns=columns,
        own_id=own,
        of_children=child is not None,
        parent=(through["column"], through["table"], through.get("id", "")) if through else None,
        links=tuple(Link(**link) for link in entry.get("links", [])),
    )


def _column(entry: dict[str, Any], fills: str) -> SsdColumn:
    name, held = entry["name"], TABLES[fills].columns if fills else {}
    to = entry.get("to") or (f"{fills}.{name}" if name in held else None)
    to = to if to != "id" else None
    others = [n for names in entry.get("also", {}).values() for n in names]
    return SsdColumn(
        header=name,
        type=entry.get("type") or _TYPES[held[name]],
        to=to,
        also=(*others, name.partition("_")[2]),
        codes=entry.get("codes"),
        needed=entry.get("needed", False),
        booked=entry.get("booked", False),
        varies=entry.get("varies", False),
        untrusted=entry.get("untrusted", False),
        ours=entry.get("ours", False),
    )
