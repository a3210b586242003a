"""The catalogue of remedies from its YAML, refused with file and line where it is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeGuard

from upturn.remedies.costs import INPUTS
from upturn.remedies.model import EVERY, KNOWN, PER, STRENGTHS, TIMES, WAYS, Effect, Price, Remedy
from upturn.rulebooks.entry import Entry
from upturn.rulebooks.located import Document, RulebookError, read_yaml
from upturn.twin.parameters import PARAMETERS

CATALOGUE = Path(__file__).parent / "catalogue"
#: The files of the catalogue in the order they are shown.
FILES = ("people", "work", "management", "demand")
_KEYS = ("id", "title", "what", "unit", "most", "lead", "ramp", "lasts", "effects", "prices", "evidence",
         "wrong", "watch")  # fmt: skip
_STATUSES = ("verified", "secondary", "unverified")


@cache
def remedies() -> Mapping[str, Remedy]:
    """Every remedy that is shipped, by id, in order.

    >>> remedies()["permanent-posts"].drivers
    ('posts',)
    """
    return MappingProxyType(read_catalogue([CATALOGUE / f"{name}.yaml" for name in FILES]))


def catalogue_version() -> str:
    """The first twelve digits of the hash of the catalogue.

    >>> len(catalogue_version())
    12
    """
    text = b"".join((CATALOGUE / f"{name}.yaml").read_bytes() for name in FILES)
    return hashlib.sha256(text).hexdigest()[:12]


def read_catalogue(files: Sequence[Path]) -> dict[str, Remedy]:
    """The remedies of these files. Raises RulebookError with every fault of every file."""
    found: dict[str, Remedy] = {}
    documents = [read_yaml(file) for file in files]
    for document in documents:
        for entry in _entries(document):
            remedy = _remedy(entry)
            if remedy is not None and remedy.id in found:
                entry.fault(f"{remedy.id!r} stands twice in the catalogue", "id")
            elif remedy is not None:
                found[remedy.id] = remedy
    faults = [fault for document in documents for fault in document.faults]
    if faults:
        raise RulebookError(faults)
    return found


def _entries(document: Document) -> list[Entry]:
    raw = document.data.get("remedies") if isinstance(document.data, dict) else None
    if not isinstance(raw, list):
        if not document.faults:
            document.fault((), "not a catalogue: it should start with 'remedies:' and a list")
        return []
    return [Entry(document, ("remedies", n)) for n in range(len(raw))]


def _remedy(entry: Entry) -> Remedy | None:
    entry.only(_KEYS)
    of, times = _most(entry)
    evidence = Entry(entry.doc, (*entry.place, "evidence")) if "evidence" in entry.raw else None
    if evidence is None:
        entry.fault("'evidence' is missing")
        return None
    evidence.only(("strength", "source", "status"))
    made: dict[str, Any] = {
        **{key: entry.text(key) for key in ("id", "title", "what", "unit")},
        "most_of": of,
        "most_times": times,
        "lead": _months(entry, "lead"),
        "ramp": _months(entry, "ramp"),
        "lasts": _months(entry, "lasts") if "lasts" in entry.raw else None,
        "effects": tuple(_effects(entry)),
        "prices": tuple(_prices(entry)),
        "strength": evidence.word("strength", STRENGTHS, "strength"),
        "source": evidence.text("source"),
        "status": evidence.word("status", _STATUSES, "status"),
        "wrong": entry.words("wrong"),
        "watch": entry.words("watch"),
    }
    return Remedy(**made) if entry.sound and evidence.sound else None


def _most(entry: Entry) -> tuple[str, float]:
    given = entry.raw.get("most")
    if isinstance(given, dict) and set(given) == {"share_of", "times"}:
        if given["share_of"] in PARAMETERS and _number(given["times"]) and given["times"] > 0:
            return given["share_of"], float(given["times"])
    elif _number(given) and given >= 1:
        return "", float(given)
    entry.fault(
        "'most' should be a number of steps, or {share_of: PARAMETER, times: SHARE}", "most"
    )
    return "", 1.0


def _months(entry: Entry, key: str) -> int:
    value = entry.raw.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 60:
        return value
    entry.fault(f"{key!r} should be a whole number of months from 0 to 60", key)
    return 0


def _inner(entry: Entry, key: str) -> list[Entry]:
    given = entry.raw.get(key)
    if not isinstance(given, list):
        entry.fault(f"{key!r} should be a list", key)
        return []
    return [Entry(entry.doc, (*entry.place, key, n)) for n in range(len(given))]


def _effects(entry: Entry) -> list[Effect]:
    found = []
    for one in _inner(entry, "effects"):
        one.only(("parameter", "for", "known", "bought", "with", *WAYS))
        parameter = one.word("parameter", PARAMETERS, "parameter")
        per, known = one.word("for", PER, "share", "step"), one.word("known", KNOWN, "word")
        ways = [way for way in WAYS if way in one.raw]
        if "bought" in one.raw:
            bought = one.word("bought", INPUTS, "input")
            paid = one.known_words("with", INPUTS, "input") or ()
            made = Effect(parameter, "add", (0.0, 0.0, 0.0), per, known, bought, paid)
        else:
            made = Effect(parameter, ways[0] if ways else "", _amounts(one, ways), per, known)
        entry.sound &= one.sound
        found.append(made)
    if not found:
        entry.fault("a remedy moves something: 'effects' is empty")
    return found


def _amounts(entry: Entry, ways: list[str]) -> tuple[float, float, float]:
    if len(ways) != 1:
        entry.fault(f"give one of {', '.join(WAYS)}")
        return 0.0, 0.0, 0.0
    given = entry.raw[ways[0]]
    if not (isinstance(given, list) and len(given) == 3 and all(_number(v) for v in given)):
        entry.fault("should be three numbers: least, most likely, most", ways[0])
        return 0.0, 0.0, 0.0
    if sorted(given) != given:
        entry.fault("least, most likely and most should be in rising order", ways[0])
    return float(given[0]), float(given[1]), float(given[2])


def _prices(entry: Entry) -> list[Price]:
    found = []
    for one in _inner(entry, "prices"):
        one.only(("input", "dearest", "pounds", "factor", "days", "every", "times", "pay"))
        inputs = one.known_words("dearest", INPUTS, "input", ()) or ()
        if "input" in one.raw:
            inputs = (one.word("input", INPUTS, "input"),)
        pounds = one.raw.get("pounds")
        if bool(inputs) == _number(pounds):
            one.fault("give an input or pounds, and not both")
        found.append(
            Price(
                inputs,
                one.word("every", EVERY, "time"),
                one.word("times", TIMES, "number", "step"),
                float(pounds) if _number(pounds) else None,
                one.word("factor", INPUTS, "input", ""),
                float(one.raw.get("days", 1)),
                one.flag("pay"),
            )
        )
        entry.sound &= one.sound
    return found


def _number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
