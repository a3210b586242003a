"""The whole answer of ``upturn workload``: who holds what, how that changed, and how it bears on delay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from upturn.records.casebook import Casebook
from upturn.rulebooks.calendar import add_months
from upturn.workload.allocations import allocations, has_history, how_far, spells
from upturn.workload.caseload import arrivals, caseloads, over_time
from upturn.workload.cases import cases, kinds_on
from upturn.workload.continuity import changes, unheld, waits
from upturn.workload.delay.model import Delay, delays
from upturn.workload.posts import Posts, posts_on, posts_over_time
from upturn.workload.spread import Spread, spread, spread_columns
from upturn.workload.tables import covers
from upturn.workload.weights import Scheme
from upturn.workload.workforce import Workforce

Say = Callable[[str], None]

#: What cannot be told without a workforce file.
NO_WORKFORCE = (
    "No workforce file was given: posts, vacancies, agency workers, leavers, sickness and what each worker "
    "can hold cannot be told."
)
_HISTORY = "The source names only the holder at the extract: what came before cannot be told."


@dataclass(frozen=True)
class Workload:
    """Who holds what at ``as_at``, and over the twelve months from ``since``.

    ``workers`` has a row for each worker who holds a child (`upturn.workload.caseload.caseloads`), ``teams``
    one for each team with the spread of its workers' children. ``months``, ``arrivals``, ``changes``,
    ``waits``, ``unheld`` and ``post_months`` are tables of `upturn.workload.caseload`,
    `upturn.workload.continuity` and `upturn.workload.posts`, empty where the source cannot tell. ``nobody``
    are open children without a named worker; ``with_leavers`` children held by somebody who has left.
    ``told`` says how far the source tells who held a child (full, part, none), and ``because`` why.
    """

    casebook: Casebook
    workforce: Workforce | None
    scheme: Scheme
    since: date
    told: str
    because: str
    allocations: pl.DataFrame
    workers: pl.DataFrame
    teams: pl.DataFrame
    months: pl.DataFrame
    arrivals: pl.DataFrame
    changes: pl.DataFrame
    waits: pl.DataFrame
    unheld: pl.DataFrame
    nobody: pl.DataFrame
    with_leavers: pl.DataFrame
    posts: Posts | None
    team_posts: dict[str, Posts]
    post_months: pl.DataFrame
    delays: tuple[Delay, ...]
    notes: tuple[str, ...]

    @property
    def as_at(self) -> date:
        """The date the caseloads are read on."""
        return self.casebook.as_at

    @property
    def children(self) -> Spread:
        """The spread of children over workers."""
        return spread(self.workers["children"])

    @property
    def load(self) -> Spread:
        """The spread of load over workers whose capacity is known, in per cent of what the scheme allows."""
        return spread(self.workers["load"].drop_nulls())


def run_workload(
    casebook: Casebook, *, scheme: Scheme, workforce: Workforce | None = None, progress: Say | None = None
) -> Workload:  # fmt: skip
    """Everything this room can say of a casebook. Same casebook, file and scheme, same answer."""
    say = progress or (lambda _: None)
    say("Working out who held which child")
    held, found, as_at = allocations(casebook), cases(casebook), casebook.as_at
    since = add_months(as_at, -12)
    history = held if has_history(casebook) else held.clear()
    spelled = spells(history)
    workers = caseloads(held, found, scheme, day=as_at, workforce=workforce)
    told, because = how_far(casebook)
    say("Asking how load bears on delay")
    return Workload(
        casebook=casebook,
        workforce=workforce,
        scheme=scheme,
        since=since,
        told=told,
        because=because,
        allocations=held,
        workers=workers,
        teams=_teams(workers),
        months=over_time(history, as_at=as_at),
        arrivals=arrivals(history, since=since),
        changes=changes(spelled, found, since=since, as_at=as_at),
        waits=waits(casebook, history, since=since) if history.height else _nothing("waits"),
        unheld=unheld(spelled, found, since=since, as_at=as_at) if history.height else _nothing("unheld"),
        nobody=_nobody(casebook, held, found) if held.height else _nothing("nobody"),
        with_leavers=_with_leavers(held, workers, as_at),
        posts=posts_on(workforce, day=as_at) if workforce else None,
        team_posts=_by_team(workforce, as_at),
        post_months=posts_over_time(workforce, as_at=as_at) if workforce else _nothing("posts"),
        delays=delays(casebook, held, workforce=workforce),
        notes=_notes(casebook, workforce, held, workers),
    )  # fmt: skip


_EMPTY: dict[str, dict[str, pl.DataType]] = {
    "waits": {"child_id": pl.String(), "referred": pl.Date(), "allocated": pl.Date(),
              "waited": pl.Int32(), "team": pl.String()},
    "unheld": {"child_id": pl.String(), "open_days": pl.Int64(), "days": pl.Int64(),
               "longest": pl.Int64(), "now": pl.Boolean()},
    "nobody": {"child_id": pl.String(), "kind": pl.String(), "team": pl.String()},
    "posts": {"day": pl.Date(), "permanent": pl.Float64(), "agency": pl.Float64(), "vacant": pl.Float64()},
}  # fmt: skip


def _nothing(table: str) -> pl.DataFrame:
    return pl.DataFrame(schema=_EMPTY[table])


def _teams(workers: pl.DataFrame) -> pl.DataFrame:
    """The spread of children over the workers of each team, and the spread of their load."""
    return (
        workers.with_columns(pl.col("team").fill_null("team not known"))
        .group_by("team")
        .agg(
            pl.len().alias("workers"),
            pl.col("children").sum().alias("held"),
            *spread_columns("children"),
            pl.col("load").median().round(1).alias("load_median"),
            pl.col("load").max().alias("load_most"),
            (pl.col("load") > 100).sum().alias("over_full"),
        )
        .sort("most", "team", descending=[True, False])
    )


def _nobody(casebook: Casebook, held: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Open children without a named worker at the extract: ``child_id, kind, team``."""
    now = held.filter(covers(casebook.as_at))
    named = now.filter(pl.col("worker").is_not_null())
    open_ = kinds_on(found.filter(pl.col("kind") != "care leaver"), casebook.as_at)
    rows = open_.join(named, on="child_id", how="anti")
    last = held.sort("start", nulls_last=False, maintain_order=True).group_by("child_id").agg(
        pl.col("team").drop_nulls().last()
    )  # fmt: skip
    return (
        rows.join(last, on="child_id", how="left")
        .select("child_id", "kind", "team")
        .sort("child_id")
    )


