"""The cheapest option that stops the spiral: after which the service settles by itself."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

from upturn.causes.spiral import FOR_GOOD, MORE_CHILDREN, STILL_GROWS, load_of
from upturn.causes.words import percent
from upturn.remedies.advice import Option, SpiralAnswer
from upturn.remedies.model import NOTHING, Mix
from upturn.remedies.trials import PIECE, Trials
from upturn.remedies.words import pounds
from upturn.twin.parameters import PARAMETERS

#: A service settles when more than this share of its runs do; as in `upturn.causes.spiral`.
SETTLES = 0.5
#: The chance of calling an option better at settling the service when it is not.
CHANCE = 0.05

Bools = npt.NDArray[np.bool_]


def settled(trials: Trials, mix: Mix, push: float, reps: int) -> Bools:
    """Which runs' load does not grow in the third year, with ``push`` more contacts for good."""
    world = trials.world

    def piece(first: int) -> Bools:
        plans = np.stack([world.plan(mix, rep, FOR_GOOD) for rep in range(first, first + PIECE)])
        plans[:, 1:, PARAMETERS["contacts_a_month"]] *= 1 + push
        loads = load_of(trials.simulate(plans, world.seed, first))
        last, before = loads[:, -6:].mean(axis=1), loads[:, -18:-12].mean(axis=1)
        return np.asarray(last <= STILL_GROWS * before)

    firsts = range(0, reps, PIECE)
    if trials.executor is not None:
        jobs = [trials.executor.submit(piece, first) for first in firsts]
        found = [job.result() for job in jobs]
    else:
        with ThreadPoolExecutor() as pool:
            found = list(pool.map(piece, firsts))
    trials.done += PIECE * len(firsts)
    return np.concatenate(found)


def more_settle(with_it: Bools, without: Bools) -> bool:
    """Whether more runs settle than chance would show, run by run (McNemar's exact test, one-sided).

    >>> mixed = np.array([True, False] * 12)
    >>> more_settle(mixed | True, mixed), more_settle(mixed, mixed)
    (True, False)
    """
    better, worse = int((with_it & ~without).sum()), int((without & ~with_it).sum())
    if better <= worse:
        return False
    return bool(binom.sf(better - 1, better + worse, 0.5) < CHANCE)


def stops(trials: Trials, options: Sequence[Option], *, reps: int = 24) -> SpiralAnswer:
    """Which of ``options`` is the cheapest after which the service settles.

    Where it settles as it stands, the smallest lasting push of demand under which it does not is taken.
    """
    push, before = _first_push(trials, reps)
    nothing = float(before.mean())
    ordered = sorted((o for o in options if o.mix), key=lambda o: (o.set_aside, -o.chance))
    found: list[tuple[str, float]] = []
    cheapest, share = None, 0.0
    if nothing <= SETTLES:
        for option in ordered:
            runs = settled(trials, option.mix, push, reps)
            one = float(runs.mean())
            found.append((option.name, one))
            if one > SETTLES and more_settle(runs, before):
                cheapest, share = option, one
                break
    sentence = _sentence(push, nothing, cheapest, share, len(before))
    return SpiralAnswer(push, nothing, cheapest, share, tuple(found), sentence)


def _first_push(trials: Trials, reps: int) -> tuple[float, Bools]:
    """No push when it does not settle as it stands; otherwise the smallest tried under which it does not."""
    for push in (0.0, *MORE_CHILDREN.tolist()):
        runs = settled(trials, NOTHING, push, reps)
        if runs.mean() <= SETTLES:
            return push, runs
    return float(MORE_CHILDREN[-1]), runs


def _sentence(push: float, nothing: float, cheapest: Option | None, share: float, reps: int) -> str:
    rests = f"({reps} runs of three years each; how load bears on leaving is assumed unless you gave it)"
    if nothing > SETTLES:
        return (
            f"There is no spiral to stop: doing nothing, the service settles in {percent(nothing)} of runs "
            f"even with {percent(push)} more contacts for good, the most that was tried {rests}."
        )
    if push == 0:
        stands = (
            f"Doing nothing, the service settles within three years in {percent(nothing)} of runs"
        )
    else:
        stands = (
            f"As it stands the service settles by itself; with {percent(push)} more contacts for good it "
            f"would in {percent(nothing)} of runs only"
        )
    if cheapest is None:
        return (
            f"{stands}; none of the options shown makes it settle in more than half of them, beyond chance "
            f"{rests}."
        )
    return (
        f"{stands}. The cheapest option shown that makes it settle in more than half of them, beyond chance: "
        f"{cheapest.name}, at most {pounds(cheapest.set_aside)}; it then settles in {percent(share)} {rests}."
    )
