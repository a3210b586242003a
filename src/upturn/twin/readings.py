"""What can be read straight from records, with its interval: no simulation is needed for these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from upturn.journeys.result import Check
from upturn.measures.days import working_days
from upturn.measures.statistics.intervals import exact_poisson, wilson
from upturn.rulebooks.calendar import day_number
from upturn.twin.fitted import Period
from upturn.twin.holding import elsewhere
from upturn.twin.spans import NEVER, days_of
from upturn.twin.summaries import Recorded
from upturn.workload.allocations import allocations, held_on

#: Standard deviations on each side of a 90 % interval.
Z90 = 1.6449
#: Fewer people or spells than this tell nothing worth reading.
FEWEST = 5
_SOURCE = "the extract"
_FILE = "the workforce file"


@dataclass(frozen=True)
class Direct:
    """One value read straight from records: 90 % interval from ``low`` to ``high``, on ``n`` records."""

    parameter: str
    value: float
    low: float
    high: float
    n: int
    source: str
    words: str


@dataclass(frozen=True)
class Desk:
    """What is read from: the check, its monthly series, the period and the workforce spells, if given."""

    check: Check
    recorded: Recorded
    period: Period
    workforce: pl.DataFrame | None

    @property
    def years(self) -> float:
        """Length of the period."""
        return ((self.period.end - self.period.start).days + 1) / 365.25

    def total(self, series: str) -> float | None:
        """A series added up over the period; None where it cannot be told."""
        values = self.recorded.monthly.get(series)
        if values is None:
            return None
        chosen = values[self.recorded.between(self.period.start, self.period.end)]
        return float(chosen.sum()) if chosen.size and np.isfinite(chosen).all() else None

    def within(self, column: str) -> pl.Expr:
        """Whether a date lies in the period."""
        return pl.col(column).is_between(self.period.start, self.period.end)


def read_directly(desk: Desk) -> dict[str, Direct]:
    """Every parameter that these records tell without a simulation, by name."""
    found = [reader(desk) for reader in READERS]
    return {one.parameter: one for one in found if one is not None}


def contacts(desk: Desk) -> Direct | None:
    """New contacts a month: all contacts less those that came back, which the twin makes itself.

    How many came back is not recorded, so the low end leaves room for two in five.
    """
    n = desk.total("contacts")
    if n is None or n < FEWEST:
        return None
    months = int(desk.recorded.between(desk.period.start, desk.period.end).sum())
    few, many = exact_poisson(int(n), z=Z90)
    words = f"{n:,.0f} contacts in {months} months, of which up to two in five may have been here before"
    return Direct("contacts_a_month", 0.8 * n / months, 0.6 * few / months, many / months, int(n),
                  _SOURCE, words)  # fmt: skip


def siblings(desk: Desk) -> Direct | None:
    """Children of one family referred on one day."""
    family = desk.check.casebook.table("family").select("fami_person_id", "fami_family_id")
    rows = desk.check.casebook.table("cin_episodes").filter(desk.within("cine_referral_date"))
    rows = rows.join(family.unique("fami_person_id"), left_on="cine_person_id",
                     right_on="fami_person_id", how="inner").drop_nulls("fami_family_id")  # fmt: skip
    sizes = rows.group_by("fami_family_id", "cine_referral_date").agg(
        n=pl.col("cine_person_id").n_unique()
    )["n"].to_numpy()  # fmt: skip
    if len(sizes) < FEWEST:
        return None
    error = Z90 * float(sizes.std()) / np.sqrt(len(sizes))
    mean = float(sizes.mean())
    return Direct("siblings_mean", mean, max(1.0, mean - error), mean + error, len(sizes), _SOURCE,
                  f"{len(sizes):,} families referred")  # fmt: skip


def no_further_action(desk: Desk) -> Direct | None:
    """Referrals closed at once."""
    book = desk.check.casebook
    if "cine_referral_nfa" in book.absent_fields:
        return None
    rows = book.table("cin_episodes").filter(desk.within("cine_referral_date"))
    said = rows["cine_referral_nfa"].drop_nulls()
    return _share("no_further_action", int(said.sum()), len(said), _SOURCE, "referrals")


def _share(parameter: str, n: int, of: int, source: str, what: str) -> Direct | None:
    if of < FEWEST:
        return None
    low, high = wilson(n, of, z=Z90)
    return Direct(parameter, n / of, low, high, of, source, f"{n:,} of {of:,} {what}")


def posts(desk: Desk) -> Direct | None:
    """Case-holding posts: of the workforce file, or of those who hold children at the extract.

    A worker counts for the share of her children who are not looked after. Posts that stand empty do not
    show in an extract, so without a workforce file the high end leaves room for one in ten.
    """
    filled, vacant = desk.total("filled"), desk.total("vacant")
    months = int(desk.recorded.between(desk.period.start, desk.period.end).sum())
    if desk.workforce is not None and filled is not None and months:
        full = (filled + max((vacant or 0.0) - (desk.total("agency") or 0.0), 0.0)) / months
        return Direct("posts", full, 0.97 * full, 1.03 * full, desk.workforce.height, _FILE,
                      "mean over the period, full-time equivalent")  # fmt: skip
    holders = _holders(desk)
    if holders is None:
        return None
    full, heads = holders
    words = f"{heads} people hold children who are not looked after; empty posts do not show"
    return Direct("posts", 1.02 * full, 0.97 * full, 1.1 * full, heads, _SOURCE, words)


def _holders(desk: Desk) -> tuple[float, int] | None:
    """Full-time equivalent of those who hold children not looked after, and how many people they are."""
    held = held_on(allocations(desk.check.casebook), min(desk.period.end, desk.check.as_at))
    away = pl.col("child_id").is_in(elsewhere(desk.check.casebook).implode())
    by = held.group_by("worker").agg(mine=(~away).sum(), every=pl.len()).filter(pl.col("mine") > 0)
    if by.height < FEWEST:
        return None
    return float((by["mine"] / by["every"]).sum()), by.height


def teams(desk: Desk) -> Direct | None:
    """Teams that hold children who are not looked after, a single child in passing left out."""
    held = held_on(allocations(desk.check.casebook), min(desk.period.end, desk.check.as_at))
    away = pl.col("child_id").is_in(elsewhere(desk.check.casebook).implode())
    by = held.filter(~away).drop_nulls("team").group_by("team").len()
    n = by.filter(pl.col("len") >= FEWEST).height
    if n == 0:
        return None
    return Direct("teams", n, n, n, held.height, _SOURCE, f"{n} teams hold five children or more")


def leaving(desk: Desk) -> Direct | None:
    """Permanent workers who left, over the years that they worked here."""
    leavers, filled, agency = (desk.total(n) for n in ("leavers", "filled", "agency"))
    if leavers is None or filled is None:
        return None
    return _rate("leaving_a_year", int(leavers), (filled - (agency or 0)) / 12, "leavers", 1.15)


def _rate(parameter: str, n: int, years: float, what: str, room: float) -> Direct | None:
    """Events over years; ``room`` is left at each end, because the twin's rate is that at the cap."""
    if years < FEWEST:
        return None
    low, high = exact_poisson(n, z=Z90)
    words = f"{n} {what} in {years:.1f} years of work"
    return Direct(parameter, n / years, low / years / room, high / years * room, n, _FILE, words)


