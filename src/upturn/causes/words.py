"""Causes as sentences with numbers, for people who did not ask how they were worked out."""

from __future__ import annotations

import math

from upturn.causes.model import Agreement, Between, Evidence, Moved
from upturn.twin.series import Outcome

#: How sentences name a driver.
DRIVER_WORDS = {
    "demand": "demand",
    "case mix": "the mix of need",
    "posts": "posts",
    "vacancies": "vacancies",
    "agency": "agency cover",
    "leavers and sickness": "leavers and sickness",
    "touch time": "the time work takes",
    "thresholds": "thresholds",
    "allocation": "allocation",
    "partners": "partners",
    "conference capacity": "conference capacity",
    "supervision": "supervision and sign-off",
}


def amount(value: float, unit: str, *, digits: int | None = None) -> str:
    """A value in its unit: shares as per cent, the rest with the digits it deserves.

    >>> amount(0.1234, "share"), amount(1234.4, "children"), amount(3.25, "working days")
    ('12.3 %', '1,234 children', '3.2 working days')
    """
    if not math.isfinite(value):
        return "not known"
    if unit.startswith("share"):
        return f"{100 * value:.1f} %"
    return f"{figure(value, digits)} {unit}"


def percent(share: float) -> str:
    """A share as a whole number of per cent.

    >>> percent(0.256)
    '26 %'
    """
    return f"{100 * share:.0f} %"


def figure(value: float, digits: int | None = None) -> str:
    """A number with the digits it deserves.

    >>> figure(0.256), figure(42.31), figure(1400)
    ('0.26', '42.3', '1,400')
    """
    if not math.isfinite(value):
        return "not known"
    if digits is None:
        size = abs(value)
        digits = 0 if size >= 100 or value == int(value) else 1 if size >= 3 else 2
    return f"{value:,.{digits}f}"


def points(value: float, unit: str, *, sign: bool = True) -> str:
    """A difference in an outcome's unit: of shares in percentage points, with its sign.

    >>> points(0.061, "share"), points(-3.0, "children")
    ('+6.1 points', '-3 children')
    """
    if unit.startswith("share"):
        value = round(100 * value, 1) / 100 + 0.0  # no "-0.0"
    mark = "+" if value >= 0 and sign else ""
    if unit.startswith("share"):
        return f"{mark}{100 * value:.1f} points"
    return f"{mark}{figure(value)} {unit}"


def span(between: Between, unit: str) -> str:
    """The ends of an interval of a difference, without the unit twice.

    >>> span(Between(0.05, 0.02, 0.08), "share")
    '+2.0 to +8.0 points'
    """
    low, high = points(between.low, unit), points(between.high, unit)
    return f"{low.split(' ')[0]} to {high}"


def part_words(part: float) -> str:
    """A share of a change as people say it.

    >>> part_words(0.66), part_words(0.19), part_words(-0.12)
    ('about two thirds', 'about a fifth', 'the other way')
    """
    if part < 0:
        return "the other way"
    if part > 1.1:
        return "more than all"
    names = ((1.0, "nearly all"), (0.8, "about four fifths"), (0.75, "about three quarters"),
             (2 / 3, "about two thirds"), (0.5, "about half"), (0.4, "about two fifths"),
             (1 / 3, "about a third"), (0.25, "about a quarter"), (0.2, "about a fifth"),
             (0.1, "about a tenth"), (0.0, "hardly any"))  # fmt: skip
    return min(names, key=lambda n: abs(n[0] - part))[1]


def moved_words(moved: Moved) -> str:
    """One parameter's move, with its interval.

    >>> after = Between(52.0, 49.5, 54.0)
    >>> moved_words(Moved("posts", "established posts", "posts", 0.97, 60.0, after, "extract"))
    'established posts went from 60 to 52 (49.5 to 54)'
    """
    if moved.unit == "share":
        ends = [f"{100 * v:.0f}" for v in (moved.after.low, moved.after.high)]
        return (
            f"{moved.words} went from {100 * moved.before:.0f} % to {100 * moved.after.value:.0f} % "
            f"({ends[0]} to {ends[1]})"
        )
    return (
        f"{moved.words} went from {figure(moved.before)} to {figure(moved.after.value)} "
        f"({figure(moved.after.low)} to {figure(moved.after.high)})"
    )


def apart_words(moved: Moved) -> str:
    """One parameter of the service beside England's.

    >>> after = Between(14.6, 12.9, 17.0)
    >>> apart_words(Moved("caseload_cap", "load at which no child is given", "", 1.0, 19.0, after, "extract"))
    'load at which no child is given is 14.6 (12.9 to 17) here and 19 in England'
    """
    share = moved.unit == "share"
    here, low, high, there = (
        percent(v) if share else figure(v)
        for v in (moved.after.value, moved.after.low, moved.after.high, moved.before)
    )
    return f"{moved.words} is {here} ({low} to {high}) here and {there} in England"


def evidence_words(evidence: Evidence) -> str:
    """What the records show, with n, and whether chance would do as much."""
    unit = "" if evidence.unit in ("share", "ratio", "days") else f" {evidence.unit}"
    if evidence.unit == "share":
        early, late = f"{100 * evidence.before:.1f} %", f"{100 * evidence.after:.1f} %"
    else:
        early, late = figure(evidence.before), figure(evidence.after)
    if evidence.unit in ("share", "ratio", "days"):
        rests = f"; n = {evidence.n_before:,.0f} and {evidence.n_after:,.0f}"
    else:
        rests = ""
    size = abs(evidence.beyond_chance)
    verdict = "beyond chance" if size >= 1.645 else "within what chance brings"
    return f"{evidence.words}: {early}{unit} before, {late}{unit} after ({verdict}{rests})"


def beside_words(agreed: Agreement, chance: float, shown: tuple[Evidence, ...]) -> str:
    """How the records stand to what the twin says of one driver."""
    if agreed == "records cannot tell":
        return "The records hold nothing that shows this driver directly."
    told = "; ".join(evidence_words(e) for e in shown[:3])
    if agreed == "agree":
        return f"The records: {told}."
    if chance >= 0.5:
        return (
            f"Twin and records disagree: the twin needs this driver to explain the change, but the records "
            f"that show it directly moved no more than chance brings. The records: {told}."
        )
    return (
        f"Twin and records disagree: the records moved by more than chance brings, but the twin explains "
        f"that by other drivers. The records: {told}."
    )


def change_words(outcome: Outcome, change: float) -> str:
    """Whether an outcome got worse or better, or only rose or fell.

    >>> from upturn.twin.series import OUTCOMES
    >>> change_words(OUTCOMES["assessment-lateness"], 0.05)
    'got worse'
    """
    if outcome.good == "neither":
        return "rose" if change > 0 else "fell"
    return "got worse" if (change > 0) == (outcome.good == "low") else "got better"
