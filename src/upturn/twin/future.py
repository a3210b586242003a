"""One simulated future of each scenario as records, with what it is: scenario, seed and replication."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from upturn.records.casebook import Casebook
from upturn.rulebooks.located import RulebookError
from upturn.twin.dataset import dataset_of, workforce_of
from upturn.twin.projection import Projection, services_of
from upturn.twin.run_features import WARM_UP
from upturn.twin.scenario import Scenario, plan
from upturn.twin.simulate import replay


@dataclass(frozen=True)
class SimulatedExtract:
    """The records that one replication of one scenario would have left.

    ``workforce`` has the schema `upturn.workload.tables.WORKFORCE`. The records begin on ``first``; from
    ``start`` on they are the projection's own months, and what is before is the service running in.
    ``service`` says whose service it is, ``sha256`` is that of the projection. ``from_open_work`` is the last
    day of the extract whose open work the records begin with, None when it is the service running in.
    """

    scenario: Scenario
    service: str
    seed: int
    replication: int
    of: int
    first: date
    start: date
    casebook: Casebook
    workforce: pl.DataFrame
    sha256: str
    from_open_work: date | None = None

    @property
    def sentence(self) -> str:
        """What it is, in one sentence that goes wherever it goes."""
        what = (
            f"It is replication {self.replication + 1} of {self.of} of the scenario "
            f"“{self.scenario.name}” with seed {self.seed}, for {self.service}; "
            f"simulated from {self.start} to {self.casebook.as_at}"
        )
        if self.from_open_work is None:
            return (
                "SIMULATED: no child, family or worker in this extract is real. "
                f"{what}, after a running-in from {self.first}."
            )
        return (
            f"SIMULATED: nothing after {self.from_open_work} happened. {what}. The children open on "
            f"{self.from_open_work} stand for those of the real extract, with the days of their referral, "
            "assessment, enquiry and plan and without their names: keep it as you keep that extract."
        )


def simulated_extracts(
    projection: Projection, *, replication: int = 0
) -> tuple[SimulatedExtract, ...]:
    """The records of one replication of every scenario of a projection, doing nothing first.

    The replications are the projection's own: counted month by month, the records say what its figures
    say. ``replication`` is counted from 0.

    Raises RulebookError for a replication that the projection does not have.

    >>> from datetime import date
    >>> from upturn.twin.parameters import department
    >>> from upturn.twin.projection import project
    >>> small = department(posts=3, contacts_a_month=6, teams=1, manager_posts=1, screening_posts=1)
    >>> future = project(small, start=date(2026, 10, 1), months=1, reps=2)
    >>> simulated_extracts(future)[0].casebook.as_at
    datetime.date(2026, 10, 31)
    """
    if not 0 <= replication < projection.done:
        raise RulebookError(
            [f"replication {replication + 1}: there are 1 to {projection.done} in this run"]
        )
    services = services_of(projection.fitted or projection.department)
    dept = services[replication % len(services)]
    made = []
    for scenario in projection.scenarios:
        log = replay(
            plan(dept, months=projection.months, changes=scenario.changes), seed=projection.seed,
            rep=replication, warm_up=WARM_UP, start=projection.start, opening=projection.opening,
        )  # fmt: skip
        made.append(
            SimulatedExtract(
                scenario, _named(projection), projection.seed, replication, projection.done,
                log.first, log.start, dataset_of(log), workforce_of(log), projection.sha256,
                None if projection.opening is None else projection.opening.as_at,
            )
        )  # fmt: skip
    return tuple(made)


def _named(projection: Projection) -> str:
    if projection.fitted is None:
        return "the department that was given, or the example service where none was"
    return f"a twin fitted to {projection.fitted.source_name}"
