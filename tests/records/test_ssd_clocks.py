"""The clocks of the Standard Safeguarding Dataset, which keeps every visit and review."""

from __future__ import annotations

from datetime import date

from ssd_tables import CARE, PLAN, VISIT

from upturn.journeys.check import check_casebook
from upturn.records.casebook import Casebook
from upturn.rulebooks import load_rulebooks


def clocks(book: Casebook, rule: str) -> list[tuple]:
    frame = check_casebook(book, load_rulebooks()).clocks.filter(rule=rule).sort("started_on")
    return frame.select("started_on", "state").rows()


def test_a_visit_at_which_the_child_was_not_seen_is_no_visit(read):
    unseen = {
        **VISIT,
        "cppv_cp_visit_id": "V2",
        "cppv_cp_visit_seen": "N",
        "cppv_cp_visit_date": "2026-03-30",
    }
    book = read(cp_plans=[PLAN], cp_visits=[VISIT, unseen])
    assert clocks(book, "cp-visit") == [(date(2026, 1, 30), "met"), (date(2026, 2, 5), "overdue")]


def test_looked_after_reviews_are_told_apart_by_their_count(read):
    reviews = [
        {
            "clar_cla_review_id": str(i),
            "clar_cla_id": "L1",
            "clar_cla_review_date": day,
            "clar_cla_review_cancelled": cancelled,
        }
        for i, (day, cancelled) in enumerate(
            [("2025-03-20", "N"), ("2025-04-15", "Y"), ("2025-06-10", "N"), ("2025-12-01", "N")]
        )
    ]
    book = read(cla_episodes=[CARE], cla_reviews=reviews)
    assert clocks(book, "care-review-first") == [(date(2025, 3, 3), "met")]
    assert clocks(book, "care-review-second") == [(date(2025, 3, 20), "met")]
    assert clocks(book, "care-review-later") == [
        (date(2025, 6, 10), "met"),
        (date(2025, 12, 1), "running"),
    ]


def test_a_period_that_began_before_the_extract_does_says_nothing_of_its_first_review(read):
    old = {
        **CARE,
        "clae_entered_care_date": "2016-03-03",
        "clae_cla_episode_start_date": "2016-03-03",
    }
    reviews = [
        {"clar_cla_review_id": "1", "clar_cla_id": "L1", "clar_cla_review_date": "2026-01-05"}
    ]
    book = read(cla_episodes=[old], cla_reviews=reviews)
    assert [state for _, state in clocks(book, "care-review-first")] == ["cannot tell"]
    assert clocks(book, "care-review-later") == [(date(2026, 1, 5), "running")]


def test_each_missing_episode_of_the_year_is_asked_for_its_return_interview(read):
    rows = [
        {
            "miss_table_id": str(i),
            "miss_person_id": "1",
            "miss_missing_episode_start_date": day,
            "miss_missing_episode_end_date": day,
            "miss_missing_rhi_offered": offered,
        }
        for i, (day, offered) in enumerate(
            [("2024-05-01", "N"), ("2025-09-01", "N"), ("2025-11-03", "Y"), ("2026-01-05", "")]
        )
    ]
    assert clocks(read(cla_episodes=[CARE], missing=rows), "return-interview") == [
        (date(2025, 9, 1), "overdue"),
        (date(2025, 11, 3), "met"),
        (date(2026, 1, 5), "cannot tell"),
    ]


def test_a_child_in_need_plan_ends_where_a_protection_plan_begins(read):
    need = {
        "cinp_cin_plan_id": "N1",
        "cinp_person_id": "1",
        "cinp_cin_plan_start_date": "2026-01-05",
        "cinp_cin_plan_end_date": "",
    }
    visit = {"cinv_cin_visit_id": "1", "cinv_person_id": "1", "cinv_cin_visit_date": "2026-01-20"}
    book = read(cin_plans=[need], cin_visits=[visit], cp_plans=[PLAN])
    assert clocks(book, "cin-seen") == [
        (date(2026, 1, 5), "met"),
        (date(2026, 1, 20), "does not apply"),
    ]


def test_another_authoritys_plan_is_not_ours_to_visit(read):
    assert (
        clocks(read(cp_plans=[{**PLAN, "cppl_cp_plan_ola": "Y"}], cp_visits=[VISIT]), "cp-visit")
        == []
    )


def test_what_the_extract_lacks_is_said_and_never_taken_for_not_done(read):
    book = read(cp_plans=[PLAN])
    assert "cppv_cp_visit_date" in book.absent_fields
    assert any(a.startswith("ssd_cp_visits") for a in book.absent)
    assert clocks(book, "cp-visit") == [(date(2026, 1, 30), "cannot tell")]


def test_a_referral_from_before_the_six_years_is_not_late_for_an_assessment_nobody_holds(read):
    referrals = [
        {
            "cine_referral_id": f"R{n}",
            "cine_person_id": "1",
            "cine_referral_date": day,
            "cine_referral_nfa": "N",
            "cine_close_date": "",
        }
        for n, day in enumerate(("2015-02-02", "2025-06-02"))
    ]
    begun = {
        "cina_assessment_id": "A1",
        "cina_person_id": "1",
        "cina_referral_id": "R1",
        "cina_assessment_start_date": "2025-06-03",
        "cina_assessment_auth_date": "",
    }
    book = read(cin_episodes=referrals, cin_assessments=[begun])
    assert clocks(book, "assessment-45-from-referral") == [
        (date(2015, 2, 2), "cannot tell"),
        (date(2025, 6, 2), "overdue"),
    ]
