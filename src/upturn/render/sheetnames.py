"""Names that Excel accepts for sheets, each different from the others."""

from __future__ import annotations

import re

#: Excel allows no more characters in the name of a sheet, counted as UTF-16 does.
LIMIT = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ufffe\uffff]+")
#: Excel keeps this name for itself.
_RESERVED = {"history"}


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, limit: int) -> str:
    while _length(text) > limit:
        text = text[:-1]
    return text.strip(" '")


def _tidy(name: str) -> str:
    return _cut(" ".join(_FORBIDDEN.sub(" ", name).split()).strip("' "), LIMIT) or "Sheet"


def sheet_names(names: list[str], *, taken: tuple[str, ...] = ()) -> list[str]:
    """A sheet name for each of ``names``, in order: safe, at most 31 characters, no two alike.

    Excel does not tell capitals from small letters, and cutting can make two names the same; the later
    of such names gets a number.

    >>> sheet_names(["North/East", "north east", "A" * 40, "A" * 50, "Summary"], taken=("Summary",))
    ['North East', 'north east (2)', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA (2)', 'Summary (2)']
    """  # noqa: E501
    used = {name.casefold() for name in taken} | _RESERVED
    given = []
    for name in names:
        safe, number = _tidy(name), 1
        base = safe
        while safe.casefold() in used:
            number += 1
            mark = f" ({number})"
            safe = _cut(base, LIMIT - len(mark)) + mark
        used.add(safe.casefold())
        given.append(safe)
    return given
