"""What several questions ask of one extract, worked out once however many of them are put."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property

import polars as pl

from upturn.findings.cases import table_rows
from upturn.journeys.front_door import link_assessments
from upturn.journeys.result import Check
from upturn.workload.ground import Ground
from upturn.workload.workforce import Workforce


@dataclass(frozen=True)
class Asked(Check):
    """A check with what its questions share. It stands wherever the check does."""

    @cached_property
    def ground(self) -> Ground:
        """Who held which child, and which cases were open."""
        return Ground(self.casebook, None)

    @cached_property
    def referrals(self) -> pl.DataFrame:
        """The referrals, with ``own_id`` and ``source`` as links name them."""
        return table_rows(self.casebook, "cin_episodes").with_columns(
            own_id=pl.col("cine_referral_id"), source=pl.col("source_rows")
        )

    @cached_property
    def links(self) -> pl.DataFrame:
        """Which referral each assessment can have come of."""
        return link_assessments(self.referrals, self.casebook.table("cin_assessments"))

    def once(self, name: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """What ``make`` gives, made the first time that ``name`` is asked for."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    @cached_property
    def _made(self) -> dict[str, pl.DataFrame]:
        return {}

    def staffed(self, workforce: Workforce | None) -> Ground:
        """The ground with a workforce file: what does not rest on the file is not worked out again."""
        if workforce is None:
            return self.ground
        whole = Ground(self.casebook, workforce)
        whole.held, whole.cases = self.ground.held, self.ground.cases
        return whole


def asked(check: Check) -> Asked:
    """The check with what is shared, new unless it is that already."""
    if isinstance(check, Asked):
        return check
    return Asked(**{one.name: getattr(check, one.name) for one in fields(Check)})
