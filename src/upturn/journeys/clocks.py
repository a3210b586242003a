"""From the event log to the clocks: the log as arrays, the kernel, and its answer as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl

from upturn.journeys import arrays
from upturn.journeys.events import UNDATED
from upturn.journeys.kernel import run_clocks, vocabulary
from upturn.journeys.reasons import give_reasons
from upturn.journeys.result import CLOCKS, COVERAGE, STATES
from upturn.rulebooks.calendar import (
    DAY0,
    DAYS,
    add_working_days,
    day_number,
    in_table,
    working_day_count,
)
from upturn.rulebooks.compile import Family
from upturn.rulebooks.model import Rule

_CERTAINTY = {
    "exact": arrays.EXACT,
    "maybe": arrays.MAYBE,
    "unknown": arrays.UNKNOWN_DATE,
    "at or before": arrays.AT_OR_BEFORE,
    "latest": arrays.LATEST,
}
_WHOLE = ("child_id", "episode", "episode_id")


def soon_until(as_at: date, due_within: int) -> date:
    """The last day that counts as due soon: ``due_within`` working days after ``as_at``.

    Beyond the calendar of bank holidays, five working days are taken as a week.

    >>> soon_until(date(2026, 9, 30), 10)
    datetime.date(2026, 10, 14)
    """
    return add_working_days(as_at, due_within) or as_at + timedelta(days=due_within * 7 // 5)


def sorted_log(log: pl.DataFrame) -> pl.DataFrame:
    """The log in the order the kernel reads: by episode, date (unknown last) and event."""
    events, _ = vocabulary()
    place = pl.col("event").replace_strict(events, range(len(events)), return_dtype=pl.UInt8)
    return log.with_columns(_event=place).sort(
        *_WHOLE, "date", "_event", nulls_last=True, maintain_order=True
    )


def to_arrays(log: pl.DataFrame) -> arrays.EventArrays:
    """A log from `sorted_log` as arrays."""
    _, episodes = vocabulary()
    whole = pl.struct(_WHOLE)
    first = log.select((whole != whole.shift()).fill_null(True)).to_series()
    starts = first.arg_true().to_numpy()
    kind = (
        log["episode"]
        .gather(starts.tolist())
        .replace_strict(episodes, range(len(episodes)), return_dtype=pl.UInt8)
    )
    day = log["date"].to_physical().fill_null(arrays.UNKNOWN)
    return arrays.EventArrays(
        offsets=np.append(starts, log.height),
        episode_kind=kind.to_numpy(),
        event=log["_event"].to_numpy(),
        day=day.to_numpy(),
        certainty=log["certainty"].replace_strict(_CERTAINTY, return_dtype=pl.UInt8).to_numpy(),
    )


def clocks_of(
    log: pl.DataFrame, families: Sequence[Family], *, as_at: date, due_within: int
) -> tuple[pl.DataFrame, dict[int, int]]:
    """Every clock of ``log`` (from `sorted_log`), with the schema of `upturn.journeys.result.CLOCKS`.

    Second value: for each family, by its place, how many gaps the source does not hold.
    """
    if log.is_empty() or not families:
        return pl.DataFrame(schema=CLOCKS), dict.fromkeys(range(len(families)), 0)
    ran = run_clocks(
        to_arrays(log),
        families,
        as_at=day_number(as_at),
        soon_until=day_number(soon_until(as_at, due_within)),
    )
    frame = _place_in_log(log, ran)
    frame = _once_without_start(_under_rules(frame, families))
    frame = _measured(frame, as_at)
    frame = give_reasons(frame, families, as_at=as_at)
    table = frame.select(pl.col(c).cast(t) for c, t in CLOCKS.items())
    return table, dict(enumerate(ran.not_tested.tolist()))


def _place_in_log(log: pl.DataFrame, ran: arrays.Clocks) -> pl.DataFrame:
    """The kernel's rows with what the log says of the events they rest on."""
    frame = pl.DataFrame(
        {
            "family": ran.family,
            "state": ran.state,
            "due_on": ran.due,
            **{role: getattr(ran, role) for role in _ROLES},
        }
    ).with_columns(
        pl.col("state").replace_strict(range(len(STATES)), STATES, return_dtype=pl.String),
        pl.when(pl.col("due_on") >= 0).then("due_on").cast(pl.Date),
    )
    frame = pl.concat(
        [frame, _gathered(log, ran.start, "", ("child_id", "episode", "episode_id"))],
        how="horizontal",
    )
    for role in _ROLES:
        facts = _gathered(log, getattr(ran, role), f"{role}_", ("event", "date", "source", "note"))
        frame = pl.concat([frame, facts], how="horizontal")
    holders = _gathered(_holders(log), ran.start, "", ("team", "worker"))
    return pl.concat([frame, holders], how="horizontal")


_ROLES = ("start", "stop", "doubt", "end")


