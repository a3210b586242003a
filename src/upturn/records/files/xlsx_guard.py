"""What a forged table of shared strings could do to the fast reader's memory, checked beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from upturn.records.files.archive import Archive, chunks, read
from upturn.records.files.markup import doctype_message
from upturn.records.sheets import SourceError

#: Text of all cells together, each shared string counted as often as it is used.
MOST_TEXT = 2 << 30

_COUNT = re.compile(rb"""uniqueCount\s*=\s*["']([^"']*)["']""")
_USE = re.compile(rb"""\st\s*=\s*["']s["'][^<>]*>\s*<(?:[\w.-]+:)?v[^<>]*>\s*(\d{1,9})\s*<""")


def check_strings(archive: Archive, part: str, sheets: Iterable[str]) -> None:
    """Refuse a shared-strings part that states more strings than it has room for, or whose strings,
    used again and again, would fill the memory.

    Raises `SourceError`.
    """
    content = read(archive, part)
    head = content[:4096]
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise SourceError(doctype_message(archive.name))
    stated = _COUNT.search(head)
    if stated and not _fits(stated[1], len(content)):
        raise SourceError(
            f"{archive.name} is damaged (it states more texts than it holds); save it again in Excel"
        )
    _check_use(archive, content, list(sheets))


def _fits(stated: bytes, size: int) -> bool:
    """Each string takes at least the five bytes of ``<si/>``."""
    return stated.strip().isdigit() and len(stated) < 12 and int(stated) * 5 <= size


def _check_use(archive: Archive, content: bytes, sheets: list[str]) -> None:
    lengths = np.array([len(text) for text in content.split(b"si>")], dtype=np.int64)
    # A cell that uses a string takes 15 bytes or more, so this is the most there can be.
    uses = sum(archive.parts[part].file_size for part in sheets) // 15
    if int(lengths.max()) * uses <= MOST_TEXT:
        return
    lengths = np.array([len(text) for text in re.split(rb"</(?:[\w.-]+:)?si>", content)])
    total = sum(_text_of(archive, part, lengths) for part in sheets)
    if total > MOST_TEXT:
        raise SourceError(
            f"{archive.name} repeats long texts until they fill the memory; not opened"
        )


def _text_of(
    archive: Archive, part: str, lengths: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> int:
    total, tail = 0, b""
    for piece in chunks(archive, part):
        block = tail + piece
        cut = block.rfind(b"<c") + 1 or len(block)
        used = np.array(_USE.findall(block, 0, cut), dtype=np.int64)
        total += int(lengths[used[used < len(lengths)]].sum())
        tail = block[cut - 1 :] if cut < len(block) else b""
    return total
