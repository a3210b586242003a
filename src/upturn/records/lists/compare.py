"""Checks that compare: rows with each other, dates with each other, dates with the extract's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import polars as pl

from upturn.records.lists.layout import Column, ListLayout
from upturn.records.lists.rows import Rows, drop, set_aside

#: An extract's own date is the latest that this many dates stand near to, so that one slip of the
#: keyboard ("2062") does not make every clock in the council overdue.
NEAR, NEAR_DAYS = 5, 28
#: Days a given date may be from the extract's own before that is said.
FAR_OFF = 31
#: A booking may lie this far ahead of the extract; further ahead it is taken for a slip.
BOOKED_AHEAD_DAYS = 185
#: A child may be known before birth, but not longer than this.
PREGNANCY_DAYS = 280
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_ICPC = "icpc_icpc_date"


def shown(day: pl.Expr) -> pl.Expr:
    """A date as people write it: ``4 Aug 2026``."""
    return day.dt.strftime("%-d %b %Y")


def without_duplicates(rows: Rows) -> Rows:
    """Quarantine rows that repeat an earlier one in every column; the first of them is kept.

    Records nested in different ones are not the same.
    """
    if not rows.at.len():
        return rows
    alike = likeness(rows)
    if not alike.is_duplicated().any():
        return rows
    frame = pl.DataFrame({"alike": alike, "at": rows.at})
    first = frame.select(pl.col("at").min().over("alike")).to_series()
    problem = pl.select(pl.when(first != rows.at).then(pl.lit("duplicate-row"))).to_series()
    other = pl.select(pl.format("row {}", first)).to_series()
    return drop(rows, problem, header=rows.source.layout.child.header, other=other)


def likeness(rows: Rows) -> pl.Series:
    """A number for each row: the same for rows that are the same in every column and place."""
    placed = pl.concat([rows.raw, rows.links.drop("id")], how="horizontal")
    return placed.select(pl.struct(pl.all()).hash()).to_series()


def latest_date(lists: Iterable[Rows]) -> date | None:
    """The extract's own latest date: the latest day with `NEAR` dates in the `NEAR_DAYS` before it.

    Bookings and dates of birth do not count. None when there is no date at all.
    """
    found = [rows.values[c.header] for rows in lists for c in rows.columns("date") if not c.booked]
    days = (
        pl.concat(found).drop_nulls().sort(descending=True)
        if found
        else pl.Series([], dtype=pl.Date)
    )
    if days.is_empty():
        return None
    near = days.shift(1 - NEAR)
    supported = days.filter((days - near) <= timedelta(days=NEAR_DAYS))
    latest: date = supported[0] if len(supported) else days[0]
    return latest


def given_date(as_at: date, own: date | None) -> str:
    """Why an extract is read on a date that was given, and its own date where that is more than a month off.

    >>> given_date(date(2099, 1, 1), date(2026, 9, 30))
    "given with the command; the extract's own latest date is 30 Sep 2026"
    """
    said = "given with the command"
    if own is None or abs((as_at - own).days) <= FAR_OFF:
        return said
    return f"{said}; the extract's own latest date is {own.day} {own:%b %Y}"


def check_dates(rows: Rows, *, as_at: date) -> Rows:
    """Set aside dates after the extract, out of sequence, before birth, and conferences at weekends."""
    rows = _after_extract(rows, as_at)
    for earlier, later in rows.source.layout.sequence:
        if earlier in rows.values.columns and later in rows.values.columns:
            rows = _out_of_sequence(rows, earlier, later)
    rows = _weekend_conferences(rows)
    rows = _births(rows)
    return _contradictions(rows)


def _after_extract(rows: Rows, as_at: date) -> Rows:
    said = f"{as_at.day} {as_at:%b %Y}"
    for column in rows.columns("date"):
        limit = as_at + timedelta(days=_ahead(column))
        late = rows.values[column.header] > limit
        if not late.any():
            continue
        if column.needed:
            why = f"it is after the extract's date of {said}"
            rows = drop(rows, where(late, "no-key-date"), header=column.header, other=why)
        else:
            problem = where(late, "date-after-extract")
            rows = set_aside(rows, column.header, problem, other=said)
    return rows


def _ahead(column: Column) -> int:
    """How many days after the extract a date may lie: a booking's, or a birth that is expected."""
    if column.field == "pers_dob":
        return PREGNANCY_DAYS
    return BOOKED_AHEAD_DAYS if column.booked else 0


