"""How load bears on delay: found where it was planted, not where it was not, and always said with care."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from workload_councils import council, run

from upturn.workload.allocations import allocations
from upturn.workload.delay.design import Design
from upturn.workload.delay.episodes import episodes, outcomes
from upturn.workload.delay.model import ASSOCIATION, Statement, delays, estimate
from upturn.workload.delay.risk_sets import Spans
from upturn.workload.result import Workload

ASSESSMENT = outcomes()[0]


def planted(effect: float, *, n: int = 1500, seed: int = 1) -> Design:
    """Cases whose chance of being done on a day changes by ``effect`` (log) with each child held."""
    rng = np.random.default_rng(seed)
    worker = rng.integers(0, 60, n)
    load = np.clip(rng.normal(16, 5, n), 2, 40).round()
    days = np.ceil(rng.exponential(25 / np.exp(effect * (load - 16)))).astype(np.int64)
    stop = np.minimum(days, 120)
    team = (worker % 4).astype(np.int64)
    spans = Spans(
        np.zeros(n, dtype=np.int64), stop, days <= 120, load[:, None], team, worker.astype(np.int64)
    )
    return Design(spans, ("load",), load, False, ("A", "B", "C", "D"), n)


def test_a_planted_effect_is_told_with_an_interval_that_holds_it() -> None:
    found = estimate(planted(-0.06), ASSESSMENT)
    s = found.statement
    assert s is not None
    truth = 100 * (1 - np.exp(-46 / 25 * np.exp(-0.3)))
    assert s.ratio == pytest.approx(np.exp(-0.3), abs=0.07)
    assert s.low < truth < s.high
    assert s.clear
    assert "the chance that an assessment is authorised within 45 working days" in found.sentence
    assert f"falls from {s.before:.0f} to {s.after:.0f} %" in found.sentence


def test_no_effect_is_not_made_into_one_more_often_than_chance() -> None:
    clear = [estimate(planted(0.0, n=500, seed=s), ASSESSMENT).statement for s in range(40)]
    assert sum(s.clear for s in clear if s is not None) <= 6
    found = estimate(planted(0.0), ASSESSMENT)
    assert "make no clear difference" in found.sentence


def test_expected_and_done_are_close_where_the_model_is_right() -> None:
    fifths = estimate(planted(-0.06), ASSESSMENT).fifths
    assert fifths["done"].sum() == pytest.approx(fifths["expected"].sum(), abs=1)
    assert (fifths["done"] / fifths["expected"] - 1).abs().max() < 0.1  # type: ignore[operator]


def test_a_model_that_does_not_fit_says_so() -> None:
    design = planted(0.0, n=3000)
    s = design.spans
    early = np.where(
        s.x[:, 0] > 16, np.minimum(s.stop, 12), s.stop
    )  # busy workers end all by day 12
    bent = Spans(s.entry, early, s.event, s.x, s.stratum, s.cluster)
    found = estimate(Design(bent, ("load",), design.load, False, design.teams, 3000), ASSESSMENT)
    assert found.warnings


def test_few_workers_are_warned_of() -> None:
    d = planted(-0.05)
    s = d.spans
    few = Spans(s.entry, s.stop, s.event, s.x, s.stratum, s.cluster % 5)
    found = estimate(Design(few, d.names, d.load, False, d.teams, d.cases), ASSESSMENT)
    assert any("Only 5 workers" in warning for warning in found.warnings)


def test_a_case_begun_before_the_window_counts_only_from_it(clean_workload: Workload) -> None:
    made = clean_workload
    rows = episodes(made.casebook, made.allocations, "assessment")
    late = rows.filter(pl.col("start") < date(2024, 9, 30))
    assert late.height > 0
    assert (late["entry"] > 0).all()
    assert (rows["stop"] > rows["entry"]).all()
    assert (rows["until"] >= date(2024, 9, 30)).all()


def test_a_child_who_came_into_care_is_first_visited_there(book: Any) -> None:
    day = date(2026, 3, 2)
    made = book(
        cin_episodes=[
            {"cine_person_id": "a", "cine_referral_date": day, "cine_referral_nfa": False},
            {"cine_person_id": "b", "cine_referral_date": day, "cine_referral_nfa": False},
        ],
        cla_visits=[{"clav_person_id": "a", "clav_cla_visit_date": date(2026, 3, 9)}],
    )
    rows = episodes(made, allocations(made), "seen").sort("child_id")
    assert rows["done"].to_list() == [True, False]
    assert rows["until"][0] == date(2026, 3, 9)


def test_the_wait_for_a_worker_leaves_out_children_who_had_one(clean_workload: Workload) -> None:
    made = clean_workload
    rows = episodes(made.casebook, made.allocations, "allocation")
    day_before = made.allocations.join(rows.select("child_id", begun="start"), on="child_id")
    had = day_before.filter(
        (pl.col("start") < pl.col("begun"))
        & (pl.col("end").is_null() | (pl.col("end") > pl.col("begun")))
    )
    assert rows.height > 300
    assert had.is_empty()


def test_every_source_says_what_it_cannot_tell(book: Any) -> None:
    for source, told in (("cin_census", []), ("annex_a", ["assessment", "conference"])):
        made = book(source)
        found = delays(made, allocations(made))
        assert [d.outcome.id for d in found if "finished and 60 are needed" in d.because] == told
        assert all(d.statement is None and "cannot tell, because" in d.sentence for d in found)


def test_a_made_up_council_in_which_load_bears_on_nothing_is_told_so(
    clean_workload: Workload,
) -> None:
    told = [d for d in clean_workload.delays if d.statement is not None]
    assert len(told) >= 3
    assert sum(d.statement.clear for d in told if d.statement) <= 1
    assert "not a cause" in ASSOCIATION


def test_load_that_was_planted_is_found_and_its_mirror_is_not(tmp_path: Path) -> None:
    found = {}
    for fault in ("load-slows-work", "slow-whatever-the-load"):
        made = run(council(tmp_path / fault, [fault], seed=12), "ssd")
        found[fault] = made.delays[0]
    slows, whatever = (found[f].statement for f in found)
    assert slows is not None
    assert whatever is not None
    assert slows.clear
    assert slows.ratio_low < 0.7 < slows.ratio_high, "the planted ratio"
    assert found["load-slows-work"].sentence.startswith("Per five more children")
    assert " falls from " in found["load-slows-work"].sentence
    assert not whatever.clear
    assert whatever.before < 80, "as late as the other"


def test_a_statement_is_clear_only_where_its_interval_leaves_out_no_difference() -> None:
    args = {"load": 15.0, "before": 80.0, "after": 70.0, "low": 60.0, "high": 82.0, "ratio": 0.8}
    assert not Statement(**args, ratio_low=0.6, ratio_high=1.1).clear
    assert Statement(**args, ratio_low=0.6, ratio_high=0.9).clear


def test_from_the_holder_at_the_extract_no_difference_is_called_clear() -> None:
    d = planted(-0.12, n=3000, seed=2)
    history, extract = (
        estimate(replace(d, of_team=True, at_extract=at), ASSESSMENT) for at in (False, True)
    )
    assert history.statement == extract.statement
    assert (history.clear, extract.clear) == (True, False)
    assert history.sentence.startswith("Per five more children")
    assert extract.sentence.startswith("Whether five more children")
    assert "cannot be told from who holds a child at the extract" in extract.sentence
    assert any("No difference is called clear here" in w for w in extract.warnings)


def test_annex_a_knows_the_holder_at_the_extract_only(
    clean: Path, clean_workload: Workload
) -> None:
    workbook = run(clean, "annex_a.xlsx").delays[0]
    assert workbook.statement is not None
    assert workbook.at_extract
    assert not workbook.clear
    told = [d for d in clean_workload.delays if d.statement is not None]
    assert not any(d.at_extract for d in told)


@pytest.mark.parametrize("spread", [0.002, 0.01])
def test_loads_that_hardly_differ_end_in_a_sentence_and_not_in_a_fault(spread: float) -> None:
    d = planted(0.0, n=400, seed=0)
    load = 16 + spread * (d.load - 16) / 5
    s = d.spans
    spans = Spans(s.entry, s.stop, s.event, load[:, None], s.stratum, s.cluster % 2)
    found = estimate(Design(spans, ("load",), load, False, d.teams, d.cases), ASSESSMENT)
    assert found.statement is None
    assert found.sentence == (
        "Assessment completed: cannot tell, because loads, or the times that cases took, hardly differ."
    )
