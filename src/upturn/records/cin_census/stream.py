"""The XML of a return, a child at a time: never the whole tree, never a document type, nothing fetched.

libxml2 parses; each ``Child`` is handed on when it is complete and then forgotten, so memory does not
grow with the file. A return that is not whole is refused whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from upturn.records.sheets import SourceError

CHUNK = 1 << 18
#: Bytes of a return. It is never held whole; a million children have 1.4 thousand million.
LARGEST_RETURN = 1 << 34
#: A child's record is a few thousand bytes. This much without the end of one is no census.
LARGEST_CHILD = 1 << 23
_EXPORT = "export it again"
_OTHERS = {
    "CLA": "the looked-after children return (SSDA903)",
    "SSDA903": "the looked-after children return (SSDA903)",
    "PRU": "a school census",
    "SCH": "a school census",
    "CSWW": "the social work workforce census",
}


@dataclass
class Return:
    """A return as it is read: ``header`` in full before the first child, ``others`` at the end.

    ``others`` are elements beside Header and Children, as (name, line).
    """

    name: str
    sha256: str = ""
    header: dict[str, str] = field(default_factory=dict)
    others: list[tuple[str, int]] = field(default_factory=list)


def local(tag: object) -> str:
    """The name of an element without its namespace."""
    return str(tag).rpartition("}")[2]


def children(path: Path, found: Return) -> Iterator[etree._Element]:
    """Each ``Child`` element in turn; ``found`` is filled in on the way. The element is emptied after use.

    Raises SourceError, in one line, for a file that is not there, is not well-formed XML to its end, has a
    document type, is nested too deeply, or is not the children in need census.
    """
    try:
        with path.open("rb") as file:
            yield from _parsed(file, path.name, found)
    except OSError as error:
        why = error.strerror or str(error)
        raise SourceError(f"{path.name} cannot be read: {why}") from error


def _parsed(file: BinaryIO, name: str, found: Return) -> Iterator[etree._Element]:
    parser = etree.XMLPullParser(
        events=("end",),
        tag=("{*}Child", "{*}Header"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    digest, read, last_end, head = hashlib.sha256(), 0, 0, b""
    try:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            read += len(chunk)
            _refuse_too_large(name, read, read - last_end)
            head = head or chunk
            parser.feed(chunk)
            for _, element in parser.read_events():
                _refuse_doctype(element, name)
                if local(element.tag) == "Header":
                    _header(element, name, found)
                elif _is_child(element):
                    last_end = read
                    yield element
                    _forget(element, found)
        root = parser.close() if head else None
    except etree.XMLSyntaxError as error:
        if b"<!DOCTYPE" in head.replace(b"\x00", b""):
            raise SourceError(_doctype(name)) from error
        raise SourceError(_syntax(error, name, complete=not chunk)) from error
    if root is None:
        raise SourceError(f"{name} is empty; {_EXPORT}")
    found.sha256 = digest.hexdigest()
    _refuse_doctype(root, name)
    _finish(root, name, found)


def _refuse_too_large(name: str, read: int, since_child: int) -> None:
    if read > LARGEST_RETURN:
        raise SourceError(f"{name} is over {LARGEST_RETURN >> 20} MB; export less of it")
    if since_child > LARGEST_CHILD:
        raise SourceError(f"{name} has {LARGEST_CHILD >> 20} MB without a child; {_EXPORT}")


def _refuse_doctype(element: etree._Element, name: str) -> None:
    if element.getroottree().docinfo.doctype:
        raise SourceError(_doctype(name))


def _doctype(name: str) -> str:
    return f"{name} has a document type declaration, which no census has; it was not read further"


def _header(element: etree._Element, name: str, found: Return) -> None:
    leaves = [e for e in element.iter() if isinstance(e.tag, str) and not len(e)]
    for leaf in leaves:
        found.header.setdefault(local(leaf.tag), (leaf.text or "").strip())
    collection = found.header.get("Collection", "CIN")
    if collection.upper() != "CIN":
        other = _OTHERS.get(collection.upper(), f"the collection “{collection[:40]}”")
        raise SourceError(f"{name} is not the children in need census: its header says {other}")


def _is_child(element: etree._Element) -> bool:
    """A child of the return: Message / Children / Child, and not an element of that name elsewhere."""
    above = [local(e.tag) for e in element.iterancestors()]
    return len(above) == 2 and above[0] == "Children"


def _forget(element: etree._Element, found: Return) -> None:
    """Empty the child and let go of what stands before it; what was no child is remembered by name."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None:
        if local(before.tag) != "Child":
            found.others.append((f"Children/{local(before.tag)}", before.sourceline or 0))
        parent.remove(before)


def _finish(root: etree._Element, name: str, found: Return) -> None:
    top = local(root.tag)
    within = [e for e in root if local(e.tag) == "Children"]
    if top != "Message" or not within:
        raise SourceError(
            f"{name} is not the children in need census: it has no Message with Children in it "
            f"(its first element is {top[:40]})"
        )
    for element in root:
        if local(element.tag) not in ("Header", "Children"):
            found.others.append((local(element.tag), element.sourceline or 0))
    for block in within:
        found.others += [
            (f"Children/{local(e.tag)}", e.sourceline or 0)
            for e in block
            if local(e.tag) != "Child"
        ]


def _syntax(error: etree.XMLSyntaxError, name: str, *, complete: bool) -> str:
    """One line of what is wrong with the XML and where. ``complete``: the whole file had been read."""
    said, line = " ".join(str(error.msg or "").split()), error.lineno or 1
    lower = said.lower()
    if "start tag expected" in lower or "document is empty" in lower:
        return f"{name} is not XML; give the census file itself"
    if "no element found" in lower:  # what an entity without a document type comes to in the end
        return f"{name} is not well-formed XML: it has an entity (&name;) nobody defined; {_EXPORT}"
    if "depth" in lower:
        return f"{name} is nested far too deeply at line {line:,}; it is no census and was not read"
    if "encoding" in lower or "utf-8" in lower or "utf8" in lower or "invalid bytes" in lower:
        return (
            f"{name}, line {line:,}: bytes that are not of the encoding the file says; "
            "export it again as UTF-8"
        )
    if "entity" in lower:
        return f"{name}, line {line:,}: an entity that no census has; it was not read further"
    if complete or "premature end" in lower:
        return f"{name} stops short at line {line:,}, before the end of the return; {_EXPORT}"
    return f"{name} is not well-formed XML at line {line:,} ({said.split(', line')[0]}); {_EXPORT}"
