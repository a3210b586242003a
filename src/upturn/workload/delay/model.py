"""How load bears on delay, fitted and put in words: per five more children, the chance of being in time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import exp

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upturn.records.casebook import Casebook
from upturn.records.sheets import counted
from upturn.workload.delay.checks import FIFTHS, cautions, in_fifths
from upturn.workload.delay.cox import Fit, NotFitted, fit, t_quantile, told_apart, two_sided
from upturn.workload.delay.design import Design, design
from upturn.workload.delay.episodes import Outcome, episodes, outcomes, untold
from upturn.workload.workforce import Workforce

#: Said with every statement.
ASSOCIATION = (
    "This is an association, not a cause: teams and workers with more children may differ in other ways that "
    "the records do not hold, such as harder work, or a manager who gives more to those who are quick."
)
PER = 5  # children
#: Fewer finished cases than this, and nothing is fitted.
FEWEST = 60
#: A ratio of hazards beyond e to this (or its inverse) is no answer.
BOUNDLESS = 50.0
_COEFFICIENTS: dict[str, pl.DataType] = {
    "what": pl.String(),
    "ratio": pl.Float64(),  # of the chance of being done on a day, among those still waiting
    "low": pl.Float64(),
    "high": pl.Float64(),
    "p": pl.Float64(),
    "drift_p": pl.Float64(),
}


@dataclass(frozen=True)
class Statement:
    """At ``load`` children the chance of being in time is ``before``; at five more, ``after`` (per cent).

    ``low`` and ``high`` are the ends of the 95 % interval of ``after``, ``before`` taken as it stands.
    ``ratio`` is the hazard ratio for five more children, with its own interval.
    """

    load: float
    before: float
    after: float
    low: float
    high: float
    ratio: float
    ratio_low: float
    ratio_high: float

    @property
    def clear(self) -> bool:
        """Whether the difference is more than chance explains, at 95 %."""
        return self.ratio_high < 1 or self.ratio_low > 1


@dataclass(frozen=True)
class Delay:
    """What one model says of one outcome; ``because`` says why there is none, where there is none.

    ``coefficients`` has the schema ``what, ratio, low, high, p, drift_p``; ``fifths`` holds, for each fifth
    of the cases by what the model expects, how many were done and how many it expects. ``warnings`` are what
    the checks found. ``of_team`` says that load is the team's children for each worker, ``at_extract`` that
    who held what was known at the extract only: then no difference is called clear.
    """

    outcome: Outcome
    because: str
    cases: int = 0
    done: int = 0
    late_entries: int = 0
    of_team: bool = False
    at_extract: bool = False
    clusters: int = 0
    statement: Statement | None = None
    coefficients: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_COEFFICIENTS))
    fifths: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FIFTHS))
    warnings: tuple[str, ...] = ()

    @property
    def clear(self) -> bool:
        """Whether the difference is more than chance explains, and the source one that can tell it.

        From the holder at the extract alone a difference is claimed about as often where load slows work as
        where it does nothing (measured: ``benchmarks/results/workload_truth.md``), so it never counts.
        """
        return self.statement is not None and self.statement.clear and not self.at_extract

    @property
    def sentence(self) -> str:
        """The finding in one sentence, with its interval; or why there is none."""
        if self.statement is None:
            return f"{self.outcome.name}: cannot tell, because {self.because}."
        s = self.statement
        whose = "a team's children for each worker" if self.of_team else "a worker"
        at = f"{whose} from {s.load:.0f} to {s.load + PER:.0f} children"
        interval = f"95 % interval {s.low:.0f} to {s.high:.0f} %"
        if self.at_extract:
            return (
                f"Whether five more children ({at}) change the chance that {self.outcome.sentence} cannot be "
                f"told from who holds a child at the extract; the model has {s.before:.0f} and "
                f"{s.after:.0f} % ({interval})."
            )
        if not self.clear:
            return (
                f"Five more children ({at}) make no clear difference to the chance that "
                f"{self.outcome.sentence}: {s.before:.0f} and {s.after:.0f} % ({interval})."
            )
        moved = "falls" if s.after < s.before else "rises"
        return (
            f"Per five more children ({at}), the chance that {self.outcome.sentence} {moved} from "
            f"{s.before:.0f} to {s.after:.0f} % ({interval})."
        )


def delays(
    casebook: Casebook, held: pl.DataFrame, *, workforce: Workforce | None = None
) -> tuple[Delay, ...]:
    """The model of each outcome of `upturn.workload.delay.episodes.outcomes`."""
    return tuple(_delay(casebook, held, outcome, workforce) for outcome in outcomes())


def _delay(
    casebook: Casebook, held: pl.DataFrame, outcome: Outcome, workforce: Workforce | None
) -> Delay:
    why = untold(casebook, outcome.id)
    if why:
        return Delay(outcome, why)
    rows = episodes(casebook, held, outcome.id)
    done = int(rows["done"].sum())
    if done < FEWEST:
        few = f"only {counted(done, 'case was', 'cases were')}" if done else "no case was"
        return Delay(outcome, f"{few} finished and {FEWEST} are needed", rows.height, done)
    found = design(casebook, held, rows, outcome=outcome.id, workforce=workforce)
    if found.cases == 0 or float(np.ptp(found.load)) == 0:
        return Delay(
            outcome, "the load of no worker is known when the work came", rows.height, done
        )
    return estimate(found, outcome)


def estimate(found: Design, outcome: Outcome) -> Delay:
    """The model of cases already described, put in numbers; ``because`` says why where it cannot be."""
    s = found.spans
    late = int((s.entry > 0).sum())
    done = int(s.event.sum())
    try:
        found = _only_told_apart(found)
        fitted = fit(found.spans)
        _refuse_boundless(found, fitted)
    except NotFitted as why:
        return Delay(outcome, str(why), found.cases, done, late, found.of_team)
    clusters = len(np.unique(s.cluster))
    fifths = in_fifths(found, fitted)
    return Delay(
        outcome=outcome,
        because="",
        cases=found.cases,
        done=done,
        late_entries=late,
        of_team=found.of_team,
        at_extract=found.at_extract,
        clusters=clusters,
        statement=_statement(found, fitted, outcome.limit),
        coefficients=_coefficients(found, fitted),
        fifths=fifths,
        warnings=cautions(found, fitted, fifths, clusters),
    )


def _only_told_apart(found: Design) -> Design:
    """Without the columns that say what others say already; load is the first and stays."""
    kept = told_apart(found.spans)
    if 0 not in kept:
        raise NotFitted("load did not differ between cases that waited at the same time")
    spans = replace(found.spans, x=found.spans.x[:, kept])
    return replace(found, spans=spans, names=tuple(found.names[j] for j in kept))


def _refuse_boundless(found: Design, fitted: Fit) -> None:
    """No answer where every load fits as well as every other, as when all cases are done on one day."""
    at = found.names.index("load")
    reach = abs(float(fitted.beta[at])) + _wide(found) * float(_errors(fitted)[at])
    if not PER * reach < BOUNDLESS:
        raise NotFitted("loads, or the times that cases took, hardly differ")


def _errors(fitted: Fit) -> NDArray[np.float64]:
    """Standard errors: the larger of the model's and those that allow for workers' cases being alike."""
    both = np.maximum(np.diag(fitted.robust), np.diag(fitted.covariance))
    errors: NDArray[np.float64] = np.sqrt(both)
    return errors


def _wide(found: Design) -> float:
    """Errors on either side of a 95 % interval, more where there are few workers."""
    return t_quantile(len(np.unique(found.spans.cluster)) - 1)


def _coefficients(found: Design, fitted: Fit) -> pl.DataFrame:
    rows, wide = [], _wide(found)
    for name, b, e, drift in zip(
        found.names, fitted.beta, _errors(fitted), fitted.ph_p, strict=True
    ):
        by, what = (PER, "five more children") if name == "load" else (1, name)
        ratio, *ends = (exp(min(by * x, BOUNDLESS)) for x in (b, b - wide * e, b + wide * e))
        rows.append((what, ratio, *ends, two_sided(b / e) if e else 1.0, float(drift)))
    return pl.DataFrame(rows, schema=_COEFFICIENTS, orient="row")


def _statement(found: Design, fitted: Fit, limit: int) -> Statement:
    """For a case like the average one: at the median load and at five more.

    With S the share still waiting at the limit, five more children make it S to the power of the hazard
    ratio. S at the median load is the mean over teams, each by its number of cases.
    """
    at = found.names.index("load")
    b, e = float(fitted.beta[at]), float(_errors(fitted)[at])
    load, wide = float(np.median(found.load)), _wide(found)
    s = found.spans
    day = min(limit + 1, fitted.cumulative.shape[1] - 1)
    hazard = fitted.cumulative[:, day] * exp(b * (load - float(fitted.centre[at])))
    weight = np.bincount(s.stratum, minlength=len(hazard)) / len(s.stratum)
    waiting = float((np.exp(-hazard) * weight).sum())

    def in_time(ratio: float) -> float:
        return 100 * (1 - float(waiting**ratio))

    ends = sorted(in_time(exp(PER * (b + side * wide * e))) for side in (-1, 1))
    return Statement(
        load=load, before=in_time(1.0), after=in_time(exp(PER * b)), low=ends[0], high=ends[1],
        ratio=exp(PER * b), ratio_low=exp(PER * (b - wide * e)), ratio_high=exp(PER * (b + wide * e)),
    )  # fmt: skip
