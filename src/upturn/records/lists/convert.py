"""Cells of text into dates, numbers and identifiers; whatever is not understood is named, never guessed.

Every function takes a String series and gives back a frame with two columns of the same length:
``value`` and ``problem`` (the id of a check in `upturn.records.lists.checks.CHECKS`, or null).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl

from upturn.records.sheets import ERROR_VALUES

#: Dates outside these years are slips (1900-01-00, 2202) whatever the column.
FIRST_YEAR, LAST_YEAR = 1990, 2099
#: A two-digit year up to this is 20xx. No record of a child is older than the previous century's end.
LAST_TWO_DIGIT_YEAR = 69
#: Day numbers of spreadsheets that could be a date (1954 to 2119); smaller numbers are something else.
SERIAL = r"^[2-7]\d{4}(\.\d+)?$"
_SERIAL_ZERO = date(1899, 12, 30)
_DAYS_1904 = 1462
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NO_ID = r"(?i)^(0+|n/?a|nan|null|none|unknown|not known|tbc|tba|test|-+|\?+|x+)$"
_TOTAL = r"(?i)^\s*(grand\s+|sub\s*-?\s*)?totals?\b"


def once_each(cells: pl.Series, convert: Callable[[pl.Series], pl.DataFrame]) -> pl.DataFrame:
    """What ``convert`` makes of each distinct cell, spread over all the cells, in their order.

    >>> once_each(pl.Series(["a", "b", "a"]), lambda distinct: to_text(distinct)).height
    3
    """
    distinct = cells.unique().alias("cell")
    understood = convert(distinct).insert_column(0, distinct)
    return (
        cells.to_frame("cell")
        .join(understood, on="cell", how="left", nulls_equal=True, maintain_order="left")
        .drop("cell")
    )


def trimmed(cells: pl.Series) -> pl.Series:
    """Text without spaces (of any kind) around it and with single spaces inside; empty becomes null.

    >>> trimmed(pl.Series(["  Ann\\u00a0 Lee ", "  "])).to_list()
    ['Ann Lee', None]
    """
    text = pl.col("cell").str.replace_all(r"[\s\u00a0\u200b\ufeff]+", " ").str.strip_chars(" ")
    return cells.to_frame("cell").select(text=pl.when(text != "").then(text)).to_series()


def to_dates(cells: pl.Series, *, date_1904: bool = False) -> pl.DataFrame:
    """Dates from what spreadsheets and exports hold: ISO, UK order, month names, day numbers.

    A slash date is always day first, as in the UK; ``09/16/2020`` is therefore not understood rather
    than turned round. A time of day is dropped. ``date_1904`` says how bare day numbers are counted.

    >>> to_dates(pl.Series(["04/08/2026", "4 Aug 26", "46238", "09/16/2020"])).rows()
    [(datetime.date(2026, 8, 4), None), (datetime.date(2026, 8, 4), None), \
(datetime.date(2026, 8, 4), None), (None, 'date-not-understood')]
    """
    return once_each(cells, lambda distinct: _dates(trimmed(distinct), date_1904))


def _dates(text: pl.Series, date_1904: bool) -> pl.DataFrame:
    """A spreadsheet's own dates are all ISO; the other forms are tried on what is not."""
    frame = text.to_frame().with_columns(value=_iso(pl.col("text")))
    if frame["value"].null_count() > text.null_count():
        other = pl.when(pl.col("value").is_null()).then("text")
        forms = (_uk(other), _named(other), _serial(other, date_1904))
        frame = frame.with_columns(value=pl.coalesce("value", *forms))
    problem = _date_problem(pl.col("text"), pl.col("value"))
    value = pl.when(problem.is_null()).then("value").alias("value")
    return frame.select(value, problem=problem)


def _iso(text: pl.Expr) -> pl.Expr:
    day = text.str.extract(r"^(\d{4}-\d{2}-\d{2})(?:[T ][\d:.Z+]*)?$")
    packed = text.str.extract(r"^((?:19|20)\d{6})$")
    return pl.coalesce(
        day.str.to_date("%Y-%m-%d", strict=False), packed.str.to_date("%Y%m%d", strict=False)
    )


def _uk(text: pl.Expr) -> pl.Expr:
    parts = text.str.extract_groups(r"^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?: [\d:.]+)?$")
    return _from_parts(parts.struct[0], parts.struct[1].cast(pl.Int32), parts.struct[2])


