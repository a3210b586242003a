"""The tables the clock kernel reads, against the slow choice of an edition for each day."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from upturn.rulebooks import (
    CANNOT_TELL,
    NOT_IN_FORCE,
    Family,
    compile_families,
    load_rulebooks,
    rules_of,
)
from upturn.rulebooks.calendar import DAY0, DAYS, EPOCH, day_number, due_on, is_known

RULES = rules_of(load_rulebooks())
FAMILIES = compile_families(RULES)
#: Every 11th day, so that all weekdays and month ends are met, and the days around each edition.
SAMPLE = sorted(
    set(range(0, DAYS, 11))
    | {
        day_number(edge) - DAY0 + step
        for rule in RULES
        for edge in (rule.in_force_from, rule.in_force_to)
        if edge is not None
        for step in (-1, 0, 1)
    }
)


def name(family: Family) -> str:
    return f"{family.id}-from-{family.starts}"


@pytest.mark.parametrize("family", FAMILIES, ids=name)
def test_a_family_gives_each_start_day_its_edition_and_due_day(family: Family) -> None:
    assert family.due.shape == family.edition_of.shape == (DAYS,)
    assert [str(a.dtype) for a in (family.due, family.edition_of)] == ["int32", "int16"]
    for place in SAMPLE:
        start = EPOCH + timedelta(DAY0 + place)
        chosen = [n for n, rule in enumerate(family.rules) if rule.in_force_on(start)]
        due = int(family.due[place])
        assert family.edition_of[place] == (chosen[0] if chosen else -1)
        if not chosen:
            assert due == NOT_IN_FORCE
        elif (within := family.rules[chosen[0]].within) is None:
            assert due == DAY0 + place
        else:
            expected = due_on(start, within)
            assert due == (CANNOT_TELL if expected is None else day_number(expected))


def test_every_rule_is_in_one_family_and_a_family_has_one_shape() -> None:
    assert sorted(r.ref for f in FAMILIES for r in f.rules) == sorted(r.ref for r in RULES)
    for family in FAMILIES:
        for rule in family.rules:
            assert (rule.id, rule.pattern, rule.episode, rule.starts) == (
                family.id, family.pattern, family.episode, family.starts)  # fmt: skip
            assert (rule.stops, rule.which, rule.voided_by) == (
                family.stops, family.which, family.voided_by)  # fmt: skip


def test_on_any_day_at_most_one_family_of_an_id_is_in_force() -> None:
    for rule_id in {f.id for f in FAMILIES}:
        in_force = sum((f.edition_of >= 0).astype(int) for f in FAMILIES if f.id == rule_id)
        assert np.max(in_force) == 1, rule_id


def test_the_conference_rule_is_two_families_because_its_start_changed() -> None:
    found = {f.starts: f for f in FAMILIES if f.id == "s47-to-conference"}
    assert set(found) == {"strategy_discussion", "s47_started"}
    last_day, first_day = (day_number(date(2010, 3, d)) - DAY0 for d in (16, 17))
    assert found["strategy_discussion"].due[first_day] == NOT_IN_FORCE
    assert found["s47_started"].due[last_day] == NOT_IN_FORCE
    assert found["s47_started"].due[first_day] == day_number(date(2010, 4, 9))


@pytest.mark.parametrize(
    ("start", "due", "because"),
    [
        (date(2013, 4, 14), None, "the single assessment did not exist yet"),
        (date(2013, 4, 15), date(2013, 6, 19), "its first day; two May holidays left out"),
        (date(2026, 8, 4), date(2026, 10, 7), "the August holiday left out"),
        (date(2023, 12, 16), date(2024, 2, 21), "a Saturday: day 1 is Monday 18 December"),
    ],
)
def test_the_45_working_days_of_an_assessment(start: date, due: date | None, because: str) -> None:
    (family,) = (f for f in FAMILIES if f.id == "assessment-45-from-referral")
    found = family.due[day_number(start) - DAY0]
    assert found == (day_number(due) if due else NOT_IN_FORCE), because


def test_past_the_calendar_a_working_day_rule_cannot_be_told_and_a_month_rule_can() -> None:
    late = date(2036, 1, 7)
    assert not is_known(late)
    by_id = {f.id: f for f in FAMILIES}
    place = day_number(late) - DAY0
    assert by_id["cp-visit"].due[place] == CANNOT_TELL
    assert by_id["cp-visit"].edition_of[place] == 0
    assert by_id["cp-review-first"].due[place] == day_number(date(2036, 4, 7))


def test_two_rules_of_one_family_on_one_day_are_refused() -> None:
    rule = next(r for r in RULES if r.id == "cp-visit")
    with pytest.raises(ValueError, match="local-defaults/cp-visit and local-defaults/cp-visit"):
        compile_families([rule, rule])


def test_the_tables_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        FAMILIES[0].due[0] = 0
