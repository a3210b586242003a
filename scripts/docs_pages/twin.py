"""The page of the twin's tables: parameters, series, outcomes, what the log holds, what is assumed."""

from __future__ import annotations

from docs_pages.markdown import table
from upturn.twin import columns as C
from upturn.twin.parameters import parameters
from upturn.twin.scenario import SHOCKS, Change
from upturn.twin.series import OUTCOMES, SERIES

READINGS = {"read": "straight from an extract", "infer": "by simulation", "fixed": "no"}
#: What the model takes for granted of every service, in words; the numbers are the kernel's own.
ASSUMED = (
    (C.PART_SEE, "of an assessment's hours are spent when the child has been seen"),
    (C.PART_FIRST, "more of them can be worked before partners have answered"),
    (C.LARGEST, "standard deviations over the median: no assessment is larger for its need"),
    (C.CHASED, "more pull for each working day that work is late, up to 64 days"),
    (C.NEED_HOURS, "log hours of an assessment for each step of need"),
    (C.CLASS_UNSEEN, "times the pull of a child not yet seen, beside other work"),
    (C.CLASS_ENQUIRY, "times the pull of an enquiry or a conference report"),
    (C.CLASS_CP_VISIT, "times the pull of a visit under a protection plan"),
    (C.CLASS_REVIEW, "times the pull of a review report"),
    (C.CLASS_READING, "times the pull of reading in"),
    (C.CLASS_CLOSING, "times the pull of closing work"),
    (
        C.ENQUIRY_DUE,
        "working days within which an enquiry is to be done, so that notice can be given",
    ),
    (C.AHEAD, "working days before its due day at which a conference is aimed, on average"),
    (C.PLANNED, "of conferences make a protection plan"),
    (C.STEPS_DOWN, "of protection plans ended go on as child in need plans"),
    (C.LENGTH_SPREAD, "spread of the length of plans (standard deviation of the logarithm)"),
    (C.END_CHANGE, "less log chance that a plan ends well, for each change of worker"),
    (C.END_LATE, "less, for each late visit"),
    (C.END_LAPSED, "less, when the worker's supervision has lapsed"),
    (C.GOES_ON, "times the length of plans, with those that go on: for the first day of a run"),
    (C.EXTENSION, "days that a plan goes on when it does not end"),
    (
        C.CARE_AFTER_PLAN,
        "times the chance of entering care after an enquiry, at the end of a protection plan",
    ),
    (C.ABSENCE_PUTS_OFF, "of conferences with a partner absent are put off, once"),
    (C.SENT_BACK_HOURS, "of an assessment's hours again when a manager sends it back"),
    (C.LAPSED_NOISE, "times the inconsistency of judgement without supervision or partners"),
    (C.GROWTH, "steps that need grows while a child turned away waits"),
    (C.BACK_NEED, "log hazard of coming back for each step of need"),
    (C.BACK_PRESSED, "log hazard of coming back for each cap of load over the cap at closure"),
    (C.BACK_LONGEST, "days after closure; who comes back later is counted with the new children"),
    (C.HEAVIER, "more weight in the load for a protection plan or an enquiry"),
    (C.CONTINUITY_ROOM, "of her cap, up to which a worker who knows the family takes a child"),
    (C.LONG_SICK, "working days of sickness, from which her children are given to others"),
)


def page() -> str:
    """Every parameter by its driver, every series and outcome, the log, the shocks, what is assumed."""
    parts = [
        "# The twin's tables",
        "What is modelled: [the twin](../reference/twin.md). Values are the example's: 60 case-holding "
        "posts at England's published rates.",
        "## Parameters",
        _parameters(),
        "## Series",
        "Each month; a mean is over working days, or over weeks.",
        table(
            ("series", "unit", "a month is", "meaning"),
            [(f"`{s.name}`", s.unit, s.how, s.meaning) for s in SERIES],
        ),
        "## Outcomes",
        table(
            ("outcome", "unit", "better", "meaning"),
            [(f"`{o.name}`", o.unit, o.good, o.meaning) for o in OUTCOMES.values()],
        ),
        "## Events of a replay",
        ", ".join(f"`{name}`" for name in C.EVENT_NAMES) + ".",
        "## Shocks",
        table(
            ("shock", "source", "what it does"),
            [(s.name, s.source, "; ".join(map(_change, s.changes))) for s in SHOCKS.values()],
        ),
        "## Assumed of every service",
        table(("", "what"), [(f"{value:g}", words) for value, words in ASSUMED]),
    ]
    return "\n\n".join(parts)


def _parameters() -> str:
    heads = (
        "parameter",
        "driver",
        "value",
        "unit",
        "tag",
        "sure",
        "fit",
        "a fit looks in",
        "meaning",
        "source",
    )
    rows = [
        (f"`{p.name}`", p.driver, f"{p.default:g}", p.unit, p.tag, p.sure, READINGS[p.reading],
         f"{p.low:g} to {p.high:g}", p.meaning, p.source)
        for p in parameters().values()
    ]  # fmt: skip
    return table(heads, rows)


def _change(change: Change) -> str:
    if change.times is not None:
        what = f"times {change.times:g}"
    else:
        what = f"{change.add:+g}" if change.add is not None else f"set to {change.set:g}"
    fades = f", half gone in {change.fade_months:g} months" if change.fade_months else ""
    ends = f", for {change.to_month} months" if change.to_month else ""
    return f"`{change.parameter}` {what}{fades}{ends}"
