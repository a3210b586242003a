"""Periods of care from their episodes. An episode ends whenever placement or legal status changes."""

from __future__ import annotations

import polars as pl

from upturn.records.lists.fill import table_of
from upturn.records.lists.rows import Rows
from upturn.records.tables import TABLES

_CEASED, _REASON = "clae_cla_episode_ceased_date", "clae_cla_episode_ceased_reason"
#: The reason of an episode that another of the same period follows.
_CONTINUES = r"(?i)^\s*X1\b"


def care_periods(rows: Rows) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The casebook's ``cla_episodes``, one row a period, and the same as owners of other rows.

    A period has ended when its last episode has, for a reason other than that it continues. Where
    one of its dates was set aside, so is the period's.
    """
    episodes = table_of(rows, "cla_episodes", {}).with_columns(
        clae_cla_id=_column(rows, "clae_cla_id", pl.String()),
        _start=_column(rows, "clae_cla_episode_start_date", pl.Date()),
    )
    entered = pl.col("clae_entered_care_date")
    number = pl.coalesce("clae_cla_id", pl.coalesce(entered, "_start").cast(pl.String))
    frame = episodes.with_columns(_period=number, _entered=pl.min_horizontal(entered, "_start"))
    grouped = (
        frame.sort("_start", maintain_order=True)
        .group_by("clae_person_id", "_period", maintain_order=True)
        .agg(
            pl.all().exclude("_entered", "set_aside", _CEASED, "clae_entered_care_date").last(),
            pl.col("_entered").min().alias("clae_entered_care_date"),
            pl.col("set_aside").list.explode(keep_nulls=False, empty_as_null=False).unique(),
            _ended().alias(_CEASED),
        )
    )
    grouped = grouped.with_columns(
        pl.when(pl.col(_CEASED).is_not_null()).then(_REASON).alias(_REASON)
    )
    shared = pl.col("_period").is_duplicated()
    own = pl.when(shared).then(pl.format("{}/{}", "_period", "clae_person_id")).otherwise("_period")
    grouped = grouped.with_columns(clae_cla_episode_id=own)
    periods = grouped.select(
        own_id="clae_cla_episode_id",
        id="clae_cla_id",
        child="clae_person_id",
        start="clae_entered_care_date",
        end=_CEASED,
    )
    return grouped.select(TABLES["cla_episodes"].schema.keys()), periods


def _column(rows: Rows, header: str, dtype: pl.DataType) -> pl.Series:
    if header in rows.values.columns:
        return rows.values[header]
    return pl.Series(header, [None] * rows.at.len(), dtype=dtype)


def _ended() -> pl.Expr:
    """The day the period ended: null while an episode is open or the last one says that it continues."""
    last = pl.col(_CEASED).last()
    continues = pl.col(_REASON).str.contains(_CONTINUES).fill_null(False).last()
    return pl.when(pl.col(_CEASED).is_not_null().all() & ~continues).then(last)