def _out_of_sequence(rows: Rows, earlier: str, later: str) -> Rows:
    first, then = rows.values[earlier], rows.values[later]
    before = then < first
    if not before.any():
        return rows
    return set_aside(
        rows, later, where(before, "out-of-sequence"), other=_said(earlier, first, before)
    )


def _weekend_conferences(rows: Rows) -> Rows:
    for column in rows.columns("date"):
        if column.field == _ICPC:
            weekday = rows.values[column.header].dt.weekday()
            name = weekday.replace_strict(range(1, 8), _DAYS, return_dtype=pl.String)
            problem = where(weekday > 5, "conference-on-weekend")
            rows = set_aside(rows, column.header, problem, other=name)
    return rows


def _births(rows: Rows) -> Rows:
    """Born after the row's own date: unborn then (a note), or impossible (the birth is set aside)."""
    born = next((c for c in rows.columns("date") if c.field == "pers_dob"), None)
    event = rows.source.layout.key_date
    if born is None or event is None or event.header not in rows.values.columns:
        return rows
    days = (rows.values[born.header] - rows.values[event.header]).dt.total_days()
    if not (days > 0).any():
        return rows
    check = (
        pl.when(days > PREGNANCY_DAYS)
        .then(pl.lit("born-after-event"))
        .when(days > 0)
        .then(pl.lit("unborn"))
    )
    other = _said(event.header, rows.values[event.header], days > 0)
    return set_aside(rows, born.header, pl.select(check).to_series(), other=other)


def _contradictions(rows: Rows) -> Rows:
    """Set aside the dates and answers on which rows for one child and one event disagree."""
    layout = rows.source.layout
    key = [h for h in layout.key if h in rows.values.columns]
    placed = rows.values.with_columns(pl.Series("\0at", rows.at)).drop_nulls(key)
    groups = placed.filter(placed.select(key).is_duplicated())
    if groups.is_empty():
        return rows
    for column in _may_contradict(rows, layout):
        differ = groups.filter(pl.col(column.header).n_unique().over(key) > 1)
        if differ.is_empty():
            continue
        together = pl.format("row {}", pl.col("\0at")).str.join(" and ").over(key)
        marked = differ.select(
            "\0at", check=pl.lit("contradictory-rows"), other=pl.format("{} together", together)
        )
        at = pl.DataFrame({"\0at": rows.at}).join(
            marked, on="\0at", how="left", maintain_order="left"
        )
        rows = set_aside(rows, column.header, at["check"], other=at["other"])
    return rows


def _may_contradict(rows: Rows, layout: ListLayout) -> list[Column]:
    kept = [c for c in rows.columns("date", "yesno") if c.table not in (None, "person")]
    return [c for c in kept if c.header not in layout.key]


def open_twice(rows: Rows) -> Rows:
    """Note the children with more than one row open at once in a list that holds one row a child."""
    ends = {"cp_plans": "cppl_cp_plan_end_date", "cla_episodes": "clae_cla_episode_ceased_date"}
    field = ends.get(rows.source.layout.main)
    end = next((c.header for c in rows.columns("date") if c.field == field), None)
    if end is None:
        return rows
    child = rows.filled_by("child")
    frame = pl.DataFrame(
        {"child": child, "open": rows.values[end].is_null() & rows.problems[end].is_null()}
    )
    many = frame.select(pl.col("open").sum().over("child")).to_series()
    problem = where((many > 1) & frame["open"], "open-twice")
    return set_aside(rows, end, problem, other=many.cast(pl.String))


def where(mask: pl.Series, check: str) -> pl.Series:
    """The id of ``check`` for the rows where ``mask`` is true, null for the others."""
    return pl.select(pl.when(mask).then(pl.lit(check))).to_series()


def _said(header: str, dates: pl.Series, mask: pl.Series) -> pl.Series:
    """``Date of Referral, 4 Aug 2026`` for the rows where ``mask`` is true."""
    wanted = pl.when(mask).then(dates)
    return pl.select(pl.format("{}, {}", pl.lit(header), shown(wanted))).to_series()
