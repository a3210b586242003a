"""The figures of the department's published files: which there are, and how each is found.

A cell that the department suppressed (c, x, :, z, low) stays suppressed: it has no value, and says why.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from upturn.measures.benchmark.files import with_lines
from upturn.measures.benchmark.rates import COUNT

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


def holds(names: set[str], column: Column) -> bool:
    """Whether a file with columns of these ``names`` has what the figure needs."""
    return {*column.needs, *([column.share_of] if column.share_of else [])} <= names


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
