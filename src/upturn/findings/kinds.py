"""The kinds of test the catalogue may name, with the parameters each takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from upturn.findings import clock_cases, demand, oversight_cases, return_cases, row_cases, uneven
from upturn.findings.model import Cases
from upturn.journeys.result import Check

Test = Callable[[Check, Mapping[str, Any]], Cases]


@dataclass(frozen=True)
class Kind:
    """One kind of test. ``run`` is None for the kind that rests on other findings."""

    run: Test | None
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "clocks": Kind(clock_cases.clocks_late, ("rules", "of"), ("past",)),
    "days": Kind(clock_cases.clocks_between, ("rule", "from", "to")),
    "rows": Kind(row_cases.rows_where, ("table", "day", "where", "hit", "reason")),
    "contacts-held": Kind(return_cases.contacts_held, ("contacts", "within_days", "soon_days")),
    "no-action-came-back": Kind(return_cases.no_action_came_back, ("settle_days",)),
    "re-referred": Kind(return_cases.re_referred),
    "stepped-up": Kind(return_cases.stepped_up),
    "begun-late": Kind(return_cases.begun_late, ("working_days",)),
    "unallocated": Kind(oversight_cases.unallocated),
    "caseload": Kind(oversight_cases.caseload, ("over",)),
    "recording": Kind(oversight_cases.recording),
    "uneven": Kind(uneven.uneven, ("outcome", "by")),
    "demand": Kind(demand.demand, ("table", "day", "weeks")),
    "remains": Kind(None),
}
