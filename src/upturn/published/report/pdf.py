"""The text of a PDF, page by page, by pypdfium2 (the optional extra ``pdf``)."""

from __future__ import annotations

from typing import Any

from upturn.records.sheets import SourceError

#: More pages than any report has; a file that claims more is refused before its pages are opened.
MOST_PAGES = 2_000
#: More letters than any report's page has: drawings and hostile files.
MOST_LETTERS = 200_000

#: What PDFium says in its own words -> what the reader of the message can do.
_REASONS = {
    "password": "it is locked by a password; save a copy without one",
    "security": "it is locked by a kind of security that cannot be opened here; save a copy without it",
    "format": "it is damaged, or no PDF at all; fetch it again",
    "file": "it is damaged; fetch it again",
}


def pages_of(data: bytes, name: str) -> list[list[str]]:
    """The lines of each page of the PDF in ``data``; a hyphen at the end of a line joins it to the next.

    Raises `SourceError`, with ``name``, when it cannot be opened or has more than `MOST_PAGES` pages, and
    when pypdfium2 is not installed.
    """
    try:
        import pypdfium2
    except ImportError:
        raise SourceError(
            f"{name}: reading PDF needs pypdfium2; install it with: pip install 'upturn[pdf]'"
        ) from None
    try:
        file = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise SourceError(f"{name}: {_reason(str(error))}") from None
    try:
        count = len(file)
        if not 0 < count <= MOST_PAGES:
            raise SourceError(f"{name}: {count:,} pages; a report has between 1 and {MOST_PAGES:,}")
        return [_lines(file, number, pypdfium2.PdfiumError) for number in range(count)]
    finally:
        file.close()


def _reason(said: str) -> str:
    said = said.lower()
    return next((why for word, why in _REASONS.items() if word in said), _REASONS["file"])


def _lines(file: Any, number: int, fault: type[Exception]) -> list[str]:
    """The lines of one page; a page that cannot be opened has none, and is listed as without text."""
    try:
        page = file[number]
    except fault:
        return []
    try:
        on_page = page.get_textpage()
        text = on_page.get_text_range(0, min(on_page.count_chars(), MOST_LETTERS))
    except fault:
        return []
    finally:
        page.close()
    # U+FFFE stands where a line ended in a hyphen; these files do not break words, so it is one.
    return str(text).replace("\ufffe", "-").replace("\x00", "").splitlines()
