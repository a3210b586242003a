"""The page of the mappings: which codes there are, and which spellings lead to each."""

from __future__ import annotations

import polars as pl

import upturn
from docs_pages.markdown import table


def page() -> str:
    """Every mapping with its codes, the spellings of each, and how many patterns there are besides."""
    parts = [
        "# Mappings",
        "The codes that cells become and the spellings that lead to them, as shipped. How a spelling is "
        "understood, and how to say what yours mean: [what spellings mean](../reference/mapping.md). The "
        "patterns are printed by `upturn mapping show NAME`.",
    ]
    for name in upturn.mapping.list()["mapping"]:
        parts += [f"## {name}", table(["code", "means", "spellings", "patterns"], _codes(name))]
    return "\n\n".join(parts)


def _codes(name: str) -> list[tuple[object, ...]]:
    shown = upturn.mapping.show(name).filter(pl.col("kind") != "blank")
    by_code = shown.group_by("code", "words", maintain_order=True).agg(
        pl.col("spelling").filter(pl.col("kind") == "spelling").alias("spellings"),
        (pl.col("kind") == "pattern").sum().alias("patterns"),
    )
    return [
        (f"`{row['code']}`", row["words"], " · ".join(row["spellings"]), row["patterns"] or "")
        for row in by_code.iter_rows(named=True)
    ]
