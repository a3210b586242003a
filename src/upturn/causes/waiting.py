"""Where the days went: what an assessment or a conference waited for, day by day."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from upturn.causes.model import Waiting
from upturn.causes.worlds import Span, Totals
from upturn.measures.days import working_days
from upturn.records.casebook import Casebook
from upturn.twin.fitted import Period
from upturn.twin.series import COLUMN
from upturn.workload.allocations import COVERAGE, allocations
from upturn.workload.continuity import waits

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
_SAID = {"assessments": "assessments ended", "conferences": "conferences held"}
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
            found.append(Waiting(period.label, work, _SAID[work], "twin", ended, tuple(days)))
    return tuple(found)


def longest(waiting: Waiting) -> tuple[str, float]:
    """The stage that took most of the days, and its share of them.

    >>> longest(Waiting("", "assessments", "", "twin", 1.0, (("a", 3.0), ("b", 1.0))))
    ('a', 0.75)
    """
    total = sum(days for _, days in waiting.days)
    stage, days = max(waiting.days, key=lambda d: d[1])
    return stage, days / total if total else float(np.nan)


#: Working days after which an assessment is late (Working Together).
LATE_AFTER = 45


def waiting_in_records(
    casebook: Casebook, before: Period | None, after: Period
) -> tuple[Waiting, ...]:
    """The same in the records, for assessments that ended late: until allocated, and from then to sign-off.

    Records hold no more than these three dates. Only assessments with all of them, in that order, are
    counted; empty where the source has no history of who held whom.
    """
    if COVERAGE.get(casebook.source, ("none", ""))[0] != "full":
        return ()
    periods = [p for p in (before, after) if p is not None]
    waited = waits(casebook, allocations(casebook), since=periods[0].start - timedelta(365))
    late = _late(casebook, waited)
    found = []
    for period in periods:
        own = late.filter(pl.col("signed").is_between(period.start, period.end))
        if own.is_empty():
            continue
        days = (
            ("waiting for allocation", _mean(own, "waited")),
            ("with a worker, from start to sign-off", _mean(own, "after")),
        )
        of = "assessments that ended late"
        found.append(Waiting(period.label, "assessments", of, "records", float(own.height), days))
    return tuple(found)


def _mean(rows: pl.DataFrame, column: str) -> float:
    return float(rows[column].cast(pl.Float64).to_numpy().mean())


def _late(casebook: Casebook, waited: pl.DataFrame) -> pl.DataFrame:
    """Late assessments with each stage in working days, from the last referral on or before their start."""
    fields = ("cina_assessment_start_date", "cina_assessment_auth_date")
    if any(field in casebook.absent_fields for field in fields):
        return pl.DataFrame(schema={"signed": pl.Date()})
    done = casebook.table("cin_assessments").select(
        child_id="cina_person_id", start=fields[0], signed=fields[1]
    )
    pairs = done.drop_nulls().sort("start").join_asof(
        waited.drop_nulls("allocated").sort("referred"), left_on="start", right_on="referred",
        by="child_id", strategy="backward", check_sortedness=False,
    )  # fmt: skip
    told = pairs.drop_nulls("allocated").filter(pl.col("allocated") <= pl.col("signed"))
    return told.with_columns(
        took=working_days(pl.col("start"), pl.col("signed")),
        after=working_days(pl.max_horizontal("allocated", "start"), pl.col("signed")),
    ).filter(pl.col("took") > LATE_AFTER)
