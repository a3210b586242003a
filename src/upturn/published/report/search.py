"""Asking a library of reports: what was said where, and what each report is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from upturn.published.report.corpus import fts_query, opened, query
from upturn.published.report.model import AREAS
from upturn.records.sheets import SourceError

_POLARITIES = ("strength", "concern", "mixed", "neither")
_GRADES = {"outstanding": 0, "good": 1, "requires improvement": 2, "inadequate": 3}
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
