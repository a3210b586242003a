"""Which drivers may be called causes: the threshold, and each driver with its share and its evidence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from upturn.causes import words
from upturn.causes.contributions import OWNERS, Simulated, drivers_changed
from upturn.causes.evidence import agreement
from upturn.causes.model import Between, Cause, Evidence, Moved, Standing
from upturn.causes.movers import movers
from upturn.twin.parameters import DRIVERS, PARAMETERS, parameters

Floats = npt.NDArray[np.float64]

#: All of these are assumed; how often they name the right cause is measured by benchmarks/why_truth.py.
#: A driver is named when the chance that it changed is at least this,
NAMED = 0.8
#: or at least this where the outcome itself moved no more than chance does,
SURE = 0.95
#: its share is at least this part of the change, recorded or simulated, and one way where it changed,
LEAST_PART = 0.1
#: and this much of what chance does (standard deviations),
TRIFLE = 0.4
#: and may be one when the chance is at least this.
POSSIBLE = 0.3
#: Two drivers that stand in for one another in the draws are told as confused below this correlation.
CONFUSED = -0.4


def causes_of(
    before: Floats,
    after: Floats,
    found: Simulated,
    shown: Mapping[str, tuple[Evidence, ...]],
    tags: Mapping[str, str],
    *,
    beyond_chance: bool,
    size: float,
    rise: float,
    spread: float,
    unit: str,
    england: bool = False,
) -> tuple[Cause, ...]:
    """Every driver with its standing: those that pushed the way of the change first, the largest share first.

    ``before`` and ``after[worlds, parameters]`` are the worlds that ``found`` was simulated from; ``size``
    is the simulated change that the drivers share out, ``rise`` the recorded change less what comes when
    nothing changes (the simulated one where the records do not tell it) and ``spread`` the standard deviation
    of what chance does to it; with ``beyond_chance`` False a driver has to be surer to be named.
    """
    matters = max(LEAST_PART * max(abs(size), abs(rise)), TRIFLE * spread)
    changed = drivers_changed(before, after)
    low, high = found.interval(least=TRIFLE * spread)
    settled = found.settled
    causes = []
    for n, driver in enumerate(DRIVERS):
        share = Between(float(found.shares[n].mean()), float(low[n]), float(high[n]))
        chance = float(changed[:, n].mean())
        least = NAMED if beyond_chance else SURE
        one_way = _one_way(settled[n][changed[:, n]], found.error[n])
        one_way = one_way and (beyond_chance or share.low > 0 or share.high < 0)
        standing = _standing(chance, share, matters, least, one_way=one_way)
        if standing == "possible" and not beyond_chance:
            standing = "not distinguishable from chance"
        part = share.value / size if abs(size) > 1e-9 else None
        moved = _moved(driver, before, after, tags)
        direct = shown.get(driver, ())
        agreed = agreement(chance, direct)
        causes.append(
            Cause(driver, standing, share, part, chance, moved, direct, agreed,
                  _sentence(driver, standing, share, part, chance, moved, unit, england=england),
                  words.beside_words(agreed, chance, direct))
        )  # fmt: skip
    order = {"named": 0, "possible": 1, "not distinguishable from chance": 2}
    way = np.sign(rise)
    return tuple(
        sorted(
            causes, key=lambda c: (order[c.standing], c.share.value * way < 0, -abs(c.share.value))
        )
    )


def _one_way(shares: Floats, error: float) -> bool:
    """Whether a driver pushed one way in nine in ten of the worlds in which it changed, surely on average."""
    if not len(shares):
        return False
    low, high = np.quantile(shares, [0.1, 0.9])
    sure = abs(shares.mean()) > 1.645 * error
    return bool((low > 0 or high < 0) and sure)


def _standing(
    chance: float, share: Between, least_share: float, least: float, *, one_way: bool
) -> Standing:
    """Named, possible or neither: sure that it changed, sure which way it pushed, and not a trifle."""
    matters = abs(share.value) >= least_share
    if chance >= least and matters and one_way:
        return "named"
    if chance >= POSSIBLE and matters:
        return "possible"
    return "not distinguishable from chance"


def _moved(
    driver: str, before: Floats, after: Floats, tags: Mapping[str, str]
) -> tuple[Moved, ...]:
    """The parameters of a driver that moved in a tenth of the draws or more, the likeliest first."""
    found = []
    for name, column in PARAMETERS.items():
        if OWNERS[column] != driver:
            continue
        differ = before[:, column] != after[:, column]
        if differ.mean() < 0.1:
            continue
        ends = np.quantile(after[differ, column], [0.05, 0.5, 0.95])
        p = parameters()[name]
        said = movers()[name].words if name in movers() else p.name.replace("_", " ")
        found.append(
            Moved(name, said, p.unit, float(differ.mean()), float(np.median(before[:, column])),
                  Between(float(ends[1]), float(ends[0]), float(ends[2])), tags.get(name, "assumed"))
        )  # fmt: skip
    return tuple(sorted(found, key=lambda m: -m.chance))


def _sentence(
    driver: str,
    standing: Standing,
    share: Between,
    part: float | None,
    chance: float,
    moved: tuple[Moved, ...],
    unit: str,
    *,
    england: bool = False,
) -> str:
    name = words.DRIVER_WORDS[driver]
    title = name[0].upper() + name[1:]
    if standing == "not distinguishable from chance":
        how = f"probability of a change {words.percent(chance)}"
        return f"{title}: nothing that can be told from chance ({how})."
    if england:  # everything differs from England's figures; how far is what can be told
        how = "" if not moved else f": {words.apart_words(moved[0])}"
        of = "" if part is None else f", {words.part_words(part)}"
        size = f"{words.points(share.value, unit)} ({words.span(share, unit)})"
        verb = "brought" if standing == "named" else "may have brought"
        return f"{title} {verb} {size}{of}{how}."
    how = "" if not moved else f": {words.moved_words(moved[0])}"
    size = f"{words.points(share.value, unit)} ({words.span(share, unit)})"
    of = "" if part is None else f", {words.part_words(part)}"
    if standing == "possible":
        return (
            f"{title} may have played a part, {size}{of}{how}. The probability that it changed is "
            f"{words.percent(chance)}, which is not enough to name it."
        )
    return f"{title} brought {size}{of}{how}. The probability that it changed is {words.percent(chance)}."


def confused_pairs(before: Floats, after: Floats) -> tuple[tuple[str, str], ...]:
    """Pairs of drivers that the records cannot tell apart: in a draw one changed or the other did."""
    changed = drivers_changed(before, after).astype(float)
    share = changed.mean(axis=0)
    pairs = []
    for i in range(len(DRIVERS)):
        for j in range(i + 1, len(DRIVERS)):
            if min(share[i], share[j]) < 0.15 or max(share[i], share[j]) > 0.95:
                continue
            either = np.corrcoef(changed[:, i], changed[:, j])[0, 1]
            if either < CONFUSED:
                pairs.append((DRIVERS[i], DRIVERS[j]))
    return tuple(pairs)
