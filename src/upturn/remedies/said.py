"""How sentences name what a remedy moves, and by how much: no name of a parameter reaches a board."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from upturn.causes.movers import movers
from upturn.causes.words import figure, percent
from upturn.twin.parameters import parameters

#: Parameters that `upturn.causes` has no words for, in the plural or as an uncountable.
_SAID: Mapping[str, str] = MappingProxyType(
    {
        "repeat_return": "readiness of children who were turned away to come back",
        "shock_contacts": "contacts beside the usual",
        "need_spread": "spread of need between children",
        "siblings_mean": "children of a family who come at once",
        "true_threshold": "need above which a child turned away is failed",
        "threshold_noise": "how differently two people judge the same child",
        "threshold_team_spread": "how far teams' thresholds lie apart",
        "closure_pressure": "how far load raises the threshold for a plan",
        "hours_screening": "hours a contact takes at the front door",
        "hours_assessment_spread": "spread of hours between assessments",
        "hours_conference": "hours a conference takes",
        "hours_review": "hours a review takes",
        "hours_closure": "hours it takes to close a case",
        "hours_reading_in": "hours of reading in by a new worker",
        "hours_a_week": "hours a week of each worker",
        "admin_share": "share of hours that recording and travel take",
        "manager_posts": "team managers and practice supervisors",
        "screening_posts": "workers at the front door",
        "vacancy_fill_spread": "spread of the days to fill a vacancy",
        "agency_fill_days": "days until agency covers a vacancy",
        "agency_stay_days": "days an agency worker stays",
        "leaving_load": "how load bears on leaving",
        "sickness_load": "how load bears on sickness",
        "leave_days": "days of annual leave",
        "newly_qualified_share": "share of starters who are newly qualified",
        "newly_qualified_reduction": "reduction for the newly qualified",
        "allocation_rule": "who is given the next child",
        "teams": "teams",
        "review_slots_a_week": "review slots a week",
        "supervision_weeks": "weeks between supervisions",
        "supervision_hours": "hours a supervision takes",
        "pressure_height": "how much more work pulls on its due day",
        "pressure_reach": "how near its due day work begins to pull",
        "other_work_weight": "pull of other work",
        "care_entry": "enquiries after which a child enters care",
        "visit_gap_days": "days between visits",
        "rework": "assessments sent back under load",
        "salary": "salary",
        "on_cost": "employer's costs",
        "agency_day_rate": "agency day rate",
        "recruitment_cost": "cost of filling a post",
    }
)
#: The rules by which a child is given a worker.
_RULES = (
    "the least loaded first",
    "in turn",
    "the worker of a brother or sister, or the child's own of before",
)
#: Units of an end of a range beside those of parameters: a share added, a factor, an amount added, money.
POINTS, TIMES, ADD = "points", "times", "add"


def said(parameter: str) -> str:
    """A parameter of the twin as a sentence says it.

    >>> said("hours_assessment"), said("admin_share")
    ('hours an assessment takes', 'share of hours that recording and travel take')
    """
    return movers()[parameter].words if parameter in movers() else _SAID[parameter]


def unit_of(parameter: str, way: str) -> str:
    """The unit in which an effect that changes a parameter this ``way`` is told.

    >>> unit_of("admin_share", "add"), unit_of("posts", "add"), unit_of("cin_days", "times")
    ('points', 'add', 'times')
    """
    return POINTS if way == "add" and parameters()[parameter].unit == "share" else way


def end_words(value: float, unit: str) -> str:
    """One end of a range, in its unit.

    >>> end_words(0.8, "times"), end_words(1.0, "times"), end_words(1.08, "times")
    ('20 % less', 'no change', '8 % more')
    >>> end_words(-0.09, "points"), end_words(1.0, "add"), end_words(0.256, "share"), end_words(0.0, "set")
    ('-9 points', '+1', '26 %', 'the least loaded first')
    """
    if unit == TIMES:
        if round(value, 3) == 1:
            return "no change"
        return f"{abs(round(100 * (value - 1))):.0f} % {'more' if value > 1 else 'less'}"
    if unit == POINTS:
        return f"{round(100 * value, 1):+g} points"
    if unit == ADD:
        return f"{value:+g}"
    if unit == "set":
        return _RULES[int(value)]
    return percent(value) if unit == "share" else figure(value)


def ends_words(low: float, high: float, unit: str) -> str:
    """Both ends of a range, what they have in common said once.

    >>> ends_words(0.8, 1.0, "times"), ends_words(0.6, 0.95, "times"), ends_words(0.75, 1.05, "times")
    ('0 to 20 % less', '5 to 40 % less', '25 % less to 5 % more')
    >>> ends_words(1.0, 1.0, "add"), ends_words(-0.09, -0.03, "points"), ends_words(1.0, 1.08, "times")
    ('+1', '-9 to -3 points', '0 to 8 % more')
    """
    first, then = end_words(low, unit), end_words(high, unit)
    if first == then:
        return first
    if unit == TIMES and (low - 1) * (high - 1) >= 0:
        sizes = sorted(abs(round(100 * (v - 1))) for v in (low, high))
        return f"{sizes[0]} to {sizes[1]} % {'more' if max(low, high) > 1 else 'less'}"
    return f"{first.removesuffix(' points')} to {then}"
