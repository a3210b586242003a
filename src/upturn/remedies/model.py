"""What a remedy is: what it moves, how soon, how far, what it costs and how sure anybody can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: How an effect changes its parameter; of a step unless it is set.
WAYS = ("add", "times", "set")
KNOWN = ("exact", "assumed")
#: What an effect's amount is for: one step, or as many steps as a tenth of the posts.
PER = ("step", "tenth of posts")
EVERY = ("year", "week", "once")
#: Full-time posts that a price is multiplied by, as the twin has them when nothing is done.
TIMES = ("step", "filled", "permanent", "uncovered")
STRENGTHS = ("arithmetic", "association", "assumed")


@dataclass(frozen=True)
class Effect:
    """One parameter of the twin that a remedy moves: ``amounts`` are least, most likely and most.

    ``bought`` names the input whose money buys posts at the dearest of ``bought_with``; then ``amounts`` is
    not used.
    """

    parameter: str
    way: str
    amounts: tuple[float, float, float]
    per: str
    known: str
    bought: str = ""
    bought_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class Price:
    """One thing that a step costs: the dearest of ``inputs``, or ``pounds``, times ``factor`` and ``days``.

    ``pay`` says that the twin counts it as pay of case-holders when it says what is likely to be spent.
    """

    inputs: tuple[str, ...]
    every: str
    times: str = "step"
    pounds: float | None = None
    factor: str = ""
    days: float = 1.0
    pay: bool = False


@dataclass(frozen=True)
class Remedy:
    """An option that moves drivers. ``most`` steps at the outside: ``most_times`` of parameter ``most_of``.

    ``lead`` months pass before anything changes; over ``ramp`` months it grows to the whole; it ends after
    ``lasts`` months (None: it stays).
    """

    id: str
    title: str
    what: str
    unit: str
    most_of: str
    most_times: float
    lead: int
    ramp: int
    lasts: int | None
    effects: tuple[Effect, ...]
    prices: tuple[Price, ...]
    strength: str
    source: str
    status: str
    wrong: tuple[str, ...]
    watch: tuple[str, ...]

    @property
    def switch(self) -> bool:
        """Whether it is done or not done, and nothing between."""
        return self.unit == "switch"

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters of the twin that it moves."""
        return tuple(dict.fromkeys(effect.parameter for effect in self.effects))

    @property
    def drivers(self) -> tuple[str, ...]:
        """The drivers that it moves."""
        from upturn.twin.parameters import parameters

        return tuple(dict.fromkeys(parameters()[name].driver for name in self.parameters))

    @property
    def inputs(self) -> tuple[str, ...]:
        """The inputs of the cost file that it needs."""
        names = [name for price in self.prices for name in (*price.inputs, price.factor) if name]
        names += [n for e in self.effects for n in (e.bought, *e.bought_with) if n]
        return tuple(dict.fromkeys(names))

    def ceiling(self, values: Mapping[str, float]) -> int:
        """The most steps there can be in a service of these ``values`` of the twin's parameters.

        >>> from upturn.remedies.load import remedies
        >>> remedies()["permanent-posts"].ceiling({"posts": 60.0})
        18
        """
        whole = self.most_times * (values[self.most_of] if self.most_of else 1.0)
        return max(1, int(whole + 0.5))


#: A mix: remedy ids and how many steps of each, in the catalogue's order; empty is doing nothing.
Mix = tuple[tuple[str, int], ...]
NOTHING: Mix = ()


def mix_of(steps: Mapping[str, int], order: Mapping[str, object]) -> Mix:
    """A mix in the catalogue's ``order``, without what has no step.

    >>> mix_of({"b": 2, "a": 0, "c": 1}, {"c": 0, "b": 0, "a": 0})
    (('c', 1), ('b', 2))
    """
    return tuple((id_, int(steps[id_])) for id_ in order if steps.get(id_, 0) > 0)
