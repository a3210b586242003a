"""What a spelling means: the model of a value mapping. The mappings themselves are YAML files.

A spelling is compared in its *plain* form (see `plain`), so that case, quotes, spaces and dashes never
change what it means. It is understood by an exact spelling first and by patterns after that. When two
patterns of the same round disagree it is not understood: a guess would be worse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from upturn.records.sheets import ERROR_VALUES

How = Literal["exact", "pattern", "yours", "blank", "not understood", "ambiguous"]
#: Every way a cell can be taken, the ones somebody should look at last.
HOW: tuple[How, ...] = ("exact", "pattern", "yours", "blank", "ambiguous", "not understood")

#: A pick-list value is short. Longer text in a coded column is a note, and is not searched for words.
LONGEST = 400

# Curly quotes, dashes and arrows as they look when UTF-8 was once read as Windows-1252.
_MISREAD = {"â€™": "'", "â€˜": "'", "â€œ": "'", "â€\x9d": "'", "â€“": "-", "â€”": "-"}
_DROP = "'\"`´‘’‚‛“”„‟′″\u200b\u200c\u200d\u2060\ufeff\u00ad\x91\x92\x93\x94"
_DASH = "‐‑‒–—―−\x96\x97"
_MARKS = str.maketrans({**dict.fromkeys(_DROP, ""), **dict.fromkeys(_DASH, "-")})
_LOST_QUOTE = re.compile("(?<=[a-z])\ufffd(?=[a-z])")
_WHOLE_NUMBER = re.compile(r"^(-?\d+)\.0+$")
_PICK_LIST_LETTER = re.compile(r"^(?:\(?[a-z]\d?\)\s*|[a-z]\d?\.\s+)(?=\S)")
_AND = re.compile(r"[&+]")
# A minus sign before a number stays; a question mark stays, because "Yes?" is not "Yes".
_SEPARATOR = re.compile(r"(?!^-\d)[\s_.,;:()\[\]{}/\\|*!~^#<>=-]+")


def plain(text: str) -> str:
    """The form in which spellings are compared: lower case, words and numbers, single spaces.

    Quotes go, every other separator becomes a space, ``&`` and ``+`` become ``and``, a leading pick-list
    letter (``a)``, ``p1)``, ``a.``) goes when something follows it, and ``1.0`` is ``1``. Signs that may
    carry meaning (``?``, ``✓``) stay, so that they are not understood by accident. Never raises.

    >>> plain("  a) Child’s\\u00a0Disability / illness. ")
    'childs disability illness'
    >>> plain("A & E"), plain("Yes?"), plain("-1"), plain("1.0")
    ('a and e', 'yes?', '-1', '1')
    """
    for misread, meant in _MISREAD.items():
        text = text.replace(misread, meant)
    text = unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS)
    text = _LOST_QUOTE.sub("", text.casefold()).strip()
    text = _WHOLE_NUMBER.sub(r"\1", text)
    text = _PICK_LIST_LETTER.sub("", text)
    return _SEPARATOR.sub(" ", _AND.sub(" and ", text)).strip()


@dataclass(frozen=True)
class Understood:
    """What one spelling was taken to mean, how, and why in a few words.

    ``code`` is None when ``how`` is blank, ambiguous or not understood.
    """

    code: str | None
    how: How
    because: str


@dataclass(frozen=True)
class Spelling:
    """One spelling of a mapping: the code it means (None: leave the cell empty) and where it is said."""

    spelling: str
    code: str | None
    origin: str
    yours: bool = False


@dataclass(frozen=True)
class Pattern:
    """One regular expression of a round: fits when ``fits`` is found and ``unless`` is not."""

    code: str
    fits: re.Pattern[str]
    unless: re.Pattern[str] | None
    because: str
    origin: str

    def is_in(self, text: str) -> bool:
        """Whether the pattern fits this plain form."""
        return bool(self.fits.search(text)) and not (self.unless and self.unless.search(text))


@dataclass(frozen=True)
class Round:
    """Patterns tried together. The first round in which any of them fits decides."""

    name: str
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True)
class Shorten:
    """A heading or explanation to shorten in the plain form before the patterns are tried."""

    text: re.Pattern[str]
    to: str


@dataclass(frozen=True)
class ValueMapping:
    """How the spellings of one kind of column are understood.

    ``codes`` gives each code its words. ``spellings``, ``yours`` and ``blanks`` are keyed by plain form.
    """

    name: str
    codes: Mapping[str, str]
    title: str = ""
    source: str = ""
    assumed: bool = False
    spellings: Mapping[str, Spelling] = field(default_factory=dict)
    rounds: tuple[Round, ...] = ()
    shorten: tuple[Shorten, ...] = ()
    blanks: Mapping[str, Spelling] = field(default_factory=dict)
    yours: Mapping[str, Spelling] = field(default_factory=dict)

    def understand(self, spelling: str) -> Understood:
        """What ``spelling`` means: the user's own file first, then exact spellings, then patterns.

        Never raises, whatever the text.

        >>> yes = Spelling("Yes", "yes", "an example")
        >>> flags = ValueMapping("flags", {"yes": "Yes"}, spellings={"yes": yes})
        >>> flags.understand(" YES ").code, flags.understand("#N/A").how, flags.understand("Maybe").how
        ('yes', 'blank', 'not understood')
        """
        text = plain(spelling)
        if mine := self.yours.get(text):
            how: How = "yours" if mine.code else "blank"
            return Understood(mine.code, how, f"{mine.origin} says {mine.spelling!r}")
        if spelling.strip().upper() in ERROR_VALUES:
            return Understood(None, "blank", "a formula that failed")
        if known := self.spellings.get(text):
            return Understood(known.code, "exact", f"spelled {known.spelling!r}")
        if not text or text in self.blanks:
            return Understood(
                None, "blank", "stands for an empty cell" if text else "nothing in it"
            )
        if len(text) > LONGEST:
            return Understood(None, "not understood", f"longer than {LONGEST} characters")
        return self._by_pattern(text)

    def _by_pattern(self, text: str) -> Understood:
        for rule in self.shorten:
            text = rule.text.sub(rule.to, text)
        text = " ".join(text.split())
        for one in self.rounds:
            found = {p.code: p for p in one.patterns if p.is_in(text)}
            if len(found) == 1:
                code, pattern = found.popitem()
                return Understood(code, "pattern", f"{one.name}: {pattern.because}")
            if found:
                return Understood(None, "ambiguous", f"{one.name}: {self._both(found)}")
        return Understood(None, "not understood", "no spelling or pattern fits")

    def _both(self, found: Mapping[str, Pattern]) -> str:
        return "fits " + " and ".join(f"{code} ({self.codes[code]})" for code in found)

    def words(self, code: str | None) -> str | None:
        """The words for a code; None for none."""
        return None if code is None else self.codes[code]