def _named(text: pl.Expr) -> pl.Expr:
    lower = text.str.to_lowercase()
    parts = lower.str.extract_groups(
        r"^(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ \-/]([a-z]{3})[a-z]*[ \-/,]+(\d{4}|\d{2})"
        r"(?: [\d:.]+)?$"
    )
    month = parts.struct[1].replace_strict(
        _MONTHS, range(1, 13), default=None, return_dtype=pl.Int32
    )
    return _from_parts(parts.struct[0], month, parts.struct[2])


def _from_parts(day: pl.Expr, month: pl.Expr, year: pl.Expr) -> pl.Expr:
    short = pl.when(year.cast(pl.Int32) <= LAST_TWO_DIGIT_YEAR).then(2000).otherwise(1900)
    full = year.cast(pl.Int32) + pl.when(year.str.len_chars() == 2).then(short).otherwise(0)
    text = pl.format("{}-{}-{}", full, month, day.cast(pl.Int32))
    return text.str.to_date("%Y-%m-%d", strict=False)


def _serial(text: pl.Expr, date_1904: bool) -> pl.Expr:
    number = pl.when(text.str.contains(SERIAL)).then(text).cast(pl.Float64, strict=False)
    days = number.floor().cast(pl.Int64) + (_DAYS_1904 if date_1904 else 0)
    return pl.lit(_SERIAL_ZERO) + pl.duration(days=days)


def _date_problem(text: pl.Expr, value: pl.Expr) -> pl.Expr:
    return (
        pl.when(text.is_null())
        .then(None)
        .when(text.is_in(list(ERROR_VALUES)))
        .then(pl.lit("error-value"))
        .when(value.is_null())
        .then(pl.lit("date-not-understood"))
        .when(~value.dt.year().is_between(FIRST_YEAR, LAST_YEAR))
        .then(pl.lit("date-impossible"))
    )


def to_numbers(cells: pl.Series) -> pl.DataFrame:
    """Numbers; a thousands comma is allowed.

    >>> to_numbers(pl.Series(["2", "1,024", "two", None])).rows()
    [(2.0, None), (1024.0, None), (None, 'number-not-understood'), (None, None)]
    """
    return once_each(cells, lambda distinct: _numbers(trimmed(distinct)))


def _numbers(text: pl.Series) -> pl.DataFrame:
    plain = pl.col("text").str.replace_all(r"^([+-]?\d{1,3}(?:,\d{3})+)$", "${1}")
    number = plain.str.replace_all(",", "", literal=True).cast(pl.Float64, strict=False)
    value = pl.when(number.is_finite()).then(number)
    return text.to_frame().select(
        value=value, problem=_problem_unless(value.is_not_null(), "number-not-understood")
    )


def to_text(cells: pl.Series) -> pl.DataFrame:
    """Trimmed text; a failed formula is a problem, not a name.

    >>> to_text(pl.Series([" North ", "#N/A"])).rows()
    [('North', None), (None, 'error-value')]
    """
    return once_each(cells, lambda distinct: _text(trimmed(distinct)))


def _text(text: pl.Series) -> pl.DataFrame:
    return text.to_frame().select(
        value=pl.when(~pl.col("text").is_in(list(ERROR_VALUES))).then("text"),
        problem=_problem_unless(pl.lit(True), ""),
    )


def to_ids(cells: pl.Series) -> pl.DataFrame:
    """Identifiers as text; a number keeps no ``.0``; ``0``, ``n/a``, ``unknown`` are no identifier.

    >>> to_ids(pl.Series(["9212044.0", "A12", "unknown", None, "Total"])).rows()
    [('9212044', None), ('A12', None), (None, 'no-child-id'), (None, 'no-child-id'), (None, 'total-row')]
    """
    return once_each(cells, lambda distinct: _ids(trimmed(distinct)))


def _ids(text: pl.Series) -> pl.DataFrame:
    text = text.str.replace(r"^(\d+)\.0+$", "${1}")
    cell = pl.col("text")
    none = cell.is_null() | cell.is_in(list(ERROR_VALUES)) | cell.str.contains(_NO_ID)
    problem = (
        pl.when(cell.str.contains(_TOTAL))
        .then(pl.lit("total-row"))
        .when(none)
        .then(pl.lit("no-child-id"))
    )
    return text.to_frame().select(value=pl.when(problem.is_null()).then(cell), problem=problem)


def _problem_unless(fine: pl.Expr, problem: str) -> pl.Expr:
    return (
        pl.when(pl.col("text").is_null())
        .then(None)
        .when(pl.col("text").is_in(list(ERROR_VALUES)))
        .then(pl.lit("error-value"))
        .when(~fine)
        .then(pl.lit(problem))
    )