def _gathered(
    log: pl.DataFrame, rows: arrays.Ints, prefix: str, columns: Sequence[str]
) -> pl.DataFrame:
    """The ``columns`` of the log at ``rows``; nulls where a row is -1."""
    at = pl.Series(rows).cast(pl.Int64)
    at = pl.select(pl.when(at >= 0).then(at)).to_series()
    return log.select(pl.col(c).gather(at).alias(prefix + c) for c in columns)


def _holders(log: pl.DataFrame) -> pl.DataFrame:
    """For every row of the log, the last team and worker that its episode names."""
    last = [pl.col(c).drop_nulls().last().over(_WHOLE) for c in ("team", "worker")]
    return log.select(last)


def _under_rules(frame: pl.DataFrame, families: Sequence[Family]) -> pl.DataFrame:
    """Each clock's rule and edition: the edition in force on the day that started it."""
    start = frame["start_date"].to_physical().fill_null(DAY0).to_numpy().astype(np.int64) - DAY0
    start = np.clip(start, 0, DAYS - 1)
    family = frame["family"].to_numpy()
    rules: list[Rule] = []
    base = []
    for f in families:
        base.append(len(rules))
        rules += f.rules
    edition = np.zeros(len(family), np.int64)
    for number, f in enumerate(families):
        here = family == number
        found = f.edition_of[start[here]]
        edition[here] = base[number] + np.where(found >= 0, found, len(f.rules) - 1)
    facts = pl.DataFrame(
        {
            "rule": [r.id for r in rules],
            "edition": [r.edition for r in rules],
            "rule_name": [r.name for r in rules],
            "group": [r.group for r in rules],
            "kind": [r.kind for r in rules],
            "status": [r.status for r in rules],
            "unit": [r.within.unit if r.within else "" for r in rules],
            "within": [str(r.within) if r.within else "" for r in rules],
        }
    )
    return pl.concat([frame, facts[edition.tolist()]], how="horizontal")


def _once_without_start(frame: pl.DataFrame) -> pl.DataFrame:
    """A clock whose start has no date cannot choose its edition; said once, not once for each."""
    same = pl.struct("child_id", "episode", "episode_id", "rule", "start").is_first_distinct()
    return frame.filter(pl.col("start_date").is_not_null() | same)


def _measured(frame: pl.DataFrame, as_at: date) -> pl.DataFrame:
    """Dates, working days used and days late; what the source does not date stays undated."""
    undated = (pl.col("start_note") == UNDATED).fill_null(False)
    frame = frame.with_columns(
        started_on=pl.when(~undated).then("start_date"),
        due_on=pl.when(~undated).then("due_on"),
        met_on=pl.when(
            pl.col("state").is_in(["met", "met late"])
            & (pl.col("stop_note") != UNDATED).fill_null(True)
        ).then("stop_date"),
        _until=pl.coalesce("stop_date", "end_date", pl.lit(as_at)),
        source_rows=pl.concat_list(f"{r}_source" for r in _ROLES)
        .list.drop_nulls()
        .list.unique(maintain_order=True)
        .list.join("; "),
    )
    told = ~pl.col("state").is_in(["cannot tell", "does not apply"])
    used = _working_days(pl.col("started_on"), pl.col("_until"))
    late_working = _working_days(pl.col("due_on"), pl.col("_until"))
    late_calendar = (pl.col("_until") - pl.col("due_on")).dt.total_days()
    late = pl.when(pl.col("unit") == "working_days").then(late_working).otherwise(late_calendar)
    return frame.with_columns(
        working_days=pl.when(told).then(used),
        days_late=pl.when(told & (pl.col("unit") != "")).then(late),
    )


def _working_days(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Working days of (start, end]; null where the calendar does not reach."""
    counts = pl.lit(pl.Series(working_day_count()))
    known = pl.lit(pl.Series(in_table()))

    def at(day: pl.Expr, table: pl.Expr) -> pl.Expr:
        offset = day.to_physical().cast(pl.Int64) - DAY0
        return table.gather(pl.when(offset.is_between(0, DAYS - 1)).then(offset))

    both = at(start, known) & at(end, known)
    return pl.when(both).then(at(end, counts) - at(start, counts))


def coverage_of(
    rules: Sequence[Rule],
    families: Sequence[Family],
    clocks: pl.DataFrame,
    not_tested: dict[int, int],
    *,
    source: str,
) -> pl.DataFrame:
    """How far ``source`` could test each rule, and what was not tested.

    One row for each rule id, under its latest edition, tested or not.
    """
    counted = dict(clocks.group_by("rule").len().iter_rows())
    missed: dict[str, int] = {}
    for place, n in not_tested.items():
        missed[families[place].id] = missed.get(families[place].id, 0) + n
    latest = {r.id: r for r in sorted(rules, key=lambda r: r.in_force_from or date.min)}
    rows = [
        (
            r.id,
            r.name,
            r.group,
            r.kind,
            r.status,
            r.covered_by(source).tested,
            r.covered_by(source).because,
            counted.get(r.id, 0),
            missed.get(r.id, 0),
        )
        for r in latest.values()
    ]
    return pl.DataFrame(rows, schema=COVERAGE, orient="row")
