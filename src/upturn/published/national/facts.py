"""Numbered facts, and the lines of the published files that each rests on."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from upturn.published.national.panel import Panel

TRACE: dict[str, pl.DataType] = {
    "fact": pl.String(), "area": pl.String(), "what": pl.String(), "when": pl.String(),
    "value": pl.String(), "file": pl.String(), "row": pl.Int64(),
}  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """A numbered sentence; its rows are those of the trace that have its ``id``."""

    id: str
    part: str  # judgements, england, after, time, recovery, reports
    words: str
    key: str = ""  # of a figure after a judgement: "vacancy inadequate"


class Notes:
    """Facts as they are found, each with its rows."""

    def __init__(self, panel: Panel) -> None:
        self.files = {
            int(i): str(name) for i, name in panel.sources.select("id", "name").iter_rows()
        }
        self.facts: list[Fact] = []
        self.rows: list[pl.DataFrame] = []

    def add(self, part: str, words: str, rows: pl.DataFrame, key: str = "") -> None:
        """A fact with its rows: area, what, when, value, source, row."""
        file = pl.col("source").replace_strict(self.files, return_dtype=pl.String)
        self.add_placed(part, words, rows.with_columns(file=file), key)

    def add_placed(self, part: str, words: str, rows: pl.DataFrame, key: str = "") -> None:
        """A fact with its rows where each already names its ``file``."""
        fact = Fact(f"F{len(self.facts) + 1}", part, words, key)
        self.facts.append(fact)
        text = [pl.col(c).cast(pl.String) for c in ("area", "what", "when", "value")]
        placed = rows.select(pl.lit(fact.id).alias("fact"), *text, "file", "row")
        self.rows.append(placed.select(list(TRACE)))
