"""A cause planted in the twin is named, and none where none was planted; how often, is in the benchmarks."""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec

import numpy as np
import pytest

from upturn.causes.movers import movers
from upturn.causes.periods import parse_period
from upturn.causes.simulator import twin
from upturn.causes.weighing import Effort, weigh
from upturn.causes.worlds import scenarios, span_of, totals
from upturn.twin.parameters import PARAMETERS, department
from upturn.twin.series import COLUMN

pytestmark = pytest.mark.skipif(find_spec("numba") is None, reason="too slow when not compiled")
BEFORE, AFTER = parse_period("2025-01..2025-06"), parse_period("2025-07..2025-12")
TOLD = ("contacts", "referrals", "assessments_started", "assessments_ended", "assessments_late",
        "assessment_days", "assessments_open", "section47_started", "conferences_held", "filled", "vacant",
        "agency", "sick", "open_children")  # fmt: skip
SERVICE = np.array(
    department(posts=20, contacts_a_month=41, manager_posts=3, screening_posts=2.5, teams=2,
               conference_slots_a_week=2, review_slots_a_week=3.5).values
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expect"),
    [({}, None), ({"posts": -3.0}, "posts"), ({"contacts_a_month": 3.0}, "contacts_a_month")],
)
def test_what_was_planted_is_what_must_have_changed(
    changes: dict[str, float], expect: str | None
) -> None:
    simulate, span = twin(date(2025, 1, 1), warm_up=12), span_of(BEFORE, AFTER)
    after = SERVICE.copy()
    for name, steps in changes.items():
        after[PARAMETERS[name]] = movers()[name].moved(after[PARAMETERS[name]], steps)
    run = totals(simulate, scenarios(SERVICE, after, span)[None], span, reps=1, seed=901)
    early, late = ({n: float(t[0, 0, COLUMN[n]]) for n in TOLD} for t in (run.before, run.after))
    effort = Effort(chance=48, slope=3, draws=40, looks=2)
    found = weigh(early, late, SERVICE, span, simulate, seed=5, effort=effort)
    likely = {n: p for n, p in zip(found.names, found.shift.probability, strict=True) if p > 0.8}
    assert set(likely) == ({expect} if expect else set())
