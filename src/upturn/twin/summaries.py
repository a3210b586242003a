"""What an extract says month by month, counted as the twin counts itself.

Where the source cannot tell, a series is not there, and never nought for want of records. Only whole months
that the source holds whole are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from upturn.journeys.result import Check
from upturn.measures.measure import held_by
from upturn.records.casebook import Casebook
from upturn.rulebooks.calendar import add_months, due_table
from upturn.rulebooks.model import Interval
from upturn.twin import spans
from upturn.twin.conferences import enquiries
from upturn.twin.counted import Counted
from upturn.twin.holding import holders
from upturn.twin.open_children import open_children
from upturn.twin.series import BINS
from upturn.twin.spans import NEVER, Days, Floats
from upturn.twin.staffing import WORKFORCE_SERIES, people
from upturn.twin.unheld import unheld

#: Working days within which an assessment ends (Working Together).
ASSESSMENT_DAYS = 45
#: Assessments that took no longer: two of the bands of England's published table.
SOON = {"assessments_in_10": 10, "assessments_in_30": 30}
#: Months looked back on at most.
MONTHS_BACK = 60
#: A first month with fewer referrals than this share of the middle month is not held whole.
THIN = 0.3


@dataclass(frozen=True)
class Recorded:
    """A service as its records show it.

    ``months`` are first days, in order. ``monthly`` gives a float64 array of shape (months,) by the twin's
    name of the series, NaN for a month that cannot be told; a series that the source cannot tell at all is
    not there and ``missing`` says why. ``histograms`` are int64 (months, bins) of working days, by
    "assessment" and "conference". ``ages`` are the working days for which what is open at the extract has
    been open.
    """

    months: tuple[date, ...]
    monthly: Mapping[str, Floats]
    histograms: Mapping[str, npt.NDArray[np.int64]]
    ages: Mapping[str, Days]
    missing: Mapping[str, str]

    def between(self, start: date, end: date) -> npt.NDArray[np.bool_]:
        """Which months lie between two days."""
        return np.array([start <= month <= end for month in self.months])


def recorded(
    check: Check, *, workforce: pl.DataFrame | None = None, months: Sequence[date] | None = None
) -> Recorded:
    """The monthly series and histograms of an extract.

    ``workforce`` has the columns of `upturn.workload.tables.WORKFORCE`; ``months`` are first days, by default
    every whole month that the source holds. The histograms leave out what was set aside.
    """
    book = check.casebook
    chosen = tuple(months) if months is not None else months_held(book)
    if not chosen:
        return Recorded((), {}, {}, {}, {"everything": "the extract holds no whole month"})
    counted = Counted(book, chosen)
    for part in PARTS:
        part(counted)
    if workforce is None:
        counted.untold("no workforce file was given", *WORKFORCE_SERIES)
    else:
        people(counted, workforce)
    return Recorded(chosen, counted.series, counted.histograms, counted.ages, counted.missing)


def months_held(book: Casebook) -> tuple[date, ...]:
    """The whole months that the source holds whole, the earliest first."""
    first = held_by(book, months=MONTHS_BACK)
    months = spans.whole_months(first, book.as_at)
    if not months:
        return ()
    referrals = spans.days_of(book.table("cin_episodes")["cine_referral_date"], blank=-NEVER)
    counts = spans.count_in(referrals, months)
    enough = counts >= THIN * np.median(counts[-min(12, len(counts)) :])
    thin = np.flatnonzero(~enough)
    start = int(thin[-1]) + 1 if thin.size else 0
    return months[start:]


def front_door(c: Counted) -> None:
    """Contacts, referrals, and referrals of a child referred within the twelve months before."""
    contacts = c.rows("contacts", "cont_contact_date")
    if contacts is None:
        c.untold("the source holds no contacts", "contacts", "turned_away")
    else:
        c.count("contacts", spans.days_of(contacts["cont_contact_date"]))
    referrals = c.rows("cin_episodes", "cine_referral_date")
    if referrals is None:
        c.untold("the source holds no referrals", "referrals", "rereferrals")
        return
    days = spans.days_of(referrals["cine_referral_date"])
    c.count("referrals", days)
    again = _again(c, referrals)
    if again is None:
        c.untold("the source does not say who was referred before", "rereferrals")
    else:
        c.count("rereferrals", days[again])


def _again(c: Counted, referrals: pl.DataFrame) -> npt.NDArray[np.bool_] | None:
    """Which referrals came within twelve months of another of the same child."""
    counted = referrals["cine_referrals_last_12_months"]
    if counted.drop_nulls().len():
        return (counted >= 2).fill_null(False).to_numpy()
    first = referrals["cine_referral_date"].min()
    if not isinstance(first, date) or add_months(first, 12) > c.months[0]:
        return None
    before = (
        pl.col("cine_referral_date")
        .sort()
        .shift(1)
        .over("cine_person_id", order_by="cine_referral_date")
    )
    found = referrals.with_columns(
        _since=pl.col("cine_referral_date").dt.offset_by("-12mo"), _before=before
    )
    return (found["_before"] >= found["_since"]).fill_null(False).to_numpy()


def assessments(c: Counted) -> None:
    """Assessments started, ended, late, and open past their day, as the department counts them."""
    names = ("assessments_started", "assessments_ended", "assessments_late", "assessment_days",
             "assessments_open", "assessments_overdue", *SOON)  # fmt: skip
    rows = c.rows("cin_assessments", "cina_assessment_start_date", "cina_assessment_auth_date")
    if rows is None:
        c.untold("the source holds no assessments with their dates", *names)
        return
    rows = rows.filter(pl.col("cina_assessment_start_date").is_not_null())
    starts = spans.days_of(rows["cina_assessment_start_date"])
    ends = spans.days_of(rows["cina_assessment_auth_date"])
    took = spans.working_days_from(starts, ends)
    told = took >= 0
    c.count("assessments_started", starts)
    c.count("assessments_ended", ends[told])
    c.count("assessments_late", ends[took > ASSESSMENT_DAYS])
    for series, within in SOON.items():
        c.count(series, ends[told & (took <= within)])
    c.series["assessment_days"] = spans.sum_in(ends[told], took[told].astype(float), c.months)
    over = _closed(c, rows, ends)
    c.open("assessments_open", starts, over)
    c.open("assessments_overdue", _past(starts, over, ASSESSMENT_DAYS), over)
    c.histograms["assessment"] = spans.histogram_in(ends, took, c.months, bins=BINS)
    running = starts[(over > c.today) & (starts <= c.today)]
    c.ages["assessment"] = spans.working_days_from(running, np.full_like(running, c.today))


def _closed(c: Counted, rows: pl.DataFrame, ends: Days) -> Days:
    """When each assessment stood open no more: signed off, or its referral closed with none signed off."""
    closed = c.book.table("cin_episodes").select(
        cina_referral_id="cine_referral_id", _closed="cine_close_date"
    )
    found = rows.select("cina_referral_id").join(
        closed.unique("cina_referral_id"), on="cina_referral_id", how="left", maintain_order="left"
    )
    return np.minimum(ends, spans.days_of(found["_closed"]))


def _past(starts: Days, ends: Days, within: int) -> Days:
    """The first day on which each is late; its own end where it never was."""
    from upturn.rulebooks.calendar import DAY0, DAYS

    table = due_table(Interval(within, "working_days")).astype(np.int64)
    off = np.clip(starts - DAY0, 0, DAYS - 1)
    late_from = np.where(table[off] >= 0, table[off] + 1, NEVER)
    return np.asarray(np.minimum(late_from, ends), dtype=np.int64)


def visits(c: Counted) -> None:
    """Visits made, to children on protection plans and all others, where the source holds both."""
    both = (c.rows("cp_visits", "cppv_cp_visit_date"), c.rows("cin_visits", "cinv_cin_visit_date"))
    if any(rows is None for rows in both):
        c.untold("the source does not hold every visit", "visits_made")
        return
    days = [spans.days_of(r[n]) for r, n in zip(both, ("cppv_cp_visit_date", "cinv_cin_visit_date"),
            strict=True) if r is not None]  # fmt: skip
    c.count("visits_made", np.concatenate(days))


def plans(c: Counted) -> None:
    """Child protection plans, children in need and children open, and entries to care."""
    _spells(c, "cp_plans", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date",
            stock="cp_plans", begun="cp_started", ended="cp_ended")  # fmt: skip
    rows = c.rows("cp_plans", "cppl_previous_plans", "cppl_cp_plan_start_date")
    if rows is not None and rows["cppl_previous_plans"].drop_nulls().len():
        again = rows.filter(pl.col("cppl_previous_plans") > 0)
        c.count("repeat_plans", spans.days_of(again["cppl_cp_plan_start_date"]))
    else:
        c.untold("the source does not count earlier plans", "repeat_plans")
    open_children(c)
    care = c.rows("cla_episodes", "clae_entered_care_date")
    if care is None:
        c.untold("the source holds no children in care", "care_entries")
        return
    entered = care.unique(["clae_person_id", "clae_entered_care_date"])
    c.count("care_entries", spans.days_of(entered["clae_entered_care_date"]))


def _spells(
    c: Counted, table: str, start: str, end: str, *, stock: str, begun: str = "", ended: str = ""
) -> None:
    rows = c.rows(table, start, end)
    if rows is None:
        c.untold(f"the source holds no {table.replace('_', ' ')}", stock)
        c.untold(f"the source holds no {table.replace('_', ' ')}", *filter(None, (begun, ended)))
        return
    rows = rows.filter(pl.col(start).is_not_null())
    starts, ends = spans.days_of(rows[start]), spans.days_of(rows[end])
    c.open(stock, starts, ends)
    if begun:
        c.count(begun, starts)
    if ended:
        c.count(ended, ends)


PARTS: tuple[Callable[[Counted], None], ...] = (
    front_door, assessments, enquiries, plans, visits, holders, unheld,
)  # fmt: skip
