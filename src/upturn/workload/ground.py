"""What the workforce figures of one casebook rest on: each table worked out once, and only when asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from upturn.measures.model import MEMBERS
from upturn.measures.statistics.intervals import Interval
from upturn.records.casebook import Casebook
from upturn.rulebooks.calendar import add_months
from upturn.workload.allocations import allocations, has_history, held_on, spells
from upturn.workload.caseload import caseloads
from upturn.workload.cases import cases
from upturn.workload.continuity import changes, unheld
from upturn.workload.posts import Posts, posts_on, posts_over_time
from upturn.workload.weights import Scheme, scheme
from upturn.workload.workforce import Workforce


@dataclass(frozen=True)
class Figure:
    """One figure: its value and the rest of `upturn.measures.model.Value`; ``why`` where there is none."""

    value: float | None = None
    n: int = 0
    of: int = 0
    interval: Interval | None = None
    members: pl.DataFrame | None = None
    bands: tuple[tuple[str, int], ...] = ()
    points: pl.DataFrame | None = None
    why: str = ""


class Ground:
    """What the figures of one casebook rest on, each table worked out once and only when asked for."""

    def __init__(self, casebook: Casebook, workforce: Workforce | None) -> None:
        self.casebook, self.workforce = casebook, workforce
        self.as_at = casebook.as_at
        self.since = add_months(self.as_at, -12)

    @cached_property
    def held(self) -> pl.DataFrame:
        """Who held which child (`upturn.workload.allocations.allocations`)."""
        return allocations(self.casebook)

    @cached_property
    def history(self) -> pl.DataFrame:
        """The same where the source reaches back before the extract; otherwise empty."""
        return self.held if has_history(self.casebook) else self.held.clear()

    @cached_property
    def spells(self) -> pl.DataFrame:
        """From when to when each named worker held each child, where there is a history."""
        return spells(self.history)

    @cached_property
    def cases(self) -> pl.DataFrame:
        """When each child's case was open."""
        return cases(self.casebook)

    @cached_property
    def workers(self) -> pl.DataFrame:
        """How many children each worker holds, at full hours where newly qualified."""
        return caseloads(self.held, self.cases, plain(), day=self.as_at, workforce=self.workforce)

    @cached_property
    def held_now(self) -> pl.DataFrame:
        """Each child with a worker at the extract, with ``amount``, the children that worker holds."""
        load = self.workers.select("worker", amount="children")
        now = held_on(self.held, self.as_at).join(load, on="worker", how="left")
        now = now.sort("amount", "child_id", descending=[True, False]).unique(
            "child_id", keep="first", maintain_order=True
        )
        return members(now.with_columns(counts=pl.lit(True)))

    @cached_property
    def changes(self) -> pl.DataFrame:
        """How many workers each child with an open case had in twelve months."""
        return changes(self.spells, self.cases, since=self.since, as_at=self.as_at)

    @cached_property
    def unheld(self) -> pl.DataFrame:
        """The days on which each child had an open case and no worker."""
        return unheld(self.spells, self.cases, since=self.since, as_at=self.as_at)

    @cached_property
    def posts(self) -> Posts | None:
        """Posts and the people in them on the as-at date."""
        return posts_on(self.workforce, day=self.as_at) if self.workforce else None

    @cached_property
    def post_months(self) -> pl.DataFrame | None:
        """Posts month by month."""
        return posts_over_time(self.workforce, as_at=self.as_at) if self.workforce else None


def plain() -> Scheme:
    """A scheme in which a newly qualified worker counts with all hours, as in the DfE's average caseload."""
    return replace(scheme("plain"), newly_qualified=1.0)


def members(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the columns of `upturn.measures.model.MEMBERS`, those they lack as nulls."""
    if "source_row" in rows.columns:
        rows = rows.with_columns(source=pl.format("{} row {}", "source_list", "source_row"))
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in MEMBERS.items()
    )
