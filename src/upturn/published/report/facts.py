"""The front page's facts: which framework, which authority, when, and who inspected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from upturn.published.report.authorities import Authority, named_in
from upturn.published.report.dates import dates_in
from upturn.published.report.document import Document
from upturn.published.report.furniture import Line
from upturn.published.report.model import Fact, Quote
from upturn.published.report.structure import Structure
from upturn.published.report.wording import Framework, wording, words_of

_INSPECTED = re.compile(
    r"^(?:re-?)?(?:inspection|review|visit) dates?\b|^dates? of (?:inspection|visit)", re.I
)
_PUBLISHED = re.compile(
    r"^(?:report |date )?published\b(?: on)?|^(?:report )?publication date\b", re.I
)
_ROLE = re.compile(r"^([A-Z][A-Za-z ]{4,40}?)(?: \(.{1,30}\))?\s*:\s*(.*)$")
_TITLE = re.compile(
    r"[,;]?\s*(?:Her|His) Majesty['’]s Inspectors?\b.*$|\s*\((?:HMI|OI|Ofsted [A-Za-z ]*)\)|,?\s*HMI\b"
)
_NAME = re.compile(r"^[A-Z][\w'’.-]*(?: (?:[a-z]{2,3} )?[A-Z][\w'’.-]*){1,3}$")
_FRONT_LINES = 40


@dataclass(frozen=True)
class Facts:
    """What `facts_of` found. ``known`` is the framework's own entry, for what it grades."""

    known: Framework | None
    framework: Fact[str]
    authority: Fact[str]
    code: Fact[str]
    start: Fact[date]
    end: Fact[date]
    published: Fact[date]
    inspectors: Fact[tuple[str, ...]]


def facts_of(document: Document, structure: Structure) -> Facts:
    """The facts of one report, each with the words it rests on or where Upturn looked."""
    front = [line for line in structure.lines[: _FRONT_LINES * 2] if line.page == 1][:_FRONT_LINES]
    start, end = _fieldwork(front, document)
    framework, known = _framework(front, document, start.value)
    authority, code = _authority(front, document, structure, start.value)
    return Facts(
        known=known,
        framework=framework,
        authority=authority,
        code=code,
        start=start,
        end=end,
        published=_published(front, document),
        inspectors=_inspectors(structure),
    )


def _framework(
    front: Sequence[Line], document: Document, begun: date | None
) -> tuple[Fact[str], Framework | None]:
    """The framework whose title comes first on the front page, or in the running heads."""
    del begun
    for lines in (front, document.heads):
        text = " ".join(words_of(line.text) for line in lines)
        hits = [
            (found.start(), number, framework)
            for number, framework in enumerate(wording().frameworks)
            for title in framework.titles
            if (found := title.search(text))
        ]
        if hits:
            place, _, framework = min(hits, key=lambda hit: hit[:2])
            line = _line_at(lines, place)
            return Fact(framework.id, "found", (Quote(line.page, line.text),)), framework
    return Fact(None, "not found", looked="the title on page 1 and the running heads"), None


def _line_at(lines: Sequence[Line], place: int) -> Line:
    """The line that holds character ``place`` of the words of ``lines`` joined by spaces."""
    taken = 0
    for line in lines:
        taken += len(words_of(line.text)) + 1
        if place < taken:
            return line
    return lines[-1]


def _after(lines: Sequence[Line], place: int) -> tuple[str, Line]:
    """The line at ``place`` with the next one where the date goes on over the line's end."""
    line = lines[place]
    text = line.text
    if place + 1 < len(lines) and not re.search(r"(?:19|20)\d\d\D*$|\d[/.]\d\d$", text):
        text = f"{text} {lines[place + 1].text}"
    return text, Line(line.page, text)


def _fieldwork(front: Sequence[Line], document: Document) -> tuple[Fact[date], Fact[date]]:
    """First and last day on site, from the front page; the running heads must agree where they say it."""
    looked = "the line “Inspection dates” on page 1, and the running heads"
    for place, line in enumerate(front):
        if not _INSPECTED.match(line.text):
            continue
        text, whole = _after(front, place)
        found = dates_in(text)
        if found:
            return _checked(found, whole, document, looked)
    for head in document.heads:
        found = dates_in(re.sub(r"\s\d{1,3}$", "", head.text))
        if len(found) > 1:
            return _span(found, head, looked)
    missing: Fact[date] = Fact(None, "not found", looked=looked)
    return missing, missing


def _span(found: Sequence[date], line: Line, looked: str) -> tuple[Fact[date], Fact[date]]:
    quote = (Quote(line.page, line.text),)
    return (
        Fact(min(found), "found", quote, looked),
        Fact(max(found), "found", quote, looked),
    )


