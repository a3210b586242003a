"""What each simulated service is held against, how far it is from that, and its next step towards it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upturn.twin.priors import Floats
from upturn.twin.response import Response

#: Degrees of freedom of Student's t: how lightly a summary counts that no service comes near. One is the
#: most forgiving. Assumed.
FREEDOM = 1.0
#: The furthest one step goes, in standard deviations of the prior.
STRIDE = 2.0


@dataclass(frozen=True)
class Target:
    """The record as each service is held against it, on the scale of a `Response`.

    ``aim`` (services, summaries) is the record, moved by each service's own share of what the model misses;
    ``spread`` the variances of what chance and that miss do together.
    """

    response: Response
    start: Floats  # each service's own draw of the prior
    aim: Floats
    spread: Floats

    @classmethod
    def of(
        cls, response: Response, recorded: Floats, made: Floats, chance: Floats, own: Floats, start: Floats
    ) -> Target:  # fmt: skip
        """From what the services ``made``, the covariance of ``chance`` and standard normal draws ``own``.

        A summary that the middle of the services misses by more than chance is one that the model may not be
        able to make: it counts for less, as under Student's t (Lange, Little and Taylor, 1989, J. Am. Stat.
        Assoc. 84: 881-896).
        """
        record = response.scaled(recorded)
        alone = np.diag(chance)
        miss = (np.median(response.scaled(made), axis=0) - record) ** 2 / alone
        more = np.maximum(0.0, (FREEDOM + miss) / (FREEDOM + 1) - 1) * alone
        return cls(response, start, record + own * np.sqrt(more), chance + np.diag(more))

    def off(self, made: Floats) -> Floats:
        """How far each service is from its aim: squared, in units of what chance does. Shape (services,)."""
        gap = self.aim - self.response.scaled(made)
        return np.asarray(np.einsum("ni,ij,nj->n", gap, np.linalg.inv(self.spread), gap))

    def badness(self, x: Floats, made: Floats) -> Floats:
        """The same, and how far it has gone from its own draw of the prior. Shape (services,)."""
        return np.asarray(self.off(made) + ((x - self.start) ** 2).sum(axis=1))

    def stepped(self, x: Floats, made: Floats, share: Floats, *, doubt: float) -> Floats:
        """Where each service goes next: Gauss and Newton's step from what it made itself.

        ``share`` (services,) is how much of the step is gone. ``doubt`` is the share of what the regression
        leaves unexplained beyond chance that is taken for chance: while it is rough, steps are small.
        """
        rough = np.maximum(np.diag(self.response.left) - np.diag(self.spread), 0.0)
        tight = np.linalg.inv(self.spread + doubt * np.diag(rough))
        slopes = self.response.at(x)
        pulls = slopes @ tight
        known = np.eye(x.shape[1]) + pulls @ slopes.transpose(0, 2, 1)
        gap = self.aim - self.response.scaled(made)
        wanted = (pulls @ gap[:, :, None])[:, :, 0] - (x - self.start)
        step = np.linalg.solve(known, wanted[:, :, None])[:, :, 0]
        longest = STRIDE / np.maximum(np.abs(step).max(axis=1), 1e-9)
        return np.asarray(x + step * np.minimum(share, longest)[:, None])
