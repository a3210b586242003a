"""A sheet: a rectangle of cells as text, before anybody has decided what it means.

Every reader of a file format (workbook, folder of CSVs) ends here, so that everything after this point
is the same for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


class SourceError(Exception):
    """Input that cannot be used at all. The message says what is wrong and what to do, in one line."""


#: What a cell holds when it had a formula but the file stores no result for it.
NO_STORED_VALUE = "#NO-VALUE!"
#: Texts that spreadsheets show for a failed formula, and ours for a formula never worked out.
ERROR_VALUES = frozenset(
    {
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
        NO_STORED_VALUE,
    }
)


def counted(number: int, one: str, many: str) -> str:
    """A number with its words, which may hold the verb.

    >>> counted(1, "formula has", "formulas have"), counted(2, "formula has", "formulas have")
    ('1 formula has', '2 formulas have')
    """
    return f"{number:,} {one if number == 1 else many}"


@dataclass(frozen=True)
class Sheet:
    """One sheet or CSV file.

    ``cells`` has one String column per sheet column and one row per sheet row, header and all; null is an
    empty cell. Dates the file stores as dates read ``2026-08-04 00:00:00``; an error cell holds its
    error text (see `ERROR_VALUES`). Row 0 of ``cells`` is row ``first_row`` of the sheet (1-based).
    ``notes`` says what was done to it, for the report ("2 merged ranges filled").
    """

    file: str
    name: str
    cells: pl.DataFrame
    first_row: int = 1
    hidden: bool = False
    date_1904: bool = False
    notes: tuple[str, ...] = ()
