"""The catalogue of faults that can be planted, read from ``catalogue.yaml``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import polars as pl
import yaml

#: The truth: what was planted, where, and what should notice it. ``expected`` is the id of a rule or of a
#: check of the quarantine; null where the fault should be read without loss, or no rule is about it.
#: ``source_row`` counts from 1 as the spreadsheet does; null when the fault is not in one row.
TRUTH: dict[str, pl.DataType] = {
    "fault": pl.String(),
    "kind": pl.String(),
    "child_id": pl.String(),
    "source_list": pl.String(),
    "sheet": pl.String(),
    "source_row": pl.UInt32(),
    "column": pl.String(),
    "expected": pl.String(),
    "detail": pl.String(),
}


@dataclass(frozen=True)
class Fault:
    """One fault: ``expected`` names the rules or checks of the quarantine that should notice it."""

    id: str
    name: str
    kind: Literal["practice", "data", "pattern"]
    plants: str
    expected: tuple[str, ...]


@cache
def catalogue() -> tuple[Fault, ...]:
    """Every fault, those of practice first; patterns are planted only when they are named.

    >>> catalogue()[0].id, catalogue()[0].expected
    ('team-with-unseen-children', ('cp-visit',))
    """
    text = resources.files(__package__).joinpath("catalogue.yaml").read_text(encoding="utf-8")
    loaded = yaml.safe_load(text)
    kinds: tuple[Literal["practice", "data", "pattern"], ...] = ("practice", "data", "pattern")
    return tuple(
        Fault(f["id"], f["name"], kind, f["plants"], tuple(f["expected"]))
        for kind in kinds
        for f in loaded[kind]
    )


def fault_catalogue() -> pl.DataFrame:
    """The faults that can be planted, one row each: what each plants and what should notice it.

    ``expected`` is a list of ids of rules and of checks of the quarantine; empty when the fault should be
    read without loss, or is a pattern that no single rule is about.

    >>> fault_catalogue().filter(pl.col("id") == "totals-row")["expected"].to_list()
    [['total-row']]
    """
    return pl.DataFrame(
        [(f.id, f.name, f.kind, f.plants, list(f.expected)) for f in catalogue()],
        schema={
            "id": pl.String,
            "name": pl.String,
            "kind": pl.String,
            "plants": pl.String,
            "expected": pl.List(pl.String),
        },
        orient="row",
    )


def chosen(faults: Sequence[str] | None) -> frozenset[str]:
    """The ids asked for; all but the patterns for None. Raises ValueError for an id not in the catalogue.

    >>> sorted(chosen(["unallocated"]))
    ['unallocated']
    """
    known = {f.id for f in catalogue()}
    unknown = sorted(set(faults or ()) - known)
    if unknown:
        raise ValueError(
            f"There is no fault {unknown[0]!r}. There are: {', '.join(sorted(known))}."
        )
    usual = {f.id for f in catalogue() if f.kind != "pattern"}
    return frozenset(usual if faults is None else faults)
