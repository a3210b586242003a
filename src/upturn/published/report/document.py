"""A report's file as lines of text with their pages, whatever kind of file it is.

The kind is told by the first bytes, not by the name: some published "PDFs" are web pages. A file that holds
no text, or that is locked or broken, is refused in one line that says what to do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from upturn.published.report.furniture import Line, without_furniture
from upturn.published.report.own import refuse_own
from upturn.records.sheets import SourceError

#: The largest file that is read. The longest published report is under 5 MB.
MOST_BYTES = 60_000_000
#: Fewer letters than this on a page on average, and the file is taken to be pictures of pages.
_FEWEST_LETTERS = 25

_OTHERS = {
    b"\xd0\xcf\x11\xe0": "an old Word file (.doc); save it as .docx or PDF",
    b"\x89PNG": "a picture; run text recognition (OCR) on it first",
    b"\xff\xd8\xff": "a picture; run text recognition (OCR) on it first",
    b"II*\x00": "a picture; run text recognition (OCR) on it first",
    b"{\\rtf": "a rich text file; save it as .docx or PDF",
    b"\x1f\x8b": "compressed; unpack it first",
}


@dataclass(frozen=True)
class Document:
    """A file's text: ``lines`` without running heads, page numbers and footnotes, which are in ``asides``.

    ``kind`` is pdf, html, word or text; ``pages`` how many there are; ``without_text`` the pages that had
    none. ``heads`` are the running heads that were taken out, each once.
    """

    file: str
    sha256: str
    kind: str
    pages: int
    lines: tuple[Line, ...]
    asides: tuple[Line, ...]
    heads: tuple[Line, ...]
    without_text: tuple[int, ...]


def read_document(path: str | Path) -> Document:
    """The text of the report in ``path``: PDF, HTML, Word (.docx) or plain text.

    Raises `SourceError` for a file that is not there, is none of these, is locked by a password, is broken,
    is too large, or holds no text (a scan); `OwnWork` for one that Upturn wrote.

    >>> read_document("no-such-report.pdf")
    Traceback (most recent call last):
    ...
    upturn.records.sheets.SourceError: ...
    """
    path = Path(path)
    data = _bytes_of(path)
    kind = kind_of(data, path.name)
    refuse_own(data, kind, path.name)
    pages = _readers()[kind](data, path.name)
    letters = [sum(map(str.isalpha, "".join(page))) for page in pages]
    if sum(letters) < _FEWEST_LETTERS * max(len(pages), 1):
        many = f"{len(pages)} page{'s' * (len(pages) != 1)}"
        what = (
            f"{many} with hardly any text: it is a scan, or empty; run text recognition (OCR) on it first"
            if kind == "pdf"
            else "it holds hardly any text, so it is no report"
        )
        raise SourceError(f"{path.name}: {what}")
    lines, asides, heads = without_furniture(pages)
    return Document(
        file=path.name,
        sha256=hashlib.sha256(data).hexdigest(),
        kind=kind,
        pages=len(pages),
        lines=lines,
        asides=asides,
        heads=heads,
        without_text=tuple(n for n, count in enumerate(letters, 1) if count == 0),
    )


def kind_of(data: bytes, name: str) -> str:
    """What kind of file ``data`` is, by its own first bytes: pdf, html, word or text.

    Raises `SourceError` for anything else; ``name`` is for the message.

    >>> kind_of(b"<!DOCTYPE html><p>saved as .pdf", "report.pdf")
    'html'
    """
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"%pdf-" in start:
        return "pdf"
    if data[:4] == b"PK\x03\x04":
        return "word"
    for magic, what in _OTHERS.items():
        if data.startswith(magic):
            raise SourceError(f"{name}: it is {what}")
    if start.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")):
        return "html"
    if b"<html" in start or b"<!doctype html" in start:
        return "html"
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"{name}: it is no PDF, web page, Word document or plain text")
    return "text"


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise SourceError(f"{path.name}: it is a folder; name the report's file")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise SourceError(
                f"{path.name}: {size:,} bytes; no report is larger than {MOST_BYTES:,}"
            )
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path.name}: cannot be read ({error.strerror or error})") from None
    if not data.strip():
        raise SourceError(f"{path.name}: it is empty")
    return data


def _readers() -> dict[str, Callable[[bytes, str], list[list[str]]]]:
    from upturn.published.report import markup, pdf, word

    return {
        "pdf": pdf.pages_of,
        "html": markup.pages_of,
        "word": word.pages_of,
        "text": markup.text_pages_of,
    }
