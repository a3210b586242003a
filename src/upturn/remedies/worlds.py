"""The service that remedies are tried on, and what a mix of them makes of it, replication by replication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from upturn.remedies.costs import Costs
from upturn.remedies.model import Effect, Mix, Remedy
from upturn.remedies.prices import bought
from upturn.twin.parameters import PARAMETERS, Department
from upturn.twin.scenario import Change, Matrix, plan

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """What every mix is tried on.

    ``services[draw, parameter]`` are draws of the fit: replication r has draw r, and so on round again.
    ``held`` fixes an effect at one end of its range, by (remedy, place): 0 is least, 1 is most.
    """

    services: Floats
    like: Department
    catalogue: Mapping[str, Remedy]
    costs: Costs
    months: int
    start: date
    seed: int
    held: Mapping[tuple[str, int], float] | None = None

    @cached_property
    def places(self) -> Mapping[tuple[str, int], int]:
        """A column of luck for each effect of the catalogue: the same whatever the mix."""
        keys = [(id_, n) for id_, r in self.catalogue.items() for n in range(len(r.effects))]
        return {key: n for n, key in enumerate(keys)}

    @cached_property
    def _lucks(self) -> dict[int, Floats]:
        """Luck that was drawn already: every mix asks for the same."""
        return {}

    def luck(self, rep: int) -> Floats:
        """How well each effect turns out in a replication: evenly from 0 to 1."""
        found = self._lucks.get(rep)
        if found is None:
            found = np.random.default_rng((self.seed, rep)).random(len(self.places))
            self._lucks[rep] = found
        return found

    def plans(self, mix: Mix, reps: Sequence[int] | range) -> Matrix:
        """A mix's scenarios: ``[reps, months, parameters]``. Raises RulebookError for what cannot be."""
        return np.stack([self.plan(mix, rep) for rep in reps])

    def plan(self, mix: Mix, rep: int, months: int | None = None) -> Matrix:
        """One replication's scenario: ``[months, parameters]``."""
        values = tuple(map(float, self.services[rep % len(self.services)]))
        service = Department(values, self.like.tags, self.like.sources)
        luck = self.luck(rep) if mix else np.zeros(0)
        changes: list[Change] = []
        for id_, steps in mix:
            remedy = self.catalogue[id_]
            for n, effect in enumerate(remedy.effects):
                at = (self.held or {}).get((id_, n), None)
                place = luck[self.places[id_, n]] if at is None else at
                changes.append(self._change(remedy, effect, steps, float(place), values))
        return plan(service, months=months or self.months, changes=changes)

    def _change(
        self, remedy: Remedy, effect: Effect, steps: int, place: float, values: Sequence[float]
    ) -> Change:
        many = float(steps)
        if effect.per == "tenth of posts":
            many /= 0.1 * values[PARAMETERS["posts"]]
        amount = bought(remedy, self.costs) if effect.bought else triangular(effect.amounts, place)
        to = None if remedy.lasts is None else remedy.lead + remedy.lasts
        found = {"add": many * amount, "times": amount**many, "set": amount}[effect.way]
        return Change(effect.parameter, from_month=remedy.lead, to_month=to, ramp_months=remedy.ramp,
                      **{effect.way: found})  # fmt: skip


def triangular(amounts: tuple[float, float, float], place: float) -> float:
    """The value below which ``place`` of a triangular distribution lies; ``amounts`` in rising order.

    >>> triangular((0.0, 1.0, 2.0), 0.5), triangular((3.0, 3.0, 3.0), 0.2)
    (1.0, 3.0)
    """
    low, mode, high = amounts
    if high <= low:
        return mode
    turn = (mode - low) / (high - low)
    if place < turn:
        return float(low + np.sqrt(place * (high - low) * (mode - low)))
    return float(high - np.sqrt((1 - place) * (high - low) * (high - mode)))
