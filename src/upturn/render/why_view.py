"""What the report "Why" says, in the order it says it; every form of the report is made from this."""

from __future__ import annotations

from typing import Any

from upturn._version import __version__
from upturn.causes import causes as naming
from upturn.causes import words
from upturn.causes.feedback import Push
from upturn.causes.model import Cause, Moved, Waiting, Why
from upturn.causes.words import DRIVER_WORDS
from upturn.remedies.said import said
from upturn.render.twin_values import TAGS
from upturn.twin.parameters import parameters

#: Said on every form of the report.
WHAT_THIS_IS = (
    "This is a simulation's account of a change, held against the council's own records. It explains the "
    "organisation, not people: no worker and no family is scored. Read each cause with its interval and with "
    "what the records show beside it."
)
#: The twin is doubted when it leaves more than this part of the change unexplained: of the larger of that
#: recorded and that simulated. Assumed.
APART = 0.5
#: How a cause comes to be named, for whoever asks.
HOW_NAMED = (
    "The change must be beyond what chance brings nineteen times in twenty between two such periods, or the "
    f"driver {words.percent(naming.SURE)} probable to have changed.",
    f"The probability that the driver changed at all must be at least {words.percent(naming.NAMED)}, weighed "
    "over everything the records tell, with most things taken to have stayed as they were (assumed).",
    f"Its share must be at least {words.percent(naming.LEAST_PART)} of the change, and its 90 % interval "
    "must lie on one side of nought in the worlds in which it changed.",
    "Otherwise it may be called possible, or is not distinguishable from chance.",
)


#: What the heads of tables say: a service is held against its own past, or differs from England.
PAST = {
    "first": "before", "then": "after", "what": "What must have changed, as the twin understands it",
    "chance": "Probability that it changed", "tag": "Value before is", "drove": "What drove it",
}  # fmt: skip
ENGLAND = {
    "first": "England", "then": "yours", "what": "What differs, as the twin understands it",
    "chance": "", "tag": "Your value is", "drove": "What makes the difference",
}  # fmt: skip


def why_view(why: Why) -> dict[str, Any]:
    """Everything a form of the report needs, in words and numbers."""
    unit = why.outcome.unit
    return {
        "why": why,
        "title": why.outcome.meaning,
        "against": "England" if why.england else why.before.label,
        "answer": why.answer,
        "sentences": why.sentences,
        "doubt": doubt_of(why),
        "what_this_is": WHAT_THIS_IS,
        "how_named": HOW_NAMED,
        "tiles": _tiles(why),
        "causes": [_cause(c, unit, why) for c in why.causes if c.standing != naming_none()],
        "others": [_cause(c, unit, why) for c in why.causes if c.standing == naming_none()],
        "heads": ENGLAND if why.england else PAST,
        "waiting": _waiting(why.waiting),
        "spiral": None if why.spiral is None else _spiral(why),
        "untold": _untold(why),
        "notes": why.notes,
        "facts": _facts(why),
    }


def doubt_of(why: Why) -> str:
    """What is said before anything else where the twin does not make what was recorded of the service."""
    return _doubt_of_england(why) if why.england else _doubt_of_past(why)


def _doubt_of_england(why: Why) -> str:
    recorded, made, unit = why.recorded_after, why.simulated_after, why.outcome.unit
    if recorded is None:
        return ""
    apart = recorded - why.simulated_before.value
    if made.low <= recorded <= made.high and apart * why.simulated_change.value >= 0:
        return ""
    return (
        f"The twin makes {words.amount(made.value, unit)} of this service ({words.amount(made.low, unit)} to "
        f"{words.amount(made.high, unit)} in nine runs of ten) where {words.amount(recorded, unit)} is "
        "recorded. Twin and records do not agree on how it differs from England: rely on no share before "
        "they do. Try another fit (without --fit one is made on the way), or hold the service against its "
        "own past."
    )


def _doubt_of_past(why: Why) -> str:
    left, made, unit = why.unexplained, why.simulated_change.value, why.outcome.unit
    if left is None or left.low <= 0 <= left.high:
        return ""
    recorded = left.value + made
    if abs(left.value) <= APART * max(abs(recorded), abs(made)):
        return ""
    return (
        f"The twin makes a change of {words.points(made, unit)} where "
        f"{words.points(recorded, unit)} is recorded, and chance does not account for that. Rely neither on "
        "a share nor on what is said of recovery before it does better: give a workforce file if there is "
        "one, longer periods, or a fit of your own (--fit)."
    )


def naming_none() -> str:
    """The standing of a driver that is neither named nor possible."""
    return "not distinguishable from chance"


