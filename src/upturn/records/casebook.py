"""The casebook: the tables of one extract, as at one date. Immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from upturn.records import disagreements as differing
from upturn.records.tables import TABLES, empty


@dataclass(frozen=True)
class ListCount:
    """What came in for one list and what became of it: ``rows_in == accepted + quarantined``."""

    source_list: str  # "List 4"
    name: str  # "Assessments"
    source_file: str
    source_sheet: str
    rows_in: int
    accepted: int
    quarantined: int

    def __post_init__(self) -> None:
        if self.rows_in != self.accepted + self.quarantined:
            raise AssertionError(f"{self.source_list}: rows do not add up: {self}")


@dataclass(frozen=True)
class Casebook:
    """What one council knew on one date.

    ``tables`` holds a frame for every name in `upturn.records.tables.TABLES`. ``history`` says, for a
    table, ``"latest"`` when the source holds only the latest row per child (Annex A visits and reviews)
    and ``"complete"`` otherwise. ``spellings`` is the value-mapping report; ``absent`` says, in sentences,
    which columns and lists the source should have and does not, and ``absent_fields`` names the fields
    they would have filled, so that an empty field is never read as "it did not happen"; ``notes`` are
    plain sentences for the reader of a report. ``sha256`` is the hash of the input file, or of the names
    and bytes of a folder's files. ``mapping`` names the user's own mapping file with its version, if any.

    A casebook of several sources (`upturn.records.combine`) keeps theirs in ``parts``, the newest first, with
    their names in ``labels``; its ``source`` names each kind (``"annex_a+ssd"``), and ``disagreements``
    has the columns of `upturn.records.disagreements.SCHEMA`. The key of a row begins with the number of
    its part.
    """

    source: str  # "annex_a"
    source_name: str  # file or folder name without its path
    sha256: str
    as_at: date
    as_at_reason: str
    tables: Mapping[str, pl.DataFrame]
    counts: tuple[ListCount, ...]
    quarantine: pl.DataFrame
    spellings: pl.DataFrame
    history: Mapping[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    absent_fields: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    mapping: str = ""
    parts: tuple[Casebook, ...] = ()
    labels: tuple[str, ...] = ()
    disagreements: pl.DataFrame = field(default_factory=differing.none)

    def table(self, name: str) -> pl.DataFrame:
        """The named table, empty if the source had nothing for it.

        Raises KeyError for a name that is not a table of the casebook.
        """
        if name not in TABLES:
            raise KeyError(f"no table {name!r} in the casebook; there are {', '.join(TABLES)}")
        found = self.tables.get(name)
        return empty(name) if found is None else found
