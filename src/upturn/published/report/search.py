"""Asking a library of reports: what was said where, how often a cause is named, how even grades are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from upturn.published.report.corpus import fts_query, opened, query
from upturn.published.report.model import AREAS
from upturn.records.sheets import SourceError

_POLARITIES = ("strength", "concern", "mixed", "neither")
_GRADES = {"outstanding": 0, "good": 1, "requires improvement": 2, "inadequate": 3}
#: Reports whose evidence is held against each other have at least this many sentences of a tone.
_FEWEST = 40
_FOUND = {
    "authority": pl.String, "code": pl.String, "year": pl.Int64, "framework": pl.String,
    "area": pl.String, "overall": pl.String, "polarity": pl.String, "page": pl.Int64,
    "paragraph": pl.Int64, "text": pl.String, "file": pl.String,
}  # fmt: skip


def search_library(
    library: str | Path,
    words: str = "",
    *,
    authority: str | None = None,
    year: int | None = None,
    theme: str | None = None,
    grade: str | None = None,
    area: str = "overall",
    polarity: str | None = None,
    actions: bool = False,
    limit: int = 50,
) -> pl.DataFrame:
    """Sentences of the library that hold ``words`` (in any form: plan finds planning), the best first.

    ``authority`` is a name, a part of one, or a code; ``grade`` is that of ``area``; ``theme`` is an id of
    `upturn.published.themes`; ``actions`` leaves only what reports ask for. Columns are those of the found
    sentence: its authority, year, framework, area, overall grade, polarity, page, paragraph and file.

    Raises `SourceError` for a grade, an area, a theme or a polarity that does not exist, and for a year or a
    limit that no library can have.
    """
    _checked(grade=grade, area=area, theme=theme, polarity=polarity)
    _within("year", year, 1900, 2200)
    _within("limit", limit, 1, 10_000_000)
    conditions, given = _conditions(
        authority=authority, year=year, theme=theme, polarity=polarity, actions=actions
    )
    if grade:
        conditions.append(
            "EXISTS (SELECT 1 FROM judgement g WHERE g.report = r.id AND g.area = ? AND g.grade = ?)"
        )
        given += [area, grade]
    asked = fts_query(words)
    source = "sentence s"
    order = "r.year DESC, r.authority, s.page, s.id"
    if asked:
        source = "words JOIN sentence s ON s.id = words.rowid"
        conditions.insert(0, "words MATCH ?")
        given.insert(0, asked)
        order = f"rank, {order}"
    sql = (
        "SELECT r.authority, r.code, r.year, r.framework, s.area, o.grade AS overall, s.polarity, s.page, "
        f"s.paragraph, s.text, r.file FROM {source} JOIN report r ON r.id = s.report "
        "LEFT JOIN judgement o ON o.report = r.id AND o.area = 'overall' "
        f"{'WHERE ' + ' AND '.join(conditions) if conditions else ''} ORDER BY {order} LIMIT ?"
    )
    with opened(library) as database:
        return pl.DataFrame(query(database, sql, [*given, limit]), schema=_FOUND)


def _within(name: str, value: int | None, least: int, most: int) -> None:
    if value is not None and not least <= value <= most:
        raise SourceError(f"{name}: {value} is not from {least} to {most}")


def _checked(*, grade: str | None, area: str, theme: str | None, polarity: str | None) -> None:
    if grade is not None and grade not in _GRADES:
        raise SourceError(f"{grade!r} is no grade; there are {', '.join(_GRADES)}")
    if area not in AREAS:
        raise SourceError(f"{area!r} is no area; there are {', '.join(AREAS)}")
    if theme is not None and theme not in themes():
        raise SourceError(f"{theme!r} is no theme; there are {', '.join(themes())}")
    if polarity is not None and polarity not in _POLARITIES:
        raise SourceError(f"{polarity!r} is no polarity; there are {', '.join(_POLARITIES)}")


def themes() -> dict[str, str]:
    """The themes a library is searched by: id to title."""
    from upturn.published.themes import load_rules

    return {topic.id: topic.title for topic in load_rules().themes}


def _conditions(
    *,
    authority: str | None,
    year: int | None,
    theme: str | None,
    polarity: str | None,
    actions: bool,
) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    given: list[Any] = []
    if authority:
        conditions.append("(r.code = ? OR r.authority LIKE ? ESCAPE '\\')")
        like = authority.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        given += [authority, f"%{like}%"]
    if year is not None:
        conditions.append("r.year = ?")
        given.append(year)
    if theme:
        conditions.append("EXISTS (SELECT 1 FROM theme t WHERE t.sentence = s.id AND t.theme = ?)")
        given.append(theme)
    if polarity:
        conditions.append("s.polarity = ?")
        given.append(polarity)
    if actions:
        conditions.append("s.source = 'action'")
    return conditions, given


def reports_in(library: str | Path) -> pl.DataFrame:
    """Every report of the library, with its grades."""
    grades = ", ".join(
        f"MAX(CASE WHEN j.area = '{area}' THEN coalesce(j.grade, CASE j.state WHEN 'not graded' THEN '' "
        f"ELSE j.state END) END) AS {area}"
        for area in AREAS
    )
    sql = (
        "SELECT r.authority, r.code, r.region, r.framework, r.fieldwork_start, r.fieldwork_end, r.published, "
        f"r.year, {grades}, (SELECT count(*) FROM sentence s WHERE s.report = r.id AND s.source = 'action') "
        "AS actions, r.pages, r.file, r.notes FROM report r JOIN judgement j ON j.report = r.id "
        "GROUP BY r.id ORDER BY r.authority, r.year, r.file"
    )
    with opened(library) as database:
        return pl.DataFrame(query(database, sql), infer_schema_length=None)


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


def themes_by(library: str | Path, *, by: str = "framework") -> pl.DataFrame:
    """In what share of reports, by framework or by region, something asked for is about each theme.

    Regions are those of the authorities. No inspector is counted: a report is the work of a team and a
    region, and nobody is ranked.

    Raises `SourceError` for another ``by``.
    """
    if by not in ("framework", "region", "year"):
        raise SourceError(f"themes are counted by framework, region or year, not by {by!r}")
    sql = f"""
        WITH asked AS (
          SELECT DISTINCT r.id, r.{by} AS slice, t.theme FROM theme t
          JOIN sentence s ON s.id = t.sentence AND s.source = 'action' JOIN report r ON r.id = s.report
        ), whole AS (SELECT {by} AS slice, count(*) AS reports FROM report GROUP BY {by})
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


