"""Where the simulated months begin: with the open work of an extract, or in the service's usual state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from upturn.causes.words import figure
from upturn.remedies.goal import Goal
from upturn.rulebooks.calendar import add_months
from upturn.twin.fitted import Fitted
from upturn.twin.opening import Opening
from upturn.twin.parameters import Department
from upturn.twin.simulate import START, simulate_many

Floats = npt.NDArray[np.float64]
#: How far today's open children may be from those of the months fitted to, as a share of them. Assumed.
FAR = 0.25


@dataclass(frozen=True)
class Beginning:
    """The first simulated month, the open work it begins with (None: the usual state), and why, in words."""

    start: date
    opening: Opening | None
    words: str


def beginning(service: Fitted | Department, opening: Opening | None) -> Beginning:
    """Today's open work where there is some and the twin was fitted to as much; else the usual state.

    A fit counts open children as its source does, and not every source counts all of them. A twin fitted to
    far fewer children than are open would be told to fall behind from the first day, by no fault of the
    service.

    >>> from upturn.twin.parameters import department
    >>> beginning(department(), None).words
    "Every run begins in the service's usual state, as if it had gone on like this for years."
    """
    usual = START if isinstance(service, Department) else _month_after(service.as_at)
    if opening is None:
        return Beginning(usual, None, f"{_USUAL}, as if it had gone on like this for years.")
    now = opening.counts["open children"]
    if not now:
        return Beginning(usual, None, f"{_USUAL}: no child is open on {_day(opening.as_at)}.")
    fitted_to = _recorded(service)
    if fitted_to is not None and abs(now - fitted_to) > FAR * fitted_to:
        return Beginning(
            usual, None,
            f"{_USUAL}, and not with the open work of {_day(opening.as_at)}: {figure(now)} children are "
            f"open, and the twin was fitted to {figure(round(fitted_to))}, as its source counts them.",
        )  # fmt: skip
    words = (
        f"Every run begins with the {figure(now)} children open on {_day(opening.as_at)} and their work. How "
        "far that work has come is assumed."
    )
    return Beginning(_month_after(opening.as_at), opening, words)


_USUAL = "Every run begins in the service's usual state"


def _recorded(service: Fitted | Department) -> float | None:
    """Open children as the fit's last month with a count has them; None where nothing tells."""
    if isinstance(service, Department):
        return None
    rows = service.observed
    rows = rows.filter((rows["kind"] == "series") & (rows["name"] == "open_children"))
    told = rows.sort("month")["value"].drop_nulls()
    return float(told[-1]) if len(told) and told[-1] > 0 else None


@dataclass(frozen=True)
class Was:
    """What the goal's outcome was: its value over so many of the latest months that tell it."""

    value: float
    months: int


def recorded(service: Fitted | Department, goal: Goal) -> Was | None:
    """The goal's outcome over the last twelve months of a fit's records, as far as they tell it."""
    if isinstance(service, Department):
        return None
    rows = service.observed
    rows = rows.filter((rows["kind"] == "outcome") & (rows["name"] == goal.outcome))
    rows = rows.sort("month").tail(12).drop_nulls("value")
    values, weights = rows["value"].to_numpy(), rows["n"].fill_null(1).to_numpy().astype(float)
    if not weights.sum() > 0:
        return None
    found = float(np.average(values, weights=weights))
    return Was(1.0 - found if goal.turned else found, rows.height)


def _month_after(day: date) -> date:
    return add_months(day.replace(day=1), 1)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def run_plans(
    plans: Floats, seed: int, first: int, start: date = START, opening: Opening | None = None
) -> Floats:
    """Monthly series (replications, months, series) of plans from ``start`` on.

    ``plans[n]`` has the number ``first`` + n, and the chance that goes with it: mixes of the same number can
    be held against each other. A plain function of plain values, so that a process can run it.
    """
    made = simulate_many(
        plans, seed=seed, first_rep=first, common=False, threads=1, start=start, opening=opening
    )
    return np.asarray(made.monthly[:, 0], dtype=np.float64)
