"""Rulebooks from files: the shipped editions and local defaults, and the overlays of a council."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from upturn.rulebooks.choose import rules_of as rules_of
from upturn.rulebooks.entry import did_you_mean
from upturn.rulebooks.located import RulebookError, read_yaml
from upturn.rulebooks.model import Rule, Rulebook
from upturn.rulebooks.validate import (
    LOCAL_DEFAULTS_ID,
    Header,
    check_drops,
    read_header,
    read_rules,
    rule_places,
)

_HERE = Path(__file__).parent
EDITIONS = _HERE / "editions"
LOCAL_DEFAULTS = _HERE / "local" / f"{LOCAL_DEFAULTS_ID}.yaml"


def shipped_files() -> tuple[Path, ...]:
    """The rulebooks that come with Upturn: the editions by name, then the local defaults.

    >>> shipped_files()[-1].name
    'local-defaults.yaml'
    """
    return (*sorted(EDITIONS.glob("*.yaml")), LOCAL_DEFAULTS)


def load_rulebooks(overlays: Sequence[Path] = (), *, defaults: bool = True) -> tuple[Rulebook, ...]:
    """Every shipped edition, the local defaults unless ``defaults`` is false, and the overlays.

    An overlay's rule takes what it does not say from the shipped local default of the same id.

    Raises RulebookError with every fault of every file, each with its line.

    >>> [b.id for b in load_rulebooks() if b.kind == "local"]
    ['local-defaults']
    """
    if not overlays:
        books = _shipped()
    else:
        books, faults = _read((*shipped_files(), *(Path(p) for p in overlays)))
        if faults:
            raise RulebookError(faults)
    return books if defaults else tuple(b for b in books if b.id != LOCAL_DEFAULTS_ID)


@lru_cache(maxsize=1)
def _shipped() -> tuple[Rulebook, ...]:
    books, faults = _read(shipped_files())
    if faults:
        raise RulebookError(faults)
    return books


def check_rulebook(path: Path) -> list[str]:
    """The faults of one file, read together with the shipped rulebooks; empty when it is fine.

    Raises RulebookError when there is no such file or it is not text.

    >>> check_rulebook(LOCAL_DEFAULTS)
    []
    """
    others = [p for p in shipped_files() if p.resolve() != Path(path).resolve()]
    _, faults = _read((*others, Path(path)))
    unread = [f for f in faults if f.startswith(f"{Path(path).name}:")]
    if unread:
        raise RulebookError(unread)
    return [f for f in faults if f.startswith(f"{Path(path).name},")]


def _read(paths: Iterable[Path]) -> tuple[tuple[Rulebook, ...], list[str]]:
    files = {path: read_yaml(path) for path in paths}
    headers = {p: h for p, doc in files.items() if (h := read_header(doc)) is not None}
    _check_names(headers.values())
    order = _bases_first(list(headers.values()))
    rules = _all_rules(order)
    _check_overlaps(order, rules)
    _check_exemptions(order, rules)
    faults = [fault for doc in files.values() for fault in doc.faults]
    if faults:
        return (), faults
    return tuple(_book(h, rules[h.id], p) for p, h in headers.items()), []


def _book(header: Header, rules: Mapping[str, Rule], path: Path) -> Rulebook:
    version = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return Rulebook(
        id=header.id,
        title=header.title,
        kind="local" if header.kind == "local" else "national",
        in_force_from=header.in_force[0],
        in_force_to=header.in_force[1],
        source=header.source,
        status=header.status,
        rules=tuple(rules.values()),
        version=version,
        note=header.note,
        continues=header.continues,
        drops=header.drops,
        exempts=header.exempts,
    )


def _check_names(headers: Iterable[Header]) -> None:
    first: dict[str, str] = {}
    for header in headers:
        if header.id in first:
            text = f"rulebook {header.id!r} is already in {first[header.id]}"
            header.doc.fault(("rulebook",), text)
        first.setdefault(header.id, header.doc.name)


def _bases_first(headers: list[Header]) -> list[Header]:
    """The files in an order where each follows the one it continues; circles are faults."""
    by_id = {h.id: h for h in reversed(headers)}
    order: dict[int, Header] = {}

    def place(header: Header, above: tuple[str, ...]) -> None:
        if id(header) in order:
            return
        base = by_id.get(header.continues)
        if header.continues and base is None:
            text = f"continues an unknown rulebook {header.continues!r}"
            header.doc.fault(("continues",), text + did_you_mean(header.continues, by_id))
        elif base is not None and header.continues in (*above, header.id):
            header.doc.fault(("continues",), f"goes round in a circle back to {base.id!r}")
        elif base is not None:
            place(base, (*above, header.id))
        order[id(header)] = header

    for header in headers:
        place(header, ())
    return list(order.values())


def _all_rules(order: list[Header]) -> dict[str, dict[str, Rule]]:
    """Each file's rules by id, its own and those carried over, files after their bases."""
    rules: dict[str, dict[str, Rule]] = {}
    by_id = {h.id: h for h in order}
    # Local files come last, so that an overlay finds the shipped defaults to stand on.
    local_last = sorted(order, key=lambda h: (h.kind == "local", h.id != LOCAL_DEFAULTS_ID))
    for header in local_last:
        base_id = LOCAL_DEFAULTS_ID if header.kind == "local" else header.continues
        if header.continues and base_id not in rules:
            continue  # its base is unknown or circular, and that has been said
        bases = rules.get(base_id, {}) if base_id != header.id else {}
        skip = by_id[base_id].broken if base_id in by_id else set()
        check_drops(header, {*bases, *skip})
        taken = _national_ids(rules, by_id) if header.kind == "local" else {}
        own = read_rules(header, bases, skip if base_id != header.id else set(), taken)
        base = by_id.get(header.continues)
        carried = _carried(header, base, bases, own) if base else {}
        rules[header.id] = {**carried, **own}
    return rules


