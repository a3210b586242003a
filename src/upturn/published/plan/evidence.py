"""What the report itself says on a theme: its concerns, the causes it names, what it says has begun."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from upturn.improvement.model import Trace
from upturn.published.report.model import Report
from upturn.published.themes import classify
from upturn.published.themes.sentences import sentences

#: As many sentences of the report as this stand beside one recommendation.
MOST = 6
_NAMED = re.compile(r"\(paragraphs? ([\d,\s and\u2013-]+)\)")
_LONG_WORD = re.compile(r"[a-z]{6,}")


def body(report: Report) -> pl.DataFrame:
    """Each sentence of the report's paragraphs with where it stands and what `classify` says of it.

    Columns: those of `classify`, ``page`` (on which its paragraph begins), ``paragraph`` (its number or
    null) and ``part`` (``authority`` or ``lscb``).
    """
    rows = [
        (sentence.text, paragraph.page, paragraph.number, paragraph.part)
        for paragraph in report.paragraphs
        for sentence in sentences(paragraph.text)
    ]
    places = pl.DataFrame(
        {name: [row[n] for row in rows] for n, name in enumerate(("page", "paragraph", "part"), 1)},
        schema={"page": pl.Int64, "paragraph": pl.Int64, "part": pl.String},
    )
    return pl.concat([classify([row[0] for row in rows]), places], how="horizontal")


def beside(said: pl.DataFrame, text: str, themes: Sequence[str], *, part: str) -> pl.DataFrame:
    """The sentences on any of ``themes``, the nearest to ``text`` first; ``named`` where it cites them.

    Nearness is how many themes and long words they have in common.
    """
    words = set(_LONG_WORD.findall(text.lower()))
    cited = named_paragraphs(text)
    found = said.with_columns(
        shared=pl.col("themes").list.set_intersection(pl.lit(list(themes), pl.List(pl.String))).list.len(),
        common=pl.col("text")
        .str.to_lowercase()
        .str.extract_all(_LONG_WORD.pattern)
        .list.set_intersection(pl.lit(sorted(words), pl.List(pl.String)))
        .list.len(),
        named=pl.col("paragraph").is_in(cited).fill_null(False),
    )  # fmt: skip
    return found.filter((pl.col("part") == part) & ((pl.col("shared") > 0) | pl.col("named"))).sort(
        "named",
        "shared",
        "common",
        "page",
        descending=[True, True, True, False],
        maintain_order=True,
    )


def named_paragraphs(text: str) -> list[int]:
    """The paragraphs that a recommendation cites.

    >>> named_paragraphs("Ensure that visits are in time (paragraphs 28, 41-43 and 65).")
    [28, 41, 42, 43, 65]
    """
    cited: list[int] = []
    for some in _NAMED.findall(text):
        for first, last in re.findall(r"(\d+)(?:\s*[-\u2013]\s*(\d+))?", some):
            end = int(last or first)
            cited += range(int(first), min(end, int(first) + 50) + 1)
    return cited


def traces(found: pl.DataFrame) -> tuple[Trace, ...]:
    """The sentences as traces into the report."""
    return tuple(
        Trace("report", row["text"], row["page"], row["paragraph"]) for row in found.to_dicts()
    )
