"""What was read from one published report, each fact with its page and its exact words.

A fact is found, or it is not found and says where Upturn looked, or two places in the report disagree and
both are given. There is no fourth state: nothing here is ever a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Generic, Literal, TypeVar

State = Literal["found", "not found", "disagree", "not graded"]
Change = Literal["better", "same", "worse"]
Polarity = Literal["strength", "concern", "mixed"]

T = TypeVar("T")

#: The judgement areas, in the order that reports give them. `overall` comes first.
AREAS = (
    "overall", "leaders", "help_protection", "in_care", "care_leavers", "care_and_leavers",
    "adoption", "lscb",
)  # fmt: skip


@dataclass(frozen=True)
class Quote:
    """Words of the report: ``page`` counts from 1, as the file does; ``text`` is exact but for line ends."""

    page: int
    text: str


@dataclass(frozen=True)
class Fact(Generic[T]):
    """One fact: its value, its state, and the words it rests on (``quotes``), or where it was looked for.

    ``value`` is None unless ``state`` is found.
    """

    value: T | None
    state: State
    quotes: tuple[Quote, ...] = ()
    looked: str = ""

    @property
    def page(self) -> int | None:
        """The page of the first quote; None when nothing was found."""
        return self.quotes[0].page if self.quotes else None

    @property
    def text(self) -> str:
        """The words of the first quote, or nothing."""
        return self.quotes[0].text if self.quotes else ""


@dataclass(frozen=True)
class Anchor:
    """One place a grade was read: ``kind`` is heading, table or sentence."""

    kind: str
    grade: str
    page: int
    text: str


@dataclass(frozen=True)
class Judgement:
    """One area's grade. ``area`` is one of `AREAS`; ``grade`` is None unless ``state`` is found.

    ``anchors`` are all the places that gave it a grade. With ``state`` disagree they differ and the grade
    is left empty. ``looked`` says where Upturn looked, in words.
    """

    area: str
    grade: str | None
    state: State
    anchors: tuple[Anchor, ...]
    looked: str

    @property
    def page(self) -> int | None:
        """The page of the first anchor; None when nothing was found."""
        return self.anchors[0].page if self.anchors else None

    @property
    def text(self) -> str:
        """The words of the first anchor, or nothing."""
        return self.anchors[0].text if self.anchors else ""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the body.

    ``number`` is the report's own, or None; ``page`` is the page it starts on. ``section`` is the heading it
    stands under; ``area`` the judgement area of that heading, or an empty string. ``part`` is ``authority``
    or ``lscb``: some files hold two reports.
    """

    number: int | None
    page: int
    text: str
    section: str
    area: str
    part: str = "authority"


@dataclass(frozen=True)
class Recommendation:
    """One thing the report asks for, in its exact words.

    ``kind`` is the framework's own: ``recommendation``, ``area for improvement``, ``priority action`` or
    ``what needs to improve``. ``timescale`` is in the report's words, or empty when it gives none.
    ``number`` is the report's own or None; ``order`` counts from 1 through the report.
    """

    order: int
    number: int | None
    kind: str
    timescale: str
    page: int
    text: str
    part: str = "authority"


@dataclass(frozen=True)
class Statement:
    """One sentence that tells of a strength, a concern or both. ``cue`` is why: its words, or the heading.

    ``paragraph`` is the report's number or None.
    """

    polarity: Polarity
    page: int
    text: str
    paragraph: int | None
    area: str
    cue: str
    part: str = "authority"


@dataclass(frozen=True)
class Since:
    """One sentence that says a thing is better, the same or worse since the last inspection."""

    change: Change
    page: int
    text: str
    paragraph: int | None
    area: str
    cue: str


@dataclass(frozen=True)
class Report:
    """One report, read. ``notes`` are the things somebody should look at, each one sentence.

    ``kind`` is how the file was made: pdf, html, word or text. ``pages`` is how many it has (1 where the
    kind has no pages). ``framework`` is its id in ``frameworks.yaml``. ``authority`` is the name and
    ``authority_code`` the Department for Education's three digits.
    """

    file: str
    sha256: str
    kind: str
    pages: int
    framework: Fact[str]
    authority: Fact[str]
    authority_code: Fact[str]
    fieldwork_start: Fact[date]
    fieldwork_end: Fact[date]
    published: Fact[date]
    inspectors: Fact[tuple[str, ...]]
    judgements: tuple[Judgement, ...]
    paragraphs: tuple[Paragraph, ...]
    recommendations: tuple[Recommendation, ...]
    statements: tuple[Statement, ...]
    since: tuple[Since, ...]
    notes: tuple[str, ...] = ()

    def grade(self, area: str) -> str | None:
        """The grade of ``area``, or None when it was not found, not graded or is in dispute."""
        return next((j.grade for j in self.judgements if j.area == area), None)
