"""One measure of a check, or all of them: the value, its interval, and the children behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl

from upturn.journeys.result import Check
from upturn.measures.desk import Desk
from upturn.measures.load import catalogue
from upturn.measures.members import Found, Window, members_of
from upturn.measures.model import LENGTHS, Measure, Value
from upturn.measures.statistics.intervals import byar, median_ranks, wilson
from upturn.records.casebook import Casebook
from upturn.rulebooks.calendar import add_months

DAYS_A_YEAR = 365.25
#: Why a measure of the form ``workload`` has no value where nobody looked at who held which child.
NOT_HERE = "it rests on who held which child, which only the scorecard looks at"


def held_since(source: str, as_at: date, *, months: int) -> date:
    """The first day whose events a source holds whole, at most ``months`` back.

    Annex A goes back six months. A census holds its own year: before 1 April only what is still open is
    in it, and a chart would take that for a rise.

    >>> held_since("cin_census", date(2026, 9, 30), months=24)
    datetime.date(2026, 4, 1)
    """
    if source == "annex_a":
        months = 6
    first = add_months(as_at, -months) + timedelta(1)
    if source != "cin_census":
        return first
    return max(first, date(as_at.year - (as_at < date(as_at.year, 4, 1)), 4, 1))


def held_by(casebook: Casebook, *, months: int) -> date:
    """The first day whose events a casebook holds whole, at most ``months`` back; see `held_since`.

    Several extracts reach back as far as each begins where the next one ends. Beside a fuller source a census
    does not count: it has no contacts, visits or care.
    """
    if not casebook.parts:
        return held_since(casebook.source, casebook.as_at, months=months)
    wide = [p for p in casebook.parts if p.source != "cin_census"] or list(casebook.parts)
    first = held_since(wide[0].source, wide[0].as_at, months=months)
    for part in wide[1:]:
        if part.as_at >= first - timedelta(1):
            first = min(first, held_since(part.source, part.as_at, months=months))
    return max(first, add_months(casebook.as_at, -months) + timedelta(1))


def default_window(casebook: Casebook) -> Window:
    """The window a casebook holds, twelve months at most, to its as-at date."""
    return held_by(casebook, months=12), casebook.as_at


def measure(
    check: Check | Desk,
    measure: Measure,
    *,
    window: Window | None = None,
    population: int | None = None,
) -> Value:
    """One measure of one check, on its as-at date.

    ``window`` is the first and last day that dates may have (by default the one the source holds);
    ``population`` the children aged 0 to 17 of the area, for rates. A `Desk` keeps what several measures
    share. Raises ValueError for a window that ends before it begins.

    >>> import upturn
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     check = upturn.demo(seed=1, size="small", out=folder)
    >>> entry = next(m for m in catalogue() if m.id == "referrals-nfa")
    >>> value = measure(check, entry)
    >>> value.children_in.height == value.n, value.children_out.height == value.of - value.n
    (True, True)
    """
    desk = check if isinstance(check, Desk) else Desk(check)
    window = window or default_window(desk.casebook)
    if window[0] > window[1]:
        raise ValueError(f"a window from {window[0]} to {window[1]} ends before it begins")
    cover = measure.covered_by(desk.casebook.source)
    if cover.tested == "none":
        return _untold(measure, desk, window, cover.because)
    if measure.form == "workload":
        return _untold(measure, desk, window, NOT_HERE)
    found = members_of(desk, measure, window)
    if found.why:
        return _untold(measure, desk, window, found.why)
    return _valued(measure, desk, window, found, population)


def measure_all(
    check: Check,
    measures: Sequence[Measure] | None = None,
    *,
    window: Window | None = None,
    population: int | None = None,
) -> list[Value]:
    """Every measure of the catalogue (or those given) on one check; the options are those of `measure`."""
    desk = Desk(check)
    chosen = catalogue() if measures is None else measures
    return [measure(desk, one, window=window, population=population) for one in chosen]


def values_table(values: Iterable[Value]) -> pl.DataFrame:
    """One row a measure: what it comes to, its interval, and what stayed out.

    Columns ``measure, group, name, unit, good, value, n, of, low, high, missing, excluded, why``.
    """
    rows = [
        {
            "measure": v.measure.id,
            "group": v.measure.group,
            "name": v.measure.name,
            "unit": v.measure.unit,
            "good": v.measure.good,
            "value": v.value,
            "n": v.n,
            "of": v.of,
            "low": v.interval[0] if v.interval else None,
            "high": v.interval[1] if v.interval else None,
            "missing": v.missing,
            "excluded": sum(v.excluded.values()),
            "why": v.why,
        }
        for v in values
    ]
    return pl.DataFrame(rows, schema=_TABLE, orient="row")


_TABLE: dict[str, pl.DataType] = {
    "measure": pl.String(), "group": pl.String(), "name": pl.String(), "unit": pl.String(),
    "good": pl.String(), "value": pl.Float64(), "n": pl.Int64(), "of": pl.Int64(), "low": pl.Float64(),
    "high": pl.Float64(), "missing": pl.Int64(), "excluded": pl.Int64(), "why": pl.String(),
}  # fmt: skip


def _untold(measure: Measure, desk: Desk, window: Window, why: str) -> Value:
    from upturn.measures.model import MEMBERS

    none = pl.DataFrame(schema=MEMBERS)
    return Value(measure, desk.as_at, window, None, 0, 0, None, 0, none, why=why)


def _valued(
    measure: Measure, desk: Desk, window: Window, found: Found, population: int | None
) -> Value:
    members = found.members
    n = int(members["counts"].sum())
    missing = members["counts"].null_count()
    of = members.height - missing
    missing -= found.none
    value, interval, why = _figure(measure, members, n, of, window, population)
    return Value(
        measure, desk.as_at, window, value, n, of, interval, missing, members, found.excluded,
        bands=_bands(measure, members, found.none), why=why,
    )  # fmt: skip


Figure = tuple[float | None, tuple[float, float] | None, str]


def _figure(
    measure: Measure, members: pl.DataFrame, n: int, of: int, window: Window, population: int | None
) -> Figure:
    """The value in the measure's unit, its interval, and why there is none."""
    if measure.form == "overdue":
        return float(members["amount"].sum() or 0), None, ""
    if measure.unit == "count":
        return float(n), None, ""
    if measure.unit == "rate":
        return _rate(measure, n, window, population)
    if not of:
        return None, None, "there is nothing to count"
    if measure.unit in LENGTHS:
        return _median(members)
    low, high = wilson(n, of)
    return 100 * n / of, (100 * low, 100 * high), ""


