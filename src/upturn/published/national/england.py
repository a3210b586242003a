"""Tables of England alone: the department's totals (A1, A2), and tables with a row for a year.

The totals have a row for each number and year. They are used where no table of authorities has the figure.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from upturn.measures.benchmark.figures import SUPPRESSED
from upturn.measures.benchmark.files import with_lines
from upturn.published.national.model import Figure, figures

_TOTALS = {"time_period", "geographic_level", "category_type", "number", "rate", "percent"}
_YEARS = ("year_ending_31_march", "time_period", "year")


def is_totals(names: Iterable[str]) -> bool:
    """Whether columns of these ``names`` are the totals for England.

    >>> is_totals(["time_period", "geographic_level", "category_type", "number", "rate", "percent"])
    True
    """
    return set(names) >= _TOTALS


def is_years(names: Iterable[str]) -> bool:
    """Whether columns of these ``names`` are a table of England's years: a year, figures, and no area."""
    held = set(names)
    areas = {"geographic_level", "la_code", "la_number", "area", "la_name", "measure"}
    places = {c for one in figures().values() if one.wide for c in one.wide.needs} | {"inpost_fte"}
    return not held & areas and any(year in held for year in _YEARS) and bool(held & places)


def with_country(raw: pl.DataFrame) -> pl.DataFrame:
    """A table of England's years with the columns that the department's tables have."""
    year = next(name for name in _YEARS if name in raw.columns)
    missing = ("country_name", "region_name", "old_la_code", "la_name")
    return raw.with_columns(
        pl.col(year).alias("time_period"),
        pl.lit("National").alias("geographic_level"),
        *(
            pl.lit("England" if name == "country_name" else None, dtype=pl.String).alias(name)
            for name in missing if name not in raw.columns
        ),
    )  # fmt: skip


def england_of(raw: pl.DataFrame) -> pl.DataFrame:
    """The figures that the totals hold, one row for each figure and year; the panel's columns of figures."""
    lined = with_lines(raw)
    parts = [_total(lined, one) for one in figures().values() if one.total[0]]
    return pl.concat(parts)


def _total(raw: pl.DataFrame, figure: Figure) -> pl.DataFrame:
    row, column = figure.total
    said = pl.col(column).str.strip_chars()
    value = said.str.replace_all(",", "").cast(pl.Float64, strict=False)
    why = said.replace_strict(SUPPRESSED, default="not published", return_dtype=pl.String)
    national = pl.col("geographic_level") == "National"
    return raw.filter(national & (pl.col("category_type").str.strip_chars() == row)).select(
        measure=pl.lit(figure.id),
        year=pl.col("time_period").str.tail(4).cast(pl.Int64, strict=False),
        area_type=pl.lit("England"),
        area=pl.lit("England"),
        la_code=pl.lit(None, dtype=pl.String),
        region=pl.lit(None, dtype=pl.String),
        value=value,
        status=pl.when(value.is_null()).then(why).otherwise(pl.lit("")),
        row="row",
    )


def row_words(raw: pl.DataFrame, lines: pl.Series) -> list[str]:
    """The kinds of row that no figure was read from."""
    left = with_lines(raw).filter(pl.col("row").is_in(lines.to_list()))
    return left["category_type"].unique(maintain_order=True).drop_nulls().to_list()
