"""Strengths, concerns, and what is said to be better, the same or worse than at the inspection before.

Rules of words (``tone.yaml``) and of position: under a heading "strengths" a sentence is a strength whatever
its words. What the rules cannot tell is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import cast

import yaml

from upturn.published.report.blocks import Block
from upturn.published.report.model import Change, Polarity, Since, Statement
from upturn.published.themes.sentences import sentences

#: A denial turns a cue round when it stands at most this many words before it, in the same clause.
_REACH = 6
#: A sentence with fewer words than this is a heading or a scrap.
_FEWEST_WORDS = 4
_TOKEN = re.compile(r"[a-z][a-z'-]*|[,;:–—]")
_STOPS = frozenset(",;:–—")
#: Without one of these a sentence does not speak of an earlier inspection.
_HINTS = ("inspect", "since", "visit")


@dataclass(frozen=True)
class Tone:
    """The entries of ``tone.yaml``: phrases as words, each with its kind; and the patterns of change."""

    phrases: tuple[tuple[tuple[str, ...], str], ...]
    denial: frozenset[str]
    clause: frozenset[str]
    earlier: re.Pattern[str]
    change: Mapping[str, re.Pattern[str]]


@cache
def tone() -> Tone:
    """The words of tone, read once."""
    text = resources.files(__package__).joinpath("tone.yaml").read_text(encoding="utf-8")
    given = yaml.safe_load(text)
    phrases = [
        (tuple(phrase.split()), kind)
        for kind in ("strength", "concern", "neither")
        for phrase in _listed(given[kind])
    ]
    return Tone(
        phrases=tuple(sorted(phrases, key=lambda entry: (-len(entry[0]), entry[1] != "neither"))),
        denial=frozenset(_listed(given["denial"])),
        clause=frozenset(_listed(given["clause"])) | _STOPS,
        earlier=_any(given["earlier"]),
        change={name: _any(patterns) for name, patterns in given["change"].items()},
    )


def _listed(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.split(",") if phrase.strip()]


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})(?!\w)")


def polarity_of(sentence: str) -> tuple[Polarity, str]:
    """Whether ``sentence`` tells of a strength, a concern, both or neither, and the words that say so.

    >>> polarity_of("Not all assessments are good.")
    ('concern', 'not ... good')
    >>> polarity_of("Children are seen promptly, but plans are weak.")[0]
    'mixed'
    """
    cues = list(_cues(_TOKEN.findall(sentence.lower().replace("’", "'"))))
    kinds = {kind for kind, _ in cues}
    words = ", ".join(dict.fromkeys(cue for _, cue in cues))
    if not kinds:
        return "unclear", ""
    return cast(Polarity, kinds.pop() if len(kinds) == 1 else "mixed"), words


def _cues(tokens: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each cue's kind after denial, and its words; a word belongs to one cue only."""
    place = 0
    while place < len(tokens):
        hit = next((h for h in _beginning(tokens[place]) if _fits(h[0], tokens, place)), None)
        if hit is None:
            place += 1
            continue
        phrase, kind = hit
        said = " ".join(tokens[place : place + len(phrase)])
        if kind != "neither":
            denial = "" if phrase[0] in tone().denial else _denied(tokens, place)
            other = "concern" if kind == "strength" else "strength"
            yield (other, f"{denial} ... {said}") if denial else (kind, said)
        place += len(phrase)


@lru_cache(maxsize=50_000)
def _beginning(word: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The phrases that ``word`` can begin, longest first."""
    return tuple(entry for entry in tone().phrases if _same(entry[0][0], word))


def _same(entry: str, word: str) -> bool:
    return word.startswith(entry[:-1]) if entry[-1] == "*" else word == entry


def _fits(phrase: tuple[str, ...], tokens: Sequence[str], place: int) -> bool:
    if len(phrase) == 1:
        return True
    after = tokens[place : place + len(phrase)]
    return len(after) == len(phrase) and all(map(_same, phrase, after))


def _denied(tokens: Sequence[str], place: int) -> str:
    """The denial that stands before ``place`` in its clause, or nothing."""
    for before in range(place - 1, max(-1, place - 1 - _REACH), -1):
        if tokens[before] in tone().clause:
            return ""
        if tokens[before] in tone().denial:
            return tokens[before]
    return ""


def statements_of(blocks: Sequence[Block]) -> tuple[Statement, ...]:
    """Every sentence of the report's own account that is a strength, a concern or both."""
    return tuple(statement for block in blocks for statement in _statements(block))


def _statements(block: Block) -> Iterator[Statement]:
    if block.place.kind == "actions" or block.bullet == "heading":
        return
    for sentence in sentences(block.text):
        if len(sentence.text.split()) < _FEWEST_WORDS:
            continue
        polarity, cue = _under(block, sentence.text)
        if polarity != "unclear":
            yield Statement(
                polarity=polarity,
                page=block.page_of(sentence.start),
                text=sentence.text,
                paragraph=block.number,
                area=block.place.area,
                cue=cue,
                part=block.place.part,
            )


def _under(block: Block, sentence: str) -> tuple[Polarity, str]:
    if block.place.kind == "strengths":
        return "strength", f"under the heading “{block.place.section}”"
    if block.place.kind == "weaknesses":
        return "concern", f"under the heading “{block.place.section}”"
    return polarity_of(sentence)


def changes_in(sentence: str) -> tuple[tuple[Change, str], ...]:
    """What ``sentence`` says has changed since an earlier inspection; nothing when it speaks of none.

    >>> changes_in("Since the last inspection in 2016, practice has not improved.")
    (('same', 'not improved'),)
    """
    said = sentence.lower().replace("’", "'")
    if not any(hint in said for hint in _HINTS) or tone().earlier.search(said) is None:
        return ()
    found: list[tuple[Change, str]] = []
    order: tuple[Change, ...] = ("worse", "same", "better")
    for change in order:
        cue = tone().change[change].search(said)
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
