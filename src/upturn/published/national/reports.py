"""What a library of reports adds to the state of the field: how often what is asked for names a cause."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from upturn.published.national.facts import Notes
from upturn.published.report.corpus import opened, query
from upturn.published.themes import load_rules

#: Causes that are means to do the work with; supervision, partners and leadership are practice as well.
MEANS = ("workload", "posts", "turnover", "money", "it")
#: So many causes are named in the sentence on which they are.
_MOST = 3


def report_facts(library: Path, notes: Notes) -> None:
    """Add the facts of the part ``reports`` to ``notes``, each thing asked for behind them.

    In their rows ``value`` says which causes a thing names, and ``row`` is its page. Raises SourceError for a
    file that is no library of reports.
    """
    sql = """
        SELECT s.id, r.id AS report, r.authority AS area, r.year, r.framework, r.file, s.page AS row,
          group_concat(DISTINCT c.cause) AS causes
        FROM sentence s JOIN report r ON r.id = s.report LEFT JOIN cause c ON c.sentence = s.id
        WHERE s.source = 'action' GROUP BY s.id ORDER BY r.authority, r.year, s.id
    """
    with opened(library) as database:
        found = query(database, sql)
    if not found:
        return
    asked = pl.DataFrame(found, infer_schema_length=None).with_columns(
        names=pl.col("causes").is_not_null()
    )
    notes.add_placed("reports", _how_many(asked), _rows(asked))
    for _, part in asked.group_by("framework", maintain_order=True):
        notes.add_placed("reports", f"{part['framework'][0]}: {_how_many(part)}", _rows(part))
    named = asked.filter("names")
    if named.height:
        notes.add_placed("reports", _which(named, asked["report"].n_unique()), _rows(named))


def _how_many(asked: pl.DataFrame) -> str:
    n, of, reports = int(asked["names"].sum()), asked.height, asked["report"].n_unique()
    means = asked["causes"].str.split(",").list.set_intersection(list(MEANS)).list.len()
    few = int((means.fill_null(0) > 0).sum())
    return (
        f"Of {of:,} things that {reports:,} reports ask for, {n:,} ({100 * n / of:.0f} %) name a cause and "
        f"not only what is wrong; {few:,} ({100 * few / of:.0f} %) name workload, posts, turnover, money or "
        "computer systems."
    )


def _which(named: pl.DataFrame, reports: int) -> str:
    titles = {factor.id: factor.title.lower() for factor in load_rules().factors}
    causes = named.with_columns(pl.col("causes").str.split(",")).explode("causes")
    counted = (
        causes.group_by("causes").agg(pl.len(), pl.col("report").n_unique()).sort(
            "len", "causes", descending=[True, False]
        )
    )  # fmt: skip
    said = "; ".join(
        f"{titles.get(cause, cause)} {n:,} times, in {some:,} of {reports:,} reports"
        for cause, n, some in counted.head(_MOST).iter_rows()
    )
    return f"Named most: {said}."


def _rows(asked: pl.DataFrame) -> pl.DataFrame:
    causes = pl.col("causes").str.replace_all(",", ", ")
    return asked.select(
        pl.col("area").fill_null("not found"),
        pl.lit("asked for; row is the page").alias("what"),
        pl.col("year").cast(pl.String).alias("when"),
        pl.coalesce(pl.lit("names ") + causes, pl.lit("names no cause")).alias("value"),
        "file",
        "row",
    )
