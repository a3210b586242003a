"""What a table of the casebook is: its name, its key, its child, its fields with their types."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

TEXT, DATE, NUMBER, FLAG = pl.String(), pl.Date(), pl.Float64(), pl.Boolean()


@dataclass(frozen=True)
class Table:
    """One table of the casebook.

    ``key`` is the column that names a row; ``child`` the column that names the child (adopters,
    professionals and departments have none); ``columns`` maps each field to its type.
    """

    name: str
    key: str
    child: str | None
    columns: dict[str, pl.DataType]

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Every column with its type, the provenance columns last."""
        return {**self.columns, **PROVENANCE}


#: What every row says of itself. ``source_row`` counts from 1 as a spreadsheet does; ``set_aside`` names
#: the fields of this row whose source cell went to quarantine, so that an empty field which *was* filled
#: in is never read as "it did not happen".
PROVENANCE: dict[str, pl.DataType] = {
    "team": TEXT,
    "worker": TEXT,
    "source_file": TEXT,
    "source_sheet": TEXT,
    "source_list": TEXT,
    "source_row": pl.UInt32(),
    "set_aside": pl.List(pl.String),
}


def table(name: str, key: str, child: str | None, **columns: pl.DataType) -> Table:
    """A table whose first columns are its key and its child.

    >>> table("contacts", "cont_id", "cont_person_id", cont_date=DATE).columns["cont_person_id"]
    String
    """
    own: dict[str, pl.DataType] = {key: TEXT}
    if child:
        own[child] = TEXT
    return Table(name, key, child, {**own, **columns})
