"""Input that cannot be used: one clear line each, and never anything worse."""

from __future__ import annotations

import os
import struct
import zipfile
from pathlib import Path

import pytest
import xlwt
from raw_workbooks import (
    ODS_NAMES,
    shared_strings,
    worksheet,
    write_ods,
    write_xlsx,
    write_zip,
    xlsx_parts,
)

from upturn.records.sheets import SourceError
from upturn.records.sources import open_source

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


def refused(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        open_source(path)
    message = str(caught.value)
    assert "\n" not in message
    return message


#: name, bytes, part of the message, why
FILES = [
    ("a.xlsx", b"", "is empty", "no bytes"),
    ("a.csv", b"\r\n  \n", "is empty", "blank lines only"),
    (
        "a.xls",
        b"<html><table><tr><td>1</td></tr></table></html>",
        "a web page",
        "a report as a page",
    ),
    ("a.xls", b"MIME-Version: 1.0\r\n", "a web page", "a page saved whole"),
    ("a.xls", b'<?xml version="1.0"?><Workbook xmlns="urn:x"/>', "an XML file", "Excel 2003 XML"),
    ("a.xlsx", b"%PDF-1.7 ...", "a PDF", "a printed list"),
    ("a.xlsx", b"Dear colleague\nplease find attached\n", "plain text", "a letter"),
    ("a.docx", OLE + "WordDocument".encode("utf-16-le"), "a Word or", "an old Word document"),
    ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "with a password", "a locked .xlsx"),
    ("a.xls", OLE, "is damaged", "an empty container"),
    ("a.csv", bytes(range(1, 9)) * 40, "not a workbook or a CSV", "a program"),
    ("a.csv", b"\x89PNG\r\n", "a picture", "a screenshot"),
    ("a.gz", b"\x1f\x8b\x08\x00", "unpack it", "a compressed file"),
    ("a.xlsx", b"PK\x03\x04 and no more", "damaged or cut short", "the start of an archive"),
]


