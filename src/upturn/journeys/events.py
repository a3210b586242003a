"""The event log: what happened to each child in each episode, one row an event, with how sure it is.

Five degrees of certainty. ``exact``: it happened on that date. ``maybe``: it may belong to this episode
or to another (a link that cannot be told). ``unknown``: it happened, or may have, and its date is not
known; nothing that rests on it is called late or in time. ``latest``: it had happened by that date, and
earlier ones may be missing from the source. ``at or before``: it began no later than that date.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from upturn.journeys.result import EVENTS
from upturn.records.casebook import Casebook
from upturn.records.tables import TABLES

#: Notes that say why a date is unknown. They are shown to people, and told apart by the clocks.
SET_ASIDE = "the date was set aside"
NOT_HELD = "not held by this source"
BLANK = "it is blank"
#: Put on an event that is real but whose date the source does not hold; the clock shows no dates.
UNDATED = "the date is not held by this source"


@dataclass(frozen=True)
class Thread:
    """The rows of one table as episodes of one kind, ready to have events drawn from them.

    ``rows`` has the columns ``child_id, episode_id, team, worker, source, set_aside`` and the fields of
    the table.
    """

    casebook: Casebook
    episode: str
    rows: pl.DataFrame

    def said(
        self,
        event: str,
        field: str,
        *,
        certainty: str | pl.Expr = "exact",
        note: str | pl.Expr = "",
        where: pl.Expr | None = None,
    ) -> pl.DataFrame:
        """``event`` on the date in ``field``, for the rows that have one (and where ``where`` holds).

        A date that was set aside, or a field the source has no column for, becomes an event of unknown
        date: it may have happened.
        """
        rows = self.rows if where is None else self.rows.filter(where)
        aside = pl.col("set_aside").list.contains(field)
        absent = field in self.casebook.absent_fields
        known = self._events(
            rows.filter(pl.col(field).is_not_null()), event, pl.col(field), certainty, note
        )
        if absent:
            return self._events(rows, event, None, "unknown", NOT_HELD)
        unknown = rows.filter(pl.col(field).is_null() & aside)
        return pl.concat([known, self._events(unknown, event, None, "unknown", SET_ASIDE)])

    def at(
        self,
        event: str,
        day: pl.Expr,
        *,
        where: pl.Expr,
        certainty: str | pl.Expr = "exact",
        note: str | pl.Expr = "",
    ) -> pl.DataFrame:
        """``event`` on the date that ``day`` works out to, where ``where`` holds."""
        return self._events(self.rows.filter(where), event, day, certainty, note)

    def in_doubt(self, event: str, note: str, *, where: pl.Expr) -> pl.DataFrame:
        """``event`` of unknown date, where ``where`` holds: it may have happened."""
        return self._events(self.rows.filter(where), event, None, "unknown", note)

    def _events(
        self,
        rows: pl.DataFrame,
        event: str,
        day: pl.Expr | None,
        certainty: str | pl.Expr,
        note: str | pl.Expr,
    ) -> pl.DataFrame:
        return rows.select(
            "child_id",
            "episode_id",
            "team",
            "worker",
            "source",
            episode=pl.lit(self.episode),
            event=pl.lit(event),
            date=pl.lit(None, dtype=pl.Date) if day is None else day,
            certainty=certainty if isinstance(certainty, pl.Expr) else pl.lit(certainty),
            note=note if isinstance(note, pl.Expr) else pl.lit(note or None, dtype=pl.String),
        ).select(pl.col(c).cast(t) for c, t in EVENTS.items())


def thread(casebook: Casebook, table: str, *, episode: str, child: str, named_by: str) -> Thread:
    """One episode for each row of ``table``, named by the date in ``named_by``.

    Two episodes of one child that would have the same name are numbered.
    """
    rows = casebook.table(table)
    day = pl.col(named_by).dt.strftime("%Y-%m-%d").fill_null("undated")
    name = pl.format("{} {}", pl.lit(episode.replace("_", " ")), day)
    rows = rows.with_columns(
        pl.col(child).alias("child_id"),
        pl.col(TABLES[table].key).alias("own_id"),
        _name=name,
        source=pl.format("{} row {}", "source_list", "source_row"),
    )
    nth = (
        pl.int_range(pl.len()).over("child_id", named_by) + 1
    )  # a day has one name, and is read faster
    numbered = pl.when(nth == 1).then("_name").otherwise(pl.format("{} ({})", "_name", nth))
    return Thread(casebook, episode, rows.with_columns(episode_id=numbered))


def with_latest(owner: Thread, table: str, *, parent: str) -> Thread:
    """The rows of ``table`` that belong to ``owner``'s episodes: visits of a plan, reviews of a period.

    ``parent`` is the field of ``table`` that holds the key of the owner's row, kept there as ``own_id``.
    """
    rows = owner.casebook.table(table).rename({"team": "_t", "worker": "_w", "set_aside": "_s"})
    owners = owner.rows.select("own_id", "child_id", "episode_id", "team", "worker")
    joined = rows.join(
        owners, left_on=parent, right_on="own_id", how="inner", maintain_order="left"
    )
    joined = joined.with_columns(
        source=pl.format("{} row {}", "source_list", "source_row"), set_aside=pl.col("_s")
    )
    return Thread(owner.casebook, owner.episode, joined)


def not_held(t: Thread, **fields: tuple[str, str]) -> list[pl.DataFrame]:
    """Doubt in every episode for events whose field the source has no column for."""
    absent = t.casebook.absent_fields
    return [
        t.in_doubt(event, NOT_HELD, where=pl.lit(True))
        for field, event in fields.values()
        if field in absent
    ]


def event_log(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All the parts as one log, in the order of child, kind of episode, episode and date.

    Events of unknown date come last in their episode.
    """
    log = pl.concat([pl.DataFrame(schema=EVENTS), *parts])
    return log.sort(
        "child_id", "episode", "episode_id", "date", nulls_last=True, maintain_order=True
    )
