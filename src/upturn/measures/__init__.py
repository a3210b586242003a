"""Measures: what a performance analyst counts, each with its numbers, its interval and its children.

The catalogue is the YAML beside this file. Also the noun of the public face: ``upturn.measures.list()`` and
``upturn.measures.show(ID)`` have the verbs of the command line.
"""

from __future__ import annotations

import builtins
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upturn.measures.model import Measure

__all__ = ["list", "show"]


def list(*, group: str | None = None, source: str | None = None) -> builtins.list[Measure]:
    """The measures of the catalogue, in the order of a scorecard.

    ``group`` keeps one group (``"Referrals"``, in any case of letters); ``source`` keeps those that a source
    (``"annex_a"``, ``"cin_census"``, ``"ssd"``) suffices for, in full or in part. Raises `RulebookError` for
    a group or source that does not exist.

    >>> [measure.id for measure in list(group="referrals")][:2]
    ['referrals', 'referrals-rate']
    """
    from upturn.measures.load import catalogue
    from upturn.rulebooks import RulebookError
    from upturn.rulebooks.model import SOURCES

    found = [*catalogue()]
    groups = {one.group.casefold(): one.group for one in found}
    if group is not None and group.casefold() not in groups:
        raise RulebookError([f"no group {group!r}; there are {', '.join(groups.values())}"])
    if source is not None and source not in SOURCES:
        raise RulebookError([f"no source {source!r}; there are {', '.join(SOURCES)}"])
    if group is not None:
        found = [one for one in found if one.group.casefold() == group.casefold()]
    if source is not None:
        found = [one for one in found if one.covered_by(source).tested != "none"]
    return found


def show(measure: str) -> Measure:
    """One measure of the catalogue, by its id ``measure``. Raises `RulebookError` when there is none.

    >>> show("referrals-nfa").unit
    'percent'
    """
    from upturn.measures.load import catalogue
    from upturn.rulebooks import RulebookError

    every = {one.id: one for one in catalogue()}
    if measure not in every:
        near = get_close_matches(measure, every, n=1)
        hint = f"did you mean {near[0]}?" if near else "`upturn measures list` names them"
        raise RulebookError([f"no measure {measure!r}; {hint}"])
    return every[measure]
