"""The layout of Annex A, read from ``annex_a.yaml``: lists, their columns, and where each one goes."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml

from upturn.records.lists.layout import Column, ListLayout, comparable

__all__ = ["Column", "ListLayout", "annex_a", "comparable"]


@cache
def annex_a() -> tuple[ListLayout, ...]:
    """All eleven lists in order.

    >>> [lst.name for lst in annex_a()][:3]
    ['Contacts', 'Early Help', 'Referrals']
    """
    text = resources.files(__package__).joinpath("annex_a.yaml").read_text(encoding="utf-8")
    return tuple(_list(entry) for entry in yaml.safe_load(text)["lists"])


def _list(entry: dict[str, Any]) -> ListLayout:
    columns: list[Column] = []
    for item in entry["columns"]:
        shared = isinstance(item, list)
        columns += [_column(c, common=shared) for c in (item if shared else [item])]
    return ListLayout(
        label=f"List {entry['list']}",
        prefix=f"L{entry['list']}",
        number=entry["list"],
        name=entry["name"],
        main=entry["main"],
        window=entry["window"],
        key=tuple(entry["key"]),
        sequence=tuple((a, b) for a, b in entry.get("sequence", [])),
        columns=tuple(columns),
    )


def _column(entry: dict[str, Any], *, common: bool) -> Column:
    return Column(**{**entry, "also": tuple(entry.get("also", ())), "common": common})
