"""The kinds of test the catalogue may name, with the parameters each takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from upturn.findings import (
    clock_cases,
    court_cases,
    demand,
    holder_cases,
    oversight_cases,
    return_cases,
    row_cases,
    uneven,
)
from upturn.findings.model import Cases

Test = Callable[..., Cases]


@dataclass(frozen=True)
class Kind:
    """One kind of test. ``run`` is None for the kind that rests on other findings.

    A kind that is ``staffed`` is also handed the workforce file, or None where none was given.
    """

    run: Test | None
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    staffed: bool = False


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
    "worker-changes": Kind(holder_cases.worker_changes, ("workers",), ("within",)),
    "caseloads-uneven": Kind(holder_cases.caseloads_uneven, staffed=True),
    "leavers": Kind(holder_cases.left_with_leavers, staffed=True),
    "nobody": Kind(holder_cases.held_by_nobody, ("days",)),
    "pre-proceedings": Kind(court_cases.pre_proceedings, ("weeks",)),
    "recording": Kind(oversight_cases.recording),
    "uneven": Kind(uneven.uneven, ("outcome", "by")),
    "demand": Kind(demand.demand, ("table", "day", "weeks")),
    "outrun": Kind(demand.outrun, ("table", "day", "weeks"), staffed=True),
    "remains": Kind(None),
}
