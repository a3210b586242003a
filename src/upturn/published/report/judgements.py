"""The grade of each area, from every place of the report that gives one, and whether those places agree.

Kinds of anchor are read apart from each other: the table of the front page, the heading (or graded sentence)
above an area's part of the report, the sentence of the front page, and the one a summary opens with. An area
has a grade when all the anchors that were found give it the same one. One that disagrees leaves it empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from upturn.published.report.model import AREAS, Anchor, Judgement
from upturn.published.report.structure import Structure
from upturn.published.report.wording import Framework, wording

#: The table of grades is on one of the first pages.
_TABLE_BY_PAGE = 3
#: The front page's sentence is no longer than this many lines.
_SENTENCE_LINES = 4
#: Kinds of section that speak of other inspections, or of nobody.
_NOT_THIS_ONE = frozenset(["area information", "about the inspection", "end", "contents"])


def judgements_of(
    structure: Structure, framework: Framework | None, *, begun: date | None
) -> tuple[Judgement, ...]:
    """One judgement for each of `AREAS`; ``begun`` is the first day of fieldwork, which says what is graded.

    An area that its framework does not grade is "not graded", unless the report grades it all the same.
    """
    anchors = [*_from_runs(structure), *_from_sentences(structure), *_from_summary(structure)]
    board = _speaks_of_board(structure)
    graded = framework.areas_on(begun, board=board) if framework else AREAS
    return tuple(
        _judged(area, tuple(a for at, a in anchors if at == area), graded, structure)
        for area in AREAS
    )


def _speaks_of_board(structure: Structure) -> bool:
    front = " ".join(
        words
        for line, words in zip(structure.lines, structure.words, strict=True)
        if line.page == 1
    )
    return "review of the effectiveness of the local safeguarding children board" in front


def _judged(
    area: str, anchors: tuple[Anchor, ...], graded: Sequence[str], structure: Structure
) -> Judgement:
    grades = {anchor.grade for anchor in anchors}
    if len(grades) == 1:
        return Judgement(area, grades.pop(), "found", anchors, _looked(area, structure))
    if grades:
        return Judgement(area, None, "disagree", anchors, _looked(area, structure))
    if area not in graded:
        return Judgement(area, None, "not graded", (), "the framework does not grade this area")
    return Judgement(area, None, "not found", (), _looked(area, structure))


def _looked(area: str, structure: Structure) -> str:
    pages = structure.lines[-1].page if structure.lines else 0
    names = [name for name, known in wording().labels.items() if known == area]
    where = f"the table of pages 1 to {min(_TABLE_BY_PAGE, pages)}, headings of pages 1 to {pages}"
    if area in wording().sentences:
        where += ", and the sentences of page 1"
    return f"{where}; for: {'; '.join(names[:2])}"


def _from_runs(structure: Structure) -> Iterator[tuple[str, Anchor]]:
    """Anchors of tables and headings that carry grades."""
    for run, kind_of_section in zip(structure.runs, structure.under, strict=True):
        line = structure.lines[run.first]
        if not run.rows[0][1] or kind_of_section in _NOT_THIS_ONE:
            continue
        table = len(run.rows) > 1 and line.page <= _TABLE_BY_PAGE
        if len(run.rows) > 1 and not table:
            continue
        said = " ".join(structure.lines[i].text for i in range(run.first, run.last + 1))
        for area, grade in run.rows:
            kind = "table" if table else "heading"
            if area == "overall" and not table:
                kind = "table" if line.page <= _TABLE_BY_PAGE else "heading"
            yield area, Anchor(kind, str(grade), line.page, _row_text(said, area, table))


def _row_text(said: str, area: str, table: bool) -> str:
    """The table's own words from this row's label on to the next one; all of a heading's."""
    if not table:
        return said
    names = sorted(
        (name for name, known in wording().labels.items() if known == area), key=len, reverse=True
    )
    for name in names:
        found = re.search(r"\W+".join(name.split()), said, re.IGNORECASE)
        if found:
            rest = said[found.end() :]
            after = re.search(r"(?:\d\.|The (?:exp|imp)|Overall)", rest)
            return said[found.start() :][
                : len(found[0]) + (after.start() if after else len(rest))
            ].strip()
    return said


def _from_sentences(structure: Structure) -> Iterator[tuple[str, Anchor]]:
    """Anchors of the sentences of the front page; of the overall grade, only those before the table.

    A sentence is looked for where a line begins: the same words inside the summary are about something else.
    """
    front = sum(1 for line in structure.lines if line.page == 1)
    tables = [run.first for run in structure.runs if len(run.rows) > 1 and run.first < front]
    for area, patterns in wording().sentences.items():
        stop = front if area == "lscb" or not tables else tables[0]
        for first in range(stop):
            found = _sentence_at(structure, first, patterns)
            if found is not None:
                yield area, found


def _from_summary(structure: Structure) -> Iterator[tuple[str, Anchor]]:
    """An anchor of the sentence that the authority's summary opens with, if it gives the overall grade."""
    places = structure.places
    for first, place in enumerate(places):
        opens = place is not None and (first == 0 or places[first - 1] is None)
        if (
            place is None
            or not opens
            or place.kind != "summary"
            or place.area
            or place.part != "authority"
        ):
            continue
        found = _sentence_at(structure, first, wording().sentences["overall"])
        if found is not None:
            yield "overall", replace(found, kind="summary")
        return


def _sentence_at(
    structure: Structure, first: int, patterns: Sequence[re.Pattern[str]]
) -> Anchor | None:
    words = structure.words[first : first + _SENTENCE_LINES]
    text = " ".join(words)
    found = next((match for p in patterns if (match := p.match(text))), None)
    if found is None:
        return None
    taken, said = 0, []
    for line, of in zip(structure.lines[first:], words, strict=False):
        if taken and taken >= found.end():
            break
        said.append(line.text)
        taken += len(of) + 1
    return Anchor(
        "sentence", wording().grades[found[1]], structure.lines[first].page, " ".join(said)
    )


def unusual(judgements: Sequence[Judgement], framework: Framework | None) -> str:
    """A sentence when the grades do not go together as they always have under ``framework``; or nothing.

    It is a check on the reading, not on the inspectors: an overall grade that was read in one place only
    has nothing else to be held against.
    """
    given = {judgement.area: judgement.grade for judgement in judgements}
    if framework is None or given["overall"] is None or not framework.binding:
        return ""
    bound = [area for area in framework.binding if given[area] == "inadequate"]
    worst = given["overall"] == "inadequate"
    if bound and not worst:
        return (
            f"{', '.join(bound)} is inadequate and overall is not: no report held so under this framework "
            "when the rule was made. Check the reading."
        )
    if worst and "inadequate" not in [
        given[area] for area in AREAS if area not in ("overall", "lscb")
    ]:
        return "Overall is inadequate and no other area is: check the reading."
    return ""
