"""Whether something can have been said of a plan on a day: a slip in a year would stand there for good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from upturn.improvement.model import Plan, PlanError

#: Years after the last day in a plan in which something may be added to it. Assumed.
YEARS = 3


def refuse_unlikely(plan: Plan, on: date) -> None:
    """Raise PlanError for a day before what the plan was drafted from, or years after all that stands in it.

    Ratings are never taken away, so that one of 2206 would close the action to every later one. A plan
    without dates is held against nothing.

    >>> refuse_unlikely(Plan("P", "Here", ()), date(2206, 1, 1))
    """
    days = list(_days(plan))
    drafted = min((one.dated for one in plan.origins if one.dated), default=None)
    if drafted and on < drafted:
        raise PlanError(
            f"{on} is before what the plan was drafted from ({drafted}); look at the date"
        )
    if days and on.year > max(days).year + YEARS:
        raise PlanError(
            f"{on} is years after the last day in the plan ({max(days)}); look at the date"
        )


def _days(plan: Plan) -> Iterator[date]:
    """Every day that stands in a plan."""
    yield from (one.dated for one in plan.origins if one.dated)
    yield from (one.on for one in plan.notes)
    for action in plan.actions:
        yield from (day for day in (action.start, action.due, action.first_due) if day)
        yield from (one.on for one in (*action.done, *action.difference))
        yield from (one.on for one in action.notes)
        yield from (one.on for one in action.evidence if one.on)
        for measure in action.measures:
            yield from (one.as_at for one in measure.readings)
            yield from ([measure.as_at] if measure.as_at else [])
