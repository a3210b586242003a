"""Who has a child: teams and workers by name, from the row itself or the involvement open at the extract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from upturn.records.lists.layout import comparable
from upturn.records.ssd.layout import ssd
from upturn.records.ssd.tables import Table


@dataclass(frozen=True)
class Holders:
    """Names of teams and workers by number, and the holder of each child at the extract."""

    teams: Mapping[str, str]
    workers: Mapping[str, str]
    now: pl.DataFrame

    def named(self, frame: pl.DataFrame, child: str) -> pl.DataFrame:
        """The frame with names for numbers in ``team`` and ``worker``, and both filled where blank."""
        frame = frame.with_columns(
            pl.col("team").replace(self.teams), pl.col("worker").replace(self.workers)
        )
        now = self.now.rename({"child": child, "team": "_team", "worker": "_worker"})
        joined = frame.join(now, on=child, how="left", maintain_order="left")
        nobody = pl.col("team").is_null() & pl.col("worker").is_null()
        return joined.with_columns(
            team=pl.when(nobody).then("_team").otherwise("team"),
            worker=pl.when(nobody).then("_worker").otherwise("worker"),
        ).drop("_team", "_worker")


def holders(tables: Mapping[str, Table], *, as_at: date) -> Holders:
    """The holders that the tables of teams, professionals and involvements tell."""
    teams, workers = _names(tables, "ssd_department", "dept_team_name"), worker_names(tables)
    now = _open_at(tables, as_at)
    now = now.with_columns(pl.col("team").replace(teams), pl.col("worker").replace(workers))
    return Holders(teams, workers, now)


def worker_names(tables: Mapping[str, Table]) -> dict[str, str]:
    """The name of each professional; the staff number where the extract has no names."""
    staff = _names(tables, "ssd_professionals", "prof_staff_id")
    return {**staff, **_names(tables, "ssd_professionals", "prof_professional_name")}


def _names(tables: Mapping[str, Table], table: str, field: str) -> dict[str, str]:
    found = tables.get(table)
    if found is None or field not in found.rows.values.columns:
        return {}
    ids, names = found.rows.filled_by("child"), found.rows.values[field]
    return {i: n for i, n in zip(ids.to_list(), names.to_list(), strict=True) if n}


def team_table(tables: Mapping[str, Table]) -> pl.DataFrame:
    """The teams with their ``id`` and ``name``."""
    names = _names(tables, "ssd_department", "dept_team_name")
    return pl.DataFrame(
        {"id": list(names), "name": list(names.values())},
        schema={"id": pl.String, "name": pl.String},
    )


def _open_at(tables: Mapping[str, Table], as_at: date) -> pl.DataFrame:
    """For each child the team and worker of the case worker's involvement open at the extract."""
    found = tables.get("ssd_involvements")
    empty = pl.DataFrame(schema=dict.fromkeys(("child", "team", "worker"), pl.String()))
    if found is None or not found.rows.at.len():
        return empty
    values = found.rows.values
    frame = pl.DataFrame(
        {
            "child": found.rows.filled_by("child"),
            "team": found.rows.filled_by("team"),
            "worker": _or_null(values, "invo_professional_id", pl.String()),
            "role": _or_null(values, "invo_professional_role_id", pl.String()),
            "start": _or_null(values, "invo_involvement_start_date", pl.Date()),
            "end": _or_null(values, "invo_involvement_end_date", pl.Date()),
        }
    )
    still = pl.col("end").is_null() | (pl.col("end") > as_at)
    frame = frame.filter((pl.col("start") <= as_at) & still)
    mine = frame.filter(case_worker(frame["role"]))
    latest = (mine if mine.height else frame).sort("start", maintain_order=True)
    return latest.group_by("child", maintain_order=True).agg(
        pl.col("team").last(), pl.col("worker").last()
    )


def case_worker(roles: pl.Series) -> pl.Series:
    """Whether each role is that of the worker who holds the case, by the words of ``ssd.yaml``.

    >>> case_worker(pl.Series(["CW", "Family support", None])).to_list()
    [True, False, False]
    """
    wanted = {comparable(role) for role in ssd().case_worker}
    known = {role: comparable(role) in wanted for role in roles.drop_nulls().unique().to_list()}
    return roles.replace_strict(known, default=False, return_dtype=pl.Boolean)


def _or_null(values: pl.DataFrame, header: str, dtype: pl.DataType) -> pl.Series:
    if header in values.columns:
        return values[header]
    return pl.Series(header, [None] * values.height, dtype=dtype)
