"""The report's text as blocks: numbered paragraphs, bullets and plain paragraphs, each whole and in order.

A number at the start of a line begins a paragraph only when it is the next number; so a year or an amount
that happens to begin a line does not. Headings, lists and pages end nothing but what they should: a sentence
that runs over a page stays one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from upturn.published.report.furniture import Line
from upturn.published.report.labels import BULLET
from upturn.published.report.structure import ACCOUNT, Place, Structure, begins_alone

_NUMBERED = re.compile(r"^(\d{1,3})\s?[.)]\s*(?=[^\d\s.])")
_DASH = re.compile(r"^(?:[−–—-]|o(?=\s+[a-z]))\s+")
_ENDED = re.compile(r"[.!?:;]['’”\"]?\)?\d{0,2}$")
#: A sub-heading inside a section is no longer than this.
_SHORT = 80
#: Numbers that a report may leave out before a number is no longer taken to be the next one.
_GAP = 2


@dataclass
class Block:
    """One block while it is being read: its number or bullet, its lines and where it stands."""

    place: Place
    page: int
    number: int | None = None
    bullet: str = ""
    texts: list[str] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)

    def add(self, line: Line) -> None:
        """Go on with ``line``."""
        self.texts.append(line.text)
        self.pages.append(line.page)

    def page_of(self, start: int) -> int:
        """The page of the line that holds character ``start`` of `text`."""
        taken = 0
        for text, page in zip(self.texts, self.pages, strict=True):
            taken += len(text) + 1
            if start < taken:
                return page
        return self.page

    @property
    def text(self) -> str:
        """The block's words in one line."""
        return " ".join(self.texts).strip()


def blocks_of(structure: Structure) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks of the report's own account, in order, and what somebody should look at, a sentence each."""
    reader = _Reader(structure)
    for index, place in enumerate(structure.places):
        title = place is not None and place.number == 0 and structure.lines[index].page == 1
        if place is None or title or place.kind not in ACCOUNT:
            reader.end()
            continue
        reader.take(index, place)
    reader.end()
    return tuple(block for block in reader.blocks if block.text), tuple(reader.notes)


class _Reader:
    """Takes one line after the other and says where blocks begin."""

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self.blocks: list[Block] = []
        self.notes: list[str] = []
        self.now: Block | None = None
        self.last = 0
        self.width = _width(structure.lines)

    def end(self) -> None:
        self.now = None

    def take(self, index: int, place: Place) -> None:
        line = self.structure.lines[index]
        if self.now is not None and self.now.place.number != place.number:
            self.now = None
        number = self._number(index, place)
        if number is not None:
            self._begin(place, line, _NUMBERED.sub("", line.text, count=1), number=number)
        elif BULLET.match(line.text):
            self._bullet(place, line)
        elif self.now is None:
            self._begin(place, line, line.text)
        elif self._is_subheading(index, line):
            self.now = None
            self._subheading(place, line)
        elif self._parts(line):
            self._begin(place, line, line.text)
        else:
            self.now.add(line)

    def _number(self, index: int, place: Place) -> int | None:
        """The number that begins a block at ``index``: the next, 1 for a new list, or one that goes on."""
        found = _NUMBERED.match(self.structure.lines[index].text)
        if found is None or (place.kind == "front" and self.last == 0):
            return None
        number = int(found[1])
        if number == 1 and self.last and (self.now is None or self.now.place.kind == "actions"):
            self.last = 0
        near = self.last < number <= self.last + 1 + _GAP
        if not near and not self._goes_on(index, number):
            return None
        if number != self.last + 1:
            self.notes.append(
                f"Paragraph numbers go from {self.last} to {number}: one may be part of another."
            )
        self.last = number
        return number

    def _goes_on(self, index: int, number: int) -> bool:
        """Whether the next two numbered lines go on from ``number``: then it is no year and no amount."""
        if number <= self.last:
            return False
        after = (_NUMBERED.match(line.text) for line in self.structure.lines[index + 1 :])
        following = [int(found[1]) for found, _ in zip(filter(None, after), range(2), strict=False)]
        return following == [number + 1, number + 2]

    def _begin(
        self, place: Place, line: Line, text: str, *, number: int | None = None, bullet: str = ""
    ) -> None:
        self.now = Block(place, line.page, number, bullet, [text], [line.page])
        self.blocks.append(self.now)

    def _bullet(self, place: Place, line: Line) -> None:
        """A bullet begins a block, unless it is part of a numbered one or of one that leads into a list."""
        text = BULLET.sub("", line.text, count=1)
        if self.now is not None and self._is_part(self.now, line.text[0], text):
            self.now.add(line)
        else:
            self._begin(place, line, text, bullet=line.text[0])

    def _is_part(self, now: Block, glyph: str, text: str) -> bool:
        if now.number is not None:
            return True
        leads_in = now.text.endswith(":") and text[:1].islower()
        return now.bullet not in ("", "heading") and (glyph != now.bullet or leads_in)

    def _is_subheading(self, index: int, line: Line) -> bool:
        """A short line between a finished sentence and the next numbered or bulleted block."""
        assert self.now is not None
        if len(line.text) > _SHORT or not begins_alone(line.text) or line.text[-1] in ".,;?!":
            return False
        if not _ENDED.search(self.now.texts[-1]):
            return False
        return self._begins_block(index + 1)

    def _begins_block(self, index: int) -> bool:
        lines, places = self.structure.lines, self.structure.places
        if index >= len(lines) or places[index] is None:
            return False
        found = _NUMBERED.match(lines[index].text)
        if found is not None and self.last < int(found[1]) <= self.last + 1 + _GAP:
            return True
        return bool(BULLET.match(lines[index].text))

    def _subheading(self, place: Place, line: Line) -> None:
        self.blocks.append(Block(place, line.page, None, "heading", [line.text], [line.page]))

    def _parts(self, line: Line) -> bool:
        """Whether a plain paragraph, or a list that lost its bullets, ends before ``line``."""
        now = self.now
        assert now is not None
        if now.number is not None or _DASH.match(line.text):
            return False
        ended = bool(_ENDED.search(now.texts[-1])) and begins_alone(line.text)
        if now.bullet:
            return False
        return ended and (len(now.texts[-1]) < 0.85 * self.width or now.place.kind == "actions")


def _width(lines: Sequence[Line]) -> int:
    """How long a full line is: nine in ten are no longer."""
    lengths = sorted(len(line.text) for line in lines)
    return lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0


def lists_of(blocks: Sequence[Block]) -> Iterator[tuple[Place, list[Block]]]:
    """The blocks of each list of actions, list by list."""
    group: list[Block] = []
    for block in blocks:
        if block.place.kind != "actions":
            continue
        if group and group[0].place.number != block.place.number:
            yield group[0].place, group
            group = []
        group.append(block)
    if group:
        yield group[0].place, group
