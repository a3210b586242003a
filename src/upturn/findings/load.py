"""The catalogue and the frameworks from their YAML, refused with file and line where they are wrong."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from upturn.findings.kinds import KINDS
from upturn.findings.model import Comparator, Criterion, Framework, Pattern
from upturn.findings.row_cases import OPERATORS
from upturn.findings.uneven import OUTCOMES, UNITS
from upturn.records.tables import TABLES
from upturn.rulebooks import load_rulebooks
from upturn.rulebooks.entry import Entry, did_you_mean
from upturn.rulebooks.located import Document, RulebookError, read_yaml
from upturn.rulebooks.model import STATUSES

_HERE = Path(__file__).parent
CATALOGUE = _HERE / "catalogue"
FRAMEWORKS = _HERE / "frameworks.yaml"
_KEYS = ("id", "title", "question", "population", "theme", "hits", "found", "well", "sign_of", "ask",
         "sources", "test", "comparator", "least")  # fmt: skip
_FRAMEWORK_KEYS = ("id", "title", "period", "form", "grades", "source", "status", "weaknesses",
                   "strengths", "areas", "criteria")  # fmt: skip
_PLACES = {"n", "of", "share", "rest", "comparator", "what"}
#: Kinds of test that work out their comparator.
_OWN = ("uneven", "demand", "outrun", "remains", "caseloads-uneven")
_BASES = ("published", "derived", "assumed")


def catalogue_files() -> tuple[Path, ...]:
    """The files of the catalogue, in the order of a child's journey.

    >>> [f.stem for f in catalogue_files()]
    ['front-door', 'assessment', 'protection', 'care', 'leadership']
    """
    order = ("front-door", "assessment", "protection", "care", "leadership")
    return tuple(CATALOGUE / f"{name}.yaml" for name in order)


@lru_cache(maxsize=1)
def load_catalogue() -> tuple[Pattern, ...]:
    """Every question that is shipped, in order. Raises RulebookError with file and line for each fault.

    >>> load_catalogue()[0].id
    'contacts-held'
    """
    return read_catalogue(catalogue_files())


def catalogue_version() -> str:
    """The first twelve digits of the hash of the catalogue and the frameworks.

    >>> len(catalogue_version())
    12
    """
    text = b"".join(f.read_bytes() for f in (*catalogue_files(), FRAMEWORKS))
    return hashlib.sha256(text).hexdigest()[:12]


def read_catalogue(files: Sequence[Path]) -> tuple[Pattern, ...]:
    """The questions of these files. Raises RulebookError with every fault of every file."""
    documents = [read_yaml(file) for file in files]
    themes = {theme for framework in load_frameworks() for theme in framework.criteria}
    found: dict[str, Pattern] = {}
    for document in documents:
        for pattern, entry in _patterns(document, themes):
            if pattern.id in found:
                entry.fault(f"{pattern.id!r} stands twice in the catalogue", "id")
            found[pattern.id] = pattern
    _refuse(documents)
    return tuple(found.values())


def _refuse(documents: Iterable[Document]) -> None:
    faults = [fault for document in documents for fault in document.faults]
    if faults:
        raise RulebookError(faults)


def _patterns(document: Document, themes: set[str]) -> list[tuple[Pattern, Entry]]:
    raw = document.data.get("patterns") if isinstance(document.data, dict) else None
    if not isinstance(raw, list):
        if not document.faults:
            document.fault((), "not a catalogue: it should start with 'patterns:' and a list")
        return []
    read = [
        (_pattern(e, themes), e) for n in range(len(raw)) if (e := Entry(document, ("patterns", n)))
    ]
    return [(pattern, entry) for pattern, entry in read if pattern is not None]


def _pattern(entry: Entry, themes: set[str]) -> Pattern | None:
    entry.only(_KEYS)
    kind, test = _test(entry)
    pattern = {
        **{key: entry.text(key) for key in ("id", "title", "question", "population", "hits")},
        **{key: _sentence(entry, key) for key in ("found", "well")},
        "theme": entry.word("theme", themes, "theme"),
        "sign_of": entry.words("sign_of") or (),
        "ask": entry.words("ask") or (),
        "sources": entry.coverage("sources") or (),
        "kind": kind,
        "test": test,
        "comparator": _comparator(entry),
        "least": _whole(entry, "least", 3),
    }
    if kind and not pattern["found"]:
        entry.fault("'found' is missing: what is said when this is found", "found")
    if kind in KINDS and kind not in _OWN and not pattern["comparator"]:
        entry.fault(
            "'comparator' is missing: a share has to be held against something", "comparator"
        )
    return Pattern(**pattern) if entry.sound else None


def _sentence(entry: Entry, key: str) -> str:
    value = entry.raw.get(key)
    if not isinstance(value, str):
        entry.fault(f"{key!r} should be text; '' for none", key)
        return ""
    try:
        places = {name for _, name, _, _ in string.Formatter().parse(value) if name is not None}
    except ValueError as error:
        entry.fault(f"{key!r} cannot be filled in: {error}", key)
        return ""
    for name in sorted(places - _PLACES):
        entry.fault(f"{key!r} has a place {{{name}}}{did_you_mean(name, _PLACES)}", key)
    return " ".join(value.split())


def _whole(entry: Entry, key: str, default: int) -> int:
    value = entry.raw.get(key, default)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    entry.fault(f"{key!r} should be a whole number above 0, not {value!r}", key)
    return default


def _comparator(entry: Entry) -> Comparator | None:
    if entry.raw.get("comparator") is None:
        return None
    inner = Entry(entry.doc, (*entry.place, "comparator"))
    inner.only(("value", "basis", "name", "source", "margin"))
    value = inner.raw.get("value")
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value < 1:
        inner.fault(f"'value' should be a share from 0 to 1, not {value!r}", "value")
    margin = inner.raw.get("margin", 0)
    if not isinstance(margin, (int, float)) or isinstance(margin, bool) or not 0 <= margin < 0.2:
        inner.fault(f"'margin' should be a share from 0 to 0.2, not {margin!r}", "margin")
    basis = inner.word("basis", _BASES, "basis")
    name, source = inner.text("name"), inner.text("source")
    entry.sound &= inner.sound
    if not inner.sound or value is None:
        return None
    return Comparator(float(value), name, basis, source, float(margin))


def _test(entry: Entry) -> tuple[str, dict[str, Any]]:
    if entry.raw.get("test") is None:
        return "", {}
    inner = Entry(entry.doc, (*entry.place, "test"))
    kind = inner.word("kind", tuple(KINDS), "kind of test")
    if kind in KINDS:
        _parameters(inner, kind)
    entry.sound &= inner.sound
    return kind or "", {key: value for key, value in inner.raw.items() if key != "kind"}


def _parameters(test: Entry, kind: str) -> None:
    takes = KINDS[kind]
    test.only(("kind", *takes.needs, *takes.may))
    for key in takes.needs:
        if key not in test.raw:
            test.fault(f"a test of kind {kind!r} needs {key!r}")
    rules = {rule.id for book in load_rulebooks() for rule in book.rules}
    for key in ("rule", "rules"):
        test.known_words(key, rules, "rule", ())
    test.word("within", ("team",), "answer to 'within'", "")
    known = {"of": ("done", "finished", "current", "open"), "by": UNITS, "outcome": OUTCOMES}
    for key, words in known.items():
        test.word(key, words, f"answer to {key!r}", "")
    for key in ("past", "from", "to", "contacts", "within_days", "soon_days", "settle_days",
                "working_days", "over", "weeks", "workers", "days"):  # fmt: skip
        if key in test.raw:
            _whole(test, key, 1)
    if "table" in test.raw and test.word("table", tuple(TABLES), "table") in TABLES:
        _fields(test, TABLES[test.raw["table"]].columns)


def _fields(test: Entry, columns: Any) -> None:
    test.word("day", tuple(columns), "field", "")
    for key in ("where", "hit"):
        conditions = test.raw.get(key, [])
        if not isinstance(conditions, list):
            test.fault(f"{key!r} should be a list of conditions", key)
            continue
        for n in range(len(conditions)):
            one = Entry(test.doc, (*test.place, key, n))
            one.only(("field", *OPERATORS))
            one.word("field", tuple(columns), "field")
            if sum(name in one.raw for name in OPERATORS) != 1:
                one.fault(f"a condition has one of {', '.join(OPERATORS)}")
            one.word("is", ("blank", "filled"), "answer to 'is'", "")
            test.sound &= one.sound
    for _, name, _, _ in string.Formatter().parse(str(test.raw.get("reason", ""))):
        if name and name not in columns:
            test.fault(f"'reason' has a place {{{name}}}{did_you_mean(name, columns)}", "reason")


@lru_cache(maxsize=1)
def load_frameworks() -> tuple[Framework, ...]:
    """The frameworks that are shipped, the oldest first.

    >>> [f.id for f in load_frameworks()]
    ['ucra-2009', 'sif-2013', 'ilacs-2018', 'ilacs-2026', 'jtai']
    """
    return read_frameworks(FRAMEWORKS)


def framework(name: str) -> Framework:
    """One framework. Raises RulebookError for a name that there is not.

    >>> framework("jtai").period
    'From 2016'
    """
    known = {f.id: f for f in load_frameworks()}
    if name not in known:
        raise RulebookError([f"no framework {name!r}{did_you_mean(name, known)}"])
    return known[name]


def read_frameworks(file: Path) -> tuple[Framework, ...]:
    """The frameworks of a file. Raises RulebookError with every fault and its line."""
    document = read_yaml(file)
    raw = document.data.get("frameworks") if isinstance(document.data, dict) else None
    if not isinstance(raw, list):
        document.fault((), "it should start with 'frameworks:' and a list")
        raw = []
    read = [_framework(Entry(document, ("frameworks", n))) for n in range(len(raw))]
    _refuse([document])
    return tuple(f for f in read if f is not None)


def _framework(entry: Entry) -> Framework | None:
    entry.only(_FRAMEWORK_KEYS)
    texts = {
        key: entry.text(key)
        for key in ("id", "title", "period", "form", "grades", "source", "weaknesses", "strengths")
    }
    status = entry.word("status", STATUSES, "status")
    areas = entry.raw.get("areas")
    if not isinstance(areas, dict) or not areas:
        entry.fault("'areas' should give each area its title", "areas")
        return None
    criteria = _criteria(entry, areas)
    if not entry.sound:
        return None
    return Framework(**texts, status=status, areas=tuple(areas.items()), criteria=criteria)


def _criteria(entry: Entry, areas: dict[str, str]) -> dict[str, Criterion]:
    raw = entry.raw.get("criteria")
    if not isinstance(raw, dict):
        entry.fault("'criteria' should give each theme its area and text", "criteria")
        return {}
    found = {}
    for theme, value in raw.items():
        if not (isinstance(value, list) and len(value) == 2 and value[0] in areas):
            entry.fault(
                "a criterion is [area, text], the area one of this framework's", "criteria", theme
            )
            continue
        found[theme] = Criterion(value[0], str(value[1]), "unverified")
    return found
