"""The start of a simulated future: the open work of an extract on its last day, as arrays without names."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from upturn.journeys.result import Check
from upturn.records.casebook import Casebook
from upturn.rulebooks.calendar import day_number
from upturn.twin import columns as C
from upturn.twin import open_work
from upturn.twin import today_columns as T
from upturn.twin.opening import Basis, Opening
from upturn.twin.opening_words import basis_of
from upturn.twin.spans import Floats, days_of, working_days_from
from upturn.twin.staffing import FULL_TIME
from upturn.workload.allocations import allocations, held_on
from upturn.workload.tables import covers

#: A child with nothing open whose assessment or plan ended within so many working days is being closed.
CLOSING = 45
#: A child referred within so many working days with no assessment on record has one that is not begun.
TO_ASSESS = 45
#: Held by somebody, and the source names no workers.
SOMEBODY = -2.0


def opening(check: Check, *, workforce: pl.DataFrame | None = None) -> Opening:
    """The open work of an extract at the end of its last day, for a simulated future to start from.

    One row for each child who is open and neither looked after nor a care leaver: assessment, enquiry,
    conference waited for, plan, last visit and next review, who holds her and since when nobody does.
    ``workforce`` (columns of `upturn.workload.tables.WORKFORCE`) tells how many posts are filled, and by
    agency. What the extract does not tell is marked so in ``basis``; the simulation draws it.
    """
    book = check.casebook
    told = _known(book)
    rows, workers = _placed(told, book)
    filled, agency, staff = _staff(check, workforce, told)
    counts = _counts(rows, told, workers)
    basis = (*basis_of(book, told, rows, counts), *staff)
    return Opening(book.as_at, rows, workers, filled, agency, counts, basis, book.source_name)


def _known(book: Casebook) -> pl.DataFrame:
    """Everybody who is open, with all that is open: one row for each child, the longest waiting first."""
    need = open_work.in_need(book).rename({"visit": "need_visit"})
    parts = [
        open_work.assessments(book),
        open_work.enquiries(book),
        open_work.protection(book),
        need,
    ]
    found = open_work.referrals(book)
    for part in parts:
        found = found.join(part, on="child", how="full", coalesce=True)
    running = ("assessed", "enquired", "protected", "need")
    stays = pl.col("stays").fill_null(False)
    found = found.filter(stays | pl.any_horizontal(pl.col(c).is_not_null() for c in running))
    found = found.join(open_work.last_ended(book), on="child", how="left")
    found = found.join(open_work.families(book), on="child", how="left")
    held = open_work.holding(book)
    if held is None:
        held = found.select("child", worker=pl.lit(None, pl.String), team=pl.lit(None, pl.String),
                            since=pl.lit(None, pl.Date))  # fmt: skip
        found = found.with_columns(named=pl.lit(False))
    else:
        found = found.with_columns(named=pl.lit(True))
    found = found.join(held, on="child", how="left")
    begun = pl.min_horizontal("referred", *running)
    found = found.with_columns(begun=pl.coalesce("referred", begun))
    return found.with_columns(waits=pl.max_horizontal("since", "begun")).sort(
        "waits", "begun", "child"
    )


def _placed(told: pl.DataFrame, book: Casebook) -> tuple[Floats, int]:
    """The rows of the kernel, and how many workers hold a child."""
    day = book.as_at + timedelta(1)
    rows = np.full((told.height, T.OPENING), -1.0)
    work, plain = _ages(told, day)
    rows[:, T.O_REFERRED_DAYS] = plain["begun"]
    rows[:, T.O_ASSESSED], rows[:, T.O_ASSESSED_DAYS] = work["assessed"], plain["assessed"]
    rows[:, T.O_SEEN] = told["seen"].cast(pl.Float64).fill_null(-1.0).to_numpy()
    rows[:, T.O_ENQUIRED], rows[:, T.O_ENQUIRED_DAYS] = work["enquired"], plain["enquired"]
    rows[:, T.O_CONFERENCE] = _conference(told, day)
    on_plan, in_need = told["protected"].is_not_null().to_numpy(), _in_need(told).to_numpy()
    rows[:, T.O_PLAN] = np.where(on_plan, C.CP, np.where(in_need, C.CIN, C.NO_PLAN))
    rows[:, T.O_PLAN_DAYS] = np.where(on_plan, plain["protected"], plain["need"])
    rows[:, T.O_HAD_PLAN] = on_plan
    _nothing_on_record(rows, work, plain)
    _visits(rows, told, book, day)
    _reviews(rows, told, book, day)
    rows[:, T.O_WAITED] = work["waits"]
    rows[:, T.O_FAMILY] = _heads(told["family"])
    return rows, _workers(rows, told)


def _ages(told: pl.DataFrame, day: date) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Working days and calendar days from each date to ``day``; -1 for a blank."""
    until = day_number(day)
    work, plain = {}, {}
    for name in (
        "begun",
        "referred",
        "assessed",
        "enquired",
        "protected",
        "need",
        "ended",
        "waits",
    ):
        days = days_of(told[name])
        blank = told[name].is_null().to_numpy()
        since = np.where(blank, until, days)
        aged = working_days_from(since, np.full_like(since, until)).astype(float)
        work[name] = np.where(blank, -1.0, np.maximum(aged, 0.0))
        plain[name] = np.where(blank, -1.0, until - since)
    return work, plain


