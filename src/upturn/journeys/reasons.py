"""Why a clock stands as it does: one sentence with the dates and the arithmetic.

"Referral received Tue 4 Aug 2026; 45 working days end Wed 7 Oct 2026, leaving out Mon 31 Aug; not
authorised by Wed 30 Sep 2026: 5 working days left."
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from upturn.journeys.events import BLANK, NOT_HELD, SET_ASIDE, UNDATED
from upturn.rulebooks.calendar import bank_holidays_between
from upturn.rulebooks.compile import Family
from upturn.rulebooks.vocabulary import vocabulary

#: At most this many bank holidays are named one by one; beyond it their number is given.
NAMED_HOLIDAYS = 4
_USED = (
    "state unit within started_on due_on met_on working_days days_late family start_event start_date "
    "start_note stop_event stop_date stop_note doubt_event doubt_note doubt_date doubt_source "
    "end_event end_date"
).split()

Row = dict[str, Any]


def give_reasons(frame: pl.DataFrame, families: Sequence[Family], *, as_at: date) -> pl.DataFrame:
    """The clocks with a ``reason`` each. Clocks that are alike in every fact are given it once."""
    alike = frame.select(_USED).unique()
    rows = alike.iter_rows(named=True)
    said = [reason(row, families[row["family"]], as_at=as_at) for row in rows]
    alike = alike.with_columns(pl.Series("reason", said, dtype=pl.String()))
    return frame.join(alike, on=_USED, how="left", nulls_equal=True, maintain_order="left")


def reason(row: Row, family: Family, *, as_at: date) -> str:
    """The sentence for one clock. ``row`` has the columns of `give_reasons`."""
    state = row["state"]
    if state == "does not apply":
        return _does_not_apply(row, family)
    if family.pattern in ("check", "precedence"):
        return _checked(row, family, as_at)
    if not row["start_date"]:
        return _no_start(row)
    if state == "cannot tell":
        return f"{_start(row)}{_limit(row)}; cannot tell: {_doubt(row, family)}."
    return f"{_start(row)}{_limit(row)}; {_outcome(row, family, as_at)}."


@lru_cache(maxsize=50_000)
def day(d: date | None) -> str:
    """``Tue 4 Aug 2026``, or ``an unknown date``.

    >>> day(date(2026, 8, 4))
    'Tue 4 Aug 2026'
    """
    return f"{d:%a} {d.day} {d:%b %Y}" if d else "an unknown date"


@lru_cache(maxsize=50_000)
def _left_out(start: date, end: date) -> str:
    """The weekday bank holidays that a count of working days leaves out, in words."""
    out = [d for d, _ in bank_holidays_between(start, end) if d.weekday() < 5 and d > start]
    if not out:
        return ""
    if len(out) > NAMED_HOLIDAYS:
        return f", leaving out {len(out)} bank holidays"
    names = [f"{d:%a} {d.day} {d:%b}" for d in out]
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f", leaving out {joined}"


def _start(row: Row) -> str:
    words = _capital(vocabulary().says(row["start_event"]))
    if row["start_note"] == UNDATED:
        return f"{words} (its date is not held by this source)"
    return f"{words} {day(row['start_date'])}" if row["start_date"] else words


def _no_start(row: Row) -> str:
    why = _why_no_start(vocabulary().says(row["start_event"]), row["start_note"])
    return f"Cannot tell: {why}, so the clock of {row['within']} has no start."


def _why_no_start(words: str, note: str | None) -> str:
    if note == NOT_HELD:
        return _not_held(words)
    if note in (None, BLANK, SET_ASIDE):
        what = {BLANK: "is blank", SET_ASIDE: "was set aside"}.get(note or "", "is not known")
        return f"the date of “{words}” {what}"
    return note or ""


def _not_held(words: str) -> str:
    return f"this source does not record “{words}”"


def _limit(row: Row) -> str:
    """How long is allowed and when that ends."""
    if not row["due_on"]:
        return f"; {row['within']} allowed" if row["within"] else ""
    holidays = (
        _left_out(row["start_date"], row["due_on"])
        if row["unit"] == "working_days" and row["start_date"]
        else ""
    )
    verb = "ends" if row["within"].startswith("1 ") else "end"
    return f"; {row['within']} {verb} {day(row['due_on'])}{holidays}"


def _outcome(row: Row, family: Family, as_at: date) -> str:
    state = row["state"]
    if state in ("met", "met late") and row["stop_event"]:
        when = "" if row["stop_note"] == UNDATED else f" {day(row['stop_date'])}"
        held = f"{vocabulary().says(row['stop_event'])}{when}"
        return f"{held}: in time" if state == "met" else f"{held}: {_number(row)} late"
    if state == "met late":
        ended = f"{vocabulary().says(row['end_event'])} {day(row['end_date'])}"
        return f"{_lacks(family)} when {ended}, {_number(row)} after it was due"
    by = f"{_lacks(family)} by {day(as_at)}"
    if state == "overdue":
        return f"{by}: {_number(row)} overdue"
    return f"{by}: {_left(row)}"


def _number(row: Row) -> str:
    return _days(row["days_late"], row["unit"])


def _left(row: Row) -> str:
    days = row["days_late"]
    if days == 0:
        return "due that day"
    return f"{_days(None if days is None else -days, row['unit'])} left"


def _days(number: int | None, unit: str) -> str:
    if number is None:
        return "a number of working days that the calendar cannot tell"
    kind = "working day" if unit == "working_days" else "calendar day"
    return f"{number:,} {kind}{'' if number == 1 else 's'}"


def _lacks(family: Family) -> str:
    return vocabulary().lacks(family.stops[0])


def _doubt(row: Row, family: Family) -> str:
    """Why a clock cannot be told."""
    if row["doubt_event"]:
        return _doubtful_event(row)
    if row["stop_event"]:
        return (
            f"{vocabulary().says(row['stop_event'])} {day(row['stop_date'])}, and whether there was "
            "an earlier one is not in this source"
        )
    if not row["due_on"]:
        return "the due date is beyond the calendar of bank holidays"
    if row["start_note"]:
        return str(row["start_note"])
    return f"{_lacks(family)}, and the records do not say more"


def _doubtful_event(row: Row) -> str:
    words, note = vocabulary().says(row["doubt_event"]), row["doubt_note"] or ""
    if note == NOT_HELD:
        return _not_held(words)
    when = f" {day(row['doubt_date'])}" if row["doubt_date"] else ""
    place = f" ({row['doubt_source']})" if row["doubt_date"] else ""
    return f"{words}{when}{place}; {note}" if note else f"{words}{when}{place}"


def _does_not_apply(row: Row, family: Family) -> str:
    if row["end_event"] and row["end_date"] and row["due_on"] and row["end_date"] <= row["due_on"]:
        return (
            f"{_start(row)}{_limit(row)}; {vocabulary().says(row['end_event'])} "
            f"{day(row['end_date'])}, before it was due."
        )
    why = " or ".join(vocabulary().says(e) for e in family.voided_by) or "the rule does not apply"
    return f"{_start(row)}; does not apply: {why}."


def _checked(row: Row, family: Family, as_at: date) -> str:
    state, start = row["state"], _start(row)
    if state == "met":
        return f"{start}; {vocabulary().says(row['stop_event'] or family.stops[0])}."
    if state == "overdue":
        failed = family.failed_by[0] if family.failed_by else None
        words = vocabulary().says(failed) if failed else vocabulary().lacks(family.stops[0])
        return f"{start}; {words}."
    if row["doubt_event"]:
        return f"{start}; cannot tell: {_doubtful_event(row)}."
    return f"{start}; cannot tell: the answer is blank or was set aside."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
