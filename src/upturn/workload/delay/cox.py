"""Cox's proportional hazards with late entry, strata and ties, for times in whole days.

The partial likelihood of Cox (1972) with Efron's (1977) handling of ties; a case is at risk on day *t* when
it had entered before and had not finished: ``entry < t <= stop`` (left truncation: Andersen and Gill 1982).
Variance robust to cases of one worker being alike after Lin and Wei (1989), by leaving out one worker at
a time. Proportional hazards tested after
Grambsch and Therneau (1994). Sums over days are made once for each day, so the cost grows with the
cases, not with their square.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_STEPS, _SMALL = 40, 1e-9


class NotFitted(Exception):
    """The model cannot be fitted to these cases; the message says why."""


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
class Fit:
    """What was estimated.

    ``beta`` are log hazard ratios, ``covariance`` theirs (model-based), ``robust`` the same allowing for
    clusters. ``cumulative`` is the baseline cumulative hazard by stratum and day for a case with ``x`` at
    ``centre``. ``ph_p`` is, for each column, how likely so strong a drift of its effect with time is by
    chance. ``residuals`` are Cox and Snell's: the hazard each span has met; they add up to ``events``.
    """

    beta: Floats
    covariance: Floats
    robust: Floats
    log_likelihood: float
    null_log_likelihood: float
    centre: Floats
    cumulative: Floats
    ph_p: Floats
    residuals: Floats
    events: int


@dataclass(frozen=True)
class _Sums:
    """For each event (day, place among the ties): what was at risk, and the mean of ``x`` over it."""

    log_likelihood: float
    gradient: Floats
    information: Floats
    means: Floats
    met: Floats  # for each case: the hazard it met, ties shared after Efron
    hazard: Floats  # by stratum and day: the step of the cumulative hazard
    drift: Floats  # by stratum, day and column: the step times the mean of x


def fit(s: Spans) -> Fit:
    """The model fitted by Newton's method. Raises NotFitted where no finite answer exists.

    >>> one = np.ones(4, dtype=np.int64)
    >>> s = Spans(0 * one, np.array([1, 2, 3, 4]), np.array([True] * 4), np.array([[1.0], [0], [1], [0]]),
    ...           0 * one, np.arange(4))
    >>> round(float(fit(s).beta[0]), 3)
    0.941
    """
    if int(s.event.sum()) <= s.x.shape[1]:
        raise NotFitted("there are too few finished cases")
    centre: Floats = s.x.mean(axis=0)
    x = s.x - centre
    beta: Floats = np.zeros(x.shape[1])
    now = _sums(s, x, beta)
    null = now.log_likelihood
    for _ in range(_STEPS):
        step = _solve(now.information, now.gradient)
        beta, after = _uphill(s, x, beta, step, now)
        gain, now = after.log_likelihood - now.log_likelihood, after
        if gain < _SMALL * (abs(now.log_likelihood) + 1) and np.abs(step).max() < 1e-4:
            break
    else:
        raise NotFitted("the estimates do not settle")
    if np.abs(beta).max() > 15:
        raise NotFitted("one group has no finished case to compare")
    covariance = _solve(now.information, np.eye(len(beta)))
    return Fit(
        beta=beta,
        covariance=covariance,
        robust=_robust(s, x, beta, now, covariance),
        log_likelihood=now.log_likelihood,
        null_log_likelihood=null,
        centre=centre,
        cumulative=np.cumsum(now.hazard, axis=1),
        ph_p=_drifts(s, x, now, covariance),
        residuals=now.met,
        events=int(s.event.sum()),
    )


def told_apart(s: Spans) -> list[int]:
    """The columns of ``x`` that can be told from those before them and vary among cases at risk together."""
    x = s.x - s.x.mean(axis=0)
    a = _sums(s, x, np.zeros(x.shape[1])).information.copy()
    own, kept = np.diag(a).copy(), []
    for j in range(len(a)):
        if a[j, j] <= 1e-8 * max(own[j], 1e-8):
            continue
        kept.append(j)
        a -= np.outer(a[:, j], a[j]) / a[j, j]
    return kept


def _solve(a: Floats, b: Floats) -> Floats:
    try:
        found: Floats = np.asarray(np.linalg.solve(a, b), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise NotFitted("two of the things looked at cannot be told apart") from None
    return found


def _uphill(s: Spans, x: Floats, beta: Floats, step: Floats, now: _Sums) -> tuple[Floats, _Sums]:
    """Newton's step, halved until the likelihood does not fall."""
    for _ in range(20):
        with np.errstate(divide="ignore", invalid="ignore"):  # a step too far: it is halved
            after = _sums(s, x, beta + step)
        if after.log_likelihood >= now.log_likelihood - 1e-10:
            return beta + step, after
        step = step / 2
    return beta, now


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


