"""Frameworks' wording, from ``frameworks.yaml``, ready for matching. Text is matched by its words alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

_WORD = re.compile(r"[a-z]+")


def words_of(text: str) -> str:
    """The words of ``text`` in small letters with one space between; digits and punctuation go.

    >>> words_of("2.2 Experiences and progress of Care Leavers2:")
    'experiences and progress of care leavers'
    """
    return " ".join(_WORD.findall(text.lower()))


@dataclass(frozen=True)
class Heading:
    """A heading: what follows it (``kind``), and for lists of actions what they are and how soon."""

    kind: str
    action: str = ""
    timescale: str = ""


@dataclass(frozen=True)
class Framework:
    """A framework: its id, name, the words of its title, and the areas it grades from a day on.

    ``binding`` are the areas that have never been inadequate without the overall grade being so.
    """

    id: str
    name: str
    titles: tuple[re.Pattern[str], ...]
    areas: tuple[tuple[date, tuple[str, ...]], ...]
    with_board: tuple[str, ...]
    binding: tuple[str, ...]
    status: str

    def areas_on(self, day: date | None, *, board: bool) -> tuple[str, ...]:
        """The areas graded by inspections begun on ``day``; the newest before it, or the first."""
        fitting = [areas for start, areas in self.areas if day is not None and start <= day]
        areas = fitting[-1] if fitting else self.areas[0][1]
        return areas + self.with_board if board else areas


@dataclass(frozen=True)
class Wording:
    """Everything of ``frameworks.yaml``, compiled."""

    grades: Mapping[str, str]
    grade: str
    fillers: frozenset[str]
    frameworks: tuple[Framework, ...]
    labels: Mapping[str, str]
    vocabulary: frozenset[str]
    sentences: Mapping[str, tuple[re.Pattern[str], ...]]
    exact: Mapping[str, Heading]
    patterns: tuple[tuple[re.Pattern[str], Heading], ...]
    any_pattern: re.Pattern[str]
    timescales: Mapping[str, str]
    roles: Mapping[str, str]

    def heading(self, words: str) -> Heading | None:
        """The heading that ``words`` (of a whole line) are, or None."""
        known = self.exact.get(words)
        if known is not None or self.any_pattern.fullmatch(words) is None:
            return known
        return next(
            (heading for pattern, heading in self.patterns if pattern.fullmatch(words)), None
        )


@cache
def wording() -> Wording:
    """The wording, read once.

    >>> wording().heading("recommendations").action
    'recommendation'
    """
    text = resources.files(__package__).joinpath("frameworks.yaml").read_text(encoding="utf-8")
    given = yaml.safe_load(text)
    grade = "|".join(sorted(given["grades"], key=len, reverse=True))
    labels = {label: area for area, names in given["labels"].items() for label in names}
    fillers = frozenset(given["fillers"])
    return Wording(
        grades=given["grades"],
        grade=f"({grade})",
        fillers=fillers,
        frameworks=tuple(_framework(id_, entry) for id_, entry in given["frameworks"].items()),
        labels=labels,
        vocabulary=frozenset(" ".join([*labels, *given["grades"], *fillers]).split()),
        sentences=_sentences(given["sentences"], f"({grade})"),
        **_headings(given["headings"]),
        timescales=given["timescales"],
        roles={name: role for role, names in given["inspectors"].items() for name in names},
    )


def _framework(id_: str, entry: Mapping[str, Any]) -> Framework:
    steps = [(entry["from"], tuple(entry["areas"]))]
    steps += [(change["from"], tuple(change["areas"])) for change in entry.get("changes", ())]
    return Framework(
        id=id_,
        name=entry["name"],
        titles=tuple(_pattern(title) for title in entry["titles"]),
        areas=tuple(steps),
        with_board=tuple(entry.get("with_board", ())),
        binding=tuple(entry.get("binding", ())),
        status=entry["status"],
    )


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text[3:] if text.startswith("re:") else re.escape(text))


def _sentences(
    given: Mapping[str, list[str]], grade: str
) -> dict[str, tuple[re.Pattern[str], ...]]:
    return {
        area: tuple(re.compile(rf"\b{text.replace('{grade}', grade)}\b") for text in texts)
        for area, texts in given.items()
    }


def _headings(given: list[dict[str, Any]]) -> dict[str, Any]:
    exact: dict[str, Heading] = {}
    patterns: list[tuple[re.Pattern[str], Heading]] = []
    for entry in given:
        heading = Heading(entry["kind"], entry.get("action", ""), entry.get("timescale", ""))
        for text in entry["words"]:
            if text.startswith("re:"):
                patterns.append((_pattern(text), heading))
            else:
                exact[text] = heading
    either = re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in patterns))
    return {"exact": exact, "patterns": tuple(patterns), "any_pattern": either}
