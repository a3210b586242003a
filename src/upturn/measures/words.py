"""The words a value is said in: a percentage never without its numbers."""

from __future__ import annotations

from datetime import date

from upturn.measures.model import LENGTHS, Value

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def day_words(day: date) -> str:
    """A date as people write it, whatever the machine's language.

    >>> day_words(date(2026, 8, 4))
    '4 Aug 2026'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


#: Units in which a whole number needs no decimal.
_WHOLE = ("working days", "children")


def number(value: float, unit: str) -> str:
    """A value as people write it: whole counts, one decimal for shares, rates and months.

    >>> number(1234.0, "count"), number(85.66, "percent"), number(14.0, "working days")
    ('1,234', '85.7', '14')
    """
    if unit in ("count", "days") or (unit in _WHOLE and value == int(value)):
        return f"{value:,.0f}"
    return f"{value:,.1f}"


def figure_words(value: Value) -> str:
    """A value with its unit and its numbers, or why there is none.

    >>> from datetime import date
    >>> import polars as pl
    >>> from upturn.measures.model import MEMBERS, Measure
    >>> one = Measure("m", "M", "G", "d", "s", "high", "percent", "rows")
    >>> day, none = date(2026, 9, 30), pl.DataFrame(schema=MEMBERS)
    >>> figure_words(Value(one, day, (day, day), 85.66, 3427, 4000, None, 12, none))
    '85.7 % (3,427 of 4,000)'
    """
    unit = value.measure.unit
    if value.value is None:
        return f"cannot tell: {value.why}" if value.why else "cannot tell"
    said = number(value.value, unit)
    if unit == "percent":
        return f"{said} % ({value.n:,} of {value.of:,})"
    if unit == "rate":
        return f"{said} ({value.n:,} counted)"
    if value.measure.form == "overdue":
        return f"{said} days ({value.n:,} pieces of work)"
    if unit == "children":
        return f"{said} children a worker ({value.of:,} held)"
    if unit == "days":
        return f"{said} days ({value.n:,} of {value.of:,} children)"
    if unit in LENGTHS:
        named = unit.removesuffix("s") if said == "1" else unit
        return f"{said} {named} (middle of {value.of:,})"
    return said


def interval_words(value: Value) -> str:
    """The interval of a value in words; empty when it has none.

    >>> from upturn.measures.model import Measure
    >>> import polars as pl
    >>> from datetime import date
    >>> one = Measure("m", "M", "G", "d", "s", "high", "percent", "rows")
    >>> day = date(2026, 9, 30)
    >>> interval_words(Value(one, day, (day, day), 50.0, 5, 10, (23.7, 76.3), 0, pl.DataFrame()))
    '23.7 to 76.3'
    """
    if value.interval is None:
        return ""
    low, high = (number(end, value.measure.unit) for end in value.interval)
    return f"{low} to {high}"
