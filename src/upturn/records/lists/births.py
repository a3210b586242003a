"""Births held against what happened to the child in other records, where a source keeps the two apart."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from upturn.records.lists.compare import PREGNANCY_DAYS, where
from upturn.records.lists.rows import Rows, set_aside


def births_across(people: Rows, others: Sequence[Rows]) -> Rows:
    """``people`` with each birth set aside that is long after the child's first event in ``others``.

    An event is the key date of a list. A birth within a pregnancy of it is left: the child was unborn then.
    """
    born = next((c for c in people.columns("date") if c.field == "pers_dob"), None)
    first = _first_events(others)
    if born is None or born.header not in people.values.columns or first.is_empty():
        return people
    mine = pl.DataFrame(
        {"child": people.filled_by("child"), "born": people.values[born.header]}
    ).join(first, on="child", how="left", maintain_order="left")
    days = (mine["born"] - mine["day"]).dt.total_days()
    impossible = (days > PREGNANCY_DAYS).fill_null(False)
    said = mine.select(
        pl.format("{}, {} in {}", "what", pl.col("day").dt.strftime("%-d %b %Y"), "label")
    ).to_series()
    return set_aside(people, born.header, where(impossible, "born-after-event"), other=said)


def _first_events(lists: Sequence[Rows]) -> pl.DataFrame:
    """The first key date of each child over all the lists: child, day, what it is, in which list."""
    found = [
        pl.DataFrame(
            schema={"child": pl.String, "day": pl.Date, "what": pl.String, "label": pl.String}
        )
    ]
    for rows in lists:
        day = rows.source.layout.key_date
        if day is None or day.header not in rows.values.columns:
            continue
        frame = pl.DataFrame({"child": rows.filled_by("child"), "day": rows.values[day.header]})
        found.append(frame.with_columns(what=pl.lit(day.header), label=pl.lit(rows.label)))
    return (
        pl.concat(found)
        .drop_nulls(["child", "day"])
        .sort("day", maintain_order=True)
        .unique("child", keep="first", maintain_order=True)
    )
