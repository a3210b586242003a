"""From an extract to a list on paper and back to the population."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from annex_a_lists import check as check_of

import upturn
from upturn.inspection.frame import exclusions, frame_of, populations
from upturn.synthetic import make_council, write_annex_a

CHILD, AS_AT = "Child Unique ID", date(2026, 9, 30)
PLAN, END = "Child Protection Plan Start Date", "Child Protection Plan End Date"


@pytest.fixture(scope="module")
def extract(tmp_path_factory) -> Path:
    path: Path = tmp_path_factory.mktemp("extract") / "annex_a.xlsx"
    write_annex_a(make_council(seed=1, size="small"), path)
    return path


def test_the_frame_has_open_plans_only_and_risk_counts_late_clocks():
    rows = [
        {CHILD: "late", PLAN: "2026-05-01"},
        {CHILD: "fine", PLAN: "2026-09-28"},
        {CHILD: "over", PLAN: "2026-05-01", END: "2026-08-01"},
        {CHILD: "told not", PLAN: "2026-05-01", END: "sometime"},
    ]
    check = check_of({7: rows}, as_at=AS_AT)
    frame = frame_of(check, populations()["child-protection-plans"], excluded={"fine": "audited"})
    risk = dict(frame.select("child_id", "risk").iter_rows())
    assert set(risk) == {"late", "fine"}
    assert risk["late"] > risk["fine"] == 1.0
    assert frame.filter(child_id="fine")["left_out"][0] == "audited"


def test_every_population_has_a_frame_on_a_council(extract):
    from upturn.journeys.check import run_check

    check = run_check(extract)
    for population in populations().values():
        frame = frame_of(check, population)
        assert frame.height > 0, population.id
        assert frame["unit"].n_unique() == frame.height


def test_a_list_filled_in_says_what_holds_for_the_population(extract, tmp_path):
    drawn = upturn.sample.draw(
        extract, population="child-protection-plans", kind="stratified", size=20, by=["team"],
        seed=5, out=tmp_path,
    )  # fmt: skip
    listed = pl.read_csv(tmp_path / "sample.csv", infer_schema=False)
    answers = ["yes" if i % 4 == 0 else "No" for i in range(listed.height)]
    answers[3] = ""
    listed.with_columns(found=pl.Series(answers)).write_csv(tmp_path / "sample.csv")
    got = upturn.sample.estimate(tmp_path / "sample.csv")
    assert (got.n, got.audited, got.not_audited) == (5, 19, 1)
    assert got.population == drawn.eligible
    assert got.low < got.share < got.high
    record = json.loads((tmp_path / "sample.json").read_text())
    assert record["frame_sha256"] == drawn.frame_sha256
    assert len(record["sha256"]) == 64


def test_the_frame_on_disk_is_the_frame_of_the_record(extract, tmp_path):
    upturn.sample.draw(extract, population="referrals", size=5, out=tmp_path)
    frame = pl.read_csv(tmp_path / "frame.csv")
    record = json.loads((tmp_path / "sample.json").read_text())
    assert frame.height == record["eligible"] + record["left_out"]


#: what a filled-in list may have wrong, and what is said
WRONG = [("maybe", "maybe"), ("perhaps not", "perhaps")]


@pytest.mark.parametrize(("answer", "named"), WRONG)
def test_an_answer_that_is_neither_yes_nor_no_is_refused(extract, tmp_path, answer, named):
    upturn.sample.draw(extract, population="referrals", size=5, out=tmp_path)
    listed = pl.read_csv(tmp_path / "sample.csv", infer_schema=False)
    listed.with_columns(found=pl.lit(answer)).write_csv(tmp_path / "sample.csv")
    with pytest.raises(upturn.SourceError, match=named):
        upturn.sample.estimate(tmp_path / "sample.csv")


def test_a_population_or_kind_that_is_not_there_is_refused(extract):
    with pytest.raises(upturn.SourceError, match="there are assessments"):
        upturn.sample.draw(extract, population="everyone")
    with pytest.raises(upturn.SourceError, match="there are random"):
        upturn.sample.draw(extract, population="referrals", kind="lucky")


#: Last audited, with 183 days allowed on 30 September 2026, and whether the case is left out.
AUDITED = [
    (date(2026, 9, 30), True, "on the day"),
    (date(2026, 3, 31), True, "183 days ago"),
    (date(2026, 3, 30), False, "184 days ago"),
    (date(2026, 10, 1), False, "booked, not done"),
]


@pytest.mark.parametrize(("day", "out", "because"), AUDITED)
def test_a_case_audited_lately_is_left_out_for_half_a_year(day, out, because):
    left = exclusions(named={}, restricted=[], audited={"a": day}, as_at=AS_AT)
    assert ("a" in left) == out, because


def test_a_restricted_record_is_counted_and_named_nowhere(extract, tmp_path):
    whole = upturn.sample.draw(extract, population="referrals", size=8, out=tmp_path / "whole")
    child = whole.drawn["child_id"][0]
    (tmp_path / "restricted.csv").write_text(f"child_id\n{child}\n", "utf-8")
    sample = upturn.sample.draw(
        extract, population="referrals", size=8, restricted=tmp_path / "restricted.csv",
        out=tmp_path / "out",
    )  # fmt: skip
    assert sample.left_out >= 1
    assert sample.eligible + sample.left_out == whole.eligible
    written = "".join(
        (tmp_path / "out" / name).read_text("utf-8-sig")
        for name in ("frame.csv", "sample.csv", "sample.json")
    )
    assert "restricted record 1" in written
    assert child not in written.replace("\n", ",").split(",")


def test_a_date_of_an_audit_that_is_none_is_refused(extract, tmp_path):
    (tmp_path / "audited.csv").write_text("child_id,date\nC1,lately\n", "utf-8")
    with pytest.raises(upturn.SourceError, match="'lately' is not a date"):
        upturn.sample.draw(extract, population="referrals", audited=tmp_path / "audited.csv")
