"""What the report "What would turn it round?" says, in order; every form of the report is made from this."""

from __future__ import annotations

from typing import Any

from upturn._version import __version__
from upturn.causes.words import percent
from upturn.remedies.advice import Advice, Option, Swing
from upturn.remedies.costs import EXAMPLE_LABEL, INPUTS
from upturn.remedies.model import Effect, Remedy
from upturn.remedies.prices import inputs_used
from upturn.remedies.said import end_words, ends_words, said, unit_of
from upturn.remedies.words import (
    between,
    chance_words,
    goal_words,
    option_words,
    part_words,
    pounds,
    value_words,
)
from upturn.render.twin_values import TAGS
from upturn.render.words import MONTHS

#: Said on every form of the report.
WHAT_THIS_IS = (
    "Options tried on a simulated service like this one, each with the same children and the same chance. It "
    "is no promise and no forecast: read each figure with its chance and with what is assumed. Whether to do "
    "any of it is for people to decide."
)
_STRENGTH = {
    "arithmetic": "arithmetic: the remedy is the change",
    "association": "association published, cause not shown",
    "assumed": "assumed: nobody measured it",
}


def remedies_view(advice: Advice) -> dict[str, Any]:
    """Everything a form of the report needs, in words."""
    return {
        "advice": advice,
        "answer": advice.answer,
        "sentences": advice.sentences,
        "what_this_is": WHAT_THIS_IS,
        "example": EXAMPLE_LABEL if advice.costs.example else "",
        "goal": goal_words(advice.goal),
        "budget": pounds(advice.budget),
        "tiles": _tiles(advice),
        "options": [_option(advice, o, n) for n, o in enumerate(advice.options)],
        "frontier": [_row(advice, o) for o in advice.frontier],
        "alone": [_row(advice, o) for o in advice.alone],
        "left_out": [(advice.remedies[id_].title, reason) for id_, reason in advice.left_out],
        "spiral": advice.spiral,
        "swings": [_swing(s) for s in advice.swings if not s.price],
        "dearer": [_swing(s) for s in advice.swings if s.price],
        "splits": [
            {"what": s.what, "less": percent(s.chance_less), "more": percent(s.chance_more),
             "verdict": "beyond chance" if s.beyond_chance else "may be chance"}
            for s in advice.splits
        ],
        "prices": _prices(advice),
        "notes": advice.notes,
        "facts": _facts(advice),
    }  # fmt: skip


def month_name(advice: Advice, month: int) -> str:
    """The calendar month of month ``month`` (1 is the first)."""
    count = advice.start.month - 1 + month - 1
    return f"{MONTHS[count % 12]} {advice.start.year + count // 12}"


def _tiles(advice: Advice) -> list[dict[str, str]]:
    best, nothing = advice.best, advice.nothing
    tiles = [
        {"big": percent(nothing.chance), "name": "doing nothing meets the goal",
         "of": f"{percent(nothing.chance_low)} to {percent(nothing.chance_high)}"},
    ]  # fmt: skip
    if best.mix:
        tiles += [
            {"big": percent(best.chance), "name": "the advised mix meets it",
             "of": f"{percent(best.chance_low)} to {percent(best.chance_high)}"},
            {"big": pounds(best.set_aside), "name": "at most, of a budget of", "of": pounds(advice.budget)},
            {"big": "none" if best.shows is None else month_name(advice, best.shows),
             "name": "the effect shows", "of": "in four runs in five"},
        ]  # fmt: skip
    return tiles


def _option(advice: Advice, option: Option, place: int) -> dict[str, Any]:
    parts = [advice.remedies[id_] for id_, _ in option.mix]
    return {
        "option": option,
        "letter": "–" if not option.mix else "ABCDEFGH"[place],
        "name": option.name[0].upper() + option.name[1:],
        "why": "; ".join(option.why),
        "said": option_words(option, advice.goal, advice.budget),
        "parts": [_part(advice, r, n) for r, (_, n) in zip(parts, option.mix, strict=True)],
        "watch": list(dict.fromkeys(w for r in parts for w in r.watch)),
        "wrong": [(r.title, w) for r in parts for w in r.wrong],
        **_row(advice, option),
    }


