"""Where the days went: what an assessment or a conference waited for, day by day."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from upturn.causes.model import Waiting
from upturn.causes.worlds import Span, Totals
from upturn.twin.fitted import Period
from upturn.twin.series import COLUMN

Floats = npt.NDArray[np.float64]

#: What the days of a piece of work are split into, each with the words for it.
STAGES = {
    "assessments": {
        "days_allocation": "waiting for allocation",
        "days_waiting_worker": "waiting for the worker, who was on other work or away",
        "days_work": "the work itself",
        "days_partner": "waiting for partners",
        "days_sign_off": "waiting for sign-off",
    },
    "conferences": {
        "days_conference_slot": "waiting for a conference slot",
        "days_conference_partner": "put off because a partner was missing",
    },
}
_ENDED = {"assessments": "assessments_ended", "conferences": "conferences_held"}
_DAYS = {"conferences": "conference_days"}


def waiting_in_twin(
    runs: Totals, span: Span, before: Period, after: Period, *, england: bool = False
) -> tuple[Waiting, ...]:
    """The split in the twin for each period and kind of work, for each piece of work that ended.

    ``runs`` is one scenario, [1, reps, series]. Held against England, only the service is shown.
    """
    found = []
    pairs = ((runs.before[0], before, span.before), (runs.after[0], after, span.after))
    for sums, period, _months in pairs[1:] if england else pairs:
        mean = sums.mean(axis=0)
        for work, stages in STAGES.items():
            ended = float(mean[COLUMN[_ENDED[work]]])
            if ended <= 0:
                continue
            days = [(words, float(mean[COLUMN[s]]) / ended) for s, words in stages.items()]
            if work in _DAYS:
                rest = float(mean[COLUMN[_DAYS[work]]]) / ended - sum(d for _, d in days)
                days.append(("the enquiry, and the notice that must be given", max(rest, 0.0)))
            found.append(Waiting(period.label, work, f"{work} ended", "twin", ended, tuple(days)))
    return tuple(found)


def longest(waiting: Waiting) -> tuple[str, float]:
    """The stage that took most of the days, and its share of them.

    >>> longest(Waiting("", "assessments", "", "twin", 1.0, (("a", 3.0), ("b", 1.0))))
    ('a', 0.75)
    """
    total = sum(days for _, days in waiting.days)
    stage, days = max(waiting.days, key=lambda d: d[1])
    return stage, days / total if total else float(np.nan)
