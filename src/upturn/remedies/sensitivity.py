"""Which assumption would change the advice: one at a time, and by the draws that were made anyway."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from upturn.causes.movers import movers
from upturn.causes.words import percent
from upturn.remedies.advice import Option, Split, Swing
from upturn.remedies.costs import INPUTS
from upturn.remedies.judge import Bench, cut, objective
from upturn.remedies.model import Effect, Mix
from upturn.remedies.prices import set_aside
from upturn.remedies.said import end_words, said, unit_of
from upturn.remedies.trials import Trials
from upturn.remedies.words import pounds
from upturn.remedies.worlds import World
from upturn.twin.parameters import PARAMETERS, parameters

Floats = npt.NDArray[np.float64]
#: Parameters that no extract tells well and that remedies work through; each is moved if it is not known.
SWAYED = (
    "contacts_a_month", "leaving_load", "sickness_load", "leaving_a_year", "vacancy_fill_days",
    "agency_share", "productive_share", "hours_assessment", "caseload_cap", "closure_pressure", "rework",
    "repeat_return", "cin_days",
)  # fmt: skip
#: How far a parameter goes that has no usual step: halved, and half as much again. Assumed.
_LESS, _MORE = 0.5, 1.5
#: Standard errors by which another option must be better: many assumptions are moved, so more than usual.
BEYOND = 2.6
#: How far a price is moved; assumed.
PRICE = 0.2
#: The input that is no price: employer's costs on top of pay.
FACTOR = "on_cost_factor"


@dataclass(frozen=True)
class _End:
    """One assumption at one of its ends: the value shown, and the world in which it holds."""

    value: float
    world: World


def swings(
    bench: Bench,
    options: Sequence[Option],
    *,
    reps: int,
    tell: Callable[[int, int], None] | None = None,
) -> tuple[Swing, ...]:
    """Each assumption at its ends, with the same chance: is the first of ``options`` still the best?"""
    world, best = bench.trials.world, options[0]
    found = []
    todo = list(_assumptions(world, best.mix, options))
    for n, (what, tag, unit, ends) in enumerate(todo):
        sides = [_side(bench, options, end.world, reps) for end in ends]
        found.append(_swing(what, tag, unit, ends, sides, options))
        if tell is not None:
            tell(n + 1, len(todo))
    found.sort(key=lambda s: (not s.changes, -abs(s.chance_high - s.chance_low)))
    return tuple(found)


def price_swings(bench: Bench, best: Option, budget: float) -> tuple[Swing, ...]:
    """Each price a fifth higher: does the advised mix still stay within the budget?"""
    world = bench.trials.world
    found = []
    inputs = {name for id_, _ in best.mix for name in world.catalogue[id_].inputs}
    for name in sorted(inputs - {FACTOR}):
        dearer = {**world.costs.values, name: world.costs.values[name] * (1 + PRICE)}
        costs = replace(world.costs, values=dearer)
        price = set_aside(best.mix, world.catalogue, costs, bench.staffing, world.months)
        over = price > budget + 1e-6
        words = _priced(name)
        tail = "over the budget" if over else "within the budget"
        found.append(
            Swing(
                f"price: {words}", "example" if world.costs.example else "yours",
                world.costs.values[name], dearer[name], "pounds",
                best.chance, best.chance, best.name, "a smaller mix" if over else best.name, over,
                f"If {words} costs {percent(PRICE)} more, the mix costs at most {pounds(price)}: {tail}.",
                price,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda s: -(s.cost or 0.0)))


def _priced(name: str) -> str:
    """What an input of the cost file prices, as a sentence says it."""
    meaning = INPUTS[name][1].partition(":")[0]
    return meaning[0].lower() + meaning[1:]


def _assumptions(
    world: World, mix: Mix, options: Sequence[Option]
) -> Iterator[tuple[str, str, str, tuple[_End, _End]]]:
    """What is assumed: the effects of the remedies in the mix, then what the twin was not told."""
    for id_, _ in mix:
        for n, effect in enumerate(world.catalogue[id_].effects):
            if effect.known == "assumed":
                ends = tuple(
                    _End(effect.amounts[2 * side], _held(world, id_, n, side)) for side in (0, 1)
                )
                what = _effect(world, id_, effect)
                yield what, "assumed", unit_of(effect.parameter, effect.way), (ends[0], ends[1])
    for name in SWAYED:
        if world.like.tag(name) in ("assumed", "published", "extract"):
            low, high = (_moved(world, name, way) for way in (-1, 1))
            yield said(name), world.like.tag(name), parameters()[name].unit, (low, high)


def _effect(world: World, id_: str, effect: Effect) -> str:
    """What of a remedy is not known."""
    return f"{world.catalogue[id_].title}: effect on {said(effect.parameter)}"


def _held(world: World, id_: str, place: int, side: int) -> World:
    return replace(world, held={**(world.held or {}), (id_, place): float(side)})


def _moved(world: World, name: str, way: int) -> _End:
    """A parameter one usual step less or more, in every draw."""
    services, column = world.services.copy(), PARAMETERS[name]
    if name in movers():
        services[:, column] = movers()[name].moved(services[:, column], way)
    else:
        low, high = parameters()[name].bounds
        services[:, column] = np.clip(
            services[:, column] * (_LESS if way < 0 else _MORE), low, high
        )
    return _End(float(np.median(services[:, column])), replace(world, services=services))


@dataclass(frozen=True)
class _Side:
    """What the options come to at one end of an assumption."""

    chance: float
    best: str
    other: bool


def _side(bench: Bench, options: Sequence[Option], world: World, reps: int) -> _Side:
    trials = Trials(world, bench.goal, bench.trials.executor, None, bench.trials.simulate,
                    bench.trials.first_rep)  # fmt: skip
    moved = Bench(trials, bench.staffing)
    table = objective(moved, reps)([o.mix for o in options], reps)
    bench.trials.done += trials.done
    chance = bench.goal.met(cut(trials.runs([options[0].mix], reps)[0], reps).value)
    apart = table - table[0]
    worst = int(apart.mean(axis=1).argmin())
    error = float(apart[worst].std(ddof=1) / np.sqrt(reps)) if reps > 1 else np.inf
    # another is the best only if that is more than chance
    other = worst != 0 and float(apart[worst].mean()) < -BEYOND * error
    return _Side(float(np.mean(chance)), options[worst if other else 0].name, other)


def _swing(
    what: str, tag: str, unit: str, ends: Sequence[_End], sides: Sequence[_Side], options: Sequence[Option]
) -> Swing:  # fmt: skip
    low, high = sides
    changes = low.other or high.other
    span = f"from {end_words(ends[0].value, unit)} to {end_words(ends[1].value, unit)}"
    moves = f"the chance goes from {percent(low.chance)} to {percent(high.chance)}"
    if changes:
        side, end = (low, ends[0]) if low.other else (high, ends[1])
        tail = f"at {end_words(end.value, unit)} another option does better: {side.best}"
    else:
        tail = "the same option stays the best of those compared"
    return Swing(what, tag, ends[0].value, ends[1].value, unit, low.chance, high.chance, low.best,
                 high.best, changes, f"{what} ({tag}), {span}: {moves}; {tail}.")  # fmt: skip


def splits(
    bench: Bench, best: Option, fitted: Mapping[str, bool], *, most: int = 6
) -> tuple[Split, ...]:
    """For what differs between draws: the goal's chance in the lower and in the upper half of its values.

    ``fitted`` names the parameters that differ, and whether the extract tells them. Whether the difference
    is beyond chance is a two-sided test at 5 % over all that were looked at.
    """
    trials, reps = bench.trials, best.reps
    met = bench.goal.met(cut(trials.runs([best.mix], reps)[0], reps).value).astype(float)
    world = trials.world
    numbers = np.arange(trials.first_rep, trials.first_rep + reps)
    luck = np.stack([world.luck(int(rep)) for rep in numbers])
    rows = numbers % len(world.services)
    columns: dict[str, Floats] = {}
    for name in fitted:
        values = world.services[rows, PARAMETERS[name]]
        if np.ptp(values) > 0:
            columns[said(name)] = values
    for id_, _ in best.mix:
        for n, effect in enumerate(world.catalogue[id_].effects):
            if effect.amounts[2] > effect.amounts[0]:
                columns[_effect(world, id_, effect)] = luck[:, world.places[id_, n]]
    found = [_split(what, values, met, len(columns)) for what, values in columns.items()]
    found.sort(key=lambda s: -abs(s.chance_more - s.chance_less))
    return tuple(found[:most])


def _split(what: str, values: Floats, met: Floats, many: int) -> Split:
    from scipy.stats import norm

    upper = values > np.median(values)
    less, more = met[~upper], met[upper]
    if not len(less) or not len(more):
        return Split(what, float(met.mean()), float(met.mean()), False)
    share = float(met.mean())
    error = np.sqrt(max(share * (1 - share), 1e-9) * (1 / len(less) + 1 / len(more)))
    z = abs(float(more.mean() - less.mean())) / error
    bound = norm.ppf(1 - 0.025 / max(many, 1))
    return Split(what, float(less.mean()), float(more.mean()), bool(z > bound))
