"""A rulebook file checked and turned into rules, with every fault it has and where."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from upturn.rulebooks.entry import Entry, did_you_mean
from upturn.rulebooks.located import Document, Place
from upturn.rulebooks.model import (
    KINDS,
    PATTERNS,
    STATUSES,
    WHICH,
    Exemption,
    Rule,
    Status,
)
from upturn.rulebooks.vocabulary import vocabulary

BOOK_KEYS = (
    "rulebook", "title", "kind", "in_force", "source", "status", "continues", "carried_status",
    "carried_note", "drops", "rules", "exempts", "note", "shared",
)  # fmt: skip
RULE_KEYS = (
    "id", "name", "group", "kind", "pattern", "episode", "starts", "which", "stops", "voided_by",
    "ended_by", "failed_by", "within", "applies_to", "in_force", "source", "status", "sources",
    "councils", "not_councils", "assumed", "note",
)  # fmt: skip
#: The shipped local rulebook; every other local rulebook is an overlay on it.
LOCAL_DEFAULTS_ID = "local-defaults"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass
class Header:
    """What a file says of itself, before its rules are read. ``drops`` and the like as in YAML."""

    doc: Document
    id: str
    title: str
    kind: str
    in_force: tuple[date | None, date | None]
    source: str
    status: Status
    continues: str
    carried_status: Status | None
    carried_note: str
    drops: tuple[str, ...]
    note: str
    exempts: tuple[Exemption, ...]
    broken: set[str] = field(default_factory=set)


def read_header(doc: Document) -> Header | None:
    """The header of a document, or None when it is too faulty to go on; faults are in ``doc``."""
    if not isinstance(doc.data, dict):
        if not doc.faults:
            doc.fault((), "not a rulebook: it should start with 'rulebook:'")
        return None
    entry = Entry(doc, ())
    entry.only(BOOK_KEYS)
    name = _id(entry, "rulebook")
    kind = entry.word("kind", ("national", "local"), "kind of rulebook")
    header = Header(
        doc,
        name,
        entry.text("title"),
        kind,
        entry.period("in_force"),
        entry.text("source"),
        entry.word("status", STATUSES, "status"),
        entry.text("continues", "") or "",
        entry.word("carried_status", STATUSES, "status", None),
        entry.text("carried_note", "") or "",
        entry.words("drops", ()) or (),
        entry.text("note", "") or "",
        tuple(_exemptions(entry)),
    )
    if kind == "local" and header.continues:
        entry.fault("only a national edition continues another; local rules stand on the shipped "
                    "defaults", "continues")  # fmt: skip
    if not isinstance(doc.data.get("rules", []), list):
        entry.fault("'rules' should be a list", "rules")
        return None
    return header if name and kind else None


def _id(entry: Entry, key: str) -> Any:
    name = entry.text(key)
    if name is not None and not _ID.fullmatch(name):
        return entry.fault(f"{key!r} should be small letters, digits and hyphens: {name!r}", key)
    return name


def _exemptions(book: Entry) -> Iterator[Exemption]:
    raw = book.raw.get("exempts") or []
    if not isinstance(raw, list):
        book.fault("'exempts' should be a list", "exempts")
        return
    for n in range(len(raw)):
        entry = Entry(book.doc, ("exempts", n))
        entry.only(("rule", "councils", "from", "to", "source"))
        rule, councils = entry.text("rule"), entry.words("councils")
        if councils == ():
            entry.fault("'councils' names nobody", "councils")
        start, end = entry.days("from", "to")
        source = entry.text("source")
        if entry.sound:
            yield Exemption(rule, councils, start, end, source)


def read_rules(
    header: Header, bases: Mapping[str, Rule], skip: set[str], taken: Mapping[str, str]
) -> dict[str, Rule]:
    """The rules a file states itself, by id; a rule takes from its base what it does not say.

    ``bases`` are the rules it may build on (of the edition it continues, or the shipped local
    defaults); rules in ``skip`` are passed over, because their base is itself at fault. ``taken``
    are ids it may use only to build on a base, each with the edition that has it.
    """
    found: dict[str, Rule] = {}
    seen: dict[str, int] = {}
    for n in range(len(header.doc.data.get("rules") or [])):
        entry = Entry(header.doc, ("rules", n))
        name = _id(entry, "id") if entry.sound else None
        if name in seen:
            entry.fault(f"this id is used already on line {seen[name]}", "id")
            continue
        if name is None or name in skip:
            continue
        seen[name] = header.doc.line_of[("rules", n, "id")]
        if name in taken and name not in bases and header.id != LOCAL_DEFAULTS_ID:
            entry.fault(
                f"a local rule cannot change the national rule of {taken[name]}; "
                "give it an id of its own",
                "id",
            )
            continue
        rule = _rule(entry, header, name, bases.get(name))
        if rule is None:
            header.broken.add(name)
        else:
            found[name] = rule
    return found


def rule_places(doc: Document) -> dict[str, Place]:
    """Where each rule a document states begins, by id."""
    raw = doc.data.get("rules") or []
    named = ((n, r.get("id")) for n, r in enumerate(raw) if isinstance(r, dict))
    return {name: ("rules", n, "id") for n, name in named if isinstance(name, str)}


def _rule(entry: Entry, book: Header, name: str, base: Rule | None) -> Rule | None:
    """One rule; ``base`` gives what it leaves out, but never its source, status or dates."""
    words = vocabulary()

    def given(attribute: str, otherwise: Any = ...) -> Any:
        return getattr(base, attribute) if base else otherwise

    entry.only(RULE_KEYS)
    local = book.kind == "local"
    kind = entry.word("kind", KINDS, "kind", given("kind", "local" if local else ...))
    pattern = entry.word("pattern", PATTERNS, "pattern", given("pattern"))
    own_from, own_to = entry.period("in_force")
    values = {
        "id": name,
        "edition": book.id,
        "name": entry.text("name", given("name")),
        "group": entry.text("group", given("group")),
        "kind": kind,
        "pattern": pattern,
        "episode": entry.word("episode", words.episodes, "episode", given("episode")),
        "starts": entry.word("starts", words.events, "event", given("starts")),
        "stops": entry.known_words("stops", words.events, "event", given("stops")),
        "within": entry.interval("within") if "within" in entry.raw else given("within", None),
        "status": entry.word("status", STATUSES, "status", book.status),
        "source": entry.text("source"),
        "which": entry.word("which", WHICH, "answer to 'which'", given("which", "each")),
        **{key: entry.known_words(key, words.events, "event", given(key, ()))
           for key in ("voided_by", "ended_by", "failed_by")},
        "applies_to": entry.text("applies_to", given("applies_to", "")),
        "in_force_from": own_from or book.in_force[0],
        "in_force_to": own_to or book.in_force[1],
        "coverage": entry.coverage("sources", given("coverage")),
        "councils": entry.words("councils", given("councils", ())),
        "not_councils": entry.words("not_councils", given("not_councils", ())),
        "assumed": entry.flag("assumed"),
        "note": entry.text("note", given("note", "")),
    }  # fmt: skip
    _check_sense(entry, book, values)
    return Rule(**values) if entry.sound else None


def _check_sense(entry: Entry, book: Header, rule: dict[str, Any]) -> None:
    """What each value allows by itself and the rule as a whole does not."""
    pattern, within = rule["pattern"], rule["within"]
    timed = pattern in ("deadline", "interval")
    if timed and within is None and "within" not in entry.raw:
        entry.fault(f"a {pattern} needs 'within'")
    if pattern in ("check", "precedence") and within is not None:
        entry.fault(f"a {pattern} has no time limit: take 'within' out", "within")
    if rule["stops"] == ():
        entry.fault("'stops' names no event", "stops")
    if rule["failed_by"] and pattern != "check":
        entry.fault("'failed_by' is only for a check", "failed_by")
    if rule["kind"] is not None and (rule["kind"] == "local") != (book.kind == "local"):
        entry.fault(f"a {book.kind} rulebook cannot hold a {rule['kind']} rule", "kind")
    start, end = rule["in_force_from"], rule["in_force_to"]
    if entry.sound and not _inside((start, end), book.in_force):
        entry.fault("in force on days when its edition is not", "in_force")
    if entry.sound and rule["councils"] and rule["not_councils"]:
        both = set(rule["councils"]) & set(rule["not_councils"])
        for council in sorted(both):
            entry.fault(f"{council!r} is in both 'councils' and 'not_councils'", "councils")


def _inside(own: tuple[date | None, date | None], book: tuple[date | None, date | None]) -> bool:
    starts = (own[0] or date.min) >= (book[0] or date.min)
    return starts and (own[1] or date.max) <= (book[1] or date.max)


def check_drops(header: Header, bases: Collection[str]) -> None:
    """Refuse a drop of a rule that is not there to be dropped."""
    for n, name in enumerate(header.drops):
        if name not in bases:
            text = f"'drops' names a rule it does not have: {name!r}"
            header.doc.fault(("drops", n), text + did_you_mean(name, bases))
