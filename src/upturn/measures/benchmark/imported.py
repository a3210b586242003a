"""The Department for Education's published files, read into one local file of figures and neighbours.

A cell that the department suppressed (c, x, :, z, low) stays suppressed: it has no value, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import polars as pl

from upturn.measures.benchmark.rates import COUNT, with_rates
from upturn.records.sheets import SourceError

SUPPRESSED = {
    "c": "suppressed: a small number",
    "x": "not available",
    ":": "not available",
    "z": "not applicable",
    "low": "rounds to nothing",
    "u": "low reliability",
}
COLUMNS: dict[str, pl.DataType] = {
    "kind": pl.String(),  # figure or neighbour
    "measure": pl.String(),  # name in the catalogue's `published`; empty for a neighbour
    "year": pl.Int64(),  # ending 31 March
    "area_type": pl.String(),  # authority, region, England
    "area": pl.String(),
    "la_code": pl.String(),  # the department's three-figure code
    "region": pl.String(),
    "value": pl.Float64(),
    "of": pl.Float64(),  # what a share is of; of a rate, the children aged 0 to 17
    "status": pl.String(),  # empty, or why there is no value
    "neighbour": pl.String(),  # la_code of the neighbour
    "place": pl.Int64(),  # 1 is the nearest
    "file": pl.String(),
}
#: Where in its file a figure stands; kept by those who ask for it.
LINE: dict[str, pl.DataType] = {"row": pl.Int64()}
_AREAS = {"Local authority": "authority", "Regional": "region", "National": "England"}
_NEIGHBOUR = re.compile(r"sn[_ ]?(\d{1,2})")
_CODES = ("old_la_code", "la num", "la number", "la code", "lanumber")


@dataclass(frozen=True)
class Column:
    """How one published figure is found in a file: its column, or the columns it is a share of.

    ``of`` is the column that a published percentage is a percentage of.
    """

    measure: str
    needs: tuple[str, ...]
    share_of: str = ""
    of: str = ""


#: What the layouts of 2013 to 2025 hold, by the columns they need; names are compared in small letters.
FOUND = (
    Column("referrals-rate" + COUNT, ("referral_count",)),
    Column("re-referrals", ("rereferral_percent",), of="referral_count"),
    Column("referrals-nfa", ("no_further_action_percent",), of="referral_count"),
    Column(
        "assessments-45",
        ("same_day", "1-10_days", "11-20_days", "21-30_days", "31-40_days", "41-45_days"),
        "assessments_completed",
    ),
    Column("assessments-41-45", ("41-45_days",), "assessments_completed"),
    Column("s47-rate", ("section47_rate",)),
    Column("icpc-rate", ("icpc_rate",)),
    Column("icpc-15", ("duration_0-10_days", "duration_11-15_days"), "icpc"),
    Column("cpp-rate", ("cpp_at31_rate",)),
    Column("cpp-second", ("cpp_subsequent_percent",), of="cpp_start"),
    Column("cpp-two-years", ("2_years_or_more_percent",), of="cpp_at31"),
    Column("cpp-reviews", ("reviewed_within_timescales_percent",), of="cpp_at31_3months"),
    Column("cin-rate" + COUNT, ("at31_episodes",)),
    Column("population", ("population_estimate",)),
)


_Read = TypeVar("_Read")


class NothingKnown(SourceError):
    """A file that can be read and holds nothing that is looked for. ``where`` is the file's name."""

    def __init__(self, where: str, wanted: str) -> None:
        super().__init__(f"{where}: nothing known here; leave it out, or give {wanted}")
        self.where, self.wanted = where, wanted


def read_each(files: Iterable[Path], read: Callable[[Path], _Read]) -> list[_Read]:
    """What each file holds. Raises NothingKnown once, naming every file that holds nothing known."""
    parts: list[_Read] = []
    unknown: list[NothingKnown] = []
    for path in files:
        try:
            parts.append(read(path))
        except NothingKnown as error:
            unknown.append(error)
    if unknown:
        raise NothingKnown(", ".join(one.where for one in unknown), unknown[0].wanted)
    if not parts:
        raise SourceError("no file was given to import")
    return parts


def import_files(files: Iterable[Path]) -> pl.DataFrame:
    """The figures and neighbours of the files, as one frame with the columns of `COLUMNS`.

    A figure that two files have is taken from the later one given. Raises SourceError for a file that
    cannot be read or that holds nothing known.
    """
    parts = read_each(files, _import)
    whole = with_rates(pl.concat(parts).select(list(COLUMNS)))
    same = ["kind", "measure", "year", "area_type", "area", "la_code", "place"]
    return whole.unique(same, keep="last", maintain_order=True)


