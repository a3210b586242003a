"""The records' own side: which months they hold, and an outcome month by month."""

from __future__ import annotations

import numpy as np
import polars as pl

from upturn.causes.model import MONTHS
from upturn.causes.periods import months_in
from upturn.records.sheets import SourceError
from upturn.twin.fitted import Period
from upturn.twin.series import COLUMN, OUTCOMES, SERIES
from upturn.twin.summaries import Recorded


def require_months(record: Recorded, *periods: Period) -> None:
    """Raise SourceError unless the records hold every month of the periods whole."""
    for period in periods:
        inside = int(record.between(period.start, period.end).sum()) if record.months else 0
        if inside == months_in(period):
            continue
        if not record.months:
            raise SourceError("the extract holds no whole month")
        raise SourceError(
            f"{period.label} is not whole in the extract, which holds {record.months[0]:%B %Y} to "
            f"{record.months[-1]:%B %Y}"
        )


#: For a share, the series it is of; for a mean, what it is a mean over: to show n beside each month.
_OF = {
    "assessment-lateness": ("assessments_late", "assessments_ended"),
    "assessment-days": ("assessment_days", "assessments_ended"),
    "conference-lateness": ("conferences_late", "conferences_held"),
    "visit-lateness": ("visits_late", "visits_made"),
    "review-lateness": ("reviews_late", "reviews_due"),
    "allocation-days": ("allocation_days", "allocated"),
    "first-seen-days": ("first_seen_days", "first_seen"),
    "rereferral-share": ("rereferrals", "referrals"),
    "sickness-rate": ("sick", "filled"),
    "supervision-held": ("supervision_held", "supervision_due"),
}


def outcome_months(record: Recorded, outcome: str, before: Period, after: Period) -> pl.DataFrame:
    """The outcome as recorded in each month, with its numbers. Columns of `MONTHS`."""
    rows = np.full((len(record.months), len(SERIES)), np.nan)
    for name, values in record.monthly.items():
        rows[:, COLUMN[name]] = values
    value = OUTCOMES[outcome](rows)
    top, of = _OF.get(outcome, ("", ""))
    blank = np.full(len(record.months), np.nan)
    frame = pl.DataFrame(
        {
            "month": list(record.months),
            "value": value,
            "n": record.monthly.get(top, blank),
            "of": record.monthly.get(of, blank),
            "period": [_which(m, before, after) for m in record.months],
        },
        schema=MONTHS,
    )
    return frame.with_columns(pl.col("value", "n", "of").fill_nan(None))


def _which(month: object, before: Period, after: Period) -> str:
    for name, period in (("after", after), ("before", before)):
        if period.start <= month <= period.end:  # type: ignore[operator]
            return name
    return ""
