"""The answer in words: a board reads the first sentence and decides whether to read the second."""

from __future__ import annotations

from upturn.causes import words
from upturn.causes.model import Cause, Why
from upturn.causes.waiting import longest


def answer_words(why: Why) -> str:
    """What drove the change, in one or two sentences; or that no cause can be named, and why not."""
    head = _change(why)
    if not why.beyond_chance:
        return f"{head} {_within(why) if why.named else _no_cause(why)}"
    if not why.named:
        maybe = [c for c in why.causes if c.standing == "possible"]
        return f"{head} {_either(why, maybe)}"
    return f"{head} {_named(why)}"


def _change(why: Why) -> str:
    unit, meaning = why.outcome.unit, why.outcome.meaning
    where = "England" if why.england else why.before.label
    early, late = why.recorded_before, why.recorded_after
    if why.england:
        first = words.amount(why.simulated_before.value, unit)
        then = words.amount(why.simulated_after.value if late is None else late, unit)
        kind = "simulated" if late is None else "recorded"
        return f"{meaning}: {then} {kind} in {why.after.label}; a service at England's figures has {first}."
    if early is None or late is None:
        size = words.points(why.simulated_change.value, unit)
        return (
            f"{meaning}: the records cannot tell it in both periods. The twin makes it {size} from {where} "
            f"to {why.after.label}."
        )
    return (
        f"{meaning}: {words.amount(early, unit)} in {where}, {words.amount(late, unit)} in "
        f"{why.after.label}, a change of {words.points(late - early, unit)}."
    )


def _no_cause(why: Why) -> str:
    if why.england:
        return (
            "No cause is named: as far as this extract tells, the service is not distinguishable from one at "
            "England's figures."
        )
    return (
        f"No cause is named: chance alone moves it by {words.span(why.by_chance, why.outcome.unit)} between "
        "two such periods, so there is nothing here to explain."
    )


def _within(why: Why) -> str:
    """The outcome may have moved by chance alone, and something that bears on it changed all the same."""
    by_chance = words.span(why.by_chance, why.outcome.unit)
    differs = "differs" if why.england else "changed"
    return f"Chance alone moves it by {by_chance}, but something that bears on it {differs}. {_named(why)}"


def _either(why: Why, maybe: list[Cause]) -> str:
    what = "difference" if why.england else "change"
    if why.confused:
        one, other = why.confused[0]
        return (
            f"No cause is named: the {what} is beyond chance, but the records do not tell "
            f"{words.DRIVER_WORDS[one]} from {words.DRIVER_WORDS[other]}."
        )
    if maybe:
        names = " or ".join(words.DRIVER_WORDS[c.driver] for c in maybe[:3])
        return f"No cause is named: the {what} is beyond chance, and {names} may be behind it."
    return (
        f"No cause is named: the {what} is beyond chance, but nothing that the twin knows of and these "
        "records show explains it."
    )


def _named(why: Why) -> str:
    """Each named cause with its part of what the twin explains, the largest first."""
    unit = why.outcome.unit
    said = []
    for cause in why.named[:4]:
        part = "some" if cause.part is None else words.part_words(cause.part)
        size = f"{words.points(cause.share.value, unit)}, 90 % interval {words.span(cause.share, unit)}"
        name = words.DRIVER_WORDS[cause.driver]
        way = "pulled the other way" if (cause.part or 0) < 0 else f"brought {part} of it"
        said.append(f"{name} {way} ({size})")
    whole = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return f"As far as can be told, {whole}."


def sentences_of(why: Why) -> tuple[str, ...]:
    """The rest of the story: what stays unexplained, what may be, where twin and records disagree."""
    unit = why.outcome.unit
    said = []
    if why.unexplained is not None:
        rest = words.points(why.unexplained.value, unit)
        chance = why.unexplained.low <= 0 <= why.unexplained.high
        said.append(
            f"The twin makes the change {words.points(why.simulated_change.value, unit)} "
            f"({words.span(why.simulated_change, unit)}); {rest} stays unexplained, which is "
            f"{'within' if chance else 'more than'} what chance and the fit leave open "
            f"({words.span(why.unexplained, unit)})."
        )
    if abs(why.carried) > 0.1 * abs(why.simulated_change.value) and not why.england:
        said.append(
            f"Of the simulated change, {words.points(why.carried, unit)} would have come with nothing "
            "changed: season, and work carried over."
        )
    said += [c.sentence for c in why.causes if c.standing != "not distinguishable from chance"]
    said += [
        f"The records do not tell {words.DRIVER_WORDS[a]} from {words.DRIVER_WORDS[b]}: either would do."
        for a, b in why.confused
    ]
    said += [
        f"{words.DRIVER_WORDS[c.driver].capitalize()}: {c.beside}"
        for c in why.causes
        if c.agreement == "disagree"
    ]
    said += [
        _where(w)
        for w in why.waiting
        if w.period == why.after.label and w.work == "assessments" and longest(w)[1] > 0
    ]
    return tuple(said)


def _where(waiting: object) -> str:
    from upturn.causes.model import Waiting

    assert isinstance(waiting, Waiting)
    stage, share = longest(waiting)
    days = f"{words.percent(share)} of the days of {waiting.of} in {waiting.period}"
    return f"In the {waiting.source}, {days} went on {stage}."
