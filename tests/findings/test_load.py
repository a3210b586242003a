"""The catalogue: complete, and refused with file and line where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from upturn.findings.kinds import KINDS
from upturn.findings.load import (
    catalogue_files,
    load_catalogue,
    load_frameworks,
    read_catalogue,
    read_frameworks,
)
from upturn.rulebooks import RulebookError

GOOD = """patterns:
  - id: one
    title: One
    question: Is it?
    population: Plans
    theme: review
    hits: plans that are late
    found: "{n} of {of}; {comparator}."
    well: ""
    sign_of: [a]
    ask: [b]
    sources: {annex_a: {tested: full}}
    test: {kind: clocks, rules: [cp-visit], of: current}
    comparator: {value: 0.1, basis: assumed, name: a, source: b}
"""


def faults(tmp_path: Path, text: str) -> str:
    file = tmp_path / "own.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(RulebookError) as caught:
        read_catalogue([file])
    return "\n".join(caught.value.faults)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(GOOD, "utf-8")
    assert [p.id for p in read_catalogue([file])] == ["one"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("theme: review", "theme: reveiw", "own.yaml, line 6: unknown theme 'reveiw'; did you mean 'review'"),
        ("kind: clocks", "kind: clock", "line 13: unknown kind of test 'clock'; did you mean 'clocks'?"),
        ("cp-visit", "cp-visits", "line 13: unknown rule 'cp-visits'; did you mean 'cp-visit'?"),
        ("of: current", "of: now", "line 13: unknown answer to 'of' 'now'"),
        (", of: current", "", "line 13: a test of kind 'clocks' needs 'of'"),
        ("of: current}", "of: current, lest: 3}", "line 13: unknown key 'lest'"),
        ("{n} of {of}", "{m} of {of}", "line 8: 'found' has a place {m}"),
        ("value: 0.1", "value: 10", "line 14: 'value' should be a share from 0 to 1, not 10"),
        ("basis: assumed", "basis: guessed", "line 14: unknown basis 'guessed'"),
        ("tested: full", "tested: part", "line 12: tested part: 'because' should say why not in full"),
        ("    hits: plans that are late\n", "", "line 2: 'hits' is missing"),
        ("    comparator: {value: 0.1, basis: assumed, name: a, source: b}\n", "", "'comparator' is missing"),
    ],
)  # fmt: skip
def test_a_wrong_catalogue_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in GOOD
    assert said in faults(tmp_path, GOOD.replace(old, new))


ROWS = GOOD.replace(
    "test: {kind: clocks, rules: [cp-visit], of: current}",
    "test: {kind: rows, table: cp_plans, day: cppl_cp_plan_start_date, where: [], "
    "hit: [{field: X, is: blank}], reason: r}",
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("field: X", "field: cppl_cp_plan_stat_date", "did you mean 'cppl_cp_plan_start_date'?"),
        ("table: cp_plans", "table: cp_plan", "unknown table 'cp_plan'; did you mean 'cp_plans'?"),
        ("field: X, is: blank", "field: cppl_previous_plans", "a condition has one of is, equals"),
        ("field: X, is: blank", "field: cppl_previous_plans, is: empty", "unknown answer to 'is' 'empty'"),
    ],
)  # fmt: skip
def test_a_wrong_condition_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in faults(tmp_path, ROWS.replace(old, new))


@pytest.mark.parametrize("text", ["", "rules: []", "patterns: none", "- 1"])
def test_what_is_not_a_catalogue_is_refused(tmp_path: Path, text: str) -> None:
    assert "it should start with 'patterns:'" in faults(tmp_path, text)


def test_an_id_stands_once(tmp_path: Path) -> None:
    assert "'one' stands twice in the catalogue" in faults(tmp_path, GOOD + GOOD.split("\n", 1)[1])


def test_a_wrong_framework_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "frameworks.yaml"
    file.write_text(
        "frameworks:\n  - id: x\n    areas: {a: A}\n    criteria: {t: [b, text]}\n", "utf-8"
    )
    with pytest.raises(RulebookError, match="line 4: a criterion is"):
        read_frameworks(file)


def test_every_question_says_how_each_source_can_answer_it() -> None:
    for pattern in load_catalogue():
        assert {s for s, _ in pattern.sources} == {"annex_a", "cin_census", "ssd"}, pattern.id
        assert pattern.sign_of, pattern.id
        assert pattern.ask, pattern.id


def test_a_question_without_a_test_is_answered_by_no_source_in_full() -> None:
    for pattern in load_catalogue():
        if not pattern.kind:
            assert all(c.tested != "full" for _, c in pattern.sources), pattern.id


def test_every_theme_is_looked_at_by_the_newest_framework() -> None:
    newest = {f.id: f for f in load_frameworks()}["ilacs-2026"]
    assert {p.theme for p in load_catalogue()} <= set(newest.criteria)


def test_every_kind_of_test_is_used() -> None:
    assert {p.kind for p in load_catalogue()} - {""} == set(KINDS)


def test_criteria_are_marked_unverified_because_no_framework_was_read() -> None:
    assert {c.status for f in load_frameworks() for c in f.criteria.values()} == {"unverified"}


def test_every_file_of_the_catalogue_is_read() -> None:
    folder = catalogue_files()[0].parent
    assert sorted(folder.glob("*.yaml")) == sorted(catalogue_files())
