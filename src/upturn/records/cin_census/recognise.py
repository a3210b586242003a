"""Is this file a census? Told by its first bytes, before anything is parsed."""

from __future__ import annotations

import re
from pathlib import Path

_HEAD = 8192
_FIRST = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_ASIDE = re.compile(rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>[]*(?:\[.*?\]\s*)?>", re.S)
#: First elements of workbooks and pages saved as XML, which the reader of workbooks names for what they are.
_NOT_OURS = (b"html", b"workbook", b"document-content", b"document", b"table", b"head", b"body")
#: How files begin that are something else whatever they are called.
_BINARY = (b"PK", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")


def is_census(path: Path) -> bool:
    """Whether ``path`` should be read as a census: XML whose first element is Message, or named ``.xml``.

    A file that cannot be opened is left to the reader of workbooks, which says why.

    >>> is_census(Path("no such file.xml"))
    False
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    named = path.suffix.lower() == ".xml"
    first = first_element(head)
    if head.startswith(_BINARY) or first in _NOT_OURS:
        return False
    return named or first == b"message"


def first_element(head: bytes) -> bytes:
    """The name of the first element in lower case, empty when there is none.

    >>> first_element(b'<?xml version="1.0"?><Message><Header/>')
    b'message'
    """
    plain = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not plain.startswith(b"<"):
        return b""
    found = _FIRST.search(_ASIDE.sub(b"", plain))
    return found[1].lower() if found else b""
