"""Early signs that a service is losing its power to recover.

Near a tipping point a system comes back from a knock more slowly. That shows before the mean moves: what
happens one week looks more like the week before (autocorrelation), and the swings grow (variance)
(Scheffer and others 2009, "Early-warning signals for critical transitions"; Dakos and others 2012, on
rolling windows, detrending and Kendall's tau). The busiest are full before the average is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: Weeks a rolling window needs before its autocorrelation means anything.
WINDOW = 26
#: Points a series needs for a trend of its rolling statistics.
FEWEST = 2 * WINDOW
#: A trend is a sign when fewer of the series without one do as much. The memory of a short series is
#: underestimated, so at 0.05 one steady series in ten would show a sign; at this, about one in twenty did.
ALARM = 0.03
#: Series of the same memory that a trend is held against.
SURROGATES = 400


@dataclass(frozen=True)
class Sign:
    """One early sign in one series.

    ``tau`` is Kendall's tau of the statistic against time (-1 to 1: rising is above 0), ``first`` and
    ``last`` the statistic in the first and last window, ``chance`` the share of series with the same
    memory and no trend in it whose tau is as large; ``values`` the statistic in each window.
    """

    name: str
    tau: float
    first: float
    last: float
    chance: float
    values: Floats

    @property
    def seen(self) -> bool:
        """Whether it rises by more than chance explains."""
        return self.tau > 0 and self.chance < ALARM


def signs(series: Floats, *, seed: int = 1, window: int = WINDOW) -> tuple[Sign, ...]:
    """Rolling autocorrelation and variance of a weekly series, each with its trend.

    The slow part of the series (a normal kernel as wide as a quarter of a window) is taken off first. A
    trend is held against series with the same autocorrelation throughout, because overlapping windows
    trend by chance. Empty when the series has fewer than twice the window's points.

    >>> quiet = np.random.default_rng(1).normal(size=120)
    >>> [sign.seen for sign in signs(quiet)]
    [False, False]
    """
    series = np.asarray(series, dtype=np.float64)
    if len(series) < 2 * window or not np.isfinite(series).all() or series.std() == 0:
        return ()
    rest = detrended(series, window / 4)
    found = _rolling(rest[None, :], window)
    rng = np.random.default_rng(seed)
    chance = _rolling(_alike(rest, rng), window)
    return tuple(
        _sign(name, found[k][0], chance[k])
        for k, name in enumerate(("autocorrelation", "variance"))
    )


def _sign(name: str, values: Floats, others: Floats) -> Sign:
    tau = float(_taus(values[None, :])[0])
    share = (1 + (_taus(others) >= tau).sum()) / (1 + len(others))
    return Sign(name, tau, float(values[0]), float(values[-1]), float(share), values)


def _taus(rows: Floats) -> Floats:
    """Kendall's tau against time of each row; ties are left out of the count (none are expected)."""
    size = rows.shape[1]
    total = np.zeros(len(rows))
    for lag in range(1, size):
        total += np.sign(rows[:, lag:] - rows[:, :-lag]).sum(axis=1)
    return np.asarray(total / (size * (size - 1) / 2))


def detrended(series: Floats, width: float) -> Floats:
    """The series less its own slow part: a normal kernel of standard deviation ``width`` points."""
    time = np.arange(len(series))
    weights = np.exp(-0.5 * ((time[:, None] - time[None, :]) / width) ** 2)
    smooth = weights @ series / weights.sum(axis=1)
    return np.asarray(series - smooth, dtype=np.float64)


def _rolling(rows: Floats, window: int) -> tuple[Floats, Floats]:
    """Autocorrelation at lag one, and variance, of every window of every row."""
    views = np.lib.stride_tricks.sliding_window_view(rows, window, axis=1)
    centred = views - views.mean(axis=2, keepdims=True)
    variance = (centred**2).mean(axis=2)
    lagged = (centred[..., 1:] * centred[..., :-1]).mean(axis=2)
    return lagged / np.maximum(variance, 1e-12), variance


def _alike(rest: Floats, rng: np.random.Generator) -> Floats:
    """Series of the same length, spread and autocorrelation, with nothing changing in them."""
    memory = float(np.clip(np.corrcoef(rest[:-1], rest[1:])[0, 1], -0.95, 0.95))
    shocks = rng.normal(size=(SURROGATES, len(rest))) * np.sqrt(1 - memory**2)
    rows = np.empty_like(shocks)
    rows[:, 0] = rng.normal(size=SURROGATES)
    for week in range(1, len(rest)):
        rows[:, week] = memory * rows[:, week - 1] + shocks[:, week]
    return np.asarray(rows * rest.std(), dtype=np.float64)


def recovery_weeks(series: Floats) -> float:
    """Weeks in which a knock is worn down to a third (1/e): -1 / log(autocorrelation at lag one).

    Zero when one week says nothing of the next; infinite when a knock does not wear off.

    >>> memory = np.array([0.8 ** k for k in range(60)])
    >>> 2 < recovery_weeks(memory) < 6
    True
    """
    rest = np.asarray(series, dtype=np.float64)
    centred = rest - rest.mean()
    spread = (centred**2).sum()
    memory = float((centred[1:] * centred[:-1]).sum() / spread) if spread > 0 else 0.0
    if memory <= 0:
        return 0.0
    return float("inf") if memory >= 1 else float(-1 / np.log(memory))


def lead(first: Floats, then: Floats, *, most: int = 6) -> tuple[int, float]:
    """By how many points ``first`` runs ahead of ``then``: the lag of the largest correlation of changes.

    Returns the lag (above 0: ahead; below: behind) and that correlation.

    >>> wave = np.sin(np.arange(60) / 4) + np.random.default_rng(1).normal(size=60) / 20
    >>> lead(wave[2:], wave[:-2])[0]
    2
    """
    one, two = np.diff(first), np.diff(then)
    best = (0, -2.0)
    for lag in range(-most, most + 1):
        early = one[: len(one) - lag] if lag >= 0 else one[-lag:]
        late = two[lag:] if lag >= 0 else two[: len(two) + lag]
        if len(early) < 8 or early.std() == 0 or late.std() == 0:
            continue
        correlation = float(np.corrcoef(early, late)[0, 1])
        if correlation > best[1]:
            best = (lag, correlation)
    return best if best[1] > -2 else (0, 0.0)
