"""Samples that can be defended: drawn by a rule, with a seed, and with the chance each unit had.

Simple random and stratified sampling as in Cochran, *Sampling Techniques* (3rd ed. 1977), chapters 2
and 5; probability proportional to size by randomised systematic sampling, Hartley and Rao, *Annals of
Mathematical Statistics* 33 (1962). The draw depends on the frame and the seed and on nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Literal

import numpy as np
import polars as pl

from upturn.inspection.frame import STRATA, frame_hash
from upturn.measures.statistics.intervals import Z95
from upturn.records.sheets import SourceError

Kind = Literal["random", "stratified", "risk", "tracking"]
KINDS: tuple[Kind, ...] = ("random", "stratified", "risk", "tracking")
Rng = np.random.Generator


@dataclass(frozen=True)
class Sample:
    """A drawn sample.

    ``drawn`` has the frame's columns with ``stratum``, ``chance`` (the unit's probability of being
    drawn; null for a tracking sample, which speaks for nobody else), ``weight`` (its inverse) and
    ``order``, in the order of the draw: a shortened sample is its first units. ``frame_sha256`` names
    the frame, ``eligible`` counts the units that could be drawn and ``left_out`` those that could not.
    ``record`` says what it was drawn from and how, for anybody to draw it again.
    """

    kind: Kind
    seed: int
    by: tuple[str, ...]
    drawn: pl.DataFrame
    frame_sha256: str
    eligible: int
    left_out: int
    record: Mapping[str, object] = field(default_factory=dict)


def a_kind(name: str) -> Kind:
    """The kind of sample with this name. Raises SourceError when there is none."""
    for kind in KINDS:
        if kind == name:
            return kind
    raise SourceError(f"There is no kind of sample {name!r}; there are {', '.join(KINDS)}.")


def size_for(population: int, *, precision: float, expected: float = 0.5) -> int:
    """How many units estimate a share to within ``precision`` (0.1 is ten percentage points), 95 %.

    ``expected`` is the share expected; 0.5 asks for most. Cochran (1977), equations 4.1 and 4.2, with
    the correction for a finite population.

    >>> size_for(500, precision=0.1)
    81
    """
    if not 0 < precision < 1 or not 0 < expected < 1:
        raise SourceError(
            "A precision and an expected share lie between 0 and 1: 0.1 is ten points."
        )
    infinite = Z95 * Z95 * expected * (1 - expected) / precision**2
    return min(population, ceil(infinite / (1 + (infinite - 1) / population))) if population else 0


def draw(
    frame: pl.DataFrame, *, kind: Kind, size: int, seed: int, by: Sequence[str] = ()
) -> Sample:
    """Draw ``size`` units from the frame's units that are not left out.

    ``by`` names the strata (of `upturn.inspection.frame.STRATA`); a stratified sample needs some, a
    tracking sample spreads over them. Same frame and seed, same sample.

    Raises SourceError when nothing can be drawn as asked.
    """
    eligible = frame.filter(pl.col("left_out").is_null())
    _refuse(eligible, kind, size, by)
    size = min(size, eligible.height)
    # A sample not drawn by strata is estimated without them.
    strata = by if kind in ("stratified", "tracking") else ()
    named = [pl.col(b).fill_null("none") for b in strata] or [pl.lit("all")]
    units = eligible.with_columns(stratum=pl.concat_str(named, separator=", "))
    rng = np.random.default_rng(seed)
    how: dict[str, Callable[[pl.DataFrame, int, Rng], pl.DataFrame]] = {
        "random": _random,
        "stratified": _stratified,
        "risk": _by_risk,
        "tracking": _tracking,
    }
    drawn = how[kind](units, size, rng).with_columns(weight=1 / pl.col("chance"))
    drawn = drawn.with_row_index("order", offset=1)
    return Sample(
        kind, seed, tuple(strata), drawn, frame_hash(frame), eligible.height,
        frame.height - eligible.height,
    )  # fmt: skip


def _refuse(eligible: pl.DataFrame, kind: str, size: int, by: Sequence[str]) -> None:
    unknown = [b for b in by if b not in STRATA]
    if unknown:
        raise SourceError(f"Cannot group by {', '.join(unknown)}; there are {', '.join(STRATA)}.")
    if kind == "stratified" and not by:
        raise SourceError(f"A stratified sample needs --by: {', '.join(STRATA)}.")
    if size < 1:
        raise SourceError("A sample needs a size of at least 1.")
    if eligible.is_empty():
        raise SourceError(
            "Nothing can be drawn: the population is empty, or all of it is left out."
        )


def _taken(units: pl.DataFrame, rows: np.ndarray) -> pl.DataFrame:
    """The units at these places, in this order."""
    return units.select(pl.all().gather(pl.Series(rows)))


def _random(units: pl.DataFrame, size: int, rng: Rng) -> pl.DataFrame:
    rows = rng.permutation(units.height)[:size]
    return _taken(units, rows).with_columns(chance=pl.lit(size / units.height))


def _stratified(units: pl.DataFrame, size: int, rng: Rng) -> pl.DataFrame:
    """As many from each stratum as its share of the units, at least one; then in a random order."""
    parts = units.partition_by("stratum", maintain_order=True)
    counts = shares([p.height for p in parts], size)
    drawn = pl.concat([_random(p, n, rng) for p, n in zip(parts, counts, strict=True) if n])
    return _taken(drawn, rng.permutation(drawn.height))


def shares(sizes: Sequence[int], total: int) -> list[int]:
    """``total`` shared out in proportion to ``sizes``, at least one each, by largest remainder.

    When there are more strata than units to draw, the largest strata get one each.

    >>> shares([50, 30, 20], 10), shares([98, 1, 1], 10), shares([5, 3, 1], 2)
    ([5, 3, 2], [8, 1, 1], [1, 1, 0])
    """
    rank = sorted(range(len(sizes)), key=lambda i: (-sizes[i], i))
    if total <= len(sizes):
        first = set(rank[:total])
        return [int(i in first) for i in range(len(sizes))]
    whole = sum(sizes)
    exact = [total * s / whole for s in sizes]
    given = [min(s, max(1, int(e))) for s, e in zip(sizes, exact, strict=True)]
    while sum(given) != total:
        step = 1 if sum(given) < total else -1
        may = [i for i in rank if (given[i] < sizes[i] if step > 0 else given[i] > 1)]
        best = max(may, key=lambda i: step * (exact[i] - given[i]))
        given[best] += step
    return given


def _by_risk(units: pl.DataFrame, size: int, rng: Rng) -> pl.DataFrame:
    """In proportion to risk: a random order, then every so far along the sum of the chances."""
    chance = inclusion(units["risk"].to_numpy(), size)
    order = rng.permutation(units.height)
    ends = np.cumsum(chance[order])
    points = rng.random() + np.arange(size)
    taken = order[np.searchsorted(ends, np.minimum(points, ends[-1] - 1e-9), side="right")]
    drawn = _taken(units, taken).with_columns(chance=pl.Series(chance[taken]))
    return _taken(drawn, rng.permutation(drawn.height))


def inclusion(risk: np.ndarray, size: int) -> np.ndarray:
    """The chance of each unit, in proportion to ``risk`` and adding up to ``size``; none above 1.

    >>> inclusion(np.array([8.0, 1.0, 1.0]), 2).tolist()
    [1.0, 0.5, 0.5]
    """
    chance = np.zeros(len(risk))
    certain = np.zeros(len(risk), dtype=bool)
    while True:
        left = size - int(certain.sum())
        chance[~certain] = left * risk[~certain] / max(risk[~certain].sum(), 1e-300)
        chance[certain] = 1.0
        over = (chance > 1) & ~certain
        if not over.any():
            return chance
        certain |= over


def _tracking(units: pl.DataFrame, size: int, rng: Rng) -> pl.DataFrame:
    """Round and round the strata, one unit at a time, and no worker twice while others are left."""
    mixed = _taken(units, rng.permutation(units.height))
    turn = pl.int_range(pl.len())
    mixed = mixed.with_columns(_worker=turn.over(pl.col("worker").fill_null(pl.col("unit"))))
    mixed = mixed.sort("_worker", maintain_order=True).with_columns(_turn=turn.over("stratum"))
    chosen = mixed.sort("_turn", "_worker", maintain_order=True).head(size)
    return chosen.drop("_worker", "_turn").with_columns(chance=pl.lit(None, dtype=pl.Float64))
