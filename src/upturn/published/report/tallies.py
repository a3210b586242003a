"""Counting over a library of reports: how often a cause is named, which, and what is asked for where.

Nobody is ranked: a report is the work of a team. Regions are those of the authorities; no report prints the
region of its lead inspector, which is known where a list of them was given.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from upturn.published.report.corpus import opened, query
from upturn.records.sheets import SourceError

#: What themes can be counted by. ``grade`` is the overall one.
BY = {"framework": "r.framework", "region": "r.region", "lead_region": "r.lead_region",
      "year": "r.year", "grade": "o.grade"}  # fmt: skip
_FROM = "report r LEFT JOIN judgement o ON o.report = r.id AND o.area = 'overall'"


def causes_named(library: str | Path) -> pl.DataFrame:
    """How often a cause is named at all, by framework and by where it is said.

    Of the sentences of concern: how many name a cause, and how many reports do so once at least.
    """
    sql = """
        SELECT r.framework, s.source AS said_in, count(*) AS concerns,
          sum(s.kind = 'cause') AS name_a_cause, count(DISTINCT r.id) AS reports,
          count(DISTINCT CASE WHEN s.kind = 'cause' THEN r.id END) AS reports_that_do
        FROM sentence s JOIN report r ON r.id = s.report
        WHERE s.polarity IN ('concern', 'mixed') GROUP BY r.framework, s.source
        ORDER BY r.framework, s.source
    """
    with opened(library) as database:
        found = pl.DataFrame(query(database, sql), infer_schema_length=None)
    if found.is_empty():
        return found
    return found.with_columns(share=(pl.col("name_a_cause") / pl.col("concerns")).round(4))


def causes_which(library: str | Path) -> pl.DataFrame:
    """Which causes are named, by framework: sentences of concern that name each, and reports that do.

    A sentence may name several. Of ``reports`` of the framework; causes that nobody names have no row.
    """
    sql = """
        WITH whole AS (SELECT framework, count(*) AS reports FROM report GROUP BY framework)
        SELECT r.framework, c.cause, count(DISTINCT s.id) AS sentences,
          count(DISTINCT CASE WHEN s.source = 'action' THEN s.id END) AS asked_for,
          count(DISTINCT r.id) AS reports_that_do, whole.reports
        FROM cause c JOIN sentence s ON s.id = c.sentence JOIN report r ON r.id = s.report
        JOIN whole ON whole.framework IS r.framework
        WHERE s.polarity IN ('concern', 'mixed') GROUP BY r.framework, c.cause
        ORDER BY r.framework, sentences DESC, c.cause
    """
    with opened(library) as database:
        return pl.DataFrame(query(database, sql), infer_schema_length=None)


def themes_by(library: str | Path, *, by: str = "framework") -> pl.DataFrame:
    """In what share of reports something asked for is about each theme: by one of `BY`.

    ``region`` is the authority's, ``lead_region`` the lead inspector's where it is known. No inspector is
    counted: a report is the work of a team, and nobody is ranked.

    Raises `SourceError` for another ``by``.
    """
    if by not in BY:
        raise SourceError(f"themes are counted by {', '.join(BY)}, not by {by!r}")
    sql = f"""
        WITH asked AS (
          SELECT DISTINCT r.id, {BY[by]} AS slice, t.theme FROM {_FROM}
          JOIN sentence s ON s.report = r.id AND s.source = 'action' JOIN theme t ON t.sentence = s.id
        ), whole AS (SELECT {BY[by]} AS slice, count(*) AS reports FROM {_FROM} GROUP BY {BY[by]})
        SELECT whole.slice AS "{by}", asked.theme, count(*) AS with_it, whole.reports
        FROM asked JOIN whole ON whole.slice IS asked.slice GROUP BY whole.slice, asked.theme
    """
    with opened(library) as database:
        found = pl.DataFrame(query(database, sql), infer_schema_length=None)
    if found.is_empty():
        return found
    return found.with_columns(share=(pl.col("with_it") / pl.col("reports")).round(3)).sort(
        [by, "share", "theme"], descending=[False, True, False]
    )
