"""A scorecard by group of children: is what one group gets different from what the rest get?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import polars as pl

from upturn.journeys.result import Check
from upturn.measures.model import LENGTHS, Value
from upturn.measures.statistics.intervals import difference, wilson
from upturn.records.sheets import SourceError
from upturn.rulebooks.entry import did_you_mean

#: What a scorecard can be broken down by, in words.
BY = {
    "age": "age on the as-at date",
    "sex": "sex",
    "ethnicity": "ethnic group",
    "disability": "disability",
    "team": "team",
}
NOT_KNOWN = "not known"
#: Standard deviations a group must be from the rest: many groups are looked at at once.
FAR = 3.09
#: A group, and the rest, of fewer than this are not held against each other.
FEWEST = 10
#: Counts of children from 1 to this are not published.
SMALL = 4
_ETHNIC = {"W": "White", "M": "Mixed", "A": "Asian", "B": "Black", "C": "Chinese", "O": "Other"}
_AGES = ((0, "under 1"), (4, "1 to 4"), (9, "5 to 9"), (15, "10 to 15"), (17, "16 and 17"))

COLUMNS: dict[str, pl.DataType] = {
    "measure": pl.String(),
    "name": pl.String(),
    "unit": pl.String(),
    "by": pl.String(),
    "group": pl.String(),  # "all" for every child
    "value": pl.Float64(),
    "n": pl.Int64(),
    "of": pl.Int64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "cannot_tell": pl.Int64(),
    "against_the_rest": pl.String(),  # higher, lower, or empty: no further than chance explains
}


def chosen(by: Sequence[str]) -> tuple[str, ...]:
    """The breakdowns asked for, each once. Raises SourceError for one that is not known.

    >>> chosen(["age", "age", "team"])
    ('age', 'team')
    """
    for name in by:
        if name not in BY:
            raise SourceError(f"no breakdown by {name!r}{did_you_mean(name, BY)}")
    return tuple(dict.fromkeys(by))


def breakdown(check: Check, values: Sequence[Value], *, by: Sequence[str]) -> pl.DataFrame:
    """Each value for all children and for each group, with the columns of `COLUMNS`.

    A percentage has its Wilson interval and says whether it is higher or lower than that of all other
    children together, at 3.09 standard deviations (Newcombe's interval for a difference). A rate needs
    the population of each group, which no extract has: its group rows give the count. Groups with nothing
    to count have no row. Raises SourceError for an unknown name in ``by``.
    """
    rows: list[dict[str, object]] = []
    for name in chosen(by):
        group_of = _groups(check, name)
        for value in values:
            if value.value is not None and _by_children(value):
                rows += _value_rows(value, name, group_of(value.members))
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def _by_children(value: Value) -> bool:
    """Whether a value is one of children: the spread of caseloads is one of workers, and posts have none."""
    return value.measure.unit != "children" and not (value.of and value.members.is_empty())


Grouper = Callable[[pl.DataFrame], pl.DataFrame]


def _groups(check: Check, by: str) -> Grouper:
    """The function that gives each member its group."""
    if by == "team":
        return lambda members: members.with_columns(group=pl.col("team").fill_null(NOT_KNOWN))
    words = {
        "age": _age_words(check.as_at),
        "sex": pl.col("pers_sex").replace_strict(
            {"M": "male", "F": "female", "U": "not stated"}, default=None
        ),
        "ethnicity": pl.col("pers_ethnicity").str.slice(0, 1).replace_strict(_ETHNIC, default=None),
        "disability": pl.when("pers_disability")
        .then(pl.lit("disabled"))
        .when(~pl.col("pers_disability"))
        .then(pl.lit("not disabled")),
    }[by]
    known = (
        check.casebook.table("person")
        .with_columns(group=words)
        .drop_nulls("group")
        .unique("pers_person_id", keep="last", maintain_order=True)
        .select(child_id="pers_person_id", group="group")
    )
    return lambda members: members.join(
        known, on="child_id", how="left", maintain_order="left"
    ).with_columns(pl.col("group").fill_null(NOT_KNOWN))


def _age_words(as_at: date) -> pl.Expr:
    """Age bands as the children in need census has them; a child not born yet is a band of its own."""
    born = pl.col("pers_dob")
    had = (born.dt.month() < as_at.month) | (
        (born.dt.month() == as_at.month) & (born.dt.day() <= as_at.day)
    )
    age = as_at.year - born.dt.year() - (~had).cast(pl.Int32)
    bands = [pl.when(age <= upper).then(pl.lit(said)) for upper, said in _AGES]
    return pl.coalesce(
        pl.when(born > as_at).then(pl.lit("unborn")),
        *bands,
        pl.when(age > 17).then(pl.lit("18 and over")),
    )


def _value_rows(value: Value, by: str, members: pl.DataFrame) -> list[dict[str, object]]:
    told = members.filter(pl.col("counts").is_not_null())
    whole = (int(told["counts"].sum()), told.height)
    rows = [_row(value, by, "all", members, None)]
    for (group,), theirs in sorted(members.group_by("group"), key=lambda pair: _place(pair[0])):
        rows.append(_row(value, by, str(group), theirs, whole))
    return rows


def _place(key: tuple[object, ...]) -> tuple[int, str]:
    """Age bands in the order of age, other groups by name, what is not known last."""
    order = ["unborn", *(words for _, words in _AGES), "18 and over"]
    name = str(key[0])
    return (order.index(name) if name in order else 99 if name == NOT_KNOWN else 50), name


def _row(
    value: Value, by: str, group: str, members: pl.DataFrame, whole: tuple[int, int] | None
) -> dict[str, object]:
    told = members.filter(pl.col("counts").is_not_null())
    n, of, one = int(told["counts"].sum()), told.height, value.measure
    figure, low, high = _figure(value, told, n, of)
    return {
        "measure": one.id,
        "name": one.name,
        "unit": "count" if one.unit == "rate" else one.unit,
        "by": by,
        "group": group,
        "value": figure,
        "n": n,
        "of": of,
        "low": low,
        "high": high,
        "cannot_tell": members.height - of,
        "against_the_rest": _against(n, of, whole) if whole and one.unit == "percent" else "",
    }


def _figure(
    value: Value, told: pl.DataFrame, n: int, of: int
) -> tuple[float | None, float | None, float | None]:
    one = value.measure
    if one.form == "overdue" or one.unit == "days":
        return float(told["amount"].sum() or 0), None, None
    if one.unit == "percent":
        if not of:
            return None, None, None
        low, high = wilson(n, of)
        return round(100 * n / of, 2), round(100 * low, 2), round(100 * high, 2)
    if one.unit in LENGTHS:
        middle = told.filter("counts")["amount"].median()
        return (float(middle) if isinstance(middle, (int, float)) else None), None, None
    return float(n), None, None


def _against(n: int, of: int, whole: tuple[int, int]) -> str:
    rest_n, rest_of = whole[0] - n, whole[1] - of
    if min(of, rest_of) < FEWEST:
        return ""
    _, low, high = difference((n, of), (rest_n, rest_of), z=FAR)
    return "higher" if low > 0 else "lower" if high < 0 else ""


def publishable(table: pl.DataFrame) -> pl.DataFrame:
    """The same with small numbers taken out, for anything that leaves the council.

    A row is suppressed where 1 to 4 children are in the measure, out of it, or in the group. Where the
    suppressed groups of a measure could be worked out from the total, the next smallest goes too, until
    what is hidden is at least two groups and no small number. Adds the column ``suppressed`` (why, or
    empty) and drops ``cannot_tell``. Suppressed rows have no figures.
    """
    parts = [_hidden(part) for _, part in table.group_by("measure", "by", maintain_order=True)]
    marked = pl.concat(parts) if parts else table.with_columns(suppressed=pl.lit(""))
    shown = pl.col("suppressed") == ""
    return marked.with_columns(
        *(pl.when(shown).then(pl.col(name)).alias(name) for name in _FIGURES),
        pl.when(shown).then(pl.col("against_the_rest")).otherwise(pl.lit("")),
    ).drop("cannot_tell")


_FIGURES = ("value", "n", "of", "low", "high")


def _hidden(part: pl.DataFrame) -> pl.DataFrame:
    """One measure by one breakdown, with why each row is suppressed."""
    counts = part.select("group", "n", "of").rows()
    why = ["small number" if _is_small(n, of) else "" for _, n, of in counts]
    groups = sorted(
        (place for place, (group, _, _) in enumerate(counts) if group != "all"),
        key=lambda place: counts[place][2],
    )
    while left := [place for place in groups if not why[place]]:
        hidden = [place for place in groups if why[place]]
        n, of = (sum(counts[place][column] for place in hidden) for column in (1, 2))
        if not hidden or (len(hidden) > 1 and not _is_small(n, of)):
            break
        why[left[0]] = "so that another cannot be worked out"
    return part.with_columns(suppressed=pl.Series(why, dtype=pl.String))


def _is_small(n: int, of: int) -> bool:
    return any(1 <= count <= SMALL for count in (n, of - n, of))
