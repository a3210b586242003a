"""Early signs in a council's own records: assessments open, week by week."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from upturn.causes.early_signs import FEWEST, Sign, recovery_weeks, signs
from upturn.causes.spiral_model import EarlySign
from upturn.causes.words import figure, percent
from upturn.records.casebook import Casebook
from upturn.rulebooks.calendar import day_number
from upturn.twin.spans import days_of

Floats = npt.NDArray[np.float64]
#: Weeks looked back on at most.
WEEKS = 156


def open_by_week(casebook: Casebook, *, first: int) -> Floats:
    """Assessments open at the end of each week, from day number ``first`` to the as-at date.

    Empty where the source has no assessments with their start.
    """
    rows = casebook.table("cin_assessments")
    if "cina_assessment_start_date" in casebook.absent_fields:
        return np.zeros(0)
    rows = rows.filter(pl.col("cina_assessment_start_date").is_not_null())
    if rows.is_empty():
        return np.zeros(0)
    starts = np.sort(days_of(rows["cina_assessment_start_date"]))
    ends = np.sort(days_of(rows["cina_assessment_auth_date"]))
    last = day_number(casebook.as_at)
    weeks = np.arange(max(first, last - 7 * WEEKS), last + 1, 7)
    open_ = np.searchsorted(starts, weeks, "right") - np.searchsorted(ends, weeks, "right")
    return open_.astype(np.float64)


def early_signs(casebook: Casebook, *, first: int, seed: int = 1) -> tuple[EarlySign, ...]:
    """The early signs in assessments open by week, each in words; also that they cannot be told."""
    series = open_by_week(casebook, first=first)
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
    return (
        *(EarlySign(where, what, sign, _words(sign, what)) for sign in found),
        EarlySign(where, what, None, slower),
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
