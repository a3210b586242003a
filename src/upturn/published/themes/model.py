"""What the rules for reading a sentence are made of."""

from __future__ import annotations

from dataclasses import dataclass

#: What a sentence may say of the service. ``neither``: no word of praise or concern was found in it.
POLARITIES = ("strength", "concern", "mixed", "neither")
#: What a sentence states: what is amiss with practice, what holds it back, what is done about it, or none.
KINDS = ("symptom", "cause", "remedy", "neither")

#: What any of these matches, a search for all of them would; apart, they are much faster than as one.
Patterns = tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    """A theme or a factor: a sentence speaks of it when ``words`` match once ``unless`` is taken out.

    ``beside``, where there is one, has to match too. Each is one regular expression, empty for none.
    ``catalogue`` says that the findings' catalogue has a theme of this id.
    """

    id: str
    title: str
    words: str
    unless: str = ""
    beside: str = ""
    catalogue: bool = False


@dataclass(frozen=True)
class Tone:
    """The words of polarity, each some regular expressions. ``facts`` is what is told without judging."""

    contrast: Patterns
    neutral: Patterns
    good_negatives: Patterns
    in_hand: Patterns
    concern: Patterns
    praise: Patterns
    facts: Patterns


@dataclass(frozen=True)
class Lean:
    """From which leaning (`upturn.published.themes.lean`) a sentence counts as praise or as a concern.

    ``praise`` and ``concern``: where no cue was found. ``outweighs``: where a part has a cue of each, so
    that the one of concern does not count.
    """

    praise: float
    concern: float
    outweighs: float


@dataclass(frozen=True)
class Rules:
    """Everything that `classify` goes by; ``version`` is twelve digits of the hash of the file."""

    themes: tuple[Topic, ...]
    factors: tuple[Topic, ...]
    remedy: str
    remedy_unless: str
    asked: str
    tone: Tone
    lean: Lean
    version: str
