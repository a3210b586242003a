"""XML read event by event, with no document type and so no entities to blow up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.parsers import expat

from upturn.records.sheets import SourceError

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]


def parse(
    pieces: Iterable[bytes],
    *,
    file: str,
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call ``start(tag, attributes)``, ``end(tag)`` and ``text(characters)`` through a document.

    Names read ``namespace name``, with a space. Raises `SourceError` for XML that is not well formed and
    for a document type declaration: no workbook has one, and an entity bomb needs one.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except _DoctypeError as error:
        raise SourceError(doctype_message(file)) from error
    except expat.ExpatError as error:
        raise SourceError(
            f"{file} is damaged (its XML is not well formed); "
            "open it in a spreadsheet program and save it again"
        ) from error


class _DoctypeError(Exception):
    """A document type declaration was met."""


def _refuse_doctype(*_: object) -> None:
    raise _DoctypeError


def doctype_message(file: str) -> str:
    """What to say of a workbook with a document type declaration in it."""
    return f"{file} holds XML entity declarations, which no workbook has; it was not opened"


def elements(pieces: Iterable[bytes], *, file: str) -> list[tuple[str, Attributes]]:
    """Each element of a small document in order: its name and attributes without namespaces.

    >>> elements([b'<a xmlns="urn:x"><b c="1"/></a>'], file="a.xml")
    [('a', {}), ('b', {'c': '1'})]
    """
    found: list[tuple[str, Attributes]] = []

    def start(tag: str, attributes: Attributes) -> None:
        found.append((local(tag), {local(key): value for key, value in attributes.items()}))

    parse(pieces, file=file, start=start)
    return found


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(" ")[2]
