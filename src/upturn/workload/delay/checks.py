"""Whether the model of delay fits: cases done against expected, and what has to be said with its answer."""

from __future__ import annotations

import numpy as np
import polars as pl

from upturn.workload.delay.cox import Fit
from upturn.workload.delay.design import Design

#: A drift this unlikely by chance means that the effect changes with time.
_DRIFT = 0.01
FIFTHS: dict[str, pl.DataType] = {
    "fifth": pl.Int64(),  # 1: expected to take longest
    "cases": pl.Int64(),
    "done": pl.Int64(),
    "expected": pl.Float64(),
}


def in_fifths(found: Design, fitted: Fit) -> pl.DataFrame:
    """Done and expected in each fifth of the cases by what the model expects (May and Hosmer 1998)."""
    s = found.spans
    score = s.x @ fitted.beta
    edges = np.quantile(score, (0.2, 0.4, 0.6, 0.8))
    which = np.searchsorted(edges, score, side="left")
    return pl.DataFrame(
        {
            "fifth": np.arange(1, 6),
            "cases": np.bincount(which, minlength=5),
            "done": np.bincount(which, weights=s.event, minlength=5).astype(np.int64),
            "expected": np.bincount(which, weights=fitted.residuals, minlength=5).round(1),
        },
        schema=FIFTHS,
    )


def cautions(found: Design, fitted: Fit, fifths: pl.DataFrame, clusters: int) -> tuple[str, ...]:
    """What the checks of fit found, in sentences; nothing when all is well."""
    said = []
    drift = float(fitted.ph_p[found.names.index("load")])
    if drift < _DRIFT:
        said.append(
            "The effect of load is not the same early and late in a case; this is an average."
        )
    few = _DRIFT / len(found.names)  # so many are looked at that one would drift by chance
    others = [n for n, p in zip(found.names, fitted.ph_p, strict=True) if p < few and n != "load"]
    if others:
        said.append(f"The effect changes with time of: {', '.join(others)}.")
    used = fifths.filter(pl.col("cases") > 0)
    apart = used["done"] - used["expected"]
    misses = (apart / used["expected"].clip(lower_bound=1e-9).sqrt()).abs()
    if misses.len() and float(misses.max()) > 3:  # type: ignore[arg-type]
        said.append(
            "The model expects clearly more or fewer cases done than there were in one fifth of them."
        )
    if clusters < 20:
        said.append(f"Only {clusters} workers: the interval may be too narrow.")
    if found.of_team:
        said.append(
            "Load is the team's open children for each of its workers, not the worker's own: "
            "what a worker's load does can hardly be told from it."
        )
    if found.at_extract:
        said.append(
            "No difference is called clear here: on made-up extracts of this kind as many were found where "
            "load does nothing as where it slows work."
        )
    return tuple(said)
