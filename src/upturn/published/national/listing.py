"""The figures of the panel as a table: what each is, where it stands, and what a panel holds of it."""

from __future__ import annotations

import polars as pl

from upturn.published.national.beside import figures_about
from upturn.published.national.model import Figure
from upturn.published.national.panel import Panel

LISTED: dict[str, pl.DataType] = {
    "figure": pl.String(), "name": pl.String(), "topic": pl.String(), "unit": pl.String(),
    "census": pl.String(), "table": pl.String(), "stands_in": pl.String(), "main": pl.Boolean(),
}  # fmt: skip
HELD: dict[str, pl.DataType] = {
    "first": pl.Int64(), "last": pl.Int64(), "authorities": pl.Int64(), "without_a_value": pl.Int64(),
    "england": pl.Boolean(),
}  # fmt: skip


def figures_listed(topic: str | None = None, panel: Panel | None = None) -> pl.DataFrame:
    """A row for each figure, with the columns of `LISTED`; of a panel, those of `HELD` too.

    Of the panel's latest year: how many authorities have a value, and how many a row without one. Raises
    SourceError for a topic that there is not.
    """
    wanted = figures_about(topic)
    listed = pl.DataFrame([_listed(one) for one in wanted], schema=LISTED)
    if panel is None:
        return listed
    held = pl.DataFrame([_held(panel.rows(one.id)) for one in wanted], schema=HELD)
    return pl.concat([listed, held], how="horizontal")


def _listed(one: Figure) -> dict[str, object]:
    return {
        "figure": one.id, "name": one.name, "topic": one.topic, "unit": one.unit,
        "census": one.census, "table": one.table, "stands_in": stands_in(one), "main": one.main,
    }  # fmt: skip


def stands_in(one: Figure) -> str:
    """The columns and rows that a figure is read from, in words.

    >>> from upturn.published.national.model import figures
    >>> stands_in(figures()["from-police"])
    'police, of referrals'
    """
    said = []
    if one.dfe:
        of = one.dfe.share_of or one.dfe.of
        said.append(" + ".join(one.dfe.needs) + (f", of {of}" if of else ""))
    if one.long:
        said.append(f"interactive tool: {one.long}")
    if one.total[0]:
        said.append(f"totals: {one.total[0]} ({one.total[1]})")
    return "; ".join(said)


def _held(rows: pl.DataFrame) -> dict[str, object]:
    told = rows.drop_nulls("value")
    last = told["year"].max()
    own = rows.filter((pl.col("area_type") == "authority") & (pl.col("year") == last))
    return {
        "first": told["year"].min(), "last": last, "authorities": own["value"].count(),
        "without_a_value": own["value"].null_count(),
        "england": not told.filter(area_type="England").is_empty(),
    }  # fmt: skip
