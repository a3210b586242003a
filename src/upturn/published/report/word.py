"""The text of a Word document (.docx), as lines; the numbers and bullets Word would draw are put back."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from typing import Any

from lxml import etree

from upturn.records.sheets import SourceError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: Unpacked, the text of a long report is under 5 MB; a file made to fill the disk is not.
MOST_UNPACKED = 40_000_000


def pages_of(data: bytes, name: str) -> list[list[str]]:
    """The lines of each page, as far as the document says where its pages end.

    Raises `SourceError`, with ``name``, for an archive that is no Word document, is damaged, or unpacks to
    more than `MOST_UNPACKED` bytes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            body = _part(archive, "word/document.xml", name)
            numbering = _part(archive, "word/numbering.xml", name, needed=False)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
        raise SourceError(f"{name}: it is damaged, locked, or no Word document") from None
    assert body is not None
    return _pages(body, _formats(numbering))


def _part(archive: zipfile.ZipFile, part: str, name: str, *, needed: bool = True) -> Any:
    if part not in archive.namelist():
        if needed:
            raise SourceError(f"{name}: it is an archive, but no Word document (.docx)")
        return None
    if archive.getinfo(part).file_size > MOST_UNPACKED:
        raise SourceError(f"{name}: its text unpacks to more than {MOST_UNPACKED:,} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(archive.read(part), parser=parser)
    except etree.XMLSyntaxError:
        raise SourceError(f"{name}: the text in it is damaged; save it again") from None


def _formats(numbering: Any) -> dict[str, str]:
    """How each list is drawn: its number's id -> ``bullet``, ``decimal`` or another of Word's names."""
    if numbering is None:
        return {}
    shapes = {
        shape.get(f"{_W}abstractNumId"): shape.find(f"{_W}lvl/{_W}numFmt").get(f"{_W}val")
        for shape in numbering.iter(f"{_W}abstractNum")
        if shape.find(f"{_W}lvl/{_W}numFmt") is not None
    }
    found = {}
    for number in numbering.iter(f"{_W}num"):
        shape = number.find(f"{_W}abstractNumId")
        if shape is not None:
            found[number.get(f"{_W}numId")] = shapes.get(shape.get(f"{_W}val"), "bullet")
    return found


def _pages(body: Any, formats: dict[str, str]) -> list[list[str]]:
    pages: list[list[str]] = [[]]
    counts: Counter[str] = Counter()
    root = body.find(f"{_W}body")
    for block in root if root is not None else ():
        if block.tag == f"{_W}tbl":
            for row in block.iter(f"{_W}tr"):
                cells = (" ".join(_texts(cell)) for cell in row.iter(f"{_W}tc"))
                pages[-1].append(" ".join(cells))
            continue
        for place, text in enumerate(_drawn(block, formats, counts).split("\f")):
            if place:
                pages.append([])
            pages[-1].append(text)
    return pages


def _texts(element: Any) -> list[str]:
    return [_text(paragraph) for paragraph in element.iter(f"{_W}p")]


def _drawn(block: Any, formats: dict[str, str], counts: Counter[str]) -> str:
    """A paragraph's text with the number or bullet that Word draws before it."""
    text = _text(block)
    list_id = block.find(f"{_W}pPr/{_W}numPr/{_W}numId")
    if list_id is not None:
        of = list_id.get(f"{_W}val")
        counts[of] += 1
        return (f"{counts[of]}. " if formats.get(of) == "decimal" else "• ") + text
    style = block.find(f"{_W}pPr/{_W}pStyle")
    name = style.get(f"{_W}val", "") if style is not None else ""
    if name.startswith("ListNumber"):
        counts[name] += 1
        return f"{counts[name]}. {text}"
    return f"• {text}" if name.startswith("ListBullet") else text


def _text(block: Any) -> str:
    parts = []
    for run in block.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}lastRenderedPageBreak"):
        if run.tag == f"{_W}t":
            parts.append(run.text or "")
        elif run.tag == f"{_W}tab":
            parts.append(" ")
        else:
            paged = run.tag.endswith("PageBreak") or run.get(f"{_W}type") == "page"
            parts.append("\f" if paged else " ")
    return "".join(parts)
