"""How much of a change each driver brings: Shapley shares over the twin, draw by draw of the fit.

A world is one joint draw of what the service was and what it became. In each world the players are the
drivers that differ; a coalition's worth is the outcome of the second period when its drivers stand where
they ended and the others where they began, by the same chance throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from upturn.causes.games import EXACT_UP_TO, Masks, coalitions, shapley
from upturn.causes.worlds import Simulator, Span, scenarios, totals
from upturn.twin.parameters import DRIVERS, parameters
from upturn.twin.series import OUTCOMES

Floats = npt.NDArray[np.float64]

#: How much wider than the worlds' own spread a share's interval is: the fit, and the lines that found the
#: worlds, leave more open than they say. Set on made-up services in development; the truth benchmark measures
#: what it does on others.
STRETCH = 1.5
#: No share is told more closely than to this part of itself: the twin is a model, whatever its runs agree on.
#: Assumed.
ROUGHLY = 0.3
#: The driver of each parameter, in the order of the columns of a scenario; what costs money is nobody's.
OWNERS = tuple(p.driver for p in parameters().values())


@dataclass(frozen=True)
class Simulated:
    """What the twin says of a change.

    ``shares[drivers, worlds]`` in the outcome's unit, in the order of `DRIVERS`, adding up to ``change``;
    ``change[worlds]`` the change between the periods, of which ``carried`` would have come with nothing
    changed (season, and work carried over); ``before`` and ``after[worlds]`` the outcome in each period;
    ``error[drivers]`` the standard error of each mean share from replications and orders; ``runs`` how many
    replications were simulated.
    """

    shares: Floats
    change: Floats
    carried: Floats
    before: Floats
    after: Floats
    noise: Floats
    error: Floats
    runs: int

    def interval(self, level: float = 0.9, *, least: float = 0.0) -> Floats:
        """Low and high of each driver's share: spread over worlds, and error of simulating. [2, drivers].

        The spread is stretched by `STRETCH`: about the mean, or towards nought, and not past it, where no
        world pushes the other way. No end lies nearer to the mean than ``least``, or than `ROUGHLY` of it.
        """
        mean = self.shares.mean(axis=1)
        ends = np.quantile(self.settled, [(1 - level) / 2, (1 + level) / 2], axis=1)
        # A share that few worlds bring has its mean beyond their spread: the interval holds it all the same.
        near = np.maximum(least, ROUGHLY * abs(mean))
        below = np.maximum(STRETCH * (mean - ends[0]) + 1.645 * self.error, near)
        above = np.maximum(STRETCH * (ends[1] - mean) + 1.645 * self.error, near)
        low, high = mean - below, mean + above
        up, down = (
            np.minimum(ends[0] / STRETCH, mean - least),
            np.maximum(ends[1] / STRETCH, mean + least),
        )
        low = np.where(ends[0] >= 0, np.maximum(low, up), low)
        high = np.where(ends[1] <= 0, np.minimum(high, down), high)
        return np.stack([low, high])

    @property
    def settled(self) -> Floats:
        """The shares with what few replications add to their spread taken out again. [drivers, worlds].

        Within the worlds in which a driver changed, each share is drawn towards their mean, until the spread
        is what is left of it after the variance of the replications (``noise``) is taken away.
        """
        found = self.shares.copy()
        for driver, own in enumerate(self.shares):
            at = own != 0
            if at.sum() < 2:
                continue
            spread, mean = own[at].var(ddof=1), own[at].mean()
            left = max(0.0, 1.0 - self.noise[driver, at].mean() / max(spread, 1e-30))
            found[driver, at] = mean + (own[at] - mean) * np.sqrt(left)
        return found


def ratio(sums: Floats, outcome: str, months: int) -> Floats:
    """The outcome of summed series ``[..., series]``: shares as sums over sums, the rest a month's mean.

    >>> from upturn.twin.series import COLUMN, SERIES
    >>> sums = np.zeros(len(SERIES))
    >>> sums[COLUMN["assessments_ended"]], sums[COLUMN["assessments_late"]] = 200, 30
    >>> float(ratio(sums, "assessment-lateness", 6))
    0.15
    """
    return np.asarray(OUTCOMES[outcome](sums[..., None, :] / months)[..., 0], dtype=np.float64)


def drivers_changed(before: Floats, after: Floats) -> Masks:
    """Which drivers differ between two rows of values. ``[..., parameters]`` to ``[..., drivers]``.

    >>> values = np.array([p.default for p in parameters().values()])
    >>> drivers_changed(values, values).any()
    np.False_
    """
    differ = before != after
    return np.stack(
        [differ[..., [o == driver for o in OWNERS]].any(axis=-1) for driver in DRIVERS], axis=-1
    )


def contributions(
    before: Floats,
    after: Floats,
    outcome: str,
    span: Span,
    simulate: Simulator,
    *,
    reps: int = 8,
    seed: int = 1,
    tolerance: float = 0.05,
    most_orders: int = 32,
    stationary: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Simulated:
    """Share out the simulated change of ``outcome`` among the drivers.

    ``before`` and ``after[worlds, parameters]`` are the values of each world; ``reps`` the replications of
    each coalition. With ``stationary`` each coalition has stood as long as anyone remembers, for comparing
    two services; otherwise it begins after the first period, for comparing two times.
    """
    changed = drivers_changed(before, after)
    shares = np.zeros((len(DRIVERS), len(before)))
    noise = np.zeros((len(DRIVERS), len(before)))
    ends = np.zeros((2, len(before)))
    begun = np.zeros(len(before))
    runs = 0
    groups: dict[bytes, list[int]] = {}
    for world, row in enumerate(changed):
        groups.setdefault(row.tobytes(), []).append(world)
    for done, worlds in enumerate(groups.values()):
        players = np.flatnonzero(changed[worlds[0]])
        value = _Value(before[worlds], after[worlds], players, outcome, span, simulate, reps, seed,
                       stationary)  # fmt: skip
        found = shapley(
            value, len(players), seed=seed, tolerance=tolerance, most_orders=most_orders
        )
        each = found.shares.reshape(len(players), len(worlds), reps)
        place = np.ix_(players, np.array(worlds, dtype=np.intp))
        shares[place] = each.mean(axis=2)
        noise[place] = each.var(axis=2, ddof=1) / reps + (found.error[:, None] ** 2 * len(worlds))
        ends[:, worlds] = value.ends()
        begun[worlds] = value.first()
        runs += value.runs
        if progress:
            progress(done + 1, len(groups))
    error = np.sqrt(noise.mean(axis=1) / len(before))
    return Simulated(shares, ends[1] - begun, ends[0] - begun, begun, ends[1], noise, error, runs)


class _Value:
    """What coalitions are worth: masks [n, players] to outcomes [n, worlds x reps]."""

    def __init__(
        self,
        before: Floats,
        after: Floats,
        players: npt.NDArray[np.intp],
        outcome: str,
        span: Span,
        simulate: Simulator,
        reps: int,
        seed: int,
        stationary: bool,
    ) -> None:
        self.before, self.after, self.outcome, self.span = before, after, outcome, span
        self.simulate, self.reps, self.seed, self.stationary = simulate, reps, seed, stationary
        owned = np.array([[o == DRIVERS[p] for o in OWNERS] for p in players], dtype=bool)
        self.owned = owned.reshape(len(players), len(OWNERS))
        self.runs = 0
        self.known: dict[bytes, tuple[Floats, Floats]] = {}

    def __call__(self, masks: Masks) -> Floats:
        return np.array([late for _, late in self._both(masks)]).reshape(len(masks), -1)

    def ends(self) -> Floats:
        """The outcome of the second period with nobody, and with everybody. [2, worlds]."""
        players = len(self.owned)
        masks = coalitions(players)[[0, -1]] if players <= EXACT_UP_TO else _both_ends(players)
        return np.array([np.nanmean(late, axis=1) for _, late in self._both(masks)])

    def first(self) -> Floats:
        """The outcome of the first period, where all stood as they began. [worlds]."""
        none = np.zeros((1, len(self.owned)), dtype=bool)
        return np.asarray(np.nanmean(self._both(none)[0][0], axis=1))

    def _both(self, masks: Masks) -> Sequence[tuple[Floats, Floats]]:
        new = [m for m in masks if m.tobytes() not in self.known]
        if new:
            self._simulate(np.array(new))
        return [self.known[m.tobytes()] for m in masks]

    def _simulate(self, masks: Masks) -> None:
        worlds = len(self.before)
        moved = masks @ self.owned if len(self.owned) else np.zeros((len(masks), len(OWNERS)), bool)
        values = np.where(moved[:, None, :], self.after, self.before)  # [masks, worlds, parameters]
        start = values if self.stationary else np.broadcast_to(self.before, values.shape)
        plans = scenarios(start, values, self.span).reshape(len(masks) * worlds, -1, len(OWNERS))
        unique, back = np.unique(plans.reshape(len(plans), -1), axis=0, return_inverse=True)
        found = totals(
            self.simulate,
            unique.reshape(-1, *plans.shape[1:]),
            self.span,
            reps=self.reps,
            seed=self.seed,
        )
        early = ratio(found.before, self.outcome, self.span.before)[back.ravel()]
        late = ratio(found.after, self.outcome, self.span.after)[back.ravel()]
        shape = (len(masks), worlds, self.reps)
        # A coalition in which the service collapses is taken to be as bad as the worst that does not.
        early, late = _worst_for_none(early), _worst_for_none(late)
        for m, e, a in zip(masks, early.reshape(shape), late.reshape(shape), strict=True):
            self.known[m.tobytes()] = (e, a)
        self.runs += len(unique) * self.reps


def _worst_for_none(outcome: Floats) -> Floats:
    told = outcome[np.isfinite(outcome)]
    return np.where(np.isfinite(outcome), outcome, told.max() if told.size else 0.0)


def _both_ends(players: int) -> Masks:
    return np.array([[False] * players, [True] * players])
