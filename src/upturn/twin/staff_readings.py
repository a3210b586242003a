"""What a workforce file, or who holds whom, says of posts: filled, left, empty, covered, and who was ill."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import norm

from upturn.measures.days import working_days
from upturn.measures.statistics.intervals import exact_poisson
from upturn.rulebooks.calendar import day_number
from upturn.twin.desk import EXTRACT, FEWEST, WORKFORCE_FILE, Z90, Desk, Direct, share
from upturn.twin.holding import elsewhere
from upturn.twin.parameters import parameters
from upturn.twin.spans import NEVER, Floats, days_of
from upturn.workload.allocations import allocations, held_on


def posts(desk: Desk) -> Direct | None:
    """Case-holding posts: of the workforce file, or of those who hold children at the extract.

    A worker counts for the share of her children who are not looked after. Posts that stand empty do not
    show in an extract, so without a workforce file the high end leaves room for one in ten.
    """
    filled, vacant = desk.total("filled"), desk.total("vacant")
    months = int(desk.recorded.between(desk.period.start, desk.period.end).sum())
    if desk.workforce is not None and filled is not None and months:
        full = (filled + max((vacant or 0.0) - (desk.total("agency") or 0.0), 0.0)) / months
        return Direct("posts", full, 0.97 * full, 1.03 * full, desk.workforce.height, WORKFORCE_FILE,
                      "mean over the period, full-time equivalent")  # fmt: skip
    holders = _holders(desk)
    if holders is None:
        return None
    full, heads = holders
    words = f"{heads} people hold children who are not looked after; empty posts do not show"
    return Direct("posts", 1.02 * full, 0.97 * full, 1.1 * full, heads, EXTRACT, words)


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
    return Direct("teams", n, n, n, held.height, EXTRACT, f"{n} teams hold five children or more")


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
    return Direct(
        parameter, n / years, low / years / room, high / years * room, n, WORKFORCE_FILE, words
    )


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
    return Direct(
        parameter, mean, low, mean + error, len(told), WORKFORCE_FILE, f"{len(told)} spells"
    )


def _sick(desk: Desk) -> pl.DataFrame | None:
    if desk.workforce is None:
        return None
    rows = desk.workforce.filter(pl.col("kind") == "sickness")
    return rows.filter(desk.within("start")) if rows.height else None


def agency_stay(desk: Desk) -> Direct | None:
    """How long agency workers stay: days worked over leavings, so that those still here count.

    One who goes because the post is filled did not end her own stay.
    """
    if desk.workforce is None:
        return None
    spells = desk.workforce.filter(pl.col("kind") == "in post")
    filled = _permanent(spells).select("post_id", end="start", _filled=pl.lit(True)).unique()
    rows = spells.filter(pl.col("agency").fill_null(False))
    rows = rows.join(filled, on=["post_id", "end"], how="left").with_columns(
        pl.col("_filled").fill_null(False)
    )
    start, end = days_of(rows["start"], blank=-NEVER), days_of(rows["end"])
    first, last = day_number(desk.period.start), day_number(desk.period.end)
    days = np.maximum(np.minimum(end, last + 1) - np.maximum(start, first), 0).sum()
    left = int(((end >= first) & (end <= last) & ~rows["_filled"].to_numpy()).sum())
    if left < FEWEST:
        return None
    few, many = exact_poisson(left, z=Z90)
    return Direct("agency_stay_days", days / left, days / many, days / few, left, WORKFORCE_FILE,
                  f"{left} agency workers left")  # fmt: skip


def agency_cover(desk: Desk) -> Direct | None:
    """The chance that agency covers an empty post at a try: covers begun, over the tries there was time for.

    A try comes after so many days as the twin takes it to (`agency_fill_days`, assumed), again and again
    while a post stands empty; so this tells how fast cover comes, whatever a try is.
    """
    vacant, agency = desk.total("vacant"), desk.total("agency")
    if desk.workforce is None or vacant is None or agency is None:
        return None
    empty = (vacant - agency) * 365 / 12
    tries = empty / (1.0 + parameters()["agency_fill_days"].default)
    if tries < FEWEST:
        return None
    covers = desk.workforce.filter(
        pl.col("kind") == "in post", pl.col("agency").fill_null(False), desk.within("start")
    ).height
    few, many = exact_poisson(covers, z=Z90)
    least, most = parameters()["agency_share"].bounds
    told, low, high = (float(np.clip(n / tries, least, most)) for n in (covers, few, many))
    words = f"{covers} empty posts covered, in {empty:.0f} days on which posts stood empty"
    return Direct("agency_share", told, low, high, covers, WORKFORCE_FILE, words)


def _permanent(spells: pl.DataFrame) -> pl.DataFrame:
    """The spells of somebody who is not agency."""
    return spells.filter(pl.col("worker").is_not_null(), ~pl.col("agency").fill_null(False))


def newly_qualified(desk: Desk) -> Direct | None:
    """Permanent starters in the period who are newly qualified."""
    if desk.workforce is None:
        return None
    rows = desk.workforce.filter(
        pl.col("kind") == "in post", pl.col("worker").is_not_null(),
        ~pl.col("agency").fill_null(False), desk.within("start"),
        pl.col("newly_qualified").is_not_null(),
    )  # fmt: skip
    return share("newly_qualified_share", int(rows["newly_qualified"].sum()), rows.height, WORKFORCE_FILE,
                  "permanent starters")  # fmt: skip


def vacancy(desk: Desk) -> Direct | None:
    """Days from one permanent holder of a post to the next, agency between or not: their median.

    Posts that still stand empty count for as long as they have (a log-normal wait, cut short: Klein and
    Moeschberger 2003, Survival Analysis, 12.4), so that long waits are not left out because they are long.
    """
    if desk.workforce is None:
        return None
    waits = _waits(desk.workforce.filter(pl.col("kind") == "in post"), desk.check.as_at)
    days, over = waits["days"].to_numpy().astype(float), waits["filled"].to_numpy()
    if over.sum() < FEWEST:
        return None
    middle, error = _log_normal(np.log(np.maximum(days, 1.0)), over, parameters()[_SPREAD].default)
    low, high = np.exp(middle - Z90 * error), np.exp(middle + Z90 * error)
    words = f"{over.sum()} vacancies filled and {(~over).sum()} not yet"
    return Direct("vacancy_fill_days", float(np.exp(middle)), float(low), float(high), len(days),
                  WORKFORCE_FILE, words)  # fmt: skip


_SPREAD = "vacancy_fill_spread"


def _waits(spells: pl.DataFrame, today: date) -> pl.DataFrame:
    """Each time a post stood without a permanent worker: ``days``, and whether it was ``filled``."""
    ends = spells.group_by("post_id").agg(_last=pl.col("end").fill_null(today).max())
    own = _permanent(spells).drop_nulls("post_id").sort("post_id", "start")
    own = own.with_columns(_next=pl.col("start").shift(-1).over("post_id")).join(ends, on="post_id")
    left = own.filter(pl.col("end").is_not_null()).with_columns(
        filled=pl.col("_next").is_not_null(), _until=pl.coalesce("_next", "_last")
    )
    days = (pl.col("_until") - pl.col("end")).dt.total_days()
    return left.select("filled", days=days).filter(pl.col("days") > 0)


def _log_normal(logs: Floats, over: npt.NDArray[np.bool_], spread: float) -> tuple[float, float]:
    """Mean of the logarithm and its standard error, by Newton's steps; waits not ``over`` are cut short."""
    middle = float(np.median(logs))
    for _ in range(50):
        z = (logs - middle) / spread
        risk = np.exp(norm.logpdf(z) - norm.logsf(z))
        slope = np.where(over, z, risk).sum() / spread
        bend = np.where(over, 1.0, risk * (risk - z)).sum() / spread**2
        middle += float(np.clip(slope / bend, -1.0, 1.0))
    return middle, float(1 / np.sqrt(bend))


READERS = (
    posts, teams, leaving, sickness, sickness_length, agency_stay, agency_cover, newly_qualified, vacancy,
)  # fmt: skip
