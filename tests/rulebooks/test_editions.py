"""The law that is shipped: what holds on which day, how sure it is, and what can test it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from upturn.rulebooks import (
    GROUPS,
    Interval,
    Rule,
    check_rulebook,
    describe_rule,
    load_rulebooks,
    rules_of,
    shipped_files,
    vocabulary,
)
from upturn.rulebooks.model import SOURCES

RULES = rules_of(load_rulebooks())
REFS = {rule.ref: rule for rule in RULES}


def in_force(name: str, day: str) -> Rule | None:
    found = [r for r in RULES if r.id == name and r.in_force_on(date.fromisoformat(day))]
    assert len(found) <= 1, [r.ref for r in found]
    return found[0] if found else None


@pytest.mark.parametrize("path", shipped_files(), ids=lambda p: p.stem)
def test_each_shipped_file_is_sound(path: Path) -> None:
    assert check_rulebook(path) == []


def test_the_name_of_a_file_is_the_name_of_its_rulebook() -> None:
    assert {p.stem for p in shipped_files()} == {b.id for b in load_rulebooks()}


def test_no_rule_is_without_source_status_or_a_word_on_every_source_of_data() -> None:
    for rule in RULES:
        assert rule.source, rule.ref
        assert rule.group in GROUPS, rule.ref
        assert [s for s, _ in rule.coverage] == list(SOURCES), rule.ref
        assert rule.applies_to, rule.ref
        for _, cover in rule.coverage:
            assert cover.tested == "full" or cover.because, rule.ref


def test_no_two_rules_of_one_reference() -> None:
    assert len(REFS) == len(RULES)


def test_every_local_rule_says_that_it_is_assumed_and_no_national_rule_does() -> None:
    assert all(r.assumed == (r.kind == "local") for r in RULES)


def test_no_rule_is_verified_on_the_strength_of_general_knowledge() -> None:
    for rule in RULES:
        if rule.source.startswith(("General knowledge", "Assumed")):
            assert rule.status == "unverified", rule.ref


def test_nothing_of_2026_is_sure_because_its_text_was_not_read() -> None:
    of_2026 = [r for r in RULES if r.edition == "working-together-2026"]
    assert {r.id for r in of_2026} == {r.id for r in RULES if r.edition == "working-together-2023"}
    assert {r.status for r in of_2026} == {"unverified"}
    assert all("not read" in r.note for r in of_2026)


#: rule, day that starts the clock, edition, limit, status
IN_FORCE = [
    ("initial-assessment", "2006-04-09", None, None, None),
    ("initial-assessment", "2006-04-10", "2006", "7 working days", "secondary"),
    ("initial-assessment", "2010-03-16", "2006", "7 working days", "secondary"),
    ("initial-assessment", "2010-03-17", "2010", "10 working days", "secondary"),
    ("initial-assessment", "2013-04-14", "2010", "10 working days", "secondary"),
    ("initial-assessment", "2013-04-15", None, None, None),
    ("core-assessment", "2013-04-14", "2010", "35 working days", "unverified"),
    ("core-assessment", "2013-04-15", None, None, None),
    ("referral-confirmed-in-writing", "2013-04-14", "2010", "2 calendar days", "unverified"),
    ("referral-confirmed-in-writing", "2013-04-15", None, None, None),
    ("assessment-45-from-referral", "2013-04-14", None, None, None),
    ("assessment-45-from-referral", "2013-04-15", "2013", "45 working days", "secondary"),
    ("assessment-45-from-referral", "2015-03-26", "2015", "45 working days", "secondary"),
    ("assessment-45-from-referral", "2018-07-03", "2015", "45 working days", "secondary"),
    ("assessment-45-from-referral", "2018-07-04", "2018", "45 working days", "verified"),
    ("assessment-45-from-referral", "2023-12-14", "2018", "45 working days", "verified"),
    ("assessment-45-from-referral", "2023-12-15", "2023", "45 working days", "verified"),
    ("assessment-45-from-referral", "2026-03-17", "2023", "45 working days", "verified"),
    ("assessment-45-from-referral", "2026-03-18", "2026", "45 working days", "unverified"),
    ("s47-to-conference", "2010-03-16", "2006", "15 working days", "unverified"),
    ("s47-to-conference", "2010-03-17", "2010", "15 working days", "secondary"),
    ("s47-to-conference", "2024-01-02", "2023", "15 working days", "verified"),
    ("transfer-in-conference", "2023-12-14", "2018", "15 working days", "unverified"),
    ("transfer-in-conference", "2023-12-15", "2023", "15 working days", "verified"),
    ("referral-decided", "2012-01-04", "2010", "1 working day", "unverified"),
    ("referral-decided", "2014-01-06", "2013", "1 working day", "secondary"),
    ("referral-decided", "2024-01-02", "2023", "1 working day", "verified"),
    ("referral-acknowledged", "2012-01-04", None, None, None),
    ("referral-acknowledged", "2024-01-02", "2023", "1 working day", "unverified"),
    ("core-group-first", "2024-01-02", "2023", "10 working days", "unverified"),
    ("cp-review-first", "2024-01-02", "2023", "3 months", "unverified"),
    ("cp-review-later", "2024-01-02", "2023", "6 months", "unverified"),
    ("assessment-child-seen", "2013-04-14", None, None, None),
    ("assessment-child-seen", "2024-01-02", "2023", None, "unverified"),
]


@pytest.mark.parametrize(("name", "day", "edition", "limit", "status"), IN_FORCE)
def test_a_clock_takes_the_edition_in_force_on_the_day_that_starts_it(
    name: str, day: str, edition: str | None, limit: str | None, status: str | None
) -> None:
    rule = in_force(name, day)
    if edition is None:
        assert rule is None
    else:
        assert rule is not None
        assert rule.edition == f"working-together-{edition}"
        assert (str(rule.within) if rule.within else None, rule.status) == (limit, status)


#: rule, day that starts the clock, edition, limit, status
OTHERS = [
    ("care-review-first", "2011-03-31", None, None, None),
    ("care-review-first", "2011-04-01", "care-planning-2010", "20 working days", "verified"),
    ("care-review-second", "2024-01-02", "care-planning-2015", "3 months", "verified"),
    ("care-review-later", "2024-01-02", "care-planning-2015", "6 months", "verified"),
    ("care-visit-first", "2015-03-31", "care-planning-2010", "7 calendar days", "verified"),
    ("care-visit-first", "2015-04-01", "care-planning-2015", "7 calendar days", "unverified"),
    ("care-visit", "2015-03-31", "care-planning-2010", "42 calendar days", "verified"),
    ("care-visit-settled", "2024-01-02", "care-planning-2015", "3 months", "unverified"),
    ("care-health-under-5", "2022-07-31", "looked-after-health-2011", "6 months", "unverified"),
    ("care-health-under-5", "2022-08-01", "looked-after-health-2022", "6 months", "verified"),
    ("care-health-5-and-over", "2024-01-02", "looked-after-health-2022", "12 months", "verified"),
    ("return-interview-72-hours", "2013-12-31", None, None, None),
    ("return-interview-72-hours", "2024-01-02", "missing-2014", "3 calendar days", "secondary"),
    ("pathway-plan-review", "2024-01-02", "care-leavers-2010", "6 months", "unverified"),
    ("care-leaver-contact", "2024-01-02", "care-leavers-2010", "2 months", "unverified"),
    ("care-leaver-visit-after-move", "2024-01-02", "care-leavers-2010", "7 calendar days",
     "verified"),
    ("private-fostering-visit-first", "2024-01-02", "private-fostering-2005", "7 working days",
     "unverified"),
    ("private-fostering-visit-first-year", "2024-01-02", "private-fostering-2005",
     "42 calendar days", "verified"),
    ("private-fostering-visit-later", "2024-01-02", "private-fostering-2005", "84 calendar days",
     "verified"),
    ("assessment-45-from-start", "2013-04-14", None, None, None),
    ("assessment-45-from-start", "2024-01-02", "dfe-statistics", "45 working days", "unverified"),
    ("s47-to-conference-dfe", "2024-01-02", "dfe-statistics", "15 working days", "secondary"),
    ("contact-decided", "2024-01-02", "local-defaults", "1 working day", "secondary"),
    ("strategy-discussion", "2024-01-02", "local-defaults", "2 working days", "secondary"),
    ("assessment-child-seen-early", "2024-01-02", "local-defaults", "10 working days",
     "unverified"),
    ("s47-finished", "2024-01-02", "local-defaults", "15 working days", "unverified"),
    ("conference-to-plan", "2024-01-02", "local-defaults", "1 working day", "unverified"),
    ("core-group-later", "2024-01-02", "local-defaults", "28 calendar days", "secondary"),
    ("cp-visit", "2024-01-02", "local-defaults", "10 working days", "secondary"),
    ("cin-seen", "2024-01-02", "local-defaults", "20 working days", "secondary"),
    ("cin-plan-review", "2013-04-14", "working-together-2010", "6 months", "unverified"),
    ("cin-plan-review", "2013-04-15", "local-defaults", "6 months", "unverified"),
    ("care-dental", "2024-01-02", "local-defaults", "12 months", "unverified"),
    ("supervision", "2024-01-02", "local-defaults", "1 month", "verified"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "day", "edition", "limit", "status"), OTHERS)
def test_the_rules_of_care_and_of_the_council_hold_from_their_day(
    name: str, day: str, edition: str | None, limit: str | None, status: str | None
) -> None:
    rule = in_force(name, day)
    if edition is None:
        assert rule is None
    else:
        assert rule is not None
        assert (rule.edition, str(rule.within), rule.status) == (edition, limit, status)


def test_the_last_strategy_discussion_started_the_clock_before_2010_and_the_first_after() -> None:
    before, after = in_force("s47-to-conference", "2009-01-05"), REFS[
        "working-together-2010/s47-to-conference"]  # fmt: skip
    assert before is not None
    assert (before.starts, before.which) == ("strategy_discussion", "last")
    assert (after.starts, after.which) == ("s47_started", "each")


def test_the_legal_clock_and_the_published_count_are_separate_rules() -> None:
    law, count = in_force("assessment-45-from-referral", "2024-01-02"), in_force(
        "assessment-45-from-start", "2024-01-02")  # fmt: skip
    assert law is not None
    assert count is not None
    assert (law.kind, law.starts, law.episode) == ("statutory", "referral", "referral")
    assert (count.kind, count.starts, count.episode) == (
        "statistic", "assessment_started", "assessment")  # fmt: skip


#: what Annex A can test, in words of the issue
ANNEX_A = [
    ("none", ["core-group-first", "core-group-later", "supervision", "cin-plan-review",
              "private-fostering-visit-first", "private-fostering-visit-first-year",
              "private-fostering-visit-later", "return-interview-72-hours", "s47-finished",
              "strategy-discussion", "care-leaver-visit-after-move", "assessment-child-seen-early",
              "transfer-in-conference", "referral-acknowledged"]),
    ("part", ["contact-decided", "referral-decided", "assessment-45-from-referral",
              "conference-to-plan", "cp-review-first", "cp-review-later", "cp-visit",
              "cp-seen-alone", "cin-seen", "care-review-first", "care-review-second",
              "care-review-later", "care-visit-first", "care-visit", "care-visit-settled",
              "care-health-under-5", "care-health-5-and-over", "care-dental", "return-interview",
              "pathway-plan-review", "care-leaver-contact"]),
    ("full", ["assessment-45-from-start", "assessment-child-seen", "s47-to-conference",
              "s47-to-conference-dfe"]),
]  # fmt: skip


@pytest.mark.parametrize(("tested", "names"), ANNEX_A)
def test_annex_a_tests_what_it_holds_and_no_more(tested: str, names: list[str]) -> None:
    for name in names:
        rule = in_force(name, "2024-01-02")
        assert rule is not None, name
        assert rule.covered_by("annex_a").tested == tested, name


def test_every_rule_in_force_today_is_in_that_list() -> None:
    listed = {name for _, names in ANNEX_A for name in names}
    today = {r.id for r in RULES if r.in_force_on(date(2024, 1, 2))}
    assert today - listed == {"cp-review-first-dfe", "cp-review-later-dfe"}


def test_the_census_tests_the_front_door_and_reviews_and_no_visits() -> None:
    tested = {r.id for r in RULES if r.covered_by("cin_census").tested == "full"}
    assert tested == {
        "assessment-45-from-referral", "assessment-45-from-start", "s47-to-conference",
        "s47-to-conference-dfe", "cp-review-first", "cp-review-later", "cp-review-first-dfe",
        "cp-review-later-dfe"}  # fmt: skip


def test_a_later_edition_keeps_what_it_does_not_restate() -> None:
    rule, base = (REFS[f"working-together-{year}/cp-review-first"] for year in (2023, 2006))
    assert (rule.within, rule.stops, rule.coverage) == (base.within, base.stops, base.coverage)
    assert (rule.in_force_from, rule.in_force_to) == (date(2023, 12, 15), date(2026, 3, 17))


def test_the_rules_come_in_the_order_a_child_meets_them() -> None:
    groups = [GROUPS.index(r.group) for r in RULES]
    assert groups == sorted(groups)


def test_a_rulebook_version_is_the_hash_of_its_file() -> None:
    versions = {b.id: b.version for b in load_rulebooks()}
    assert len(set(versions.values())) == len(versions)
    assert all(len(v) == 12 and set(v) <= set("0123456789abcdef") for v in versions.values())


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.ref)
def test_every_rule_can_be_described(rule: Rule) -> None:
    text = describe_rule(rule)
    assert text.startswith(f"# {rule.name}\n")
    assert vocabulary().says(rule.starts) in text
    assert rule.source.replace("|", "\\|") in text
    assert (f"| limit | {rule.within} |" in text) == (rule.within is not None)
    assert text.count("\n| Annex A |") == 1
    for event in (*rule.stops, *rule.voided_by, *rule.ended_by, *rule.failed_by):
        assert vocabulary().says(event) in text


def test_an_interval_reads_as_one_says_it() -> None:
    assert str(Interval(1, "months")) == "1 month"
    assert str(Interval(45, "working_days")) == "45 working days"
