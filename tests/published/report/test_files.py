"""A report is what its bytes are; what cannot be read is refused in one line that says what to do."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_reports import as_pdf, as_text, ilacs, sif

from upturn.published.report import pdf as pdf_reader
from upturn.published.report.document import read_document
from upturn.published.report.model import Report
from upturn.published.report.read import read_report
from upturn.records.sheets import SourceError


def as_html(pages: list[list[str]]) -> bytes:
    said = []
    for line in (line for page in pages for line in page):
        said.append(f"<li>{line[2:]}</li>" if line.startswith("• ") else f"<p>{line}</p>")
    return ("<!DOCTYPE html><html><head><title>No</title><script>var Good = 1;</script></head>"
            f"<body>{''.join(said)}</body></html>").encode()  # fmt: skip


def as_word(pages: list[list[str]]) -> bytes:
    document = docx.Document()
    for number, page in enumerate(pages):
        for line in page:
            bullet = line.startswith("• ")
            document.add_paragraph(line.removeprefix("• "), style="List Bullet" if bullet else None)
        if number + 1 < len(pages):
            document.add_page_break()
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def facts(report: Report) -> object:
    return (
        report.framework.value,
        report.authority_code.value,
        report.fieldwork_start.value,
        [(j.area, j.grade) for j in report.judgements],
        [r.text for r in report.recommendations],
        [(p.number, p.text) for p in report.paragraphs if p.number],
    )


@pytest.mark.parametrize("pages", [ilacs(), sif()], ids=["ILACS", "SIF"])
def test_one_report_reads_the_same_from_every_kind_of_file(
    tmp_path: Path, pages: list[list[str]]
) -> None:
    kinds = {
        "pdf": as_pdf(pages),
        "word": as_word(pages),
        "html": as_html([[line for line in page if not line.startswith("6 to")] for page in pages]),
        "text": as_text(pages).encode(),
    }
    read = {}
    for kind, data in kinds.items():
        path = tmp_path / f"report.{kind}"
        path.write_bytes(data)
        report = read_report(path, statements=False)
        assert report.kind == kind
        read[kind] = facts(report)
    assert read["pdf"] == read["text"] == read["word"]
    assert read["html"][:4] == read["pdf"][:4]  # type: ignore[index]
    # A web page has no running heads to take out; the rest is the same.
    assert read["html"][4] == read["pdf"][4]  # type: ignore[index]


def test_a_web_page_saved_as_pdf_is_read_as_a_web_page(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(as_html(sif()))
    assert read_document(path).kind == "html"


def broken(data: bytes) -> bytes:
    return data[:60] + bytes(reversed(data[60:200]))


def locked(data: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt("secret", algorithm="RC4-128")
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def archive(name: str, data: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, data)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("data", "says", "because"),
    [
        (b"", "empty", "nothing in it"),
        (broken(as_pdf(ilacs())), "damaged", "cut short and jumbled"),
        (b"%PDF-1.7\n%%EOF", "damaged", "a PDF without pages"),
        (locked(as_pdf(ilacs())), "locked by a password", "encrypted"),
        (as_pdf([[], [], []]), "a scan", "pages without text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Word file", "a .doc"),
        (b"\x89PNG\r\n", "a picture", "a picture"),
        (archive("xl/workbook.xml", b"<a/>"), "no Word document", "a workbook"),
        (archive("word/document.xml", b"<a"), "damaged", "its text is no XML"),
        (archive("word/document.xml", b" " * 41_000_000), "unpacks to more", "made to fill the disk"),
        (b"PK\x03\x04 and no more", "damaged", "an archive cut short"),
        (b"\x00\x01\x02\x00" * 30, "no PDF, web page", "bytes"),
        (b"<!DOCTYPE html>", "damaged web page", "a web page without anything"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_one_line(
    tmp_path: Path, data: bytes, says: str, because: str
) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    with pytest.raises(SourceError) as refused:
        read_report(path)
    assert says in str(refused.value), because
    assert "\n" not in str(refused.value)
    assert "report.pdf" in str(refused.value)
    assert str(tmp_path) not in str(refused.value)


def test_entities_of_a_hostile_word_document_are_not_fetched_or_unfolded(tmp_path: Path) -> None:
    hostile = (
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa">'
        b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b"<w:body><w:p><w:r><w:t>&x;&b;</w:t></w:r></w:p></w:body></w:document>"
    )
    path = tmp_path / "report.docx"
    path.write_bytes(archive("word/document.xml", hostile))
    with pytest.raises(SourceError, match="hardly any text"):
        read_report(path)


def test_a_page_without_text_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(as_pdf([*ilacs(), []]))
    assert "No text on page 4: a picture, or empty." in read_report(path).notes


def test_more_pages_than_any_report_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_reader, "MOST_PAGES", 2)
    path = tmp_path / "report.pdf"
    path.write_bytes(as_pdf(ilacs()))
    with pytest.raises(SourceError, match="3 pages; a report has between 1 and 2"):
        read_report(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.pdf"):
        with pytest.raises(SourceError):
            read_report(path)


def test_pdf_without_its_reader_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pypdfium2", None)
    path = tmp_path / "report.pdf"
    path.write_bytes(as_pdf(ilacs()))
    with pytest.raises(SourceError, match=r"pip install 'upturn\[pdf\]'"):
        read_report(path)


WHOLE = as_pdf(ilacs())


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=40),
    st.integers(0, len(WHOLE)),
)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    tmp_path: Path, changes: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(WHOLE)
    for place, value in changes:
        data[place] = value
    path = tmp_path / "report.pdf"
    path.write_bytes(bytes(data[: cut or None]))
    try:
        areas = len(read_report(path, statements=False).judgements)
    except SourceError as error:
        areas, said = 8, str(error)
    else:
        said = ""
    assert (areas, said.count("\n")) == (8, 0)
