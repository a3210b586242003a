"""Which worlds make the change that was recorded: the lines that found them are put right by the twin.

`upturn.causes.weighing` says what may have changed by lines drawn about one place. A service is not a line,
and how strongly it answers is itself only known from the fit. So each world is simulated as it is, and
weighed by how likely it makes the recorded change of the outcome (importance resampling: Rubin 1988,
"Using the SIR algorithm to simulate posterior distributions").
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from upturn.causes.contributions import ratio
from upturn.causes.worlds import Simulator, Span, Totals, scenarios, totals
from upturn.twin.resampling import flattened, resample

Floats = npt.NDArray[np.float64]

#: Replications of each world: their mean stands for what the world makes.
REPLICATIONS = 2
#: At least this share of the worlds must count. Where the recorded change lies beyond what nearly all of
#: them make, its likelihood is flattened until they do: a handful of worlds is a handful of guesses. Assumed.
COUNTING = 0.12


def fitting(
    starts: Floats,
    ends: Floats,
    outcome: str,
    span: Span,
    simulate: Simulator,
    *,
    change: float,
    still: Totals,
    seed: int = 1,
    replications: int = REPLICATIONS,
) -> npt.NDArray[np.intp]:
    """Numbers of the worlds, each as often as it is likely: as many as there are, in no order.

    ``starts`` and ``ends[worlds, parameters]`` are the values of each world, ``change`` the recorded change
    of ``outcome`` and ``still`` runs with nothing changed, whose spread is what chance does to it.
    """
    made = totals(simulate, scenarios(starts, ends, span), span, reps=replications, seed=seed + 5)
    found = ratio(made.after, outcome, span.after) - ratio(made.before, outcome, span.before)
    quiet = ratio(still.after[0], outcome, span.after) - ratio(
        still.before[0], outcome, span.before
    )
    spread = np.nanstd(quiet) * np.sqrt(1 + 1 / replications)
    return resampled(found.mean(axis=1), change, max(float(spread), 1e-9), seed=seed)


def resampled(made: Floats, seen: float, spread: float, *, seed: int = 1) -> npt.NDArray[np.intp]:
    """Each number as often as ``made[n]`` is likely beside ``seen``, with a normal error of ``spread``.

    Evenly spaced, so that a world's part of the draws is its weight to within one; a world that makes nothing
    that can be told (nan) is never drawn, unless none can.

    >>> resampled(np.array([0.0, 5.0]), 5.0, 1.0).tolist()
    [1, 1]
    """
    z = (made - seen) / spread
    logs = np.where(np.isfinite(z), -0.5 * z**2, -np.inf)
    if not np.isfinite(logs).any():
        return np.arange(len(made))
    weights = flattened(logs - logs.max(), COUNTING * len(made))
    return resample(weights, np.random.default_rng(seed))
