"""A service so simple that what drives it is known: work comes, workers do it, the rest waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from why_toy import ABOUT, AFTER, BEFORE, DEPTH, records

from upturn.causes.model import Why
from upturn.causes.spiral import SpiralEffort, spiral
from upturn.causes.why import explain
from upturn.causes.worlds import Simulator
from upturn.twin.parameters import PARAMETERS, Department, department
from upturn.twin.series import COLUMN, SERIES

#: Values of its own, so that what the catalogue's defaults are makes no difference here.
SERVICE = department(
    contacts_a_month=205, posts=60, vacancy_fill_days=370, referral_threshold=0.25, leaving_a_year=0.13,
    hours_assessment=13, shock_contacts=1,
)  # fmt: skip
Ask = Callable[..., Why]


def toy_service(plans: np.ndarray, reps: int, seed: int) -> np.ndarray:
    """Monthly series of a queue in weeks-of-work, with the twin's own names. [n, reps, months, series]."""
    n, months, _ = plans.shape
    rng = np.random.default_rng(seed)
    out = np.zeros((n, reps, months, len(SERIES)))
    luck = rng.normal(size=(4, reps, months))  # the same chance in every scenario

    def p(name: str, month: int) -> np.ndarray:
        return plans[:, month, PARAMETERS[name]][:, None]

    backlog = np.full((n, reps), 40.0)
    for m in range(months):
        contacts = p("contacts_a_month", m) * (1 + 0.05 * luck[0, :, m])
        referrals = contacts * (0.6 - 0.3 * (p("referral_threshold", m) - 0.25)) + luck[1, :, m]
        filled = p("posts", m) * (1 - 0.1 * np.log(p("vacancy_fill_days", m) / 370))
        able = filled * 30 / p("hours_assessment", m) * (1 + 0.02 * luck[2, :, m])
        ended = np.minimum(able, backlog + referrals)
        backlog = backlog + referrals - ended
        late = ended / (1 + np.exp(-(backlog / able - 1.5) * 2 - 0.05 * luck[3, :, m]))
        for name, value in {
            "contacts": contacts, "referrals": referrals, "assessments_started": referrals,
            "assessments_ended": ended, "assessments_late": late, "assessments_open": backlog,
            "assessment_days": ended * 20 * (1 + backlog / able), "filled": filled,
            "vacant": p("posts", m) - filled + 5, "section47_started": referrals * 0.3,
        }.items():  # fmt: skip
            out[:, :, m, COLUMN[name]] = np.maximum(value, 0)
    return out


@pytest.fixture(scope="session")
def toy() -> Simulator:
    return toy_service


@pytest.fixture(scope="session")
def values() -> np.ndarray:
    return np.array(SERVICE.values)


@pytest.fixture(scope="session")
def service(values: np.ndarray) -> Department:
    example = department()
    return Department(tuple(values.tolist()), example.tags, example.sources)


@pytest.fixture(scope="session")
def ask(toy: Simulator, values: np.ndarray, service: Department) -> Ask:
    def asked(
        seed: int = 1007, *, before: Any = BEFORE, pushed: bool = False, **changes: float
    ) -> Why:
        return explain(
            records(toy, values, seed, **changes), outcome="assessment-lateness", before=before, after=AFTER,
            fitted=service, simulate=toy, about=ABOUT, depth=DEPTH, seed=3,
            spiral=(lambda v: spiral(v, toy, effort=SpiralEffort(8, 4, 1))) if pushed else None,
        )  # fmt: skip

    return asked


@pytest.fixture(scope="session")
def planted(ask: Ask) -> Why:
    return ask(contacts_a_month=1.2, hours_assessment=1.0, pushed=True)
