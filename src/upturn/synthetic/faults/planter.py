"""Choosing where faults go, so that no two meet in one family, and keeping the truth about them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from upturn.synthetic.days import Days
from upturn.synthetic.draw import Rng, Streams
from upturn.synthetic.faults.catalogue import TRUTH, catalogue

_KIND = {f.id: f.kind for f in catalogue()}


class Planter:
    """Which faults to plant, which families have one already, and the truth so far.

    Everything that plants a fault asks here for its families, and says here what it did. ``spread`` says
    how wide each fault runs; ``episodes`` keeps, by fault, the rows of the spine that were changed.
    """

    def __init__(
        self, streams: Streams, wanted: frozenset[str], *, as_at: int, spread: float = 1.0
    ) -> None:
        self.streams = streams
        self.wanted = wanted
        self.as_at = as_at
        self.spread = spread
        self.used: set[int] = set()
        self.episodes: dict[str, Days] = {}
        self._rows: list[pl.DataFrame] = []

    def changed(self, fault: str) -> pl.Expr:
        """Whether a row is of an episode of the spine that this fault changed."""
        return pl.col("episode").is_in(self.episodes.get(fault, np.array([], np.int64)).tolist())

    def wants(self, fault: str) -> bool:
        """Whether this fault is to be planted."""
        return fault in self.wanted

    def rng(self, fault: str) -> Rng:
        """The fault's own stream."""
        return self.streams.of(f"fault {fault}")

    def take(self, fault: str, families: Iterable[int], *, least: int, share: float) -> Days:
        """Some of these families, never one that has a fault: a share of them, but at least ``least``.

        ``spread`` multiplies both, so that a fault can be made to run wide.
        """
        free = np.array(sorted(set(map(int, families)) - self.used), dtype=np.int64)
        n = min(len(free), round(self.spread * max(least, round(share * len(free)))))
        taken = np.sort(self.rng(fault).permutation(free)[:n])
        self.used |= set(taken.tolist())
        return taken

    def record(
        self,
        fault: str,
        child_ids: Iterable[str],
        *,
        source_list: str,
        expected: str | None,
        detail: str,
    ) -> None:
        """Say that these children have a fault of practice, and in which list it shows."""
        ids = sorted(set(child_ids))
        self.add(
            [
                {
                    "fault": fault,
                    "child_id": i,
                    "source_list": source_list,
                    "expected": expected,
                    "detail": detail,
                }
                for i in ids
            ]
        )

    def add(self, rows: list[dict[str, object]]) -> None:
        """Add rows of truth; what they do not say is null."""
        full = [
            {name: row.get(name) for name in TRUTH} | {"kind": _KIND[str(row["fault"])]}
            for row in rows
        ]
        self._rows.append(pl.DataFrame(full, schema=TRUTH))

    def truth(self) -> pl.DataFrame:
        """Everything planted, in the order of the catalogue."""
        order = pl.Enum([f.id for f in catalogue()])
        rows = pl.concat([pl.DataFrame(schema=TRUTH), *self._rows])
        return rows.sort(
            pl.col("fault").cast(order),
            "source_list",
            "source_row",
            "child_id",
            "expected",
            maintain_order=True,
        )