def read_benchmark(path: Path) -> pl.DataFrame:
    """A file that `import_files` made. Raises SourceError for any other file."""
    frame = _csv(path)
    if list(frame.columns) != list(COLUMNS):
        raise SourceError(
            f"{path.name}: not a benchmark file; make one with `upturn benchmark import`"
        )
    return frame.select(
        pl.col(name).cast(kind, strict=False) for name, kind in COLUMNS.items()
    ).with_columns(pl.col("status").fill_null(""))


def _import(path: Path) -> pl.DataFrame:
    frame = read_file(path)
    names = set(frame.columns)
    if has_neighbours(names):
        return neighbours_in(frame, path.name)
    if {"time_period", "geographic_level"} <= names:
        found = [figures_in(frame, column, path.name) for column in FOUND if holds(names, column)]
        if found:
            return pl.concat(found)
    raise NothingKnown(
        path.name,
        "the department's files C1, C2, C4, D1, D3, D5, D6, the population estimates, or the statistical "
        "neighbours",
    )


def with_lines(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with ``row``: the line of its file that each row stands on, the heading being line 1."""
    return frame.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64) + 2)


def holds(names: set[str], column: Column) -> bool:
    """Whether a file with columns of these ``names`` has what the figure needs."""
    return {*column.needs, *([column.share_of] if column.share_of else [])} <= names


def read_file(path: Path) -> pl.DataFrame:
    """The file as text, its column names in small letters without stray spaces."""
    book = path.suffix.lower() in (".xlsx", ".xls", ".xlsm")
    frame = _workbook(path) if book else _csv(path)
    names, seen = [], set()
    for number, name in enumerate(frame.columns):
        plain = name.strip().lstrip("\ufeff").lower()
        names.append(plain if plain and plain not in seen else f"{plain}_again_{number}")
        seen.add(plain)
    frame.columns = names
    return frame


def has_neighbours(names: Iterable[str]) -> bool:
    """Whether columns of these ``names`` list statistical neighbours (SN1 or sn_1 and on)."""
    return any(_NEIGHBOUR.fullmatch(name) for name in names)


def _csv(path: Path) -> pl.DataFrame:
    if path.is_dir():  # Polars would read all that is in it
        raise SourceError(f"{path.name}: is a folder; give the file")
    try:
        return pl.read_csv(path, infer_schema=False, encoding="utf8-lossy")
    except FileNotFoundError:
        raise SourceError(f"{path}: there is no such file") from None
    except pl.exceptions.NoDataError:
        raise SourceError(f"{path.name}: is empty; fetch it again") from None
    except (OSError, pl.exceptions.PolarsError):
        raise SourceError(f"{path.name}: is not a CSV file; fetch it again") from None


def _workbook(path: Path) -> pl.DataFrame:
    """The first sheet from the row that heads its columns (a row with SN1, or with time_period)."""
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        raw = book.load_sheet(0, header_row=None, dtypes="string").to_polars()
    except FileNotFoundError:
        raise SourceError(f"{path}: there is no such file") from None
    except (OSError, fastexcel.FastExcelError):
        raise SourceError(f"{path.name}: is not a workbook; fetch it again") from None
    for number, row in enumerate(raw.head(30).iter_rows()):
        cells = [str(cell or "").strip() for cell in row]
        if any(_NEIGHBOUR.fullmatch(c.lower()) or c.lower() == "time_period" for c in cells):
            body = raw.slice(number + 1)
            body.columns = [cell or f"blank_{n}" for n, cell in enumerate(_distinct(cells))]
            return body
    raise SourceError(f"{path.name}: its first sheet has no heading that is known")


def _distinct(cells: list[str]) -> list[str]:
    seen: set[str] = set()
    out = []
    for number, cell in enumerate(cells):
        out.append(cell if cell and cell not in seen else f"{cell}_again_{number}")
        seen.add(cell)
    return out


def figures_in(frame: pl.DataFrame, column: Column, name: str) -> pl.DataFrame:
    """One figure of a file that `read_file` read: the columns of `COLUMNS`, and of `LINE` for its line."""
    raw = pl.concat_list(pl.col(part).str.strip_chars() for part in column.needs)
    parts = [
        pl.col(part).str.replace_all(",", "").cast(pl.Float64, strict=False)
        for part in column.needs
    ]
    value = parts[0] if len(parts) == 1 else pl.sum_horizontal(parts)
    known = pl.all_horizontal(part.is_not_null() for part in parts)
    if column.share_of:
        whole = pl.col(column.share_of).str.replace_all(",", "").cast(pl.Float64, strict=False)
        known = known & (whole > 0).fill_null(False)
        value = (100 * value / whole).round(1)
    of = column.share_of or (column.of if column.of in frame.columns else "")
    why = raw.list.eval(pl.element().filter(pl.element().is_in(list(SUPPRESSED)))).list.first()
    level = pl.col("geographic_level").replace_strict(_AREAS, default=None)
    area = pl.coalesce(pl.col(c) for c in ("la_name", "region_name", "country_name"))
    blank = [c for c in ("la_name", "region_name", "old_la_code") if c in frame.columns]
    frame = with_lines(frame).with_columns(
        pl.when(pl.col(c).str.strip_chars() != "").then(pl.col(c)) for c in blank
    )
    everyone = pl.lit(True)
    if column.measure == "population" and "age_group" in frame.columns:
        everyone = pl.col("age_group").str.contains("0 to 17")
    return frame.filter(level.is_not_null() & everyone).select(
        kind=pl.lit("figure"),
        measure=pl.lit(column.measure),
        year=pl.col("time_period").str.tail(4).cast(pl.Int64, strict=False),
        area_type=level,
        area=area,
        la_code=pl.col("old_la_code"),
        region=pl.col("region_name"),
        value=pl.when(known).then(value),
        of=pl.col(of).str.replace_all(",", "").cast(pl.Float64, strict=False) if of else None,
        status=pl.when(known).then(pl.lit("")).otherwise(
            why.replace_strict(SUPPRESSED, default="not published")
        ),
        neighbour=pl.lit(None, dtype=pl.String),
        place=pl.lit(None, dtype=pl.Int64),
        file=pl.lit(name),
        row="row",
    ).select(pl.col(c).cast(kind) for c, kind in (COLUMNS | LINE).items())  # fmt: skip


def neighbours_in(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """One row for each authority and neighbour, with the columns of `LINE` too.

    Codes that are no number (the far end of a list) are left. Raises SourceError without codes and names.
    """
    code = next((c for c in _CODES if c in frame.columns), None)
    title = next((c for c in ("la_name", "la name") if c in frame.columns), None)
    if code is None or title is None:
        raise SourceError(f"{name}: statistical neighbours without an authority's code and name")
    places = {c: int(found[1]) for c in frame.columns if (found := _NEIGHBOUR.fullmatch(c))}
    number: Callable[[str], pl.Expr] = lambda c: (  # noqa: E731
        pl.col(c).cast(pl.Float64, strict=False).cast(pl.Int64, strict=False).cast(pl.String)
    )
    frame = with_lines(frame)
    parts = [
        frame.select(
            kind=pl.lit("neighbour"),
            measure=pl.lit(""),
            year=pl.lit(None, dtype=pl.Int64),
            area_type=pl.lit("authority"),
            area=pl.col(title).str.strip_chars(),
            la_code=number(code),
            region=pl.lit(None, dtype=pl.String),
            value=pl.lit(None, dtype=pl.Float64),
            of=pl.lit(None, dtype=pl.Float64),
            status=pl.lit(""),
            neighbour=number(column),
            place=pl.lit(place, dtype=pl.Int64),
            file=pl.lit(name),
            row="row",
        )
        for column, place in places.items()
    ]
    whole = pl.concat(parts).select(pl.col(c).cast(kind) for c, kind in (COLUMNS | LINE).items())
    return whole.filter(pl.col("la_code").is_not_null(), pl.col("neighbour").is_not_null())


def overview(frame: pl.DataFrame) -> pl.DataFrame:
    """For each figure of an imported frame: its latest year, authorities with a value, and without.

    Neighbours are one line: how many authorities have them.
    """
    la = pl.col("area_type") == "authority"
    figures = (
        frame.filter(la, kind="figure")
        .filter(pl.col("year") == pl.col("year").max().over("measure"))
        .group_by("measure", maintain_order=True)
        .agg(
            year=pl.col("year").max(),
            authorities=pl.col("value").count().cast(pl.Int64),
            without_a_value=pl.col("value").null_count().cast(pl.Int64),
        )
    )
    near = frame.filter(kind="neighbour")["la_code"].n_unique()
    if not near:
        return figures
    line = {"measure": ["statistical neighbours"], "year": [None], "authorities": [near]}
    return pl.concat(
        [figures, pl.DataFrame({**line, "without_a_value": [0]}, schema=figures.schema)]
    )
