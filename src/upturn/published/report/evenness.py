"""How even grades are: reports of a library with like evidence, and whether their grades are alike too.

A question to ask of the grades, not an answer: a report does not print all that was seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from upturn.published.report.corpus import opened, query

#: Reports whose evidence is held against each other have at least this many sentences of a tone.
_FEWEST = 40
#: A theme is weighed in a report with so many sentences on it; a pair when both speak of so many themes.
_FEWEST_ON_THEME, _FEWEST_THEMES = 3, 5
#: The likest of a framework's pairs are as many as this share of them. Assumed.
LIKEST = 0.1
_PAIR = {"framework": pl.String, "one": pl.String, "its_grade": pl.String, "other": pl.String,
         "other_grade": pl.String, "likeness": pl.Float64, "themes": pl.Int64}  # fmt: skip
_EVEN = {"framework": pl.String, "pairs": pl.Int64, "same_grade": pl.Int64, "likest": pl.Int64,
         "likest_same_grade": pl.Int64}  # fmt: skip


def consistency(library: str | Path, *, pairs: int = 20) -> pl.DataFrame:
    """Pairs of reports with like evidence and unlike overall grades, of one framework, the likest first.

    Evidence is what share of the sentences about each theme tell of concern; two reports are alike by how
    near these shares are (one less the mean absolute difference, over what both speak of).
    """
    unlike = every_pair(library).filter(pl.col("its_grade") != pl.col("other_grade"))
    return unlike.head(pairs)


def evenness(library: str | Path) -> pl.DataFrame:
    """By framework: of all pairs of reports, and of the likest tenth, how many have the same grade.

    Were grades given by what is printed alone, nearly all of the likest would; were they given by lot, no
    more of them than of all.
    """
    rows = []
    for (framework,), part in every_pair(library).group_by("framework", maintain_order=True):
        likest = part.head(max(1, round(LIKEST * part.height)))
        same = [int((one["its_grade"] == one["other_grade"]).sum()) for one in (part, likest)]
        rows.append((framework, part.height, same[0], likest.height, same[1]))
    return pl.DataFrame(rows, schema=_EVEN, orient="row").sort("framework")


def every_pair(library: str | Path) -> pl.DataFrame:
    """All pairs of reports of one framework that say enough to be compared, the likest first."""
    sql = """
        SELECT r.id, r.authority, r.year, r.framework, r.file, o.grade, t.theme,
          avg(s.polarity IN ('concern', 'mixed')) AS concern, count(*) AS n
        FROM theme t JOIN sentence s ON s.id = t.sentence AND s.source = 'paragraph'
          AND s.part = 'authority' AND s.polarity != 'neither'
        JOIN report r ON r.id = s.report JOIN judgement o ON o.report = r.id AND o.area = 'overall'
        WHERE o.grade IS NOT NULL GROUP BY r.id, t.theme
    """
    with opened(library) as database:
        found = list(_lines(query(database, sql)))
    ordered = sorted(found, key=lambda line: (-line[-2], line))
    return pl.DataFrame(ordered, schema=_PAIR, orient="row")


def _lines(rows: Sequence[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    reports = {row["id"]: row for row in rows}
    said = dict.fromkeys(reports, 0)
    for row in rows:
        said[row["id"]] += row["n"]
    shares = _shares(rows, [id_ for id_ in reports if said[id_] >= _FEWEST])
    for a, b in combinations(shares, 2):
        one, other = reports[a], reports[b]
        both = ~(np.isnan(shares[a]) | np.isnan(shares[b]))
        if one["framework"] == other["framework"] and both.sum() >= _FEWEST_THEMES:
            likeness = 1 - float(np.abs(shares[a][both] - shares[b][both]).mean())
            yield (
                one["framework"], f"{one['authority']} {one['year']}", one["grade"],
                f"{other['authority']} {other['year']}", other["grade"], round(likeness, 3),
                int(both.sum()),
            )  # fmt: skip


def _shares(rows: Sequence[dict[str, Any]], ids: Sequence[int]) -> dict[int, np.ndarray]:
    """The share of concern of each theme in each report, in the order of the themes; nan where too little."""
    names = sorted({row["theme"] for row in rows})
    shares = {id_: np.full(len(names), np.nan) for id_ in ids}
    for row in rows:
        if row["id"] in shares and row["n"] >= _FEWEST_ON_THEME:
            shares[row["id"]][names.index(row["theme"])] = row["concern"]
    return shares
