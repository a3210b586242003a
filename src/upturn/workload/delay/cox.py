"""Cox's proportional hazards with late entry, strata and ties, for times in whole days.

The partial likelihood of Cox (1972), its sums from `upturn.workload.delay.risk_sets`; intervals that allow
for a worker's cases being alike from `upturn.workload.delay.alike`. Proportional hazards are tested after
Grambsch and Therneau (1994).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from upturn.workload.delay.alike import robust
from upturn.workload.delay.risk_sets import Floats, Ints, Spans, Sums, sums_at

_STEPS, _SMALL = 40, 1e-9


class NotFitted(Exception):
    """The model cannot be fitted to these cases; the message says why."""


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
    now = sums_at(s, x, beta)
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
        robust=robust(s, x, beta, now, covariance),
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
    a = sums_at(s, x, np.zeros(x.shape[1])).information.copy()
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


def _uphill(s: Spans, x: Floats, beta: Floats, step: Floats, now: Sums) -> tuple[Floats, Sums]:
    """Newton's step, halved until the likelihood does not fall."""
    for _ in range(20):
        with np.errstate(divide="ignore", invalid="ignore"):  # a step too far: it is halved
            after = sums_at(s, x, beta + step)
        if after.log_likelihood >= now.log_likelihood - 1e-10:
            return beta + step, after
        step = step / 2
    return beta, now


def _drifts(s: Spans, x: Floats, now: Sums, covariance: Floats) -> Floats:
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
