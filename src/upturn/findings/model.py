"""What a finding is: the question asked of an extract, and what the extract answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import polars as pl

from upturn.journeys.result import Check
from upturn.rulebooks.model import Coverage, Status, best_of

#: What may become of a question, in the order a letter has them.
VERDICTS = ("found", "strength", "not found", "cannot tell", "not tested")
#: How strong the evidence for a finding is, the strongest first.
EVIDENCE = ("strong", "moderate", "limited")
Verdict = Literal["found", "strength", "not found", "cannot tell", "not tested"]

#: The cases a question is asked of, one row each. ``hit`` is true for those the finding is about.
#: ``cluster`` is the same for cases that rise and fall together, such as brothers and sisters.
CASES: dict[str, pl.DataType] = {
    "child_id": pl.String(),
    "hit": pl.Boolean(),
    "day": pl.Date(),
    "team": pl.String(),
    "source_rows": pl.String(),
    "reason": pl.String(),
    "cluster": pl.String(),
}


@dataclass(frozen=True)
class Comparator:
    """What a share is held against. ``basis`` says whether it was published, worked out or assumed.

    ``margin`` is how much above it a share may be without being a finding: six months are not the year that
    a published figure is of.
    """

    value: float
    name: str
    basis: Literal["published", "derived", "assumed"]
    source: str
    margin: float = 0.0

    @property
    def limit(self) -> float:
        """The share that a finding has to be above."""
        return self.value + self.margin


@dataclass(frozen=True)
class Pattern:
    """One question of the catalogue.

    ``test`` is None when no test is shipped. ``found`` and ``well`` are the sentences for a weakness and a
    strength, with places for ``{n} {of} {share} {rest} {comparator} {what}``; ``hits`` names what is
    counted. ``least`` is how many cases a finding needs.
    """

    id: str
    title: str
    question: str
    population: str
    theme: str
    hits: str
    found: str
    well: str
    sign_of: tuple[str, ...]
    ask: tuple[str, ...]
    sources: tuple[tuple[str, Coverage], ...]
    kind: str
    test: Mapping[str, Any]
    comparator: Comparator | None
    least: int = 3

    def covered_by(self, source: str) -> Coverage:
        """How far ``source`` can answer this; not at all when the catalogue does not say."""
        unsaid = Coverage("none", "the catalogue does not say how this source would show it")
        return best_of(self.sources, source, unsaid)


@dataclass(frozen=True)
class Criterion:
    """What a framework looks for on a theme, in our own words, and how sure we are of it."""

    area: str
    text: str
    status: Status


@dataclass(frozen=True)
class Framework:
    """One inspection framework: its areas in order, its words, and its criterion for each theme."""

    id: str
    title: str
    period: str
    form: str
    grades: str
    source: str
    status: Status
    weaknesses: str
    strengths: str
    areas: tuple[tuple[str, str], ...]
    criteria: Mapping[str, Criterion]


@dataclass(frozen=True)
class Cases:
    """What a test hands over: its cases (`CASES`), how many it could not judge, and facts worth saying.

    ``ruling`` is for tests that settle the verdict by a method of their own.
    """

    frame: pl.DataFrame
    untold: int = 0
    facts: tuple[str, ...] = ()
    ruling: Ruling | None = None
    missing: str = ""


@dataclass(frozen=True)
class Ruling:
    """A verdict reached by a test's own method: the comparator it worked out and its design effect."""

    found: bool
    comparator: Comparator
    design: float
    what: str = ""
    strong: bool = False
    enough: bool = True


@dataclass(frozen=True)
class Finding:
    """The answer to one question.

    ``n`` of ``of`` cases; ``low`` to ``high`` is the 95 % Wilson interval of the share after allowing for
    cases that come together (``design`` is the design effect). ``cases`` has the schema `CASES`;
    ``by_team`` and ``trend`` have ``n`` and ``of`` for each team and month.
    """

    pattern: Pattern
    verdict: Verdict
    sentence: str
    because: str = ""
    n: int = 0
    of: int = 0
    share: float | None = None
    low: float | None = None
    high: float | None = None
    design: float = 1.0
    untold: int = 0
    comparator: Comparator | None = None
    evidence: str = ""
    cases: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CASES))
    by_team: pl.DataFrame = field(default_factory=pl.DataFrame)
    trend: pl.DataFrame = field(default_factory=pl.DataFrame)
    facts: tuple[str, ...] = ()
    remains: bool = False


@dataclass(frozen=True)
class Findings:
    """Every question of the catalogue put to one extract, under one framework.

    ``rereview`` is the list of decisions to take no further action, riskiest patterns first.
    """

    check: Check
    framework: Framework
    findings: tuple[Finding, ...]
    rereview: pl.DataFrame
    catalogue_version: str
    earlier: Mapping[str, object] | None = None

    @property
    def as_at(self) -> date:
        """The date of the extract."""
        return self.check.as_at

    def of(self, verdict: str) -> tuple[Finding, ...]:
        """The findings with this verdict, in their order."""
        return tuple(f for f in self.findings if f.verdict == verdict)
