"""From cases to a finding: how many, how sure, against what, and in which words."""

from __future__ import annotations

import polars as pl

from upturn.findings.intervals import Z999, clustered_wilson, design_effect
from upturn.findings.model import Cases, Comparator, Finding, Pattern, Verdict
from upturn.rulebooks.model import Coverage

#: With fewer cases than this nothing is called a strength.
FEWEST_FOR_STRENGTH = 30


def judge(pattern: Pattern, cases: Cases, coverage: Coverage) -> Finding:
    """The finding of one question.

    A weakness is found when the 95 % interval lies wholly above the comparator and there are at least
    ``pattern.least`` cases; a strength when it lies wholly below. When the share is above the comparator
    and the interval reaches down to it, there are too few cases to tell. A test with a ruling of its own
    has settled the verdict by its own method.
    """
    if cases.missing:
        return untested(pattern, Coverage("none", cases.missing))
    of, n = cases.frame.height, int(cases.frame["hit"].sum() or 0)
    ruling = cases.ruling
    if of == 0 or (ruling and not ruling.enough):
        why = "there are no cases" if of == 0 else "too few cases"
        return Finding(
            pattern, "cannot tell", f"{pattern.question} Cannot tell: {why}.", because=why, of=of,
            n=n, untold=cases.untold, cases=cases.frame,
        )  # fmt: skip
    comparator = ruling.comparator if ruling else pattern.comparator
    if comparator is None:
        raise AssertionError(f"{pattern.id}: neither a comparator nor a ruling")
    design = ruling.design if ruling else design_effect(cases.frame)
    low, high = clustered_wilson(n, of, design)
    verdict: Verdict = (
        ("found" if ruling.found else "not found")
        if ruling
        else _verdict(pattern, comparator, cases.frame, low, high)
    )
    return Finding(
        pattern,
        verdict,
        _sentence(pattern, verdict, comparator, n, of, ruling.what if ruling else ""),
        because=coverage.because,
        n=n,
        of=of,
        share=n / of,
        low=low,
        high=high,
        design=design,
        untold=cases.untold,
        comparator=comparator,
        evidence=_evidence(verdict, cases, comparator, coverage, design),
        cases=cases.frame,
        by_team=_by(cases.frame.drop_nulls("team"), pl.col("team")),
        trend=_by(cases.frame.drop_nulls("day"), pl.col("day").dt.strftime("%Y-%m")),
        facts=cases.facts,
    )


def untested(pattern: Pattern, coverage: Coverage) -> Finding:
    """A question that this source cannot answer, and why."""
    return Finding(pattern, "not tested", pattern.question, because=coverage.because)


def _verdict(
    pattern: Pattern, comparator: Comparator, frame: pl.DataFrame, low: float, high: float
) -> Verdict:
    n, of = int(frame["hit"].sum()), frame.height
    if n / of > comparator.limit:
        enough = separate_events(frame.filter("hit")) >= pattern.least
        return "found" if low > comparator.limit and enough else "cannot tell"
    better = high < comparator.value and of >= FEWEST_FOR_STRENGTH
    return "strength" if pattern.well and better else "not found"


def separate_events(hits: pl.DataFrame) -> int:
    """How many separate events some cases are: brothers and sisters decided together are one.

    >>> separate_events(pl.DataFrame({"cluster": ["a", "a", "b", None, None]}))
    4
    """
    return hits["cluster"].drop_nulls().n_unique() + hits["cluster"].null_count()


def _sentence(
    pattern: Pattern, verdict: Verdict, comparator: Comparator, n: int, of: int, what: str
) -> str:
    words = {
        "n": f"{n:,}",
        "of": f"{of:,}",
        "share": percent(n / of),
        "rest": percent(1 - n / of),
        "comparator": _against(comparator, verdict),
        "what": what,
    }
    if verdict == "found":
        return pattern.found.format(**words)
    if verdict == "strength":
        return pattern.well.format(**words)
    said = (
        f"{words['n']} of {words['of']} ({words['share']}): {pattern.hits}; {words['comparator']}."
    )
    if verdict == "cannot tell":
        return f"Too few cases to tell. {said}"
    return f"{said[:1].upper()}{said[1:]}"


def _against(comparator: Comparator, verdict: Verdict) -> str:
    """The comparator as the sentence needs it: a share stands alone after "than"."""
    if comparator.basis == "published" and verdict != "strength":
        return f"it was {comparator.name}"
    return comparator.name


def percent(share: float) -> str:
    """A share as people write it, with a decimal where it is small.

    >>> percent(0.186), percent(0.023), percent(1.0)
    ('19 %', '2.3 %', '100 %')
    """
    return f"{100 * share:.0f} %" if share >= 0.095 or share == 0 else f"{100 * share:.1f} %"


def _evidence(
    verdict: Verdict, cases: Cases, comparator: Comparator, coverage: Coverage, design: float
) -> str:
    """Strong when the 99.9 % interval also lies beyond the comparator; limited when the source tells part."""
    if verdict not in ("found", "strength"):
        return ""
    if cases.ruling is not None:
        far = cases.ruling.strong
    else:
        n, of = int(cases.frame["hit"].sum()), cases.frame.height
        low, high = clustered_wilson(n, of, design, z=Z999)
        far = low > comparator.limit if verdict == "found" else high < comparator.value
    if coverage.tested == "part" or comparator.basis == "assumed":
        return "moderate" if far else "limited"
    return "strong" if far else "moderate"


def _by(frame: pl.DataFrame, key: pl.Expr) -> pl.DataFrame:
    counts = frame.group_by(key.alias("label")).agg(n=pl.col("hit").sum(), of=pl.len())
    return counts.sort("label").with_columns(share=pl.col("n") / pl.col("of"))
