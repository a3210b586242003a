"""Posts and the people in them: vacancies, agency, starters, leavers, sickness; and who is there on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from upturn.measures.statistics.intervals import Interval, wilson
from upturn.rulebooks.calendar import add_months
from upturn.workload.tables import covers
from upturn.workload.weights import Scheme
from upturn.workload.workforce import Workforce
from upturn.workload.workforce_checks import layout

_PEOPLE: dict[str, pl.DataType] = {
    "worker": pl.String(),
    "capacity": pl.Float64(),
    "agency": pl.Boolean(),
    "newly_qualified": pl.Boolean(),
    "away": pl.Boolean(),
    "left": pl.Boolean(),
}


def full_time() -> float:
    """Hours of a full-time week.

    >>> full_time()
    37.0
    """
    return float(layout()["full_time_hours"])


def month_days(starts: pl.Series, *, as_at: date, months: int) -> list[date]:
    """``as_at`` and the same day of the months before it, as far back as ``starts`` reach, in order.

    >>> month_days(pl.Series([date(2026, 8, 1)]), as_at=date(2026, 9, 30), months=12)
    [datetime.date(2026, 8, 30), datetime.date(2026, 9, 30)]
    """
    first = starts.drop_nulls().min()
    days = [add_months(as_at, -n) for n in range(months, -1, -1)]
    return [day for day in days if isinstance(first, date) and day >= first]


def people_on(workforce: Workforce | None, scheme: Scheme, *, day: date) -> pl.DataFrame:
    """Every worker the workforce file knows up to ``day``, and what can be asked of them on it.

    ``capacity`` is in full-time equivalents, newly qualified workers at the scheme's share; ``away`` says
    that the worker is on leave or sick, ``left`` that no spell in post holds on ``day``.
    """
    if workforce is None:
        return pl.DataFrame(schema=_PEOPLE)
    known = workforce.spells.filter(pl.col("worker").is_not_null() & (pl.col("start") <= day))
    posts = known.filter(pl.col("kind") == "in post")
    months = pl.col("start").dt.offset_by(f"{scheme.newly_qualified_months}mo")
    new = pl.col("newly_qualified").fill_null(False) & (months > day)
    share = pl.col("hours").fill_null(full_time()) / full_time()
    reduced = share * pl.when(new).then(scheme.newly_qualified).otherwise(1.0)
    now = posts.filter(covers(day)).group_by("worker").agg(
        capacity=reduced.sum(), agency=pl.col("agency").any(), newly_qualified=new.any()
    )  # fmt: skip
    away = known.filter((pl.col("kind") != "in post") & covers(day))["worker"].unique()
    return (
        posts.select("worker").unique(maintain_order=True)
        .join(now, on="worker", how="left")
        .with_columns(away=pl.col("worker").is_in(away.implode()), left=pl.col("capacity").is_null())
        .select(pl.col(c).cast(t) for c, t in _PEOPLE.items())
    )  # fmt: skip


@dataclass(frozen=True)
class Posts:
    """The workforce on one day and over the twelve months before, in full-time equivalents unless said.

    ``vacant`` counts posts without a permanent worker, also those an agency worker covers, as the Department
    for Education does. ``starters`` and ``leavers`` are permanent workers (heads). ``sick`` is the share of
    permanent workers' days lost to sickness. Each share has its interval (Wilson; posts or heads as cases).
    """

    day: date
    posts: float
    in_post: float
    vacant: float
    agency: float
    on_leave: int
    starters: int
    leavers: int
    heads: int
    sick_days: int
    days: int
    vacancy_rate: float | None
    vacancy_interval: Interval | None
    agency_rate: float | None
    agency_interval: Interval | None
    turnover: float | None
    turnover_interval: Interval | None
    sickness_rate: float | None


def posts_on(workforce: Workforce, *, day: date, team: str | None = None) -> Posts:
    """Posts, vacancies, agency share, starters, leavers and sickness on ``day``; of one team if named."""
    rows = workforce.spells if team is None else workforce.spells.filter(pl.col("team") == team)
    sums = _sums(rows, day)
    year = add_months(day, -12)
    heads, starters, leavers = _moves(rows, since=year, until=day)
    sick, days = _days_lost(rows, since=year, until=day)
    permanent, agency, vacant = sums["permanent"], sums["agency"], sums["vacant"]
    everyone = permanent + agency
    share, interval = _share, _interval
    return Posts(
        day=day, posts=permanent + vacant, in_post=permanent, vacant=vacant, agency=agency,
        on_leave=_away_on(rows, day), starters=starters, leavers=leavers, heads=heads,
        sick_days=sick, days=days,
        vacancy_rate=share(vacant, permanent + vacant), vacancy_interval=interval(vacant, permanent + vacant),
        agency_rate=share(agency, everyone), agency_interval=interval(agency, everyone),
        turnover=share(leavers, heads), turnover_interval=interval(leavers, heads),
        sickness_rate=share(sick, days),
    )  # fmt: skip


def in_post_on(workforce: Workforce, days: Sequence[date]) -> list[float]:
    """Full-time equivalents of people in post on each day, permanent and agency together.

    >>> from upturn.workload.tables import WORKFORCE
    >>> nobody = Workforce("w.csv", "", pl.DataFrame(schema=WORKFORCE), pl.DataFrame(), 0)
    >>> in_post_on(nobody, [date(2026, 9, 30)])
    [0.0]
    """
    there = (pl.col("kind") == "in post") & pl.col("worker").is_not_null()
    rows = workforce.spells.filter(there)
    fte = pl.col("hours").fill_null(full_time()) / full_time()
    sums = rows.select(fte.filter(covers(day)).sum().alias(str(n)) for n, day in enumerate(days))
    return [float(value) for value in sums.row(0)] if days else []


def _share(n: float, of: float) -> float | None:
    return 100 * n / of if of else None


def _interval(n: float, of: float) -> Interval | None:
    return wilson(n, of) if of and n <= of else None


def _sums(rows: pl.DataFrame, day: date) -> dict[str, float]:
    """Full-time equivalents of permanent workers, agency workers and posts without a permanent worker."""
    now = rows.filter((pl.col("kind") == "in post") & covers(day)).with_columns(
        fte=pl.col("hours").fill_null(full_time()) / full_time()
    )
    named, covered = pl.col("worker").is_not_null(), pl.col("agency").fill_null(False)
    said = now.with_columns(
        state=pl.when(named & ~covered).then(pl.lit("permanent"))
        .when(named).then(pl.lit("agency")).otherwise(pl.lit("empty")),
        _post=pl.coalesce("post_id", "worker"),
    )  # fmt: skip
    # In order, so that a sum has the same last digit each time.
    found = dict(said.group_by("state", maintain_order=True).agg(pl.col("fte").sum()).rows())
    filled = said.filter(pl.col("state") == "permanent")["_post"].unique()
    # A post is vacant when nobody permanent holds it, whether it stands empty or an agency worker covers it.
    vacant = (
        said.filter(~pl.col("_post").is_in(filled.implode()))
        .group_by("_post", maintain_order=True)
        .agg(pl.col("fte").max())
    )
    return {
        "permanent": found.get("permanent", 0.0),
        "agency": found.get("agency", 0.0),
        "vacant": float(vacant["fte"].sum()),
    }


def _moves(rows: pl.DataFrame, *, since: date, until: date) -> tuple[int, int, int]:
    """Permanent workers in post at the end, and those who started and left in between (heads)."""
    far = pl.date(2099, 12, 31)
    mine = rows.filter(
        (pl.col("kind") == "in post") & pl.col("worker").is_not_null()
        & ~pl.col("agency").fill_null(False) & (pl.col("start") <= until)
    )  # fmt: skip
    each = mine.group_by("worker").agg(pl.col("start").min(), pl.col("end").fill_null(far).max())
    heads = each.filter(pl.col("end") > until).height
    started = each.filter((pl.col("start") > since) & (pl.col("start") <= until)).height
    left = each.filter((pl.col("end") > since) & (pl.col("end") <= until)).height
    return heads, started, left


def _days_lost(rows: pl.DataFrame, *, since: date, until: date) -> tuple[int, int]:
    """Days of sickness and days in post of permanent workers between two dates."""
    mine = rows.filter(pl.col("worker").is_not_null() & ~pl.col("agency").fill_null(False))
    last = until + timedelta(days=1)
    days = (
        pl.min_horizontal(pl.col("end").fill_null(last), pl.lit(last))
        - pl.max_horizontal("start", pl.lit(since))
    ).dt.total_days()  # fmt: skip
    each = mine.with_columns(_d=days.clip(lower_bound=0)).group_by("kind").agg(pl.col("_d").sum())
    found = dict(each.rows())
    return int(found.get("sickness", 0)), int(found.get("in post", 0))


def _away_on(rows: pl.DataFrame, day: date) -> int:
    away = rows.filter((pl.col("kind") != "in post") & covers(day))
    return away["worker"].n_unique()


def posts_over_time(workforce: Workforce, *, as_at: date, months: int = 24) -> pl.DataFrame:
    """Full-time equivalents in post, vacant and of agency workers at each month's end: ``day …``."""
    days = month_days(workforce.spells["start"], as_at=as_at, months=months)
    each = [{"day": d, **_sums(workforce.spells, d)} for d in days]
    schema = {"day": pl.Date, "permanent": pl.Float64, "agency": pl.Float64, "vacant": pl.Float64}
    return pl.DataFrame(each, schema=schema)
