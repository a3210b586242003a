"""A folder with an Annex A workbook beside CSV files is two sources: neither is read by chance."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

import upturn
from upturn.records.annex_a.layout import annex_a
from upturn.records.beside import refuse_two_sources
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
    refuse_two_sources(tmp_path)


def test_the_results_beside_an_extract_do_not_hide_it(tmp_path: Path) -> None:
    upturn.demo(out=tmp_path, seed=3)
    with pytest.raises(SourceError, match=r"annex_a\.xlsx and the files clocks"):
        upturn.check(tmp_path)
