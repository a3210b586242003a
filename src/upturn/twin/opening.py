"""The open work from which a simulated future starts: arrays, with what is told and what is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from upturn.rulebooks.located import RulebookError
from upturn.twin import today_columns as T


@dataclass(frozen=True)
class Basis:
    """One thing that the start rests on: a count, or what stands for something that is not told.

    ``tag`` is "extract", "yours" (the workforce file) or "assumed"; ``n`` is None where nothing is counted.
    """

    what: str
    n: int | None
    tag: str
    words: str


@dataclass(frozen=True)
class Opening:
    """The open work of an extract at the end of ``as_at``, as the kernel takes it over. No names, no keys.

    ``children`` is float64 ``[children, OPENING]``: the columns of `upturn.twin.today_columns`, ages up to
    the day after ``as_at``, those who have waited longest first. ``filled`` and ``agency`` are how many hold
    posts that day, None where it is not told. ``counts`` is open work by kind; ``basis`` says what each
    part rests on.
    """

    as_at: date
    children: NDArray[np.float64]
    workers: int
    filled: float | None
    agency: float | None
    counts: Mapping[str, int]
    basis: tuple[Basis, ...]
    source_name: str = ""

    @property
    def day(self) -> date:
        """The first day on which the simulation goes on from it."""
        return self.as_at + timedelta(1)

    def laid_out(self, first: date, start: date) -> NDArray[np.float64]:
        """What the kernel reads, in a run whose calendar begins on ``first`` and whose months on ``start``.

        Raises RulebookError when the day is not between the two.
        """
        if not first <= self.day <= start:
            months = (start.year - first.year) * 12 + start.month - first.month
            raise RulebookError(
                [
                    f"the open work is that of {self.as_at}: a future from it starts after that day and at "
                    f"most {months} months later, not on {start}; the usual state can start on any month"
                ]
            )
        head = np.full((1, T.OPENING), -1.0)
        head[0, T.O_DAY] = (self.day - first).days
        head[0, T.O_FILLED] = -1.0 if self.filled is None else round(self.filled)
        head[0, T.O_AGENCY] = -1.0 if self.agency is None else round(self.agency)
        head[0, T.O_WORKERS] = self.workers
        return np.ascontiguousarray(np.concatenate([head, self.children]), dtype=np.float64)


def laid_out(opening: Opening | None, first: date, start: date) -> NDArray[np.float64]:
    """What the kernel reads of an opening; no rows when there is none.

    >>> laid_out(None, date(2026, 4, 1), date(2026, 4, 1)).shape
    (0, 17)
    """
    return np.zeros((0, T.OPENING)) if opening is None else opening.laid_out(first, start)
