"""A whole plan at a glance: how many actions were done, how many made a difference, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from upturn.improvement.model import DIFFERENCE, DONE, Plan

#: Every word an action can stand at for *made a difference*, with that nobody has said.
NOT_RATED = "not rated"
DIFFERENCES = (NOT_RATED, *DIFFERENCE)


@dataclass(frozen=True)
class Standing:
    """How the actions stood at the end of a day: how many at each word of *done*, and of *difference*."""

    on: date
    done: tuple[int, ...]  # in the order of DONE
    difference: tuple[int, ...]  # in the order of DIFFERENCES


def matrix(plan: Plan) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """The ids of the actions by both ratings: a row for each word of `DONE`, a column for each of
    `DIFFERENCES`. Every action is in it once.

    >>> matrix(Plan("P", "Here", ()))[0][0]
    ()
    """
    return tuple(
        tuple(
            tuple(a.id for a in plan.actions if (a.done_now, a.difference_now) == (done, change))
            for change in DIFFERENCES
        )
        for done in DONE
    )


def over_time(plan: Plan) -> tuple[Standing, ...]:
    """How all actions stood after each day on which any was rated, in order of the days."""
    days = sorted({r.on for a in plan.actions for r in (*a.done, *a.difference)})
    return tuple(_standing(plan, day) for day in days)


def _standing(plan: Plan, day: date) -> Standing:
    done = dict.fromkeys(DONE, 0)
    difference = dict.fromkeys(DIFFERENCES, 0)
    for action in plan.actions:
        done[next((r.value for r in reversed(action.done) if r.on <= day), DONE[0])] += 1
        said = next((r.value for r in reversed(action.difference) if r.on <= day), NOT_RATED)
        difference[said] += 1
    return Standing(day, tuple(done.values()), tuple(difference.values()))


def done_without_difference(plan: Plan) -> tuple[str, ...]:
    """The ids of actions that were done and are rated to have made none: the ones to talk about."""
    return tuple(a.id for a in plan.actions if (a.done_now, a.difference_now) == ("done", "none"))
