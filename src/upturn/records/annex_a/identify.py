"""Which list is this sheet? Told by its headers, wherever they stand and whatever the sheet is called."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache

from upturn.records.annex_a.layout import annex_a
from upturn.records.lists.layout import Column, ListLayout, Source, comparable
from upturn.records.sheets import Sheet

#: How far down a sheet the header row may stand (a title, a note and blank rows come first in some).
HEADER_SEARCH_ROWS = 30
#: A sheet is a list when it has at least this share of the columns that only that list has.
ENOUGH_COLUMNS = 0.4
#: A misspelt header is taken for a column when they are at least this alike and nothing else is.
ALIKE = 0.9


@dataclass(frozen=True)
class Identified(Source):
    """A sheet known to hold a list: where the header row is, and which sheet column is which.

    ``guessed`` are headers matched though misspelt, ``extra`` those that no column of the list answers
    to.
    """

    header_at: int = 0
    guessed: tuple[tuple[str, str], ...] = ()
    extra: tuple[str, ...] = ()


def identify(sheet: Sheet) -> Identified | None:
    """The list this sheet holds, or None when it is none of the eleven.

    The header row is the one near the top with most headers that some list knows; the list with the best
    share of the columns that set it apart wins, provided its needed columns are there.
    """
    at, headers = _header_row(sheet)
    if not headers:
        return None
    candidates = [_match(sheet, layout, at, headers) for layout in annex_a()]
    likeliest = sorted(candidates, key=_likeness, reverse=True)[:2]
    lists = [c for c in map(_with_guesses, likeliest) if _is_list(c)]
    return max(lists, key=_likeness, default=None)


def _likeness(candidate: Identified) -> tuple[float, int]:
    return _share(candidate), len(candidate.columns)


def _header_row(sheet: Sheet) -> tuple[int, tuple[str, ...]]:
    """Where the header row is and its headers; no headers when no row near the top has any."""
    rows = [
        tuple("" if h is None else str(h).strip() for h in row)
        for row in sheet.cells.head(HEADER_SEARCH_ROWS).iter_rows()
    ]
    known = _known_spellings()
    scores = [sum(comparable(h) in known for h in row if h) for row in rows]
    if not scores or max(scores) < 2:
        return 0, ()
    at = scores.index(max(scores))
    return at, rows[at]


@cache
def _known_spellings() -> frozenset[str]:
    return frozenset(s for layout in annex_a() for c in layout.columns for s in c.spellings)


def _match(sheet: Sheet, layout: ListLayout, at: int, headers: tuple[str, ...]) -> Identified:
    spelled = {i: comparable(h) for i, h in enumerate(headers) if h}
    columns: dict[str, int] = {}
    for column in layout.columns:
        position = next((i for i, h in spelled.items() if h in column.spellings), None)
        if position is not None:
            columns[column.header] = position
            del spelled[position]
    extra = tuple(headers[i] for i in spelled)
    return Identified(sheet, layout, columns, headers, at, (), extra)


def _with_guesses(exact: Identified) -> Identified:
    """The same match with headers that are misspelt, or have words after them, taken for their column."""
    taken = set(exact.columns.values())
    left = {i: comparable(h) for i, h in enumerate(exact.headers) if h and i not in taken}
    columns, guessed = dict(exact.columns), []
    for column in exact.missing:
        position = _alike(column, left)
        if position is not None:
            columns[column.header] = position
            guessed.append((exact.headers[position], column.header))
            del left[position]
    extra = tuple(exact.headers[i] for i in left)
    return replace(exact, columns=columns, guessed=tuple(guessed), extra=extra)


def _alike(column: Column, spelled: dict[int, str]) -> int | None:
    """The one unmatched header that is nearly this column's; None when there is none, or several."""
    near = [i for i, h in spelled.items() if any(_nearly(h, s) for s in column.spellings)]
    return near[0] if len(near) == 1 else None


def _nearly(header: str, spelling: str) -> bool:
    """Alike but for a slip of the keyboard, or the same with words after it. Numbers must agree."""
    if min(len(header), len(spelling)) < 10 or _digits(header) != _digits(spelling):
        return False
    if header.startswith(spelling + " "):
        return True
    shorter, longer = sorted((len(header), len(spelling)))
    if 2 * shorter < ALIKE * (shorter + longer):  # cannot be alike: too different in length
        return False
    matcher = SequenceMatcher(None, header, spelling, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _own(layout: ListLayout) -> list[Column]:
    """The columns that tell this list from the others."""
    return [c for c in layout.columns if not c.common and c.to not in ("child", "team", "worker")]


def _share(candidate: Identified) -> float:
    own = [c for c in _own(candidate.layout) if not c.optional]
    return sum(c.header in candidate.columns for c in own) / len(own)


def _is_list(candidate: Identified) -> bool:
    needed = all(c.header in candidate.columns for c in candidate.layout.columns if c.needed)
    return needed and _share(candidate) >= ENOUGH_COLUMNS
