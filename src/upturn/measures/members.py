"""The rows behind a measure: who is in it, who is out of it, and of whom it cannot be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from upturn.journeys.due import due_list
from upturn.measures.conditions import every
from upturn.measures.days import LENGTH_OF
from upturn.measures.desk import EPISODES, Desk
from upturn.measures.load import fields_needed, inside_of
from upturn.measures.model import LENGTHS, MEMBERS, Clocks, Length, Measure, Rows

Window = tuple[date, date]
UNKNOWN_PLACE = "it cannot be told whether it belongs"
DATE_ASIDE = "its date was set aside"
_LATE_EVER = ("overdue", "met late")
_SETTLED = ("met", "running", "due soon")


@dataclass
class Found:
    """Members, with the columns of `upturn.measures.model.MEMBERS`, and what was left out and why.

    ``why`` says why nothing can be told at all, and then there are no members. ``none`` counts the rows
    whose length has no start, where the measure has a name for that.
    """

    members: pl.DataFrame
    excluded: dict[str, int] = field(default_factory=dict)
    why: str = ""
    none: int = 0


def members_of(desk: Desk, measure: Measure, window: Window) -> Found:
    """Everything behind one measure; see `Found`."""
    if measure.form == "overdue":
        return _overdue(desk)
    assert measure.form == "clocks" or measure.rows is not None
    if measure.form == "clocks":
        return _of_clocks(desk, measure.clocks, window)  # type: ignore[arg-type]
    if measure.form == "episodes":
        return _of_episodes(desk, measure, window)
    return _of_rows(desk, measure, window)


def _nothing(why: str) -> Found:
    return Found(pl.DataFrame(schema=MEMBERS), why=why)


def _of_rows(desk: Desk, measure: Measure, window: Window) -> Found:
    rows, absent = measure.rows, _missing_column(desk, measure)
    assert rows is not None
    if absent:
        return _nothing(absent)
    conditions = (*rows.where, *inside_of(measure, desk.casebook.source))
    fields = fields_needed(measure, desk.casebook.source)
    placed, excluded = _placed(desk, measure, desk.table(rows.table, fields, conditions), window)
    none = 0
    if measure.length:
        placed, none = _with_length(desk, measure.length, placed)
    counts = _inside(desk, measure, placed)
    members = _members(placed.with_columns(counts=counts, day=_day(rows)))
    if rows.per_child:
        members = _per_child(members, rows.per_child)
    return Found(members, excluded, none=none)


def _missing_column(desk: Desk, measure: Measure) -> str:
    """Why nothing can be told: the source has no column that places the rows or measures them."""
    rows, length = measure.rows, measure.length
    assert rows is not None
    placing = {rows.window, *(rows.open or ()), *((length.start, length.to) if length else ())}
    gone = sorted(name for name in placing if name and desk.absent(name))
    return f"the source has no {', '.join(gone)}" if gone else ""


def _day(rows: Rows) -> pl.Expr:
    return pl.col(rows.window) if rows.window else pl.lit(None, dtype=pl.Date)


def _placed(
    desk: Desk, measure: Measure, frame: pl.DataFrame, window: Window
) -> tuple[pl.DataFrame, dict[str, int]]:
    """The rows that belong to the measure, and how many were left out because nobody can say."""
    rows = measure.rows
    assert rows is not None
    absent = frozenset(n for n in frame.columns if desk.absent(n))
    belongs = every(rows.where, as_at=desk.as_at, absent=absent)
    if rows.window:
        day = pl.col(rows.window)
        aside = pl.col(f"aside:{rows.window}").fill_null(False) & day.is_null()
        inside: pl.Expr = pl.when(~aside).then(day.is_between(*window).fill_null(False))
        unknown = DATE_ASIDE
    elif rows.open:
        inside, unknown = open_on(rows.open, pl.lit(desk.as_at)), DATE_ASIDE
    else:
        inside, unknown = pl.lit(True), DATE_ASIDE
    frame = frame.with_columns(_belongs=belongs, _inside=inside)
    excluded = {
        UNKNOWN_PLACE: _count(frame, pl.col("_belongs").is_null() & pl.col("_inside")),
        unknown: _count(frame, pl.col("_inside").is_null() & pl.col("_belongs").fill_null(True)),
    }
    left = {why: n for why, n in excluded.items() if n}
    return frame.filter(pl.col("_belongs") & pl.col("_inside")), left


def open_on(dates: tuple[str, str], day: pl.Expr) -> pl.Expr:
    """Whether a row is open on a day: begun by then and not ended by then; null when a date was set aside."""
    start, end = pl.col(dates[0]), pl.col(dates[1])
    aside = pl.any_horizontal(
        pl.col(f"aside:{name}").fill_null(False) & pl.col(name).is_null() for name in dates
    )
    ended = (end <= day).fill_null(False)
    begun = (start <= day).fill_null(False)
    return pl.when(~aside | ended | (start > day).fill_null(False)).then(begun & ~ended)


def _count(frame: pl.DataFrame, condition: pl.Expr) -> int:
    return int(frame.select(condition.fill_null(False).sum()).item())


def _with_length(desk: Desk, length: Length, frame: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """The rows with their length as ``amount``; how many have no start where that has a name."""
    end = pl.col(length.to) if length.to else pl.lit(desk.as_at)
    amount = LENGTH_OF[length.unit](pl.col(length.start), end).cast(pl.Float64)
    frame = frame.with_columns(amount=pl.when(amount >= 0).then(amount))
    if not length.none:
        return frame, 0
    blank = pl.col(length.start).is_null() & ~pl.col(f"aside:{length.start}").fill_null(False)
    return frame, _count(frame, blank)


def _inside(desk: Desk, measure: Measure, frame: pl.DataFrame) -> pl.Expr:
    """Whether each row counts: by its conditions, by its length, or because it is there."""
    absent = frozenset(n for n in frame.columns if desk.absent(n))
    counts = every(inside_of(measure, desk.casebook.source), as_at=desk.as_at, absent=absent)
    length = measure.length
    if length and measure.unit in LENGTHS:
        return pl.when(pl.col("amount").is_not_null()).then(counts)
    if length and length.bounded:
        return counts & _within(length)
    return counts


def _within(length: Length) -> pl.Expr:
    amount, whole = pl.col("amount"), pl.lit(True)
    if length.more_than is not None:
        whole = whole & (amount > length.more_than)
    if length.at_least is not None:
        whole = whole & (amount >= length.at_least)
    return whole & (amount <= length.at_most) if length.at_most is not None else whole


def _members(frame: pl.DataFrame) -> pl.DataFrame:
    held = frame.columns
    return frame.select(
        (pl.col(name) if name in held else pl.lit(None)).cast(kind).alias(name)
        for name, kind in MEMBERS.items()
    )


def _per_child(members: pl.DataFrame, least: int) -> pl.DataFrame:
    """One member a child, in the numerator when the child has at least so many rows that count."""
    return members.group_by("child_id", maintain_order=True).agg(
        pl.col("team").last(),
        pl.col("source").str.join("; "),
        pl.col("day").max(),
        counts=pl.col("counts").sum() >= least,
        amount=pl.col("counts").sum().cast(pl.Float64),
    ).select(pl.col(name).cast(kind) for name, kind in MEMBERS.items())  # fmt: skip


def _of_clocks(desk: Desk, clocks: Clocks, window: Window) -> Found:
    read = {"child_id", "team", "source_rows", "state", "working_days", clocks.window} - {""}
    frame = desk.check.clocks
    if clocks.rules:
        frame = desk.check.clocks_of(clocks.rules, *sorted(read))
    if clocks.window:
        frame = frame.filter(pl.col(clocks.window).is_between(*window))
    known = frame.filter(pl.col("state").is_in([*clocks.of, "cannot tell"]))
    state, counts = pl.col("state"), clocks.counts or clocks.of
    members = known.with_columns(
        counts=pl.when(state != "cannot tell").then(state.is_in(counts)),
        day=pl.col(clocks.window) if clocks.window else pl.lit(None),
        source="source_rows",
        amount="working_days",
    )
    return Found(_members(members))


def _of_episodes(desk: Desk, measure: Measure, window: Window) -> Found:
    """Rows judged by the clocks that ran in them: one late clock is enough to put the row out.

    With ``counts: [met]`` what was late once is late; otherwise only what is overdue now. A row in which
    a clock cannot be told, and none is late, cannot be told; neither can a row with no clock.
    """
    rows, clocks, absent = measure.rows, measure.clocks, _missing_column(desk, measure)
    assert rows is not None
    assert clocks is not None
    if absent:
        return _nothing(absent)
    fields = fields_needed(measure, desk.casebook.source)
    frame = desk.with_episodes(desk.table(rows.table, fields, rows.where), rows.table)
    placed, excluded = _placed(desk, measure, frame, window)
    late = _LATE_EVER if clocks.counts == ("met",) else ("overdue",)
    state = pl.col("state")
    ran = (
        desk.check.clocks_of(clocks.rules, "child_id", "episode_id", "episode", "state")
        .filter(
            pl.col("episode") == EPISODES[rows.table][0],
            state != "does not apply",
        )
        .group_by("child_id", "episode_id")
        .agg(
            _late=state.is_in(late).any(),
            _untold=(state == "cannot tell").any(),
            _told=state.is_in([*_SETTLED, "met late"]).any(),
        )
    )
    judged = placed.join(ran, on=["child_id", "episode_id"], how="left", maintain_order="left")
    counts = (
        pl.when(pl.col("_late")).then(False).when(pl.col("_told") & ~pl.col("_untold")).then(True)
    )
    return Found(_members(judged.with_columns(counts=counts, day=_day(rows))), excluded)


def _overdue(desk: Desk) -> Found:
    """Each piece of work overdue, once, with the days it is overdue."""
    owed = due_list(desk.check).filter(pl.col("state") == "overdue")
    members = owed.with_columns(counts=pl.lit(True), source="source_rows", amount="days_late")
    return Found(_members(members))
