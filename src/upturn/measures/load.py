"""The catalogue from its files: every entry checked, every fault with its file and line."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from upturn.measures.conditions import fields_of
from upturn.measures.entries import conditions, known_field
from upturn.measures.model import (
    FIGURES,
    FORMS,
    GOOD,
    LENGTHS,
    UNITS,
    Clocks,
    Condition,
    Length,
    Measure,
    Rows,
)
from upturn.records.tables import TABLES
from upturn.rulebooks import load_rulebooks, rules_of
from upturn.rulebooks.entry import Entry, did_you_mean
from upturn.rulebooks.located import Document, Place, RulebookError, read_yaml
from upturn.rulebooks.model import SOURCES, Coverage, best_kind

CATALOGUE = Path(__file__).with_name("catalogue")
#: States of clocks a measure may speak of.
STATES = ("overdue", "due soon", "running", "cannot tell", "met late", "met", "does not apply")
_HEADER = ("group", "source", "coverage", "measures")
_KEYS = (
    "id", "name", "definition", "source", "good", "unit", "form", "coverage", "published", "key", "table",
    "where", "window", "open", "per_child", "in", "length", "rules", "of", "counts", "series", "figure",
    "over",
)  # fmt: skip
#: What turns lengths of time into a share.
_BOUNDS = ("more_than", "at_least", "at_most")
_FORM_KEYS = {
    "rows": ("table",),
    "episodes": ("table", "rules"),
    "clocks": ("rules", "of"),
    "overdue": (),
    "workload": ("figure",),
}


def catalogue_files() -> tuple[Path, ...]:
    """The files of the catalogue that come with Upturn, by name."""
    return tuple(sorted(CATALOGUE.glob("*.yaml")))


@lru_cache(maxsize=1)
def catalogue() -> tuple[Measure, ...]:
    """Every measure that comes with Upturn, in the order a scorecard has them.

    >>> "referrals-nfa" in [measure.id for measure in catalogue()]
    True
    """
    return load_catalogue(catalogue_files())


def load_catalogue(files: Iterable[Path]) -> tuple[Measure, ...]:
    """The measures of these files. Raises RulebookError with every fault of every file, and its line."""
    documents = [read_yaml(path) for path in files]
    measures: list[Measure] = []
    seen: dict[str, str] = {}
    for doc in documents:
        for place, measure in _measures(doc):
            if measure.id in seen:
                doc.fault(place, f"measure {measure.id!r} is already in {seen[measure.id]}")
            seen.setdefault(measure.id, doc.name)
            measures.append(measure)
    faults = [fault for doc in documents for fault in doc.faults]
    if faults:
        raise RulebookError(faults)
    return tuple(measures)


def _measures(doc: Document) -> list[tuple[Place, Measure]]:
    if doc.faults:
        return []
    head = Entry(doc, ())
    head.only(_HEADER)
    group, source = head.text("group"), head.text("source", "")
    cover = head.coverage("coverage", ())
    if not isinstance(head.raw.get("measures"), list):
        head.fault("'measures' should be a list", *(["measures"] if "measures" in head.raw else []))
        return []
    found = []
    for number in range(len(head.raw["measures"])):
        place: Place = ("measures", number)
        made = _measure(Entry(doc, place), group, source, cover or ())
        if made is not None:
            found.append((place, made))
    return found


def _measure(
    entry: Entry, group: Any, source: str, cover: tuple[tuple[str, Coverage], ...]
) -> Measure | None:
    entry.only(_KEYS)
    own = entry.coverage("coverage", ())
    unit = entry.word("unit", UNITS, "unit")
    form = entry.word("form", FORMS, "form", "rows")
    for key in _FORM_KEYS.get(form, ()):
        if entry.raw.get(key) is None:
            entry.fault(f"a measure of {form} needs {key!r}")
    own_source = entry.text("source", source)
    if not own_source:
        entry.fault("'source' is missing here and above")
    made = Measure(
        id=entry.text("id"),
        name=entry.text("name"),
        group=group,
        definition=entry.text("definition"),
        source=own_source,
        good=entry.word("good", GOOD, "direction"),
        unit=unit,
        form=form,
        coverage=tuple({**dict(cover), **dict(own or ())}.items()),
        rows=_rows(entry) if entry.raw.get("table") is not None else None,
        inside=_inside(entry),
        length=_length(entry, unit, form),
        clocks=_clocks(entry, form) if form in ("clocks", "episodes") else None,
        published=entry.text("published", ""),
        key=entry.flag("key"),
        series=entry.raw.get("series", True) is not False,
        figure=entry.word("figure", FIGURES, "figure of workload", ""),
        over=_whole(entry, "over"),
    )
    return made if entry.sound else None


def _rows(entry: Entry) -> Rows | None:
    table = entry.word("table", tuple(TABLES), "table")
    if table is None:
        return None
    where = conditions(entry, ("where",), entry.raw.get("where") or [], table)
    window = entry.text("window", "")
    open_ = entry.words("open", ())
    if window and open_:
        entry.fault("a row is placed by a 'window' or by being 'open', not by both", "open")
    if open_ and len(open_) != 2:
        entry.fault("'open' should be two dates: when it began and when it ended", "open")
    for key, names in (("window", [window] if window else []), ("open", open_ or ())):
        for name in names:
            known_field(entry, (key,), table, name)
    per_child = _whole(entry, "per_child")
    return Rows(table, where, window or "", tuple(open_) if open_ else None, per_child)


def _whole(entry: Entry, key: str) -> int:
    value = entry.raw.get(key, 0)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    entry.fault(f"{key!r} should be a whole number, not {value!r}", key)
    return 0


def _inside(entry: Entry) -> dict[str, tuple[Condition, ...]]:
    """The conditions of the numerator: a list for every source, or one for each of some."""
    raw, table = entry.raw.get("in"), entry.raw.get("table")
    if raw is None or table not in TABLES:
        return {}
    if isinstance(raw, list):
        return {"": conditions(entry, ("in",), raw, table)}
    if not isinstance(raw, dict):
        entry.fault("'in' should be a list of conditions", "in")
        return {}
    made = {}
    for source, given in raw.items():
        if source not in (*SOURCES, "otherwise"):
            entry.fault(f"unknown source {source!r}", "in", source)
        key = "" if source == "otherwise" else source
        made[key] = conditions(entry, ("in", source), given, table)
    if "" not in made:
        entry.fault("'in' for some sources needs 'otherwise' for the rest", "in")
    return made


def _length(entry: Entry, unit: Any, form: Any) -> Length | None:
    if entry.raw.get("length") is None:
        if unit in LENGTHS and form != "workload":
            entry.fault(f"a measure in {unit} needs 'length'")
        return None
    inner = Entry(entry.doc, (*entry.place, "length"))
    inner.only(("from", "to", "unit", "bands", "none", *_BOUNDS))
    start, to = inner.text("from"), inner.text("to", "")
    measured = inner.word("unit", LENGTHS, "unit of time", unit if unit in LENGTHS else ...)
    table = entry.raw.get("table")
    if table in TABLES:
        for key, name in (("from", start), ("to", to)):
            if name:
                known_field(inner, (key,), table, name)
    bands = _bands(inner)
    bounds = {key: inner.raw.get(key) for key in _BOUNDS}
    for key, bound in bounds.items():
        if bound is not None and (isinstance(bound, bool) or not isinstance(bound, (int, float))):
            inner.fault(f"{key!r} should be a number, not {bound!r}", key)
    if unit == "percent" and not any(bound is not None for bound in bounds.values()):
        inner.fault(f"a share of lengths of time needs one of {', '.join(_BOUNDS)}")
    entry.sound &= inner.sound
    if not inner.sound:
        return None
    return Length(start, to, measured, bands, none=inner.text("none", ""), **bounds)


def _bands(entry: Entry) -> tuple[tuple[str, float | None], ...]:
    """A mapping from the words of each band to its upper end; the last may have none."""
    raw = entry.raw.get("bands") or {}
    if not isinstance(raw, dict):
        entry.fault("'bands' should be words and upper ends: {same day: 0, 1 to 10: 10}", "bands")
        return ()
    ends = list(raw.values())
    numbers = [end for end in ends if isinstance(end, (int, float)) and not isinstance(end, bool)]
    if any(end is None for end in ends[:-1]) or len(numbers) < len(
        [e for e in ends if e is not None]
    ):
        entry.fault("each band but the last needs a number as its upper end", "bands")
    if numbers != sorted(set(numbers)):
        entry.fault("the ends of the bands should rise", "bands")
    return tuple((str(words), end) for words, end in raw.items())


def _clocks(entry: Entry, form: str) -> Clocks | None:
    rules = entry.words("rules", ())
    known = _rule_ids()
    for number, rule in enumerate(rules or ()):
        if rule not in known:
            entry.fault(f"no rule {rule!r}{did_you_mean(rule, known)}", "rules", number)
    of = entry.known_words("of", STATES, "state", ())
    counts = entry.known_words("counts", STATES, "state", ())
    window = entry.text("window", "") if form == "clocks" else ""
    if window and window not in ("started_on", "due_on", "met_on"):
        entry.fault(f"clocks go by started_on, due_on or met_on, not {window!r}", "window")
    if form == "clocks" and set(counts or ()) - set(of or ()):
        entry.fault("'counts' should be some of the states in 'of'", "counts")
    return Clocks(tuple(rules or ()), window or "", tuple(of or ()), tuple(counts or ()))


@lru_cache(maxsize=1)
def _rule_ids() -> tuple[str, ...]:
    return tuple(sorted({rule.id for rule in rules_of(load_rulebooks())}))


def fields_needed(measure: Measure, source: str) -> set[str]:
    """Every field of the casebook that a measure of rows reads."""
    rows, length = measure.rows, measure.length
    if rows is None:
        return set()
    named = {rows.window, *(rows.open or ())}
    if length:
        named |= {length.start, length.to}
    return (named - {""}) | fields_of(rows.where) | fields_of(inside_of(measure, source))


def inside_of(measure: Measure, source: str) -> tuple[Condition, ...]:
    """The conditions of the numerator for one source; of several kinds, for the one that suffices most."""
    kind = best_kind(measure.coverage, source, Coverage("full", ""))
    return measure.inside.get(kind, measure.inside.get("", ()))
