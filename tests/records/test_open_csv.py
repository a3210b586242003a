"""CSV files and folders of them: encodings, separators, quotes, and which rows are where."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from raw_workbooks import by_reference, write_xlsx

from upturn.records.sheets import Sheet, SourceError
from upturn.records.sources import open_source


def read(folder: Path, content: bytes | str, name: str = "list 1.csv") -> Sheet:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (sheet,) = open_source(path).sheets
    return sheet


PLAIN = "Child,Team\r\n1,Zoë’s £ team\r\n"
#: bytes, note, why
ENCODINGS = [
    (PLAIN.encode("utf-8"), (), "UTF-8"),
    (PLAIN.encode("utf-8-sig"), (), "UTF-8 with its mark"),
    (PLAIN.encode("utf-16"), ("read as UTF-16",), "UTF-16 with its mark"),
    (b"\xfe\xff" + PLAIN.encode("utf-16-be"), ("read as UTF-16",), "the other way round"),
    (PLAIN.encode("utf-16-le"), ("read as UTF-16",), "UTF-16 without its mark"),
    (PLAIN.encode("utf-16-be"), ("read as UTF-16",), "the other way round, without its mark"),
    (PLAIN.encode("cp1252"), ("read as Windows-1252",), "Windows-1252"),
]


@pytest.mark.parametrize(("content", "notes", "because"), ENCODINGS, ids=[e[2] for e in ENCODINGS])
def test_encodings(tmp_path: Path, content: bytes, notes: tuple[str, ...], because: str) -> None:
    sheet = read(tmp_path, content)
    assert sheet.cells.rows() == [("Child", "Team"), ("1", "Zoë’s £ team")]
    assert sheet.notes == notes


#: text, rows, why
TEXTS = [
    ("a;b\n1;2,5\n", [("a", "b"), ("1", "2,5")], "semicolons, with decimal commas"),
    ("a\tb, c\n1\t2\n", [("a", "b, c"), ("1", "2")], "tabs, with a comma in a header"),
    ("List 9, care leavers\nid,team,worker\n1,2,3\n",
     [(["List 9", " care leavers"][0], " care leavers", None), ("id", "team", "worker"),
      ("1", "2", "3")], "a title above the headers"),
    ("id;UASC, or formerly UASC;team\n1;2;3\n",
     [("id", "UASC, or formerly UASC", "team"), ("1", "2", "3")], "a comma within a header"),
    ("sep=;\na;b\n", [("a", "b")], "Excel's hint of the separator"),
    ('a,"b\r\nc"\r\n1,2\r\n', [("a", "b\r\nc"), ("1", "2")], "a line break in quotes"),
    ('a,"say ""so"""\n', [("a", 'say "so"')], "quotes in quotes"),
    ('a,5" pipe\n', [("a", '5" pipe')], "a stray quotation mark within a cell"),
    ("a,b\r1,2\r", [("a", "b"), ("1", "2")], "line ends of an old Macintosh"),
    ("a,b\n1\n1,2,3\n", [("a", "b", None), ("1", None, None), ("1", "2", "3")], "uneven rows"),
    ("a,b\n\n1,2\n", [("a", "b"), (None, None), ("1", "2")], "a blank line keeps its number"),
    ("a,b,,\n1,2,,\n,,,\n", [("a", "b"), ("1", "2")], "empty columns and rows at the end"),
    ("007,1.0, x\n", [("007", "1.0", " x")], "text stays as it is written"),
    ("a\n1\n", [("a",), ("1",)], "one column"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows", "because"), TEXTS, ids=[t[2] for t in TEXTS])
def test_cells(tmp_path: Path, text: str, rows: list[tuple[str | None, ...]], because: str) -> None:
    assert read(tmp_path, text).cells.rows() == rows


def test_rows_are_numbered_as_a_spreadsheet_would(tmp_path: Path) -> None:
    sheet = read(tmp_path, '\n\n"a\nb",c\n1,2\n')
    assert sheet.first_row == 3
    assert by_reference(sheet) == {"A3": "a\nb", "B3": "c", "A4": "1", "B4": "2"}


def test_a_longer_row_is_noted(tmp_path: Path) -> None:
    sheet = read(tmp_path, "a,b\n1,2\n3,4,5\n")
    assert sheet.notes == ("1 rows have more than 2 cells, the first is row 3",)
    assert by_reference(sheet)["C3"] == "5"


def test_nul_bytes_are_left_out_and_noted(tmp_path: Path) -> None:
    sheet = read(tmp_path, b"a,b\n1,2\x00\n")
    assert sheet.cells.rows() == [("a", "b"), ("1", "2")]
    assert sheet.notes == ("1 NUL characters left out",)


def test_a_file_cut_off_within_a_character_is_noted(tmp_path: Path) -> None:
    sheet = read(tmp_path, "a,é\n1,é".encode()[:-1])
    assert sheet.notes == ("1 characters could not be read and show as \ufffd",)
    assert sheet.cells.rows() == [("a", "é"), ("1", "\ufffd")]


@pytest.mark.parametrize("content", ['a,b\n1,"2\n3,4\n5,6\n', 'a,b\n1,2\n3,"'])
def test_a_quotation_mark_never_closed_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(SourceError, match=r"row [23], opens a quotation mark .* never closed"):
        read(tmp_path, content)


def test_a_cell_of_endless_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"row 2, has a cell of over 131,072 characters"):
        read(tmp_path, 'a,b\n1,"' + "x" * 200_000)


