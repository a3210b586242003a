"""The national panel in the terminal."""

from __future__ import annotations

import polars as pl
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from upturn.published.national.beside import Beside
from upturn.published.national.effects import NOT_IDENTIFIED, Effects, amount, estimates, signed
from upturn.published.national.judgements import ARRIVALS
from upturn.published.national.model import figures
from upturn.published.national.recovery import Alike
from upturn.render.field import order_words, short_words
from upturn.render.national_draw import number
from upturn.render.words import day


def authority_tables(found: Beside, *, every: bool = False) -> RenderableType:
    """The judgements, then the latest value of each figure beside neighbours and England, and the first.

    The main figures, or ``every`` one.
    """
    judged = _table(f"Inspections of {found.area}", "date", "overall", "framework")
    for r in found.judged.to_dicts():
        judged.add_row(day(r["date"]), r["overall"], r["framework"])
    title = f"{found.area} beside its neighbours and England" if found.neighbours else found.area
    table = _table(title, "figure", "census")
    beside = ("neighbours", "England") if found.code != "England" else ()
    for heading in ("first", "latest", *beside):
        table.add_column(heading, justify="right")
    shown = [line for line in found.lines if every or line.figure.main]
    for line in shown:
        told = line.years.filter(pl.col("own").is_not_null())
        if told.height:
            first, r = told.row(0, named=True), told.row(-1, named=True)
            count = line.figure.unit == "count"
            table.add_row(
                line.figure.name, day(line.figure.census_day(r["year"])),
                f"{number(line.figure, first['own'])} ({first['year']})", number(line.figure, r["own"]),
                *((number(line.figure, r["neighbours"]),
                   "" if count else number(line.figure, r["england"])) if beside else ()),
            )  # fmt: skip
    notes = [Text(note, style="dim") for note in found.notes]
    parts: list[RenderableType] = [*([judged] if judged.row_count else []), table, *notes]
    if more := len(found.lines) - len(shown):
        parts.append(Text(f"{more} more figures: upturn national figures, then --topic."))
    return Group(*parts)


def sources_table(sources: pl.DataFrame, panel: str) -> RenderableType:
    """Every file of a panel: its figures, its rows, and what was not read."""
    table = _table(f"What {panel} holds", "file", "holds", "published")
    for heading in ("figures", "rows in", "accepted", "quarantined"):
        table.add_column(heading, justify="right")
    table.add_column("columns not read", overflow="fold")
    for r in sources.to_dicts():
        figures_read = f"{len(r['figures'])}" if r["kind"] == "figures" else ""
        table.add_row(
            Text(r["name"]), r["kind"], day(r["published"]) or "not given", figures_read,
            *(f"{r[c]:,}" for c in ("rows_in", "accepted", "quarantined")), Text(r["unread"] or "none"),
        )  # fmt: skip
    return table


def figures_table(found: pl.DataFrame) -> RenderableType:
    """The figures by topic; of a panel, also the years it has."""
    parts: list[RenderableType] = []
    held = "last" in found.columns
    for part in found.partition_by("topic", maintain_order=True):
        table = _table(str(part["topic"][0]), "figure", "name", "unit", "table")
        for heading in ("years", "authorities", "without a value") if held else ():
            table.add_column(heading, justify="right")
        for r in part.to_dicts():
            more = []
            if held:
                years = f"{r['first']} to {r['last']}" if r["last"] else "none"
                more = [years, f"{r['authorities']:,}", f"{r['without_a_value']:,}"]
            table.add_row(r["figure"], Text(r["name"]), r["unit"], r["table"], *more)
        parts.append(table)
    return Group(*parts)


def effects_tables(found: Effects) -> RenderableType:
    """The estimates by census and way, the ways at the first census after, and what is not identified."""
    title = f"{found.figure.name}, after authorities were {ARRIVALS[found.after]}"
    table = _table(title, "way")
    for heading in ("census", "behind it", "change", "95 % interval"):
        table.add_column(heading, justify="right")
    for r in estimates(found).to_dicts():
        table.add_row(r["way"], f"{r['horizon']:+d}", str(r["behind"]), *_said(found, r, "effect"))
    parts: list[RenderableType] = [table]
    if found.ways is not None:
        ways = _table("At the first census after, reckoned in other ways", "way")
        for heading in ("behind it", "change", "95 % interval"):
            ways.add_column(heading, justify="right")
        for r in found.ways.to_dicts():
            ways.add_row(r["variant"], str(r["events"]), *_said(found, r, "mean"))
        parts.append(ways)
    return Group(*parts, *(Text(f"- {words}", style="dim") for words in NOT_IDENTIFIED))


def _said(found: Effects, row: dict[str, float | None], column: str) -> tuple[str, str]:
    if row["low"] is None:
        return amount(found.figure, row[column]), ""
    return (
        amount(found.figure, row[column]),
        f"{signed(found.figure, row['low'])} to {signed(found.figure, row['high'])}",
    )


def recoveries_table(table: pl.DataFrame) -> RenderableType:
    """Past recoveries, the latest first."""
    shown = _table("Recoveries from inadequate", "authority", "from", "until", "judged then")
    shown.add_column("months", justify="right")
    shown.add_column("what moved first", overflow="fold")
    for r in table.to_dicts():
        first = short_words(r["first"]) or "none seen, or none published then"
        shown.add_row(r["area"], day(r["began"]), day(r["left"]), r["to"], str(r["months"]), first)
    return Group(shown, Text(_FIRST, style="dim"))


_FIRST = "What moved first went first; that is not to say that it did it. Nothing here predicts a judgement."


def alike_tables(found: Alike) -> RenderableType:
    """Where an authority is now, and the recoveries that began nearest to there."""
    here = _table(f"Where {found.area} is", "figure", "year")
    for heading in ("value", "gap to the middle, in spreads"):
        here.add_column(heading, justify="right")
    for r in found.here.to_dicts():
        figure = figures()[r["driver"]]
        here.add_row(figure.name, str(r["year"]), number(figure, r["value"]), f"{r['gap']:+.1f}")
    table = _table(
        "Authorities that began from a like position and got out", "authority", "from", "until"
    )
    for heading in ("months", "distance"):
        table.add_column(heading, justify="right")
    table.add_column("in what order things moved", overflow="fold")
    for r in found.table.to_dicts():
        table.add_row(r["area"], day(r["began"]), day(r["left"]), str(r["months"]),
                      f"{r['distance']:.2f}", order_words(r["order"]) or "nothing seen to move")  # fmt: skip
    return Group(here, table, Text(_FIRST, style="dim"))


def _table(title: str, *headings: str) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
