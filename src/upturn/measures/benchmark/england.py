"""The shipped figures: England by year, and the spread of its authorities in the latest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("england.yaml")
CENTILES = (5, 10, 25, 50, 75, 90, 95)


@dataclass(frozen=True)
class Figure:
    """One published figure.

    ``england`` is by year (ending 31 March; for the workforce at 30 September); ``spread`` by centile, empty
    where only England's own figure is published.
    """

    id: str
    name: str
    unit: str
    source: str
    england: Mapping[int, float]
    year: int  # of the spread, or the latest where there is none
    authorities: int
    spread: Mapping[int, float]

    @property
    def latest(self) -> tuple[int, float]:
        """The latest year and England's figure in it."""
        year = max(self.england)
        return year, self.england[year]


@lru_cache(maxsize=1)
def figures() -> Mapping[str, Figure]:
    """The shipped figures by their names in the catalogue's ``published``.

    >>> figures()["assessments-45"].latest
    (2025, 85.7)
    """
    held = yaml.safe_load(FILE.read_text(encoding="utf-8"))["figures"]
    return {
        one["id"]: Figure(
            id=one["id"],
            name=one["name"],
            unit=one["unit"],
            source=one["source"],
            england={int(year): float(value) for year, value in one["england"].items()},
            **_spread(one),
        )
        for one in held
    }


def _spread(one: Mapping[str, Any]) -> dict[str, Any]:
    spread = one.get("spread")
    if spread is None:
        return {"year": max(one["england"]), "authorities": 0, "spread": {}}
    centiles = {c: float(spread[f"p{c}"]) for c in CENTILES}
    return {"year": spread["year"], "authorities": spread["authorities"], "spread": centiles}


def band(figure: Figure, value: float) -> str:
    """Where a value stands among England's authorities, in words that say lower or higher, never better.

    Empty where no spread is published.

    >>> band(figures()["assessments-45"], 75.0)
    'lower than three in four authorities'
    >>> band(figures()["assessments-45"], 98.0)
    'higher than 95 in 100 authorities'
    """
    spread = figure.spread
    if not spread:
        return ""
    for centile, words in ((5, "95 in 100"), (10, "nine in ten"), (25, "three in four")):
        if value < spread[centile]:
            return f"lower than {words} authorities"
    for centile, words in ((95, "95 in 100"), (90, "nine in ten"), (75, "three in four")):
        if value > spread[centile]:
            return f"higher than {words} authorities"
    return "in the middle half of authorities"