def test_tab_separated_text_named_xls_is_read_with_a_note(tmp_path: Path) -> None:
    path = tmp_path / "export.xls"
    path.write_text("id\tteam\n1\tNorth\n")
    opened = open_source(path)
    assert opened.sheets[0].cells.rows() == [("id", "team"), ("1", "North")]
    assert opened.notes == ("export.xls is text with separated columns and was read as CSV",)


def test_a_folder_is_one_sheet_for_each_file(tmp_path: Path) -> None:
    (tmp_path / "list 2.tsv").write_text("id\tteam\n2\tSouth\n")
    (tmp_path / "List 1.CSV").write_text("id,team\n1,North\n")
    (tmp_path / "list 3.txt").write_text("id;team\n3;East\n")
    (tmp_path / "empty.csv").write_text("\n")
    (tmp_path / "read me.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "inner").mkdir()
    (tmp_path / ".hidden").write_text("x")
    opened = open_source(tmp_path)
    assert [(s.file, s.name) for s in opened.sheets] == [
        ("List 1.CSV", "List 1"),
        ("list 2.tsv", "list 2"),
        ("list 3.txt", "list 3"),
    ]
    assert [s.cells.rows()[1] for s in opened.sheets] == [
        ("1", "North"),
        ("2", "South"),
        ("3", "East"),
    ]
    assert opened.notes == ("empty.csv is empty", "not CSV, left out: inner, read me.docx")


def test_the_hash_is_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,team\n")
    assert open_source(path).sha256 == hashlib.sha256(b"id,team\n").hexdigest()


def test_the_hash_of_a_folder_changes_with_names_and_bytes_only(tmp_path: Path) -> None:
    def folder(name: str, **files: str) -> str:
        (tmp_path / name).mkdir()
        for stem, content in files.items():
            (tmp_path / name / f"{stem}.csv").write_text(content)
        return open_source(tmp_path / name).sha256

    first = folder("first", a="x,y", b="z")
    assert folder("same", b="z", a="x,y") == first
    assert folder("renamed", a="x,y", c="z") != first
    assert folder("moved", a="x,yb", b="z") != first


def test_a_workbook_in_a_folder_of_csv_is_named(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "list 1.csv", '<row r="1"><c r="A1"><v>1</v></c></row>')
    with pytest.raises(SourceError, match=r"list 1\.csv is a workbook and not CSV"):
        open_source(tmp_path)
