"""The report's lines with what each belongs to: which heading, which area, authority or board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from upturn.published.report.furniture import Line
from upturn.published.report.labels import CONTENTS, Run, runs
from upturn.published.report.wording import Heading, wording, words_of

#: Kinds of section whose lines are the report's own account of the service.
ACCOUNT = frozenset(
    ["front", "summary", "strengths", "weaknesses", "findings", "progress", "actions"]
)


@dataclass(frozen=True)
class Place:
    """Where a line stands: the kind of section, its heading as printed, the area and the part.

    ``heading`` is the last heading's entry, with the kind of action and the timescale that hold from it.
    ``number`` counts sections, so that two of the same kind are told apart.
    """

    kind: str
    section: str
    area: str
    part: str
    heading: Heading
    number: int


@dataclass(frozen=True)
class Structure:
    """Each of ``lines`` with its ``words`` and its place; None for a line that is itself a heading.

    ``under`` has, for each of ``runs``, the kind of section it was met in.
    """

    lines: tuple[Line, ...]
    words: tuple[str, ...]
    places: tuple[Place | None, ...]
    runs: tuple[Run, ...]
    under: tuple[str, ...]


_START = Place("front", "", "", "authority", Heading("front"), 0)


def structure_of(lines: Sequence[Line]) -> Structure:
    """The structure of a report's ``lines``; see `Structure`."""
    words = tuple(words_of(line.text) for line in lines)
    found = tuple(run for run in runs(lines, words) if _stands_alone(run, lines))
    at = {run.first: run for run in found}
    places: list[Place | None] = []
    under: dict[int, str] = {}
    here = _START
    while len(places) < len(lines):
        index = len(places)
        listed = here.kind == "contents" and _is_listed(lines, index)
        run = None if listed or here.kind == "end" else at.get(index)
        heading = None if listed or here.kind == "end" else _heading(lines[index], words[index])
        if run is not None:
            under[index] = here.kind
            here = _under_area(here, run, lines, words)
            places += [None] * (run.last - run.first + 1)
        elif heading is not None:
            here = _under(here, heading, lines[index])
            places.append(None)
        else:
            if here.kind == "contents" and not listed:
                here = replace(here, kind="front", section="", number=here.number + 1)
            places.append(here)
    kinds = tuple(under.get(run.first, "contents") for run in found)
    return Structure(tuple(lines), words, tuple(places), found, kinds)


def begins_alone(text: str) -> bool:
    """Whether a line can begin something: a capital, a digit; not a bullet, not the middle of a sentence."""
    return text[:1].isupper() or text[:1].isdigit()


def _stands_alone(run: Run, lines: Sequence[Line]) -> bool:
    """A label in the middle of a sentence is no heading: what follows would go on in small letters."""
    after = lines[run.last + 1].text if run.last + 1 < len(lines) else ""
    return begins_alone(lines[run.first].text) and not after[:1].islower()


def _is_listed(lines: Sequence[Line], index: int) -> bool:
    """Whether a line of the contents goes on: it, or the line it runs on to, ends in a page number."""
    same = lines[index].page == lines[index - 1].page
    return same and any(CONTENTS.search(line.text) for line in lines[index : index + 2])


def _heading(line: Line, words: str) -> Heading | None:
    if len(words) > 110 or not words or not begins_alone(line.text):
        return None
    if CONTENTS.search(line.text):
        return None
    if line.text[-1:] in ".;," and not words.startswith(("the office", "any complaints")):
        return None
    return wording().heading(words)


def _under(here: Place, heading: Heading, line: Line) -> Place:
    """The place of what follows ``heading``."""
    part, area, kind = here.part, here.area, heading.kind
    if kind == "part lscb":
        part, area, kind = "lscb", "lscb", "findings"
    elif kind == "part authority":
        if here.kind in ("definitions", "about the inspection"):
            return here
        kind = "front"
    elif kind in ("area information", "children's summary", "about the inspection", "end"):
        area = ""
    if kind == "definitions":
        area = ""
    return Place(kind, line.text, area, part, heading, here.number + 1)


def _under_area(here: Place, run: Run, lines: Sequence[Line], words: Sequence[str]) -> Place:
    """The place of what follows an area's heading, or a table of them."""
    areas = [area for area, _ in run.rows]
    graded = all(grade for _, grade in run.rows)
    if len(set(areas)) > 1 or areas[0] == "overall":
        return replace(here, number=here.number + 1)
    if here.kind == "summary" and not graded and areas[0] != "lscb":
        return here
    if here.kind in ("actions", "strengths", "weaknesses") and not graded and _is_short(run, words):
        return here
    if here.kind in ("definitions", "about the inspection") and not graded:
        return here
    if lines[run.first].page == 1 and len(areas) == 1 and areas[0] == "lscb":
        return here
    section = " ".join(lines[place].text for place in range(run.first, run.last + 1))
    part = "lscb" if areas[0] == "lscb" else here.part
    return Place("findings", section, areas[0], part, Heading("findings"), here.number + 1)


def _is_short(run: Run, words: Sequence[str]) -> bool:
    """A short name of an area parts a list into subjects; the name in full is the next chapter's heading."""
    return not words[run.first].startswith("the ")