def _national_ids(
    rules: Mapping[str, Mapping[str, Rule]], by_id: Mapping[str, Header]
) -> dict[str, str]:
    """The ids of national rules, each with an edition that has it."""
    national = (book for book in rules if by_id[book].kind == "national")
    return {name: book for book in national for name in rules[book]}


def _carried(
    header: Header, base: Header, bases: Mapping[str, Rule], own: Mapping[str, Rule]
) -> dict[str, Rule]:
    """The rules of the continued edition that still hold here, with this edition's dates.

    A rule that ended before the edition it stands in did is not carried over.
    """
    start, end = header.in_force
    gone = {*own, *header.drops, *header.broken}
    return {
        name: replace(
            rule,
            edition=header.id,
            in_force_from=start,
            in_force_to=end,
            status=header.carried_status or rule.status,
            note=" ".join(n for n in (rule.note, header.carried_note) if n),
        )
        for name, rule in bases.items()
        if name not in gone and rule.in_force_to == base.in_force[1]
    }


def _check_overlaps(order: list[Header], rules: Mapping[str, Mapping[str, Rule]]) -> None:
    """Two rules of one id in force on one day: nobody could say which of them a clock takes."""
    held: dict[str, list[Rule]] = {}
    for header in order:
        for rule in rules.get(header.id, {}).values():
            for other in held.setdefault(rule.id, []):
                if _overlap(rule, other) and not _stands_on_default(rule, other):
                    _say_overlap(header, rule, other)
            held[rule.id].append(rule)


def _overlap(a: Rule, b: Rule) -> bool:
    start = max(a.in_force_from or date.min, b.in_force_from or date.min)
    end = min(a.in_force_to or date.max, b.in_force_to or date.max)
    apart = a.councils and b.councils and not set(a.councils) & set(b.councils)
    return start <= end and not apart


def _stands_on_default(a: Rule, b: Rule) -> bool:
    """An overlay's rule takes the place of the shipped default, so the two never meet."""
    editions = {a.edition, b.edition}
    return a.kind == b.kind == "local" and LOCAL_DEFAULTS_ID in editions and len(editions) == 2


def _say_overlap(header: Header, rule: Rule, other: Rule) -> None:
    place = rule_places(header.doc).get(rule.id, ("in_force",))
    named = "" if place != ("in_force",) else f"rule {rule.id!r}, carried over: "
    day = max(rule.in_force_from or date.min, other.in_force_from or date.min)
    when = f"from {day}" if day > date.min else "at all times"
    header.doc.fault(place, f"{named}{rule.edition} and {other.edition} are both in force {when}")


def _check_exemptions(order: list[Header], rules: Mapping[str, Mapping[str, Rule]]) -> None:
    known = {name for book in rules.values() for name in book}
    for header in order:
        for n, exemption in enumerate(header.exempts):
            if exemption.rule not in known:
                text = f"exempts from an unknown rule {exemption.rule!r}"
                header.doc.fault(("exempts", n), text + did_you_mean(exemption.rule, known))
