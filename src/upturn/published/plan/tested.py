"""What the council's own extract says on a theme: findings with n of N, and measures with a baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from upturn.findings.load import load_catalogue
from upturn.findings.model import Finding, Findings
from upturn.findings.run import findings_of
from upturn.improvement.model import Line, PlanMeasure, Trace
from upturn.journeys.result import Check
from upturn.measures.benchmark.england import figures
from upturn.measures.load import catalogue
from upturn.measures.model import Measure
from upturn.measures.scorecard import Entry, make_scorecard

NO_EXTRACT = "no extract was given"


@dataclass(frozen=True)
class Tested:
    """The findings and the measures of one extract, by id; both empty when none was given."""

    source: str
    findings: Mapping[str, Finding]
    entries: Mapping[str, Entry]


NOTHING = Tested("", {}, {})


def tested(check: Check, measures: Sequence[str], *, framework: str) -> Tested:
    """Every finding, and these measures, of an extract. Raises RulebookError for an unknown framework."""
    found: Findings = findings_of(check, framework_id=framework)
    card = make_scorecard(check, measures=[m for m in catalogue() if m.id in set(measures)])
    return Tested(
        source=check.casebook.source_name,
        findings={f.pattern.id: f for f in found.findings},
        entries={e.measure.id: e for e in card.entries},
    )


def finding_lines(ids: Sequence[str], results: Tested) -> tuple[Line, ...]:
    """What the extract answered to these questions; the question itself where it was not put."""
    patterns = {p.id: p for p in load_catalogue()}
    lines = []
    for id in ids:
        found = results.findings.get(id)
        if found is None:
            why = f"findings, {id}; {NO_EXTRACT}"
            lines.append(
                Line(patterns[id].question, Trace("catalogue", source=why), id, "not tested")
            )
            continue
        text = found.sentence or patterns[id].question
        where = f"{results.source}; finding {id}"
        where += f", {found.n:,} of {found.of:,}" if found.of else ""
        where += f"; tested in part: {found.because}" if found.because and found.of else ""
        where += f"; {found.because}" if found.because and not found.of else ""
        lines.append(Line(text, Trace("extract", source=where), id, found.verdict))
    return tuple(lines)


def signs(ids: Sequence[str], results: Tested) -> tuple[Line, ...]:
    """What the findings that were made are often a sign of: possibilities, said to be such."""
    lines = []
    for id in ids:
        found = results.findings.get(id)
        if found is not None and found.verdict == "found":
            where = f"findings, {id}: often a sign of this"
            lines += [
                Line(s, Trace("catalogue", source=where), id, "to be tested")
                for s in found.pattern.sign_of
            ]
    return tuple(lines)


def measure_lines(ids: Sequence[str], results: Tested) -> tuple[PlanMeasure, ...]:
    """The measures with their baselines; a target only where England's figure is better (assumed)."""
    return tuple(_measure(_measures()[id], results) for id in ids)


@lru_cache(maxsize=1)
def _measures() -> Mapping[str, Measure]:
    return {m.id: m for m in catalogue()}


def _measure(measure: Measure, results: Tested) -> PlanMeasure:
    entry = results.entries.get(measure.id)
    where = f"measures, {measure.id}; {NO_EXTRACT}"
    if entry is None:
        trace = Trace("catalogue", source=where)
        return PlanMeasure(
            measure.id, _name(measure), measure.unit, measure.good, trace, why=NO_EXTRACT,
            target_from=_england(measure)[1],
        )  # fmt: skip
    value = entry.value
    england, said = _england(measure)
    aim = england if england is not None and _better(measure, england, value.value) else None
    return PlanMeasure(
        measure.id, _name(measure), measure.unit, measure.good,
        Trace("extract", source=f"{results.source}; measure {measure.id}"),
        baseline=None if value.value is None else round(value.value, 1),
        n=value.n if value.of else None, of=value.of or None,
        as_at=value.as_at, why=value.why if value.value is None else "",
        target=aim, target_from=f"{said}; assumed, yours to change" if aim is not None else said,
    )  # fmt: skip


def _name(measure: Measure) -> str:
    """Its name with what it is of: in a plan it stands alone, away from its group."""
    return f"{measure.group}: {measure.name[:1].lower()}{measure.name[1:]}"


def _england(measure: Measure) -> tuple[float | None, str]:
    """England's latest figure for the same measure, and how to say it; None where none is published."""
    figure = figures().get(measure.published)
    if figure is None:
        return None, ""
    year, value = figure.latest
    return value, f"England {value:,.1f} in the year to 31 March {year}"


def _better(measure: Measure, aim: float, now: float | None) -> bool:
    if now is None:
        return False
    return aim > now if measure.good == "high" else measure.good == "low" and aim < now