def _tiles(why: Why) -> list[dict[str, str]]:
    unit = why.outcome.unit

    def told(value: float | None) -> str:
        return "cannot tell" if value is None else words.amount(value, unit)

    early = why.simulated_before.value if why.england else why.recorded_before
    change = "cannot tell"
    if why.recorded_after is not None and early is not None:
        change = words.points(why.recorded_after - early, unit)
    tiles = [
        {"name": f"{'England, simulated' if why.england else why.before.label}", "big": told(early),
         "of": "at the published figures" if why.england else "recorded"},
        {"name": why.after.label, "big": told(why.recorded_after), "of": "recorded"},
        {"name": "change" if not why.england else "difference", "big": change,
         "of": f"the twin makes it {words.points(why.simulated_change.value, unit)}"},
    ]  # fmt: skip
    if why.unexplained is not None and not why.england:
        tiles.append(
            {"name": "unexplained", "big": words.points(why.unexplained.value, unit),
             "of": f"90 % interval {words.span(why.unexplained, unit)}"}
        )  # fmt: skip
    return tiles


def _cause(cause: Cause, unit: str, why: Why) -> dict[str, Any]:
    name = DRIVER_WORDS[cause.driver]
    return {
        "cause": cause,
        "name": name[0].upper() + name[1:],
        "standing": cause.standing,
        "share": words.points(cause.share.value, unit),
        "interval": words.span(cause.share, unit),
        "chance": words.percent(cause.chance),
        "part": "" if cause.part is None else words.part_words(cause.part),
        "sentence": cause.sentence,
        "beside": cause.beside,
        "moved": [_moved(m, england=why.england) for m in cause.moved],
        "caution": _caution(cause) if why.england else "",
        "evidence": cause.evidence[:2],
        "agreement": cause.agreement,
    }


def _caution(cause: Cause) -> str:
    """Said of a difference from England that rests on nothing published."""
    if any(parameters()[m.parameter].tag == "published" for m in cause.moved):
        return ""
    return (
        "For none of this is a figure for England published: the value for England is assumed. Read it as a "
        "difference from the service that Upturn takes for usual."
    )


def _moved(moved: Moved, *, england: bool) -> dict[str, str]:
    def value(number: float) -> str:
        return f"{words.percent(number)}" if moved.unit == "share" else words.figure(number)

    named = said(moved.parameter)
    return {
        "words": named[0].upper() + named[1:],
        "unit": "" if moved.unit == "share" else moved.unit,
        "before": value(moved.before),
        "after": value(moved.after.value),
        "interval": f"{value(moved.after.low)} to {value(moved.after.high)}",
        "chance": words.percent(moved.chance),
        "tag": TAGS[moved.tag],
        "from": TAGS[parameters()[moved.parameter].tag] if england else "",
    }


def _waiting(rows: tuple[Waiting, ...]) -> list[dict[str, Any]]:
    """One group for each kind of work and source: its stages, and the days of each in each period."""
    groups: dict[tuple[str, str, str], list[Waiting]] = {}
    for row in rows:
        groups.setdefault((row.work, row.source, row.of), []).append(row)
    found = []
    for (work, source, of), own in groups.items():
        if not any(days for w in own for _, days in w.days):
            continue  # no such work was done: there is nothing to split
        stages = list(dict.fromkeys(stage for w in own for stage, _ in w.days))
        table = [
            {"stage": s, "days": [words.figure(dict(w.days).get(s, 0.0)) for w in own]}
            for s in stages
        ]
        found.append({"work": work, "source": source, "of": of, "rows": own, "table": table,
                      "n": [f"{w.n:,.0f}" for w in own]})  # fmt: skip
    return found


def _spiral(why: Why) -> dict[str, Any]:
    assert why.spiral is not None
    s = why.spiral
    return {
        "spiral": s,
        "sentences": s.sentences,
        "tipping": [
            {"kind": {"burst": f"More contacts for {t.months} months", "demand": "More contacts for good",
                      "posts": "Fewer posts for good"}[t.kind],
             "size": "more than was tried" if t.push.size is None else words.percent(t.push.size),
             "interval": _ends(t.push),
             "most": words.percent(t.push.most)}
            for t in s.tipping
        ],
        "levers": [
            {"driver": DRIVER_WORDS[lever.driver], "words": lever.words,
             "before": words.percent(lever.before),
             "after": words.percent(lever.after)}
            for lever in s.levers
        ],
        "signs": s.signs,
    }  # fmt: skip


def _ends(push: Push) -> str:
    if push.size is None:
        return ""
    return f"{words.percent(push.low)} to {words.percent(push.high)}"


def _untold(why: Why) -> list[dict[str, str]]:
    """What the records could not tell, gathered by reason."""
    reasons: dict[str, list[str]] = {}
    for name, reason in why.untold:
        reasons.setdefault(reason, []).append(name.replace("_", " "))
    return [{"reason": r, "what": ", ".join(sorted(names))} for r, names in sorted(reasons.items())]


def _facts(why: Why) -> list[tuple[str, str]]:
    return [
        ("Extract", why.source_name),
        ("SHA-256", why.sha256),
        ("As at", str(why.as_at)),
        ("Outcome", f"{why.outcome.name}: {why.outcome.meaning} ({why.outcome.unit})"),
        ("Seed", str(why.seed)),
        ("Simulated", f"{why.runs:,} replications for the shares"),
        ("Upturn", __version__),
    ]
