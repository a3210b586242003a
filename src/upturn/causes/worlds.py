"""The same service twice: as it was, and as it would be with some things changed, by the same chance.

A run covers both periods: months of the first at its values, then what has changed, through the months
between them, to the end of the second. What lasts (open work, empty posts) is carried over as it would be.
Every run of a comparison has the same seed, so that child 700 is the same child in all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from upturn.causes.periods import months_in
from upturn.twin.fitted import Period

Floats = npt.NDArray[np.float64]
#: From scenarios [n, months, parameters], replications and seed, to monthly series [n, reps, months, series].
Simulator = Callable[[Floats, int, int], Floats]
#: Scenarios simulated together: enough for every core, few enough for memory.
TOGETHER = 64


@dataclass(frozen=True)
class Span:
    """The two periods in months from ``start``: the first ``before``, ``between`` neither, ``after``."""

    start: date
    before: int
    between: int
    after: int

    @property
    def months(self) -> int:
        """From the first month of the first period to the last of the second."""
        return self.before + self.between + self.after


def span_of(first: Period, then: Period) -> Span:
    """The span of two periods, the first of which ends before the second begins.

    >>> a = Period("A", date(2025, 1, 1), date(2025, 3, 31))
    >>> span_of(a, Period("B", date(2025, 6, 1), date(2025, 7, 31))).between
    2
    """
    whole = months_in(Period("", first.start, then.end))
    before, after = months_in(first), months_in(then)
    return Span(first.start, before, whole - before - after, after)


def scenarios(before: Floats, after: Floats, span: Span) -> Floats:
    """Scenarios from values before and after: ``[..., parameters]`` each, to ``[..., months, parameters]``.

    >>> span = Span(date(2025, 1, 1), 2, 0, 1)
    >>> scenarios(np.array([1.0]), np.array([2.0]), span)[:, 0].tolist()
    [1.0, 1.0, 2.0]
    """
    before, after = np.broadcast_arrays(before, after)
    changed = span.between + span.after
    first = np.repeat(before[..., None, :], span.before, axis=-2)
    return np.concatenate([first, np.repeat(after[..., None, :], changed, axis=-2)], axis=-2)


@dataclass(frozen=True)
class Totals:
    """Sums of every series over each period: ``[..., reps, series]``."""

    before: Floats
    after: Floats


def totals(simulate: Simulator, plans: Floats, span: Span, *, reps: int, seed: int) -> Totals:
    """Simulate scenarios ``[n, months, parameters]`` and add up each period's months. [n, reps, series]."""
    parts = []
    for first in range(0, len(plans), TOGETHER):
        monthly = simulate(plans[first : first + TOGETHER], reps, seed)
        early = monthly[..., : span.before, :].sum(axis=-2, dtype=np.float64)
        late = monthly[..., span.before + span.between :, :].sum(axis=-2, dtype=np.float64)
        parts.append((early, late))
    return Totals(np.concatenate([e for e, _ in parts]), np.concatenate([a for _, a in parts]))


def totals_apart(
    simulate: Simulator, before: Floats, after: Floats, span: Span, *, runs: int, seed: int
) -> Totals:
    """``runs`` runs, each with a chance of its own, over pairs of values in turn. [1, runs, series].

    ``before`` and ``after[n, parameters]``: where there are several, they are taken evenly, two runs of each.
    """
    pairs = max(1, min(len(before), runs // 2))
    each = -(-runs // pairs)
    rows = np.linspace(0, len(before) - 1, pairs).astype(int)
    found = [
        totals(
            simulate,
            scenarios(before[n], after[n], span)[None],
            span,
            reps=each,
            seed=seed + 7919 * k,
        )
        for k, n in enumerate(rows)
    ]
    early = np.concatenate([f.before for f in found], axis=1)
    return Totals(early, np.concatenate([f.after for f in found], axis=1))
