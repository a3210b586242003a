"""What stands on a page and is not the report's text: page numbers, running heads, footnotes.

They fall inside sentences when a PDF is read. They are taken out, and kept apart, so that a sentence that
runs over a page reads as one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from upturn.published.report.wording import wording, words_of

_DIGITS = re.compile(r"\d+")
_NOTE = re.compile(r"(\d{1,2})(?:\s+\D.*)?$")
#: How far from a page's first and last line a running head can stand.
_REACH = 4
#: A footnote is no longer than this many lines.
_LONGEST_NOTE = 30


class Line(NamedTuple):
    """A line of text and the page it is on, counted from 1."""

    page: int
    text: str


def without_furniture(
    pages: Sequence[Sequence[str]],
) -> tuple[tuple[Line, ...], tuple[Line, ...], tuple[Line, ...]]:
    """The body's lines, the lines set aside, and the running heads, each head once.

    >>> pages = [["A title"], ["The head 2", "said"], ["The head 3", "again."]]
    >>> [line.text for line in without_furniture(pages)[0]]
    ['A title', 'said', 'again.']
    """
    stripped = [[line.strip() for line in page] for page in pages]
    heads = _heads(stripped)
    body: list[Line] = []
    asides: list[Line] = []
    found: dict[str, Line] = {}
    note = 0
    for number, page in enumerate(stripped, 1):
        kept, aside, shapes = _without_heads(page, number, heads)
        for shape, line in shapes.items():
            found.setdefault(shape, line)
        cut, note = _notes_start(kept, note)
        body += [Line(number, text) for text in kept[:cut] if text]
        asides += [Line(number, text) for text in [*aside, *kept[cut:]] if text]
    return tuple(body), tuple(asides), tuple(found.values())


def _shape(text: str) -> str:
    return _DIGITS.sub("#", text)


def _edges(page: Sequence[str]) -> list[int]:
    """The places of the first and last few lines that say anything."""
    said = [place for place, text in enumerate(page) if text]
    return sorted({*said[:_REACH], *said[-_REACH:]})


def _heads(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """Lines that stand at the edge of two in five pages or more (three at least, or all), but for digits.

    A heading that many pages begin with ("Summary") is none.
    """
    counts = Counter(
        shape for page in pages[1:] for shape in {_shape(page[place]) for place in _edges(page)}
    )
    rest = len(pages) - 1
    least = max(2, min(3, rest), 0.4 * rest)
    often = (shape for shape, count in counts.items() if count >= least)
    return frozenset(shape for shape in often if wording().heading(words_of(shape)) is None)


def _without_heads(
    page: Sequence[str], number: int, heads: frozenset[str]
) -> tuple[list[str], list[str], dict[str, Line]]:
    kept, aside, shapes = list(page), [], {}
    for place in reversed(_edges(page)):
        text = page[place]
        alone = text.isdigit() and abs(int(text[:6]) - number) <= 3
        if alone or (number > 1 and _shape(text) in heads and not text.isdigit()):
            del kept[place]
            aside.append(text)
            if not alone:
                shapes[_shape(text)] = Line(number, text)
    return kept, aside, shapes


def _notes_start(page: Sequence[str], last: int) -> tuple[int, int]:
    """Where the page's footnotes begin (its length without any), and the number of its last footnote.

    They follow an empty line, go on from the page before, and run to the page's end.
    """
    for place in range(1, len(page)):
        if page[place - 1] or len(page) - place > _LONGEST_NOTE:
            continue
        found = _NOTE.match(page[place])
        if found and int(found[1]) == last + 1:
            numbers = [_NOTE.match(text) for text in page[place:]]
            for number in numbers:
                if number and int(number[1]) == last + 1:
                    last += 1
            return place, last
    return len(page), last
