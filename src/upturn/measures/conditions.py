"""Conditions as Polars expressions: true, false, or null where it cannot be told.

A value that was left blank or set aside is not known, so nothing that compares it is true or false. That it
*is* blank is known, unless it was set aside or the source has no such column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import polars as pl

from upturn.measures.model import Condition

Compare = Callable[[pl.Expr, Any, date], pl.Expr]


def _months_ago(column: pl.Expr, months: Any, as_at: date) -> pl.Expr:
    return column.dt.offset_by(f"{months}mo") <= as_at


#: What a condition may say of a field. Each is held against its value, except `given` and `blank`.
OPERATORS: dict[str, Compare] = {
    "is": lambda c, v, _: c == v,
    "is_not": lambda c, v, _: c != v,
    "in": lambda c, v, _: c.is_in(list(v)),
    "not_in": lambda c, v, _: ~c.is_in(list(v)),
    "at_least": lambda c, v, _: c >= v,
    "at_most": lambda c, v, _: c <= v,
    "contains": lambda c, v, _: c.str.to_lowercase().str.contains(str(v).lower(), literal=True),
    "lacks": lambda c, v, _: ~c.str.to_lowercase().str.contains(str(v).lower(), literal=True),
    "starts": lambda c, v, _: c.str.to_lowercase().str.starts_with(str(v).lower()),
    "months_ago": _months_ago,
    "days_ago_at_most": lambda c, v, as_at: (pl.lit(as_at) - c).dt.total_days() <= v,
    "by_as_at": lambda c, v, as_at: (c <= as_at) == v,
}
#: Operators that ask whether a field is filled in at all.
FILLED = ("given", "blank")
#: Operators that look at other rows of the child: worked out beforehand, as a column.
LOOK_BACK = ("earlier_within_months", "also_on", "in_need_alone")
#: The kinds of value an operator takes.
NUMBERS = ("at_least", "at_most", "months_ago", "days_ago_at_most", "earlier_within_months")
LISTS = ("in", "not_in")
TEXTS = ("contains", "lacks", "starts")
ALL_OPERATORS = (*OPERATORS, *FILLED, *LOOK_BACK)


def every(conditions: Iterable[Condition], *, as_at: date, absent: frozenset[str]) -> pl.Expr:
    """All of the conditions, in the logic of three values: false beats cannot tell, which beats true.

    ``absent`` are fields the source has no column for. Columns ``aside:FIELD`` say what was set aside.

    >>> frame = pl.DataFrame({"nfa": [True, False, None], "aside:nfa": [False] * 3})
    >>> where = every([Condition("nfa", "is", True)], as_at=date(2026, 9, 30), absent=frozenset())
    >>> frame.select(where).to_series().to_list()
    [True, False, None]
    """
    whole = pl.lit(True)
    for condition in conditions:
        whole = whole & one(condition, as_at=as_at, absent=absent)
    return whole


def one(condition: Condition, *, as_at: date, absent: frozenset[str]) -> pl.Expr:
    """One condition, or one of several."""
    if condition.any_of:
        some = pl.lit(False)
        for choice in condition.any_of:
            some = some | one(choice, as_at=as_at, absent=absent)
        return some
    if condition.op in LOOK_BACK:
        return pl.col(column_of(condition))
    if condition.field in absent:
        return pl.lit(None, dtype=pl.Boolean)
    column = pl.col(condition.field)
    if condition.op in FILLED:
        aside = pl.col(f"aside:{condition.field}").fill_null(False)
        filled = column.is_not_null() if condition.op == "given" else column.is_null()
        return pl.when(~aside).then(filled)
    return OPERATORS[condition.op](column, condition.value, as_at)


def column_of(condition: Condition) -> str:
    """The name of the column that holds a look back worked out beforehand."""
    return f"{condition.op}:{condition.field}:{condition.value}"


def flatten(conditions: Iterable[Condition]) -> list[Condition]:
    """Every plain condition, those inside an ``any`` too."""
    return [leaf for c in conditions for leaf in (flatten(c.any_of) if c.any_of else [c])]


def fields_of(conditions: Iterable[Condition]) -> set[str]:
    """Every field that conditions speak of, those inside an ``any`` too."""
    return {c.field for c in flatten(conditions) if c.op not in LOOK_BACK}