def _in_need(told: pl.DataFrame) -> pl.Series:
    """Whether a child is on a child in need plan: list 6 says so, or a source that has no status."""
    status = pl.col("status").is_null() | (pl.col("status") == "child-in-need")
    return told.select((pl.col("need").is_not_null() & status).alias("on"))["on"]


def _conference(told: pl.DataFrame, day: date) -> Floats:
    """Working days until the conference of an enquiry; whether one is waited for at all."""
    ahead = days_of(told["conference"])
    booked = told["conference"].is_not_null().to_numpy()
    until = np.full_like(ahead, day_number(day))
    days = working_days_from(until, np.where(booked, ahead, until)).astype(float)
    called = told["called"].fill_null(False).to_numpy()
    return np.where(booked, days, np.where(called, T.NO_DATE, T.NOT_CALLED))


def _nothing_on_record(rows: Floats, work: dict[str, Floats], plain: dict[str, Floats]) -> None:
    """Children who are open with nothing that is: to be assessed, being closed, else in need (assumed)."""
    nothing = (rows[:, T.O_ASSESSED] < 0) & (rows[:, T.O_ENQUIRED] < 0) & (rows[:, T.O_PLAN] == 0)
    since = plain["ended"] >= 0
    after = ~since | (plain["ended"] > np.where(plain["referred"] >= 0, plain["referred"], 1e9))
    fresh = nothing & (work["referred"] >= 0) & (work["referred"] <= TO_ASSESS) & after
    rows[fresh, T.O_ASSESSED] = work["referred"][fresh]
    rows[fresh, T.O_ASSESSED_DAYS] = plain["referred"][fresh]
    rows[fresh, T.O_SEEN] = 0.0
    closing = nothing & ~fresh & since & (work["ended"] <= CLOSING)
    rows[closing, T.O_CLOSING] = work["ended"][closing]
    left = nothing & ~fresh & ~closing
    rows[left, T.O_PLAN] = C.CIN
    rows[left, T.O_PLAN_DAYS] = np.where(since, plain["ended"], plain["begun"])[left]


def _visits(rows: Floats, told: pl.DataFrame, book: Casebook, day: date) -> None:
    """Working days since the last visit of the plan, or since its start; -1 where visits are not held."""
    until = day_number(day)
    for kind, table, field, name in (
        (C.CP, "cp_visits", "cppv_cp_visit_date", "visit"),
        (C.CIN, "cin_visits", "cinv_cin_visit_date", "need_visit"),
    ):
        if not _held(book, table, field):
            continue
        last = days_of(told[name], blank=0)
        began = until - rows[:, T.O_PLAN_DAYS].astype(np.int64)
        since = np.clip(np.maximum(last, began), None, until)
        ago = np.maximum(working_days_from(since, np.full_like(since, until)), 0)
        mine = rows[:, T.O_PLAN] == kind
        rows[mine, T.O_VISITED] = ago[mine]


def _reviews(rows: Floats, told: pl.DataFrame, book: Casebook, day: date) -> None:
    """Days until the next review of a protection plan: six months from the last, three from the start."""
    rows[:, T.O_REVIEW_IN] = T.NOT_TOLD
    if not _held(book, "cp_reviews", "cppr_cp_review_date"):
        return
    until = day_number(day)
    began, last = days_of(told["protected"], blank=0), days_of(told["review"], blank=0)
    due = np.where(last > began, last + C.REVIEW_NEXT, began + C.REVIEW_FIRST)
    mine = rows[:, T.O_PLAN] == C.CP
    rows[mine, T.O_REVIEW_IN] = (due - until)[mine]


def _held(book: Casebook, table: str, field: str) -> bool:
    """Whether the source holds a field, with something in it."""
    return field not in book.absent_fields and book.table(table)[field].drop_nulls().len() > 0


