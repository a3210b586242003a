"""How often a child's worker changed, how long work waited for a worker, and days on which nobody had it."""

from __future__ import annotations

from datetime import date

import polars as pl

from upturn.measures.days import working_days
from upturn.records.casebook import Casebook
from upturn.workload.allocations import spells
from upturn.workload.cases import merged, open_stretches
from upturn.workload.tables import covers, levels


def changes(
    spelled: pl.DataFrame, found: pl.DataFrame, *, since: date, as_at: date
) -> pl.DataFrame:
    """How many workers each child with an open case had from ``since`` to ``as_at``.

    ``spelled`` is what `upturn.workload.allocations.spells` gives, ``found`` the cases. Columns
    ``child_id, team, workers`` (different people) and ``changes`` (times the worker changed, going back to an
    earlier one counted).
    """
    now = found.filter(covers(as_at))["child_id"].unique()
    late = pl.col("end").is_null() | (pl.col("end") > since)
    rows = spelled.filter(late & (pl.col("start") <= as_at))
    rows = rows.filter(pl.col("child_id").is_in(now.implode()))
    before = pl.col("child_id", "worker").shift(1).name.prefix("_")
    other = pl.col("child_id").eq_missing(pl.col("_child_id")) & (
        pl.col("worker") != pl.col("_worker")
    )
    return (
        rows.with_columns(before)
        .with_columns(_other=other.fill_null(False))
        .group_by("child_id", maintain_order=True)
        .agg(
            pl.col("team").last(),
            workers=pl.col("worker").n_unique(),
            changes=pl.col("_other").sum(),
        )
        .sort("workers", "child_id", descending=[True, False])
    )


def waits(casebook: Casebook, held: pl.DataFrame, *, since: date) -> pl.DataFrame:
    """How long each referral since a day waited for a worker.

    Columns ``child_id, referred, allocated, waited, team``.
    ``waited`` is in working days from the referral to the first day a named worker had the child, 0 where one
    had already; for those still waiting at the extract, so far, and ``allocated`` is null. Referrals closed
    with no further action, or closed before anybody had them, are left out.
    """
    as_at = casebook.as_at
    asked = casebook.table("cin_episodes").filter(
        ~pl.col("cine_referral_nfa").fill_null(False) & (pl.col("cine_referral_date") >= since)
    )  # fmt: skip
    asked = asked.select(
        "team", child_id="cine_person_id", referred="cine_referral_date", closed="cine_close_date"
    ).unique(["child_id", "referred"], maintain_order=True)
    known = spells(held).select("child_id", _start="start", _end="end", _team="team")
    pairs = asked.join(known, on="child_id", how="left", maintain_order="left")
    reaches = (
        pl.col("_start").is_not_null()
        & (pl.col("_end").is_null() | (pl.col("_end") > pl.col("referred")))
        & (pl.col("closed").is_null() | (pl.col("_start") <= pl.col("closed")))
    )
    first = (
        pairs.filter(reaches).sort("child_id", "referred", "_start", maintain_order=True)
        .unique(["child_id", "referred"], keep="first", maintain_order=True)
        .select("child_id", "referred", "_team", allocated=pl.max_horizontal("_start", "referred"))
    )  # fmt: skip
    told = asked.join(first, on=["child_id", "referred"], how="left", maintain_order="left")
    unheld = pl.col("allocated").is_null() & pl.col("closed").is_not_null()
    until = pl.col("allocated").fill_null(as_at)
    return told.filter(~unheld).select(
        "child_id", "referred", "allocated",
        waited=working_days(pl.col("referred"), until), team=pl.coalesce("_team", "team"),
    ).sort("waited", "child_id", descending=[True, False])  # fmt: skip


def unheld(spelled: pl.DataFrame, found: pl.DataFrame, *, since: date, as_at: date) -> pl.DataFrame:
    """Days on which a child had an open case and no named worker, for each child with an open case.

    Columns ``child_id, open_days, days`` (nobody), ``longest`` (the longest such stretch) and ``now`` (nobody
    at ``as_at``). ``spelled`` and ``found`` are those of `changes`.
    """
    open_ = open_stretches(found, since=since, until=as_at)
    known = spelled.select("child_id", "start", end=pl.col("end").fill_null(as_at))
    known = merged(known.filter(pl.col("end") > pl.col("start")), "child_id")
    gaps = nobody(open_, known)
    lengths = gaps.group_by("child_id").agg(
        days=pl.col("d").sum(), longest=pl.col("d").max(), now=(pl.col("end") == as_at).any()
    )
    each = open_.group_by("child_id", maintain_order=True).agg(
        open_days=(pl.col("end") - pl.col("start")).dt.total_days().sum(),
        _open_now=(pl.col("end") == as_at).any(),
    )
    return each.join(lengths, on="child_id", how="left").select(
        "child_id", "open_days", pl.col("days").fill_null(0), pl.col("longest").fill_null(0),
        now=pl.col("now").fill_null(False) & pl.col("_open_now"),
    ).sort("days", "child_id", descending=[True, False])  # fmt: skip


def nobody(open_: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The parts of open stretches that no spell covers: ``child_id, start, end, d`` (days).

    ``open_`` and ``known``: ``child_id, start, end``, no end blank; those of one child do not overlap.
    """
    pairs = open_.join(known, on="child_id", how="left", suffix="_held", maintain_order="left")
    inside = pairs.with_columns(
        _a=pl.max_horizontal("start", "start_held"), _b=pl.min_horizontal("end", "end_held")
    ).filter(pl.col("start_held").is_not_null() & (pl.col("_b") > pl.col("_a")))
    marks = pl.concat(
        [
            inside.select("child_id", at="start", frm="_a", to="_b", stop="end"),
            open_.select("child_id", at="start", frm="end", to="end", stop="end"),
        ]
    ).sort("child_id", "at", "frm", maintain_order=True)
    level = levels("child_id", "at")
    before = (level + pl.col("to").to_physical()).cum_max().shift(1) - level
    before = pl.max_horizontal(before, pl.col("at").to_physical()).cast(pl.Int32).cast(pl.Date)
    gaps = marks.with_columns(_before=before).filter(pl.col("frm") > pl.col("_before"))
    return gaps.select(
        "child_id", start="_before", end="frm",
        d=(pl.col("frm") - pl.col("_before")).dt.total_days(),
    )  # fmt: skip
