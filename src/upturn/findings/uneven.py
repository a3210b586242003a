"""Is the same case decided alike, whichever team, month or source it comes from?

Like is compared with like: outcomes are expected from strata of cases alike in need and source, the units
are tested together (generalised Mantel-Haenszel), and the statistic is divided by the design effect, since
brothers and sisters are decided together. Then the one unit furthest from what was expected is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from upturn.findings.cases import as_cases, lately, said_day, table_rows, together
from upturn.findings.intervals import (
    chi_square_tail,
    clustered_wilson,
    design_effect,
    mantel_haenszel,
    mantel_haenszel_odds,
)
from upturn.findings.model import Cases, Comparator, Ruling
from upturn.findings.shared import asked
from upturn.journeys.result import Check

#: Units with fewer cases than this are not judged on their own.
FEWEST = 20
#: Strata with fewer cases than this are pooled.
FEWEST_ALIKE = 30
#: How unlikely the differences must be by chance, and how large the odds ratio, to call it uneven.
UNLIKELY, ODDS = 0.02, 1.8
#: Outcomes of which only more than expected is a weakness, and how unlikely that must be: asked one way.
MORE, UNLIKELY_MORE = ("late-assessment",), 0.05
#: A unit stands out by at least so many separate events, more or fewer than expected.
EVENTS = 4
OUTCOMES = ("no-further-action", "not-in-need", "late-assessment")
UNITS = ("team", "month", "source")
_SOURCES = {
    "1": "individuals", "2": "schools and education", "3": "health", "4": "housing",
    "5": "local authority services", "6": "police", "7": "other legal agencies", "8": "others",
    "9": "anonymous", "10": "not known",
}  # fmt: skip


def uneven(check: Check, test: Mapping[str, Any]) -> Cases:
    """Whether ``outcome`` differs between units (``by``) more than case mix and chance explain.

    The cases are those of the unit that stands out most, so that its children can be seen.
    """
    rows = _outcome(check, test["outcome"]).with_columns(unit=_unit(test["by"]))
    rows = (
        rows.drop_nulls("unit")
        .filter(lately("day", check.as_at))
        .with_columns(stratum=pl.col(_strata(test)).fill_null("not said"))
    )
    large = pl.len().over("unit") >= FEWEST
    rows = _pooled(rows.filter(large)).sort("unit", maintain_order=True)
    if rows["unit"].n_unique() < 2 or rows["hit"].n_unique() < 2:
        nothing = Comparator(0.0, "", "derived", "")
        return Cases(
            rows.select(CASE_COLUMNS).clear(), ruling=Ruling(False, nothing, 1.0, enough=False)
        )
    return _judged(rows, test["by"], more=test["outcome"] in MORE)


def _pooled(rows: pl.DataFrame) -> pl.DataFrame:
    """Strata of few cases compare nothing with nothing: they go to those of their need, or together."""
    need = pl.col("stratum").str.split("|").list.first()
    for wider in (need, pl.lit("the rest")):
        few = pl.len().over("stratum") < FEWEST_ALIKE
        rows = rows.with_columns(stratum=pl.when(few).then(wider).otherwise("stratum"))
    return rows


CASE_COLUMNS = ("child_id", "hit", "day", "team", "source_rows", "reason", "cluster")


def _judged(rows: pl.DataFrame, by: str, *, more: bool) -> Cases:
    units = rows["unit"].unique().sort().to_list()
    unit = rows["unit"].replace_strict({u: i for i, u in enumerate(units)}).to_numpy()
    stratum = rows["stratum"].rank("dense").to_numpy().astype(np.int64) - 1
    hit = rows["hit"].to_numpy()
    q, df, expected = mantel_haenszel(unit, stratum, hit)
    design = design_effect(rows)
    observed, size = np.bincount(unit, weights=hit), np.bincount(unit)
    off = (observed - expected) / np.sqrt(np.maximum(expected * (1 - expected / size), 1e-9))
    worst = int(np.argmax(off if more else np.abs(off)))
    p = chi_square_tail(q / design, df)
    if more:
        p = _alone(unit == worst, stratum, hit, design, units=len(units)) if off[worst] > 0 else 1.0
    odds = mantel_haenszel_odds(unit == worst, stratum, hit)
    share = _elsewhere(unit == worst, stratum, hit)
    theirs = rows.filter(pl.col("unit") == units[worst])
    low, high = clustered_wilson(float(observed[worst]), float(size[worst]), design)
    apart = odds is None or odds >= ODDS or odds <= 1 / ODDS
    excess = abs(float(observed[worst]) - expected[worst]) / design
    found = (
        p < (UNLIKELY_MORE if more else UNLIKELY)
        and apart
        and excess >= EVENTS
        and not low <= share <= high
    )
    comparator = Comparator(
        share,
        f"{100 * share:.0f} % would be expected of the same cases elsewhere in the council",
        "derived",
        "The council's own cases, like compared with like (Mantel-Haenszel)",
    )
    return Cases(
        theirs.select(CASE_COLUMNS),
        facts=_facts(units, observed, expected, size, p=p, design=design),
        ruling=Ruling(found, comparator, design, what=_named(units[worst], by), strong=p < 0.0005),
    )


def _elsewhere(inside: np.ndarray, stratum: np.ndarray, hit: np.ndarray) -> float:
    """The share of hits among a unit's cases, had each been decided as like cases of the other units were.

    Strata that no other unit has are taken at the share of all cases of the others.
    """
    count = int(stratum.max()) + 1
    size = np.bincount(stratum[~inside], minlength=count)
    hits = np.bincount(stratum[~inside], weights=hit[~inside], minlength=count)
    usual = float(hit[~inside].mean())
    rate = np.where(size > 0, hits / np.maximum(size, 1), usual)
    return float(rate[stratum[inside]].mean())


def _alone(
    inside: np.ndarray, stratum: np.ndarray, hit: np.ndarray, design: float, *, units: int
) -> float:
    """The chance of a unit so far above the rest, when the furthest of so many is picked (Bonferroni)."""
    q, _, _ = mantel_haenszel(inside.astype(np.int64), stratum, hit)
    return min(1.0, units * chi_square_tail(q / design, 1) / 2)


def _facts(
    units: list[str], observed: Any, expected: Any, size: Any, *, p: float, design: float
) -> tuple[str, ...]:
    each = (
        f"{unit}: {int(o)} of {int(n)}, {e:.1f} expected"
        for unit, o, e, n in zip(units, observed, expected, size, strict=True)
    )
    chance = "less than 1 in 1,000" if p < 0.001 else f"{p:.3f}"
    return (
        *each,
        f"Chance of differences as large: {chance}, after allowing for brothers and sisters "
        f"decided together (design effect {design:.1f})",
    )


def _named(unit: str, by: str) -> str:
    return {"team": f"In {unit}", "month": f"In {unit}", "source": f"From {unit}"}[by]


def _unit(by: str) -> pl.Expr:
    if by == "month":
        return pl.col("day").dt.strftime("%Y-%m")
    return pl.col("source_group" if by == "source" else "team")


def _strata(test: Mapping[str, Any]) -> str:
    return {"month": "source_group", "source": "month", "team": "mix"}[test["by"]]


def _outcome(check: Check, outcome: str) -> pl.DataFrame:
    if outcome == "no-further-action":
        return _referrals(check)
    return _assessments(check, late=outcome == "late-assessment")


def _group(source: pl.Expr) -> pl.Expr:
    """Who referred, as a group of sources: ``3B`` is health."""
    return source.str.extract(r"^(\d+)").replace_strict(_SOURCES, default=None)


def _referrals(check: Check) -> pl.DataFrame:
    rows = table_rows(check.casebook, "cin_episodes").drop_nulls(
        ["cine_referral_date", "cine_referral_nfa"]
    )
    day = pl.col("cine_referral_date")
    # The team is the one that has the child now, so it says nothing of who decided.
    cases = as_cases(
        rows,
        hit=pl.col("cine_referral_nfa"),
        day=day,
        reason=pl.format(
            "Referral of {} closed with no further action", said_day("cine_referral_date")
        ),
        cluster=together(day, pl.col("cine_referral_source_code"), pl.col("cine_referral_nfa")),
    )
    return cases.with_columns(
        source_group=rows.select(_group(pl.col("cine_referral_source_code"))).to_series(),
        month=pl.col("day").dt.strftime("%Y-%m"),
    )


def _assessments(check: Check, *, late: bool) -> pl.DataFrame:
    mix = asked(check).once("mix", lambda: _mix(check))["mix"]
    rows = table_rows(check.casebook, "cin_assessments").with_columns(mix=mix)
    done = rows.drop_nulls(["cina_assessment_auth_date", "cina_assessment_start_date"])
    if late:
        return _late(check, rows)
    done = done.drop_nulls("cina_assessment_needs_support")
    signed = "cina_assessment_auth_date"
    cases = as_cases(
        done,
        hit=~pl.col("cina_assessment_needs_support"),
        day=pl.col(signed),
        reason=pl.format("Assessment finished {} found no need of support", said_day(signed)),
        cluster=together(pl.col("cina_assessment_start_date"), pl.col(signed), pl.col("worker")),
    )
    return cases.with_columns(mix=done["mix"])


def _late(check: Check, rows: pl.DataFrame) -> pl.DataFrame:
    clocks = check.clocks_of(["assessment-45-from-start"]).filter(
        pl.col("state").is_in(["met", "met late", "overdue"])
    )
    mix = rows.select("source_rows", "mix").unique("source_rows", keep="first")
    clocks = clocks.join(mix, on="source_rows", how="left", maintain_order="left")
    cases = as_cases(
        clocks,
        hit=pl.col("state") != "met",
        day=pl.coalesce("met_on", "due_on"),
        reason=pl.col("reason"),
        cluster=together(*(pl.col(c) for c in ("started_on", "due_on", "team", "worker"))),
    )
    return cases.with_columns(mix=clocks["mix"])


def _mix(check: Check) -> pl.DataFrame:
    """The case mix of each assessment: main need, and the group that referred where that is sure."""
    book = check.casebook
    need = book.table("cin_plans").sort("cinp_cin_plan_start_date", nulls_last=False)
    need = need.select(child_id="cinp_person_id", need="cinp_primary_need_code")
    need = need.drop_nulls().unique("child_id", keep="last")
    referrals = asked(check).referrals
    links = asked(check).links.filter(pl.col("candidates") == 1)
    who = referrals.select("own_id", group=_group(pl.col("cine_referral_source_code")))
    by_row = links.join(who, on="own_id", how="left").select(
        "source_list", "source_row", "group"
    ).unique(["source_list", "source_row"])  # fmt: skip
    rows = book.table("cin_assessments").select(
        "source_list", "source_row", child_id="cina_person_id"
    )
    return (
        rows.join(need, on="child_id", how="left", maintain_order="left")
        .join(by_row, on=["source_list", "source_row"], how="left", maintain_order="left")
        .select(mix=together(pl.col("need"), pl.col("group")))
    )
