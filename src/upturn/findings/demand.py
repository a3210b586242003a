"""Has demand risen in the last weeks beyond season and chance?

Weeks are set against the share that England's monthly pattern gives them. Weeks vary more than Poisson
would have it, so the variance is widened by what the weeks themselves show (their Pearson chi-square about
the level before and after), and the rise must be at least a fifth to be worth saying.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upturn.findings.cases import as_cases, empty_cases, said_day, table_rows
from upturn.findings.holder_cases import NO_FILE
from upturn.findings.intervals import clustered_wilson
from upturn.findings.model import Cases, Comparator, Ruling
from upturn.journeys.result import Check
from upturn.workload.posts import in_post_on
from upturn.workload.workforce import Workforce

#: Referrals in England by month, January first: DfE, children in need 2024, table C6.
ENGLAND = (54670, 50870, 51940, 43340, 55680, 58690, 51880, 44080, 54090, 55710, 55790, 45150)
_DAYS = (31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
#: Fewer weeks than this before the last ones are too few to know the level.
WEEKS_BEFORE = 8
#: A rise of less than a fifth is not worth saying.
WORTH_SAYING = 1.2


def demand(check: Check, test: Mapping[str, Any]) -> Cases:
    """Rows of ``table`` by ``day``: those of the last ``weeks`` whole weeks against the weeks before."""
    return _risen(check, test, None)


def outrun(check: Check, test: Mapping[str, Any], *, workforce: Workforce | None = None) -> Cases:
    """The same for each worker in post: has demand risen by more than the people who are there to meet it?"""
    if workforce is None:
        return Cases(empty_cases(), missing=NO_FILE)
    weeks = (check.as_at - _first_day(check.as_at)).days // 7
    middles = [check.as_at - timedelta(days=7 * (weeks - 1 - w) + 3) for w in range(weeks)]
    people = np.array(in_post_on(workforce, middles))
    if not people.all():
        return Cases(empty_cases(), missing="the workforce file has nobody in post in some week")
    return _risen(check, test, people)


def _risen(check: Check, test: Mapping[str, Any], people: NDArray[np.float64] | None) -> Cases:
    rows = table_rows(check.casebook, test["table"]).drop_nulls(test["day"])
    start = _first_day(check.as_at)
    weeks_in = (check.as_at - start).days // 7
    rows = rows.with_columns(
        week=weeks_in - 1 - ((pl.lit(check.as_at) - pl.col(test["day"])).dt.total_days() // 7)
    ).filter(pl.col("week").is_between(0, weeks_in - 1))
    recent = weeks_in - test["weeks"]
    cases = as_cases(
        rows,
        hit=pl.col("week") >= recent,
        day=pl.col(test["day"]),
        reason=pl.format("Came on {}", said_day(test["day"])),
        cluster=pl.lit(None),
    )
    if rows.height < 50 or recent < WEEKS_BEFORE:
        return Cases(cases, ruling=Ruling(False, _expected(0.0), 1.0, enough=False))
    ruling = _ruling(rows["week"].to_numpy(), check.as_at, weeks_in, recent, people)
    return Cases(cases, facts=_posts(people, recent), ruling=ruling)


def _posts(people: NDArray[np.float64] | None, recent: int) -> tuple[str, ...]:
    """How many people there were before and lately; nothing where only demand is asked about."""
    if people is None:
        return ()
    before, now = people[:recent].mean(), people[recent:].mean()
    return (
        f"{before:.1f} full-time equivalents in post in the weeks before, {now:.1f} in the last weeks",
    )


def _first_day(as_at: date) -> date:
    return pl.select(pl.lit(as_at).dt.offset_by("-6mo")).item()  # type: ignore[no-any-return]


def _ruling(
    week: Any, as_at: date, weeks: int, recent: int, people: NDArray[np.float64] | None
) -> Ruling:
    counts = np.bincount(week, minlength=weeks).astype(float)
    season = np.array([_season(as_at, weeks - 1 - w) for w in range(weeks)])
    if people is not None:
        season = season * people
    share = float(season[recent:].sum() / season.sum())
    n, of = float(counts[recent:].sum()), float(counts.sum())
    level = np.where(
        np.arange(weeks) >= recent,
        n / season[recent:].sum(),
        (of - n) / season[:recent].sum(),
    )
    fitted = level * season
    design = max(
        1.0, float(((counts - fitted) ** 2 / np.maximum(fitted, 1e-9)).sum() / (weeks - 2))
    )
    low, _ = clustered_wilson(n, of, design)
    rise = (n / share) / max((of - n) / (1 - share), 1e-9)
    expected = _expected(share, posts=people is not None)
    return Ruling(low > share and rise >= WORTH_SAYING, expected, design)


def _season(as_at: date, weeks_ago: int) -> float:
    days = (as_at - timedelta(days=7 * weeks_ago + d) for d in range(7))
    return sum(ENGLAND[day.month - 1] / _DAYS[day.month - 1] for day in days)


def _expected(share: float, *, posts: bool = False) -> Comparator:
    beside = " and the people in post" if posts else ""
    return Comparator(
        share,
        f"{100 * share:.0f} % would be expected from England's pattern over the year{beside}",
        "derived",
        "DfE, children in need 2024, table C6: referrals by month"
        + ("; and the workforce file" if posts else ""),
    )
