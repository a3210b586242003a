"""A casebook written as the Standard Safeguarding Dataset says the same when it is read again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from ssd_tables import CONFERENCE, ENQUIRY, PERSON, PLAN, REFERRAL, VISIT, write

from upturn.records.casebook import Casebook
from upturn.records.read import read_source
from upturn.records.sheets import SourceError
from upturn.records.ssd.manifest import MANIFEST
from upturn.records.ssd.reader import read_ssd
from upturn.records.ssd.write import left_out, ssd_frames
from upturn.records.tables import PROVENANCE, TABLES
from upturn.synthetic import make_council
from upturn.synthetic.cin_census import write_cin_census
from upturn.synthetic.ssd.write import write_ssd

AS_AT = date(2026, 4, 1)
#: Of a row's place, only what is not where it stood in the file.
_PLACE = [name for name in PROVENANCE if name not in ("team", "worker", "set_aside")]


def again(book: Casebook, folder: Path) -> Casebook:
    """The casebook written and read."""
    folder.mkdir()
    for name, frame in ssd_frames(book).items():
        frame.write_csv(folder / f"{name}.csv")
    return read_ssd(folder, as_at=book.as_at)


def rows(book: Casebook, name: str) -> pl.DataFrame:
    return book.table(name).drop(_PLACE).sort(TABLES[name].key)


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> tuple[Casebook, Casebook]:
    folder = tmp_path_factory.mktemp("council")
    write_ssd(make_council(seed=3), folder / "first")
    book = read_ssd(folder / "first")
    return book, again(book, folder / "again")


@pytest.fixture
def read(tmp_path):
    """Read tables given as rows of text."""

    def reader(**tables) -> Casebook:
        named = {f"ssd_{name}": found for name, found in tables.items()}
        return read_ssd(write(tmp_path / "ssd", {"ssd_person": [PERSON], **named}), as_at=AS_AT)

    return reader


@pytest.mark.parametrize("name", TABLES)
def test_every_table_of_a_council_comes_back_as_it_was(name, both):
    before, after = both
    assert rows(after, name).equals(rows(before, name))


def test_nothing_is_lost_or_added_on_the_way(both):
    before, after = both
    assert left_out(before) == ()
    assert after.absent_fields == before.absent_fields
    assert after.quarantine.height == before.quarantine.height == 0


def test_a_census_too_comes_back_but_for_what_the_dataset_has_no_column_for(tmp_path):
    write_cin_census(make_council(seed=3), tmp_path / "census.xml")
    before = read_source(tmp_path / "census.xml")
    after = again(before, tmp_path / "again")
    lost = {"s47e_icpc_target_date", "cppl_previous_plans"}
    assert {word for said in left_out(before) for word in lost if word in said} == lost
    for name, table in TABLES.items():
        kept = [field for field in table.columns if field not in lost]
        assert rows(after, name).select(kept).equals(rows(before, name).select(kept)), name


# Answers that the dataset gives in another table or in words, and the field each is read to.
ANSWERS = [
    ("person", "pers_disability", "disability",
     [{"disa_table_id": "D1", "disa_person_id": PERSON["pers_person_id"], "disa_disability_code": "LD"}]),
    ("person", "pers_uasc", "immigration_status",
     [{"immi_immigration_status_id": "U1", "immi_person_id": PERSON["pers_person_id"],
       "immi_immigration_status": "UASC"}]),
    ("s47_enquiry", "s47e_icpc_not_required", "s47_enquiry",
     [{**ENQUIRY, "s47e_s47_end_date": "2026-01-20",
       "s47e_s47_outcome_json": '{"CP_CONFERENCE_FLAG": "N"}'}]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "field", "said_in", "cells"), ANSWERS, ids=[a[1] for a in ANSWERS]
)
def test_what_the_dataset_says_in_its_own_way_is_said_so_again(
    read, tmp_path, table, field, said_in, cells
):
    book = read(cin_episodes=[REFERRAL], **{said_in: cells})
    assert book.table(table)[field].to_list() == [True]
    assert again(book, tmp_path / "again").table(table)[field].to_list() == [True]


def test_factors_of_an_assessment_come_back(read, tmp_path):
    assessment = {
        "cina_assessment_id": "A1", "cina_person_id": PERSON["pers_person_id"],
        "cina_referral_id": REFERRAL["cine_referral_id"], "cina_assessment_start_date": "2026-01-05",
    }  # fmt: skip
    factors = {
        "cinf_table_id": "X", "cinf_assessment_id": "A1", "cinf_person_id": PERSON["pers_person_id"],
        "cinf_assessment_factors_json": '["2B", "4B"]',
    }  # fmt: skip
    book = read(cin_episodes=[REFERRAL], cin_assessments=[assessment], assessment_factors=[factors])
    found = again(book, tmp_path / "again").table("cin_assessments")["cina_assessment_factors"]
    assert found.to_list() == ["2B,4B"]


def test_what_was_set_aside_is_set_aside_again_and_never_read_as_not_done(read, tmp_path):
    enquiry = {**ENQUIRY, "s47e_s47_end_date": "when it ends"}
    book = read(cin_episodes=[REFERRAL], s47_enquiry=[enquiry], initial_cp_conference=[CONFERENCE])
    assert book.table("s47_enquiry")["set_aside"].to_list() == [["s47e_s47_end_date"]]
    after = again(book, tmp_path / "again").table("s47_enquiry")
    assert after["set_aside"].to_list() == [["s47e_s47_end_date"]]


def test_a_table_without_rows_is_written_and_one_not_held_is_not(read):
    frames = ssd_frames(replace(read(cp_plans=[PLAN], cp_visits=[VISIT]), tables={}))
    assert frames["ssd_cp_visits"].height == 0
    assert "cppv_cp_visit_date" in frames["ssd_cp_visits"].columns
    assert "ssd_cla_episodes" not in frames


def test_what_the_dataset_has_no_column_for_is_named(read):
    book = read(cp_plans=[PLAN])
    plans = book.table("cp_plans").with_columns(cppl_previous_plans=1.0)
    said = left_out(replace(book, tables={**book.tables, "cp_plans": plans}))
    assert said == ("The dataset has no column for cppl_previous_plans (cp_plans).",)


def test_a_casebook_of_latest_rows_is_refused(read):
    book = replace(read(cp_plans=[PLAN], cp_visits=[VISIT]), history={"cp_visits": "latest"})
    with pytest.raises(SourceError, match="only the latest row of cp_visits"):
        ssd_frames(book)


def test_a_folder_that_gives_its_date_is_read_on_it(tmp_path):
    folder = write(tmp_path / "ssd", {"ssd_person": [PERSON], "ssd_cin_episodes": [REFERRAL]})
    plain = read_ssd(folder)
    said = {"as_at": "2026-05-31", "notes": ["Simulated."], "beside": ["README.txt"]}
    (folder / MANIFEST).write_text(json.dumps(said))
    (folder / "README.txt").write_text("what it is")
    book = read_ssd(folder)
    assert (book.as_at, book.as_at_reason) == (
        date(2026, 5, 31), "the date the extract gives for itself",
    )  # fmt: skip
    assert book.notes == ("Simulated.",)
    assert book.sha256 != plain.sha256
    assert read_ssd(folder, as_at=AS_AT).as_at == AS_AT


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", '{"as_at": "soon"}', '{"as_at": 7}',
     '{"notes": "one"}', '{"beside": [1]}', '{"simulated": "no"}',
     "[" * 100_000, "\x00\xff"],
)  # fmt: skip
def test_a_manifest_that_cannot_be_understood_is_one_plain_error(tmp_path, text):
    folder = write(tmp_path / "ssd", {"ssd_person": [PERSON], "ssd_cin_episodes": [REFERRAL]})
    (folder / MANIFEST).write_bytes(text.encode("latin-1"))
    with pytest.raises(SourceError, match="cannot be understood") as caught:
        read_ssd(folder)
    assert "\n" not in str(caught.value)
