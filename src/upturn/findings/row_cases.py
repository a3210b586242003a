"""Tests that ask something of the rows of one table, written in the catalogue as conditions.

A condition names a field and one of: ``is: blank`` or ``filled``; ``equals``; ``contains``; ``none_of`` (a
list); ``at_least`` (a number); ``months_before_extract`` (a date so long ago or longer); ``within_months``
(a date no longer ago than that).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from operator import and_
from typing import Any

import polars as pl

from upturn.findings.cases import as_cases, said_day, table_rows, together
from upturn.findings.model import Cases
from upturn.journeys.result import Check
from upturn.records.tables import TABLES

OPERATORS = ("is", "equals", "contains", "none_of", "at_least", "months_before_extract",
             "within_months")  # fmt: skip


def rows_where(check: Check, test: Mapping[str, Any]) -> Cases:
    """Rows of ``table`` that meet every condition of ``where``, and those that also meet every ``hit``.

    A row whose field was set aside is not judged: it is counted as one that cannot be told.
    """
    rows = table_rows(check.casebook, test["table"])
    asked = rows.filter(_all(test["where"], check.as_at))
    fields = {c["field"] for c in (*test["where"], *test["hit"])}
    sure = pl.col("set_aside").list.set_intersection(pl.lit(sorted(fields))).list.len() == 0
    absent = sorted(fields & check.casebook.absent_fields)
    if absent:
        return Cases(
            asked.clear().pipe(_cases, test, check),
            missing=f"the extract does not hold {absent[0]}",
        )
    judged = asked.filter(sure)
    return Cases(_cases(judged, test, check), untold=asked.height - judged.height)


def _cases(rows: pl.DataFrame, test: Mapping[str, Any], check: Check) -> pl.DataFrame:
    day = pl.col(test["day"])
    return as_cases(
        rows,
        hit=_all(test["hit"], check.as_at).fill_null(False),
        day=day,
        reason=_reason(test["reason"], TABLES[test["table"]].columns),
        cluster=together(day, pl.col("team"), pl.col("worker")),
    )


def _all(conditions: Sequence[Mapping[str, Any]], as_at: date) -> pl.Expr:
    return reduce(and_, (_condition(c, as_at) for c in conditions), pl.lit(True))


def _condition(condition: Mapping[str, Any], as_at: date) -> pl.Expr:
    field = pl.col(condition["field"])
    name = next(name for name in OPERATORS if name in condition)
    wanted = condition[name]
    if name == "is":
        return field.is_null() if wanted == "blank" else field.is_not_null()
    if name == "equals":
        return field.eq(wanted)
    if name == "contains":
        return field.str.to_lowercase().str.contains(str(wanted).lower(), literal=True)
    if name == "none_of":
        return ~field.is_in(wanted)
    if name == "at_least":
        return field.ge(wanted)
    then = pl.lit(as_at).dt.offset_by(f"-{wanted}mo")
    return field <= then if name == "months_before_extract" else field > then


def _reason(text: str, columns: Mapping[str, pl.DataType]) -> pl.Expr:
    """A reason with the row's own values in it."""
    fields = re.findall(r"\{(\w+)\}", text)
    parts = []
    for name in fields:
        if columns[name] == pl.Date():
            parts.append(said_day(name))
        elif columns[name] == pl.Float64():
            parts.append(pl.col(name).cast(pl.Int64).cast(pl.String).fill_null("?"))
        else:
            parts.append(pl.col(name).cast(pl.String).fill_null("?"))
    return pl.format(re.sub(r"\{\w+\}", "{}", text), *parts) if fields else pl.lit(text)
