"""The tables of the casebook: the one place that says what they are called and what they hold.

Tables and fields carry the names of the Standard Safeguarding Dataset (without its ``ssd_`` prefix), so
that a record means the same whichever source it came from. Every row also carries where it came from
and which of its fields were set aside because their source cell could not be trusted.
"""

from __future__ import annotations

import polars as pl

from upturn.records.table_model import DATE, FLAG, NUMBER, PROVENANCE, TEXT, Table
from upturn.records.tables_care import CARE
from upturn.records.tables_need import NEED

__all__ = ["DATE", "FLAG", "NUMBER", "PROVENANCE", "TABLES", "TEXT", "Table", "empty"]

TABLES: dict[str, Table] = {table.name: table for table in (*NEED, *CARE)}


def empty(name: str) -> pl.DataFrame:
    """An empty table of the casebook with every column typed.

    >>> empty("contacts").columns[:3]
    ['cont_contact_id', 'cont_person_id', 'cont_contact_date']
    """
    return pl.DataFrame(schema=TABLES[name].schema)
