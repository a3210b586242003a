"""Two reports on one authority: what was said before and is said again, each pair beside each other.

Reports ten years apart seldom use the same words for the same thing. So a thing asked for before counts as
asked for again when a later action has much the same words, or is about the same themes with some words in
common; and as still said when a sentence of concern in the later report is. Each pair says which it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from upturn.published.report.likeness import cosine
from upturn.published.report.model import AREAS, Recommendation, Report
from upturn.published.themes.sentences import sentences
from upturn.records.sheets import SourceError

How = Literal["asked again", "said again", "not found again"]

#: Likeness of words from which two texts are about the same thing whatever their themes.
ALIKE_FROM = 0.35
#: Likeness from which they are when they share a theme: of two actions, and of an action and a sentence.
#: Assumed: the lines were set by reading the pairs of one authority's two reports. Every pair gives its
#: likeness, so that anybody can draw the line elsewhere.
ASKED_FROM, SAID_FROM = 0.20, 0.22
#: Later sentences shown beside each thing asked for before.
_SHOWN = 3


@dataclass(frozen=True)
class Said:
    """A sentence of concern in the later report, with its page and the paragraph's number or None."""

    text: str
    page: int
    paragraph: int | None
    likeness: float


@dataclass(frozen=True)
class Pair:
    """A thing asked for before, the nearest of what is asked for now, and the nearest that is said now.

    ``likeness`` of the two actions is between 0 and 1 (see `upturn.published.report.likeness`); ``themes``
    are those they share. ``how`` is "asked again", "said again" (in a paragraph only) or "not found again",
    which does not mean that it was put right.
    """

    before: Recommendation
    now: Recommendation | None
    likeness: float
    themes: tuple[str, ...]
    how: How
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Grades:
    """An area's grade in both reports; None where a report gives none."""

    area: str
    before: str | None
    now: str | None


