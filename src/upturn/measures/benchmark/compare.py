"""A council beside its region, its statistical neighbours and England, from an imported file."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from upturn.measures.benchmark.imported import read_benchmark
from upturn.measures.model import Good
from upturn.records.sheets import SourceError


@dataclass(frozen=True)
class Published:
    """What the department published about one figure for one authority, in its latest year.

    ``status`` says why ``own`` has no value. ``rank`` counts from the good end (from the highest, where no
    way is good) among ``ranked`` authorities that have a value.
    """

    year: int
    own: float | None
    status: str
    region_name: str
    region: float | None
    neighbours: float | None  # the middle one
    neighbours_with_value: int
    neighbours_all: int
    england: float | None
    rank: int | None
    ranked: int


@dataclass(frozen=True)
class Benchmark:
    """An imported file, looked at from one authority."""

    frame: pl.DataFrame
    name: str
    code: str

    def of(self, published: str, good: Good) -> Published | None:
        """The latest year in which the authority has a row for a figure; None when it has none."""
        rows = self.frame.filter(kind="figure", measure=published)
        mine = rows.filter(pl.col("la_code") == self.code, area_type="authority").sort("year")
        if mine.is_empty():
            return None
        own = mine.row(-1, named=True)
        now = rows.filter(pl.col("year") == own["year"])
        others = now.filter(area_type="authority").drop_nulls("value")
        near = self.neighbours()
        beside = others.filter(pl.col("la_code").is_in(near))["value"]
        return Published(
            year=own["year"],
            own=own["value"],
            status=own["status"] or "",
            region_name=own["region"] or "",
            region=_only(now.filter(area_type="region", area=own["region"] or "")),
            neighbours=_middle(beside),
            neighbours_with_value=beside.len(),
            neighbours_all=len(near),
            england=_only(now.filter(area_type="England")),
            rank=_rank(others["value"], own["value"], good),
            ranked=others.height,
        )

    def neighbours(self) -> list[str]:
        """The codes of the statistical neighbours, the nearest first; empty when none were imported."""
        rows = self.frame.filter(pl.col("la_code") == self.code, kind="neighbour").sort("place")
        return [str(code) for code in rows["neighbour"]]

    def population(self) -> int | None:
        """The children aged 0 to 17 in the latest year, when the estimates were imported."""
        found = self.of("population", "neither")
        return None if found is None or found.own is None else round(found.own)


def benchmark_at(path: Path | None, la: str | None) -> Benchmark | None:
    """The file at ``path`` looked at from ``la``; None without either.

    Raises SourceError for one without the other, and as `read_benchmark` and `benchmark_for` do.
    """
    if path is None and la is None:
        return None
    if path is None or la is None:
        raise SourceError("a benchmark file and the name of an authority go together: give both")
    return benchmark_for(read_benchmark(path), la)


def benchmark_for(frame: pl.DataFrame, la: str) -> Benchmark:
    """The file looked at from the authority of this name or three-figure code.

    Raises SourceError when no authority has it, with the nearest name.
    """
    areas = frame.filter(area_type="authority").select("area", "la_code").drop_nulls().unique()
    wanted = la.strip().casefold()
    names = {str(name).casefold(): (str(name), str(code)) for name, code in areas.iter_rows()}
    codes = {str(code): (str(name), str(code)) for name, code in areas.iter_rows()}
    found = names.get(wanted) or codes.get(wanted)
    if found is None:
        near = get_close_matches(wanted, names, n=1)
        hint = f"; did you mean {names[near[0]][0]}?" if near else ""
        raise SourceError(f"no authority {la!r} in the benchmark file{hint}")
    return Benchmark(frame, *found)


def _only(rows: pl.DataFrame) -> float | None:
    return None if rows.is_empty() else rows["value"].item(0)


def _middle(values: pl.Series) -> float | None:
    middle = values.median()
    return float(middle) if isinstance(middle, (int, float)) else None


def _rank(values: pl.Series, own: float | None, good: Good) -> int | None:
    if own is None:
        return None
    ahead = values < own if good == "low" else values > own
    return int(ahead.sum()) + 1
