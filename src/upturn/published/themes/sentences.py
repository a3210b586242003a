"""Sentences of a report's text, each with where it stands."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise

#: What begins a piece of text of its own: a bullet, a paragraph's number, an empty line.
_BULLET = "\u25a0\u25aa\u25fc\u2022\u25cf\u2023\uf06e\uf0a7\uf0b7\u2756\uf0d8"
_NEW = re.compile(rf"[{_BULLET}]|\n[ \t]*\n|(?:^|\n)[ \t]*(?=\d{{1,3}}\.[ \t]*[A-Z])")
#: A sentence ends at a stop that capitals follow; a stop after one of these does not end it.
_STOP = re.compile(
    r"[.!?][\u2019\u201d\"')\]]*\d{0,2}(?=\s+(?:\d{1,3}\.\s*)?[\"\u2018\u201c('A-Z])"
)
_SHORT = re.compile(r"(?:\b(?:e\.g|i\.e|etc|Mr|Mrs|Ms|Dr|St|No|para|approx)|(?:^|\n)\s*\d{1,3})\.$")
_BROKEN = re.compile(r"(?<=\w)[-\u2010\ufffe]\s*\n\s*(?=[a-z])")
_NUMBER = re.compile(r"^\d{1,3}\.\s*(?=[A-Z])")


@dataclass(frozen=True)
class Span:
    """One sentence: its text on one line, and ``start`` to ``end`` in the text it was taken from."""

    text: str
    start: int
    end: int


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of ``text`` in order; bullets, numbered paragraphs and empty lines part them too.

    >>> [s.text for s in sentences("1. Visits are late. Plans, e.g. Mr. A's, are not.")]
    ['Visits are late.', "Plans, e.g. Mr. A's, are not."]
    """
    found = []
    for start, end in _pieces(text):
        for first, last in _split(text, start, end):
            said = one_line(text[first:last])
            if said:
                found.append(Span(said, first, last))
    return tuple(found)


def one_line(text: str) -> str:
    """``text`` without its line breaks, its bullet or its paragraph number.

    >>> one_line("12. Co-\\nworking is\\n rare.")
    'Co-working is rare.'
    """
    if "\n" in text:
        text = _BROKEN.sub("-", text)
    text = " ".join(text.replace("\ufffe", "-").split()).strip(f" {_BULLET}")
    return _NUMBER.sub("", text)


def fingerprint(text: str) -> str:
    """Sixteen digits that tell a sentence from others, whatever its line breaks, quotes and dashes.

    >>> fingerprint("Visits are late.") == fingerprint("visits  are late")
    True
    """
    letters = re.sub(r"[^a-z0-9]", "", text.lower())
    return hashlib.sha256(letters.encode()).hexdigest()[:16]


def _pieces(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(found.end() for found in _NEW.finditer(text)), len(text)]
    return list(pairwise(cuts))


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found, first = [], start
    for stop in _STOP.finditer(text, start, end):
        if _SHORT.search(text, first, stop.start() + 1):
            continue
        found.append((first, stop.end()))
        first = stop.end()
    return [*found, (first, end)]
