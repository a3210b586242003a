"""The panel as it is asked: one value for each figure, area and year, from one family of files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

import polars as pl

from upturn.published.national.judgements import tidy
from upturn.published.national.model import Figure, areas, figures
from upturn.published.national.store import read_table
from upturn.records.sheets import SourceError


@dataclass(frozen=True)
class Panel:
    """Figures, judgements and neighbours of every authority.

    ``values``: measure, year, area_type, area, la_code, region, value, status, source, row; one row for
    each figure, area and year. ``judged``: one row for each judgement, with ``previous`` (the overall grade
    before) in the authority's own order. ``near``: la_code, place, neighbour. ``sources``: every
    version of every file.
    """

    values: pl.DataFrame
    judged: pl.DataFrame
    near: pl.DataFrame
    sources: pl.DataFrame

    def series(self, measure: str) -> pl.DataFrame:
        """The authorities' values of one figure, without those known to be faulty.

        Raises SourceError when the panel has none.
        """
        figure = figure_of(measure)
        rows = self._by_measure.get(figure.id)
        if rows is None and self.rows(figure.id).height:
            raise SourceError(
                f"no authority has a value of {measure!r} in the panel: it is of England alone"
            )
        if rows is None:
            raise SourceError(f"the panel has no figure {measure!r}; import a file that holds it")
        return rows

    @cached_property
    def _by_measure(self) -> Mapping[str, pl.DataFrame]:
        faulty = [
            {"la_code": code, "census": census, "year": year}
            for code, census, year in areas().faults
        ]
        census = {one.id: one.census for one in figures().values()}
        usable = (
            self.values.filter(area_type="authority")
            .drop_nulls("value")
            .with_columns(census=pl.col("measure").replace_strict(census))
            .join(pl.DataFrame(faulty), on=["la_code", "census", "year"], how="anti")
        )
        return {str(key[0]): rows for key, rows in usable.group_by("measure")}

    def rows(self, measure: str) -> pl.DataFrame:
        """Everything the panel has on one figure: authorities, regions and England, faulty years too."""
        return self._every.get(measure, self.values.clear())

    @cached_property
    def _every(self) -> Mapping[str, pl.DataFrame]:
        return {str(key[0]): rows for key, rows in self.values.group_by("measure")}

    def measures(self) -> list[Figure]:
        """The figures that the panel has, in the catalogue's order."""
        return [one for one in figures().values() if one.id in self._by_measure]

    def as_at(self) -> date | None:
        """The latest day that any judgement in the panel is of."""
        latest = self.judged["date"].max()
        return latest if isinstance(latest, date) else None

    def names(self) -> Mapping[str, str]:
        """The name of each authority by its code, as the department writes it where it does."""
        told = pl.concat([self.judged.select("la_code", "area"),
                          self.values.filter(area_type="authority").select("la_code", "area")])  # fmt: skip
        return {str(code): str(name) for code, name in told.drop_nulls().iter_rows()}

    def find(self, authority: str) -> tuple[str, str]:
        """The code and name of the authority of this name or three-figure code.

        Raises SourceError when there is none, with the nearest name.
        """
        names = self.names()
        by_name = {name.casefold(): code for code, name in names.items()}
        wanted = authority.strip().casefold()
        code = by_name.get(wanted, wanted)
        if code in names:
            return code, names[code]
        raise SourceError(f"no authority {authority!r} in the panel{_nearest_names(wanted, names)}")

    def neighbours(self, code: str) -> list[str]:
        """The codes of the statistical neighbours, the nearest first."""
        return [str(c) for c in self.near.filter(la_code=code).sort("place")["neighbour"]]

    def source_name(self, number: int) -> str:
        """The file of a source's number."""
        return str(self.sources.filter(id=number)["name"].item())


def _nearest_names(wanted: str, names: Mapping[str, str]) -> str:
    """The end of a message: the authorities that were most likely meant, each with its code."""
    by_name = {name.casefold(): code for code, name in names.items() if "/" not in code}
    begin = [c for name, c in by_name.items() if wanted and name.startswith(wanted)]
    hold = [c for name, c in by_name.items() if wanted and wanted in name]
    coded = [c for c in sorted(names) if wanted.isdigit() and c.startswith(wanted)]
    found = list(dict.fromkeys([*coded, *begin, *hold]))[:4]
    found = found or [by_name[name] for name in get_close_matches(wanted, by_name, n=3)]
    if not found:
        return "; give a name as the department writes it, or its three-figure code"
    said = [f"{names[code]} ({code})" for code in found]
    return f"; did you mean {' or '.join([', '.join(said[:-1]), said[-1]] if said[1:] else said)}?"


def figure_of(measure: str) -> Figure:
    """The figure of this id. Raises SourceError when there is none, with the nearest."""
    found = figures().get(measure)
    if found is None:
        close = get_close_matches(measure, figures(), n=1)
        hint = f"; did you mean {close[0]}?" if close else f"; there are {', '.join(figures())}"
        raise SourceError(f"no figure {measure!r}{hint}")
    return found


def panel_at(path: Path) -> Panel:
    """The panel in the file at ``path``. Raises SourceError when there is none, or of another version."""
    sources = read_table(path, "sources")
    found = read_table(path, "figures")
    if set(found["measure"].unique()) - set(figures()):
        raise SourceError(f"{path.name}: a panel of another version; import the files again")
    return make_panel(
        found,
        read_table(path, "judgements"),
        read_table(path, "neighbours"),
        sources,
    )


def make_panel(
    found: pl.DataFrame, judged: pl.DataFrame, near: pl.DataFrame, sources: pl.DataFrame
) -> Panel:
    """A panel of rows as the local file holds them: newest version, preferred family, one row for each."""
    values = _chosen(found, sources)
    return Panel(values, _named(tidy(judged, sources), values), _nearest(near), sources)


def _named(judged: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """Judgements with each authority's name as the department writes it, where it is known."""
    names = values.filter(area_type="authority").sort("year").unique("la_code", keep="last")
    known = judged.join(
        names.select("la_code", name="area"), on="la_code", how="left", maintain_order="left"
    )
    return known.with_columns(area=pl.coalesce("name", "area")).drop("name")


def _chosen(found: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    family = sources.select(source="id", family="family")
    prefer = {one.id: one.prefer for one in figures().values()}
    wanted = pl.col("measure").replace_strict(prefer, return_dtype=pl.String)
    # What is of England alone is used where no file of authorities has the figure.
    rows = found.join(family, on="source", how="left").with_columns(
        wanted=pl.when(pl.col("family") == wanted).then(2).when(pl.col("family") == "england").then(0)
        .otherwise(1)
    )  # fmt: skip
    rows = rows.filter(pl.col("wanted") == pl.col("wanted").max().over("measure"))
    same = ["measure", "year", "area_type", "area", "la_code"]
    # A year that changed hands keeps the name of its latest file; regions are known by name alone.
    keys = pl.when(pl.col("area_type") == "authority").then("la_code").otherwise("area")
    newest = rows.sort("source", "row").with_columns(key=keys)
    newest = newest.unique(["measure", "year", "area_type", "key"], keep="last")
    kept = [*same, "region", "value", "status", "source", "row"]
    return newest.sort("measure", "area_type", "key", "year").select(kept)


def _nearest(near: pl.DataFrame) -> pl.DataFrame:
    """The neighbours of the latest list that has the authority."""
    latest = pl.col("source") == pl.col("source").max().over("la_code")
    return near.filter(latest).unique(["la_code", "place"], keep="first").sort("la_code", "place")
