"""Conditions and fields as the catalogue writes them, each checked where it stands."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from upturn.measures.conditions import ALL_OPERATORS, LISTS, NUMBERS, TEXTS
from upturn.measures.model import Condition
from upturn.measures.relations import relation
from upturn.records.tables import TABLES
from upturn.rulebooks.entry import Entry, did_you_mean
from upturn.rulebooks.located import Place

#: What YAML gives for a value of each type of field, and what to call it.
_KINDS: dict[type[pl.DataType], tuple[Any, str]] = {
    pl.String: (str, 'a text (in quotes: "6", "yes")'),
    pl.Boolean: (bool, "true or false"),
    pl.Date: (date, "a date"),
}


def conditions(entry: Entry, place: Place, raw: Any, table: str) -> tuple[Condition, ...]:
    """The conditions at a place of an entry; what is wrong with them is noted as a fault."""
    if not isinstance(raw, list):
        entry.fault(f"{place[0]!r} should be a list of conditions", *place)
        return ()
    made = [condition_at(entry, (*place, n), item, table) for n, item in enumerate(raw)]
    return tuple(condition for condition in made if condition is not None)


def condition_at(entry: Entry, place: Place, raw: Any, table: str) -> Condition | None:
    """One condition: ``{field: F, is: V}``, or ``{any: [...]}``; None when it is faulty."""
    if isinstance(raw, dict) and set(raw) == {"any"}:
        choices = conditions(entry, (*place, "any"), raw["any"], table)
        return Condition(any_of=choices) if choices else None
    if not isinstance(raw, dict) or len(raw) != 2 or "field" not in raw:
        entry.fault("a condition is a field and one thing said of it: {field: F, is: V}", *place)
        return None
    op = next(key for key in raw if key != "field")
    if op not in ALL_OPERATORS:
        entry.fault(f"unknown condition {op!r}{did_you_mean(op, ALL_OPERATORS)}", *place, op)
        return None
    if not known_field(entry, (*place, "field"), table, str(raw["field"])):
        return None
    wrong = _wrong_value(op, raw[op]) or _wrong_kind(str(raw["field"]), op, raw[op])
    if wrong:
        entry.fault(f"{op!r} {wrong}, not {raw[op]!r}", *place, op)
        return None
    return Condition(str(raw["field"]), op, raw[op])


def known_field(entry: Entry, place: Place, table: str, name: str) -> bool:
    """Whether a field is in or beside a table; a fault when not."""
    try:
        relation(table, name)
    except LookupError as error:
        entry.fault(f"{error}{did_you_mean(name, list(TABLES[table].columns))}", *place)
        return False
    return True


def _wrong_value(op: str, value: Any) -> str:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if op in NUMBERS and not number:
        return "needs a number"
    if op in LISTS and not isinstance(value, list):
        return "needs a list"
    if op in TEXTS and not isinstance(value, str):
        return "needs a text"
    if op in ("given", "blank", "in_need_alone") and value is not True:
        return "takes only true"
    if op == "also_on" and (value not in TABLES or TABLES[value].child is None):
        return "needs a table of children"
    return "needs a value" if value is None else ""


def _wrong_kind(name: str, op: str, value: Any) -> str:
    """What a field of this type cannot be held against."""
    if op not in ("is", "is_not", "in", "not_in", *TEXTS):
        return ""
    kind = next((t.schema[name] for t in TABLES.values() if name in t.schema), pl.Int64())
    wants, words = _KINDS.get(type(kind), ((int, float), "a number"))
    if op in TEXTS and wants is not str:
        return f"is asked of text only, and {name!r} is not text"
    values = value if isinstance(value, list) else [value]
    right = all(isinstance(v, wants) and isinstance(v, bool) == (wants is bool) for v in values)
    return "" if right else f"of {name!r} needs {words}"
