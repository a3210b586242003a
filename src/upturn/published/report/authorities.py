"""Authorities with children's services in England, and finding one's name in a text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Authority:
    """One authority: the Department for Education's ``code``, its ``name`` and its ``region``.

    ``first`` and ``last`` are the days between which it existed, when boundaries changed since 2013.
    """

    code: str
    name: str
    region: str
    also: tuple[str, ...]
    first: date | None
    last: date | None

    def existed(self, day: date | None) -> bool:
        """Whether it existed on ``day``; True when that is not known."""
        if day is None:
            return True
        return (self.first or date.min) <= day <= (self.last or date.max)


@cache
def authorities() -> tuple[Authority, ...]:
    """Every authority since 2013, in the order of their codes.

    >>> authorities()[0].name
    'City of London'
    """
    text = resources.files(__package__).joinpath("authorities.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        Authority(
            code=row["code"],
            name=row["name"],
            region=row["region"],
            also=tuple(filter(None, row["also"].split("|"))),
            first=date.fromisoformat(row["first_day"]) if row["first_day"] else None,
            last=date.fromisoformat(row["last_day"]) if row["last_day"] else None,
        )
        for row in rows
    )


def plain(text: str) -> str:
    """``text`` in small letters, words only, ``&`` as and.

    >>> plain("Windsor & Maidenhead")
    'windsor and maidenhead'
    """
    return " ".join(_WORD.findall(text.lower().replace("&", " and ").replace("st.", "st")))


def named_in(text: str, *, on: date | None) -> tuple[Authority, ...]:
    """The authorities that ``text`` names, longest names first taken, in the order they stand.

    Nottinghamshire is not Nottingham, and North East Lincolnshire is not Lincolnshire: a longer name hides
    the shorter ones inside it. ``on`` is a day they must have existed on, or None.

    >>> [a.code for a in named_in("Inspection of North East Lincolnshire", on=None)]
    ['812']
    """
    said = plain(text)
    pattern, by_name = _names()
    found = (by_name[match[0]] for match in pattern.finditer(said))
    return tuple(_one(candidates, on) for candidates in found if _one(candidates, on) is not None)  # type: ignore[misc]


def _one(candidates: Iterable[Authority], on: date | None) -> Authority | None:
    existing = [authority for authority in candidates if authority.existed(on)]
    return existing[-1] if existing else None


@cache
def _names() -> tuple[re.Pattern[str], dict[str, list[Authority]]]:
    by_name: dict[str, list[Authority]] = {}
    for authority in authorities():
        for name in {plain(authority.name), *map(plain, authority.also)}:
            by_name.setdefault(name, []).append(authority)
    longest = sorted(by_name, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(longest)})\b"), by_name
