"""The Department for Education's published files, read into one local file of figures and neighbours.

What a figure is and how it is found is in `figures`, the lists of neighbours in `neighbours`, the files
themselves in `files`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from upturn.measures.benchmark.figures import (
    COLUMNS,
    FOUND,
    Column,
    figures_in,
    holds,
)
from upturn.measures.benchmark.files import (
    NothingKnown,
    read_csv,
    read_each,
    read_file,
    with_lines,
)
from upturn.measures.benchmark.neighbours import has_neighbours, neighbours_in
from upturn.measures.benchmark.rates import with_rates
from upturn.records.sheets import SourceError

__all__ = [
    "COLUMNS", "Column", "NothingKnown", "figures_in", "has_neighbours", "holds", "import_files",
    "neighbours_in", "overview", "read_benchmark", "read_each", "read_file", "with_lines",
]  # fmt: skip


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
    frame = read_csv(path)
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
