"""Advice on the toy service, with prices of its own, quick enough to draw and to look at."""

from __future__ import annotations

from remedies_toy import GOAL, SHALLOW, toy

from upturn.remedies.advice import Advice
from upturn.remedies.advise import advise
from upturn.remedies.costs import Costs
from upturn.twin.parameters import department


def toy_advice(costs: Costs) -> Advice:
    """About 30 % late doing nothing; some remedies mend it."""
    service = department(
        posts=60, contacts_a_month=140, hours_assessment=3.5, admin_share=0.15, hours_a_week=37,
        shock_contacts=1,
    )  # fmt: skip
    return advise(service, budget=900_000, goal=GOAL, costs=costs, depth=SHALLOW, simulate=toy)
