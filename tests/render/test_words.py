"""Dates, counts, states and rules are said in one way everywhere."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from upturn.journeys.result import CLOCKS, STATES
from upturn.render.view import by_team, reason_kinds, rule_counts, tally, worst_first
from upturn.render.words import rule_marks, state_words


@pytest.mark.parametrize(
    ("state", "days", "unit", "said"),
    [
        ("overdue", 12, "working_days", "12 working days late"),
        ("overdue", 1, "months", "1 calendar day late"),
        ("overdue", None, "working_days", "overdue"),
        ("due soon", -3, "working_days", "due in 3 working days"),
        ("due soon", 0, "working_days", "due on the as-at date"),
        ("running", -1, "calendar_days", "due in 1 calendar day"),
        ("met", -4, "working_days", "met"),
        ("met late", 1200, "working_days", "met 1,200 working days late"),
        ("cannot tell", None, "working_days", "cannot tell"),
    ],
)
def test_a_state_is_said_in_words_that_need_no_colour(state, days, unit, said):
    assert state_words(state, days, unit) == said


def test_a_rule_says_what_must_be_known_of_it():
    assert rule_marks("local", "verified", assumed=True) == ["local, assumed"]
    assert rule_marks("statistic", "draft", assumed=False) == ["published statistic", "draft"]
    assert rule_marks("statutory", "secondary", assumed=True) == ["assumed"]


def _clock(**known: object) -> dict[str, object]:
    return {**dict.fromkeys(CLOCKS), "state": "overdue", "rule": "r", "rule_name": "R", **known}


def test_the_worst_come_first_and_child_protection_before_others_on_a_tie(check):
    early, late = date(2026, 5, 1), date(2026, 6, 1)
    rows = [
        _clock(child_id="not due soon yet", state="running", due_on=date(2026, 1, 1)),
        _clock(child_id="no date", due_on=None),
        _clock(child_id="late", due_on=late, episode="referral"),
        _clock(child_id="late too, on a plan", due_on=late, episode="cp_plan"),
        _clock(child_id="later still", due_on=early, episode="referral"),
        _clock(child_id="soon", state="due soon", due_on=date(2026, 10, 2)),
    ]
    mixed = _replaced(check, pl.DataFrame(rows, schema=CLOCKS))
    assert worst_first(mixed)["child_id"].to_list() == [
        "later still", "late too, on a plan", "late", "no date", "soon", "not due soon yet",
    ]  # fmt: skip


def test_every_count_adds_up_to_the_clocks(check):
    clocks = worst_first(check)
    assert clocks.height == check.clocks.height
    for by in (["rule"], ["team"], ["team", "worker"]):
        counts = tally(clocks, by)
        assert counts.select(pl.sum_horizontal(STATES).sum()).item() == clocks.height, by
    rules = rule_counts(check, clocks)
    assert rules.select(pl.sum_horizontal(STATES).sum()).item() == clocks.height
    assert "core-group" in rules["rule"].to_list()  # not tested at all, and still there


def test_a_blank_team_is_no_team(check):
    labels = by_team(worst_first(check))["label"].to_list()
    assert labels.count("No team") == 1
    assert "" not in labels


def test_reasons_that_differ_by_dates_and_numbers_are_one_kind():
    reasons = ["Row 17 gives no end; due Wed 7 Oct 2026", "Row 3 gives no end; due Tue 4 Aug 2026"]
    assert reason_kinds(pl.Series(reasons)).n_unique() == 1


def _replaced(check, clocks):
    from dataclasses import replace

    return replace(check, clocks=clocks)
