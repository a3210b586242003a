"""Whether a file can have been published on the day it is said to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from upturn.published.national.model import figures
from upturn.published.national.reading import Read
from upturn.records.sheets import SourceError

#: A file is published within so many days of the last day it is of. Assumed: the department takes under two
#: years.
WITHIN = 3 * 366


def refuse_unlikely(published: date, files: Sequence[Read], known: Sequence[date]) -> None:
    """Raise SourceError when a file cannot have come out on ``published``.

    A file is published after the last day that its figures or judgements are of, and not years later. One
    without days (a list of neighbours) is held against the other files and against ``known``, the last
    days of what the panel has; when there are none, nothing can be said.
    """
    last = {one.name: day for one in files if (day := last_day(one))}
    for name, day in last.items():
        _refuse(published, name, day)
    if len(last) < len(files) and (every := [*last.values(), *known]):
        name = next(one.name for one in files if one.name not in last)
        if published > max(every) + timedelta(days=WITHIN):
            raise SourceError(_late(published, name, "the panel's latest figure is", max(every)))


def _refuse(published: date, name: str, day: date) -> None:
    if published < day:
        raise SourceError(
            f"{name}: it has figures as at {day}, so it was not published on {published}; "
            "look at the date, or leave --published out"
        )
    if published > day + timedelta(days=WITHIN):
        raise SourceError(_late(published, name, "its latest figure is", day))


def _late(published: date, name: str, what: str, day: date) -> str:
    return (
        f"{name}: {what} as at {day}, so it was hardly published on {published}; "
        "look at the date, or leave --published out"
    )


def last_day(read: Read) -> date | None:
    """The last day that anything in a file is of; None when nothing in it has one."""
    if read.kind == "judgements":
        day = read.frame["date"].max()
        return day if isinstance(day, date) else None
    if read.kind != "figures":
        return None
    told = read.frame.drop_nulls("value").group_by("measure").agg(year="year")
    days = [_day(measure, max(years)) for measure, years in told.iter_rows()]
    return max(days, default=None)


def _day(measure: str, year: int) -> date:
    # The panel has a population under the census that it is used for; the estimate is of June before.
    return date(year - 1, 6, 30) if measure == "population" else figures()[measure].census_day(year)
