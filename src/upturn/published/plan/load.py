"""What a plan may say of each theme, from its YAML; ids are checked against the catalogues they come from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from upturn.findings.load import load_catalogue
from upturn.measures.load import catalogue as measures_catalogue
from upturn.published.themes import load_rules
from upturn.remedies.load import remedies
from upturn.rulebooks.entry import Entry
from upturn.rulebooks.located import Document, RulebookError, read_yaml

CATALOGUE = Path(__file__).parent / "catalogue.yaml"
_KEYS = ("id", "good", "first", "measures", "findings", "factors", "remedies", "show", "how")


@dataclass(frozen=True)
class Guide:
    """What a draft plan says of one theme. See the head of ``catalogue.yaml`` for each field."""

    id: str
    title: str
    good: str
    first: str
    measures: tuple[str, ...]
    findings: tuple[str, ...]
    factors: tuple[str, ...]
    remedies: tuple[str, ...]
    show: tuple[str, ...]
    how: bool


@lru_cache(maxsize=1)
def load_guides() -> Mapping[str, Guide]:
    """The guide for each theme, in the order of the themes. Raises RulebookError for each fault.

    >>> load_guides()["adoption"].measures[0]
    'adoption-order-to-match'
    """
    return read_guides(CATALOGUE)


@lru_cache(maxsize=1)
def remedies_of() -> Mapping[str, tuple[str, ...]]:
    """The remedies that bear on each factor, by its id. Raises RulebookError for each fault.

    >>> remedies_of()["partners"]
    ('partner-agreement', 'conference-capacity')
    """
    document = read_yaml(CATALOGUE)
    factors = [factor.id for factor in load_rules().factors]
    entry = Entry(document, ("factors",))
    entry.only(tuple(factors))
    known = set(remedies())
    found = {one: entry.known_words(one, known, "remedy", ()) or () for one in factors}
    if document.faults:
        raise RulebookError(document.faults)
    return found


def guides_version() -> str:
    """The first twelve digits of the hash of the catalogue."""
    return hashlib.sha256(CATALOGUE.read_bytes()).hexdigest()[:12]


def read_guides(file: Path) -> Mapping[str, Guide]:
    """The guides of a file. Raises RulebookError with every fault and its line."""
    document = read_yaml(file)
    raw = document.data.get("themes") if isinstance(document.data, dict) else None
    if not isinstance(raw, list):
        document.fault((), "it should start with 'themes:' and a list")
        raise RulebookError(document.faults)
    found = [_guide(Entry(document, ("themes", n))) for n in range(len(raw))]
    guides = {guide.id: guide for guide in found if guide is not None}
    _complete(document, guides, len(raw))
    if document.faults:
        raise RulebookError(document.faults)
    return {theme.id: guides[theme.id] for theme in load_rules().themes}


def _complete(document: Document, guides: Mapping[str, Guide], written: int) -> None:
    if document.faults:
        return
    if len(guides) != written:
        document.fault(("themes",), "a theme stands twice")
    for theme in load_rules().themes:
        if theme.id not in guides:
            document.fault(("themes",), f"theme {theme.id!r} is missing")


def _guide(entry: Entry) -> Guide | None:
    entry.only(_KEYS)
    rules = load_rules()
    themes = {theme.id: theme for theme in rules.themes}
    patterns = load_catalogue()
    id = entry.word("id", tuple(themes), "theme")
    own = tuple(p.id for p in patterns if p.theme == id)
    more = entry.known_words("findings", {p.id for p in patterns}, "finding", ()) or ()
    guide = {
        "good": entry.text("good"),
        "first": entry.text("first"),
        "measures": entry.known_words("measures", {m.id for m in measures_catalogue()}, "measure"),
        "findings": (*own, *(one for one in more if one not in own)),
        "factors": entry.known_words("factors", {f.id for f in rules.factors}, "factor"),
        "remedies": entry.known_words("remedies", set(remedies()), "remedy", ()) or (),
        "show": entry.words("show") or (),
        "how": entry.flag("how"),
    }
    return Guide(id=id, title=themes[id].title, **guide) if entry.sound else None
