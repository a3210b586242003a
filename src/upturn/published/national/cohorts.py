"""The interaction-weighted event study of Sun and Abraham (2021, doi 10.1016/j.jeconom.2020.09.006).

A regression with authority and year effects in which every cohort (year first treated) has its own path by
years from treatment; the paths are then averaged with the cohorts' shares. The plain event study, with
one path for all, can mix one year's effect into another's when cohorts differ; it is here for comparison.
Authorities never treated are the comparison. The last year before treatment is the one left out.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.stats import norm

from upturn.published.national.staggered import Floats, Grid, Ints

#: Leads and lags further out than this are joined into one, so that no cell is a single authority's.
FAR = 6


def sun_abraham(data: Grid, *, leads: int = 3, lags: int = 4) -> pl.DataFrame:
    """Effects by years from the first census after: horizon, authorities, effect, se, low, high.

    Standard errors allow for correlation within an authority (Liang and Zeger, with the usual small-sample
    factor); cohort shares are taken as given. Horizon as in `staggered.effects`.
    """
    fit = _Fit(data, by_cohort=True)
    return _table(fit, leads, lags)


def plain(data: Grid, *, leads: int = 3, lags: int = 4) -> pl.DataFrame:
    """The same with one path for all cohorts: authority and year effects only."""
    return _table(_Fit(data, by_cohort=False), leads, lags)


class _Fit:
    """Least squares with authority and year effects and the given event-time columns."""

    def __init__(self, data: Grid, *, by_cohort: bool) -> None:
        unit, year = np.nonzero(np.isfinite(data.y))
        first = data.first[unit]
        e = np.where(
            np.isinf(first), np.nan, data.years[year] - np.where(np.isinf(first), 0, first)
        )
        self.unit, self.time = unit, np.clip(e, -FAR, FAR)
        cohort = first if by_cohort else np.where(np.isinf(first), np.inf, 0.0)
        keys = {(float(g), float(t)) for g, t in zip(cohort, self.time, strict=True)
                if np.isfinite(t) and t != -1}  # fmt: skip
        self.keys = sorted(keys)
        x = np.array([(cohort == g) & (self.time == t) for g, t in self.keys], float).T
        y = data.y[unit, year]
        whole = np.hstack([x, _dummies(year)])
        self._solve(_within(unit, whole), _within(unit, y[:, None])[:, 0])
        self.sizes = {key: float(x[:, n].sum()) for n, key in enumerate(self.keys)}

    def _solve(self, x: Floats, y: Floats) -> None:
        inverse = np.linalg.pinv(x.T @ x)
        beta = inverse @ x.T @ y
        score = np.zeros((int(self.unit.max()) + 1, x.shape[1]))
        np.add.at(score, self.unit, x * (y - x @ beta)[:, None])
        groups, n = len(np.unique(self.unit)), len(y)
        # The authorities' own effects sit inside the clusters and cost no degrees of freedom, but one.
        k = x.shape[1] + 1
        factor = groups / (groups - 1) * (n - 1) / max(n - k, 1)
        self.beta, self.variance = beta, factor * inverse @ (score.T @ score) @ inverse


def _dummies(year: Ints) -> Floats:
    """One column for each year but the first."""
    return np.asarray(year[:, None] == np.unique(year)[1:], np.float64)


def _within(unit: Ints, x: Floats) -> Floats:
    """Each column less its mean over the unit: the same estimates as a column for each unit, and quicker.

    Frisch, Waugh and Lovell.
    """
    sums = np.zeros((int(unit.max()) + 1, x.shape[1]))
    np.add.at(sums, unit, x)
    means: Floats = sums / np.maximum(np.bincount(unit), 1)[:, None]
    return np.subtract(x, means[unit])


def _table(fit: _Fit, leads: int, lags: int) -> pl.DataFrame:
    rows = []
    z = float(norm.ppf(0.975))
    for e in (*range(-leads - 1, -1), *range(lags)):
        at = [n for n, (_, time) in enumerate(fit.keys) if time == e]
        sizes = np.array([fit.sizes[fit.keys[n]] for n in at])
        if not len(at):
            continue
        share = sizes / sizes.sum()
        effect = float(share @ fit.beta[at])
        se = float(share @ fit.variance[np.ix_(at, at)] @ share) ** 0.5
        rows.append((e + 1, int(sizes.sum()), effect, se, effect - z * se, effect + z * se))
    columns = ["horizon", "authorities", "effect", "se", "low", "high"]
    return pl.DataFrame(rows, schema=columns, orient="row")
