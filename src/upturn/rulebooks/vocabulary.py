"""The words a rule may use: kinds of episode and events. They are in ``vocabulary.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from upturn.rulebooks.located import RulebookError, read_yaml

_FILE = Path(__file__).with_name("vocabulary.yaml")


@dataclass(frozen=True)
class Vocabulary:
    """The words, each with what it means.

    ``episodes``: kind of episode to what it is. ``events``: event to the words that report it.
    ``negatives``: event to the words that report its absence.
    """

    episodes: Mapping[str, str]
    events: Mapping[str, str]
    negatives: Mapping[str, str]

    def says(self, event: str) -> str:
        """How a sentence puts an event: "DATE: ...".

        >>> vocabulary().says("s47_ended")
        'section 47 enquiry ended'
        """
        return self.events[event]

    def lacks(self, event: str) -> str:
        """How a sentence puts it that an event had not happened by a date.

        >>> vocabulary().lacks("assessment_authorised")
        'not authorised'
        """
        return self.negatives.get(event, f"no {self.events[event]}")


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary that is shipped.

    >>> "cp_plan" in vocabulary().episodes
    True
    """
    doc = read_yaml(_FILE)
    if doc.faults:
        raise RulebookError(doc.faults)
    events = {event: words["says"] for event, words in doc.data["events"].items()}
    negatives = {e: words["lacks"] for e, words in doc.data["events"].items() if "lacks" in words}
    return Vocabulary(
        MappingProxyType(doc.data["episodes"]),
        MappingProxyType(events),
        MappingProxyType(negatives),
    )
