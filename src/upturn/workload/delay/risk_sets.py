"""Cases at risk day by day, and the sums over them that the partial likelihood is made of.

A case is at risk on day *t* when it had entered before and had not finished: ``entry < t <= stop`` (left
truncation: Andersen and Gill 1982). Ties are handled after Efron (1977). Sums over days are made once for
each day, so the cost grows with the cases, not with their square.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Spans:
    """Cases at risk: each from after day ``entry`` up to day ``stop``, with ``event`` where it finished then.

    ``x`` has a row for each case and a column for each thing it depends on; ``stratum`` numbers the groups
    that have a baseline of their own; ``cluster`` numbers what is alike (a worker's cases). Days are whole
    numbers, ``0 <= entry < stop``.
    """

    entry: Ints
    stop: Ints
    event: NDArray[np.bool_]
    x: Floats
    stratum: Ints
    cluster: Ints


@dataclass(frozen=True)
class Sums:
    """For each event (day, place among the ties): what was at risk, and the mean of ``x`` over it."""

    log_likelihood: float
    gradient: Floats
    information: Floats
    means: Floats
    met: Floats  # for each case: the hazard it met, ties shared after Efron
    hazard: Floats  # by stratum and day: the step of the cumulative hazard
    drift: Floats  # by stratum, day and column: the step times the mean of x


def _by_day(s: Spans, values: Floats, day: Ints, where: NDArray[np.bool_] | None = None) -> Floats:
    """``values`` (rows by columns) summed by stratum and day: an array ``strata, days, columns``."""
    strata, days = int(s.stratum.max()) + 1, int(s.stop.max()) + 2
    key, rows = s.stratum * days + day, values
    if where is not None:
        key, rows = key[where], values[where]
    size = strata * days
    columns = [np.bincount(key, weights=rows[:, j], minlength=size) for j in range(rows.shape[1])]
    stacked: Floats = np.stack(columns, axis=1).astype(np.float64)
    return stacked.reshape(strata, days, rows.shape[1])


def _at_risk(s: Spans, values: Floats) -> Floats:
    """Sums over those at risk on each day: finished on it or later, less those who enter on it or later."""

    def from_day_on(day: Ints) -> Floats:
        sums = _by_day(s, values, day)
        onward: Floats = np.cumsum(sums[:, ::-1], axis=1)[:, ::-1]
        return onward

    return from_day_on(s.stop) - from_day_on(s.entry)


def sums_at(s: Spans, x: Floats, beta: Floats) -> Sums:
    """The sums at log hazard ratios ``beta``; ``x`` is ``s.x`` less its centre."""
    eta = x @ beta
    w = np.exp(np.clip(eta, -50, 50))[:, None]
    both = np.hstack([w, w * x])
    risk, tied = _at_risk(s, both), _by_day(s, both, s.stop, s.event)
    m = _by_day(s, np.ones_like(w), s.stop, s.event)[..., 0].astype(np.int64)
    stratum, day, place, of = _events(m)
    part = (place / of)[:, None]
    left = risk[stratum, day] - part * tied[stratum, day]
    means = left[:, 1:] / left[:, :1]
    inverse = 1 / left[:, 0]
    hazard, eased = np.zeros(m.shape), np.zeros(m.shape)
    np.add.at(hazard, (stratum, day), inverse)
    np.add.at(eased, (stratum, day), inverse * part[:, 0])
    drift = np.zeros((*m.shape, x.shape[1]))
    np.add.at(drift, (stratum, day), means * inverse[:, None])
    met = w[:, 0] * (between(s, np.cumsum(hazard, axis=1)))
    met = met - np.where(s.event, w[:, 0] * eased[s.stratum, s.stop], 0)
    return Sums(
        log_likelihood=float(eta[s.event].sum() - np.log(left[:, 0]).sum()),
        gradient=x[s.event].sum(axis=0) - means.sum(axis=0),
        information=(x * met[:, None]).T @ x - means.T @ means,
        means=_mean_by_day(means, stratum, day, m),
        met=met,
        hazard=hazard,
        drift=drift,
    )


def _events(m: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Stratum, day, place among the ties (0 first) and number of ties of each event."""
    stratum, day = np.nonzero(m)
    of = m[stratum, day]
    first = np.cumsum(of) - of
    total = int(of.sum())
    place = np.arange(total) - np.repeat(first, of)
    return np.repeat(stratum, of), np.repeat(day, of), place, np.repeat(of, of)


def _mean_by_day(means: Floats, stratum: Ints, day: Ints, m: Ints) -> Floats:
    found = np.zeros((*m.shape, means.shape[1]))
    np.add.at(found, (stratum, day), means)
    averaged: Floats = found / np.maximum(m, 1)[..., None]
    return averaged


def between(s: Spans, cumulative: Floats) -> Floats:
    """What a cumulative sum over days gained while each case was at risk."""
    gained: Floats = cumulative[s.stratum, s.stop] - cumulative[s.stratum, s.entry]
    return gained
