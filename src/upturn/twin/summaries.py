"""What an extract says month by month, counted as the twin counts itself.

Where the source cannot tell, a series is not there, and never nought for want of records. Only whole months
that the source holds whole are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from upturn.journeys.result import Check
from upturn.measures.measure import held_since
from upturn.records.casebook import Casebook
from upturn.rulebooks.calendar import add_months, day_number, due_table
from upturn.rulebooks.model import Interval
from upturn.twin import spans
from upturn.twin.spans import NEVER, Days, Floats
from upturn.workload.allocations import allocations
from upturn.workload.tables import covers

#: Bins of the histograms of working days, the last holding that many and more.
BINS = {"assessment": 100, "conference": 100}
#: Working days within which an assessment ends and a conference is held (Working Together).
ASSESSMENT_DAYS, CONFERENCE_DAYS = 45, 15
#: Months looked back on at most.
MONTHS_BACK = 60
#: A first month with fewer referrals than this share of the middle month is not held whole.
THIN = 0.3

Series = dict[str, Floats]


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
    counted = _Counted(book, chosen)
    for part in PARTS:
        part(counted)
    if workforce is None:
        counted.untold("no workforce file was given", *WORKFORCE_SERIES)
    else:
        people(counted, workforce)
    return Recorded(chosen, counted.series, counted.histograms, counted.ages, counted.missing)


def months_held(book: Casebook) -> tuple[date, ...]:
    """The whole months that the source holds whole, the earliest first."""
    first = held_since(book.source, book.as_at, months=MONTHS_BACK)
    months = spans.whole_months(first, book.as_at)
    if not months:
        return ()
    referrals = spans.days_of(book.table("cin_episodes")["cine_referral_date"], blank=-NEVER)
    counts = spans.count_in(referrals, months)
    enough = counts >= THIN * np.median(counts[-min(12, len(counts)) :])
    thin = np.flatnonzero(~enough)
    start = int(thin[-1]) + 1 if thin.size else 0
    return months[start:]


class _Counted:
    """Series being gathered from one casebook."""

    def __init__(self, book: Casebook, months: tuple[date, ...]) -> None:
        self.book, self.months = book, months
        self.series: Series = {}
        self.histograms: dict[str, npt.NDArray[np.int64]] = {}
        self.ages: dict[str, Days] = {}
        self.missing: dict[str, str] = {}
        self.today = day_number(book.as_at)

    def rows(self, table: str, *fields: str) -> pl.DataFrame | None:
        """The rows whose ``fields`` can be trusted; None when the source has no such column or rows."""
        rows = self.book.table(table)
        if rows.is_empty() or any(field in self.book.absent_fields for field in fields):
            return None
        aside = [pl.col("set_aside").list.contains(field) for field in fields]
        return rows.filter(~pl.any_horizontal(a.fill_null(False) for a in aside))

    def untold(self, why: str, *names: str) -> None:
        self.missing.update(dict.fromkeys(names, why))

    def count(self, name: str, days: Days) -> None:
        self.series[name] = spans.count_in(days, self.months)

    def open(self, name: str, starts: Days, ends: Days) -> None:
        self.series[name] = spans.mean_open(starts, ends, self.months)


def front_door(c: _Counted) -> None:
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


def _again(c: _Counted, referrals: pl.DataFrame) -> npt.NDArray[np.bool_] | None:
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


def assessments(c: _Counted) -> None:
    """Assessments started, ended, late, and open past their day, as the department counts them."""
    names = ("assessments_started", "assessments_ended", "assessments_late", "assessment_days",
             "assessments_open", "assessments_overdue")  # fmt: skip
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
    c.series["assessment_days"] = spans.sum_in(ends[told], took[told].astype(float), c.months)
    c.open("assessments_open", starts, ends)
    c.open("assessments_overdue", _past(starts, ends, ASSESSMENT_DAYS), ends)
    c.histograms["assessment"] = spans.histogram_in(ends, took, c.months, bins=BINS["assessment"])
    running = starts[(ends > c.today) & (starts <= c.today)]
    c.ages["assessment"] = spans.working_days_from(running, np.full_like(running, c.today))


def _past(starts: Days, ends: Days, within: int) -> Days:
    """The first day on which each is late; its own end where it never was."""
    from upturn.rulebooks.calendar import DAY0, DAYS

    table = due_table(Interval(within, "working_days")).astype(np.int64)
    off = np.clip(starts - DAY0, 0, DAYS - 1)
    late_from = np.where(table[off] >= 0, table[off] + 1, NEVER)
    return np.asarray(np.minimum(late_from, ends), dtype=np.int64)


def enquiries(c: _Counted) -> None:
    """Section 47 enquiries, and the first conference of each with its working days."""
    rows = c.rows("s47_enquiry", "s47e_s47_start_date")
    if rows is None:
        c.untold("the source holds no section 47 enquiries", "section47_started")
        c.untold("the source holds no section 47 enquiries", *CONFERENCE_SERIES)
        return
    c.count("section47_started", spans.days_of(rows["s47e_s47_start_date"]))
    held = c.rows("initial_cp_conference", "icpc_icpc_date")
    if held is None:
        c.untold("the source holds no conferences", *CONFERENCE_SERIES)
        return
    first = held.group_by(_id="icpc_s47_enquiry_id").agg(_held=pl.col("icpc_icpc_date").min())
    both = rows.join(first, left_on="s47e_s47_enquiry_id", right_on="_id", how="inner")
    both = both.filter(pl.col("_held") <= c.book.as_at, pl.col("s47e_s47_start_date").is_not_null())
    if both.is_empty():
        c.untold("no conference can be joined to its enquiry", *CONFERENCE_SERIES)
        return
    starts = spans.days_of(both["s47e_s47_start_date"])
    ends = spans.days_of(both["_held"])
    took = spans.working_days_from(starts, ends)
    c.count("conferences_held", ends[took >= 0])
    c.count("conferences_late", ends[took > CONFERENCE_DAYS])
    c.series["conference_days"] = spans.sum_in(
        ends[took >= 0], took[took >= 0].astype(float), c.months
    )
    c.histograms["conference"] = spans.histogram_in(ends, took, c.months, bins=BINS["conference"])


def plans(c: _Counted) -> None:
    """Child protection plans, children in need and children open, and entries to care."""
    _spells(c, "cp_plans", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date",
            stock="cp_plans", begun="cp_started", ended="cp_ended")  # fmt: skip
    rows = c.rows("cp_plans", "cppl_previous_plans", "cppl_cp_plan_start_date")
    if rows is not None and rows["cppl_previous_plans"].drop_nulls().len():
        again = rows.filter(pl.col("cppl_previous_plans") > 0)
        c.count("repeat_plans", spans.days_of(again["cppl_cp_plan_start_date"]))
    else:
        c.untold("the source does not count earlier plans", "repeat_plans")
    _spells(c, "cin_plans", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date",
            stock="open_children")  # fmt: skip
    care = c.rows("cla_episodes", "clae_entered_care_date")
    if care is None:
        c.untold("the source holds no children in care", "care_entries")
        return
    entered = care.unique(["clae_person_id", "clae_entered_care_date"])
    c.count("care_entries", spans.days_of(entered["clae_entered_care_date"]))


def _spells(
    c: _Counted, table: str, start: str, end: str, *, stock: str, begun: str = "", ended: str = ""
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


def loads(c: _Counted) -> None:
    """Children for each worker, those looked after and care leavers left out; and children with nobody.

    Involvements give every Monday; Annex A the day of the extract, so that only the last month can be told.
    """
    names = ("unallocated", "load_mean", "load_p90", "load_top")
    held = allocations(c.book)
    held = held.filter(~pl.col("child_id").is_in(_elsewhere(c.book).implode()))
    if held["worker"].drop_nulls().is_empty():
        c.untold("the source names no worker", *names)
        return
    dated = held["start"].drop_nulls().len() > 0
    days = _mondays(c.months) if dated else [c.book.as_at]
    seen: dict[date, list[tuple[float, ...]]] = {}
    for day in days:
        on = held.filter(covers(day)) if dated else held
        found = _load_on(on)
        if found is not None:
            month = day.replace(day=1) if dated else c.months[-1]
            seen.setdefault(month, []).append(found)
    values = np.array(
        [np.mean(seen[m], axis=0) if m in seen else [np.nan] * len(names) for m in c.months]
    )
    c.series.update({name: values[:, n] for n, name in enumerate(names)})
    if dated:  # involvements do not show a child with nobody
        del c.series["unallocated"]
        c.untold("involvements name a worker for each child, and none for nobody", "unallocated")


def _elsewhere(book: Casebook) -> pl.Series:
    """Children who are looked after or have left care: the twin's workers do not hold them."""
    care = book.table("cla_episodes").filter(pl.col("clae_cla_episode_ceased_date").is_null())
    left = book.table("care_leavers")["clea_person_id"]
    return pl.concat([care["clae_person_id"], left]).drop_nulls().unique()


