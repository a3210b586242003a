"""The text of a saved web page or a plain text file, as lines."""

from __future__ import annotations

from typing import Any

from lxml import etree, html

from upturn.records.sheets import SourceError

#: Elements that begin a line of their own.
_BLOCKS = frozenset(
    "p div section article header footer main h1 h2 h3 h4 h5 h6 ul ol li table tr thead tbody "
    "blockquote pre dl dt dd figure figcaption hr br body".split()
)
_UNSEEN = frozenset(["script", "style", "noscript", "template", "head", "svg", "nav"])
#: Deeper than any page a person wrote; a hostile one could go on for ever.
_DEEPEST = 400


def pages_of(data: bytes, name: str) -> list[list[str]]:
    """The lines of a web page as one page; list items begin with their bullet or number.

    Raises `SourceError`, with ``name``, for a page without a body. Nothing it refers to is fetched.
    """
    parser = html.HTMLParser(
        no_network=True, remove_comments=True, huge_tree=False, encoding=_encoding(data)
    )
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        raise SourceError(f"{name}: it is a damaged web page; save it again") from None
    lines: list[str] = []
    _collect(root, lines, 0)
    return [[" ".join(line.split()) for line in lines]]


def text_pages_of(data: bytes, name: str) -> list[list[str]]:
    """The lines of a plain text file; a form feed begins a page.

    >>> text_pages_of(b"One\\n\\x0cTwo\\n", "a.txt")
    [['One', ''], ['Two', '']]
    """
    return [page.split("\n") for page in _decoded(data).replace("\r\n", "\n").split("\f")]


def _encoding(data: bytes) -> str | None:
    """UTF-8 when it is; otherwise what the page declares, or else what Windows writes."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None if b"charset=" in data[:4096].lower() else "cp1252"
    return "utf-8"


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _collect(element: Any, lines: list[str], depth: int) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in _UNSEEN or depth > _DEEPEST:
        return
    if tag in _BLOCKS:
        lines.append(_marker(element) if tag == "li" else "")
    elif tag in ("td", "th"):
        _add(lines, " ")
    _add(lines, element.text)
    for child in element:
        _collect(child, lines, depth + 1)
        _add(lines, child.tail)
    if tag in _BLOCKS and tag != "br":
        lines.append("")


def _add(lines: list[str], text: str | None) -> None:
    if not text:
        return
    if not lines:
        lines.append("")
    lines[-1] += text


def _marker(item: Any) -> str:
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return "• "
    try:
        start = int(parent.get("start") or 1)
    except ValueError:
        start = 1
    before = sum(1 for other in item.itersiblings("li", preceding=True))
    return f"{start + before}. "
