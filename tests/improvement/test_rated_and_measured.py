"""A plan over time: rated in its file, measured again, and told at a glance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import upturn
from upturn.improvement import Action, Plan, PlanError, plan_yaml, read_plan
from upturn.improvement.comments import comments_in
from upturn.improvement.measured import measured, movement
from upturn.improvement.model import DIFFERENCE, DONE, Origin, PlanMeasure, Reading, Trace, rate
from upturn.improvement.summary import DIFFERENCES, done_without_difference, matrix, over_time
from upturn.journeys.check import run_check
from upturn.journeys.result import Check
from upturn.render.plan import plan_html
from upturn.render.plan_outputs import PLAN_OUTPUTS, plan_sheets
from upturn.rulebooks import RulebookError

ASKED = (Trace("yours", "Visits are late."),)
SEEN = PlanMeasure("assessments-child-seen", "Seen", "percent", "high", Trace("yours"))
OURS = PlanMeasure("our-own", "Our own", "count", "low", Trace("yours"))
PLAN = Plan(
    "Ours", "Cumbria",
    (Action("A1", "Visits", ASKED, measures=(SEEN, OURS)), Action("A2", "Plans", ASKED)),
)  # fmt: skip
MARCH, JUNE, SEPTEMBER = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(plan_yaml(PLAN), "utf-8")
    return path


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("council")
    upturn.demo(out=folder, seed=3)
    return folder / "annex_a.xlsx"


@pytest.fixture(scope="module")
def check(extract: Path) -> Check:
    return run_check(str(extract))


@pytest.fixture(scope="module")
def later(extract: Path, check: Check) -> Check:
    as_at = check.casebook.as_at
    return run_check(
        str(extract), as_at=date(as_at.year, as_at.month, 1).replace(year=as_at.year + 1)
    )


def test_both_ratings_are_added_together_or_not_at_all(file: Path) -> None:
    upturn.plan.rate(file, "A1", on=MARCH, done="done", difference="none", by="board", why="audit")
    action = read_plan(file).action("A1")
    assert (action.done_now, action.difference_now) == ("done", "none")
    before = file.read_bytes()
    with pytest.raises(PlanError, match="'difference' is one of"):
        upturn.plan.rate(file, "A1", on=JUNE, done="stopped", difference="lots")
    assert file.read_bytes() == before


def test_every_earlier_rating_stays_in_the_file(file: Path) -> None:
    for day, word in ((MARCH, "under way"), (JUNE, "done"), (SEPTEMBER, "stopped")):
        upturn.plan.rate(file, "A1", on=day, done=word)
    rated = read_plan(file).action("A1").done
    assert [(r.on, r.value) for r in rated] == [
        (MARCH, "under way"), (JUNE, "done"), (SEPTEMBER, "stopped"),
    ]  # fmt: skip


def test_evidence_is_kept_with_the_action_once_and_named_by_the_ratings(file: Path) -> None:
    rests = ["Audit 2=audits/2.xlsx", "Visit letter"]
    upturn.plan.rate(file, "A1", on=MARCH, done="done", difference="none", evidence=rests)
    upturn.plan.rate(file, "A1", on=JUNE, difference="some", evidence=["Audit 2"])
    action = read_plan(file).action("A1")
    assert [(e.what, e.on, e.where) for e in action.evidence] == [
        ("Audit 2", MARCH, "audits/2.xlsx"), ("Visit letter", MARCH, ""),
    ]  # fmt: skip
    assert [r.evidence for r in action.difference] == [("Audit 2", "Visit letter"), ("Audit 2",)]


def test_a_rating_that_names_evidence_nobody_holds_is_a_fault_of_the_file(file: Path) -> None:
    upturn.plan.rate(file, "A1", on=MARCH, done="done", evidence=["Audit 2"])
    text = file.read_text("utf-8").replace("what: Audit 2", "what: Audit 3")
    file.write_text(text, "utf-8")
    with pytest.raises(RulebookError, match="'Audit 2' is not in the action's evidence"):
        read_plan(file)


REFUSED = [
    ({}, "nothing to add", "neither rating was given"),
    ({"done": "nearly"}, "'done' is one of", "a word that there is not"),
    ({"difference": "clear"}, "not started", "what nobody began changed nothing"),
    ({"done": "done", "evidence": ["=x"]}, "names no evidence", "a place without a thing"),
]


@pytest.mark.parametrize(("said", "fault", "because"), REFUSED, ids=[r[2] for r in REFUSED])
def test_what_cannot_be_added_leaves_the_file_as_it_was(
    file: Path, said: dict[str, str], fault: str, because: str
) -> None:
    before = file.read_bytes()
    with pytest.raises(PlanError, match=fault):
        upturn.plan.rate(file, "A1", on=MARCH, **said)
    assert file.read_bytes() == before, because


@pytest.mark.parametrize(
    ("day", "fault"),
    [(date(2206, 3, 1), "years after"), (date(2020, 3, 1), "before what the plan")],
)
def test_a_slip_in_the_year_of_a_rating_is_refused(tmp_path: Path, day: date, fault: str) -> None:
    drafted = Origin("report", "r.pdf", "0" * 64, date(2025, 11, 1))
    file = tmp_path / "plan.yaml"
    file.write_text(plan_yaml(replace(PLAN, origins=(drafted,))), "utf-8")
    before = file.read_bytes()
    with pytest.raises(PlanError, match=fault):
        upturn.plan.rate(file, "A1", on=day, done="done")
    assert file.read_bytes() == before
    upturn.plan.rate(file, "A1", on=MARCH, done="done")


def test_a_file_with_comments_of_somebodys_own_is_not_written_over(file: Path) -> None:
    file.write_text(file.read_text("utf-8") + "  # ask Jo about this\n", "utf-8")
    before = file.read_bytes()
    with pytest.raises(PlanError, match=r"line \d+: a comment of your own would be lost"):
        upturn.plan.rate(file, "A1", on=MARCH, done="done")
    assert file.read_bytes() == before


def test_a_file_that_changed_meanwhile_is_not_written_over(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from upturn.improvement import model

    real: Callable[..., Plan] = model.rate

    def slow(plan: Plan, *args: object, **more: object) -> Plan:
        file.write_text(plan_yaml(replace(PLAN, title="Theirs")), "utf-8")
        return real(plan, *args, **more)

    monkeypatch.setattr(model, "rate", slow)
    with pytest.raises(PlanError, match="somebody changed it meanwhile"):
        upturn.plan.rate(file, "A1", on=MARCH, done="done")
    assert read_plan(file).title == "Theirs"
    assert [p.name for p in file.parent.iterdir()] == [file.name]


@given(st.text(alphabet="ab #'\":-\n\u00e9", max_size=60))
@settings(max_examples=80, deadline=None)
def test_a_hash_inside_a_text_is_never_taken_for_a_comment(words: str) -> None:
    action = Action("A1", "Visits", (Trace("yours", words),), action=words, owner=words)
    assert list(comments_in(plan_yaml(Plan("P", words, (action,))))) == []


def test_the_first_reading_is_the_baseline_where_nothing_was_begun(check: Check) -> None:
    taken = measured(PLAN, check)
    seen, ours = taken.plan.action("A1").measures
    assert (taken.read, taken.begun, taken.other) == (1, 1, 1)
    assert seen.baseline is not None
    assert seen.as_at == check.casebook.as_at
    assert seen.readings == ()
    assert ours == OURS


def test_a_measure_of_an_action_under_way_gets_no_baseline_from_afterwards(check: Check) -> None:
    begun = rate(PLAN, "A1", "done", "under way", on=MARCH)
    seen = measured(begun, check).plan.action("A1").measures[0]
    assert seen.baseline is None
    assert [r.as_at for r in seen.readings] == [check.casebook.as_at]


def test_the_same_extract_twice_changes_nothing_and_a_later_one_is_added(
    check: Check, later: Check
) -> None:
    once = measured(PLAN, check).plan
    assert measured(once, check).plan == once
    twice = measured(once, later).plan
    seen = twice.action("A1").measures[0]
    assert seen.baseline == once.action("A1").measures[0].baseline
    assert [r.as_at for r in seen.readings] == [later.casebook.as_at]
    assert measured(twice, later).plan == twice
    assert [o.dated for o in twice.origins] == [check.casebook.as_at, later.casebook.as_at]


def test_an_extract_older_than_the_plans_figures_is_refused(check: Check, later: Check) -> None:
    plan = measured(PLAN, later).plan
    with pytest.raises(PlanError, match="already"):
        measured(plan, check)


def test_the_reading_is_the_scorecards_own_figure(check: Check) -> None:
    from upturn.measures.load import catalogue
    from upturn.measures.scorecard import make_scorecard

    wanted = [m for m in catalogue() if m.id == "assessments-child-seen"]
    value = make_scorecard(check, measures=wanted).entries[0].value
    seen = measured(PLAN, check).plan.action("A1").measures[0]
    assert value.value is not None
    assert (seen.baseline, seen.n, seen.of) == (round(value.value, 1), value.n, value.of)


def test_a_plan_without_a_measure_that_can_be_worked_out_is_refused(check: Check) -> None:
    with pytest.raises(PlanError, match="no measure that Upturn can work out"):
        measured(Plan("P", "", (Action("A1", "Visits", ASKED, measures=(OURS,)),)), check)


MOVED = [
    ("high", 28, 40, 38, 40, "better", "70 to 95 per cent of 40: beyond chance"),
    ("low", 28, 40, 38, 40, "worse", "lower is better"),
    ("high", 28, 40, 29, 40, "may be chance", "one child more of forty"),
    ("neither", 28, 40, 38, 40, "changed", "nobody can say which way is better"),
    ("high", 28, 40, 28, 40, "the same", "the same figure"),
]


@pytest.mark.parametrize(
    ("good", "n", "of", "now", "now_of", "said", "because"), MOVED, ids=[m[6] for m in MOVED]
)
def test_a_change_is_told_from_chance(
    good: str, n: int, of: int, now: int, now_of: int, said: str, because: str
) -> None:
    reading = Reading(SEPTEMBER, 100 * now / now_of, now, now_of)
    measure = PlanMeasure("m", "M", "percent", good, Trace("yours"), 100 * n / of, n, of, MARCH,
                          readings=(reading,))  # fmt: skip
    assert movement(measure) == said, because


def test_a_reading_that_cannot_be_told_is_not_the_latest() -> None:
    readings = (Reading(MARCH, 3.0), Reading(JUNE, why="the extract has no visits"))
    measure = replace(OURS, baseline=4.0, readings=readings)
    assert measure.latest == readings[0]
    assert movement(measure) == "better"


def test_readings_come_back_from_the_file_and_their_order_is_checked(tmp_path: Path) -> None:
    readings = (Reading(MARCH, 3.0, 3, 4, "a.xlsx"), Reading(JUNE, why="no visits"))
    plan = replace(
        PLAN, actions=(Action("A1", "V", ASKED, measures=(replace(OURS, readings=readings),)),)
    )
    file = tmp_path / "plan.yaml"
    file.write_text(plan_yaml(plan), "utf-8")
    assert read_plan(file) == plan
    file.write_text(plan_yaml(plan).replace("2026-06-01", "2026-01-01"), "utf-8")
    with pytest.raises(RulebookError, match="readings should be in the order of their dates"):
        read_plan(file)


ratings = st.lists(
    st.tuples(st.sampled_from(["A1", "A2"]), st.sampled_from(["done", "difference"]), st.integers(0, 4)),
    max_size=12,
)  # fmt: skip


@given(ratings)
@settings(max_examples=50, deadline=None)
def test_every_action_stands_once_in_the_matrix_and_on_every_day(
    some: list[tuple[str, str, int]],
) -> None:
    plan = PLAN
    for n, (action, kind, word) in enumerate(some):
        value = DONE[word % 4] if kind == "done" else DIFFERENCE[word % 3]
        plan = rate(plan, action, kind, value, on=date(2026, 1, 1 + n))  # type: ignore[arg-type]
    assert sorted(i for row in matrix(plan) for ids in row for i in ids) == ["A1", "A2"]
    standings = over_time(plan)
    assert len(standings) == len({r.on for a in plan.actions for r in (*a.done, *a.difference)})
    for one in standings:
        assert (sum(one.done), sum(one.difference)) == (2, 2)
    if standings:
        last = matrix(plan)
        assert standings[-1].done == tuple(sum(map(len, row)) for row in last)
        assert standings[-1].difference == tuple(
            sum(len(row[n]) for row in last) for n in range(len(DIFFERENCES))
        )


def test_what_was_done_and_changed_nothing_is_said_on_the_page_and_in_the_workbook() -> None:
    plan = rate(PLAN, "A1", "done", "done", on=MARCH)
    plan = rate(plan, "A1", "difference", "none", on=JUNE)
    assert done_without_difference(plan) == ("A1",)
    assert "Done, and no difference:" in plan_html(plan)
    assert "Done, and no difference:" not in plan_html(PLAN)
    sheets = plan_sheets(plan)
    assert sheets["Both ratings"].filter(done="done")["none"].to_list() == ["A1"]
    assert sheets["Over time"]["on"].to_list() == [MARCH, JUNE]


def test_the_forms_are_drawn_beside_the_file_which_stays_as_it_was(file: Path) -> None:
    upturn.plan.rate(file, "A1", on=MARCH, done="done", why="all of it")
    before = file.read_bytes()
    upturn.plan.write(file)
    assert file.read_bytes() == before
    assert {p.name for p in file.parent.iterdir()} >= set(PLAN_OUTPUTS) - {"plan.docx"}
    assert "all of it" in (file.parent / "plan.html").read_text("utf-8")


def test_the_measures_of_a_file_are_worked_out_and_written(file: Path, extract: Path) -> None:
    taken = upturn.plan.measure(file, str(extract))
    assert read_plan(file) == taken.plan
    assert taken.plan.action("A1").measures[0].baseline is not None
