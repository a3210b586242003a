"""Families before court and the quorum of reviews: what only the dataset holds."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from upturn.findings.court_cases import pre_proceedings
from upturn.findings.load import load_catalogue
from upturn.findings.run import answer
from upturn.journeys.check import check_casebook, run_check
from upturn.journeys.result import Check
from upturn.records.casebook import Casebook
from upturn.records.quarantine import nothing
from upturn.records.tables import TABLES
from upturn.rulebooks import load_rulebooks
from upturn.synthetic import make_council, write_ssd

QUESTIONS = {p.id: p for p in load_catalogue()}
AS_AT = date(2026, 9, 30)


def extract(folder: Path, *faults: str) -> Check:
    write_ssd(make_council(seed=2, faults=list(faults)), folder / "ssd")
    return run_check(folder / "ssd")


@pytest.mark.parametrize("question", ["pre-proceedings-drift", "reviews-not-quorate"])
def test_found_where_planted_and_quiet_where_not(tmp_path: Path, question: str) -> None:
    with_it = answer(QUESTIONS[question], extract(tmp_path / "with", question))
    without = answer(QUESTIONS[question], extract(tmp_path / "without"))
    assert with_it.verdict == "found", with_it.sentence
    assert without.verdict == "not found", without.sentence
    assert with_it.evidence in ("moderate", "limited")  # told in part, held against what is assumed


def test_the_children_found_are_those_planted(tmp_path: Path) -> None:
    council = make_council(seed=2, faults=["pre-proceedings-drift"])
    write_ssd(council, tmp_path / "ssd")
    found = answer(QUESTIONS["pre-proceedings-drift"], run_check(tmp_path / "ssd"))
    hits = set(found.cases.filter("hit")["child_id"])
    since = council.as_at - timedelta(days=365)
    lately = council.pre_proceedings.filter(pl.col("ended").is_null() | (pl.col("ended") > since))
    touched = set(council.truth["child_id"]) & set(lately["child_id"])
    assert touched <= hits


def row(child: str, letter: str | None, ended: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "prep_table_id": f"P{child}", "prep_person_id": child, "set_aside": [], "prep_plo_family_id": child,
        "prep_pre_pro_letter_date": date.fromisoformat(letter) if letter else None,
        "prep_agree_stepdown_issue_date": date.fromisoformat(ended) if ended else None, **more,
    }  # fmt: skip


def check_of(rows: list[dict[str, Any]]) -> Check:
    frame = pl.DataFrame(rows, schema=TABLES["pre_proceedings"].schema)
    book = Casebook("ssd", "typed", "0" * 64, AS_AT, "given", {"pre_proceedings": frame}, (), nothing(),
                    pl.DataFrame())  # fmt: skip
    return check_casebook(book, load_rulebooks())


@pytest.mark.parametrize(
    ("given", "hit", "because"),
    [
        (row("1", "2026-01-05", "2026-04-27"), False, "16 weeks to the day"),
        (row("1", "2026-01-05", "2026-04-28"), True, "a day more than 16 weeks"),
        (row("1", "2026-06-01"), True, "still open after 17 weeks"),
        (row("1", "2026-09-01"), None, "open for four weeks: it cannot be told yet"),
        (row("1", "2024-01-05", "2025-01-05"), None, "over for more than a year"),
        (row("1", None, prep_pre_pro_decision_date=date(2026, 5, 1)), True, "from the decision"),
    ],
)
def test_sixteen_weeks_by_hand(given: dict[str, Any], hit: bool | None, because: str) -> None:
    known = row("2", "2026-03-02", "2026-05-04")
    cases = pre_proceedings(check_of([given, known]), {"weeks": 16}).frame
    found = dict(cases.select("child_id", "hit").iter_rows())
    assert found.get("1") is hit, because
    assert found["2"] is False


def test_a_date_set_aside_is_not_judged() -> None:
    aside = row("1", "2026-01-05", set_aside=["prep_agree_stepdown_issue_date"])
    cases = pre_proceedings(check_of([aside, row("2", "2026-03-02", "2026-05-04")]), {"weeks": 16})
    assert (cases.frame.height, cases.untold) == (1, 1)


def test_a_table_of_placeholders_is_not_tested(tmp_path: Path) -> None:
    write_ssd(make_council(seed=2, faults=[]), tmp_path / "ssd")
    file = tmp_path / "ssd" / "ssd_pre_proceedings.csv"
    rows = pl.read_csv(file, infer_schema=False)
    own = ("prep_table_id", "prep_person_id")
    rows.with_columns(
        pl.exclude(*own).fill_null("").str.replace(".*", "PLACEHOLDER_DATA")
    ).write_csv(file)
    check = run_check(tmp_path / "ssd")
    assert answer(QUESTIONS["pre-proceedings-drift"], check).verdict == "not tested"


def test_a_quorum_that_never_varies_is_taken_as_not_held(tmp_path: Path) -> None:
    write_ssd(make_council(seed=2, faults=[]), tmp_path / "ssd")
    file = tmp_path / "ssd" / "ssd_cp_reviews.csv"
    rows = pl.read_csv(file, infer_schema=False)
    rows.with_columns(cppr_cp_review_quorate=pl.lit("N")).write_csv(file)
    found = answer(QUESTIONS["reviews-not-quorate"], run_check(tmp_path / "ssd"))
    assert found.verdict in ("not tested", "cannot tell")
