"""What a scenario's changes do not do: those that have no effect in a run, or are held at a bound.

A change that can never be is an error, said before anything runs. One that can be and does less than it says
is run, with a remark that goes into every output.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upturn.rulebooks.located import RulebookError
from upturn.twin.parameters import COST, PARAMETERS, Department, parameters
from upturn.twin.scenario import Change, Scenario, applied, impossible, plan

Floats = NDArray[np.float64]
#: How far a value may lie outside the range in which a fit looks, as a share of it, before it is remarked on.
ROOM = 0.05


@dataclass(frozen=True)
class Remark:
    """One change of one scenario that does less than it says, or more than anybody tried.

    ``kind``: "after the end", "changes nothing", "held" (``bound`` is where) or "far" (``bound`` is how far).
    ``share`` is the share of the service's draws of which it is so.
    """

    scenario: str
    change: Change
    kind: str
    bound: float | None = None
    share: float = 1.0


def refuse_impossible(scenarios: Iterable[Scenario]) -> None:
    """Raise RulebookError, naming scenario and change, for a value that the twin can never take."""
    wrong = [
        f"{one.name}: {fault}" for one in scenarios for c in one.changes for fault in impossible(c)
    ]
    if wrong:
        raise RulebookError(wrong)


def remarks(
    services: Sequence[Department], scenarios: Iterable[Scenario], *, months: int
) -> tuple[Remark, ...]:
    """What is to be said of the changes of each scenario, in their order.

    ``services`` are the draws that are simulated: a change can be held in some and not in others.

    >>> from upturn.twin.parameters import department
    >>> late = Scenario("late", (Change("posts", from_month=40, add=1),))
    >>> [r.kind for r in remarks([department()], [late], months=36)]
    ['after the end']
    """
    return tuple(r for one in scenarios for r in _of(one, services, months))


def _of(one: Scenario, services: Sequence[Department], months: int) -> list[Remark]:
    found = []
    matrices = np.stack([plan(s, months=months) for s in services])
    for change in one.changes:
        if change.from_month >= months:
            found.append(Remark(one.name, change, "after the end"))
            continue
        place, p = PARAMETERS[change.parameter], parameters()[change.parameter]
        was = matrices[..., place].copy()
        wanted = np.stack([applied(row, change) for row in was])
        low, high = p.bounds
        now = np.clip(wanted, low, high)
        matrices[..., place] = now
        held = (now != wanted).any(axis=1)
        if held.any():
            bound = high if (wanted > high).any() else low
            found.append(Remark(one.name, change, "held", bound, float(held.mean())))
        elif not (now != was).any():
            found.append(Remark(one.name, change, "changes nothing"))
        elif p.driver != COST:
            found += _far(one, change, was, now)
    return found


def _far(one: Scenario, change: Change, was: Floats, now: Floats) -> list[Remark]:
    """A value taken out of the range in which a fit looks: nobody tried whether the model holds there."""
    p = parameters()[change.parameter]
    room = ROOM * (p.high - p.low)

    def outside(values: Floats) -> NDArray[np.bool_]:
        return np.asarray((values < p.low - room) | (values > p.high + room))

    beyond = outside(now) & ~outside(was)
    if not beyond.any():
        return []
    worst = now[beyond][np.abs(now[beyond] - 0.5 * (p.low + p.high)).argmax()]
    return [Remark(one.name, change, "far", float(worst), float(beyond.any(axis=1).mean()))]
