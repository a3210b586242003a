"""An improvement plan as one page that needs nothing but itself; every line says where it comes from."""

from __future__ import annotations

import textwrap
from datetime import date
from typing import Any

from markupsafe import Markup

from upturn.improvement.measured import movement
from upturn.improvement.model import DONE, Action, Line, Plan, PlanMeasure, Reading, Trace
from upturn.improvement.summary import (
    DIFFERENCES,
    done_without_difference,
    matrix,
    over_time,
)
from upturn.render.page import environment, policy_hash, static
from upturn.render.words import day

DRAFT = "Draft: nothing here is decided, and nobody has been asked to do it."
#: In the table of all actions, the report's words are cut to as many letters.
ASKED = 160
#: What the units of measures are called after a number.
_UNITS = {"percent": " %", "count": "", "rate": " for each 10,000 children"}
#: What may be done with a likely cause, in the order a plan has them.
_CAUSES = ("named in the report", "to be tested")


def plan_html(plan: Plan) -> str:
    """The whole page."""
    style = static(".css") + "\n" + static(".css", "static/plan")
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{policy_hash(style)}'"
    )
    return environment().get_template("plan.html.j2").render(
        **plan_view(plan), policy=policy, style=Markup(style)
    )  # fmt: skip


def plan_view(plan: Plan) -> dict[str, Any]:
    """What a plan says, in the order it says it; the page and the Word document are made from this."""
    return {
        "plan": plan,
        "draft": DRAFT if plan.draft else "",
        "actions": [action_view(action) for action in plan.actions],
        "measured": sum(any(m.baseline is not None for m in a.measures) for a in plan.actions),
        "named": sum(any(c.state == _CAUSES[0] for c in a.causes) for a in plan.actions),
        "owned": sum(bool(a.owner) for a in plan.actions),
        "rated": any(a.done or a.difference for a in plan.actions),
        "dones": DONE,
        "differences": DIFFERENCES,
        "matrix": list(zip(DONE, matrix(plan), strict=True)),
        "standings": over_time(plan),
        "talk": done_without_difference(plan),
        "place": place_words,
        "dated": dated,
    }


def action_view(action: Action) -> dict[str, Any]:
    """One action with its parts in words."""
    return {
        "action": action,
        "asked": textwrap.shorten(action.asked[0].words, ASKED, placeholder=" …"),
        "dates": dates_words(action),
        "measures": [measure_view(m) for m in action.measures],
        "causes": [(state, [c for c in action.causes if c.state == state]) for state in _CAUSES],
        "other_causes": [c for c in action.causes if c.state not in _CAUSES],
    }


def dates_words(action: Action) -> dict[str, str]:
    """The dates of an action; one that has slipped says from when."""
    due = day(action.due)
    if action.first_due and action.first_due != action.due:
        due += f" (first {day(action.first_due)})"
    return {"start": day(action.start), "due": due}


def measure_view(measure: PlanMeasure) -> dict[str, Any]:
    """One measure in words: baseline with its n of N, target with where it is from, latest."""
    rests = f"{measure.n:,} of {measure.of:,}" if measure.of and measure.n is not None else ""
    dated = f"as at {day(measure.as_at)}" if measure.as_at else ""
    return {
        "name": measure.name,
        "good": {"high": "higher is better", "low": "lower is better"}.get(measure.good, ""),
        "baseline": figure(measure.baseline, measure.unit),
        "rests": "; ".join(part for part in (rests, dated) if part) or measure.why,
        "target": figure(measure.target, measure.unit),
        "target_from": measure.target_from,
        **latest_view(measure),
        "readings": [reading_words(r, measure.unit) for r in measure.readings],
        "place": measure.trace.place,
    }


def latest_view(measure: PlanMeasure) -> dict[str, str]:
    """The latest reading in words, and how it stands against the baseline."""
    now = measure.latest
    if now is None:
        return {"latest": "", "latest_on": "", "moved": ""}
    rests = f"{now.n:,} of {now.of:,}, " if now.of and now.n is not None else ""
    return {
        "latest": figure(now.value, measure.unit),
        "latest_on": f"{rests}as at {day(now.as_at)}",
        "moved": movement(measure),
    }


def reading_words(reading: Reading, unit: str) -> str:
    """One reading in words.

    >>> reading_words(Reading(date(2026, 9, 30), 95.0, 38, 40, "annex_a.xlsx"), "percent")
    '30 Sep 2026: 95 % (38 of 40), annex_a.xlsx'
    """
    value = figure(reading.value, unit) or f"cannot tell: {reading.why}"
    rests = f" ({reading.n:,} of {reading.of:,})" if reading.of and reading.n is not None else ""
    return f"{day(reading.as_at)}: {value}{rests}{', ' + reading.source if reading.source else ''}"


def figure(value: float | None, unit: str) -> str:
    """A number with its unit; empty for none.

    >>> figure(85.71, "percent"), figure(12.0, "count"), figure(None, "percent")
    ('85.7 %', '12', '')
    """
    if value is None:
        return ""
    number = f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
    return number + _UNITS.get(unit, f" {unit}")


def place_words(what: Line | Trace) -> str:
    """Where a line comes from, with a capital.

    >>> place_words(Trace("report", "Visits are late.", 4, 12))
    'Report, page 4, paragraph 12'
    """
    said = (what.trace if isinstance(what, Line) else what).place
    return said[:1].upper() + said[1:]


def dated(when: date | None) -> str:
    """A date as people write it, or that it is not known."""
    return day(when) or "not dated"