def _sums(s: Spans, x: Floats, beta: Floats) -> _Sums:
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
    met = w[:, 0] * (_between(s, np.cumsum(hazard, axis=1)))
    met = met - np.where(s.event, w[:, 0] * eased[s.stratum, s.stop], 0)
    return _Sums(
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


def _between(s: Spans, cumulative: Floats) -> Floats:
    """What a cumulative sum over days gained while each case was at risk."""
    gained: Floats = cumulative[s.stratum, s.stop] - cumulative[s.stratum, s.entry]
    return gained


def _robust(s: Spans, x: Floats, beta: Floats, now: _Sums, covariance: Floats) -> Floats:
    """The covariance by leaving out one cluster at a time, one Newton step for each.

    With few clusters the plain sandwich is too narrow; this one is not (CR3: Bell and McCaffrey 2002).
    """
    w = np.exp(np.clip(x @ beta, -50, 50))
    own = np.where(s.event[:, None], x - now.means[s.stratum, s.stop], 0)
    hazard = _between(s, np.cumsum(now.hazard, axis=1))
    drift = _between(s, np.cumsum(now.drift, axis=1))
    score = own - w[:, None] * (x * hazard[:, None] - drift)
    square = np.cumsum(_squares(now), axis=1)
    whole, moves = np.linalg.inv(covariance), []
    order = np.argsort(s.cluster, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(s.cluster[order])) + 1):
        part = _information(s, x, w, hazard, drift, square, rows)
        try:
            moves.append(np.linalg.solve(whole - part, score[rows].sum(axis=0)))
        except np.linalg.LinAlgError:
            moves.append(covariance @ score[rows].sum(axis=0))
    moved = np.array(moves)
    n = len(moved)
    found: Floats = (n - 1) / n * moved.T @ moved
    return found


def _squares(now: _Sums) -> Floats:
    """By stratum and day: the step of the hazard times the square of the mean of x."""
    step = np.maximum(now.hazard, 1e-300)[..., None]
    mean = now.drift / step
    squares: Floats = now.drift[..., :, None] * mean[..., None, :]
    return squares


def _information(
    s: Spans, x: Floats, w: Floats, hazard: Floats, drift: Floats, square: Floats, rows: Ints
) -> Floats:
    """What some cases bring to the information: their spread around the mean of those at risk."""
    xr, wr = x[rows], w[rows]
    cross = (xr * wr[:, None]).T @ drift[rows]
    mean = square[s.stratum[rows], s.stop[rows]] - square[s.stratum[rows], s.entry[rows]]
    own = (xr * (wr * hazard[rows])[:, None]).T @ xr
    part: Floats = own - cross - cross.T + np.einsum("i,ijk->jk", wr, mean)
    return part


def _drifts(s: Spans, x: Floats, now: _Sums, covariance: Floats) -> Floats:
    """For each column how likely so strong a drift of the scaled Schoenfeld residuals is by chance."""
    events = int(s.event.sum())
    schoenfeld = x[s.event] - now.means[s.stratum[s.event], s.stop[s.event]]
    scaled = events * schoenfeld @ covariance
    time = _ranks(s.stop[s.event])
    time = time - time.mean()
    spread = events * np.diag(covariance) * (time**2).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        z2 = (time @ scaled) ** 2 / spread
    return np.array([erfc(sqrt(v / 2)) if np.isfinite(v) else 1.0 for v in z2])


def _ranks(values: Ints) -> Floats:
    """Ranks from 1, ties sharing the mean of theirs."""
    _, at, count = np.unique(values, return_inverse=True, return_counts=True)
    top = np.cumsum(count)
    ranks: Floats = (top - (count - 1) / 2)[at].astype(np.float64)
    return ranks


def t_quantile(freedom: int) -> float:
    """The 97.5th centile of Student's t, after Cornish and Fisher; of the normal for many degrees.

    >>> round(t_quantile(10), 2), round(t_quantile(1000), 2)
    (2.23, 1.96)
    """
    z, v = 1.959964, max(freedom, 2)
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / v + second / v**2 + third / v**3


def two_sided(z: float) -> float:
    """How likely so large a standard normal is by chance, either way.

    >>> round(two_sided(1.96), 3)
    0.05
    """
    return erfc(abs(z) / sqrt(2))