def _rate(measure: Measure, n: int, window: Window, population: int | None) -> Figure:
    """A count for each 10,000 children; what happens in a window, as if it went on for a year."""
    if not population:
        return None, None, "a rate needs the number of children in the area (--population)"
    years = ((window[1] - window[0]).days + 1) / DAYS_A_YEAR
    windowed = bool(measure.rows and measure.rows.window)
    scale = 10_000 / population / (years if windowed else 1)
    low, high = byar(n)
    return n * scale, (low * scale, high * scale), ""


def _median(members: pl.DataFrame) -> Figure:
    lengths = np.sort(members.filter("counts")["amount"].to_numpy())
    if not len(lengths):
        return None, None, "there is nothing to measure"
    low, high = median_ranks(len(lengths))
    interval = (float(lengths[low - 1]), float(lengths[high - 1]))
    return float(np.median(lengths)), interval, ""


def _bands(measure: Measure, members: pl.DataFrame, none: int) -> tuple[tuple[str, int], ...]:
    """How many lengths fall in each band; a band takes in its own upper end."""
    length = measure.length
    if length is None or not length.bands:
        return ()
    ends = [end for _, end in length.bands if end is not None]
    lengths = members.filter(pl.col("counts").is_not_null())["amount"].drop_nulls().to_numpy()
    place = np.searchsorted(ends, lengths, side="left")
    counts = np.bincount(place, minlength=len(length.bands)).tolist()
    found = [(words, int(n)) for (words, _), n in zip(length.bands, counts, strict=False)]
    return (*found, (length.none, none)) if length.none else tuple(found)
