"""What the shell is offered for a word half typed: ids and names, each with what it means where it has that.

Each imports what it needs when it is asked, so that the commands themselves load no more.
"""

from __future__ import annotations

from collections.abc import Iterable

Offered = Iterable[tuple[str, str]]


def complete_rules(incomplete: str) -> Offered:
    """Rule ids that begin as typed."""
    from upturn import rules

    return _beginning(incomplete, {rule.id: rule.name for rule in rules.list()}.items())


def complete_editions(incomplete: str) -> Iterable[str]:
    """Editions that begin as typed, and ``all``."""
    from upturn import rules

    editions = {rule.edition: None for rule in rules.list(edition="all")}
    return [name for name in ("all", *editions) if name.startswith(incomplete)]


def complete_mappings(incomplete: str) -> Iterable[str]:
    """Names of mappings that begin as typed."""
    from upturn import mapping

    return [name for name in mapping.list()["mapping"] if name.startswith(incomplete)]


def complete_measures(incomplete: str) -> Offered:
    """Measure ids that begin as typed."""
    from upturn import measures

    return _beginning(incomplete, ((one.id, one.name) for one in measures.list()))


def complete_questions(incomplete: str) -> Offered:
    """Ids of an inspector's questions that begin as typed."""
    from upturn import finding

    return _beginning(incomplete, ((one.id, one.title) for one in finding.list()))


def complete_remedies(incomplete: str) -> Offered:
    """Ids of remedies that begin as typed."""
    from upturn import remedy

    return _beginning(incomplete, ((one.id, one.title) for one in remedy.list()))


def complete_populations(incomplete: str) -> Offered:
    """What a sample can be drawn from, where it begins as typed."""
    from upturn import sample

    known = sample.populations()
    return _beginning(incomplete, zip(known["population"], known["name"], strict=True))


def complete_outcomes(incomplete: str) -> Offered:
    """Outcomes that `upturn why` can explain, where they begin as typed."""
    from upturn.twin.series import OUTCOMES

    return _beginning(incomplete, ((one.name, one.meaning) for one in OUTCOMES.values()))


def _beginning(incomplete: str, known: Iterable[tuple[str, str]]) -> Offered:
    return [(name, words) for name, words in known if name.startswith(incomplete)]
