"""The twin as a fit wants it: scenarios in, one simulated history of each out, by the names of its series."""

from __future__ import annotations

from typing import Protocol

from upturn.twin.spans import Floats


class Runner(Protocol):
    """Runs scenarios, one replication of each."""

    def __call__(
        self, plans: Floats, *, seed: int, first: int
    ) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Series (scenarios, months) and histograms (scenarios, months, bins) by name.

        ``plans`` has shape (scenarios, months, parameters); ``first`` is the number of the first scenario's
        replication, so that no two share their chance.
        """
        ...
