"""An improvement plan: its two ratings, its file, and its forms."""

from __future__ import annotations

import contextlib
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.improvement import Action, Plan, PlanError, plan_yaml, read_plan, read_plan_text
from upturn.improvement.model import (
    DIFFERENCE,
    DONE,
    Evidence,
    Line,
    Note,
    Origin,
    PlanMeasure,
    Rating,
    Trace,
    move,
    note,
    rate,
)
from upturn.render.plan import plan_html
from upturn.render.plan_outputs import PLAN_OUTPUTS, plan_sheets, write_plan
from upturn.rulebooks import RulebookError

SAID = Trace("report", "Visits are late for too many children.", 4, 12)
FULL = Action(
    id="A1",
    title="Visits",
    asked=(Trace("report", "The timeliness of visits.", 2, None, "what needs to improve"),),
    themes=("child-seen",),
    timescale="within three months",
    action="Ask what stopped each visit.",
    good=("Every child is seen.",),
    supports=(SAID,),
    findings=(Line("8 of 40 were not seen.", Trace("extract", source="a.xlsx"), "x", "found"),),
    causes=(Line("Workload", SAID, "workload", "named in the report"),),
    remedies=(Line("More workers", Trace("catalogue", source="posts"), "posts"),),
    measures=(
        PlanMeasure("m", "Visits in time", "percent", "high", Trace("extract", source="a.xlsx"),
                    80.0, 32, 40, date(2026, 9, 30), target=95.0, target_from="yours"),
    ),
    to_show=("An audit of visits",),
    evidence=(Evidence("Audit round 2", date(2026, 5, 1), "audits/2.xlsx"),),
    notes=(Note(date(2026, 2, 1), "Agreed by the board", "board"),),
)  # fmt: skip
PLAN = Plan(
    "Plan", "Cumbria", (FULL,), (Origin("report", "r.pdf", "0" * 64),), (("t", "1"),), ("Draft.",)
)


def test_a_rating_is_added_and_never_replaces_another() -> None:
    plan = rate(PLAN, "A1", "done", "under way", on=date(2026, 3, 1), by="board")
    plan = rate(plan, "A1", "done", "done", on=date(2026, 5, 1))
    assert [r.value for r in plan.action("A1").done] == ["under way", "done"]
    assert plan.action("A1").difference_now == "not rated"
    assert PLAN.action("A1").done_now == "not started"


def test_done_and_made_a_difference_are_rated_apart() -> None:
    plan = rate(PLAN, "A1", "done", "done", on=date(2026, 5, 1))
    plan = rate(plan, "A1", "difference", "none", on=date(2026, 6, 1))
    assert (plan.action("A1").done_now, plan.action("A1").difference_now) == ("done", "none")


REFUSED = [
    (("A9", "done", "done"), {}, "no action 'A9'", "there is no such action"),
    (("A1", "done", "clear"), {}, "'done' is one of", "a word of the other rating"),
    (("A1", "difference", "clear"), {}, "not started", "what nobody began changed nothing"),
]


@pytest.mark.parametrize(("what", "more", "fault", "because"), REFUSED)
def test_a_rating_that_cannot_be_is_refused(
    what: tuple[str, str, str], more: dict[str, str], fault: str, because: str
) -> None:
    with pytest.raises(PlanError, match=fault):
        rate(PLAN, *what, on=date(2026, 3, 1), **more)  # type: ignore[arg-type]


def test_a_rating_before_the_last_is_refused() -> None:
    plan = rate(PLAN, "A1", "done", "done", on=date(2026, 5, 1))
    with pytest.raises(PlanError, match="before that"):
        rate(plan, "A1", "done", "under way", on=date(2026, 4, 1))


def test_a_date_that_slips_keeps_the_first_and_says_why() -> None:
    plan = move(PLAN, "A1", due=date(2026, 6, 1), on=date(2026, 1, 5))
    plan = move(plan, "A1", due=date(2026, 7, 1), on=date(2026, 5, 1), why="no auditor")
    plan = move(plan, "A1", due=date(2026, 9, 1), on=date(2026, 6, 1))
    moved = plan.action("A1")
    assert (moved.first_due, moved.due) == (date(2026, 6, 1), date(2026, 9, 1))
    assert "no auditor" in moved.notes[1].text
    assert len(moved.notes) == 3


def test_a_note_is_dated_and_added() -> None:
    plan = note(PLAN, "A1", "Read by the board", on=date(2026, 3, 1), by="board")
    assert plan.action("A1").notes[-1] == Note(date(2026, 3, 1), "Read by the board", "board")


def test_a_full_plan_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    plan = rate(PLAN, "A1", "done", "done", on=date(2026, 5, 1), by="board", why="audit")
    plan = rate(plan, "A1", "difference", "some", on=date(2026, 9, 1))
    file = tmp_path / "plan.yaml"
    file.write_text(plan_yaml(plan), "utf-8")
    assert read_plan(file) == plan
    assert plan_yaml(read_plan(file)) == plan_yaml(plan)


words = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=30
).map(lambda text: f"x {text}y")
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
traces = st.builds(
    Trace, st.just("report"), words, st.integers(1, 60), st.none() | st.integers(1, 150), words
)
lines = st.builds(Line, words, traces, words, words)
measures = st.builds(
    PlanMeasure, words, words, words, words, traces,
    baseline=st.none() | st.floats(-1e6, 1e6), n=st.none() | st.integers(0, 999),
    as_at=st.none() | days, target=st.none() | st.floats(0, 100),
)  # fmt: skip
ratings = st.lists(days, max_size=3).map(
    lambda some: tuple(Rating(d, DONE[n % 4], "board") for n, d in enumerate(sorted(some)))
)
actions = st.builds(
    Action, st.just("A1"), words, st.lists(traces, min_size=1, max_size=2).map(tuple),
    owner=words, causes=st.lists(lines, max_size=2).map(tuple), done=ratings,
    measures=st.lists(measures, max_size=2).map(tuple),
    notes=st.lists(st.builds(Note, days, words, words), max_size=2).map(tuple),
)  # fmt: skip


@given(st.builds(Plan, words, words, actions.map(lambda action: (action,)), draft=st.booleans()))
@settings(max_examples=40, deadline=None)
def test_any_plan_comes_back_from_its_file_as_it_was(plan: Plan) -> None:
    assert read_plan_text("plan.yaml", plan_yaml(plan)) == plan


SOUND = """plan:
  title: Ours
  actions:
  - id: A1
    title: Visits
    asked:
    - {basis: report, words: Visits are late., page: 4}
    start: 2026-01-01
    due: 2026-06-01
    done:
    - {on: 2026-02-01, value: under way}
"""
FAULTS = [
    ("value: under way", "value: nearly", 11, "unknown rating of 'done' 'nearly'"),
    ("on: 2026-02-01, ", "", 11, "'on' is missing"),
    (", page: 4", "", 7, "'page' is missing"),
    ("due: 2026-06-01", "due: 2025-06-01", 8, "is after 'due'"),
    ("due: 2026-06-01", "due: soon", 9, "'due' should be a date"),
    ("title: Visits", "titel: Visits", 5, "unknown key 'titel'"),
    ("    asked:\n    - {basis: report, words: Visits are late., page: 4}\n", "", 4, "'asked' is missing"),
    ("basis: report", "basis: gossip", 7, "unknown basis 'gossip'"),
    ("plan:", "plans:", 1, "not a plan"),
    ("title: Ours", "title: [Ours", 3, "not YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "fault"), FAULTS, ids=[f[3] for f in FAULTS])
def test_a_faulty_plan_is_refused_with_its_line(old: str, new: str, line: int, fault: str) -> None:
    assert read_plan_text("p.yaml", SOUND).actions[0].done_now == "under way"
    with pytest.raises(RulebookError) as caught:
        read_plan_text("p.yaml", SOUND.replace(old, new))
    assert any(fault in one for one in caught.value.faults)
    assert f"p.yaml, line {line}:" in caught.value.faults[0]


def test_the_same_action_twice_is_refused() -> None:
    twice = SOUND + SOUND.split("actions:\n")[1]
    with pytest.raises(RulebookError, match="'A1' stands twice"):
        read_plan_text("p.yaml", twice)


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_text_is_a_plan_or_a_fault(text: str) -> None:
    # Anything else that is raised fails the test.
    with contextlib.suppress(RulebookError):
        assert isinstance(read_plan_text("p.yaml", text), Plan)


def test_the_page_needs_nothing_but_itself_and_says_both_ratings() -> None:
    page = plan_html(rate(PLAN, "A1", "done", "done", on=date(2026, 5, 1)))
    assert not re.search(r'(src|href)="(?!#|data:)', page)
    assert "Made a difference?" in page
    assert "Done?" in page
    assert "to be named" in page
    assert "Report, page 4, paragraph 12" in page


def test_what_a_plan_says_cannot_run_in_a_page_or_a_workbook() -> None:
    bad = Action("A1", "<script>x</script>", (Trace("report", "=1+1", 2),), owner="=cmd()")
    plan = Plan("<b>P</b>", "", (bad,))
    assert "<script>x" not in plan_html(plan)
    from upturn.render.cells import harmless_frame

    assert harmless_frame(plan_sheets(plan)["Actions"])["owner"].to_list() == ["'=cmd()"]


def test_every_form_is_written_and_says_the_same(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    openpyxl = pytest.importorskip("openpyxl")
    paths = write_plan(PLAN, tmp_path)
    assert sorted(p.name for p in paths) == sorted(PLAN_OUTPUTS)
    document = docx.Document(str(tmp_path / "plan.docx"))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "“Visits are late for too many children.”" in text
    assert "(Report, page 4, paragraph 12)" in text
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"80 %", "95 %", "Made a difference?", "not rated"} <= set(cells)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    rows = list(book["Where each line is from"].iter_rows(values_only=True))
    assert rows[0][:5] == ("action", "what", "text", "state", "basis")
    assert {row[1] for row in rows[1:]} == {
        "asked", "what else the report says", "finding", "cause", "remedy", "measure", "suggestion",
    }  # fmt: skip
    assert all(row[4] for row in rows[1:])
    assert read_plan(tmp_path / "plan.yaml") == PLAN


def test_the_two_ratings_share_no_word() -> None:
    assert not set(DONE) & set(DIFFERENCE)
