"""Every question of the catalogue put to one extract."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import polars as pl

from upturn.findings.judge import judge, untested
from upturn.findings.kinds import KINDS, Kind
from upturn.findings.load import catalogue_version, framework, load_catalogue
from upturn.findings.model import (
    CASES,
    EVIDENCE,
    VERDICTS,
    Cases,
    Comparator,
    Finding,
    Findings,
    Pattern,
    Ruling,
)
from upturn.findings.rereview import rereview_list
from upturn.findings.shared import asked
from upturn.journeys.result import Check
from upturn.workload.workforce import Workforce

Say = Callable[[str], None]


def findings_of(
    check: Check,
    *,
    framework_id: str = "ilacs-2026",
    earlier: Check | None = None,
    workforce: Workforce | None = None,
    progress: Say | None = None,
) -> Findings:
    """The findings of one extract under a framework; ``earlier`` is an extract of before to compare with.

    ``workforce`` says who was in which post when; what rests on it is not tested without.

    Same extracts and catalogue, same answer. Raises RulebookError for a framework that there is not.
    """
    say = progress or (lambda _: None)
    chosen, patterns = framework(framework_id), load_catalogue()
    say("Putting the questions")
    check = asked(check)  # what several questions share is worked out once
    now = [answer(p, check, workforce) for p in patterns if p.kind != "remains"]
    before = []
    if earlier is not None:
        say("Putting the questions to the earlier extract")
        earlier = asked(earlier)
        before = [answer(p, earlier, workforce) for p in patterns if p.kind != "remains"]
    now = _remaining(now, before)
    now += [_remains(p, check, now, before) for p in patterns if p.kind == "remains"]
    return Findings(
        check=check,
        framework=chosen,
        findings=tuple(sorted(now, key=_order)),
        rereview=rereview_list(check),
        catalogue_version=catalogue_version(),
        earlier=None if earlier is None else _named(earlier),
    )


def answer(pattern: Pattern, check: Check, workforce: Workforce | None = None) -> Finding:
    """One question put to one extract, with the workforce file where there is one."""
    coverage = pattern.covered_by(check.casebook.source)
    kind = KINDS[pattern.kind] if pattern.kind else Kind(None)
    run = partial(kind.run, workforce=workforce) if kind.run and kind.staffed else kind.run
    if run is None or coverage.tested == "none":
        return untested(pattern, coverage)
    return judge(pattern, run(check, pattern.test), coverage)


def _order(finding: Finding) -> tuple[int, int, float]:
    """Weaknesses first, the strongest evidence first, then the furthest from the comparator."""
    evidence = EVIDENCE.index(finding.evidence) if finding.evidence else len(EVIDENCE)
    against = finding.comparator.value if finding.comparator else 0.0
    return VERDICTS.index(finding.verdict), evidence, -abs((finding.share or 0.0) - against)


def _named(check: Check) -> dict[str, object]:
    book = check.casebook
    return {"source_name": book.source_name, "sha256": book.sha256, "as_at": book.as_at}


def _remaining(now: Sequence[Finding], before: Sequence[Finding]) -> list[Finding]:
    """Weaknesses that the earlier extract had too are said to remain the case."""
    then = {f.pattern.id: f for f in before if f.verdict == "found"}
    marked = []
    for finding in now:
        old = then.get(finding.pattern.id)
        if finding.verdict == "found" and old is not None:
            said = (
                f"{finding.sentence} This remains the case: it was {old.n:,} of {old.of:,} before."
            )
            finding = replace(finding, remains=True, sentence=said)
        marked.append(finding)
    return marked


def _remains(
    pattern: Pattern, check: Check, now: Sequence[Finding], before: Sequence[Finding]
) -> Finding:
    """Which weaknesses of the earlier extract are still there, with the children of each now."""
    coverage = pattern.covered_by(check.casebook.source)
    if not before:
        return untested(pattern, replace(coverage, because="no earlier extract was given"))
    told = {f.pattern.id for f in now if f.verdict in ("found", "not found", "strength")}
    again = [f for f in before if f.verdict == "found" and f.pattern.id in told]
    still = [f for f in now if f.remains]
    rows = pl.DataFrame(
        [(f.pattern.id in {s.pattern.id for s in still}, f.pattern.title) for f in again],
        schema={"hit": pl.Boolean, "reason": pl.String}, orient="row",
    )  # fmt: skip
    none = Comparator(
        0.0, "none should", "assumed", "Every weakness found is meant to be put right"
    )
    cases = Cases(
        pl.concat([pl.DataFrame(schema=CASES), rows], how="diagonal"),
        facts=tuple(f.pattern.title for f in still),
        ruling=Ruling(bool(still), none, 1.0),
    )
    found = judge(pattern, cases, coverage)
    if not again or still:
        return found
    said = pattern.well.format(n=0, of=len(again))
    return replace(found, verdict="strength", sentence=said, evidence="limited")
