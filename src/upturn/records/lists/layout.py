"""A kind of record: its columns, what they hold, and which field of the casebook each fills."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from upturn.records.sheets import Sheet


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
    many: bool = False  # the cell holds several codes, with commas between

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
    """One kind of record: a list of Annex A, a block of the census.

    ``label`` is what a row of it is called by (``List 4``), ``prefix`` begins the identifiers made for its
    rows. ``number`` is that of the list, where lists have numbers.
    """

    label: str
    prefix: str
    name: str
    main: str
    window: str
    key: tuple[str, ...]
    sequence: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    number: int = 0
    #: How the source writes a date, in words.
    date_order: str = "day, month, year"

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
        kept = [c for c in self.columns if c.table not in (None, "person")]
        dates = [c for c in kept if c.type == "date"]
        return next((c for c in dates if c.needed), dates[0] if dates else None)


@dataclass(frozen=True)
class Source:
    """Where the rows of one list stand, and which column is which.

    ``columns`` maps the official header to the position of the column in the sheet; ``headers`` gives
    the header at each position as found. The cells of ``sheet`` may be elsewhere.
    """

    sheet: Sheet
    layout: ListLayout
    columns: Mapping[str, int]
    headers: tuple[str, ...]

    @property
    def missing(self) -> tuple[Column, ...]:
        """Columns of the list that the sheet does not have."""
        return tuple(c for c in self.layout.columns if c.header not in self.columns)

    def found(self, column: Column) -> str:
        """The header of ``column`` as the file spells it."""
        return self.headers[self.columns[column.header]]


@lru_cache(maxsize=10_000)
def comparable(header: str) -> str:
    """A header with case, quotes, brackets, punctuation and spacing taken out, for comparison.

    >>> comparable("Child’s  Legal Status (Y/N))")
    'childs legal status'
    """
    text = unicodedata.normalize("NFKC", header).lower()
    text = re.sub(r"\(\s*y\s*/\s*n\s*\)", " ", text)
    text = re.sub(r"[‘’ʼ´`'\"“”]", "", text)
    return re.sub(r"[^a-z0-9]+", " ", text).strip()
