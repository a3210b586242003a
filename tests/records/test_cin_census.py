"""The children in need census: what is read, what is set aside, and where each row stands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import census_xml as made
import polars as pl
import pytest

from upturn.records.casebook import Casebook
from upturn.records.cin_census.collect import ENOUGH
from upturn.records.cin_census.layout import census
from upturn.records.cin_census.reader import read_cin_census
from upturn.records.read import read_source
from upturn.records.tables import TABLES

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def read(folder: Path, *children: str, **header: str) -> Casebook:
    return read_cin_census(made.written(folder, *children, **header))


def found(book: Casebook, check: str) -> list[tuple[object, ...]]:
    """Where a check found something: kind of record, line, element."""
    rows = book.quarantine.filter(check=check)
    return rows.select("level", "source_list", "source_row", "column").rows()


def only(table: pl.DataFrame, *fields: str) -> tuple[object, ...]:
    assert table.height == 1
    return table.select(*fields).row(0)


@pytest.fixture
def whole(tmp_path: Path) -> Casebook:
    """One child with one of everything."""
    inside = (
        made.assessment("2026-01-06", "2026-02-20", "3A", "16A")
        + "<CINPlanDates><CINPlanStartDate>2026-02-20</CINPlanStartDate></CINPlanDates>\n"
        + made.enquiry("2026-01-12", "2026-01-30")
        + made.plan("2026-01-30", "2026-03-18")
    )
    who = "<PersonBirthDate>2015-03-27</PersonBirthDate><Sex>F</Sex>"
    return read(tmp_path, made.child(made.episode(inside), who=who))


def test_the_reference_date_is_the_day_and_says_so(whole):
    assert (whole.as_at, whole.as_at_reason) == (
        date(2026, 3, 31),
        "the reference date of the census",
    )
    assert whole.source == "cin_census"


def test_each_block_fills_its_table_and_names_what_it_is_nested_in(whole):
    episode = only(whole.table("cin_episodes"), "cine_referral_id")[0]
    plan = only(whole.table("cp_plans"), "cppl_cp_plan_id")[0]
    enquiry = only(whole.table("s47_enquiry"), "s47e_s47_enquiry_id")[0]
    assert only(whole.table("cin_assessments"), "cina_referral_id", "cina_assessment_auth_date",
                "cina_assessment_factors") == (episode, date(2026, 2, 20), "3A,16A")  # fmt: skip
    assert only(whole.table("s47_enquiry"), "s47e_referral_id", "s47e_icpc_not_required") == (
        episode,
        False,
    )
    assert only(whole.table("initial_cp_conference"), "icpc_s47_enquiry_id", "icpc_referral_id",
                "icpc_icpc_date", "icpc_icpc_transfer_in") == (
        enquiry, episode, date(2026, 1, 30), False)  # fmt: skip
    assert only(whole.table("cp_plans"), "cppl_referral_id", "cppl_cp_plan_initial_category") == (
        episode,
        "NEG",
    )
    assert only(whole.table("cp_reviews"), "cppr_cp_plan_id", "cppr_cp_review_date") == (
        plan,
        date(2026, 3, 18),
    )
    assert only(whole.table("cin_plans"), "cinp_referral_id") == (episode,)
    assert only(whole.table("person"), "pers_sex", "pers_dob") == ("F", date(2015, 3, 27))


def test_a_row_is_named_by_its_line(tmp_path):
    path = made.written(tmp_path, made.child(made.episode(made.plan("2026-01-30"))))
    lines = path.read_text("utf-8").splitlines()
    label, line = only(read_cin_census(path).table("cp_plans"), "source_list", "source_row")
    assert (label, lines[line - 1]) == ("Census: child protection plans", "<ChildProtectionPlans>")


def test_what_the_census_does_not_hold_is_absent_and_what_it_holds_is_not(whole):
    absent = whole.absent_fields
    assert {"cont_contact_date", "cppv_cp_visit_date", "cina_assessment_child_seen",
            "icpc_icpc_outcome_cp_flag", "cinp_case_status", "clae_entered_care_date"} <= absent  # fmt: skip
    filled = {
        name
        for table in TABLES.values()
        for name in table.columns
        if whole.table(table.name)[name].null_count() < whole.table(table.name).height
    }
    assert not absent & filled
    assert set(whole.history.values()) == {"complete"}


def test_a_conference_dated_in_the_episode_itself_is_a_transfer_in(tmp_path):
    book = read(
        tmp_path, made.child(made.episode(more="<DateOfInitialCPC>2026-02-03</DateOfInitialCPC>"))
    )
    assert only(book.table("initial_cp_conference"), "icpc_s47_enquiry_id", "icpc_icpc_date",
                "icpc_icpc_transfer_in") == (None, date(2026, 2, 3), True)  # fmt: skip


@pytest.mark.parametrize(
    ("spelling", "flag"), [("1", True), ("0", False), ("true", True), ("false", False)]
)
def test_both_spellings_of_yes_and_no_are_read(tmp_path, spelling, flag):
    book = read(
        tmp_path,
        made.child(made.episode(made.enquiry("2026-01-12", not_required=spelling), nfa=spelling)),
    )
    assert only(book.table("s47_enquiry"), "s47e_icpc_not_required") == (flag,)
    assert only(book.table("cin_episodes"), "cine_referral_nfa") == (flag,)


@pytest.mark.parametrize(
    ("element", "year", "sex"),
    [
        ("<Sex>M</Sex>", "2026", "M"),
        ("<Sex>U</Sex>", "2025", "U"),
        ("<GenderCurrent>1</GenderCurrent>", "2024", "M"),
        ("<GenderCurrent>2</GenderCurrent>", "2024", "F"),
        ("<GenderCurrent>0</GenderCurrent>", "2024", "U"),
        ("<GenderCurrent>9</GenderCurrent>", "2024", "N"),
        ("<Sex>1</Sex>", "2026", "M"),
    ],
)
def test_sex_and_gender_are_one(tmp_path, element, year, sex):
    book = read(tmp_path, made.child(made.episode(), who=element), year=year)
    assert only(book.table("person"), "pers_sex") == (sex,)


@pytest.mark.parametrize(
    ("codes", "disabled"),
    [
        (["NONE"], False),
        (["HAND", "HEAR"], True),
        (["NONE", "LD"], True),
        (["NOBODY"], None),
        ([], None),
    ],
)
def test_any_kind_of_disability_is_a_yes(tmp_path, codes, disabled):
    block = "".join(f"<Disability>{c}</Disability>" for c in codes)
    more = f"<ChildCharacteristics><Disabilities>{block}</Disabilities></ChildCharacteristics>"
    book = read(tmp_path, made.child(made.episode(), more=more))
    assert only(book.table("person"), "pers_disability") == (disabled,)
    assert bool(found(book, "value-not-understood")) == (codes == ["NOBODY"])


def test_namespace_case_order_comments_and_stray_text_make_no_difference(tmp_path):
    plain = made.text(made.child(made.episode(made.assessment("2026-01-06", "2026-02-20"))))
    odd = plain.replace("<Message>", '<Message xmlns="urn:somewhere">', 1)
    odd = odd.replace("LAchildID", "LaChildId").replace("<ReferralSource>", "oops<ReferralSource>")
    before, episode = (
        odd.split("<CINdetails>")[0],
        odd[odd.index("<CINdetails>") : odd.index("</Child>")],
    )
    start = before.index("<ChildIdentifiers>")
    odd = (
        before[:start] + episode + "<!-- a note -->" + before[start:] + odd[odd.index("</Child>") :]
    )
    (tmp_path / "odd.xml").write_text(odd, encoding="utf-8")
    (tmp_path / "plain.xml").write_text(plain, encoding="utf-8")
    first, second = (read_cin_census(tmp_path / name) for name in ("plain.xml", "odd.xml"))
    for name in ("cin_episodes", "cin_assessments", "person"):
        own = list(TABLES[name].columns)
        assert first.table(name).select(own).equals(second.table(name).select(own))
    assert any("text stands between" in note for note in second.notes)
    assert not any("text stands between" in note for note in first.notes)


def test_what_has_no_place_in_the_form_is_passed_over_and_reported(tmp_path):
    block = "<PreProceedingsandFGDM><PPStartDate>2026-01-01</PPStartDate></PreProceedingsandFGDM>"
    book = read(
        tmp_path, made.child(made.episode(block)), made.child(made.episode(block), child_id="C2")
    )
    said = [note for note in book.notes if "PreProceedingsandFGDM" in note]
    assert len(said) == 1
    assert said[0].startswith("2 elements CINdetails/PreProceedingsandFGDM, first on line 12")
    assert sum(c.quarantined for c in book.counts) == 0


def entry(*blocks: str, **about: str) -> str:
    return made.child(made.episode(*blocks, **about))


SATURDAY, SUNDAY = "2026-01-31", "2026-02-01"
TWO = "<NumberOfPreviousCPP>two</NumberOfPreviousCPP><Reviews>"
CLOSED_TWICE = (
    "<CINclosureDate>2026-02-01</CINclosureDate><CINclosureDate>2026-02-09</CINclosureDate>"
)


def test_what_stands_beside_the_children_is_passed_over_and_reported(tmp_path):
    path = made.written(tmp_path, made.child(made.episode()), "<Odd/>\n", made.child(child_id="C2"))
    path.write_text(path.read_text("utf-8").replace("</Message>", "<Extra/></Message>"), "utf-8")
    notes = read_cin_census(path).notes
    assert "Element Children/Odd on line 15 passed over." in notes
    assert "Element Extra on line 23 passed over." in notes


# What cannot be trusted, the check that finds it, and what becomes of it.
FAULTS = [
    ("no identifier", made.child(made.episode(), child_id=""), "no-child-id", "row"),
    ("a date that is none", entry(referred="2026-02-30"), "no-key-date", "row"),
    ("after the reference date", entry(referred="2026-04-01"), "no-key-date", "row"),
    ("ends before it starts", entry(made.assessment("2026-02-02", "2026-01-02")),
     "out-of-sequence", "cell"),
    ("authorised after the reference date", entry(made.assessment("2026-02-02", "2026-05-01")),
     "date-after-extract", "cell"),
    ("a conference on a Saturday (rule 8875)", entry(made.enquiry("2026-01-12", SATURDAY)),
     "conference-on-weekend", "cell"),
    ("a transfer-in conference on a Sunday",
     entry(more=f"<DateOfInitialCPC>{SUNDAY}</DateOfInitialCPC>"), "conference-on-weekend", "cell"),
    ("a code no form has", entry(more="<PrimaryNeedCode>Q7</PrimaryNeedCode>"),
     "value-not-understood", "cell"),
    ("a number that is none", entry(made.plan("2026-01-30").replace("<Reviews>", TWO)),
     "number-not-understood", "cell"),
    ("two dates where one belongs", entry(more=CLOSED_TWICE), "date-not-understood", "cell"),
    ("the same episode twice", made.child(made.episode(), made.episode()), "duplicate-row", "row"),
    ("one child twice", entry() + entry(referred="2026-02-02"), "child-twice", "note"),
    ("a factor that is none", entry(made.assessment("2026-01-06", "2026-02-02", "3A", "RB")),
     "code-left-out", "note"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("children", "check", "level"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_what_cannot_be_trusted_goes_to_quarantine_with_its_line(tmp_path, children, check, level):
    book = read(tmp_path, children)
    places = found(book, check)
    assert places
    assert {place[0] for place in places} == {level}
    lines = made.text(children).splitlines()
    blocks = {r.label: r.block for r in census().records}
    for _, label, line, _ in places:
        assert f"<{blocks[str(label)]}>" in lines[line - 1]


def test_a_child_in_two_entries_is_one_child_with_both_episodes(tmp_path):
    book = read(
        tmp_path, made.child(made.episode()), made.child(made.episode(referred="2026-02-02"))
    )
    assert book.table("person").height == 1
    assert book.table("cin_episodes").height == 2
    assert sum(c.quarantined for c in book.counts) == 0


def test_what_a_copy_of_an_episode_has_more_is_kept_under_the_first(tmp_path):
    first, more = made.assessment("2026-01-06", "2026-02-20"), made.enquiry("2026-02-02")
    book = read(tmp_path, made.child(made.episode(first), made.episode(first, more)))
    episode = only(book.table("cin_episodes"), "cine_referral_id")
    assert only(book.table("s47_enquiry"), "s47e_referral_id") == episode
    assert only(book.table("cin_assessments"), "cina_referral_id") == episode
    assert len(found(book, "duplicate-row")) == 2


@pytest.mark.parametrize(
    ("year", "more", "noted"),
    [
        ("2022", "<ReferralSource>5D</ReferralSource>", True),
        ("2023", "<ReferralSource>5D</ReferralSource>", False),
        ("2022", "<ReasonForClosure>RC9</ReasonForClosure>", True),
        ("2023", "<ReasonForClosure>RC9</ReasonForClosure>", False),
        ("2020", made.assessment("2020-01-06", "2020-02-20", "18B"), True),
        ("2021", made.assessment("2021-01-06", "2021-02-22", "18B"), False),
        ("2021", made.assessment("2021-01-06", "2021-02-22", "24A"), True),
        ("2022", made.assessment("2022-01-06", "2022-02-22", "24A"), False),
    ],
)
def test_a_code_of_a_later_form_is_noted_and_used(tmp_path, year, more, noted):
    entry = made.child(made.episode(referred=f"{year}-01-05", more=more))
    if "ReferralSource" in more:
        entry = entry.replace("<ReferralSource>6</ReferralSource>", "")
    book = read(tmp_path, entry, year=year, reference=f"{year}-03-31")
    assert bool(found(book, "code-not-in-form")) == noted
    assert book.quarantine.filter(level="cell").is_empty()


def test_an_element_none_of_many_records_has_is_not_held(tmp_path):
    many = [
        made.child(made.episode(made.plan("2025-06-02")), child_id=f"C{n}") for n in range(ENOUGH)
    ]
    book = read(tmp_path, *many)
    assert {"cppr_cp_review_date", "cine_close_date"} <= book.absent_fields
    assert f"Census: child protection plans: none of the {ENOUGH} has CPPendDate." in book.absent
    few = read(tmp_path, *many[: ENOUGH - 1])
    assert "cine_close_date" not in few.absent_fields


@pytest.mark.parametrize("name", ["BAR_cin_2022.xml", "CIN_Census_2021.xml", "CIN_Census_2024.xml"])
def test_the_samples_of_the_field_are_read_with_every_row_accounted_for(name):
    path = SHARED / "samples" / name
    if not path.is_file():
        pytest.skip("the samples are not here")
    book = read_source(path)
    assert book.source == "cin_census"
    assert sum(c.rows_in for c in book.counts) == (10 if name == "CIN_Census_2024.xml" else 7)
    assert sum(c.quarantined for c in book.counts) == book.quarantine.filter(level="row").height
    assert any("text stands between" in note for note in book.notes) == (name != "BAR_cin_2022.xml")


def test_the_codes_are_those_of_the_forms():
    path = SHARED / "extracted" / "cin_codesets_2017_2026.csv"
    if not path.is_file():
        pytest.skip("the code sets are not here")
    sets = {"assessmentfactorstype": "AssessmentFactors", "categoryofabusetype": "LatestCategoryOfAbuse",
            "disabilitytype": "Disability", "ethnicitytype": "Ethnicity", "gendertype": "GenderCurrent",
            "primaryneedcodetype": "PrimaryNeedCode", "reasonforclosuretype": "ReasonForClosure",
            "referralsourcetype": "ReferralSource", "sextype": "Sex"}  # fmt: skip
    told = pl.read_csv(path, infer_schema=False).filter(pl.col("type").is_in(list(sets)))
    for (name,), rows in told.group_by("type"):
        codes = census().codes[sets[str(name)]]
        first = dict(zip(rows["code"], rows["first_year"].cast(pl.Int64), strict=True))
        assert codes.known() == set(first), name
        if name != "sextype":
            assert {c: y for c, y in first.items() if y > 2017 and c != "N1"} == dict(
                codes.since
            ), name
