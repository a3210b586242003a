"""What may change in a service, and the summaries two periods are compared by: the room's two catalogues."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from upturn.twin.parameters import DRIVERS, PARAMETERS, parameters
from upturn.twin.series import COLUMN

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Mover:
    """A parameter that may change; ``step`` is how far it usually goes, on its own scale.

    ``worse`` is 1 where more of it makes children wait longer, -1 where less of it does.
    """

    name: str
    driver: str
    scale: str
    step: float
    words: str
    worse: int = 1

    def moved(self, value: float | Floats, steps: float | Floats) -> Floats:
        """``value`` moved by so many steps, kept inside what the twin can be given.

        >>> float(movers()["posts"].moved(60.0, 0.0))
        60.0
        """
        low, high = parameters()[self.name].bounds
        v, by = np.asarray(value, dtype=float), self.step * np.asarray(steps, dtype=float)
        if self.scale == "log":
            found = v * np.exp(by)
        elif self.scale == "logit":
            v = np.clip(v, 1e-4, 1 - 1e-4)
            found = 1 / (1 + np.exp(-np.log(v / (1 - v)) - by))
        else:
            found = v + by
        return np.asarray(np.clip(found, low, high))


@dataclass(frozen=True)
class Summary:
    """One summary of a period; see the head of ``catalogue/summaries.yaml``."""

    name: str
    top: str
    over: str
    kind: str
    plus: float
    unless: str
    driver: str
    words: str
    unit: str
    exact: bool = False

    @property
    def tops(self) -> tuple[tuple[str, float], ...]:
        """The series that are added up to the top, each with its sign.

        >>> next(s for s in summaries() if s.name == "established").tops
        (('filled', 1.0), ('vacant', 1.0), ('agency', -1.0))
        """
        found, sign = [], 1.0
        for word in self.top.split():
            if word in "+-":
                sign = 1.0 if word == "+" else -1.0
            else:
                found.append((word, sign))
        return tuple(found)

    @property
    def needs(self) -> frozenset[str]:
        """The series without which it cannot be told."""
        return frozenset(name for name, _ in self.tops) | ({self.over} if self.over else set())

    def added(self, series: Callable[[str], Floats]) -> Floats:
        """The top, from whatever gives a series by its name."""
        return np.asarray(sum(sign * series(name) for name, sign in self.tops))


@cache
def movers() -> Mapping[str, Mover]:
    """The parameters that may change, by name, in the order of the drivers.

    >>> movers()["posts"].driver
    'posts'
    """
    found = [
        Mover(
            name,
            parameters()[name].driver,
            parameters()[name].scale,
            e["step"],
            e["words"],
            e.get("worse", 1),
        )
        for name, e in _read("movers").items()
    ]
    found.sort(key=lambda m: (DRIVERS.index(m.driver), PARAMETERS[m.name]))
    return {mover.name: mover for mover in found}


@cache
def summaries() -> tuple[Summary, ...]:
    """The summaries that two periods are compared by.

    >>> [s.over for s in summaries() if s.name == "assessments-late"]
    ['assessments_ended']
    """
    made = []
    for name, e in _read("summaries").items():
        plus, unless = float(e.get("plus", 0.5)), e.get("unless", "")
        made.append(Summary(name, e["top"], e.get("over", ""), e["as"], plus, unless,
                            e.get("driver", ""), e["words"], e["unit"], e.get("exact", False)))  # fmt: skip
    assert all(s.needs <= set(COLUMN) for s in made)
    return tuple(made)


def _read(name: str) -> dict[str, Any]:
    file = resources.files(__package__).joinpath("catalogue", f"{name}.yaml")
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def measured(totals: Floats, months: int, chosen: tuple[Summary, ...]) -> Floats:
    """The summaries of ``totals[..., series]``, each the sum of a series over ``months``. [..., summaries].

    Counts are as a month; logarithms and logits, so that what multiplies adds.
    """
    columns = []
    for s in chosen:
        top = s.added(lambda name: totals[..., COLUMN[name]])
        if s.kind == "logit":
            rest = np.maximum(totals[..., COLUMN[s.over]] - top, 0.0)
            columns.append(np.log((top + s.plus) / (rest + s.plus)))
        elif s.over:
            columns.append(np.log((top + s.plus) / (totals[..., COLUMN[s.over]] + s.plus)))
        else:
            columns.append(np.log(top / months + s.plus))
    return np.stack(columns, axis=-1)


def plain(totals: Floats, months: int, summary: Summary) -> Floats:
    """The summary in its own unit: a mean a month, a ratio or a share; nan over nothing."""
    top = summary.added(lambda name: totals[..., COLUMN[name]])
    if not summary.over:
        return np.asarray(top / months)
    with np.errstate(divide="ignore", invalid="ignore"):
        under = totals[..., COLUMN[summary.over]]
        return np.asarray(np.where(under > 0, top / under, np.nan))
