"""What a report says is better, the same or worse than at an earlier inspection (``since.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from upturn.published.report.blocks import Block
from upturn.published.report.model import Change, Since
from upturn.published.themes.sentences import sentences

#: Without one of these a sentence does not speak of an earlier inspection.
_HINTS = ("inspect", "since", "visit")


@dataclass(frozen=True)
class Words:
    """The patterns of ``since.yaml``, compiled."""

    earlier: re.Pattern[str]
    change: Mapping[str, re.Pattern[str]]


@cache
def words() -> Words:
    """The words, read once."""
    text = resources.files(__package__).joinpath("since.yaml").read_text(encoding="utf-8")
    given = yaml.safe_load(text)
    return Words(
        earlier=_any(given["earlier"]),
        change={name: _any(patterns) for name, patterns in given["change"].items()},
    )


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})(?!\w)")


def changes_in(sentence: str) -> tuple[tuple[Change, str], ...]:
    """What ``sentence`` says has changed since an earlier inspection; nothing when it speaks of none.

    >>> changes_in("Since the last inspection in 2016, practice has not improved.")
    (('same', 'not improved'),)
    """
    said = sentence.lower().replace("’", "'")
    if not any(hint in said for hint in _HINTS) or words().earlier.search(said) is None:
        return ()
    found: list[tuple[Change, str]] = []
    order: tuple[Change, ...] = ("worse", "same", "better")
    for change in order:
        cue = words().change[change].search(said)
        if cue is not None:
            found.append((change, cue[0]))
            said = said[: cue.start()] + " " * len(cue[0]) + said[cue.end() :]
    return tuple(found)


def since_of(blocks: Sequence[Block]) -> tuple[Since, ...]:
    """Every sentence that says a thing is better, the same or worse than at an earlier inspection."""
    return tuple(
        Since(change, block.page_of(s.start), s.text, block.number, block.place.area, cue)
        for block in blocks
        for s in sentences(block.text)
        for change, cue in changes_in(s.text)
    )
