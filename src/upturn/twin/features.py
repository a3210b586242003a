"""The summaries by which a simulated service is held against a recorded one.

Each is made of the monthly series of one period: rates a month, shares, means, how long things took. They are
worked out in the same way from an extract and from the twin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
#: Series (…, months) and histograms (…, months, bins) by name.
Months = Mapping[str, Floats]


@dataclass(frozen=True)
class Feature:
    """One summary: its name in words, its unit, what it needs, and how it is made of that."""

    name: str
    unit: str
    needs: tuple[str, ...]
    of: Callable[[Months], Floats]
    histogram: str = ""
    most: float = 1.0  # a ratio of children to children may be more than one


def _mean(name: str) -> Callable[[Months], Floats]:
    return lambda m: _told_mean(m[name])


def _told_mean(values: Floats) -> Floats:
    """The mean of the months that can be told; NaN where none can."""
    told = np.isfinite(values)
    count = told.sum(axis=-1)
    total = np.where(told, values, 0).sum(axis=-1)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan), dtype=float)


def _over(top: str, below: str) -> Callable[[Months], Floats]:
    def of(m: Months) -> Floats:
        upper, lower = m[top].sum(axis=-1), m[below].sum(axis=-1)
        return np.asarray(np.where(lower > 0, upper / np.maximum(lower, 1e-9), np.nan), dtype=float)

    return of


def _drift(name: str) -> Callable[[Months], Floats]:
    """The second half of the period over its whole, less one: a rise over the period."""

    def of(m: Months) -> Floats:
        values = m[name]
        half = values.shape[-1] // 2
        late, whole = values[..., half:].mean(axis=-1), values.mean(axis=-1)
        return np.asarray((late + 1) / (whole + 1) - 1, dtype=float)

    return of


def _band(name: str, first: int, last: int) -> Callable[[Months], Floats]:
    """The share of lengths from ``first`` to ``last`` working days."""

    def of(m: Months) -> Floats:
        counts = m[name].sum(axis=-2)
        total = counts.sum(axis=-1)
        inside = counts[..., first : last + 1].sum(axis=-1)
        return np.asarray(np.where(total > 0, inside / np.maximum(total, 1), np.nan), dtype=float)

    return of


def _middle(name: str, share: float) -> Callable[[Months], Floats]:
    """A centile of the lengths, in working days, between whole days by the counts."""

    def of(m: Months) -> Floats:
        counts = m[name].sum(axis=-2).astype(float)
        total = counts.sum(axis=-1, keepdims=True)
        running = np.cumsum(counts, axis=-1)
        at = np.argmax(running >= share * total, axis=-1)
        below = np.take_along_axis(running - counts, at[..., None], -1)[..., 0]
        inside = np.take_along_axis(counts, at[..., None], -1)[..., 0]
        part = (share * total[..., 0] - below) / np.maximum(inside, 1)
        return np.asarray(np.where(total[..., 0] > 0, at + part, np.nan), dtype=float)

    return of


def _counts() -> list[Feature]:
    names = {
        "contacts": "Contacts", "referrals": "Referrals", "assessments_started": "Assessments started",
        "section47_started": "Section 47 enquiries", "conferences_held": "Initial conferences",
        "cp_started": "Protection plans started", "cp_ended": "Protection plans ended",
        "care_entries": "Entries to care", "leavers": "Leavers", "starters": "Starters",
        "changes_of_worker": "Changes of worker", "visits_made": "Visits made",
    }  # fmt: skip
    return [Feature(words, "a month", (n,), _mean(n)) for n, words in names.items()]


def _stocks() -> list[Feature]:
    names = {
        "assessments_open": ("Assessments open", "assessments"),
        "assessments_overdue": ("Assessments open past their day", "assessments"),
        "conference_waiting": ("Children waiting for a conference", "children"),
        "cp_plans": ("Children on protection plans", "children"),
        "open_children": ("Children open", "children"),
        "unallocated": ("Children with no worker", "children"),
        "load_mean": ("Children a worker, mean", "children"),
        "load_p90": ("Children a worker, ninth decile", "children"),
        "load_top": ("Children a worker, most", "children"),
        "filled": ("Posts filled", "full-time equivalent"),
        "vacant": ("Posts with no permanent worker", "full-time equivalent"),
        "agency": ("Posts covered by agency", "full-time equivalent"),
        "sick": ("Workers off sick", "full-time equivalent"),
    }
    return [Feature(words, unit, (n,), _mean(n)) for n, (words, unit) in names.items()]


def _shares() -> list[Feature]:
    pairs = (
        ("Referrals from contacts", "referrals", "contacts"),
        ("Referrals of a child referred before", "rereferrals", "referrals"),
        ("Assessments to a referral", "assessments_started", "referrals"),
        ("Enquiries to a referral", "section47_started", "referrals"),
        ("Conferences to an enquiry", "conferences_held", "section47_started"),
        ("Plans to a conference", "cp_started", "conferences_held"),
        ("Plans that are not the first", "repeat_plans", "cp_started"),
        ("Assessments late", "assessments_late", "assessments_ended"),
        ("Conferences late", "conferences_late", "conferences_held"),
    )
    days = (
        ("Mean length of assessments", "assessment_days", "assessments_ended"),
        ("Mean days to conference", "conference_days", "conferences_held"),
        ("Mean days to the first worker", "allocation_days", "allocated"),
        ("Mean days to a strategy discussion", "strategy_days", "strategies_early"),
    )
    made = [
        Feature(words, "share", (a, b), _over(a, b), most=2.0 if " to a" in words else 1.0)
        for words, a, b in pairs
    ]
    return made + [Feature(words, "working days", (a, b), _over(a, b)) for words, a, b in days]


def _lengths() -> list[Feature]:
    bands = ((0, 10), (11, 20), (21, 30), (31, 40), (41, 45), (46, 50), (61, 99))
    made = [
        Feature(
            f"Assessments of {a} to {b} days" if b < 99 else f"Assessments of {a} days and more",
            "share", (), _band("assessment", a, b), "assessment",
        )
        for a, b in bands
    ]  # fmt: skip
    made += [
        Feature(f"Assessments, {words}", "working days", (), _middle("assessment", q), "assessment")
        for words, q in (("first quartile", 0.25), ("median", 0.5), ("ninth decile", 0.9))
    ]
    made += [
        Feature("Conferences within 10 days", "share", (), _band("conference", 0, 10), "conference"),
        Feature("Conferences of 13 to 15 days", "share", (), _band("conference", 13, 15),
                "conference"),
        Feature("Conferences past 20 days", "share", (), _band("conference", 21, 99), "conference"),
        Feature("Conferences, median", "working days", (), _middle("conference", 0.5), "conference"),
    ]  # fmt: skip
    return made


def _drifts() -> list[Feature]:
    names = {"referrals": "Referrals", "assessments_open": "Assessments open",
             "open_children": "Children open", "assessments_late": "Assessments late"}  # fmt: skip
    return [Feature(f"{words}: rise", "share", (n,), _drift(n)) for n, words in names.items()]


FEATURES: tuple[Feature, ...] = (
    *_counts(), *_shares(), *_stocks(), *_lengths(), *_drifts(),
)  # fmt: skip


def told(monthly: Months, histograms: Months) -> tuple[Feature, ...]:
    """The features that can be made of a record: what they need is there, in every month or the last."""
    found = []
    for feature in FEATURES:
        held = set(feature.needs) <= set(monthly)
        held &= not feature.histogram or feature.histogram in histograms
        if held and np.isfinite(summarise((feature,), monthly, histograms)).all():
            found.append(feature)
    return tuple(found)


def summarise(features: tuple[Feature, ...], monthly: Months, histograms: Months) -> Floats:
    """The features' values, of shape (…, features).

    Series have shape (…, months), histograms (…, months, bins).

    NaN where a run has nothing to be a share of.

    >>> median = next(f for f in FEATURES if f.name == "Assessments, median")
    >>> counts = np.zeros((1, 1, 100))
    >>> counts[0, 0, [10, 20]] = 1
    >>> float(summarise((median,), {}, {"assessment": counts})[0, 0])
    11.0
    """
    both = {**monthly, **histograms}
    return np.stack([feature.of(both) for feature in features], axis=-1)


def carried(features: tuple[Feature, ...], values: Floats) -> Floats:
    """The features on scales where chance is about as large everywhere and near normal.

    Shares by the arcsine of their root; counts, means and days by the logarithm of one more; a rise as it is.

    >>> share = tuple(f for f in FEATURES if f.name == "Assessments late")
    >>> carried(share, np.array([[1.0]])).round(4).tolist()
    [[1.5708]]
    """
    made = []
    for n, feature in enumerate(features):
        column = values[..., n]
        if feature.unit == "share" and not feature.name.endswith(": rise"):
            made.append(np.arcsin(np.sqrt(np.clip(column / feature.most, 0, 1))))
        elif feature.name.endswith(": rise"):
            made.append(column)
        else:
            made.append(np.log1p(np.maximum(column, 0)))
    return np.stack(made, axis=-1)