@pytest.mark.parametrize(("name", "content", "part", "because"), FILES, ids=[f[3] for f in FILES])
def test_what_is_no_workbook_is_named(
    tmp_path: Path, name: str, content: bytes, part: str, because: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    message = refused(path)
    assert part in message
    assert name in message


#: parts of an archive, part of the message
ARCHIVES = [
    ({"xl/workbook.bin": "x"}, ".xlsb"),
    ({"word/document.xml": "x"}, "a Word or PowerPoint document"),
    ({"Index/Document.iwa": "x"}, "Apple Numbers"),
    ({"list 1.csv": "x"}, "unpack it and give the folder"),
    ({"xl/workbook.xml": "<workbook/>"}, "is missing"),
    (xlsx_parts([worksheet(ONE)]) | {"xl/workbook.xml": "<workbook"}, "not well formed"),
    (xlsx_parts([worksheet(ONE)]) | {"xl/worksheets/sheet1.xml": "<a/>"}, "no cells"),
    (xlsx_parts([worksheet("")]), "no cells"),
    (xlsx_parts([worksheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')]), "is damaged"),
    (xlsx_parts([worksheet('<row r="1"><c r="A1"><v>1</w></c></row>')]), "is damaged"),
]


@pytest.mark.parametrize(("parts", "message"), ARCHIVES, ids=[a[1] for a in ARCHIVES])
def test_archives_that_are_no_workbook(tmp_path: Path, parts: dict[str, str], message: str) -> None:
    assert message in refused(write_zip(tmp_path / "a.xlsx", parts))


def test_what_is_not_there(tmp_path: Path) -> None:
    assert "is not there" in refused(tmp_path / "none.xlsx")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes in the file system here")
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert "neither a file nor a folder" in refused(tmp_path / "pipe.xlsx")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = write_xlsx(tmp_path / "a.xlsx", ONE)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "may not be read" in refused(path)


def test_a_file_larger_than_any_extract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upturn.records.sources.LARGEST_FILE", 1 << 20)
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" * (1 << 19))
    assert "is over 1 MB" in refused(path)


def test_folders_without_csv(tmp_path: Path) -> None:
    assert "is empty" in refused(tmp_path)
    write_xlsx(tmp_path / "annex a.xlsx", ONE)
    message = refused(tmp_path)
    assert "holds no CSV file" in message
    assert "annex a.xlsx" in message


def test_a_folder_of_empty_csv(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\n")
    assert "all empty" in refused(tmp_path)


def test_a_locked_xls(tmp_path: Path) -> None:
    start = struct.pack("<4H8x", 0x0809, 16, 0x0600, 0x0005) + b"\x00" * 4
    (tmp_path / "a.xls").write_bytes(start + struct.pack("<5H", 0x2F, 6, 1, 1, 1))
    assert "protected with a password" in refused(tmp_path / "a.xls")


def test_a_locked_ods(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", "", manifest="<manifest:encryption-data/>")
    assert "protected with a password" in refused(path)


def test_a_locked_zip(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ONE)
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(content)
    assert "protected with a password" in refused(path)


def test_a_workbook_cut_short(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ONE)
    path.write_bytes(path.read_bytes()[:-40])
    assert "damaged or cut short" in refused(path)


def test_a_part_stored_twice(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ONE)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL/workbook.xml", "<workbook/>")
    assert "there twice" in refused(path)


class TestBombs:
    """Small files made to fill the memory."""

    def test_one_that_says_so(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("upturn.records.files.archive.SMALL", 1 << 20)
        parts = xlsx_parts([worksheet(ONE)]) | {"xl/media/image.png": bytes(4 << 20)}
        assert "zip bomb" in refused(write_zip(tmp_path / "a.xlsx", parts))

    def test_many_parts_that_are_each_small(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("upturn.records.files.archive.LARGEST", 1 << 20)
        parts = xlsx_parts([worksheet(ONE)]) | {f"part{i}": bytes(1 << 18) for i in range(5)}
        assert "zip bomb" in refused(write_zip(tmp_path / "a.xlsx", parts))

    @pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml"])
    def test_one_that_lies_about_its_size(self, tmp_path: Path, part: str) -> None:
        parts = xlsx_parts([worksheet(ONE)])
        parts[part] += " " * (8 << 20)
        path = write_zip(tmp_path / "a.xlsx", parts)
        content = bytearray(path.read_bytes())
        at = content.rfind(part.encode()) - 46  # its entry in the directory
        content[at + 24 : at + 28] = struct.pack("<I", 200)
        path.write_bytes(content)
        assert "damaged or cut short" in refused(path)

    @pytest.mark.parametrize(
        "rows",
        [
            '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>',
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="4294967290"><c><v>1</v></c></row>',
            '<row r="1"><c r="A1"><v>1</v></c><c r="A99999999999"><v>1</v></c></row>',
            '<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="XFD1048576" t="e"><v>#N/A</v></c></row>',
            '<row r="1"><c r="A1"><f>1</f></c><c r="XFD1048576"><f>1</f></c></row>',
        ],
        ids=["a far cell", "a far row", "a row past counting", "far errors", "far formulas"],
    )
    def test_a_cell_in_the_far_corner(self, tmp_path: Path, rows: str) -> None:
        message = refused(write_xlsx(tmp_path / "a.xlsx", rows))
        assert "too far to be a list" in message
        assert "'S1'" in message

    def test_more_shared_texts_stated_than_there_are(self, tmp_path: Path) -> None:
        strings = shared_strings(["x"], stated=4_294_967_295)
        assert "states more texts" in refused(write_xlsx(tmp_path / "a.xlsx", ONE, strings=strings))

    def test_a_long_text_used_in_every_cell(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("upturn.records.files.xlsx_guard.MOST_TEXT", 1 << 20)
        rows = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, 200))
        path = write_xlsx(tmp_path / "a.xlsx", rows, strings=shared_strings(["x" * 30_000]))
        assert "repeats long texts" in refused(path)
        path = write_xlsx(tmp_path / "b.xlsx", rows, strings=shared_strings(["x", "y" * 30_000]))
        assert open_source(path).sheets[0].cells.height == 199

    def test_entities_in_a_sheet(self, tmp_path: Path) -> None:
        prolog = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
        parts = xlsx_parts([worksheet(ONE, prolog=prolog)])
        assert "entity declarations" in refused(write_zip(tmp_path / "a.xlsx", parts))

    @pytest.mark.parametrize("part", ["xl/workbook.xml", "_rels/.rels", "xl/sharedStrings.xml"])
    def test_entities_elsewhere(self, tmp_path: Path, part: str) -> None:
        parts = xlsx_parts([worksheet(ONE)], strings=shared_strings(["x"]))
        parts[part] = '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + parts[part]
        assert "entity declarations" in refused(write_zip(tmp_path / "a.xlsx", parts))

    def test_entities_in_an_ods(self, tmp_path: Path) -> None:
        path = write_ods(tmp_path / "a.ods", "")
        content = f'<!DOCTYPE x [<!ENTITY a "a">]><office:document-content {ODS_NAMES}/>'
        path = write_zip(path, {"mimetype": "x", "content.xml": content})
        assert "entity declarations" in refused(path)

    @pytest.mark.parametrize(
        ("rows", "columns"), [(1_048_576, 16_384), (10**12, 1), (1_048_576, 40)]
    )
    def test_a_filled_cell_repeated_in_an_ods(
        self, tmp_path: Path, rows: int, columns: int
    ) -> None:
        body = (
            f'<table:table table:name="T"><table:table-row table:number-rows-repeated="{rows}">'
            f'<table:table-cell table:number-columns-repeated="{columns}" '
            'office:value-type="float" office:value="1"/></table:table-row>'
            '<table:table-row><table:table-cell office:value-type="float" office:value="1"/>'
            "</table:table-row></table:table>"
        )
        assert "repeats cells" in refused(write_ods(tmp_path / "a.ods", body))


def test_the_reader_of_xls_prints_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    book = xlwt.Workbook()
    book.add_sheet("A").write(0, 0, "x")
    book.save(str(tmp_path / "a.xls"))
    content = (tmp_path / "a.xls").read_bytes()
    (tmp_path / "b.xls").write_bytes(content[: len(content) * 2 // 3])
    assert "is damaged" in refused(tmp_path / "b.xls")
    assert capfd.readouterr() == ("", "")


def test_an_unforeseen_fault_is_still_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise KeyError("nobody thought of this")

    monkeypatch.setattr("upturn.records.sources.kind_of", break_down)
    path = write_xlsx(tmp_path / "a.xlsx", ONE)
    assert refused(path).startswith("a.xlsx cannot be read (KeyError)")
