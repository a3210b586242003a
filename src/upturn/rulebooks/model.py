"""What a rule and a rulebook are. The law itself is in the YAML files beside this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Unit = Literal["working_days", "calendar_days", "months"]
#: deadline: from a start, the first stop.
#: interval: from a start and from each stop, the next stop.
#: check: the stop says it was done, a fail says it was not, neither means cannot tell.
#: precedence: the start should have a stop before it.
Pattern = Literal["deadline", "interval", "check", "precedence"]
Kind = Literal["statutory", "statistic", "local"]
Status = Literal["verified", "secondary", "unverified", "draft"]
Tested = Literal["full", "part", "none"]
#: Which start counts when an episode has several.
Which = Literal["each", "first", "last"]

UNITS: tuple[Unit, ...] = ("working_days", "calendar_days", "months")
PATTERNS: tuple[Pattern, ...] = ("deadline", "interval", "check", "precedence")
KINDS: tuple[Kind, ...] = ("statutory", "statistic", "local")
STATUSES: tuple[Status, ...] = ("verified", "secondary", "unverified", "draft")
TESTED: tuple[Tested, ...] = ("full", "part", "none")
WHICH: tuple[Which, ...] = ("each", "first", "last")
#: The groups of the shipped rules, in the order a child meets them.
GROUPS: tuple[str, ...] = (
    "Contact and referral",
    "Assessment",
    "Section 47 and conference",
    "Child protection plan",
    "Child in need",
    "Child in care",
    "Missing",
    "Care leaver",
    "Private fostering",
    "Staff",
)
SOURCES: tuple[str, ...] = ("annex_a", "cin_census", "ssd")
#: What a table or a sentence calls them.
SHORT_NAMES = {"annex_a": "Annex A", "cin_census": "CIN census", "ssd": "SSD"}
TESTED_MOST = ("none", "part", "full")
HOW_FAR = {"full": "in full", "part": "in part", "none": "not"}


@dataclass(frozen=True)
class Interval:
    """A length of time allowed: ``Interval(45, "working_days")``."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        words = self.unit.replace("_", " ")
        return f"{self.number} {words if self.number != 1 else words[:-1]}"


@dataclass(frozen=True)
class Coverage:
    """How far one source can test a rule, and why not further."""

    tested: Tested
    because: str = ""


def best_kind(coverage: Sequence[tuple[str, Coverage]], source: str, unsaid: Coverage) -> str:
    """Of the kinds of source in ``source`` (``"annex_a+ssd"``), the one that can test the most.

    Of several that can test as much, the first. ``unsaid`` is what a kind that is not named can do.

    >>> said = (("annex_a", Coverage("part")), ("ssd", Coverage("full")))
    >>> best_kind(said, "annex_a+ssd", Coverage("none")), best_kind(said, "annex_a", Coverage("none"))
    ('ssd', 'annex_a')
    """
    said = dict(coverage)
    return max(source.split("+"), key=lambda kind: TESTED_MOST.index(said.get(kind, unsaid).tested))


def best_of(coverage: Sequence[tuple[str, Coverage]], source: str, unsaid: Coverage) -> Coverage:
    """How far a source can test something; of several kinds together, as far as the best of them.

    What the others cannot test is then said of their own children: it cannot be told.

    >>> said = (("annex_a", Coverage("none", "no such list")), ("ssd", Coverage("full")))
    >>> best_of(said, "annex_a+ssd", Coverage("none"))
    Coverage(tested='full', because='by SSD; not by Annex A')
    """
    kinds = source.split("+")
    if len(kinds) == 1:
        return dict(coverage).get(source, unsaid)
    said = {kind: dict(coverage).get(kind, unsaid) for kind in kinds}
    best = said[best_kind(coverage, source, unsaid)]
    if best.tested == "none":
        return best
    by = [SHORT_NAMES.get(kind, kind) for kind in kinds if said[kind].tested == best.tested]
    less = [f"{HOW_FAR[said[k].tested]} by {SHORT_NAMES.get(k, k)}" for k in kinds
            if said[k].tested != best.tested]  # fmt: skip
    words = [best.because] if best.because else []
    if less:
        words += [f"by {' and '.join(by)}", *less]
    return Coverage(best.tested, "; ".join(words))


@dataclass(frozen=True)
class Rule:
    """One rule of one edition.

    ``id`` is the same in every edition that has the rule; ``ref`` (``edition/id``) names it once
    and for all. ``within`` is None for a check or precedence rule. A clock takes the edition in
    force on the day that starts it: ``in_force_from <= start <= in_force_to`` (None: no limit).
    ``which`` says which start counts when an episode has several. ``voided_by`` events mean the
    rule does not apply; ``ended_by`` events end the duty from their date on; ``failed_by`` is for
    checks. ``councils`` limits the rule to those authorities (empty: all), ``not_councils``
    exempts some. ``suspended`` holds the periods, both ends included, in which the rule did not
    run for the council that was asked about (None: no limit); a clock that would start in one does
    not.
    """

    id: str
    edition: str
    name: str
    group: str
    kind: Kind
    pattern: Pattern
    episode: str
    starts: str
    stops: tuple[str, ...]
    within: Interval | None
    status: Status
    source: str
    which: Which = "each"
    voided_by: tuple[str, ...] = ()
    ended_by: tuple[str, ...] = ()
    failed_by: tuple[str, ...] = ()
    applies_to: str = ""
    in_force_from: date | None = None
    in_force_to: date | None = None
    coverage: tuple[tuple[str, Coverage], ...] = ()
    councils: tuple[str, ...] = ()
    not_councils: tuple[str, ...] = ()
    assumed: bool = False
    note: str = ""
    suspended: tuple[tuple[date | None, date | None], ...] = ()

    @property
    def ref(self) -> str:
        """``edition/id``: names one rule of one edition."""
        return f"{self.edition}/{self.id}"

    def in_force_on(self, day: date) -> bool:
        """Whether a clock that starts on ``day`` runs under this rule."""
        periods = ((self.in_force_from, self.in_force_to), *self.suspended)
        inside = [(a is None or a <= day) and (b is None or day <= b) for a, b in periods]
        return inside[0] and not any(inside[1:])

    def covered_by(self, source: str) -> Coverage:
        """How far ``source`` can test this rule; ``none`` for a source it does not mention."""
        return best_of(self.coverage, source, Coverage("none", "not said in the rulebook"))


@dataclass(frozen=True)
class Exemption:
    """A rule that did not run for some authorities from one date to another (None: no limit)."""

    rule: str
    councils: tuple[str, ...]
    start: date | None
    end: date | None
    source: str


@dataclass(frozen=True)
class Rulebook:
    """One edition (or local overlay): its rules, when it was in force, and what it rests on.

    ``drops`` are rules of the edition it continues (or, for an overlay, of the shipped local
    defaults) that no longer hold. ``exempts`` are rules, of any edition, that did not run for some
    authorities. ``version`` is the first twelve characters of the SHA-256 of the file it was read
    from.
    """

    id: str
    title: str
    kind: Literal["national", "local"]
    in_force_from: date | None
    in_force_to: date | None
    source: str
    status: Status
    rules: tuple[Rule, ...]
    version: str
    note: str = ""
    continues: str = ""
    drops: tuple[str, ...] = ()
    exempts: tuple[Exemption, ...] = ()
