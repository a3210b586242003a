"""One mapping of a rulebook read key by key: each value checked, each fault noted with its
line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, TypeVar

from upturn.rulebooks.located import Document, Place
from upturn.rulebooks.model import SOURCES, TESTED, UNITS, Coverage, Interval

W = TypeVar("W", bound=str)
#: A limit longer than this is a slip of the finger.
_LONGEST = 10_000


def did_you_mean(word: str, known: Collection[str]) -> str:
    """The end of a fault about an unknown word: the nearest known one, or all if they are few.

    >>> did_you_mean("deadlin", ("deadline", "check"))
    "; did you mean 'deadline'?"
    """
    close = get_close_matches(word, list(known), n=1, cutoff=0.75)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; it is one of {', '.join(sorted(known))}" if len(known) <= 12 else ""


@dataclass
class Entry:
    """A mapping at a place of a document.

    Each reader returns the value, or ``default`` when the key is not there; with no default the
    key is needed and its absence is a fault. A faulty value reads as None. ``sound`` turns false
    at the first fault, so that a caller never builds anything on a value that was not understood.
    """

    doc: Document
    place: Place
    sound: bool = True
    raw: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        value = self.doc.data
        for step in self.place:
            value = value[step]
        self.raw = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.fault("should be a list of keys and values")

    def fault(self, text: str, *keys: str | int) -> None:
        """Note a fault at a key of this entry, or at the entry itself."""
        self.sound = False
        self.doc.fault((*self.place, *keys), text)

    def only(self, known: Collection[str]) -> None:
        """Refuse keys that mean nothing here."""
        for key in self.raw:
            if key not in known:
                self.fault(f"unknown key {key!r}{did_you_mean(key, known)}", key)

    def _has(self, key: str, default: object) -> bool:
        if self.raw.get(key) is not None:
            return True
        if default is ...:
            self.fault(f"{key!r} is missing", *([key] if key in self.raw else []))
        return False

    def text(self, key: str, default: Any = ...) -> Any:
        """A piece of text that is not empty."""
        if not self._has(key, default):
            return None if default is ... else default
        value = self.raw[key]
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
        return self.fault(f"{key!r} should be text, not {value!r}", key)

    def word(self, key: str, known: Collection[W], what: str, default: Any = ...) -> Any:
        """One word of a fixed list."""
        value = self.text(key, default)
        if key not in self.raw or value is None or value in known:
            return value
        return self.fault(f"unknown {what} {value!r}{did_you_mean(value, known)}", key)

    def words(self, key: str, default: Any = ...) -> Any:
        """A list of texts, or one text standing for a list of one; as a tuple."""
        if not self._has(key, default):
            return None if default is ... else default
        value = [self.raw[key]] if isinstance(self.raw[key], str) else self.raw[key]
        if not isinstance(value, list):
            return self.fault(f"{key!r} should be a list", key)
        for n, item in enumerate(value):
            if not isinstance(item, str):
                self.fault(f"{key!r} should be a list of words, not {item!r}", key, n)
        return tuple(item for item in value if isinstance(item, str))

    def known_words(self, key: str, known: Collection[str], what: str, default: Any = ...) -> Any:
        """As `words`, each one of a fixed list."""
        value = self.words(key, default)
        if key in self.raw:
            for n, item in enumerate(value or ()):
                if item not in known:
                    self.fault(f"unknown {what} {item!r}{did_you_mean(item, known)}", key, n)
        return value

    def flag(self, key: str) -> bool:
        """true or false; false when it is not there."""
        value = self.raw.get(key, False)
        if not isinstance(value, bool):
            self.fault(f"{key!r} should be true or false, not {value!r}", key)
        return value is True

    def day(self, key: str) -> date | None:
        """A date written 2018-07-04, or nothing."""
        value = self.raw.get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.fault(f"{key!r} should be a date such as 2018-07-04, not {str(value)!r}", key)
        return None

    def days(self, start: str, end: str) -> tuple[date | None, date | None]:
        """Two dates that are in order, either of which may be missing."""
        first, last = self.day(start), self.day(end)
        if first and last and first > last:
            self.fault(f"{start!r} ({first}) is after {end!r} ({last})", start)
        return first, last

    def period(self, key: str) -> tuple[date | None, date | None]:
        """A mapping ``{from: DATE, to: DATE}``, either or both missing."""
        if self.raw.get(key) is None:
            return None, None
        inner = Entry(self.doc, (*self.place, key))
        inner.only(("from", "to"))
        found = inner.days("from", "to")
        self.sound &= inner.sound
        return found

    def interval(self, key: str) -> Interval | None:
        """A mapping such as ``{working_days: 45}``."""
        value = self.raw.get(key)
        if not isinstance(value, dict) or len(value) != 1:
            self.fault(f"{key!r} should be one length of time, such as {{working_days: 45}}", key)
            return None
        unit, number = next(iter(value.items()))
        if unit not in UNITS:
            self.fault(f"unknown unit {unit!r}{did_you_mean(unit, UNITS)}", key, unit)
            return None
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < _LONGEST:
            self.fault(f"{key!r} should be a whole number above 0, not {number!r}", key, unit)
            return None
        return Interval(number, unit)

    def coverage(self, key: str, default: Any = ...) -> Any:
        """How far each source can test a rule, as pairs of source and `Coverage`."""
        if not self._has(key, default):
            return None if default is ... else default
        inner = Entry(self.doc, (*self.place, key))
        for source in inner.raw:
            if source not in SOURCES:
                self.fault(f"unknown source {source!r}{did_you_mean(source, SOURCES)}", key, source)
        pairs = [(s, self._covered(key, s)) for s in SOURCES if s in inner.raw]
        self.sound &= inner.sound
        return tuple((source, cover) for source, cover in pairs if cover is not None)

    def _covered(self, key: str, source: str) -> Coverage | None:
        inner = Entry(self.doc, (*self.place, key, source))
        inner.only(("tested", "because"))
        tested = inner.word("tested", TESTED, "answer to 'tested'")
        because = inner.text("because", "")
        if tested in ("part", "none") and not because:
            inner.fault(f"tested {tested}: 'because' should say why not in full")
        self.sound &= inner.sound
        return Coverage(tested, because or "") if inner.sound else None
