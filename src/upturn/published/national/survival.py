"""How long it lasts: the Kaplan-Meier curve with Greenwood's variance."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from scipy.stats import norm

DAYS_IN_MONTH = 365.25 / 12


def kaplan_meier(times: np.ndarray, left: np.ndarray) -> pl.DataFrame:
    """The share still in the state by time: time, at_risk, left, still, se, low, high.

    ``times`` is how long each was watched, in any unit; ``left`` whether it left then (else it was still in
    the state when watching ended). ``se`` is Greenwood's; the interval is the log(-log) one, which stays
    between 0 and 1 (Kalbfleisch and Prentice). One row for each time at which somebody left or was last seen.

    >>> curve = kaplan_meier(np.array([1.0, 2, 3, 3, 5]), np.array([True, False, True, True, False]))
    >>> curve["still"].round(3).to_list()
    [0.8, 0.8, 0.267, 0.267]
    """
    at = np.unique(times)
    risk = np.array([(times >= t).sum() for t in at])
    gone = np.array([((times == t) & left).sum() for t in at])
    still = np.cumprod(1 - gone / risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(np.where(risk > gone, gone / (risk * (risk - gone)), np.inf))
        se = np.where(still > 0, still * np.sqrt(greenwood), 0.0)
        low, high = _log_log(still, greenwood)
    return pl.DataFrame({"time": at, "at_risk": risk, "left": gone, "still": still,
                         "se": se, "low": low, "high": high})  # fmt: skip


def _log_log(still: np.ndarray, greenwood: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    z = float(norm.ppf(0.975))
    log = np.log(still)
    half = z * np.sqrt(greenwood) / np.abs(log)
    low = np.exp(-np.exp(np.log(-log) + half))
    high = np.exp(-np.exp(np.log(-log) - half))
    whole, none = still == 1, still == 0
    return np.where(whole, 1, np.where(none, 0, low)), np.where(whole, 1, np.where(none, 0, high))


def middle(curve: pl.DataFrame) -> tuple[float | None, float | None, float | None]:
    """The time by which half have left, with its 95 % interval; None where the curve stays above.

    The ends are where the ends of the curve's interval come down to half.
    """

    def first(column: str) -> float | None:
        below = curve.filter(pl.col(column) <= 0.5)["time"]
        return None if below.is_empty() else float(below[0])

    return first("still"), first("low"), first("high")


def time_in(spells: pl.DataFrame, *, as_at: date) -> pl.DataFrame:
    """The curve of `judgements.spells`, in months, watched until ``as_at``."""
    seen = spells.filter(pl.col("began") < as_at)
    gone = (seen["left"] <= as_at).fill_null(False)
    until = seen.select(pl.when(gone).then("left").otherwise(pl.lit(as_at)).alias("until"))["until"]
    months = (until - seen["began"]).dt.total_days().to_numpy() / DAYS_IN_MONTH
    return kaplan_meier(months, gone.to_numpy())
