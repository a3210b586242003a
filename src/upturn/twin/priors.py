"""Ranges that parameters may lie in before an extract is looked at, and their scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Scale = Literal["log", "logit", "linear"]


@dataclass(frozen=True)
class Prior:
    """Independent ranges: each parameter evenly spread between its ends on its own scale.

    ``low`` and ``high`` are in the parameter's unit; ``scale`` says on which scale the spread is even. A
    place is where a value stands between its ends: 0 the low end, 1 the high.
    """

    names: tuple[str, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    scale: tuple[Scale, ...]

    def __len__(self) -> int:
        return len(self.names)

    def values(self, place: Floats) -> Floats:
        """Values in the parameters' units; ``place`` and the result have shape (..., parameters).

        >>> Prior(("x",), (1.0,), (100.0,), ("log",)).values(np.array([0.5])).round(6).tolist()
        [10.0]
        """
        place = np.asarray(place, dtype=float)
        columns = [
            _back(_on(low, s) + place[..., n] * (_on(high, s) - _on(low, s)), s)
            for n, (low, high, s) in enumerate(zip(self.low, self.high, self.scale, strict=True))
        ]
        return np.stack(columns, axis=-1) if columns else place

    def places(self, values: Floats) -> Floats:
        """Where values stand between their ends, held to 0 and 1. Shapes as in `values`.

        >>> Prior(("x",), (0.1,), (0.9,), ("logit",)).places(np.array([[0.5]])).round(6).tolist()
        [[0.5]]
        """
        values = np.asarray(values, dtype=float)
        columns = [
            (_on(np.clip(values[..., n], low, high), s) - _on(low, s))
            / (_on(high, s) - _on(low, s))
            for n, (low, high, s) in enumerate(zip(self.low, self.high, self.scale, strict=True))
        ]
        return np.stack(columns, axis=-1) if columns else values

    def only(self, names: Sequence[str]) -> Prior:
        """The prior of some parameters, in the order given."""
        at = [self.names.index(name) for name in names]
        return Prior(
            tuple(names),
            tuple(self.low[n] for n in at),
            tuple(self.high[n] for n in at),
            tuple(self.scale[n] for n in at),
        )


def _on(value: float | Floats, scale: Scale) -> Floats:
    found = np.asarray(value, dtype=float)
    if scale == "log":
        return np.asarray(np.log(found))
    return np.asarray(np.log(found / (1 - found)) if scale == "logit" else found)


def _back(value: Floats, scale: Scale) -> Floats:
    if scale == "log":
        return np.exp(value)
    return np.asarray(1 / (1 + np.exp(-value)) if scale == "logit" else value, dtype=float)
