"""Advice told: which options are shown, in what role, and the sentences and notes around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from upturn.causes.words import percent
from upturn.remedies.advice import Option, SpiralAnswer, Swing
from upturn.remedies.beginning import Was
from upturn.remedies.costs import EXAMPLE_LABEL
from upturn.remedies.goal import Goal
from upturn.remedies.model import Mix
from upturn.remedies.sensitivity import PRICE
from upturn.remedies.words import goal_words, option_words, pounds, recorded_words
from upturn.remedies.worlds import World


def sentences_of(
    nothing: Option,
    spiral: SpiralAnswer | None,
    moved: Sequence[Swing],
    goal: Goal,
    budget: float,
    recorded: Was | None = None,
) -> tuple[str, ...]:
    """What doing nothing does, what stops the spiral, and what would change the advice."""
    first = option_words(nothing, goal, budget)[0]
    said = [f"Doing nothing: {first[0].lower()}{first[1:]}"]
    if recorded is not None:
        said.append(recorded_words(recorded.value, recorded.months, nothing, goal))
    if spiral is not None:
        said.append(spiral.sentence)
    prices = [s for s in moved if s.price]
    assumed = [s for s in moved if not s.price]
    changing = [s for s in assumed if s.changes]
    if changing:
        said.append(
            f"{len(changing)} of {len(assumed)} assumptions, moved one at a time, would change the advice. "
            f"First: {changing[0].sentence}"
        )
    elif assumed:
        said.append(
            f"None of {len(assumed)} assumptions, moved one at a time, would change the advice."
        )
    return (*said, *_dearer([s for s in prices if s.changes]))


def _dearer(prices: Sequence[Swing]) -> list[str]:
    """The prices that take the mix over the budget, in one sentence."""
    if len(prices) <= 1:
        return [s.sentence for s in prices]
    named = [f"{s.what.removeprefix('price: ')} ({pounds(s.cost or 0.0)})" for s in prices]
    return [
        f"One of these prices {percent(PRICE)} higher takes the mix over the budget: {'; '.join(named)}."
    ]


def notes_of(world: World, goal: Goal, begins: str, about: Mapping[str, Any]) -> tuple[str, ...]:
    """What the advice rests on; the label of an example first where the prices are one."""
    assumed = sum(tag == "assumed" for tag in world.like.tags)
    effects = [e.known for r in world.catalogue.values() for e in r.effects]
    notes = [
        "A chance is a share of simulated runs of a service like this one. It is not the chance that the "
        "plan is carried out as written.",
        begins,
        f"{assumed} of the twin's {len(world.like.tags)} values and {effects.count('assumed')} of the "
        f"remedies' {len(effects)} effects are assumed, not measured.",
        f"The budget is for {world.months} months from {world.start:%B %Y}. A post is reckoned at the "
        "dearer of permanent and agency, and everybody as in post, so that it holds whatever happens.",
        f"The goal is judged as {goal_words(goal)}, all its cases together.",
        "How well two remedies work together is the twin's; that each works as well beside the others as "
        "alone is assumed.",
        *about.get("notes", ()),
    ]
    return (EXAMPLE_LABEL, *notes) if world.costs.example else tuple(notes)


def picked(judged: Sequence[Option], budget: float) -> list[tuple[Option, list[str]]]:
    """The surest; the cheapest that may be as sure; the surest for half the money; the most days saved."""
    surest = judged[0]
    near = [o for o in judged if o.chance >= surest.chance_low]
    half = [o for o in judged if o.set_aside <= budget / 2]
    days = max(judged, key=lambda o: o.saved.mean)
    roles = [
        (surest, "the surest of those tried"),
        (min(near, key=lambda o: o.set_aside), "the cheapest that may be as sure"),
    ]
    if half:
        roles.append((half[0], "the surest for half the budget or less"))
    if days.saved.mean > 1.05 * surest.saved.mean:
        roles.append((days, "the most days overdue saved"))
    found: dict[Mix, tuple[Option, list[str]]] = {}
    for option, role in roles:
        found.setdefault(option.mix, (option, []))[1].append(role)
    return list(found.values())
