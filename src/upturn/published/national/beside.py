"""One authority beside its statistical neighbours, its region and England over the years."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from upturn.published.national.model import CENSUS, Figure, areas, figures, topics
from upturn.published.national.panel import Panel
from upturn.records.sheets import SourceError


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


def beside(panel: Panel, authority: str, *, topic: str | None = None) -> Beside:
    """``authority`` (name or three-figure code) beside its neighbours; or England by itself.

    ``topic`` leaves only the figures about it. Raises SourceError when the authority is not in the panel, and
    for a topic that there is not.
    """
    wanted = figures_about(topic)
    if authority.strip().casefold() == "england":
        return _england(panel, wanted)
    code, area = panel.find(authority)
    near = panel.neighbours(code)
    names = panel.names()
    held = panel.measures()
    lines = tuple(_line(panel, figure, code, near) for figure in wanted if figure in held)
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


def figures_about(topic: str | None) -> list[Figure]:
    """The figures about a topic, or all of them. Raises SourceError for a topic that there is not."""
    if topic is None:
        return list(figures().values())
    if topic not in topics():
        close = get_close_matches(topic, topics(), n=1)
        hint = f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(topics())}"
        raise SourceError(f"no topic {topic!r}{hint}")
    return [one for one in figures().values() if one.topic == topic]


def _england(panel: Panel, wanted: list[Figure]) -> Beside:
    """England as a whole: every figure that any file has of it."""
    lines = tuple(
        Line(figure, _years(rows, rows, []), _suppressed(rows))
        for figure in wanted
        if (rows := panel.rows(figure.id).filter(area_type="England")).height
    )
    note = "England as a whole: nobody is beside it, and it is not inspected."
    return Beside("England", "England", "", (), lines, panel.judged.clear(), (note,), panel.sources)


def _line(panel: Panel, figure: Figure, code: str, near: list[str]) -> Line:
    rows = panel.rows(figure.id)
    everyone = rows.filter(area_type="authority")
    joint = pl.col("la_code").str.split(" / ").list.contains(code)
    own = everyone.filter((pl.col("la_code") == code) | joint).unique("year", keep="first")
    # A neighbour's count says how big it is; only rates and shares stand beside each other.
    near = [] if figure.unit == "count" else near
    return Line(figure, _years(own, rows, near), _notes(figure, code, own))


def _years(own: pl.DataFrame, rows: pl.DataFrame, near: list[str]) -> pl.DataFrame:
    """An area's own values year by year, with what stands beside them."""
    everyone = rows.filter(area_type="authority")
    others = everyone.filter(pl.col("la_code").is_in(near)).group_by("year").agg(
        neighbours=pl.col("value").median(), low=pl.col("value").min(), high=pl.col("value").max(),
        known=pl.col("value").count().cast(pl.Int64),
    )  # fmt: skip
    middle = everyone.group_by("year").agg(middle=pl.col("value").median())
    england = rows.filter(area_type="England").select("year", england="value")
    return (
        own.select("year", "status", "source", "row", own="value")
        .join(others, on="year", how="left")
        .join(middle, on="year", how="left")
        .join(england.unique("year", keep="last"), on="year", how="left")
        .sort("year")
        .select("year", "own", "status", "neighbours", "low", "high", "known", "england", "middle",
                "source", "row")
    )  # fmt: skip


def _notes(figure: Figure, code: str, own: pl.DataFrame) -> tuple[str, ...]:
    """What a reader must know of this line: faulty years, joint returns, suppressed values."""
    found = [f"{year}: {because}" for (la, census, year), because in areas().faults.items()
             if la == code and census == figure.census and year in own["year"]]  # fmt: skip
    if own["la_code"].str.contains("/").any():
        found.append(areas().joint.get(code, "A joint return with another authority."))
    return (*found, *_suppressed(own), *([figure.note] if figure.note else []))


def _suppressed(own: pl.DataFrame) -> tuple[str, ...]:
    hidden = own.filter(pl.col("value").is_null())
    return tuple(
        f"{year}: {why or 'not published'}"
        for year, why in hidden.select("year", "status").sort("year").iter_rows()
    )


def position(figure: Figure, year: int) -> float:
    """Where a census stands on a line of years, for drawing it beside inspections.

    >>> position(Figure("x", "", "", "", "level", "low", "september", False, "", None, ""), 2019)
    2019.75
    """
    month, _ = CENSUS[figure.census]
    return year + month / 12
