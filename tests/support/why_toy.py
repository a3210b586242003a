"""A year's records of the service whose drivers are known, with what was planted in its second half."""

from __future__ import annotations

from datetime import date

import numpy as np

from upturn.causes.movers import movers
from upturn.causes.periods import parse_period
from upturn.causes.weighing import Effort
from upturn.causes.why import Depth
from upturn.causes.worlds import Simulator, scenarios, span_of
from upturn.twin.parameters import PARAMETERS
from upturn.twin.series import COLUMN
from upturn.twin.summaries import Recorded

BEFORE, AFTER = parse_period("2025-01..2025-06"), parse_period("2025-07..2025-12")
TOLD = ("contacts", "referrals", "assessments_started", "assessments_ended", "assessments_late",
        "assessments_open", "assessment_days", "filled", "vacant", "section47_started")  # fmt: skip
DEPTH = Depth(Effort(80, 6, 40, 4), worlds=12, reps=4, england_worlds=3)
ABOUT = {"source_name": "made-up", "sha256": "ab" * 32, "as_at": date(2025, 12, 31)}


def records(toy: Simulator, values: np.ndarray, seed: int, **changes: float) -> Recorded:
    after = values.copy()
    for name, steps in changes.items():
        after[PARAMETERS[name]] = movers()[name].moved(after[PARAMETERS[name]], steps)
    monthly = toy(scenarios(values, after, span_of(BEFORE, AFTER))[None], 1, seed)[0, 0]
    months = tuple(date(2025, m, 1) for m in range(1, 13))
    told = {name: monthly[:, COLUMN[name]] for name in TOLD}
    return Recorded(months, told, {}, {}, {"unallocated": "the source names no worker"})
