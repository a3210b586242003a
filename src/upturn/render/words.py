"""The words every output uses for dates, counts, states and rules, so that they never disagree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import polars as pl

from upturn.rulebooks.model import Rule

#: Said once on every output that names children.
BANNER = "Child-level data: keep it inside the council."
NO_TEAM = "No team"
NO_WORKER = "No worker"
#: Episodes whose rules go first when two children are equally late.
CHILD_PROTECTION = ("enquiry", "conference", "cp_plan")
#: What each state means, for the page, the workbook and the terminal alike.
STATE_MEANINGS: dict[str, str] = {
    "overdue": "The due date has passed and nothing recorded meets the rule.",
    "due soon": "Not done yet; the due date is near.",
    "running": "Not done yet; the due date is further off.",
    "cannot tell": "A date or a link is missing or could not be trusted.",
    "met late": "Done, after the due date.",
    "met": "Done in time.",
    "does not apply": "The rule started, then something recorded took the child out of it.",
}
#: What the status of a rule says about the source it was read in.
STATUS_MEANINGS: dict[str, str] = {
    "verified": "verified: read in its primary source",
    "secondary": "secondary: read in a secondary source only",
    "unverified": "unverified: no source for it was read",
    "draft": "draft: not in force",
}
#: What a certainty other than "exact" means, said after the event.
CERTAINTY_MEANINGS: dict[str, str] = {
    "maybe": "may belong to another episode",
    "unknown": "not known when, or whether",
    "latest": "by this day; earlier ones may be missing",
    "at or before": "on this day or before",
}
#: Certainties that put an event on its day in a drawing.
SURE = ("exact", "latest")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def day(when: date | None) -> str:
    """A date as people write it, whatever the machine's language; empty for none.

    >>> day(date(2026, 8, 4))
    '4 Aug 2026'
    """
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}" if when else ""


def weekday(when: date) -> str:
    """A date with its day of the week.

    >>> weekday(date(2026, 8, 4))
    'Tue 4 Aug 2026'
    """
    return f"{WEEKDAYS[when.weekday()]} {day(when)}"


def episode_words(episode: str | None) -> str:
    """The name of an episode with its date as people write it.

    >>> episode_words("cp plan 2026-08-04"), episode_words("cin 2026-08-04")
    ('Child protection plan 4 Aug 2026', 'Child in need 4 Aug 2026')
    """
    text = re.sub(
        r"\b(\d{4}-\d\d-\d\d)\b",
        lambda found: _iso_in_words(found[1]),
        (episode or "").replace("_", " "),
    )
    for short, long in _LONG_FORMS.items():
        text = re.sub(rf"^{short}\b", long, text)
    return text[:1].upper() + text[1:]


_LONG_FORMS = {"cp plan": "child protection plan", "cin": "child in need", "care(?! leaver)": "in care",
               "enquiry": "section 47 enquiry"}  # fmt: skip


def _iso_in_words(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


def count(number: int, noun: str, nouns: str = "") -> str:
    """A number with its noun.

    >>> count(1, "child", "children"), count(1200, "child", "children")
    ('1 child', '1,200 children')
    """
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def day_words(unit: str) -> str:
    """What one day of a rule's unit is called; months run on in calendar days.

    >>> day_words("working_days"), day_words("months")
    ('working day', 'calendar day')
    """
    return "working day" if unit == "working_days" else "calendar day"


def state_words(state: str, days_late: int | None, unit: str) -> str:
    """A clock's state as a sentence fragment that needs no colour to be understood.

    >>> state_words("overdue", 12, "working_days"), state_words("due soon", -3, "working_days")
    ('12 working days late', 'due in 3 working days')
    >>> state_words("met late", 1, "calendar_days"), state_words("overdue", None, "working_days")
    ('met 1 calendar day late', 'overdue')
    """
    if days_late is None:
        return state
    days = count(abs(days_late), day_words(unit))
    if state == "overdue":
        return f"{days} late" if days_late > 0 else state
    if state in ("due soon", "running"):
        return f"due in {days}" if days_late < 0 else "due on the as-at date"
    return f"met {days} late" if state == "met late" and days_late > 0 else state


def with_state_words(clocks: pl.DataFrame, rules: Mapping[str, Rule]) -> pl.DataFrame:
    """The clocks with two columns more: ``unit`` of the rule and ``state_words``.

    A clock whose rule is not among ``rules`` is read as counting working days.
    """
    units = {ref: rule.within.unit for ref, rule in rules.items() if rule.within}
    clocks = clocks.with_columns(
        pl.concat_str("edition", pl.lit("/"), "rule")
        .replace_strict(units, default="working_days", return_dtype=pl.String)
        .fill_null("working_days")
        .alias("unit")
    )
    distinct = clocks.select("state", "days_late", "unit").unique()
    said = [state_words(*row) for row in distinct.iter_rows()]
    distinct = distinct.with_columns(pl.Series("state_words", said, pl.String))
    return clocks.join(
        distinct, on=["state", "days_late", "unit"], how="left", nulls_equal=True,
        maintain_order="left",
    )  # fmt: skip


def rule_marks(kind: str | None, status: str | None, *, assumed: bool) -> list[str]:
    """What a reader must know of a rule before leaning on it.

    >>> rule_marks("local", "unverified", assumed=True)
    ['local, assumed', 'unverified']
    >>> rule_marks("statutory", "verified", assumed=False)
    []
    """
    marks = []
    if kind == "local":
        marks.append("local, assumed" if assumed else "local")
    elif assumed:
        marks.append("assumed")
    if kind == "statistic":
        marks.append("published statistic")
    if status in ("unverified", "draft"):
        marks.append(status)
    return marks


def within_words(rule: Rule) -> str:
    """The time a rule allows, or what it asks for when it allows none."""
    if rule.within:
        return f"within {rule.within}"
    return "done or not done" if rule.pattern == "check" else "in the right order"
