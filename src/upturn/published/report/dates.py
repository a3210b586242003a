"""Dates as reports print them: spans with the year said once, split visits, one day, slashes."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_DATE = re.compile(
    r"(?<![\d/])(?P<d>\d{1,2})(?:st|nd|rd|th)?"
    r"(?:\s*(?:of\s+)?(?P<m>" + "|".join(m[:3] + "[a-z]*" for m in _MONTHS) + r")\b"
    r"\s*,?\s*(?P<y>(?:19|20)\d\d)?|[/.](?P<mm>\d{1,2})[/.](?P<yy>(?:20)?\d\d))?(?![\d/])",
    re.IGNORECASE,
)


def dates_in(text: str) -> tuple[date, ...]:
    """Every date in ``text`` in order; a day takes the month and year said after it when it has none.

    A first date that would come after the next one was in the year before. Nothing is made up: a day with
    no month or year anywhere after it is no date, and neither is one that no month has.

    >>> [str(d) for d in dates_in("28 November - 9 January 2015")]
    ['2014-11-28', '2015-01-09']
    >>> [str(d) for d in dates_in("6 to 30 July 2015")]
    ['2015-07-06', '2015-07-30']
    """
    found: list[date] = []
    month: int | None = None
    year: int | None = None
    for match in reversed(list(_DATE.finditer(text))):
        own_year = _year(match)
        if own_year is None and match["m"] is None and month is None:
            continue
        month, year = _month(match) or month, own_year or year
        if month is None or year is None:
            continue
        day = _made(year, month, int(match["d"]))
        if day is None:
            continue
        if found and day > found[0] and own_year is None:
            year -= 1
            day = _made(year, month, int(match["d"])) or day
        found.insert(0, day)
    return tuple(found)


def _year(match: re.Match[str]) -> int | None:
    said = match["y"] or match["yy"]
    if said is None:
        return None
    return int(said) if len(said) == 4 else 2000 + int(said)


def _month(match: re.Match[str]) -> int | None:
    if match["mm"]:
        return int(match["mm"])
    if not match["m"]:
        return None
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(match["m"][:3].lower()))


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
