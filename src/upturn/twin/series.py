"""What comes out of the twin each month: the series, the histograms, and the outcomes made of them.

A month of a series is made of its days in one of three ways: *sum* of what happened, *day mean* over
the working days of the month, *week mean* over its Mondays (or the first working day after).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Monthly = NDArray[np.floating]
HOWS = ("sum", "day mean", "week mean")


@dataclass(frozen=True)
class Series:
    """One column of `Runs.monthly`."""

    name: str
    unit: str
    meaning: str
    how: str = "sum"


_TABLE = """
contacts | children | Contacts at the front door, first or again
referrals | children | Referrals accepted
rereferrals | children | Referrals within 365 days of the same child's referral before
turned_away | children | Contacts that did not become a referral
assessments_started | assessments | Assessments started (on the day of referral)
assessments_ended | assessments | Assessments signed off
assessments_late | assessments | Of those signed off, the ones past 45 working days
assessment_days | working days | Sum of the working days of assessments signed off
assessments_in_10 | assessments | Of those signed off, the ones within 10 working days
assessments_in_30 | assessments | Of those signed off, the ones within 30 working days
assessments_open | assessments | Assessments open, from referral to sign-off | day mean
assessments_overdue | assessments | Of those open, the ones past their due day | day mean
child_days_overdue | child-days | Assessments, conferences, visits, reviews past due, summed over working days
unallocated | children | Children waiting for a worker, first or next | day mean
allocation_days | working days | Sum of working days from referral to the first worker
allocated | children | Children given their first worker
first_seen_days | working days | Sum of working days from referral to being seen
first_seen | children | Children first seen
unseen_child_days | child-days | Children referred and not yet seen, added up over working days
section47_started | enquiries | Section 47 enquiries started (on the day of the strategy discussion)
conferences_held | children | Initial conferences held
conferences_late | children | Of those held, the ones past 15 working days of the strategy discussion
conference_days | working days | Sum of working days from strategy discussion to conference
conference_waiting | children | Children for whom a conference is called and not yet held | day mean
cp_plans | children | Children on protection plans | day mean
cin_plans | children | Children on child in need plans | day mean
cp_started | children | Protection plans started
cp_ended | children | Protection plans ended
repeat_plans | children | Of those started, a child's second or later one in the twin's own history
visits_due | visits | Visits whose due day fell in the month
visits_made | visits | Visits made
visits_late | visits | Of visits made, those past their due day
reviews_due | reviews | Review conferences whose due day fell in the month
reviews_late | reviews | Review conferences held past their due day
open_children | children | Children open to the service | day mean
closures | children | Children closed
care_entries | children | Children who entered care, and left the twin
workers_present | full-time equivalent | Case-holders at work | day mean
filled | full-time equivalent | Posts filled, by permanent or agency workers | day mean
vacant | full-time equivalent | Posts with no permanent worker, covered by agency or not | day mean
agency | full-time equivalent | Posts covered by agency | day mean
sick | full-time equivalent | Case-holders off sick | day mean
leavers | workers | Permanent workers who left
starters | workers | Permanent workers who started
load_mean | children a worker | Children held to a full-time worker | week mean
load_p90 | children a worker | Ninth decile of children held | week mean
load_top | children a worker | Most children held by one worker | week mean
weighted_load_mean | weighted children | Weighted load to a full-time worker | week mean
over_cap | workers | Workers whose weighted load is over their cap | week mean
changes_of_worker | changes | Children given another worker
hours_short | hours | Hours still needed by work at or past its due day, added up over working days
supervision_due | sessions | Supervision sessions that fell due
supervision_held | sessions | Supervision sessions held
strategy_missing_partner | discussions | Strategy discussions without all partners
sent_back | assessments | Assessments that a manager sent back
returned | children | Contacts of children once turned away over the true threshold
serious_later | children | Of those, the ones whose need has come to the threshold of an enquiry since
days_allocation | working days | Of assessments ended, days waiting for a worker to be given
days_waiting_worker | working days | Of assessments ended, days in which the worker was on other work or away
days_work | working days | Of assessments ended, days of work itself (hours over the hours of her day)
days_sign_off | working days | Of assessments ended, days waiting for a manager
days_partner | working days | Of assessments ended, days in which all that was left waited for partners
days_conference_slot | working days | Of conferences held, days waited for a chair's slot after notice
days_conference_partner | working days | Of conferences held, days lost to a partner's absence
contacts_screened | children | Contacts decided
screening_days | working days | Sum of working days from contact to decision
strategies_early | enquiries | Of those started, the ones within 20 working days of the child's referral
strategy_days | working days | Of those, the sum of working days from referral to strategy discussion
cost | pounds | Salaries, on-costs, agency and recruitment, as far as the user gave them
"""


def _read(line: str) -> Series:
    return Series(*(part.strip() for part in line.split(" | ")))


#: Every series, in the order of the columns of `Runs.monthly`.
SERIES: tuple[Series, ...] = tuple(_read(line) for line in _TABLE.strip().splitlines())
#: Name -> column.
COLUMN: Mapping[str, int] = MappingProxyType({s.name: n for n, s in enumerate(SERIES)})
#: The histograms, each of working days 0 to 98 and "99 or more".
HISTOGRAMS = ("assessment", "conference", "visit")
BINS = 100


@dataclass(frozen=True)
class Outcome:
    """Something a service is judged by, made of the series."""

    name: str
    unit: str
    meaning: str
    good: str
    of: Callable[[Monthly], Monthly]

    def __call__(self, monthly: Monthly) -> Monthly:
        return self.of(monthly)


def column(monthly: Monthly, name: str) -> Monthly:
    """One series of an array ``[..., months, series]``.

    >>> column(np.zeros((2, 3, len(SERIES))), "referrals").shape
    (2, 3)
    """
    found: Monthly = monthly[..., COLUMN[name]]
    return found


def _share(top: str, bottom: str, floor: float = 0.0) -> Callable[[Monthly], Monthly]:
    """``top`` over ``bottom``; NaN in a month that has nothing to be a share of."""

    def of(monthly: Monthly) -> Monthly:
        below = column(monthly, bottom).astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(below > floor, column(monthly, top) / below, np.nan)

    return of


def _plain(name: str) -> Callable[[Monthly], Monthly]:
    return lambda monthly: column(monthly, name).astype(np.float64)


def _posts_share(top: str) -> Callable[[Monthly], Monthly]:
    """``top`` over all posts: those filled and those empty with nobody covering."""

    def of(monthly: Monthly) -> Monthly:
        permanent = column(monthly, "filled") - column(monthly, "agency")
        below = permanent + column(monthly, "agency" if top == "agency" else "vacant")
        return np.divide(column(monthly, top), below, where=below > 0, out=np.zeros(below.shape))

    return of


def _leavers_rate(monthly: Monthly) -> Monthly:
    permanent = (column(monthly, "filled") - column(monthly, "agency")).astype(np.float64)
    yearly = 12.0 * column(monthly, "leavers")
    rate: Monthly = np.divide(yearly, permanent, where=permanent > 0, out=np.zeros(permanent.shape))
    return rate


# Name, unit, whether high or low is good, and what it is made of; then what it means.
_OUTCOMES = """
assessment-lateness | share | low | assessments_late / assessments_ended
    Assessments ended past 45 working days, of those ended
