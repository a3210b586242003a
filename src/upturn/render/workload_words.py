"""What the workload says, in tiles and sentences; a worker has a name only where that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import polars as pl

from upturn.measures.statistics.intervals import Interval
from upturn.records.sheets import counted
from upturn.render.words import day
from upturn.workload.posts import Posts
from upturn.workload.result import Workload
from upturn.workload.spread import Spread, spread

#: A team with fewer workers than this is not spread out: its figures would be somebody's.
FEWEST_WORKERS = 3


@dataclass(frozen=True)
class Tile:
    """One figure at the head of the page: ``big``, what it is, and what it is of."""

    big: str
    name: str
    of: str


def figure(value: float | None) -> str:
    """A number as people write it; nothing for none.

    >>> figure(15.0), figure(15.25), figure(None)
    ('15', '15.2', '–')
    """
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"


def at_least(value: float | None) -> str:
    """The whole number that so many have or more: a tenth above 21.4 children have 22 or more.

    >>> at_least(21.4), at_least(16.0), at_least(None)
    ('22', '16', '–')
    """
    return "–" if value is None else f"{ceil(round(value, 6)):,}"


def spread_words(found: Spread, unit: str = "") -> str:
    """A spread in one line, the top named.

    >>> spread_words(spread([4, 10, 12, 14, 40]), "children")
    'half have 12 children or more, a tenth 30 or more, the most is 40 (mean 16)'
    """
    if not found.n:
        return "none"
    unit = f" {unit}" if unit else ""
    return (
        f"half have {at_least(found.median)}{unit} or more, a tenth {at_least(found.p90)} or more, "
        f"the most is {at_least(found.most)} (mean {figure(found.mean)})"
    )


def percent(share: float | None, interval: Interval | None) -> str:
    """A share in per cent with its interval.

    >>> percent(14.4, (0.064, 0.294)), percent(None, None)
    ('14.4 % (6 to 29 %)', 'cannot tell')
    """
    if share is None:
        return "cannot tell"
    if interval is None:
        return f"{share:.1f} %"
    return f"{share:.1f} % ({100 * interval[0]:.0f} to {100 * interval[1]:.0f} %)"


def tiles(found: Workload) -> list[Tile]:
    """The figures at the head: never an average without its spread."""
    children, held = found.children, found.workers["children"].sum()
    said = [
        Tile(
            figure(children.median),
            "children: the worker in the middle",
            f"of {children.n} workers",
        ),
        Tile(
            at_least(children.p90),
            "children or more: a tenth of workers",
            f"the mean is {figure(children.mean)}",
        ),
        Tile(figure(children.most), "children: the most one worker has", f"{held:,} held in all"),
        Tile(
            f"{found.nobody.height:,}",
            f"open {'child' if found.nobody.height == 1 else 'children'} without a named worker",
            day(found.as_at),
        ),
    ]
    return said if found.posts is None else [*said, *_post_tiles(found, found.posts)]


def _post_tiles(found: Workload, posts: Posts) -> list[Tile]:
    over = found.workers.filter(pl.col("load") > 100).height
    vacant = (
        f"{figure(posts.vacant)} of {figure(posts.posts)} full-time equivalents, covered ones too"
    )
    return [
        Tile(
            f"{over:,}",
            "worker over full" if over == 1 else "workers over full",
            f"of {found.load.n}, by “{found.scheme.name}”",
        ),
        Tile(
            f"{found.with_leavers.height:,}",
            f"{'child' if found.with_leavers.height == 1 else 'children'} held by somebody who has left",
            "workforce file",
        ),
        Tile(_whole(posts.vacancy_rate), "of posts vacant", vacant),
        Tile(
            _whole(posts.agency_rate),
            "of the work by agency workers",
            f"{figure(posts.agency)} full-time",
        ),
    ]


def _whole(share: float | None) -> str:
    return "–" if share is None else f"{share:.0f} %"


def history_words(found: Workload) -> list[str]:
    """On load when work came, changes of worker, waits and days with nobody; empty without history."""
    said = []
    if found.arrivals.height:
        load, times = spread(found.arrivals["load"]), found.arrivals.height
        said.append(
            f"When new work came ({times:,} times in twelve months), the worker held already: "
            f"{spread_words(load, 'children')}."
        )
    if found.changes.height:
        workers = spread(found.changes["workers"])
        three = found.changes.filter(pl.col("workers") >= 3).height
        said.append(
            f"In twelve months {three:,} of {found.changes.height:,} open children had three workers or "
            f"more; the most is {figure(workers.most)}, and half had {at_least(workers.median)} or more."
        )
    return [*said, *_waits_words(found), *_unheld_words(found)]


def _waits_words(found: Workload) -> list[str]:
    if found.waits.is_empty():
        return []
    waited = spread(found.waits["waited"])
    late = found.waits.filter(pl.col("waited") > 1).height
    waiting = found.waits.filter(pl.col("allocated").is_null()).height
    return [
        f"Of {found.waits.height:,} referrals, {late:,} waited more than one working day for a named "
        f"worker; a tenth waited {at_least(waited.p90)} or more, the longest {figure(waited.most)}. "
        f"{counted(waiting, 'waits', 'wait') if waiting else 'None waits'} still."
    ]


def _unheld_words(found: Workload) -> list[str]:
    rows = found.unheld
    if rows.is_empty():
        return []
    some, longest = rows.filter(pl.col("days") > 0).height, int(rows["longest"].max() or 0)  # type: ignore[arg-type]
    return [
        f"{some:,} of {rows.height:,} children with an open case had days on which nobody held them: "
        f"{rows['days'].sum():,} days of {rows['open_days'].sum():,}, the longest stretch "
        f"{counted(longest, 'day', 'days')}."
    ]


def posts_words(found: Workload) -> list[str]:
    """Sentences on posts and the people in them; empty without a workforce file."""
    p = found.posts
    if p is None:
        return []
    sick = "cannot tell" if p.sickness_rate is None else f"{p.sickness_rate:.1f} %"
    vacancy = percent(p.vacancy_rate, p.vacancy_interval)
    agency = percent(p.agency_rate, p.agency_interval)
    turnover = percent(p.turnover, p.turnover_interval)
    return [
        f"Vacant: {vacancy} of {figure(p.posts)} full-time equivalent posts.",
        f"Agency: {agency} of {figure(p.in_post + p.agency)} full-time equivalents at work.",
        f"In twelve months {counted(p.starters, 'permanent worker', 'permanent workers')} started and "
        f"{p.leavers} left, of {p.heads} in post: turnover {turnover}.",
        f"Sickness took {p.sick_days:,} of {p.days:,} days of permanent workers ({sick}); "
        f"{counted(p.on_leave, 'is', 'are')} on leave or sick now.",
    ]


def scheme_words(found: Workload) -> list[str]:
    """What the weighing rests on, with what is assumed said to be assumed."""
    s = found.scheme
    points = ", ".join(f"{kind} {figure(n)}" for kind, n in s.points.items())
    said = [
        f"Scheme “{s.name}”. Source: {s.source}",
        f"Points for each child: {points}"
        + (" (assumed: give your own with --weights)." if s.points_status == "assumed" else "."),
        f"Full: {figure(s.full)} points for a full-time worker, {figure(s.stable)} of them for work that "
        f"does not depend on cases. A newly qualified worker's first {s.newly_qualified_months} months "
        f"count {100 * s.newly_qualified:.0f} %; part time counts in proportion; of a worker on leave or "
        "sick, no load is given.",
    ]
    if s.status == "assumed":
        said.append("The ceiling is assumed.")
    return said


def named(found: Workload, *, names: bool) -> pl.DataFrame:
    """The workers as a table: by name where ``names``, else numbered in their team, the heaviest first."""
    team = pl.col("team").fill_null("team not known")
    order = pl.col("children").rank("ordinal", descending=True).over(team)
    alias = pl.format("Worker {}", order)
    return found.workers.with_columns(
        team=team, worker=pl.col("worker") if names else alias
    ).sort("team", "children", descending=[False, True], maintain_order=True)  # fmt: skip


def team_rows(found: Workload) -> list[dict[str, object]]:
    """The teams for the page; small ones without their spread."""
    rows = []
    for row in found.teams.to_dicts():
        posts = found.team_posts.get(row["team"])
        row["told"] = row["workers"] >= FEWEST_WORKERS
        row["vacant"] = "–" if posts is None else f"{figure(posts.vacant)} of {figure(posts.posts)}"
        rows.append(row)
    return rows
