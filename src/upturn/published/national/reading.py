"""One published file into rows of the panel: figures, neighbours or judgements, and what was not accepted.

Every row keeps its line in its file. Rows in = accepted + quarantined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import polars as pl

from upturn.measures.benchmark.figures import Column, figures_in, holds
from upturn.measures.benchmark.files import NothingKnown, read_file, with_lines
from upturn.measures.benchmark.neighbours import has_neighbours, neighbours_in
from upturn.published.national.england import (
    england_of,
    is_totals,
    is_years,
    row_words,
    with_country,
)
from upturn.published.national.model import areas, figures, grades, no_figures
from upturn.records.sheets import SourceError

FIGURE: dict[str, pl.DataType] = {
    "measure": pl.String(), "year": pl.Int64(), "area_type": pl.String(), "area": pl.String(),
    "la_code": pl.String(), "region": pl.String(), "value": pl.Float64(), "status": pl.String(),
    "row": pl.Int64(),
}  # fmt: skip
NEIGHBOUR: dict[str, pl.DataType] = {
    "area": pl.String(), "la_code": pl.String(), "place": pl.Int64(), "neighbour": pl.String(),
    "row": pl.Int64(),
}  # fmt: skip
AREAS_JUDGED = ("overall", "leaders", "help_protection", "in_care", "care_leavers")
JUDGEMENT: dict[str, pl.DataType] = {
    "la_code": pl.String(), "area": pl.String(), "framework": pl.String(), "date": pl.Date(),
    "date_kind": pl.String(), **{area: pl.String() for area in AREAS_JUDGED}, "note": pl.String(),
    "row": pl.Int64(),
}  # fmt: skip
ASIDE: dict[str, pl.DataType] = {"row": pl.Int64(), "reason": pl.String()}

_LONG = {"measure", "years", "area", "la_number", "value"}
_LIST = {"la_code", "framework", "published", "overall"}
_LATEST = {"la code", "overall effectiveness grade", "inspection start date"}


@dataclass(frozen=True)
class Read:
    """What one file holds. ``rows_in`` is its rows; each is in one of the frames or in ``aside``.

    ``unread`` names the columns, or the kinds of row, that hold numbers no figure of the panel is read from.
    """

    name: str
    sha256: str
    kind: str  # figures, neighbours, judgements
    family: str  # dfe, long, england, latest, list, neighbours
    rows_in: int
    frame: pl.DataFrame
    aside: pl.DataFrame
    unread: tuple[str, ...] = ()


def read_published(path: Path) -> Read:
    """Read one of the department's or Ofsted's published files (CSV, or Excel for neighbours).

    Raises SourceError for a file that cannot be read or holds nothing known.
    """
    raw = read_file(path)
    names = set(raw.columns)
    _refuse_without_figures(path.name, names)
    kind, family, found, unread = _told(raw, names, path.name)
    frame, aside = found
    digest = sha256(path.read_bytes()).hexdigest()
    return Read(path.name, digest, kind, family, raw.height, frame, aside, tuple(unread))


def _refuse_without_figures(name: str, names: set[str]) -> None:
    for columns, what in no_figures():
        if columns <= names:
            raise SourceError(f"{name}: {what}, and holds no figure; leave it out")


def _told(raw: pl.DataFrame, names: set[str], name: str) -> tuple[str, str, Found, list[str]]:
    """What kind of file it is, its family, what it holds, and the columns or rows that were not read."""
    if has_neighbours(names):
        return "neighbours", "neighbours", _neighbours(raw, name), []
    if is_totals(names):
        found = _split(england_of(raw), raw.height, "its row is no figure of the panel")
        return "figures", "england", found, row_words(raw, found[1]["row"])
    if {"time_period", "geographic_level"} <= names:
        known = [one.dfe for one in figures().values() if one.dfe]
        return "figures", "dfe", _tables(raw, name, known), _left(raw, known)
    if names >= _LONG:
        return "figures", "long", _long(raw), _kinds(raw)
    if is_years(names):
        whole = with_country(raw)
        return "figures", "england", _tables(whole, name, _wide()), _left(whole, _wide())
    if names >= _LIST:
        return "judgements", "list", _judgements(raw), []
    if names >= _LATEST:
        return "judgements", "latest", _latest(raw), []
    raise NothingKnown(name, _WANTED)


_WANTED = (
    "the department's children in need or workforce tables, the long file of its "
    "interactive tool, population estimates, statistical neighbours, or a list of Ofsted's judgements"
)

Found = tuple[pl.DataFrame, pl.DataFrame]
#: Columns that say where and when, and hold no figure.
_PLACES = frozenset(
    "time_period time_identifier geographic_level country_code country_name region_code region_name "
    "old_la_code new_la_code la_name category category_type age_group year source unit "
    "year_ending_31_march".split()
)


def _wide() -> list[Column]:
    """Where a table of England's years has figures: in columns of its own, or named as the department's."""
    every = figures().values()
    own = [one.wide for one in every if one.wide]
    return own + [one.dfe for one in every if one.dfe and one.table == "workforce"]


def _tables(raw: pl.DataFrame, name: str, known: Sequence[Column]) -> Found:
    """The department's tables: one row for an area and a year, a column for a figure."""
    names = set(raw.columns)
    columns = [one for one in known if holds(names, one)]
    if not columns:
        raise NothingKnown(name, _WANTED)
    frame = pl.concat([figures_in(raw, column, name) for column in columns])
    # Population is of the middle of the year: the children that the next year's census counts.
    shift = (pl.col("measure") == "population").cast(pl.Int64)
    frame = frame.with_columns(year=pl.col("year") + shift).select(
        pl.col(c).cast(kind) for c, kind in FIGURE.items()
    )
    return _split(frame, raw.height, "its year or kind of area is not known")


