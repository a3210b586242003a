"""Whatever is given as the Standard Safeguarding Dataset: one clear line, or quarantine; nothing lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ssd_tables import PERSON, PLAN, VISIT, many, write

from upturn.records.casebook import Casebook
from upturn.records.read import read_source
from upturn.records.sheets import SourceError
from upturn.records.ssd.folder import is_ssd
from upturn.records.ssd.reader import read_ssd

AS_AT = date(2026, 4, 1)


def add_up(book: Casebook) -> None:
    """Rows in are rows accepted and rows quarantined, for each table."""
    out = book.quarantine.filter(level="row")
    for count in book.counts:
        assert count.rows_in == count.accepted + count.quarantined
        here = out.filter(source_list=count.source_list, source_file=count.source_file)
        assert here.height == count.quarantined, count.source_list


def one_line(error: pytest.ExceptionInfo[SourceError]) -> str:
    message = str(error.value)
    assert "\n" not in message
    assert "Traceback" not in message
    assert len(message) < 300
    return message


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(SourceError) as error:
        read_ssd(tmp_path)
    assert "no table" in one_line(error)


def test_a_folder_of_other_files_is_refused(tmp_path):
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SourceError) as error:
        read_ssd(tmp_path)
    one_line(error)


def test_files_of_no_bytes_are_refused_by_name_when_nothing_is_left(tmp_path):
    with pytest.raises(SourceError) as error:
        read_ssd(write(tmp_path / "s", {"ssd_person": [], "ssd_cp_plans": []}))
    one_line(error)


def test_a_file_of_no_bytes_among_others_is_told_and_its_table_is_absent(tmp_path):
    book = read_ssd(
        write(
            tmp_path / "s", {"ssd_person": [PERSON], "ssd_cp_plans": [PLAN], "ssd_cp_visits": []}
        ),
        as_at=AS_AT,
    )
    assert any("ssd_cp_visits.csv is empty" in note for note in book.notes)
    assert "cppv_cp_visit_date" in book.absent_fields
    add_up(book)


def test_a_table_with_the_wrong_columns_is_in_quarantine_row_by_row(tmp_path):
    wrong = [{"visit": "1", "when": "2026-02-05"}, {"visit": "2", "when": "2026-02-06"}]
    folder = write(
        tmp_path / "s", {"ssd_person": [PERSON], "ssd_cp_plans": [PLAN], "ssd_cp_visits": wrong}
    )
    book = read_ssd(folder, as_at=AS_AT)
    entries = book.quarantine.filter(check="no-needed-column")
    assert entries.height == 2
    assert set(entries["source_list"]) == {"ssd_cp_visits"}
    assert "cppv_cp_visit_date" in book.absent_fields
    add_up(book)


def test_tables_of_wrong_columns_only_are_refused(tmp_path):
    with pytest.raises(SourceError) as error:
        read_ssd(write(tmp_path / "s", {"ssd_person": [{"a": "1"}], "ssd_cp_plans": [{"b": "2"}]}))
    one_line(error)


def test_a_table_without_its_date_column_is_in_quarantine(tmp_path):
    visit = {k: v for k, v in VISIT.items() if k != "cppv_cp_visit_date"}
    book = read_ssd(
        write(tmp_path / "s", {"ssd_person": [PERSON], "ssd_cp_visits": [visit]}), as_at=AS_AT
    )
    (entry,) = book.quarantine.filter(check="no-needed-column").rows(named=True)
    assert "cppv_cp_visit_date" in entry["reason"]
    add_up(book)


def test_headers_without_rows_are_a_table_without_rows(tmp_path):
    folder = write(tmp_path / "s", {"ssd_person": [PERSON], "ssd_cp_plans": [PLAN]})
    (folder / "ssd_cp_visits.csv").write_text(",".join(VISIT) + "\n")
    book = read_ssd(folder, as_at=AS_AT)
    assert book.table("cp_visits").is_empty()
    assert "cppv_cp_visit_date" not in book.absent_fields
    add_up(book)


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"PAR1" + b"\x00" * 50 + b"PAR1", b"not parquet at all"]
)
def test_what_is_called_parquet_and_is_none_is_refused_by_name(tmp_path, content):
    folder = write(tmp_path / "s", {"ssd_person": [PERSON], "ssd_cp_plans": [PLAN]})
    (folder / "ssd_cp_visits.parquet").write_bytes(content)
    if not content:  # an empty file is an empty file, whatever its name
        assert any(
            "ssd_cp_visits.parquet is empty" in n for n in read_ssd(folder, as_at=AS_AT).notes
        )
        return
    with pytest.raises(SourceError) as error:
        read_ssd(folder)
    assert "ssd_cp_visits.parquet" in one_line(error)


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, b"%PDF-1.7", b"PK\x03\x04" + b"\x00" * 40]
)
def test_what_is_called_csv_and_is_none_is_refused_by_name(tmp_path, content):
    folder = write(tmp_path / "s", {"ssd_person": [PERSON]})
    (folder / "ssd_cp_visits.csv").write_bytes(content)
    with pytest.raises(SourceError) as error:
        read_ssd(folder)
    assert "ssd_cp_visits.csv" in one_line(error)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_encoding_of_western_text_is_read(tmp_path, encoding):
    teams = [{"dept_team_id": "T1", "dept_team_name": "Zoë’s team"}]
    plans = [{**PLAN, "cppl_cp_plan_id": "P1"}]
    folder = write(
        tmp_path / encoding,
        {"ssd_person": [PERSON], "ssd_cp_plans": plans, "ssd_department": teams},
        encoding=encoding,
    )
    book = read_ssd(folder, as_at=AS_AT)
    assert book.table("department")["dept_team_name"].to_list() == ["Zoë’s team"]
    assert book.quarantine.is_empty()


def test_names_of_files_may_be_in_any_case_and_without_ssd(tmp_path):
    folder = write(
        tmp_path / "s", {"SSD_Person": [PERSON], "CP_PLANS": [PLAN], "ssd_cp_visits": [VISIT]}
    )
    assert is_ssd(folder)
    assert read_source(folder, as_at=AS_AT).source == "ssd"


def test_a_folder_of_annex_a_lists_is_not_taken_for_the_dataset(tmp_path):
    lists = {
        "contacts": [{"Child Unique ID": "1", "Date of Contact": "01/04/2026"}],
        "missing": [{"Child Unique ID": "1", "Start": "01/04/2026"}],
    }
    assert not is_ssd(write(tmp_path / "s", lists))


def test_a_table_that_comes_twice_is_read_once(tmp_path):
    folder = write(
        tmp_path / "s", {"cp_plans": [PLAN], "ssd_cp_plans": [PLAN], "ssd_person": [PERSON]}
    )
    book = read_ssd(folder, as_at=AS_AT)
    assert book.table("cp_plans").height == 1
    assert book.quarantine.filter(check="second-sheet").height == 1
    assert len(book.counts) == 3
    add_up(book)


def test_parquet_of_any_type_of_column_is_read(tmp_path):
    (tmp_path / "s").mkdir()
    pl.DataFrame(
        {
            "pers_person_id": [1.0, 2.0],
            "pers_sex": ["F", "M"],
            "pers_dob": [date(2015, 5, 1), None],
        }
    ).write_parquet(tmp_path / "s" / "ssd_person.parquet")
    pl.DataFrame(
        {
            "cina_assessment_id": [7, 8],
            "cina_person_id": [1, 2],
            "cina_assessment_start_date": [date(2026, 1, 5)] * 2,
            "cina_assessment_child_seen": [True, False],
        }
    ).write_parquet(tmp_path / "s" / "ssd_cin_assessments.parquet")
    pl.DataFrame(
        {"cinf_assessment_id": [7], "cinf_assessment_factors_json": [["2B", "4B"]]}
    ).write_parquet(tmp_path / "s" / "assessment_factors.parquet")
    book = read_ssd(tmp_path / "s", as_at=AS_AT)
    assert book.table("person")["pers_person_id"].to_list() == ["1", "2"]
    rows = book.table("cin_assessments")
    assert rows["cina_assessment_child_seen"].to_list() == [True, False]
    assert rows["cina_assessment_factors"].to_list() == ["2B,4B", None]
    assert book.quarantine.is_empty()


def test_a_folder_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    folder = write(tmp_path / "s", {"ssd_person": [PERSON]})

    def denied(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(SourceError) as error:
        read_ssd(folder)
    assert "may not be read" in one_line(error)


CELLS = st.sampled_from(
    [
        "",
        "1",
        "2",
        "-1",
        "0",
        "P1",
        "P2",
        "NULL",
        "n/a",
        "2026-02-30",
        "2026-02-05 00:00:00",
        "31/12/2025",
        "Y",
        "N",
        "#N/A",
        "PlaceholderStr",
        "{",
        "[]",
        '{"CP_CONFERENCE_FLAG": 3}',
        "total",
        "x" * 500,
        "é\u200b",
        "\t",
        "99999",
    ]
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_the_cells_hold_nothing_is_lost(tmp_path_factory, data):
    def rows(row, n):
        cells = st.fixed_dictionaries({h: CELLS | st.just(str(v)) for h, v in row.items()})
        return [*data.draw(st.lists(cells, max_size=n)), row]

    tables = {
        "ssd_person": rows(PERSON, 3),
        "ssd_cp_plans": rows(PLAN, 5),
        "ssd_cp_visits": rows(VISIT, 8),
    }
    book = read_ssd(write(tmp_path_factory.mktemp("any") / "s", tables), as_at=AS_AT)
    add_up(book)
    for name in ("cp_plans", "cp_visits"):
        count = next(c for c in book.counts if c.source_list == f"ssd_{name}")
        assert book.table(name).height == count.accepted


def test_a_hundred_thousand_rows_are_read_in_seconds(tmp_path):
    import time

    visits = many(VISIT, "cppv_cp_visit_id", 100_000)
    folder = write(
        tmp_path / "s", {"ssd_person": [PERSON], "ssd_cp_plans": [PLAN], "ssd_cp_visits": visits}
    )
    start = time.process_time()
    book = read_ssd(folder, as_at=AS_AT)
    assert book.table("cp_visits").height == 100_000
    assert time.process_time() - start < 20
