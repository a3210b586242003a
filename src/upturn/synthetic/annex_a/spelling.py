"""How codes are written in the cells: Ofsted's pick-list, or a council's own ways."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from upturn.records.annex_a.layout import Column, ListLayout
from upturn.synthetic.draw import Streams
from upturn.synthetic.staff import read

#: Columns without a value mapping of their own that still have a pick-list.
_BY_FIELD = {
    "lega_legal_status": "legal_status",
    "clae_permanence_plan": "permanence",
    "clap_cla_placement_type": "placement_type",
    "clap_cla_placement_provider": "provider",
    "clae_cla_episode_ceased_reason": "care_ended",
    "clea_care_leaver_eligibility": "eligibility",
    "clea_care_leaver_accommodation": "accommodation",
    "clea_care_leaver_accom_suitable": "suitability",
    "clea_care_leaver_activity": "activity",
    "adop_left_reason": "left_adoption",
}
#: Share of cells that stray from a council's own way.
STRAY = 0.02


def pick_list(column: Column) -> dict[str, list[str]] | None:
    """The ways of writing each code of a column; None when it has no pick-list.

    >>> from upturn.records.annex_a.layout import annex_a
    >>> pick_list(annex_a()[0].column("Gender"))["F"]
    ['b) Female', 'Female', 'F']
    """
    named = column.codes or ("disability" if column.field.endswith("disability") else None)
    named = named or ("yes_no" if column.type == "yesno" else _BY_FIELD.get(column.field))
    lists: dict[str, dict[Any, list[str]]] = read("pick_lists.yaml")
    return {str(k): [str(w) for w in ways] for k, ways in lists[named].items()} if named else None


def spelled(rows: pl.DataFrame, layout: ListLayout, *, streams: Streams | None) -> pl.DataFrame:
    """The list with codes written out; all by the template when there are no ``streams``."""
    for column in layout.columns:
        ways, name = pick_list(column), column.to or "age"
        if ways is None or name not in rows.columns:
            continue
        way = _ways(ways, layout, column, rows.height, streams)
        codes = rows[name]
        texts = pl.DataFrame({"code": codes, "way": way}).join(
            _long(ways), on=["code", "way"], how="left", maintain_order="left"
        )["text"]
        rows = rows.with_columns(texts.alias(name))
    return rows


def _long(ways: dict[str, list[str]]) -> pl.DataFrame:
    rows = [(code, n, text) for code, texts in ways.items() for n, text in enumerate(texts)]
    return pl.DataFrame(
        rows, schema={"code": pl.String, "way": pl.Int64, "text": pl.String}, orient="row"
    )


def _ways(
    ways: dict[str, list[str]], layout: ListLayout, column: Column, n: int, streams: Streams | None
) -> pl.Series:
    """Which way each cell is written: one for the column, and a few strays."""
    many = min(len(texts) for texts in ways.values())
    if streams is None or many == 1:
        return pl.Series(np.zeros(n, dtype=np.int64))
    rng = streams.of(f"spelling {layout.number} {column.header}")
    own = int(rng.choice(many, p=[0.6, *[0.4 / (many - 1)] * (many - 1)]))
    stray = rng.random(n) < STRAY
    return pl.Series(np.where(stray, rng.integers(0, many, n), own).astype(np.int64))
