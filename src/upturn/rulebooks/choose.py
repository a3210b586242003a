"""The rules that hold for one council: exemptions taken off, its own rules in place of
defaults."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from upturn.rulebooks.model import GROUPS, Exemption, Rule, Rulebook
from upturn.rulebooks.validate import LOCAL_DEFAULTS_ID


def rules_of(rulebooks: Iterable[Rulebook], *, council: str | None = None) -> list[Rule]:
    """Every rule of the rulebooks that can start a clock for ``council``, by any date.

    An overlay's rule stands in for the shipped local default of the same id, and an overlay's
    ``drops`` take defaults out. A rule limited to some councils holds only when one of them is
    named; an exemption takes its rule away for its council, for its dates (`Rule.suspended`). With
    no council named, no exemption is used. Names are compared without regard to case and outer
    spaces.

    >>> from upturn.rulebooks.load import load_rulebooks
    >>> rules = rules_of(load_rulebooks())
    >>> sorted({r.edition for r in rules if r.id == "core-assessment"})
    ['working-together-2006', 'working-together-2010']
    """
    books = list(rulebooks)
    replaced = _replaced(books)
    exempts = [e for book in books for e in book.exempts]
    rules = [
        replace(rule, suspended=(*rule.suspended, *_periods(rule, exempts, council)))
        for book in books
        for rule in book.rules
        if _holds_for(rule, council) and not (book.id == LOCAL_DEFAULTS_ID and rule.id in replaced)
    ]
    return sorted(rules, key=lambda r: GROUPS.index(r.group) if r.group in GROUPS else len(GROUPS))


def _replaced(books: Iterable[Rulebook]) -> set[str]:
    overlays = [b for b in books if b.kind == "local" and b.id != LOCAL_DEFAULTS_ID]
    return {name for b in overlays for name in (*(r.id for r in b.rules), *b.drops)}


def _same(a: str, b: str) -> bool:
    return a.strip().casefold() == b.strip().casefold()


def _named(council: str | None, councils: tuple[str, ...]) -> bool:
    return council is not None and any(_same(council, name) for name in councils)


def _holds_for(rule: Rule, council: str | None) -> bool:
    limited = bool(rule.councils) and not _named(council, rule.councils)
    return not limited and not _named(council, rule.not_councils)


def _periods(
    rule: Rule, exempts: Iterable[Exemption], council: str | None
) -> list[tuple[date | None, date | None]]:
    return [(e.start, e.end) for e in exempts if e.rule == rule.id and _named(council, e.councils)]
