"""Zip archives (.xlsx, .xlsm, .ods), opened without trusting what they say of their own size."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from upturn.records.sheets import SourceError

#: Uncompressed bytes of a whole archive. 60,000 rows over eleven lists are 25 million; a million rows
#: of formatted, empty cells are a few hundred million.
LARGEST = 1 << 30
#: Spreadsheets compress 5 to 60 times. Past this, and past `SMALL`, it was made to fill the memory.
HIGHEST_RATIO = 250
SMALL = 32 << 20
CHUNK = 128 << 10  # small enough for arrays over it to stay in the processor's cache

_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True)
class Archive:
    """An archive whose directory has been checked. ``parts`` is by name, lower case, forward slashes."""

    name: str
    zip: zipfile.ZipFile
    parts: dict[str, zipfile.ZipInfo]


def open_archive(content: bytes, name: str) -> Archive:
    """Open a zip archive held in memory and check its directory.

    Raises `SourceError` when it is damaged or cut short, locked with a password, or would unpack to more
    than `LARGEST` bytes or at more than `HIGHEST_RATIO`.
    """
    with damage_named(name):
        archive = zipfile.ZipFile(io.BytesIO(content))
        infos = archive.infolist()
    parts = {info.filename.replace("\\", "/").lower(): info for info in infos}
    if len(parts) < len(infos):
        raise SourceError(f"{name} is damaged (a part of it is there twice); {_SAVE_AGAIN}")
    if any(info.flag_bits & 1 for info in infos):
        raise SourceError(f"{name} is protected with a password; save a copy without one")
    if sum(info.file_size for info in infos) > LARGEST or any(map(_is_bomb, infos)):
        raise SourceError(
            f"{name} unpacks to far more than a workbook holds (a 'zip bomb'); it was not opened"
        )
    return Archive(name, archive, parts)


_SAVE_AGAIN = "open it in a spreadsheet program and save it again, or ask for it to be sent again"


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return info.file_size > max(SMALL, HIGHEST_RATIO * info.compress_size)


@contextmanager
def damage_named(name: str) -> Iterator[None]:
    """Turn whatever a broken archive makes the zip and XML readers raise into one `SourceError`."""
    try:
        yield
    except SourceError:
        raise
    except _DAMAGED as error:
        raise SourceError(f"{name} is damaged or cut short; {_SAVE_AGAIN}") from error


def chunks(archive: Archive, part: str) -> Iterator[bytes]:
    """The uncompressed bytes of a part, in pieces of `CHUNK`; its checksum is checked at the end.

    The reader stops at the size the directory states, so a part that lies about it fails its checksum
    and never fills the memory. Raises `SourceError` when the part is missing or damaged.
    """
    info = archive.parts.get(part)
    if info is None:
        raise SourceError(f"{archive.name} is damaged ({part} is missing); {_SAVE_AGAIN}")
    with damage_named(archive.name), archive.zip.open(info) as stream:
        while piece := stream.read(CHUNK):
            yield piece


def read(archive: Archive, part: str) -> bytes:
    """A whole part. Raises `SourceError` as `chunks` does."""
    return b"".join(chunks(archive, part))


def rebuilt(archive: Archive, changed: dict[str, bytes]) -> bytes:
    """The archive again, uncompressed, with the parts in ``changed`` put in place of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for part, info in archive.parts.items():
            if part in changed or part.endswith((".xml", ".rels")):
                target.writestr(info.filename, changed.get(part) or read(archive, part))
    return out.getvalue()
