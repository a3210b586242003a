"""A folder with an Annex A workbook beside CSV files is two sources: neither is read by chance."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import ssd_tables
import xlsxwriter

import upturn
from upturn.records.annex_a.layout import annex_a
from upturn.records.beside import one_source
from upturn.records.own_outputs import OWN_OUTPUTS, is_own_output
from upturn.records.read import read_source
from upturn.records.sheets import SourceError

REFERRALS = next(layout for layout in annex_a() if layout.number == 2)
AS_AT = date(2026, 9, 30)
HEADERS = [column.header for column in REFERRALS.columns]


def workbook(path: Path, headers: list[str]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("List 2")
        sheet.write_row(0, 0, headers)
        sheet.write_row(1, 0, ["1"] * len(headers))


def csv(path: Path, headers: list[str]) -> None:
    path.write_text(
        ",".join(f'"{h}"' for h in headers) + "\n" + ",".join("1" for _ in headers) + "\n"
    )


@pytest.mark.parametrize("name", ["list 2.csv", "clocks.csv", "ssd_person.csv"])
def test_both_are_named_and_the_way_out_is_said(name: str, tmp_path: Path) -> None:
    workbook(tmp_path / "annex_a.xlsx", HEADERS)
    csv(tmp_path / name, HEADERS if name.startswith("list") else ["pers_person_id", "x"])
    with pytest.raises(SourceError) as caught:
        read_source(tmp_path)
    said = str(caught.value)
    assert "holds two sources: the Annex A workbook annex_a.xlsx" in said
    assert name in said
    assert str(tmp_path / "annex_a.xlsx") in said
    assert "\n" not in said


def test_each_by_itself_is_read(tmp_path: Path) -> None:
    workbook(tmp_path / "annex_a.xlsx", HEADERS)
    csv(tmp_path / "list 2.csv", HEADERS)
    assert read_source(tmp_path / "annex_a.xlsx", as_at=AS_AT).source_name == "annex_a.xlsx"
    (tmp_path / "files").mkdir()
    (tmp_path / "list 2.csv").rename(tmp_path / "files" / "list 2.csv")
    assert read_source(tmp_path / "files", as_at=AS_AT).source_name == "files"


def test_a_workbook_that_is_no_extract_is_left_out_with_a_note(tmp_path: Path) -> None:
    workbook(tmp_path / "notes.xlsx", ["Who", "What"])
    csv(tmp_path / "list 2.csv", HEADERS)
    (tmp_path / "broken.xls").write_bytes(b"\x00\x01\x02")
    (tmp_path / "~$annex_a.xlsx").write_bytes(b"lock")
    book = read_source(tmp_path, as_at=AS_AT)
    assert any("notes.xlsx" in note for note in book.notes)


@pytest.mark.parametrize("there", [("annex_a.xlsx",), ("list 2.csv",), ()])
def test_one_source_is_not_refused(there: tuple[str, ...], tmp_path: Path) -> None:
    for name in there:
        (workbook if name.endswith("xlsx") else csv)(tmp_path / name, HEADERS)
    assert one_source(tmp_path) == (tmp_path, "")


def test_the_one_dataset_in_a_folder_of_answers_is_read(tmp_path: Path) -> None:
    upturn.demo(out=tmp_path / "council", seed=3, format="ssd")
    book = read_source(tmp_path / "council")
    assert book.sha256 == read_source(tmp_path / "council" / "ssd").sha256
    assert book.notes[-1] == "Of the folder council, its folder ssd was read."


def test_which_of_two_datasets_was_meant_is_not_guessed(tmp_path: Path) -> None:
    for name in ("january", "july"):
        ssd_tables.write(tmp_path / "both" / name, {"ssd_person": [{"pers_person_id": "C1"}]})
    assert one_source(tmp_path / "both") == (tmp_path / "both", "")
    with pytest.raises(SourceError, match="it holds january, july"):
        read_source(tmp_path / "both")


def test_a_dataset_beside_tables_of_others_is_not_guessed(tmp_path: Path) -> None:
    ssd_tables.write(tmp_path / "s" / "inner", {"ssd_person": [{"pers_person_id": "C1"}]})
    csv(tmp_path / "s" / "list 2.csv", HEADERS)
    assert one_source(tmp_path / "s") == (tmp_path / "s", "")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an extract and what several commands wrote beside it."""
    folder = tmp_path_factory.mktemp("demo")
    upturn.demo(out=folder, seed=3)
    book = folder / "annex_a.xlsx"
    upturn.scorecard(book, out=folder)
    upturn.caseloads(book, workforce=folder / "workforce.csv", out=folder)
    upturn.quality(book, out=folder)
    upturn.sample.draw(book, population="enquiries", size=5, out=folder)
    return folder


def test_the_extract_is_read_beside_what_upturn_wrote(results: Path) -> None:
    book = read_source(results)
    assert book.source_name == "annex_a.xlsx"
    assert book.sha256 == read_source(results / "annex_a.xlsx").sha256
    assert book.notes[-1].startswith(
        f"Of the folder {results.name}, annex_a.xlsx was read; left out"
    )
    assert "by_check.csv" in book.notes[-1]


def test_every_table_that_upturn_writes_is_known_by_name_and_columns(results: Path) -> None:
    written = sorted(results.glob("*.csv"))
    assert len(written) > 15
    assert [file.name for file in written if not is_own_output(file)] == []


def test_every_name_of_a_table_in_the_code_that_writes_them_is_known() -> None:
    rendering = Path(upturn.__file__).parent / "render"
    named = {
        name
        for file in rendering.glob("*.py")
        for name in re.findall(r'"(\w+\.csv)"', file.read_text(encoding="utf-8"))
    }
    assert named - set(OWN_OUTPUTS) == {"list.csv"}, "list.csv stands in an example"


def test_a_list_of_the_council_by_the_name_of_an_answer_is_a_source(tmp_path: Path) -> None:
    workbook(tmp_path / "annex_a.xlsx", HEADERS)
    csv(tmp_path / "sample.csv", HEADERS)
    (tmp_path / "clocks.csv").write_text("child_id,episode_id,rule,due_on\n", encoding="utf-8-sig")
    with pytest.raises(SourceError, match=r"annex_a\.xlsx and the files sample\.csv\. Give"):
        read_source(tmp_path)


def test_two_workbooks_beside_answers_are_named(tmp_path: Path) -> None:
    for name in ("march.xlsx", "september.xlsx"):
        workbook(tmp_path / name, HEADERS)
    (tmp_path / "clocks.csv").write_text("child_id,episode_id,rule,due_on\n", encoding="utf-8-sig")
    with pytest.raises(
        SourceError, match=r"several Annex A workbooks: march\.xlsx, september\.xlsx"
    ):
        read_source(tmp_path)
