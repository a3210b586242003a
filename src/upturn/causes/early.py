"""Early signs in a council's own records: assessments open and past their day, week by week."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from upturn.causes.early_signs import FEWEST, Sign, lead, recovery_weeks, signs
from upturn.causes.spiral_model import EarlySign
from upturn.causes.waiting import LATE_AFTER
from upturn.causes.words import figure, percent
from upturn.records.casebook import Casebook
from upturn.rulebooks.calendar import DAY0, DAYS, day_number, due_table
from upturn.rulebooks.model import Interval
from upturn.twin.spans import NEVER, days_of

Floats = npt.NDArray[np.float64]
Days = npt.NDArray[np.int64]
#: Weeks looked back on at most.
WEEKS = 156
#: Weeks by which one series may run ahead of the other: 45 working days are nine, and some more.
MOST_AHEAD = 14
#: A weaker correlation of weekly changes than this says nothing.
WEAK = 0.3


def open_by_week(casebook: Casebook, *, first: int) -> Floats:
    """Assessments open at the end of each week, from day number ``first`` to the as-at date.

    Empty where the source has no assessments with their start.
    """
    return open_and_late(casebook, first=first)[0]


def open_and_late(casebook: Casebook, *, first: int) -> tuple[Floats, Floats]:
    """Assessments open at the end of each week, and those of them open past 45 working days.

    From day number ``first`` to the as-at date, at most `WEEKS` back. An assessment that was never signed
    off stands open until its referral closed. Both empty where the source has no assessments with their
    start.
    """
    rows = casebook.table("cin_assessments")
    if "cina_assessment_start_date" in casebook.absent_fields:
        return np.zeros(0), np.zeros(0)
    rows = rows.filter(pl.col("cina_assessment_start_date").is_not_null())
    if rows.is_empty():
        return np.zeros(0), np.zeros(0)
    starts = days_of(rows["cina_assessment_start_date"])
    ends = np.minimum(days_of(rows["cina_assessment_auth_date"]), _closed(casebook, rows))
    last = day_number(casebook.as_at)
    weeks = np.arange(max(first, last - 7 * WEEKS), last + 1, 7)
    return _standing(starts, ends, weeks), _standing(_late_from(starts), ends, weeks)


def _closed(casebook: Casebook, rows: pl.DataFrame) -> Days:
    """The day on which the referral of each assessment was closed."""
    closed = casebook.table("cin_episodes").select(
        cina_referral_id="cine_referral_id", _closed="cine_close_date"
    )
    found = rows.select("cina_referral_id").join(
        closed.unique("cina_referral_id"), on="cina_referral_id", how="left", maintain_order="left"
    )
    return days_of(found["_closed"])


def _late_from(starts: Days) -> Days:
    """The first day on which each is past its 45 working days."""
    due = due_table(Interval(LATE_AFTER, "working_days")).astype(np.int64)
    due = due[np.clip(starts - DAY0, 0, DAYS - 1)]
    return np.where(due >= 0, due + 1, NEVER)


def _standing(starts: Days, ends: Days, days: Days) -> Floats:
    """How many stood on each of ``days``: begun by then, and not ended."""
    true = ends > starts
    begun = np.searchsorted(np.sort(starts[true]), days, "right")
    over = np.searchsorted(np.sort(ends[true]), days, "right")
    return (begun - over).astype(np.float64)


def ahead_words(one: str, first: Floats, other: str, then: Floats) -> str:
    """Which of two weekly series moves first, in words; that neither does when it cannot be told from chance.

    A lag is told when the correlation of weekly changes is `WEAK` or more, and three times what chance gives
    at one lag: the best of 29 lags is looked for.

    >>> wave = np.sin(np.arange(80) / 4) + np.random.default_rng(1).normal(size=80) / 20
    >>> ahead_words("referrals", wave[5:], "visits", wave[:-5])[:37]
    'Referrals ran 5 weeks ahead of visits'
    """
    lag, strength = lead(first, then, most=MOST_AHEAD)
    told = f"(correlation of weekly changes {strength:.2f})"
    if lag == 0 or strength < max(WEAK, 3 / np.sqrt(max(len(first), 1))):
        return f"Neither {one} nor {other} runs ahead of the other {told}."
    early, late = (one, other) if lag > 0 else (other, one)
    weeks = f"{abs(lag)} week{'' if abs(lag) == 1 else 's'}"
    name = early[0].upper() + early[1:]
    return f"{name} ran {weeks} ahead of {late} {told}, so the first is the one to watch."


def early_signs(casebook: Casebook, *, first: int, seed: int = 1) -> tuple[EarlySign, ...]:
    """The early signs in assessments open by week, each in words; also that they cannot be told."""
    series, late = open_and_late(casebook, first=first)
    found = signs(series, seed=seed)
    where, what = "records", "assessments open, by week"
    if not found:
        words = (
            f"The records hold {len(series)} weeks of assessments; early signs need {FEWEST} or more, so "
            "they cannot be told."
        )
        return (EarlySign(where, what, None, words),)
    half = len(series) // 2
    weeks = recovery_weeks(series[:half]), recovery_weeks(series[half:])
    slower = (
        f"A rise in assessments open took about {figure(weeks[0])} weeks to wear down to a third in the "
        f"first half of {len(series)} weeks and {figure(weeks[1])} in the second."
    )
    ahead = ahead_words("assessments open", series, "assessments past their day", late)
    return (
        *(EarlySign(where, what, sign, _words(sign, what)) for sign in found),
        EarlySign(where, what, None, slower),
        EarlySign(where, f"{what}, and past their day", None, ahead),
    )


def _words(sign: Sign, what: str) -> str:
    name = {
        "autocorrelation": "How much one week repeats the last",
        "variance": "The size of the swings",
    }
    seen = "is rising by more than chance explains" if sign.seen else "is not rising beyond chance"
    return (
        f"{name[sign.name]} ({what}) {seen}: {figure(sign.first)} at first, {figure(sign.last)} at last "
        f"(Kendall's tau {sign.tau:.2f}; {percent(sign.chance)} of steady series do as much)."
    )
