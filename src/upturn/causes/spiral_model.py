"""What the spiral gives back: whether a service recovers by itself, and what pushes it over."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from upturn.causes.early_signs import Sign
from upturn.causes.feedback import Crossing, Push

#: One row a simulated run: the load it began the year with, and the load a year later.
PATHS: dict[str, pl.DataType] = {
    "start": pl.Float64(),
    "end": pl.Float64(),
    "kind": pl.String(),  # what it was pushed with: "more children", "fewer posts", "nothing"
}


@dataclass(frozen=True)
class Tipping:
    """The smallest push of one kind from which half the runs have not come back within a year.

    ``kind`` is "demand" (extra contacts for ``months`` months, as a share of the usual) or "posts" (posts
    lost for good, as a share of those there are).
    """

    kind: str
    months: int | None
    push: Push
    sentence: str


@dataclass(frozen=True)
class Lever:
    """How the tipping push of demand moves when one driver gets worse by one usual step."""

    driver: str
    parameter: str
    words: str
    before: float
    after: float


@dataclass(frozen=True)
class EarlySign:
    """One early sign, in the records or in the twin, in words."""

    where: str
    series: str
    sign: Sign | None
    words: str


@dataclass(frozen=True)
class Spiral:
    """Whether a service can recover by itself.

    ``load`` is where it stands: open children to a full-time case-holder. ``map`` is the middle load a year
    later (column ``after``, with ``low`` and ``high`` for nine runs in ten) from each load (``before``);
    ``crossings`` where it settles or tips; ``settles`` says whether it does, from where it stands.
    """

    load: float
    settles: bool
    settles_at: float | None
    map: pl.DataFrame
    paths: pl.DataFrame
    crossings: tuple[Crossing, ...]
    tipping: tuple[Tipping, ...]
    levers: tuple[Lever, ...]
    signs: tuple[EarlySign, ...]
    sentences: tuple[str, ...]
    runs: int
