"""What moved before authorities got out of *inadequate*, in what order, and who was where you are.

"Moved" has a rule, the same for everybody: a driver is better than at its worst census around the judgement
by more than twice its typical change from year to year, and stays so at the next census seen. Anybody far
from the middle tends to come back towards it, so the same rule is put to those who had not got out and to
those who were judged to require improvement. What moved first is what went first, not what did it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

import polars as pl

from upturn.published.national.change import net
from upturn.published.national.judgements import arrivals, spells
from upturn.published.national.model import Figure
from upturn.published.national.panel import Panel
from upturn.records.sheets import SourceError

#: Censuses after the judgement within which a move is looked for.
WITHIN = 4
#: How many typical changes make a move. A typical change is half of all changes or more, so one is no news.
TIMES = 2
#: Fewest drivers that two authorities must both have to be compared.
SHARED = 5
MOVES: dict[str, pl.DataType] = {
    "la_code": pl.String(), "area": pl.String(), "began": pl.Date(), "driver": pl.String(),
    "census": pl.Date(), "year": pl.Int64(), "worst_year": pl.Int64(),
    "worst": pl.Float64(), "value": pl.Float64(),
    "gain": pl.Float64(), "typical": pl.Float64(), "source": pl.Int64(), "row": pl.Int64(),
}  # fmt: skip


def drivers(panel: Panel) -> list[Figure]:
    """The drivers that the panel has and of which it can be said which way is better."""
    return [one for one in panel.measures() if one.driver and one.good != "neither"]


def typical_change(netted: pl.DataFrame) -> float:
    """The median size of an authority's change from one year to the next, net of England's median."""
    steps = (
        netted.sort("la_code", "year")
        .with_columns(
            step=pl.col("net").diff().over("la_code"), apart=pl.col("year").diff().over("la_code")
        )
        .filter(pl.col("apart") == 1)["step"]
    )
    middle = steps.abs().median()
    return float(middle) if isinstance(middle, (int, float)) else 0.0


def moves(panel: Panel, stretches: pl.DataFrame) -> pl.DataFrame:
    """Every driver that moved in each stretch (la_code, area, began, until): columns of `MOVES`.

    ``until`` is the day the stretch ended, or null. A move counts when its census is before ``until``, or the
    stretch has not ended; and within `WITHIN` censuses of the judgement.
    """
    parts = [_moves_of(panel, figure, stretches) for figure in drivers(panel)]
    if not parts:
        return pl.DataFrame(schema=MOVES)
    return pl.concat(parts).sort("began", "la_code", "census", "driver")


def _moves_of(panel: Panel, figure: Figure, stretches: pl.DataFrame) -> pl.DataFrame:
    netted = net(figure, panel.series(figure.id))
    typical = typical_change(netted)
    sign = -1 if figure.good == "low" else 1
    by_area = {
        str(key[0]): part.sort("year").to_dicts() for key, part in netted.group_by("la_code")
    }
    rows = []
    for one in stretches.to_dicts():
        base = figure.census_before(one["began"])
        last = min(
            base + WITHIN, figure.census_before(one["until"]) if one["until"] else base + WITHIN
        )
        seen = [
            cell for cell in by_area.get(one["la_code"], []) if base <= cell["year"] <= last + 1
        ]
        found = _first_move(seen, base, last, sign, typical)
        if found:
            worst, now = found
            rows.append(
                {**{k: one[k] for k in ("la_code", "area", "began")}, "driver": figure.id,
                 "census": figure.census_day(int(now["year"])), "year": now["year"],
                 "worst_year": worst["year"], "worst": worst["value"],
                 "value": now["value"], "gain": sign * (now["net"] - worst["net"]), "typical": typical,
                 "source": now["source"], "row": now["row"]}
            )  # fmt: skip
    return pl.DataFrame(rows, schema=MOVES)


Cell = dict[str, float]


def _first_move(
    seen: Sequence[Cell], base: int, last: int, sign: int, typical: float
) -> tuple[Cell, Cell] | None:
    """The worst census (last before or first after) and the first that is clearly better, if it held."""
    around = [cell for cell in seen if cell["year"] in (base, base + 1)]
    if not around:
        return None
    worst = min(around, key=lambda cell: sign * cell["net"])
    enough = sign * worst["net"] + TIMES * typical
    later = [cell for cell in seen if cell["year"] > worst["year"]]
    for now, after in zip_longest(later, later[1:]):
        held = after is None or sign * after["net"] > enough
        if now["year"] <= last and sign * now["net"] > enough and held:
            return worst, now
    return None


def recoveries(panel: Panel) -> pl.DataFrame:
    """Each past recovery: la_code, area, began, left, to, months, first (drivers that moved first), order.

    ``order`` is every driver that moved while it was inadequate, with its census; ``first`` those of the
    earliest. Empty texts where no driver moved or none was published in those years.
    """
    out = spells(panel.judged).drop_nulls("left").with_columns(until="left")
    moved = moves(panel, out)
    said = (
        moved.sort("census", "driver")
        .group_by("la_code", "began", maintain_order=True)
        .agg(
            first=pl.col("driver")
            .filter(pl.col("census") == pl.col("census").min())
            .str.join(", "),
            order=pl.format("{} {}", pl.col("census").dt.strftime("%B %Y"), "driver").str.join(
                "; "
            ),
        )
    )
    months = (pl.col("left") - pl.col("began")).dt.total_days() / (365.25 / 12)
    return (
        out.join(said, on=["la_code", "began"], how="left")
        .with_columns(months=months.round(0).cast(pl.Int64), first=pl.col("first").fill_null(""),
                      order=pl.col("order").fill_null(""))
        .select("la_code", "area", "began", "left", "to", "months", "first", "order", "source", "row")
        .sort("left", descending=True)
    )  # fmt: skip


def what_moved(panel: Panel, *, as_at: date) -> pl.DataFrame:
    """For each driver, how many of each group saw it move within two censuses of the judgement.

    Columns: driver, group, moved, of. Groups: those who got out within `WITHIN` years of the judgement, those
    who by then had not, and those judged to require improvement (for whom nothing was ever *inadequate*).
    Only judgements at least `WITHIN` years before ``as_at`` count, so that all had the same time.
    """
    every = spells(panel.judged).with_columns(until=pl.lit(None, dtype=pl.Date))
    took = (pl.col("left") - pl.col("began")).dt.total_days() / 365.25
    old = (pl.lit(as_at) - pl.col("began")).dt.total_days() / 365.25 >= WITHIN
    quick = (took <= WITHIN).fill_null(False)
    judged = arrivals(panel.judged, "requires improvement").select(
        "la_code", "area", began="date", until=pl.lit(None, dtype=pl.Date)
    )
    groups = {
        "got out within four years": every.filter(old & quick),
        "had not got out in four years": every.filter(old & ~quick),
        "judged to require improvement": judged.filter(old),
    }
    return pl.concat([_shares(panel, name, part) for name, part in groups.items()])


def _shares(panel: Panel, name: str, stretches: pl.DataFrame) -> pl.DataFrame:
    moved = moves(panel, stretches)
    rows = []
    for figure in drivers(panel):
        known = panel.series(figure.id).select("la_code", "year")
        base = [figure.census_before(day) for day in stretches["began"]]
        could = stretches.with_columns(by=pl.Series(base, dtype=pl.Int64) + 2).join(
            known, left_on=["la_code", "by"], right_on=["la_code", "year"], how="semi"
        )
        soon = moved.filter(pl.col("driver") == figure.id).join(
            could.select("la_code", "began", "by"), on=["la_code", "began"]
        )
        rows.append(
            (figure.id, name, soon.filter(pl.col("year") <= pl.col("by")).height, could.height)
        )
    return pl.DataFrame(rows, schema=["driver", "group", "moved", "of"], orient="row")


@dataclass(frozen=True)
class Alike:
    """Recoveries that began nearest to where an authority is. ``table``: one row for each, nearest first."""

    code: str
    area: str
    here: pl.DataFrame  # driver, year, value, gap (in spreads of the authorities of that year)
    table: pl.DataFrame


def like_for_like(panel: Panel, authority: str, *, most: int = 5) -> Alike:
    """The past recoveries that began nearest to where ``authority`` is at its latest censuses.

    Each driver's gap to the median authority is put in spreads (the middle half of authorities that year);
    the distance is the mean size of the differences over the drivers both have (at least `SHARED`). At most
    ``most`` are given. It says who was in a like position, not that the same would follow. Raises
    SourceError for an authority that is not in the panel.
    """
    code, area = panel.find(authority)
    # A count says how big a council is, not where it stands.
    compared = [figure for figure in drivers(panel) if figure.unit != "count"]
    gaps = {figure.id: _gaps(figure, panel) for figure in compared}
    here = _where_it_is(gaps, code)
    if here.is_empty():
        raise SourceError(f"the panel has no driver's figure of {area}")
    rows = []
    for one in recoveries(panel).filter(pl.col("la_code") != code).to_dicts():
        found = _distance(compared, gaps, here, one)
        if found:
            rows.append({**one, **found, "neighbour": one["la_code"] in panel.neighbours(code)})
    table = pl.DataFrame(rows, infer_schema_length=None)
    return Alike(code, area, here, table.sort("distance").head(most) if rows else table)


def _gaps(figure: Figure, panel: Panel) -> pl.DataFrame:
    netted = net(figure, panel.series(figure.id))
    spread = pl.col("x").quantile(0.75).over("year") - pl.col("x").quantile(0.25).over("year")
    return netted.with_columns(gap=pl.when(spread > 0).then(pl.col("net") / spread)).drop_nulls(
        "gap"
    )


def _where_it_is(gaps: dict[str, pl.DataFrame], code: str) -> pl.DataFrame:
    rows = []
    for driver, frame in gaps.items():
        mine = frame.filter(la_code=code).sort("year").tail(1)
        if mine.height:
            rows.append((driver, *mine.select("year", "value", "gap").row(0)))
    schema = {"driver": pl.String(), "year": pl.Int64(), "value": pl.Float64(), "gap": pl.Float64()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _distance(
    compared: list[Figure],
    gaps: dict[str, pl.DataFrame],
    here: pl.DataFrame,
    one: dict[str, object],
) -> dict[str, object] | None:
    """How far a recovery's start was from where the authority is now, and on how many drivers."""
    began, apart = one["began"], []
    assert isinstance(began, date)
    for figure in compared:
        mine = here.filter(driver=figure.id)["gap"]
        year = figure.census_before(began)
        theirs = gaps[figure.id].filter(la_code=one["la_code"], year=year)["gap"]
        if len(mine) and len(theirs):
            apart.append(abs(float(mine[0]) - float(theirs[0])))
    if len(apart) < SHARED:
        return None
    return {"distance": sum(apart) / len(apart), "drivers": len(apart)}