def _left(raw: pl.DataFrame, known: Sequence[Column]) -> list[str]:
    """The columns that no figure is read from, though they may hold numbers."""
    names = set(raw.columns)
    used = {
        part
        for one in known if holds(names, one)
        for part in (*one.needs, one.share_of, one.of)
    }  # fmt: skip
    # A share that the table gives itself stands beside the number it is worked out from.
    counts = {name.removesuffix("_percent") for name in used}
    return [name for name in raw.columns if name not in used | counts | _PLACES]


def _kinds(raw: pl.DataFrame) -> list[str]:
    known = {one.long for one in figures().values()}
    said = raw["measure"].unique(maintain_order=True).drop_nulls().to_list()
    return [name for name in said if name not in known]


def _split(frame: pl.DataFrame, rows_in: int, reason: str) -> Found:
    """The rows that can be placed, and a line for each row of the file that gave none."""
    placed = frame.filter(
        pl.col("year").is_not_null(),
        (pl.col("area_type") != "authority") | pl.col("la_code").is_not_null(),
    )
    every = pl.DataFrame({"row": pl.int_range(2, rows_in + 2, eager=True, dtype=pl.Int64)})
    aside = every.join(placed.select("row").unique(), on="row", how="anti")
    return placed, aside.with_columns(reason=pl.lit(reason)).cast(ASIDE)  # type: ignore[arg-type]


def _long(raw: pl.DataFrame) -> Found:
    """The interactive tool's long file: one row for a figure, an area and a year."""
    known = {one.long: one.id for one in figures().values() if one.long}
    la = pl.col("la_number").is_not_null() & (pl.col("la_number") != "")
    if "is_la" in raw.columns:
        la = pl.col("is_la").str.to_lowercase() == "true"
    value = pl.col("value").str.replace_all(",", "").cast(pl.Float64, strict=False)
    england = pl.col("area") == "England"
    frame = (
        with_lines(raw)
        .filter(pl.col("measure").is_in(list(known)))
        .select(
            measure=pl.col("measure").replace_strict(known),
            year=pl.col("years").cast(pl.Int64, strict=False),
            area_type=pl.when(la).then(pl.lit("authority")).when(england).then(pl.lit("England"))
            .otherwise(pl.lit("region")),
            area="area",
            la_code=pl.when(la).then("la_number"),
            region=pl.col("region") if "region" in raw.columns else None,
            value=value,
            status=pl.when(value.is_null()).then(pl.lit("not published")).otherwise(pl.lit("")),
            row="row",
        )
        .cast(FIGURE)  # type: ignore[arg-type]
    )  # fmt: skip
    if frame.is_empty():
        raise SourceError("a long file without any figure that is known here")
    return _split(frame, raw.height, "its figure or year is not one the panel knows")


