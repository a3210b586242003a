"""What every test shares: a table's rows as cases, with their place and the cases that belong together."""

from __future__ import annotations

from datetime import date

import polars as pl

from upturn.findings.model import CASES
from upturn.records.casebook import Casebook
from upturn.records.tables import TABLES

#: Where a row stands in the extract, as people say it.
PLACE = pl.format("{} row {}", "source_list", "source_row")


def table_rows(casebook: Casebook, table: str) -> pl.DataFrame:
    """The rows of a table with ``child_id`` and ``source_rows`` beside its own columns."""
    child = TABLES[table].child
    name = pl.col(child) if child else pl.lit(None, dtype=pl.String)
    return casebook.table(table).with_columns(child_id=name, source_rows=PLACE)


def as_cases(
    rows: pl.DataFrame, *, hit: pl.Expr, day: pl.Expr, reason: pl.Expr, cluster: pl.Expr
) -> pl.DataFrame:
    """The rows as cases. ``rows`` has ``child_id``, ``team`` and ``source_rows``."""
    return rows.select(
        "child_id",
        "team",
        "source_rows",
        hit=hit,
        day=day,
        reason=pl.when(hit).then(reason),
        cluster=cluster,
    ).select(pl.col(name).cast(kind) for name, kind in CASES.items())


def together(*parts: pl.Expr) -> pl.Expr:
    """What marks cases that come together (brothers and sisters share days, team and worker)."""
    return pl.concat_str([part.cast(pl.String).fill_null("") for part in parts], separator="|")


def said_day(column: str) -> pl.Expr:
    """A date as people write it, for a reason."""
    return pl.col(column).dt.strftime("%-d %b %Y").fill_null("no date")


def lately(day: str | pl.Expr, as_at: date, *, months: int = 12) -> pl.Expr:
    """Whether a day is in the months before the extract: a source may hold years, a letter is about now."""
    column = pl.col(day) if isinstance(day, str) else day
    return column > pl.lit(as_at).dt.offset_by(f"-{months}mo")


def empty_cases() -> pl.DataFrame:
    """No cases.

    >>> empty_cases().height
    0
    """
    return pl.DataFrame(schema=CASES)
