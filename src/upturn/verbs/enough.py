"""Whether an extract holds enough to be asked why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from upturn.causes.record import outcome_months
from upturn.records.sheets import SourceError
from upturn.twin.fitted import Period
from upturn.twin.summaries import Recorded

#: Fewest referrals in each period: with fewer, hardly anything of a service can be told. Assumed; the
#: smallest authorities have more in three months.
FEWEST_REFERRALS = 30
#: Fewest cases of the outcome in each period: with fewer, one case more or less moves a share by more than
#: ten points. Assumed.
FEWEST_CASES = 10


def require_cases(record: Recorded, outcome: str, periods: Sequence[Period]) -> None:
    """Raise SourceError when there are too few cases for any comparison: a handful is chance and no more.

    An outcome that the source cannot tell at all is let through: the twin answers, and says that it is alone.
    """
    none = np.zeros(len(record.months))
    cases = outcome_months(record, outcome, periods[0], periods[-1])["of"].to_numpy()
    told = [("referrals", record.monthly.get("referrals", none), FEWEST_REFERRALS)]
    if np.isfinite(cases).any():
        told.append((f"cases that tell {outcome}", cases, FEWEST_CASES))
    for what, series, fewest in told:
        counts = [int(np.nansum(series[record.between(p.start, p.end)])) for p in periods]
        if min(counts) < fewest:
            many = " and ".join(f"{n} in {p.label}" for n, p in zip(counts, periods, strict=True))
            raise SourceError(
                f"the extract holds too few {what} to say why: {many}. At least {fewest} are needed in "
                "each period; give longer periods, or an extract that holds more"
            )


def require_referrals(record: Recorded) -> None:
    """Raise SourceError when a year holds too few referrals for a service to be simulated at all."""
    held = record.monthly.get("referrals", np.zeros(0))[-12:]
    many = int(np.nansum(held))
    if many < FEWEST_REFERRALS:
        over = f" in its latest {len(held)} months" if len(held) else ""
        raise SourceError(
            f"the extract holds too few referrals to simulate a service from: {many}{over}. At least "
            f"{FEWEST_REFERRALS} are needed; give an extract that holds more"
        )
