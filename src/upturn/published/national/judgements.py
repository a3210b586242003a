"""Judgements in order, and the arrivals that the studies start from."""

from __future__ import annotations

from typing import Literal

import polars as pl

from upturn.published.national.model import counted_frameworks

#: What an authority can arrive at. Each is about whole judgements (`counted_frameworks`).
ARRIVALS = {
    "inadequate": "judged inadequate, where the judgement before was not",
    "requires improvement": "judged to require improvement, where the judgement before was not inadequate",
    "good": "judged good or outstanding",
}
Arrival = Literal["inadequate", "requires improvement", "good"]
#: A report comes out this many days after its inspection started, at most; a list by start is matched within.
_REPORT_WITHIN = 200


def tidy(judged: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Counted judgements, each once, in each authority's order, with ``previous``.

    The list of latest judgements goes by the start of the inspection. Where a list of reports has the same
    inspection (published within 200 days of the start), the report is kept.
    """
    family = sources.select(source="id", family="family")
    rows = judged.filter(pl.col("framework").is_in(list(counted_frameworks())))
    rows = rows.join(family, on="source", how="left").sort(
        pl.col("family") != "latest", "source", "row"
    )
    rows = rows.unique(["la_code", "date"], keep="last", maintain_order=True)
    reports = rows.filter(pl.col("family") != "latest")
    latest = rows.filter(family="latest").join(
        reports.select("la_code", other="date"), on="la_code", how="left"
    )
    apart = (pl.col("other") - pl.col("date")).dt.total_days()
    known = latest.filter(apart.is_between(0, _REPORT_WITHIN)).select("source", "row").unique()
    kept = rows.join(known, on=["source", "row"], how="anti")
    return kept.sort("la_code", "date").with_columns(
        previous=pl.col("overall").shift(1).over("la_code"),
        next=pl.col("overall").shift(-1).over("la_code"),
        next_date=pl.col("date").shift(-1).over("la_code"),
    )


def arrivals(judged: pl.DataFrame, at: Arrival) -> pl.DataFrame:
    """The judgements of ``judged`` at which an authority arrived ``at`` a grade, by date.

    See `ARRIVALS` for what counts. A first judgement counts: nothing is known before it.
    """
    before = pl.col("previous").fill_null("none")
    if at == "good":
        wanted = pl.col("overall").is_in(["good", "outstanding"])
    else:
        wanted = (pl.col("overall") == at) & (before != "inadequate")
    return judged.filter(wanted).sort("date", "la_code")


def spells(judged: pl.DataFrame) -> pl.DataFrame:
    """Each stretch of *inadequate*: la_code, area, began, left, to (the grade it left to), source, row.

    ``left`` and ``to`` are null while it lasts. It begins on the day of the first judgement of inadequate and
    ends on the day of the first that is not.
    """
    run = (
        judged.filter(pl.col("overall") == "inadequate")
        .with_columns(starts=(pl.col("previous").fill_null("none") != "inadequate"))
        .with_columns(spell=pl.col("starts").cum_sum().over("la_code"))
    )
    last = pl.col("next").sort_by("date").last()
    return (
        run.group_by("la_code", "spell", maintain_order=True)
        .agg(
            pl.col("area").first(),
            began=pl.col("date").min(),
            left=pl.col("next_date").sort_by("date").last(),
            to=last,
            judged=pl.len(),
            source=pl.col("source").first(),
            row=pl.col("row").first(),
        )
        .sort("began", "la_code")
    )