def _checked(
    found: Sequence[date], line: Line, document: Document, looked: str
) -> tuple[Fact[date], Fact[date]]:
    for head in document.heads:
        # The page number follows the date: 13 to 24 March 2023 2.
        again = dates_in(re.sub(r"\s\d{1,3}$", "", head.text))
        if len(again) > 1 and (min(again), max(again)) != (min(found), max(found)):
            quotes = (Quote(line.page, line.text), Quote(head.page, head.text))
            clash: Fact[date] = Fact(None, "disagree", quotes, looked)
            return clash, clash
    return _span(found, line, looked)


def _published(front: Sequence[Line], document: Document) -> Fact[date]:
    looked = "the line “Report published” on page 1, and its footnotes"
    for place, line in enumerate(front):
        if _PUBLISHED.match(line.text):
            text, whole = _after(front, place)
            found = dates_in(text)
            if found:
                return Fact(found[0], "found", (Quote(whole.page, whole.text),), looked)
    return Fact(None, "not found", looked=looked)


def _authority(
    front: Sequence[Line], document: Document, structure: Structure, on: date | None
) -> tuple[Fact[str], Fact[str]]:
    """The authority of the title; the running heads and the front page's sentence must not name another."""
    looked = "the title on page 1, the running heads and the sentence of the overall judgement"
    title = _title(front)
    anchors = [(lines, _first(lines, on)) for lines in (title, document.heads, _sentences(front))]
    named = [(lines, authority) for lines, authority in anchors if authority is not None]
    if not named:
        missing: Fact[str] = Fact(None, "not found", looked=looked)
        return missing, missing
    quotes = tuple(
        Quote(lines[0].page, " ".join(line.text for line in lines)) for lines, _ in named
    )
    codes = {authority.code for _, authority in named}
    if len(codes) > 1:
        clash: Fact[str] = Fact(None, "disagree", quotes, looked)
        return clash, clash
    authority = named[0][1]
    return (
        Fact(authority.name, "found", quotes, looked),
        Fact(authority.code, "found", quotes, looked),
    )


def _title(front: Sequence[Line]) -> Sequence[Line]:
    """The lines above the dates of the inspection, at most ten."""
    stop = next((n for n, line in enumerate(front) if _INSPECTED.match(line.text)), 10)
    return front[: min(stop, 12)]


def _sentences(front: Sequence[Line]) -> Sequence[Line]:
    for place, line in enumerate(front):
        if words_of(line.text).startswith("children s service"):
            return front[place : place + 2]
    return ()


def _first(lines: Sequence[Line], on: date | None) -> Authority | None:
    found = named_in(" ".join(line.text for line in lines), on=on)
    return found[0] if found else None


def _inspectors(structure: Structure) -> Fact[tuple[str, ...]]:
    """The lead inspector first, then the others in the report's order, each once."""
    looked = "the line “Lead inspector” on page 1, and “The inspection team”"
    lead: list[str] = []
    others: list[str] = []
    quotes: list[Quote] = []
    for line, text, role in _roles(structure.lines):
        names = _people(text)
        if role == "not" or not names:
            continue
        (lead if role == "lead" else others).extend(names)
        quotes.append(Quote(line.page, line.text))
    if not lead:
        return Fact(None, "not found", tuple(quotes), looked)
    return Fact(tuple(dict.fromkeys([*lead, *others])), "found", tuple(quotes), looked)


def _roles(lines: Sequence[Line]) -> Iterator[tuple[Line, str, str]]:
    """The line, the names as printed and the role, for each line that begins with a role."""
    roles = wording().roles
    for place, line in enumerate(lines):
        found = _ROLE.match(line.text) if ":" in line.text[:60] else None
        role = roles.get(words_of(found[1])) if found else None
        if found is None or role is None:
            continue
        yield line, _names_from(found[2], lines[place + 1 : place + 8]), role


def _names_from(text: str, after: Sequence[Line]) -> str:
    """The names, going on over the line's end while names are broken off or another may follow."""
    for line in after:
        if _ROLE.match(line.text) or _TITLE.match(line.text) or _names_end(text):
            break
        text = f"{text} {line.text}".strip()
    return text


def _names_end(text: str) -> bool:
    if not text:
        return False
    if text[-1] == "." or "Majesty" in text:
        return True
    if text[-1] == "," or text.endswith(" and"):
        return False
    names = re.split(r",| and ", text)
    last = names[-1].strip()
    return len(names) == 1 or (" and " in text[-60:] and " " in last)


def _people(text: str) -> list[str]:
    names = re.split(r"\s*(?:,|;|\band\b|&)\s*", _TITLE.sub("", text).strip(" ."))
    return [name for name in (_TITLE.sub("", n).strip(" .") for n in names) if _NAME.match(name)]
