"""One authority beside its statistical neighbours, its region and England over the years."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from upturn.published.national.model import CENSUS, Figure, areas
from upturn.published.national.panel import Panel


@dataclass(frozen=True)
class Line:
    """One figure of one authority.

    ``years``: year, own, status, neighbours (their middle one), low, high (their lowest and highest), known
    (neighbours with a value), england, middle (of all authorities), source, row.
    """

    figure: Figure
    years: pl.DataFrame
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """An authority with everything the panel has on it. ``judged`` is its judgements in order."""

    code: str
    area: str
    region: str
    neighbours: tuple[str, ...]  # names, the nearest first
    lines: tuple[Line, ...]
    judged: pl.DataFrame
    notes: tuple[str, ...]
    sources: pl.DataFrame


def beside(panel: Panel, authority: str) -> Beside:
    """``authority`` (name or three-figure code) beside its neighbours.

    Raises SourceError when it is not in the panel.
    """
    code, area = panel.find(authority)
    near = panel.neighbours(code)
    names = panel.names()
    lines = tuple(_line(panel, figure, code, near) for figure in panel.measures())
    region = panel.values.filter(pl.col("la_code") == code)["region"].drop_nulls()
    known = areas()
    notes = [n for n in (known.ended.get(code), known.began.get(code), known.joint.get(code)) if n]
    if not near:
        notes.append("No statistical neighbours were imported for it.")
    return Beside(
        code=code,
        area=area,
        region=str(region[-1]) if len(region) else "",
        neighbours=tuple(names.get(one, one) for one in near),
        lines=tuple(line for line in lines if line.years.height),
        judged=panel.judged.filter(la_code=code),
        notes=tuple(notes),
        sources=panel.sources,
    )


def _line(panel: Panel, figure: Figure, code: str, near: list[str]) -> Line:
    rows = panel.values.filter(measure=figure.id)
    everyone = rows.filter(area_type="authority")
    joint = pl.col("la_code").str.split(" / ").list.contains(code)
    own = everyone.filter((pl.col("la_code") == code) | joint).unique("year", keep="first")
    # A neighbour's count says how big it is; only rates and shares stand beside each other.
    near = [] if figure.unit == "count" else near
    others = everyone.filter(pl.col("la_code").is_in(near)).group_by("year").agg(
        neighbours=pl.col("value").median(), low=pl.col("value").min(), high=pl.col("value").max(),
        known=pl.col("value").count().cast(pl.Int64),
    )  # fmt: skip
    middle = everyone.group_by("year").agg(middle=pl.col("value").median())
    england = rows.filter(area_type="England").select("year", england="value")
    years = (
        own.select("year", "status", "source", "row", own="value")
        .join(others, on="year", how="left")
        .join(middle, on="year", how="left")
        .join(england.unique("year", keep="last"), on="year", how="left")
        .sort("year")
        .select("year", "own", "status", "neighbours", "low", "high", "known", "england", "middle",
                "source", "row")
    )  # fmt: skip
    return Line(figure, years, _notes(figure, code, own))


def _notes(figure: Figure, code: str, own: pl.DataFrame) -> tuple[str, ...]:
    """What a reader must know of this line: faulty years, joint returns, suppressed values."""
    found = [f"{year}: {because}" for (la, census, year), because in areas().faults.items()
             if la == code and census == figure.census and year in own["year"]]  # fmt: skip
    if own["la_code"].str.contains("/").any():
        found.append(areas().joint.get(code, "A joint return with another authority."))
    hidden = own.filter(pl.col("value").is_null())
    found += [
        f"{year}: {why or 'not published'}"
        for year, why in hidden.select("year", "status").sort("year").iter_rows()
    ]
    return tuple(found)


def position(figure: Figure, year: int) -> float:
    """Where a census stands on a line of years, for drawing it beside inspections.

    >>> position(Figure("x", "", "", "", "level", "low", "september", False, "", None, ""), 2019)
    2019.75
    """
    month, _ = CENSUS[figure.census]
    return year + month / 12
