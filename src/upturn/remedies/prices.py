"""What a mix costs at the most, and what is likely to be spent on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from upturn.remedies.costs import Costs
from upturn.remedies.model import Mix, Price, Remedy

_WEEKS = 52.0


@dataclass(frozen=True)
class Staffing:
    """Full-time posts that prices are multiplied by: all ``posts``, and those covered by nobody."""

    posts: float
    uncovered: float


def untried(
    catalogue: Mapping[str, Remedy], costs: Costs
) -> tuple[dict[str, Remedy], dict[str, str]]:
    """The remedies that can be priced, and the others with what the cost file would have to say."""
    kept, left = {}, {}
    for id_, remedy in catalogue.items():
        missing = [name for name in remedy.inputs if name not in costs.values]
        if missing:
            left[id_] = f"the cost file does not say {', '.join(missing)}"
        else:
            kept[id_] = remedy
    return kept, left


def bought(remedy: Remedy, costs: Costs) -> float:
    """The posts that a remedy buys with money saved elsewhere."""
    return sum(
        costs.values[e.bought] / max(costs.values[name] for name in e.bought_with)
        for e in remedy.effects
        if e.bought
    )


def set_aside(
    mix: Mix, catalogue: Mapping[str, Remedy], costs: Costs, staffing: Staffing, months: int
) -> float:
    """The most that a mix can cost over ``months``: pounds.

    A post is reckoned at the dearer of permanent and agency from the month it is opened, and what is paid
    for each worker as if no post stood empty. So the budget holds whatever happens in the twin.
    """
    wide = _with_posts(mix, catalogue, costs, staffing)
    return sum(
        steps * _over(price, catalogue[id_], costs, wide, months)
        for id_, steps in mix
        for price in catalogue[id_].prices
    )


def beside_pay(
    mix: Mix, catalogue: Mapping[str, Remedy], costs: Costs, staffing: Staffing, months: int
) -> float:
    """What a mix costs beside the pay of case-holders, less what it saves: pounds over ``months``."""
    wide = _with_posts(mix, catalogue, costs, staffing)
    spent = 0.0
    for id_, steps in mix:
        remedy = catalogue[id_]
        paid = (p for p in remedy.prices if not p.pay)
        spent += sum(steps * _over(p, remedy, costs, wide, months) for p in paid)
        saved = sum(costs.values[e.bought] for e in remedy.effects if e.bought)
        spent -= saved * max(0, months - remedy.lead) / 12
    return spent


def yearly(mix: Mix, catalogue: Mapping[str, Remedy], costs: Costs, staffing: Staffing) -> float:
    """What goes on being paid each year, at the most, for what stays."""
    wide = _with_posts(mix, catalogue, costs, staffing)
    return sum(
        steps * _rate(price, costs) * _times(price, wide)
        for id_, steps in mix
        if catalogue[id_].lasts is None
        for price in catalogue[id_].prices
        if price.every != "once"
    )


def added_posts(mix: Mix, catalogue: Mapping[str, Remedy], costs: Costs) -> float:
    """The case-holding posts that a mix adds."""
    added = 0.0
    for id_, steps in mix:
        added += steps * sum(
            e.amounts[2]
            for e in catalogue[id_].effects
            if e.parameter == "posts" and e.way == "add"
        )
        added += bought(catalogue[id_], costs)
    return added


def _with_posts(
    mix: Mix, catalogue: Mapping[str, Remedy], costs: Costs, staffing: Staffing
) -> Staffing:
    more = added_posts(mix, catalogue, costs)
    return Staffing(staffing.posts + more, staffing.uncovered + more)


def _over(price: Price, remedy: Remedy, costs: Costs, staffing: Staffing, months: int) -> float:
    """One step's price over so many months."""
    active = max(0, months - remedy.lead)
    if remedy.lasts is not None:
        active = min(active, remedy.lasts)
    if price.every == "once":
        parts = 1.0 if active else 0.0
        return parts * _money(price, costs) * _times(price, staffing)
    return _rate(price, costs) * _times(price, staffing) * active / 12


def _rate(price: Price, costs: Costs) -> float:
    """Pounds a year."""
    return _money(price, costs) * (_WEEKS if price.every == "week" else 1.0)


def _money(price: Price, costs: Costs) -> float:
    amount = max((costs.values[name] for name in price.inputs), default=price.pounds or 0.0)
    return amount * price.days * (costs.values[price.factor] if price.factor else 1.0)


def _times(price: Price, staffing: Staffing) -> float:
    if price.times == "step":
        return 1.0
    return staffing.uncovered if price.times == "uncovered" else staffing.posts


def inputs_used(remedies: Iterable[Remedy]) -> tuple[str, ...]:
    """The inputs of a cost file that these remedies rest on, in order."""
    return tuple(dict.fromkeys(name for remedy in remedies for name in remedy.inputs))
