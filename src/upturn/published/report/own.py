"""Pages and documents that Upturn wrote itself: they are about reports and are none."""

from __future__ import annotations

import io
import re
import zipfile

from upturn.records.sheets import SourceError

_GENERATOR = re.compile(
    rb"""<meta\s+name=["']generator["']\s+content=["']Upturn\b""", re.IGNORECASE
)
_CREATOR = re.compile(rb"<dc:creator>\s*Upturn\s*</dc:creator>")
#: A page says what made it near its beginning.
_HEAD = 8192
_MOST = 1_000_000


class OwnWork(SourceError):
    """A file that Upturn wrote. One line says so."""


def refuse_own(data: bytes, kind: str, name: str) -> None:
    """Raise `OwnWork` for a page (by its generator) or a Word document (by its author) that Upturn wrote.

    ``kind`` is that of `upturn.published.report.document.kind_of`.

    >>> refuse_own(b'<html><meta name="generator" content="Upturn 0.1.0">', "html", "plan.html")
    Traceback (most recent call last):
    ...
    upturn.published.report.own.OwnWork: plan.html: Upturn wrote it; it is no published report
    """
    wrote = (kind == "html" and _GENERATOR.search(data[:_HEAD])) or (
        kind == "word" and _CREATOR.search(_properties(data))
    )
    if wrote:
        raise OwnWork(f"{name}: Upturn wrote it; it is no published report")


def _properties(data: bytes) -> bytes:
    """What a Word document says of itself; nothing when it is damaged, which its reader says better."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            part = archive.getinfo("docProps/core.xml")
            return archive.read(part) if part.file_size < _MOST else b""
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, EOFError, OSError):
        return b""