@dataclass(frozen=True)
class Comparison:
    """An earlier and a later report of one authority. ``new`` are actions that no earlier one is like."""

    before: Report
    now: Report
    grades: tuple[Grades, ...]
    pairs: tuple[Pair, ...]
    new: tuple[Recommendation, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Texts:
    """Texts with their themes."""

    texts: list[str]
    themes: list[frozenset[str]]


def compare_reports(one: Report, other: Report) -> Comparison:
    """The earlier of the two reports held against the later.

    Which is earlier is told by the fieldwork; reports whose dates were not read are taken in the order
    given, and a note says so. The board's actions are held against the board's.

    Raises `SourceError` when the two are of different authorities, or are one file.
    """
    if one.sha256 == other.sha256:
        raise SourceError(
            f"{one.file} and {other.file} are the same report; a comparison is of an earlier and a later one"
        )
    codes = {one.authority_code.value, other.authority_code.value}
    if None not in codes and len(codes) > 1:
        raise SourceError(
            f"{one.file} is of {one.authority.value} and {other.file} of {other.authority.value}; "
            "a comparison is of one authority"
        )
    before, now, notes = _in_order(one, other)
    pairs, new = _pairs(before, now)
    grades = tuple(Grades(area, before.grade(area), now.grade(area)) for area in AREAS)
    told = tuple(g for g in grades if g.before or g.now)
    return Comparison(before, now, told, pairs, new, notes)


def _in_order(one: Report, other: Report) -> tuple[Report, Report, tuple[str, ...]]:
    """The earlier and the later, and what a reader has to know of that."""
    first, second = one.fieldwork_end.value, other.fieldwork_end.value
    notes = list(_whose(one, other))
    if first is None or second is None:
        notes.append(
            "A date of fieldwork was not read: the reports are taken in the order they were given."
        )
        return one, other, tuple(notes)
    if first == second:
        notes.append(
            f"Both reports are of fieldwork that ended on {first}: they look like one inspection, so what is "
            "said again was not said later."
        )
    if first > second:
        notes.append(
            f"{one.file} was given first and is the later ({first}): they are compared in order of their "
            "fieldwork."
        )
        one, other = other, one
    return one, other, tuple(notes)


def _whose(one: Report, other: Report) -> Iterator[str]:
    lost = [r.file for r in (one, other) if r.authority_code.value is None]
    if lost:
        yield (
            f"Whose report it is was not found in {' and '.join(lost)}: "
            "look whether both are of one authority."
        )


def _pairs(before: Report, now: Report) -> tuple[tuple[Pair, ...], tuple[Recommendation, ...]]:
    asked, asks = before.recommendations, now.recommendations
    old, new = _themed(asked), _themed(asks)
    alike = cosine(old.texts, new.texts)
    for row, column in np.ndindex(alike.shape):
        if asked[row].part != asks[column].part:
            alike[row, column] = 0.0
    same = _same(alike, old, new, ASKED_FROM)
    said = _said_again(old, now)
    pairs = tuple(
        _pair(asked[row], asks, alike[row], same[row], old.themes[row], new.themes, said[row])
        for row in range(len(asked))
    )
    new_ones = tuple(action for column, action in enumerate(asks) if not same[:, column].any())
    return pairs, new_ones


def _themed(actions: Sequence[Recommendation]) -> _Texts:
    from upturn.published.themes import classify

    texts = [action.text for action in actions]
    if not texts:
        return _Texts([], [])
    found = classify(texts, asked=[True] * len(texts))["themes"].to_list()
    return _Texts(texts, [frozenset(themes) for themes in found])


def _same(alike: np.ndarray, old: _Texts, new: _Texts, line: float) -> np.ndarray:
    """Where two texts are about the same thing: alike in words, or by theme with some words in common."""
    shared = np.array([[bool(a & b) for b in new.themes] for a in old.themes], dtype=bool)
    shared = shared.reshape(alike.shape)
    return (alike >= ALIKE_FROM) | (shared & (alike >= line))


def _pair(
    action: Recommendation,
    asks: Sequence[Recommendation],
    alike: np.ndarray,
    same: np.ndarray,
    mine: frozenset[str],
    theirs: Sequence[frozenset[str]],
    said: tuple[Said, ...],
) -> Pair:
    how: How = "asked again" if same.any() else "said again" if said else "not found again"
    if not len(alike) or not alike.max() > 0:
        return Pair(action, None, 0.0, (), how, said)
    best = int(np.where(same, alike, alike - 1).argmax())
    likeness = round(float(alike[best]), 3)
    return Pair(action, asks[best], likeness, tuple(sorted(mine & theirs[best])), how, said)


def _said_again(old: _Texts, now: Report) -> list[tuple[Said, ...]]:
    """For each thing asked for before, the sentences of concern in ``now`` that are about the same."""
    worries = list(_concerns(now))
    texts = _Texts([said.text for said, _ in worries], [themes for _, themes in worries])
    alike = cosine(old.texts, texts.texts)
    same = _same(alike, old, texts, SAID_FROM)
    found = []
    for row in range(len(old.texts)):
        order = np.argsort(-alike[row], kind="stable")
        near = [n for n in order if same[row, n]][:_SHOWN]
        found.append(tuple(_with(worries[n][0], float(alike[row, n])) for n in near))
    return found


def _with(said: Said, likeness: float) -> Said:
    return Said(said.text, said.page, said.paragraph, round(likeness, 3))


def _concerns(report: Report) -> Iterator[tuple[Said, frozenset[str]]]:
    from upturn.published.themes import classify

    said = [
        Said(sentence.text, paragraph.page, paragraph.number, 0.0)
        for paragraph in report.paragraphs
        for sentence in sentences(paragraph.text)
    ]
    if not said:
        return
    told = classify([one.text for one in said])
    for one, polarity, themes in zip(said, told["polarity"], told["themes"].to_list(), strict=True):
        if polarity in ("concern", "mixed"):
            yield one, frozenset(themes)
