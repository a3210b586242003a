"""The Standard Safeguarding Dataset read into a casebook: its traps, each where it is told."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from ssd_tables import CARE, CONFERENCE, ENQUIRY, PERSON, PLAN, REFERRAL, VISIT, many, write

from upturn.journeys.targets import with_targets_checked
from upturn.records.casebook import Casebook
from upturn.records.quality import quality_report
from upturn.records.ssd.derive import factors, outcome
from upturn.records.ssd.reader import read_ssd


def found(book: Casebook, check: str) -> list[dict]:
    return book.quarantine.filter(check=check).rows(named=True)


# What becomes of a row, by what is wrong with it: check, level, table, what was changed.
ROWS = [
    ("admin-child", "row", "cp_visits", {**VISIT, "cppv_person_id": "-1"}),
    ("no-child-id", "row", "cp_visits", {**VISIT, "cppv_person_id": "unknown"}),
    ("no-key-date", "row", "cp_visits", {**VISIT, "cppv_cp_visit_date": ""}),
    ("orphan", "note", "cp_visits", {**VISIT, "cppv_cp_plan_id": "P999"}),
    (
        "not-linked",
        "note",
        "cp_visits",
        {**VISIT, "cppv_cp_plan_id": "", "cppv_cp_visit_date": "2024-02-05"},
    ),
    ("child-not-in-person", "note", "cp_visits", {**VISIT, "cppv_person_id": "77"}),
    ("admin-id", "cell", "cp_visits", {**VISIT, "cppv_cp_plan_id": "-1"}),
    ("orphan", "note", "s47_enquiry", {**ENQUIRY, "s47e_referral_id": "R999"}),
    ("orphan", "note", "initial_cp_conference", {**CONFERENCE, "icpc_s47_enquiry_id": "Q999"}),
    ("out-of-sequence", "cell", "s47_enquiry", {**ENQUIRY, "s47e_s47_end_date": "2026-01-01"}),
    ("date-after-extract", "cell", "s47_enquiry", {**ENQUIRY, "s47e_s47_end_date": "2027-01-01"}),
    (
        "conference-on-weekend",
        "cell",
        "initial_cp_conference",
        {**CONFERENCE, "icpc_icpc_date": "2026-01-31"},
    ),
    (
        "outcome-not-understood",
        "cell",
        "s47_enquiry",
        {**ENQUIRY, "s47e_s47_outcome_json": '{"CP_CONFERENCE_FLAG": '},
    ),
]


@pytest.mark.parametrize(("check", "level", "table", "row"), ROWS, ids=lambda v: str(v)[:24])
def test_a_faulty_row_is_told_at_its_place(read, check, level, table, row):
    good = {
        "cin_episodes": [REFERRAL],
        "s47_enquiry": [ENQUIRY],
        "initial_cp_conference": [CONFERENCE],
        "cp_plans": [PLAN],
        "cp_visits": [VISIT],
    }
    book = read(**{**good, table: [row]})
    entries = [e for e in found(book, check) if e["source_list"] == f"ssd_{table}"]
    assert [(e["level"], e["source_row"]) for e in entries] == [(level, 2)]
    assert entries[0]["what_to_do"]
    count = next(c for c in book.counts if c.source_list == f"ssd_{table}")
    assert count.quarantined == (level == "row")


def test_good_rows_have_nothing_in_quarantine(read):
    book = read(
        cin_episodes=[REFERRAL],
        s47_enquiry=[ENQUIRY],
        initial_cp_conference=[CONFERENCE],
        cp_plans=[PLAN],
        cp_visits=[VISIT],
        cla_episodes=[CARE],
    )
    assert book.quarantine.is_empty()
    assert book.source == "ssd"
    visit = book.table("cp_visits").row(0, named=True)
    assert visit["source_list"] == "ssd_cp_visits"
    assert visit["source_row"] == 2
    assert visit["cppv_cp_plan_id"] == "P1"


# Traps of a whole column: what the column holds, the check, whether the column is used all the same.
COLUMNS = [
    ("s47e_s47_nfa", "N", "constant-flag", False, "some extracts always write N"),
    ("s47e_s47_nfa", "PlaceholderStr", "placeholder-column", False, "a placeholder throughout"),
    ("s47e_s47_end_date", "2026-01-26 14:30:00", "time-of-day", True, "only the day is used"),
]


@pytest.mark.parametrize(("column", "value", "check", "used", "because"), COLUMNS)
def test_a_trap_of_a_whole_column_is_told_once(read, column, value, check, used, because):
    book = read(
        cin_episodes=[REFERRAL],
        s47_enquiry=many(ENQUIRY, "s47e_s47_enquiry_id", 30, **{column: value}),
    )
    entries = found(book, check)
    assert [(e["source_list"], e["column"]) for e in entries] == [("ssd_s47_enquiry", column)], (
        because
    )
    assert (column not in book.absent_fields) == used, because
    assert book.table("s47_enquiry")[column].is_not_null().all() == used, because


def test_a_constant_flag_of_a_few_rows_means_nothing(read):
    rows = many(ENQUIRY, "s47e_s47_enquiry_id", 5, s47e_s47_nfa="N")
    assert found(read(cin_episodes=[REFERRAL], s47_enquiry=rows), "constant-flag") == []


def test_a_placeholder_among_values_is_set_aside_as_found(read):
    rows = [
        ENQUIRY,
        {**ENQUIRY, "s47e_s47_enquiry_id": "Q2", "s47e_s47_end_date": "PlaceholderStr"},
    ]
    book = read(cin_episodes=[REFERRAL], s47_enquiry=rows)
    (entry,) = found(book, "placeholder")
    assert (entry["value"], entry["source_row"]) == ("PlaceholderStr", 3)
    aside = book.table("s47_enquiry").filter(s47e_s47_enquiry_id="Q2")["set_aside"].to_list()[0]
    assert "s47e_s47_end_date" in aside


def test_the_caseload_of_one_day_is_told_and_not_used(read):
    rows = [{"prof_professional_id": "W1", "prof_professional_caseload": "17"}]
    (entry,) = found(read(professionals=rows), "caseload-one-day")
    assert entry["column"] == "prof_professional_caseload"
    assert entry["child_id"] is None


def test_a_surname_that_says_duplicate_is_told_and_no_name_is_kept(read):
    book = read(person=[{**PERSON, "pers_surname": "Duplicate - Hopkins"}])
    (entry,) = found(book, "duplicate-child")
    assert entry["child_id"] == "1"
    assert "Hopkins" not in str(book.quarantine.rows())


def test_teams_by_number_and_by_name_in_one_column_are_told_and_both_understood(read):
    teams = [
        {"dept_team_id": "T1", "dept_team_name": "North"},
        {"dept_team_id": "T2", "dept_team_name": "South"},
    ]
    rows = [
        {**REFERRAL, "cine_referral_team": "T1"},
        {**REFERRAL, "cine_referral_id": "R2", "cine_referral_team": "South"},
    ]
    book = read(department=teams, cin_episodes=rows)
    (entry,) = found(book, "team-id-or-name")
    assert entry["column"] == "cine_referral_team"
    assert book.table("cin_episodes")["team"].to_list() == ["North", "South"]


def test_the_target_date_is_held_against_ours(read):
    wrong = {**CONFERENCE, "icpc_icpc_id": "I2", "icpc_icpc_target_date": "2026-02-03 00:00:00"}
    book = read(
        cin_episodes=[REFERRAL], s47_enquiry=[ENQUIRY], initial_cp_conference=[CONFERENCE, wrong]
    )
    checked = with_targets_checked(book)
    (entry,) = found(checked, "target-date-differs")
    assert entry["source_row"] == 3
    assert "is 3 Feb 2026" in entry["reason"]
    assert "is 2 Feb 2026" in entry["reason"]
    assert with_targets_checked(checked).quarantine.height == checked.quarantine.height


# An outcome column as the case systems write it, and whether a conference came of the enquiry.
OUTCOMES = [
    ('{"CP_CONFERENCE_FLAG": "Y"}', True, "SystemC"),
    ('{"CP_CONFERENCE_FLAG": "N", "NFA_FLAG": "Y"}', False, "SystemC"),
    ('{"OUTCOME_CP_CONFERENCE_FLAG": 1}', True, "Eclipse"),
    ('{"outcome_cp_conference_flag": "No"}', False, "keys in any case"),
    ("Initial CP Conference, Legal action", True, "Mosaic: words with commas between"),
    ("No further action", False, "Mosaic"),
    ('["ICPC"]', True, "a list"),
    ('{"CP_CONFERENCE_FLAG": ""}', None, "every key is there, whether or not it has an answer"),
    ("{}", None, "nothing said"),
    ("", None, "nothing said"),
]


@pytest.mark.parametrize(("text", "conference", "because"), OUTCOMES)
def test_an_outcome_is_read_whichever_case_system_wrote_it(text, conference, because):
    assert outcome(text, "conference") is conference, because


FACTORS = [
    ('["2B", "4B"]', "2B,4B"),
    ('{"1A": "Yes", "2C": "No", "3A": ""}', "1A"),
    ('{"1A": "Physical disability"}', "1A"),
    ("18B; 3A", "18B,3A"),
    ("[", None),
    ("none known", None),
]


@pytest.mark.parametrize(("text", "codes"), FACTORS)
def test_factors_are_read_as_a_list_or_an_object(text, codes):
    assert factors(text) == codes


def test_an_enquiry_still_open_does_not_say_that_no_conference_is_needed(read):
    open_ = {
        **ENQUIRY,
        "s47e_s47_end_date": "",
        "s47e_s47_outcome_json": '{"CP_CONFERENCE_FLAG": "N"}',
    }
    ended = {**open_, "s47e_s47_enquiry_id": "Q2", "s47e_s47_end_date": "2026-01-20"}
    book = read(cin_episodes=[REFERRAL], s47_enquiry=[open_, ended])
    assert book.table("s47_enquiry")["s47e_icpc_not_required"].to_list() == [None, True]


def test_columns_of_another_case_system_are_found_by_its_names(read):
    mosaic = {
        "workflow_step_id": "9",
        "person_id": "1",
        "registration_id": "P1",
        "due_date": "2026-04-30",
        "actual_date": "2026-03-30",
        "quorate": "Y",
    }
    book = read(cp_plans=[PLAN], cp_reviews=[mosaic])
    review = book.table("cp_reviews").row(0, named=True)
    assert review["cppr_cp_review_date"] == date(2026, 3, 30)
    assert review["cppr_cp_plan_id"] == "P1"
    assert any("actual_date" in note for note in book.notes)


def test_a_row_without_a_child_takes_the_child_of_its_plan(read):
    visit = {k: v for k, v in VISIT.items() if k != "cppv_person_id"}
    lost = {**visit, "cppv_cp_visit_id": "V2", "cppv_cp_plan_id": "P999"}
    book = read(cp_plans=[PLAN], cp_visits=[visit, lost])
    assert book.table("cp_visits")["cppv_person_id"].to_list() == ["1"]
    (entry,) = found(book, "no-child-through-parent")
    assert (entry["level"], entry["source_row"]) == ("row", 3)


def test_a_visit_without_a_plan_is_placed_by_child_and_date(read):
    book = read(cp_plans=[PLAN], cp_visits=[{**VISIT, "cppv_cp_plan_id": ""}])
    assert book.table("cp_visits")["cppv_cp_plan_id"].to_list() == ["P1"]
    assert book.quarantine.is_empty()


def test_a_number_that_children_share_does_not_join_them(read):
    brother = {**PERSON, "pers_person_id": "2"}
    plans = [PLAN, {**PLAN, "cppl_person_id": "2", "cppl_icpc_id": ""}]
    visits = [VISIT, {**VISIT, "cppv_cp_visit_id": "V2", "cppv_person_id": "2"}]
    book = read(person=[PERSON, brother], cp_plans=plans, cp_visits=visits)
    assert book.table("cp_plans")["cppl_cp_plan_id"].to_list() == ["P1/1", "P1/2"]
    assert book.table("cp_visits")["cppv_cp_plan_id"].to_list() == ["P1/1", "P1/2"]


def test_rows_of_one_identifier_that_differ_leave_one_without_what_they_differ_in(read):
    book = read(cp_plans=[PLAN, {**PLAN, "cppl_cp_plan_end_date": "2026-03-02"}])
    assert book.table("cp_plans").height == 1
    assert [e["level"] for e in found(book, "same-id-again")] == ["row"]
    assert "cppl_cp_plan_end_date" in book.table("cp_plans")["set_aside"].to_list()[0]


def test_episodes_of_care_make_one_period(read):
    first = {
        **CARE,
        "clae_cla_episode_ceased_date": "2025-06-02",
        "clae_cla_episode_ceased_reason": "X1",
    }
    second = {**CARE, "clae_cla_episode_id": "E2", "clae_cla_episode_start_date": "2025-06-02"}
    book = read(cla_episodes=[first, second])
    (period,) = book.table("cla_episodes").rows(named=True)
    assert period["clae_entered_care_date"] == date(2025, 3, 3)
    assert period["clae_cla_episode_ceased_date"] is None
    ended = {
        **second,
        "clae_cla_episode_ceased_date": "2025-12-01",
        "clae_cla_episode_ceased_reason": "E4A",
    }
    (period,) = read(cla_episodes=[first, ended]).table("cla_episodes").rows(named=True)
    assert period["clae_cla_episode_ceased_date"] == date(2025, 12, 1)


def test_the_case_worker_at_the_extract_holds_what_names_no_worker(read):
    workers = [
        {"prof_professional_id": f"W{i}", "prof_professional_name": n}
        for i, n in enumerate(["Ann", "Ben", "Cy"])
    ]
    held = {
        "invo_person_id": "1",
        "invo_professional_role_id": "CW",
        "invo_professional_team": "T1",
    }
    rows = [
        {
            **held,
            "invo_involvements_id": "1",
            "invo_professional_id": "W0",
            "invo_involvement_start_date": "2025-01-01",
            "invo_involvement_end_date": "2026-02-01",
        },
        {
            **held,
            "invo_involvements_id": "2",
            "invo_professional_id": "W1",
            "invo_involvement_start_date": "2026-02-01",
            "invo_involvement_end_date": "",
        },
        {
            **held,
            "invo_involvements_id": "3",
            "invo_professional_id": "W2",
            "invo_involvement_start_date": "2026-03-01",
            "invo_involvement_end_date": "",
            "invo_professional_role_id": "IRO",
        },
    ]
    teams = [{"dept_team_id": "T1", "dept_team_name": "North"}]
    book = read(professionals=workers, department=teams, involvements=rows, cp_plans=[PLAN])
    assert book.table("cp_plans").select("team", "worker").row(0) == ("North", "Ben")
    assert book.table("involvements")["worker"].to_list() == ["Ann", "Ben", "Cy"]


def test_the_extracts_own_latest_date_is_its_date(tmp_path):
    visits = [
        {**VISIT, "cppv_cp_visit_id": f"V{i}", "cppv_cp_visit_date": f"2026-03-{i + 10}"}
        for i in range(9)
    ]
    folder = write(
        tmp_path / "s",
        {
            "ssd_person": [PERSON],
            "ssd_cp_plans": [PLAN],
            "ssd_cp_visits": [*visits, {**VISIT, "cppv_cp_visit_date": "2062-01-01"}],
        },
    )
    book = read_ssd(folder)
    assert book.as_at == date(2026, 3, 18)
    assert book.as_at_reason == "the latest date in the extract"


def test_a_persons_flags_come_from_their_own_tables(read):
    book = read(
        disability=[
            {"disa_table_id": "1", "disa_person_id": "1", "disa_disability_code": "NONE"},
            {"disa_table_id": "2", "disa_person_id": "1", "disa_disability_code": "MOB"},
        ],
        immigration_status=[
            {
                "immi_immigration_status_id": "1",
                "immi_person_id": "1",
                "immi_immigration_status": "Unaccompanied Asylum Seeking Child",
            }
        ],
    )
    person = book.table("person").row(0, named=True)
    assert (person["pers_disability"], person["pers_uasc"]) == (True, True)


def test_the_same_extract_gives_the_same_casebook(read):
    first, again = (
        read(cp_plans=[PLAN], cp_visits=[VISIT]),
        read(cp_plans=[PLAN], cp_visits=[VISIT]),
    )
    assert first.sha256 == again.sha256
    assert all(first.table(n).equals(again.table(n)) for n in first.tables)
    assert pl.concat([first.quarantine, again.quarantine]).is_empty()


def test_the_quality_of_every_column_is_counted_over_the_rows_there_are(read):
    second = {
        **CARE,
        "clae_cla_episode_id": "E2",
        "clae_cla_episode_start_date": "2025-06-02 00:00:00",
    }
    first = {**CARE, "clae_cla_episode_ceased_date": "2025-06-02"}
    check = {
        "clah_health_check_id": "1",
        "clah_person_id": "1",
        "clah_health_check_type": "Health Assessment",
        "clah_health_check_date": "2025-05-01",
    }
    report = quality_report(read(cla_episodes=[first, second], cla_health=[check]))
    by_column = report.by_column.filter(pl.col("source_list") != "ssd_person")
    assert by_column["blank"].min() >= 0
    rows = {(r["source_list"], r["column"]): r for r in by_column.rows(named=True)}
    assert rows["ssd_cla_episodes", "clae_entered_care_date"]["rows"] == 1
    assert rows["ssd_cla_health", "clah_health_check_date"]["filled"] == 1
