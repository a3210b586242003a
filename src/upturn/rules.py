"""The rules of the public face: list them, show one, check a file of local ones.

The command line's ``upturn rules`` has the same verbs.
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upturn.rulebooks.model import Rule

__all__ = ["check", "list", "show"]


def list(  # `upturn.rules.list()` reads as it is said; the built-in is not used in this file
    *,
    edition: str | None = None,
    source: str | None = None,
    overlays: Sequence[str | Path] = (),
    council: str | None = None,
) -> builtins.list[Rule]:
    """The rules, in the order of their groups, each as its newest edition has it.

    ``edition`` asks for the rules of one edition as they were then, or of ``"all"``. ``source`` keeps the
    rules that source (``"annex_a"``, ``"cin_census"``, ``"ssd"``) can test, in full or in part.
    ``overlays`` adds files of local rules, and ``council`` applies one authority's exemptions.

    Raises `RulebookError` for a wrong overlay and for an edition or source that does not exist.

    >>> "assessment-45-from-referral" in [rule.id for rule in list(source="annex_a")]
    True
    """
    from upturn.rulebooks import RulebookError
    from upturn.rulebooks.model import SOURCES

    if source is not None and source not in SOURCES:
        raise RulebookError([f"no source {source!r}; there are {', '.join(SOURCES)}"])
    every = _rules(overlays, council)
    found = _of_edition(every, edition)
    if source is None:
        return found
    return [rule for rule in found if rule.covered_by(source).tested != "none"]


def show(
    rule: str, *, overlays: Sequence[str | Path] = (), council: str | None = None
) -> builtins.list[Rule]:
    """One rule in every edition that has it, newest first.

    ``rule`` is an id (``assessment-45-from-referral``) or names one edition of it
    (``working-together-2018/assessment-45-from-referral``). ``overlays`` and ``council`` are those of
    `list`. Raises `RulebookError` when there is no such rule.

    >>> {rule.id for rule in show("assessment-45-from-referral")}
    {'assessment-45-from-referral'}
    """
    from upturn.rulebooks import RulebookError

    every = _rules(overlays, council)
    found = [one for one in every if rule in (one.id, one.ref)]
    if not found:
        near = get_close_matches(rule, {one.id for one in every}, n=1)
        hint = f"did you mean {near[0]}?" if near else "`upturn rules list` names them"
        raise RulebookError([f"no rule {rule!r}; {hint}"])
    return found[::-1]


def check(file: str | Path) -> builtins.list[str]:
    """What is wrong with a rulebook file, one line per fault with its place; empty when nothing is.

    Raises `RulebookError` when the file cannot be read at all.

    >>> from upturn.rulebooks import shipped_files
    >>> check(shipped_files()[0])
    []
    """
    from upturn.rulebooks import check_rulebook

    return check_rulebook(Path(file))


def _rules(overlays: Sequence[str | Path], council: str | None) -> builtins.list[Rule]:
    """Every rule of every edition: by group as the editions give them, then by date in force."""
    from upturn.rulebooks import load_rulebooks, rules_of

    rules = rules_of(load_rulebooks([Path(overlay) for overlay in overlays]), council=council)
    groups = {rule.group: place for place, rule in reversed([*enumerate(rules)])}
    return sorted(
        rules, key=lambda rule: (groups[rule.group], rule.id, str(rule.in_force_from or ""))
    )


def _of_edition(rules: builtins.list[Rule], edition: str | None) -> builtins.list[Rule]:
    from upturn.rulebooks import RulebookError

    if edition == "all":
        return rules
    if edition is None:
        newest = {rule.id: rule for rule in rules}  # rules come oldest first, so the last one stays
        return [*newest.values()]
    editions = sorted({rule.edition for rule in rules})
    if edition not in editions:
        raise RulebookError([f"no edition {edition!r}; there are {', '.join(editions)}"])
    return [rule for rule in rules if rule.edition == edition]