def sickness(desk: Desk) -> Direct | None:
    """Spells of sickness begun, over the years worked."""
    rows, filled = _sick(desk), desk.total("filled")
    if rows is None or filled is None:
        return None
    return _rate("sickness_a_year", rows.height, filled / 12, "spells of sickness", 1.1)


def sickness_length(desk: Desk) -> Direct | None:
    """Working days of the spells of sickness that are over."""
    rows = _sick(desk)
    if rows is None:
        return None
    long = rows.select(working_days(pl.col("start") - timedelta(1), pl.col("end") - timedelta(1)))
    return _mean_length("sickness_days", long.to_series())


def _mean_length(parameter: str, lengths: pl.Series) -> Direct | None:
    told = lengths.drop_nulls().cast(pl.Float64).to_numpy()
    if len(told) < FEWEST:
        return None
    mean, error = float(told.mean()), Z90 * float(told.std()) / np.sqrt(len(told))
    low = max(mean - error, 0.3 * mean)
    return Direct(parameter, mean, low, mean + error, len(told), _FILE, f"{len(told)} spells")


def _sick(desk: Desk) -> pl.DataFrame | None:
    if desk.workforce is None:
        return None
    rows = desk.workforce.filter(pl.col("kind") == "sickness")
    return rows.filter(desk.within("start")) if rows.height else None


def agency_stay(desk: Desk) -> Direct | None:
    """How long agency workers stay: days worked over leavings, so that those still here count."""
    if desk.workforce is None:
        return None
    rows = desk.workforce.filter(pl.col("kind") == "in post", pl.col("agency").fill_null(False))
    start, end = days_of(rows["start"], blank=-NEVER), days_of(rows["end"])
    first, last = day_number(desk.period.start), day_number(desk.period.end)
    days = np.maximum(np.minimum(end, last + 1) - np.maximum(start, first), 0).sum()
    left = int(((end >= first) & (end <= last)).sum())
    if left < FEWEST:
        return None
    few, many = exact_poisson(left, z=Z90)
    return Direct("agency_stay_days", days / left, days / many, days / few, left, _FILE,
                  f"{left} agency workers left")  # fmt: skip


def newly_qualified(desk: Desk) -> Direct | None:
    """Permanent starters in the period who are newly qualified."""
    if desk.workforce is None:
        return None
    rows = desk.workforce.filter(
        pl.col("kind") == "in post", pl.col("worker").is_not_null(),
        ~pl.col("agency").fill_null(False), desk.within("start"),
        pl.col("newly_qualified").is_not_null(),
    )  # fmt: skip
    return _share("newly_qualified_share", int(rows["newly_qualified"].sum()), rows.height, _FILE,
                  "permanent starters")  # fmt: skip


def vacancy(desk: Desk) -> Direct | None:
    """Days from one permanent holder of a post to the next, agency between or not: their middle."""
    if desk.workforce is None:
        return None
    rows = desk.workforce.filter(
        pl.col("kind") == "in post", pl.col("worker").is_not_null(),
        ~pl.col("agency").fill_null(False),
    ).drop_nulls("post_id").sort("post_id", "start")  # fmt: skip
    gap = (pl.col("start") - pl.col("end").shift(1).over("post_id")).dt.total_days()
    days = np.sort(rows.select(gap.alias("gap")).filter(pl.col("gap") > 0)["gap"].to_numpy())
    if len(days) < FEWEST:
        return None
    error = Z90 * np.sqrt(len(days)) / 2
    at = np.clip([len(days) / 2 - error, len(days) / 2 + error], 0, len(days) - 1).astype(int)
    return Direct("vacancy_fill_days", float(np.median(days)), float(days[at[0]]),
                  float(days[at[1]]), len(days), _FILE, f"{len(days)} vacancies filled")  # fmt: skip


READERS: tuple[Callable[[Desk], Direct | None], ...] = (
    contacts, siblings, no_further_action, posts, teams, leaving, sickness, sickness_length,
    agency_stay, newly_qualified, vacancy,
)  # fmt: skip