def _neighbours(raw: pl.DataFrame, name: str) -> Found:
    frame = neighbours_in(raw, name).select(pl.col(c).cast(k) for c, k in NEIGHBOUR.items())
    every = pl.DataFrame({"row": pl.int_range(2, raw.height + 2, eager=True, dtype=pl.Int64)})
    aside = every.join(frame.select("row").unique(), on="row", how="anti").with_columns(
        reason=pl.lit("no authority's code and neighbours")
    )
    return frame, aside


def _grade(column: str, raw: pl.DataFrame) -> pl.Expr:
    """A grade in small letters; anything that is no grade is nothing, and so is a column not there."""
    if column not in raw.columns:
        return pl.lit(None, dtype=pl.String)
    said = pl.col(column).str.strip_chars().str.to_lowercase()
    return pl.when(said.is_in(list(grades()))).then(said)


def _judgements(raw: pl.DataFrame) -> Found:
    """A list of judgements: one row for a report. A row without a publication date keeps its start date."""
    day = pl.col("published").str.to_date("%Y-%m-%d", strict=False)
    fallback = (
        pl.col("event_date").str.to_date("%Y-%m-%d", strict=False)
        if "event_date" in raw.columns
        else pl.lit(None, dtype=pl.Date)
    )
    name = pl.col("la" if "la" in raw.columns else "la_code")
    frame = with_lines(raw).select(
        la_code=pl.col("la_code").str.strip_chars(),
        area=name.str.replace_all("-", " ").str.to_titlecase(),
        framework=pl.col("framework").str.strip_chars(),
        date=pl.coalesce(day, fallback),
        date_kind=pl.when(day.is_not_null()).then(pl.lit("published")).otherwise(pl.lit("started")),
        **{area: _grade(area, raw) for area in AREAS_JUDGED},
        note=pl.lit(""),
        row="row",
    ).cast(JUDGEMENT)  # type: ignore[arg-type]  # fmt: skip
    return _judged(frame)


def _latest(raw: pl.DataFrame) -> Found:
    """The list of each authority's latest judgement, by the date its inspection started."""
    names = {"overall": "overall effectiveness grade", "leaders": "impact of leaders grade",
             "help_protection": "help and protection grade", "in_care": "in care grade",
             "care_leavers": "care leavers grade"}  # fmt: skip
    started = pl.col("inspection start date")
    found = areas()
    garbled = pl.col("la code").is_in(list(found.garbled))
    frame = with_lines(raw).select(
        la_code=pl.col("la code").str.strip_chars(),
        area=pl.col("local authority") if "local authority" in raw.columns else pl.col("la code"),
        framework=pl.lit("ILACS"),
        date=pl.coalesce(started.str.to_date(form, strict=False) for form in ("%d/%m/%Y", "%Y-%m-%d")),
        date_kind=pl.lit("started"),
        **{area: _grade(name, raw) for area, name in names.items()},
        note=pl.when(garbled).then(pl.lit(found.garbled_because)).otherwise(pl.lit("")),
        row="row",
    ).cast(JUDGEMENT)  # type: ignore[arg-type]  # fmt: skip
    return _judged(frame)


def _judged(frame: pl.DataFrame) -> Found:
    """Judgements that can be placed; without an authority, a date or an overall grade they are set aside."""
    reason = (
        pl.when(pl.col("la_code").is_null())
        .then(pl.lit("no authority's code"))
        .when(pl.col("date").is_null())
        .then(pl.lit("no date"))
        .when(pl.col("overall").is_null())
        .then(pl.lit("no overall grade of the four"))
    )
    told = frame.with_columns(reason=reason)
    kept = told.filter(pl.col("reason").is_null()).drop("reason")
    return kept, told.filter(pl.col("reason").is_not_null()).select(list(ASIDE))