def _part(advice: Advice, remedy: Remedy, steps: int) -> dict[str, str]:
    begins = month_name(advice, remedy.lead + 1)
    whole = month_name(advice, remedy.lead + max(remedy.ramp, 1))
    ends = (
        "" if remedy.lasts is None else f", until {month_name(advice, remedy.lead + remedy.lasts)}"
    )
    return {
        "what": part_words(remedy, steps),
        "means": remedy.what,
        "when": f"begins {begins}, whole by {whole}{ends}",
        "moves": ", ".join(effect_words(e) for e in remedy.effects),
        "evidence": _STRENGTH[remedy.strength],
        "source": f"{remedy.source} ({remedy.status})",
    }


def effect_words(effect: Effect) -> str:
    """One effect: what it moves, by how much a step, and whether that is assumed.

    >>> from upturn.remedies.load import remedies
    >>> effect_words(remedies()["recruitment-drive"].effects[0])
    'days to fill a vacancy: 5 to 50 % less (assumed)'
    """
    if effect.bought:
        return f"{said(effect.parameter)}: as many as the money buys"
    low, _, high = effect.amounts
    ends = ends_words(low, high, unit_of(effect.parameter, effect.way))
    per = " for as many as a tenth of the posts" if effect.per != "step" else ""
    return f"{said(effect.parameter)}: {ends}{per}" + (
        " (assumed)" if effect.known == "assumed" else ""
    )


def _row(advice: Advice, option: Option) -> dict[str, str]:
    """The figures of one option, in words."""
    goal = advice.goal
    return {
        "mix": option.name[0].upper() + option.name[1:],
        "chance": chance_words(option),
        "value": value_words(option.value.mean, goal),
        "value_ends": between(option.value, goal),
        "set_aside": pounds(option.set_aside),
        "spend": "not known" if option.spend is None else pounds(option.spend.mean),
        "yearly": pounds(option.yearly),
        "overdue": f"{option.overdue.mean:,.0f}",
        "saved": f"{option.saved.mean:,.0f}",
        "saved_ends": f"{option.saved.low:,.0f} to {option.saved.high:,.0f}",
        "better": percent(option.better),
        "shows": "" if option.shows is None else month_name(advice, option.shows),
    }


def _swing(swing: Swing) -> dict[str, str]:
    what = swing.what.removeprefix("price: ")
    ends = [pounds(v) if swing.price else end_words(v, swing.unit) for v in (swing.low, swing.high)]
    return {
        "what": what[0].upper() + what[1:],
        "tag": TAGS.get(swing.tag, swing.tag),
        "ends": f"{ends[0].removesuffix(' points')} to {ends[1]}",
        "chance": f"{percent(swing.chance_low)} to {percent(swing.chance_high)}",
        "cost": "" if swing.cost is None else pounds(swing.cost),
        "changes": "yes" if swing.changes else "no",
        "sentence": swing.sentence[0].upper() + swing.sentence[1:],
    }


def _prices(advice: Advice) -> list[tuple[str, str, str]]:
    used = inputs_used(advice.remedies[id_] for o in advice.options for id_, _ in o.mix)
    label = "example" if advice.costs.example else "yours"
    return [
        (INPUTS[name][1], _money(advice.costs.values[name], INPUTS[name][0]), label)
        for name in used
        if name in advice.costs.values
    ]


def _money(value: float, unit: str) -> str:
    if not unit.startswith("pounds"):
        return f"{value:,g} {unit}"
    return f"£{value:,g} {unit.removeprefix('pounds').strip()}".strip()


def _facts(advice: Advice) -> list[tuple[str, str]]:
    return [
        ("Extract", advice.source_name),
        ("SHA-256", advice.sha256),
        ("As at", str(advice.as_at)),
        ("Goal", f"{advice.goal.text}, judged as {goal_words(advice.goal)}"),
        (
            "Budget",
            f"{pounds(advice.budget)} over {advice.months} months from {advice.start:%B %Y}",
        ),
        ("Prices", f"{advice.costs.name}, SHA-256 {advice.costs.sha256[:12]}"),
        ("Catalogue of remedies", advice.catalogue),
        (
            "Simulated",
            f"{advice.runs:,} replications; {advice.settings['shown']} of each mix shown",
        ),
        ("Seed", str(advice.seed)),
        ("Upturn", __version__),
    ]