assessment-days | working days | low | assessment_days / assessments_ended
    Mean length of the assessments ended
overdue-assessments | assessments | low | assessments_overdue
    Assessments open past their due day
open-assessments | assessments | neither | assessments_open
    Assessments open
conference-lateness | share | low | conferences_late / conferences_held
    Conferences past 15 working days, of those held
visit-lateness | share | low | visits_late / visits_made
    Visits made past their due day, of those made
review-lateness | share | low | reviews_late / reviews_due
    Reviews held past their due day, of those due
child-days-overdue | child-days | low | child_days_overdue
    Work past its due day, added up over working days
unallocated | children | low | unallocated
    Children waiting for a worker
allocation-days | working days | low | allocation_days / allocated
    Mean days from referral to the first worker
first-seen-days | working days | low | first_seen_days / first_seen
    Mean days from referral to being seen
open-children | children | neither | open_children
    Children open to the service
referrals | children a month | neither | referrals
    Referrals accepted
caseload | children a worker | low | load_mean
    Children held to a full-time worker
caseload-top | children a worker | low | load_top
    Most children held by one worker
rereferral-share | share | low | rereferrals / referrals
    Referrals within a year of another of the same child
serious-later | children | low | serious_later
    Children once turned away who came back with serious need
vacancy-rate | share | low | vacant / posts
    Posts with no permanent worker, of all posts
agency-share | share | low | agency / posts
    Agency workers, of all workers
leavers-rate | share a year | low | leavers a year
    Permanent workers who left, as a yearly rate
sickness-rate | share | low | sick / filled
    Case-holders off sick, of those in post
supervision-held | share | high | supervision_held / supervision_due
    Supervision sessions held, of those due
cost | pounds | low | cost
    Salaries, on-costs, agency and recruitment, as far as given
"""


def _outcome(line: str, meaning: str) -> Outcome:
    """An outcome of the table: a series as it is, one over another, or a share of posts."""
    name, unit, good, made = line.split(" | ")
    top, _, bottom = made.partition(" / ")
    if made == "leavers a year":
        return Outcome(name, unit, meaning, good, _leavers_rate)
    if bottom == "posts":
        return Outcome(name, unit, meaning, good, _posts_share(top))
    return Outcome(name, unit, meaning, good, _share(top, bottom) if bottom else _plain(top))


_LINES = [line.strip() for line in _OUTCOMES.strip().splitlines()]
#: Outcome by name; call one with an array ``[..., months, series]`` for ``[..., months]``.
OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {one.name: one for one in map(_outcome, _LINES[::2], _LINES[1::2])}
)


def pooled(monthly: Monthly, name: str) -> Monthly:
    """An outcome over all months at once: shares as sums over sums. ``[..., months, S] -> [...]``.

    A mean of monthly shares would give a quiet month the weight of a busy one.

    >>> one = np.zeros((1, 2, len(SERIES)))
    >>> one[0, :, COLUMN["assessments_ended"]] = 1, 3
    >>> one[0, :, COLUMN["assessments_late"]] = 1, 0
    >>> float(pooled(one, "assessment-lateness")[0])
    0.25
    """
    whole = monthly.mean(axis=-2, keepdims=True, dtype=np.float64)
    answer: Monthly = OUTCOMES[name](whole)[..., 0]
    return answer