def consistency(library: str | Path, *, pairs: int = 20) -> pl.DataFrame:
    """Pairs of reports with like evidence and unlike overall grades, of one framework, the likest first.

    Evidence is what share of the sentences under each area, about each theme, tell of concern; two reports
    are alike by how near these shares are (one less the mean absolute difference, over what both speak of).
    It is a question to ask of the grades, not an answer: a report does not print all that was seen.
    """
    sql = """
        SELECT r.id, r.authority, r.year, r.framework, r.file, o.grade, t.theme,
          avg(s.polarity IN ('concern', 'mixed')) AS concern, count(*) AS n
        FROM theme t JOIN sentence s ON s.id = t.sentence AND s.source = 'paragraph'
          AND s.part = 'authority' AND s.polarity != 'neither'
        JOIN report r ON r.id = s.report JOIN judgement o ON o.report = r.id AND o.area = 'overall'
        WHERE o.grade IS NOT NULL GROUP BY r.id, t.theme
    """
    with opened(library) as database:
        rows = query(database, sql)
    return _pairs(rows, pairs)


def _pairs(rows: Sequence[dict[str, Any]], most: int) -> pl.DataFrame:
    heads = {"framework": pl.String, "one": pl.String, "its_grade": pl.String, "other": pl.String,
             "other_grade": pl.String, "likeness": pl.Float64, "themes": pl.Int64}  # fmt: skip
    reports = {row["id"]: row for row in rows}
    said: dict[int, int] = {}
    for row in rows:
        said[row["id"]] = said.get(row["id"], 0) + row["n"]
    ids = [id_ for id_ in reports if said[id_] >= _FEWEST]
    names = sorted({row["theme"] for row in rows})
    shares = np.full((len(ids), len(names)), np.nan)
    places = {id_: n for n, id_ in enumerate(ids)}
    for row in rows:
        if row["id"] in places and row["n"] >= 3:
            shares[places[row["id"]], names.index(row["theme"])] = row["concern"]
    found = [
        _line(reports[ids[a]], reports[ids[b]], shares[a], shares[b])
        for a in range(len(ids))
        for b in range(a + 1, len(ids))
        if _unlike(reports[ids[a]], reports[ids[b]])
    ]
    ordered = sorted((line for line in found if line[-1] >= 5), key=lambda line: -line[-2])
    return pl.DataFrame(ordered[:most], schema=heads, orient="row")


def _unlike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["framework"] == other["framework"] and one["grade"] != other["grade"])


def _line(
    one: dict[str, Any], other: dict[str, Any], mine: np.ndarray, theirs: np.ndarray
) -> tuple[str, str, str, str, str, float, int]:
    both = ~(np.isnan(mine) | np.isnan(theirs))
    likeness = 1 - float(np.abs(mine[both] - theirs[both]).mean()) if both.any() else 0.0
    return (
        one["framework"], f"{one['authority']} {one['year']}", one["grade"],
        f"{other['authority']} {other['year']}", other["grade"], round(likeness, 3), int(both.sum()),
    )  # fmt: skip
