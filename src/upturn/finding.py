"""The questions of the public face: list those an inspector asks, show one.

The command line's ``upturn finding`` has the same verbs. `upturn.letter` puts them to an extract.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upturn.findings.model import Pattern

__all__ = ["list", "show"]


def list(  # `upturn.finding.list()` reads as it is said; the built-in is not used in this file
    *, framework: str | None = None, source: str | None = None
) -> builtins.list[Pattern]:
    """The questions of the catalogue, in the order of a child's journey.

    ``framework`` keeps those that a framework (``"ilacs-2026"`` ...) looks at; ``source`` those that a source
    (``"annex_a"``, ``"cin_census"``, ``"ssd"``) can answer, in full or in part.

    Raises `RulebookError` for a framework or source that there is not.

    >>> "assessments-late" in [question.id for question in list(source="annex_a")]
    True
    """
    from upturn.findings.load import framework as chosen
    from upturn.findings.load import load_catalogue
    from upturn.rulebooks import RulebookError
    from upturn.rulebooks.model import SOURCES

    if source is not None and source not in SOURCES:
        raise RulebookError([f"no source {source!r}; there are {', '.join(SOURCES)}"])
    themes = None if framework is None else set(chosen(framework).criteria)
    return [
        pattern
        for pattern in load_catalogue()
        if (themes is None or pattern.theme in themes)
        and (source is None or pattern.covered_by(source).tested != "none")
    ]


def show(finding: str) -> Pattern:
    """One question of the catalogue by its id, ``finding``.

    Raises `RulebookError` when there is no such question.

    >>> show("assessments-late").comparator.name
    '14.3 % in England in the year to 31 March 2025'
    """
    from upturn.findings.load import load_catalogue
    from upturn.rulebooks import RulebookError
    from upturn.rulebooks.entry import did_you_mean

    known = {pattern.id: pattern for pattern in load_catalogue()}
    if finding not in known:
        raise RulebookError([f"no question {finding!r}{did_you_mean(finding, known)}"])
    return known[finding]
