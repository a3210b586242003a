"""A service so simple that the best mix can be worked out by hand, and prices for it."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from upturn.remedies.advise import Depth
from upturn.remedies.costs import Costs
from upturn.remedies.search import Effort
from upturn.twin.parameters import PARAMETERS, Department, department
from upturn.twin.series import COLUMN, SERIES

Floats = npt.NDArray[np.float64]
#: Each month's luck of a replication: drawn once, asked for by every mix.
_LUCK: dict[tuple[int, int, int], Floats] = {}
GOAL = "assessments in time >= 90% within 9 months"
#: Enough for a toy, quick enough for a test.
SHALLOW = Depth(
    Effort(alone=8, first=8, most=16, mixes=2, rounds=2, neighbours=6),
    shown=40, frontier=3, spiral=8, swings=8,
)  # fmt: skip
#: Values that the toy's reckoning is built on: they stay, whatever the twin's defaults become.
BUILT_ON = {"posts": 60, "contacts_a_month": 140, "hours_assessment": 3.5, "admin_share": 0.15,
            "hours_a_week": 37}  # fmt: skip


def service(**changes: float) -> Department:
    """The service that the toy was reckoned for: 30 % late doing nothing."""
    return department(**{**BUILT_ON, **changes})


def toy(plans: Floats, seed: int, first: int) -> Floats:
    """Monthly series: hours wanted over hours there are decide what is late; luck is the replication's.

    From full posts 60 and 140 contacts a month: a ratio of 1 gives 30 % late, and each hundredth of it two
    points. No work is carried over, so nothing but the month's own values matters.
    """
    reps, months = plans.shape[:2]

    def par(name: str) -> Floats:
        return np.asarray(plans[:, :, PARAMETERS[name]])

    luck = np.stack([_luck(seed, first + n, months) for n in range(reps)])
    hours = par("posts") * (1 - par("admin_share")) * par("hours_a_week")
    wanted = par("contacts_a_month") * par("shock_contacts") * par("hours_assessment")
    ratio = (wanted / (140 * 3.5)) / (hours / (60 * 0.85 * 37))
    late = np.clip(0.3 + 2.0 * (ratio - 1) + 0.02 * luck, 0, 1)
    out = np.zeros((reps, months, len(SERIES)))
    out[..., COLUMN["assessments_ended"]] = 100
    out[..., COLUMN["assessments_late"]] = 100 * late
    out[..., COLUMN["child_days_overdue"]] = 1000 * late
    out[..., COLUMN["filled"]] = par("posts")
    # a service with more wanted than it has goes on filling up
    grows = np.cumsum(np.maximum(ratio - 1.05, 0), axis=1)
    out[..., COLUMN["open_children"]] = 15 * par("posts") * (1 + grows)
    return out


def _luck(seed: int, rep: int, months: int) -> Floats:
    key = (seed, rep, months)
    if key not in _LUCK:
        _LUCK[key] = np.random.default_rng((seed, rep)).normal(size=months)
    return _LUCK[key]


def only(costs: Costs, *names: str) -> Costs:
    """The prices without the others."""
    return Costs(
        MappingProxyType({n: costs.values[n] for n in names}), costs.name, costs.sha256, False
    )
