"""Areas and grades where they stand as a table row or as a heading, however the lines are broken.

A cell that wraps leaves its words before, after or between the words of its label. So a run of lines made of
nothing but labels, grades and small words is taken apart by kind of word: the labels in their order, the
grades in theirs. They pair when there are as many of one as of the other, and not otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from upturn.published.report.furniture import Line
from upturn.published.report.wording import wording

#: A line of the contents ends in a page number; a bullet is never a heading.
CONTENTS = re.compile(r"\s\d{1,3}$")
BULLETS = "\u25a0\u25aa\u25ab\u25fc\u25fb\u2022\u25cf\u25cb\u2023\u2043\uf06e\uf0a7\uf0b7\uf0d8\uf0fc\u2756"
BULLET = re.compile(rf"^[{BULLETS}]\s*")


@dataclass(frozen=True)
class Run:
    """Lines ``first`` to ``last`` (inclusive) that are labels with their grades, or bare labels.

    ``rows`` are (area, grade) in order; the grade is None in a bare run.
    """

    first: int
    last: int
    rows: tuple[tuple[str, str | None], ...]


def runs(lines: Sequence[Line], words: Sequence[str]) -> tuple[Run, ...]:
    """Every run in ``lines``, whose ``words`` are given too, in order and without overlap.

    >>> from upturn.published.report.wording import words_of
    >>> said = ("Requires", "Overall effectiveness", "improvement")
    >>> runs([Line(1, t) for t in said], [words_of(t) for t in said])[0].rows
    (('overall', 'requires improvement'),)
    """
    found: list[Run] = []
    for start, end in _stretches(lines, words):
        found += _runs_of(words, start, end)
    return tuple(found)


def _stretches(lines: Sequence[Line], words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of the lines, one after the other, that hold only words of labels and grades."""
    known = wording().vocabulary
    start = None
    for place, said in enumerate(words):
        first = said.partition(" ")[0]
        whole = first in known and known.issuperset(said.split()) and _may_be(lines[place].text)
        if whole and start is None:
            start = place
        elif not whole and start is not None:
            yield start, place
            start = None
    if start is not None:
        yield start, len(words)


def _may_be(text: str) -> bool:
    return not (CONTENTS.search(text) or BULLET.match(text))


def _runs_of(words: Sequence[str], start: int, end: int) -> list[Run]:
    """The runs inside one stretch: the longest graded one from each line on, then bare labels."""
    found = []
    while start < end:
        run = _from(words, start, end)
        if run is None:
            start += 1
            continue
        found.append(run)
        start = run.last + 1
    return found


def _from(words: Sequence[str], start: int, end: int) -> Run | None:
    ends = range(min(end, start + 40), start, -1)
    read = {stop: _rows(" ".join(words[start:stop])) for stop in ends}
    for stop in ends:
        rows = read[stop]
        if rows and all(grade for _, grade in rows):
            return Run(start, stop - 1, rows)
    # No grades from here on; but a bare label must not swallow the first line of a graded one.
    for stop in reversed(ends):
        rows = read[stop]
        if rows and (stop == end or not _from_is_longer(words, start, stop, end)):
            return Run(start, stop - 1, rows)
    return None


def _from_is_longer(words: Sequence[str], start: int, stop: int, end: int) -> bool:
    return any(
        _rows(" ".join(words[start:later])) for later in range(stop + 1, min(end, stop + 3) + 1)
    )


@cache
def _parts() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], frozenset[str]]:
    given = wording()
    labels = "|".join(sorted(given.labels, key=len, reverse=True))
    graded = frozenset(" ".join(given.grades).split()) - {"to", "be"}
    one = re.compile(rf"(?:to be )?{given.grade}(?: |$)")
    return re.compile(rf"({labels})(?: |$)"), one, re.compile(rf"(?:(?:{labels})(?: |$))+"), graded


def _rows(text: str) -> tuple[tuple[str, str | None], ...]:
    """The rows that ``text`` is made of; nothing when it is made of anything else."""
    label, _, only_labels, graded = _parts()
    given = wording()
    words = text.split()
    said = [place for place, word in enumerate(words) if _names(word, graded)]
    named = " ".join(words[place] for place in said)
    if not said or not only_labels.fullmatch(named):
        return ()
    names = label.findall(named)
    grades = _grades([p for p, w in enumerate(words) if w in graded or w in ("to", "be")], words)
    if grades is None or len(grades) not in (0, len(names)):
        return ()
    areas = [given.labels[name] for name in names]
    if not grades:
        return tuple((area, None) for area in areas)
    if not _in_order(names, said, [end for _, end in grades]):
        return ()
    return tuple((area, grade) for area, (grade, _) in zip(areas, grades, strict=True))


def _names(word: str, graded: frozenset[str]) -> bool:
    return word not in graded and word not in wording().fillers


def _in_order(names: Sequence[str], said: Sequence[int], ends: Sequence[int]) -> bool:
    """Whether each grade ends after its own label begins: a cell wraps above its label, never leaves it."""
    taken = 0
    for name, end in zip(names, ends, strict=True):
        if end < said[taken]:
            return False
        taken += len(name.split())
    return True


def _grades(places: Sequence[int], words: Sequence[str]) -> list[tuple[str, int]] | None:
    """The grades that the words at ``places`` are, each with the place of its last word; or None."""
    _, one, _, _ = _parts()
    text = " ".join(words[place] for place in places)
    found, at, taken = [], 0, 0
    while at < len(text):
        match = one.match(text, at)
        if match is None:
            return None
        taken += len(match[0].split())
        found.append((wording().grades[match[1]], places[taken - 1]))
        at = match.end()
    return found
