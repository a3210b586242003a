"""The cheapest option that stops the spiral: after which the service settles by itself."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from upturn.causes.spiral import FOR_GOOD, MORE_CHILDREN, STILL_GROWS, load_of
from upturn.causes.words import percent
from upturn.remedies.advice import Option, SpiralAnswer
from upturn.remedies.model import NOTHING, Mix
from upturn.remedies.trials import PIECE, Trials
from upturn.remedies.words import pounds
from upturn.twin.parameters import PARAMETERS

#: A service settles when more than this share of its runs do; as in `upturn.causes.spiral`.
SETTLES = 0.5


def settled(trials: Trials, mix: Mix, push: float, reps: int) -> float:
    """The share of runs whose load does not grow in the third year, with ``push`` more contacts for good."""
    world = trials.world

    def piece(first: int) -> int:
        plans = np.stack([world.plan(mix, rep, FOR_GOOD) for rep in range(first, first + PIECE)])
        plans[:, 1:, PARAMETERS["contacts_a_month"]] *= 1 + push
        loads = load_of(trials.simulate(plans, world.seed, first))
        last, before = loads[:, -6:].mean(axis=1), loads[:, -18:-12].mean(axis=1)
        return int((last <= STILL_GROWS * before).sum())

    firsts = range(0, reps, PIECE)
    if trials.executor is not None:
        jobs = [trials.executor.submit(piece, first) for first in firsts]
        found = [job.result() for job in jobs]
    else:
        with ThreadPoolExecutor() as pool:
            found = list(pool.map(piece, firsts))
    trials.done += PIECE * len(firsts)
    return sum(found) / (PIECE * len(firsts))


def stops(trials: Trials, options: Sequence[Option], *, reps: int = 24) -> SpiralAnswer:
    """Which of ``options`` is the cheapest after which the service settles.

    Where it settles as it stands, the smallest lasting push of demand under which it does not is taken.
    """
    push, nothing = _first_push(trials, reps)
    ordered = sorted((o for o in options if o.mix), key=lambda o: (o.set_aside, -o.chance))
    found: list[tuple[str, float]] = []
    cheapest, share = None, 0.0
    if nothing <= SETTLES:
        for option in ordered:
            one = settled(trials, option.mix, push, reps)
            found.append((option.name, one))
            if one > SETTLES and one > nothing:
                cheapest, share = option, one
                break
    sentence = _sentence(push, nothing, cheapest, share, reps)
    return SpiralAnswer(push, nothing, cheapest, share, tuple(found), sentence)


def _first_push(trials: Trials, reps: int) -> tuple[float, float]:
    """No push when it does not settle as it stands; otherwise the smallest tried under which it does not."""
    for push in (0.0, *MORE_CHILDREN.tolist()):
        share = settled(trials, NOTHING, push, reps)
        if share <= SETTLES:
            return push, share
    return float(MORE_CHILDREN[-1]), share


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
        return f"{stands}; none of the options shown makes it settle in more than half of them {rests}."
    return (
        f"{stands}. The cheapest option shown that makes it settle in more than half of them: "
        f"{cheapest.name}, at most {pounds(cheapest.set_aside)}; it then settles in {percent(share)} {rests}."
    )
