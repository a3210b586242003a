"""When families come: the year's seasons, the days of the week, and who is referred again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upturn.synthetic.days import Days, Mask, bank_holidays, school_holidays, weekdays
from upturn.synthetic.draw import Rng, one_of
from upturn.synthetic.figures import figure

#: Kinds of family: most; those who come for a child's disability; a child alone from abroad; and those
#: whose children came into care before the simulated years and stayed.
USUAL, DISABLED, ALONE, LONG_CARE = range(4)
_SCHOOLS = ("2A", "2B")


@dataclass(frozen=True)
class Season:
    """How likely each day is to bring a referral: ``share`` summed up from ``first`` on."""

    first: int
    share: NDArray[np.float64]

    def day(self, rng: Rng, start: Days, end: Days) -> Days:
        """A day in ``[start, end)`` for each pair, by the season."""
        end = np.maximum(end, start + 1)
        low, high = self.share[start - self.first], self.share[end - self.first]
        u = low + rng.random(len(start)) * (high - low)
        found = self.first + np.searchsorted(self.share, u, side="right") - 1
        return np.clip(found, start, end - 1).astype(np.int64)


def season(first: int, last: int) -> Season:
    """The season from ``first`` to ``last``: published months, assumed weekdays.

    >>> s = season(20500, 20900)
    >>> int(s.day(np.random.default_rng(1), np.array([20600]), np.array([20601]))[0])
    20600
    """
    day = np.arange(first, last + 2)
    weight = np.array(figure("arrivals.by_weekday"))[_weekday_as_worked(day)]
    month = day.astype("M8[D]").astype("M8[M]").astype(np.int64)
    _, of_month = np.unique(month, return_inverse=True)
    in_month = np.bincount(of_month, weight)[of_month]
    by_month = np.array(figure("arrivals.by_month"), dtype=float)[month % 12]
    length = np.bincount(of_month)[of_month] / 30.4
    share = weight / in_month * by_month * np.minimum(length, 1.0)
    return Season(first, np.concatenate([[0.0], np.cumsum(share)]))


def _weekday_as_worked(day: Days) -> Days:
    return np.where(np.isin(day, list(bank_holidays())), 6, weekdays(day))


def first_arrivals(
    rng: Rng, when: Season, *, a_year: int, first: int, last: int
) -> tuple[Days, Days]:
    """Day and kind of every family's first referral between two days.

    Families come as often as makes ``a_year`` children's referrals a year, those who come again included.
    """
    years = (last - first) / 365.25
    again = figure("referrals.again_within_12_months") + 0.8 * figure(
        "referrals.again_in_second_year"
    )
    families = a_year * years * (1 - again) / mean_family_size()
    alone = a_year * years * figure("care.entries_per_referral") * figure("care.unaccompanied")
    n, m = rng.poisson(families), rng.poisson(alone)
    disabled = rng.random(n) < figure("need.disabled_family")
    kind = np.concatenate([np.where(disabled, DISABLED, USUAL), np.full(m, ALONE)])
    start, end = np.full(n + m, first), np.full(n + m, last + 1)
    return when.day(rng, start, end), kind.astype(np.int64)


def usual_share() -> float:
    """The share of referrals that are of the usual kind, to which the published rates are applied."""
    again = figure("referrals.again_within_12_months") + 0.8 * figure(
        "referrals.again_in_second_year"
    )
    alone: float = figure("care.entries_per_referral") * figure("care.unaccompanied")
    disabled: float = figure("need.disabled_family") * (1 - again)
    return 1 - disabled - alone


def mean_family_size() -> float:
    """Children referred together, on average."""
    shares: list[float] = figure("people.children_in_family")
    return sum(n * share for n, share in enumerate(shares, start=1))


def long_open(rng: Rng, *, a_year: int, first: int) -> tuple[Days, Days]:
    """Day and kind of families who came before ``first`` and may still be open: disability, long care."""
    children = a_year * figure("care.entries_per_referral") * (1 - figure("care.short"))
    care = rng.poisson(17 * children / mean_family_size() / 0.85)
    disabled = rng.poisson(12 * a_year * figure("need.disabled_family") * 0.7 / mean_family_size())
    day = np.concatenate(
        [first - rng.integers(1, 17 * 365, care), first - rng.integers(1, 12 * 365, disabled)]
    )
    kind = np.concatenate([np.full(care, LONG_CARE), np.full(disabled, DISABLED)])
    return day.astype(np.int64), kind.astype(np.int64)


def sources(rng: Rng, day: Days) -> NDArray[np.str_]:
    """Who referred, on each day: the published mix over the year, schools fewer in their holidays."""
    mix = {str(k): float(v) for k, v in figure("arrivals.by_source").items()}
    holiday: Mask = np.isin(day, school_holidays())
    less = figure("arrivals.schools_in_holidays")
    away = float(holiday.mean()) if len(day) else 0.0
    boost = 1 / (1 - away + away * less)
    total = sum(mix.values())
    rest = {k: v for k, v in mix.items() if k not in _SCHOOLS}
    schools = total - sum(rest.values())
    share = np.where(holiday, boost * less, boost) * schools / total
    from_school = rng.random(len(day)) < share
    school = one_of(rng, len(day), {k: mix[k] for k in _SCHOOLS})
    return np.where(from_school, school, one_of(rng, len(day), rest))