def _with_leavers(held: pl.DataFrame, workers: pl.DataFrame, as_at: date) -> pl.DataFrame:
    gone = workers.filter(pl.col("left").fill_null(False))["worker"]
    rows = held.filter(covers(as_at) & pl.col("worker").is_in(gone.implode()))
    rows = rows.select("child_id", "worker", "team").unique("child_id", maintain_order=True)
    return rows.sort("team", "child_id")


def _by_team(workforce: Workforce | None, as_at: date) -> dict[str, Posts]:
    if workforce is None:
        return {}
    teams = workforce.spells["team"].drop_nulls().unique().sort().to_list()
    return {team: posts_on(workforce, day=as_at, team=team) for team in teams}


def _notes(
    casebook: Casebook, workforce: Workforce | None, held: pl.DataFrame, workers: pl.DataFrame
) -> tuple[str, ...]:
    notes = [] if workforce is not None else [NO_WORKFORCE]
    if held.height and not has_history(casebook):
        notes.append(_HISTORY)
    if workforce is not None:
        if workforce.lost:
            notes.append(f"{workforce.lost}: see Workforce faults.")
        notes += workforce.notes
        known = set(workforce.spells["worker"].drop_nulls())
        unknown = workers.filter(~pl.col("worker").is_in(list(known))).height
        if unknown:
            notes.append(
                f"{unknown} of {workers.height} workers who hold children {'is' if unknown == 1 else 'are'} "
                "not in the workforce file "
                "under the same name: what they can hold, and whether they have left, cannot be told."
            )
    return tuple(notes)
