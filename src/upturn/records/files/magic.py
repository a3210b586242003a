"""What a file is, by its first bytes and never by its name."""

from __future__ import annotations

import codecs
import re
from enum import Enum

from upturn.records.files.archive import open_archive
from upturn.records.sheets import SourceError


class Kind(Enum):
    """The formats that can be read."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"


_SAVE = "open it in a spreadsheet program and save it as .xlsx"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: A workbook of Excel 2 to 5 without a container begins with one of these records.
_OLD_XLS = (
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
)

#: First bytes of what people send by mistake, what it is and what to do.
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF", "ask for the workbook itself"),
    (b"{\\rtf", "a word-processor document", "ask for the workbook itself"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file", "unpack it first"),
    (b"Rar!", "a compressed file", "unpack it first"),
    (b"\x89PNG", "a picture", "ask for the workbook itself"),
    (b"\xff\xd8\xff", "a picture", "ask for the workbook itself"),
    (b"SQLite format 3", "a database", "export its tables as CSV"),
    (b"PAR1", "a Parquet file", "save it as CSV"),
    (b"MIME-Version:", "a web page", _SAVE),
)
_WEB_PAGE = re.compile(rb"<(?:!doctype\s+html|html|table|head|body|style|meta|div)\b", re.I)
_BLANK = b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1a\x00"))


def kind_of(content: bytes, name: str) -> Kind:
    """The format of a file.

    Raises `SourceError` for what cannot be read, saying what it is: empty, a web page, a PDF, a locked
    workbook, a Word document, a program.

    >>> kind_of(b"Child Unique ID,Gender", "list 1.csv")
    <Kind.TEXT: 'text'>
    """
    if not content[:4096].strip(_BLANK) and not content.strip(_BLANK):
        raise SourceError(f"{name} is empty; export it again")
    if content.startswith(_OLE):
        return _ole(content, name)
    if content.startswith(_OLD_XLS):
        return Kind.XLS
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zipped(content, name)
    for start, what, remedy in _OTHERS:
        if content.startswith(start):
            raise SourceError(f"{name} is not a workbook but {what}; {remedy}")
    return _text(content, name)


def _ole(content: bytes, name: str) -> Kind:
    """The old Office container: which document is in it, by the names in its directory."""
    if _holds(content, "EncryptedPackage"):
        raise SourceError(f"{name} is protected with a password; save a copy without one")
    if _holds(content, "WordDocument") or _holds(content, "PowerPoint Document"):
        raise SourceError(f"{name} is not a workbook but a Word or PowerPoint document")
    return Kind.XLS


def _holds(content: bytes, stream: str) -> bool:
    return stream.encode("utf-16-le") in content


def _zipped(content: bytes, name: str) -> Kind:
    parts = open_archive(content, name).parts
    if any(re.fullmatch(r"xl/workbook[^/]*\.xml", part) for part in parts):
        return Kind.XLSX
    if "xl/workbook.bin" in parts:
        raise SourceError(f"{name} is a binary workbook (.xlsb); {_SAVE}")
    if "content.xml" in parts and "mimetype" in parts:
        return Kind.ODS
    if any(part.startswith(("word/", "ppt/")) for part in parts):
        raise SourceError(f"{name} is not a workbook but a Word or PowerPoint document")
    if any(part.endswith(".iwa") for part in parts):
        raise SourceError(f"{name} is an Apple Numbers document; export it as .xlsx")
    raise SourceError(f"{name} is a zip archive and not a workbook; unpack it and give the folder")


def _text(content: bytes, name: str) -> Kind:
    head = content[:4096]
    plain = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if _WEB_PAGE.match(plain) or (plain.startswith(b"<") and _WEB_PAGE.search(plain)):
        raise SourceError(f"{name} is not a workbook but a web page; {_SAVE}")
    if plain.startswith((b"<?xml", b"<")):
        raise SourceError(f"{name} is not a workbook but an XML file; {_SAVE}")
    marked = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not marked and len(head) - len(head.translate(None, _CONTROL)) > len(head) // 50:
        raise SourceError(f"{name} is not a workbook or a CSV file; export it again")
    return Kind.TEXT