def _heads(families: pl.Series) -> Floats:
    """The row, counted from 1, of the first child of each child's family; -1 for the first herself."""
    frame = families.to_frame("family").with_row_index("n", offset=1)
    first = pl.col("n").first().over("family")
    head = pl.when(pl.col("family").is_null() | (first == pl.col("n"))).then(-1.0).otherwise(first)
    return frame.select(head=head.cast(pl.Float64))["head"].to_numpy()


def _workers(rows: Floats, told: pl.DataFrame) -> int:
    """Number workers by how many children they hold and teams likewise, into ``rows``; how many workers."""
    if not told["named"].any():
        rows[:, T.O_WORKER] = SOMEBODY
        return 0
    ranked = _ranks(told["worker"])
    rows[:, T.O_WORKER] = ranked
    main = told.drop_nulls(["worker", "team"]).group_by("worker").agg(
        _main=pl.col("team").mode().sort().first()
    )  # fmt: skip
    teams = told.select("worker", "team").join(main, on="worker", how="left", maintain_order="left")
    rows[:, T.O_TEAM] = _ranks(teams.select(pl.coalesce("_main", "team").alias("t"))["t"])
    return int(ranked.max()) + 1 if len(ranked) else 0


def _ranks(names: pl.Series) -> Floats:
    """The place of each name by how often it occurs, the most frequent 0; -1 for none."""
    frame = names.to_frame("name")
    order = (
        frame.drop_nulls().group_by("name").len().sort(["len", "name"], descending=[True, False])
    )
    ranked = order.with_row_index("rank").select("name", pl.col("rank").cast(pl.Float64))
    found = frame.join(ranked, on="name", how="left", maintain_order="left")
    return found["rank"].fill_null(-1.0).to_numpy()


def _staff(
    check: Check, workforce: pl.DataFrame | None, told: pl.DataFrame
) -> tuple[float | None, float | None, list[Basis]]:
    """How many posts are filled, and by agency, in full-time equivalents."""
    day = check.casebook.as_at
    if workforce is not None:
        spells = workforce.filter((pl.col("kind") == "in post") & pl.col("worker").is_not_null())
        spells = spells.filter(covers(day)).with_columns(
            _fte=(pl.col("hours") / FULL_TIME).fill_null(1.0)
        )
        filled = float(spells["_fte"].sum())
        agency = None
        if spells["agency"].drop_nulls().len():
            agency = float(spells.filter(pl.col("agency").fill_null(False))["_fte"].sum())
        words = f"{filled:,.1f} full-time equivalents hold a post"
        words += "" if agency is None else f", {agency:,.1f} of them agency"
        return filled, agency, [Basis("Posts filled", round(filled), "yours", words)]
    held = held_on(allocations(check.casebook), day)
    by = held.group_by("worker").agg(
        mine=pl.col("child_id").is_in(told["child"].implode()).sum(), every=pl.len()
    ).filter(pl.col("mine") > 0)  # fmt: skip
    if by.is_empty():
        words = "as in the service's usual state: the source names no workers"
        return None, None, [Basis("Posts filled", None, "assumed", words)]
    filled = float((by["mine"] / by["every"]).sum())
    words = (
        f"those who hold open children have the work of {filled:,.1f} posts; which of them are agency, and "
        "which posts are empty, as in the service's usual state"
    )
    return filled, None, [Basis("Posts filled", round(filled), "extract", words)]


def _counts(rows: Floats, told: pl.DataFrame, workers: int) -> dict[str, int]:
    """Open work by kind, as it is handed over."""
    called = (rows[:, T.O_ENQUIRED] >= 0) & (rows[:, T.O_CONFERENCE] != T.NOT_CALLED)
    return {
        "open children": len(rows),
        "open assessments": int((rows[:, T.O_ASSESSED] >= 0).sum()),
        "assessments past their due day": int((rows[:, T.O_ASSESSED] > C.ASSESSMENT_DAYS).sum()),
        "section 47 enquiries": int(((rows[:, T.O_ENQUIRED] >= 0) & ~called).sum()),
        "conferences waited for": int(called.sum()),
        "child protection plans": int((rows[:, T.O_PLAN] == C.CP).sum()),
        "child in need plans": int((rows[:, T.O_PLAN] == C.CIN).sum()),
        "children being closed": int((rows[:, T.O_CLOSING] >= 0).sum()),
        "children whom nobody holds": int((rows[:, T.O_WORKER] == -1).sum()),
        "workers who hold them": workers,
    }
