"""Tests about who holds the work and whether the records can be relied on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from upturn.findings.cases import as_cases, empty_cases, table_rows
from upturn.findings.model import Cases
from upturn.journeys.result import Check

#: Which tables say that a child is open, and the field whose date ends it.
OPEN = {
    "cin_assessments": "cina_assessment_auth_date",
    "cin_plans": "cinp_cin_plan_end_date",
    "cp_plans": "cppl_cp_plan_end_date",
    "cla_episodes": "clae_cla_episode_ceased_date",
}
_BEGUN = {
    "cin_assessments": "cina_assessment_start_date",
    "cin_plans": "cinp_cin_plan_start_date",
    "cp_plans": "cppl_cp_plan_start_date",
    "cla_episodes": "clae_entered_care_date",
}
#: With fewer rows than this a table without a worker may have a column for them.
FEWEST_ROWS = 10
_NONE = pl.lit(None, dtype=pl.Date)


def open_work(check: Check) -> pl.DataFrame:
    """Every open row: ``child_id, team, worker, source_rows, set_aside, began``; blank names are null."""
    parts = [
        table_rows(check.casebook, table)
        .filter(pl.col(end).is_null(), pl.lit(not _no_workers(check.casebook.table(table))))
        .select(
            "child_id",
            "team",
            "worker",
            "source_rows",
            "set_aside",
            table=pl.lit(table),
            began=pl.col(_BEGUN[table]),
        )
        for table, end in OPEN.items()
    ]
    names = {c: pl.col(c).str.strip_chars() for c in ("team", "worker")}
    return pl.concat(parts).with_columns(
        pl.when(name != "").then(name).alias(c) for c, name in names.items()
    )


def _no_workers(rows: pl.DataFrame) -> bool:
    """Whether a table names no worker at all: then the source has no such column, and says nothing."""
    return rows.height >= FEWEST_ROWS and rows["worker"].null_count() == rows.height


def unallocated(check: Check, test: Mapping[str, Any]) -> Cases:
    """Open children, and those one of whose open rows has no worker, or the team's name in its place."""
    work = open_work(check)
    if work.is_empty():
        return Cases(empty_cases(), missing="the extract names no workers")
    work = work.with_columns(
        unread=pl.col("set_aside").list.set_intersection(["team", "worker"]).list.len() > 0
    )
    team_name = pl.col("worker").str.to_lowercase() == pl.col("team").str.to_lowercase()
    nobody = pl.col("worker").is_null() & ~pl.col("unread")
    work = work.with_columns(
        why=pl.when(nobody)
        .then(pl.lit("no worker"))
        .when(team_name)
        .then(pl.lit("the team in place of a worker"))
    )
    children = work.sort(pl.col("why").is_null()).group_by("child_id", maintain_order=True).agg(
        pl.col("team").drop_nulls().first(),
        why=pl.col("why").drop_nulls().first(),
        unread=pl.col("unread").all(),
        source_rows=pl.col("source_rows").filter(pl.col("why").is_not_null()).str.join("; "),
        all_rows=pl.col("source_rows").str.join("; "),
    )  # fmt: skip
    rows = pl.when(pl.col("why").is_not_null()).then("source_rows").otherwise("all_rows")
    children = children.with_columns(source_rows=rows)
    judged = children.filter(~pl.col("unread") | pl.col("why").is_not_null())
    reason = pl.format("Open, with {} ({})", "why", pl.col("team").fill_null("no team"))
    cases = as_cases(
        judged, hit=pl.col("why").is_not_null(), day=_NONE, reason=reason, cluster=pl.lit(None)
    )
    return Cases(cases, untold=children.height - judged.height)


def caseload(check: Check, test: Mapping[str, Any]) -> Cases:
    """Open children with a named worker, and those whose worker holds more than ``over`` of them."""
    held = _held(check)
    held = held.with_columns(load=pl.col("child_id").n_unique().over("worker"))
    children = held.sort("load", descending=True, maintain_order=True).unique(
        "child_id", keep="first", maintain_order=True
    )
    cases = as_cases(
        children,
        hit=pl.col("load") > test["over"],
        day=_NONE,
        reason=pl.format("One of {} open children of one worker", "load"),
        cluster=pl.lit(None),
    )
    return Cases(cases, facts=_spread(held))


def _held(check: Check) -> pl.DataFrame:
    """One row for each open child and worker, with the day the first of its open work began."""
    work = open_work(check).drop_nulls("worker")
    work = work.filter((pl.col("worker") != pl.col("team")).fill_null(True))
    return work.group_by("child_id", "worker", maintain_order=True).agg(
        pl.col("team").drop_nulls().first(),
        pl.col("source_rows").str.join("; "),
        pl.col("began").min(),
    )


def named_work(check: Check) -> pl.DataFrame:
    """One row for each open child and named worker: ``child_id, worker, team, source_rows, family``.

    Brothers and sisters begin on one day with one worker; that is how a ``family`` is told.
    """
    family = pl.concat_str(
        "worker", pl.col("began").cast(pl.String).fill_null("child_id"), separator="|"
    )
    return _held(check).with_columns(family=family)


def _spread(held: pl.DataFrame) -> tuple[str, ...]:
    """The spread of caseloads by team: never a name, and no team of fewer than three workers."""
    loads = held.group_by("team", "worker").agg(n=pl.col("child_id").n_unique())
    teams = loads.drop_nulls("team").group_by("team").agg(
        workers=pl.len(), low=pl.col("n").min(), mid=pl.col("n").median(), high=pl.col("n").max()
    )  # fmt: skip
    return tuple(
        f"{team}: {low} to {high} children a worker, middle {mid:g}, over {workers} workers"
        for team, workers, low, mid, high in teams.sort("team").iter_rows()
        if workers >= 3
    )


def recording(check: Check, test: Mapping[str, Any]) -> Cases:
    """Rows of the extract, and those that were not accepted or had a cell set aside."""
    quarantine = check.casebook.quarantine.filter(pl.col("level").is_in(["row", "cell"]))
    place = ["source_file", "source_sheet", "source_list", "source_row"]
    bad = quarantine.drop_nulls("source_row").group_by(place, maintain_order=True).agg(
        pl.col("child_id").drop_nulls().first(), pl.col("team").drop_nulls().first(),
        why=pl.col("reason").unique(maintain_order=True).str.join("; "),
    )  # fmt: skip
    rows_in = sum(c.rows_in for c in check.casebook.counts)
    good = max(0, rows_in - bad.height)
    wrong = as_cases(
        bad.with_columns(source_rows=pl.format("{} row {}", "source_list", "source_row")),
        hit=pl.lit(True), day=_NONE, reason=pl.col("why"), cluster=pl.lit(None),
    )  # fmt: skip
    fine = pl.DataFrame({"hit": [False] * good}, schema={"hit": pl.Boolean})
    kinds = quarantine.group_by("check").len().sort(["len", "check"], descending=[True, False])
    facts = tuple(f"{check_}: {n}" for check_, n in kinds.head(6).iter_rows())
    return Cases(pl.concat([wrong, fine], how="diagonal"), facts=facts)
