"""Lengths of time between two dates, by the house's calendar."""

from __future__ import annotations

import polars as pl

from upturn.rulebooks.calendar import DAY0, DAYS, in_table, working_day_count


def working_days(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Working days of (start, end]; null where the calendar does not reach.

    >>> from datetime import date
    >>> frame = pl.DataFrame({"a": [date(2026, 8, 4)], "b": [date(2026, 10, 7)]})
    >>> frame.select(working_days(pl.col("a"), pl.col("b"))).item()
    45
    """
    counts = pl.lit(pl.Series(working_day_count()))
    known = pl.lit(pl.Series(in_table()))

    def at(day: pl.Expr, table: pl.Expr) -> pl.Expr:
        offset = day.to_physical().cast(pl.Int64) - DAY0
        return table.gather(pl.when(offset.is_between(0, DAYS - 1)).then(offset))

    return pl.when(at(start, known) & at(end, known)).then(at(end, counts) - at(start, counts))


def weeks(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Weeks from start to end, with their fraction."""
    return (end - start).dt.total_days() / 7


def months(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Calendar months from start to end: whole ones, and the days over as 31sts.

    Three months to the day is 3 exactly, as "three months or less" wants it.

    >>> from datetime import date
    >>> frame = pl.DataFrame({"a": [date(2026, 1, 31)] * 2, "b": [date(2026, 4, 30), date(2026, 5, 1)]})
    >>> frame.select(months(pl.col("a"), pl.col("b")).round(2)).to_series().to_list()
    [3.0, 3.03]
    """
    apart = (
        (end.dt.year() - start.dt.year()) * 12 + end.dt.month().cast(pl.Int32) - start.dt.month()
    )
    too_far = start.dt.offset_by(pl.format("{}mo", apart)) > end
    whole = apart - too_far.cast(pl.Int32)
    over = (end - start.dt.offset_by(pl.format("{}mo", whole))).dt.total_days()
    return whole + over / 31


LENGTH_OF = {"working days": working_days, "weeks": weeks, "months": months}
