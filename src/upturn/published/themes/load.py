"""The rules for reading a sentence from their YAML, refused with file and line where they are wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import polars as pl

from upturn.findings.load import load_frameworks
from upturn.published.themes.model import Lean, Rules, Tone, Topic
from upturn.rulebooks.entry import Entry
from upturn.rulebooks.located import Document, RulebookError, read_yaml

RULES = Path(__file__).parent / "rules.yaml"
_KEYS = ("themes", "factors", "remedies", "polarity", "lean")
_TOPIC = ("id", "title", "words", "unless", "with", "catalogue")
#: A repeat, and how many patterns with and without one stand together in an expression.
_REPEATS = re.compile(r"\{\d*,\d+\}|\+ \)|\]\*|\.\*")
_SLOW, _FAST = 8, 40
_LEAN = ("praise", "concern", "outweighs")
_TONE = ("contrast", "neutral", "good_negatives", "in_hand", "concern", "praise", "facts")


@lru_cache(maxsize=1)
def load_rules() -> Rules:
    """The rules that are shipped. Raises RulebookError with file and line for each fault.

    >>> [factor.id for factor in load_rules().factors][:3]
    ['workload', 'posts', 'turnover']
    """
    return read_rules(RULES)


def read_rules(file: Path) -> Rules:
    """The rules of a file. Raises RulebookError with every fault and its line."""
    document = read_yaml(file)
    if not isinstance(document.data, dict):
        document.fault((), f"it should have {', '.join(_KEYS)}")
        raise RulebookError(document.faults)
    Entry(document, ()).only(_KEYS)
    themes, factors = _topics(document, "themes"), _topics(document, "factors")
    _shared(document, themes)
    tone = _tone(document)
    remedies = _patterns(document, "remedies", ("words", "unless", "asked"))
    lean = _lean(document)
    if lean is None or document.faults:
        raise RulebookError(document.faults)
    version = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    return Rules(
        themes, factors, remedies["words"], remedies["unless"], remedies["asked"], tone,
        lean, version,
    )  # fmt: skip


def _topics(document: Document, part: str) -> tuple[Topic, ...]:
    raw = document.data.get(part)
    if not isinstance(raw, list) or not raw:
        document.fault((part,), f"{part!r} should be a list")
        return ()
    found: dict[str, Topic] = {}
    for n in range(len(raw)):
        entry = Entry(document, (part, n))
        topic = _topic(entry)
        if topic is not None and topic.id in found:
            entry.fault(f"{topic.id!r} stands twice", "id")
        elif topic is not None:
            found[topic.id] = topic
    return tuple(found.values())


def _topic(entry: Entry) -> Topic | None:
    entry.only(_TOPIC)
    texts = {key: entry.text(key) for key in ("id", "title")}
    words = {
        key: _pattern(entry, key, needed=key == "words") for key in ("words", "unless", "with")
    }
    catalogue = entry.flag("catalogue")
    if not entry.sound:
        return None
    return Topic(
        **texts, words=words["words"], unless=words["unless"], beside=words["with"],
        catalogue=catalogue,
    )  # fmt: skip


def _patterns(document: Document, part: str, keys: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(document.data.get(part), dict):
        document.fault((part,), f"{part!r} should have {', '.join(keys)}")
        return dict.fromkeys(keys, "")
    entry = Entry(document, (part,))
    entry.only(keys)
    return {key: _pattern(entry, key, needed=True) for key in keys}


def _lean(document: Document) -> Lean | None:
    raw = document.data.get("lean")
    if not isinstance(raw, dict):
        document.fault(("lean",), f"'lean' should have {', '.join(_LEAN)}")
        return None
    Entry(document, ("lean",)).only(_LEAN)
    for key in _LEAN:
        if not isinstance(raw.get(key), int | float):
            document.fault(("lean", key), f"{key!r} should be a number")
            return None
    return Lean(**{key: float(raw[key]) for key in _LEAN})


def _tone(document: Document) -> Tone:
    found = dict.fromkeys(_TONE, ())
    if not isinstance(document.data.get("polarity"), dict):
        document.fault(("polarity",), f"'polarity' should have {', '.join(_TONE)}")
        return Tone(**found)
    entry = Entry(document, ("polarity",))
    entry.only(_TONE)
    return Tone(**{key: _grouped(_list(entry, key, needed=True)) for key in _TONE})


def _grouped(patterns: Sequence[str]) -> tuple[str, ...]:
    """The patterns as few expressions, those with repeats apart from those without and fewer together.

    Repeats of words in many alternatives make the states of one expression too many to keep, and the search
    ten times as slow.
    """
    slow = [one for one in patterns if _REPEATS.search(one)]
    fast = [one for one in patterns if not _REPEATS.search(one)]
    parts = [some[n : n + size] for some, size in ((fast, _FAST), (slow, _SLOW))
             for n in range(0, len(some), size)]  # fmt: skip
    return tuple(_either(part) for part in parts)


def _pattern(entry: Entry, key: str, *, needed: bool) -> str:
    """One expression that matches what any of the list does."""
    return _either(_list(entry, key, needed=needed))


def _list(entry: Entry, key: str, *, needed: bool) -> Sequence[str]:
    """The list of expressions; a fault for each that is not one."""
    found = entry.words(key) if needed else entry.words(key, ())
    for n, one in enumerate(found or ()):
        try:
            pl.Series([""]).str.contains(one)
        except pl.exceptions.ComputeError:
            entry.fault(f"not a regular expression: {one!r}", key, n)
    return found or ()


def _either(patterns: Sequence[str]) -> str:
    return "|".join(f"(?:{_plain(one)})" for one in patterns)


def _plain(pattern: str) -> str:
    """The same pattern in small letters, with the borders and letters of plain English.

    What is searched is in small letters too (`classify`): to ignore case costs several times as much. Borders
    of words in every script make the search four times as slow, and a report is in English.
    """
    return pattern.lower().replace(r"\b", r"(?-u:\b)").replace(r"\w", "[0-9a-z_]")


def _shared(document: Document, themes: tuple[Topic, ...]) -> None:
    """An id is shared with the findings' catalogue where it has the theme, and only there."""
    known = {theme for framework in load_frameworks() for theme in framework.criteria}
    for n, theme in enumerate(themes):
        if theme.catalogue != (theme.id in known):
            has = "has no" if theme.catalogue else "has a"
            document.fault(("themes", n), f"the findings' catalogue {has} theme {theme.id!r}")