def _load_on(held: pl.DataFrame) -> tuple[float, ...] | None:
    """Children with nobody, and the mean, ninth decile and most of children to a worker."""
    by = held.drop_nulls("worker").group_by("worker").agg(n=pl.col("child_id").n_unique())
    if by.is_empty():
        return None
    n = by["n"].to_numpy().astype(float)
    return float(held["worker"].null_count()), n.mean(), float(np.quantile(n, 0.9)), n.max()


def _mondays(months: Sequence[date]) -> list[date]:
    first, last = months[0], add_months(months[-1], 1)
    day = first + timedelta((7 - first.weekday()) % 7)
    return [day + timedelta(7 * n) for n in range((last - day).days // 7 + 1) if
            day + timedelta(7 * n) < last]  # fmt: skip


CONFERENCE_SERIES = ("conferences_held", "conferences_late", "conference_days")
WORKFORCE_SERIES = ("workers_present", "filled", "vacant", "agency", "sick", "leavers", "starters")
PARTS: tuple[Callable[[_Counted], None], ...] = (front_door, assessments, enquiries, plans, loads)


def people(c: _Counted, workforce: pl.DataFrame) -> None:
    """Posts held and empty, agency, absence, leavers and starters, in full-time equivalents and people."""
    full_time = 37.0
    spells = workforce.filter(pl.col("kind") == "in post").with_columns(
        _fte=(pl.col("hours") / full_time).fill_null(1.0)
    )
    held = spells.filter(pl.col("worker").is_not_null())
    _weighted(c, "filled", held)
    _weighted(c, "vacant", spells.filter(pl.col("worker").is_null()))
    if held["agency"].drop_nulls().len():
        _weighted(c, "agency", held.filter(pl.col("agency")))
    else:
        c.untold("the workforce file does not say who is agency", "agency")
    _absent(c, workforce, held)
    own = held.filter(~pl.col("agency").fill_null(False))
    theirs = own.group_by("worker").agg(pl.col("start").min(), pl.col("end").fill_null(_FAR).max())
    c.count("starters", spans.days_of(theirs["start"], blank=-NEVER))
    c.count("leavers", spans.days_of(theirs["end"]))


_FAR = date(9999, 1, 1)


def _weighted(c: _Counted, name: str, spells: pl.DataFrame) -> None:
    """Full-time equivalents of an average day of each month."""
    total = np.zeros(len(c.months))
    for fte, rows in spells.group_by("_fte"):
        starts = spans.days_of(rows["start"], blank=-NEVER)
        total += float(str(fte[0])) * spans.mean_open(starts, spans.days_of(rows["end"]), c.months)
    c.series[name] = total


def _absent(c: _Counted, workforce: pl.DataFrame, held: pl.DataFrame) -> None:
    """Who was off sick, and who was there: in post less leave and sickness."""
    away = workforce.filter(pl.col("kind") != "in post").with_columns(_fte=pl.lit(1.0))
    if away.is_empty():
        c.untold("the workforce file holds no absence", "sick", "workers_present")
        return
    _weighted(c, "sick", away.filter(pl.col("kind") == "sickness"))
    _weighted(c, "workers_present", away)
    c.series["workers_present"] = np.maximum(c.series["filled"] - c.series["workers_present"], 0)
