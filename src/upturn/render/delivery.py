"""All of the files or none: outputs are built out of sight and moved into place when complete.

Whoever opens the folder meanwhile sees the earlier outputs, whole. A failure removes what was begun and
puts back what had been moved.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: A folder of an interrupted run that is older than this (seconds) is swept up by the next.
STALE_AFTER = 3600

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file would be larger than this system allows",
    errno.EACCES: "no permission to write there, or the file is open in another program",
    errno.EPERM: "no permission to write there",
    errno.EROFS: "the disk cannot be written to",
    errno.ENAMETOOLONG: "the name is too long",
}


class OutputError(Exception):
    """Outputs that could not be written. The message says which, why and what is left, in one line."""


def _explain(what: Path, error: OSError) -> OutputError:
    why = _REASONS.get(error.errno or 0) or error.strerror or str(error)
    return OutputError(f"cannot write {what}: {why}; nothing was changed")


def _os_error(error: BaseException) -> OSError | None:
    """The operating system's error inside ``error``; the writer of workbooks wraps its own."""
    if isinstance(error, OSError):
        return error
    inner = error.args[0] if error.args else None
    return inner if isinstance(inner, OSError) else None


def _sweep(parent: Path, prefix: str, now: float) -> None:
    """Remove what a killed run left: it holds children's records that nobody looks after."""
    for left in parent.glob(f"{prefix}*"):
        if left.is_dir() and now - left.stat().st_mtime > STALE_AFTER:
            shutil.rmtree(left, ignore_errors=True)


def _staging(out: Path, *, inside: bool) -> Path:
    """A new folder beside ``out``; inside it when it must be, to be writable and on the same disk."""
    prefix = f".{out.name}.part-"
    beside = not out.is_dir() or (not inside and out.stat().st_dev == out.parent.stat().st_dev)
    try:
        made = Path(tempfile.mkdtemp(prefix=prefix, dir=out.parent if beside else out))
    except PermissionError:
        if not out.is_dir():
            raise
        made = Path(tempfile.mkdtemp(prefix=prefix, dir=out))
    _sweep(made.parent, prefix, made.stat().st_mtime)
    return made


def _move(staged: Path, out: Path, kept: Path) -> list[Path]:
    """Move every staged file into ``out``, keeping what it replaces in ``kept`` until all are there."""
    done: list[tuple[Path, bool]] = []
    try:
        for new in sorted(path for path in staged.iterdir() if path.is_file()):
            target = out / new.name
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, f"{new.name} is a folder there")
            had = target.exists()
            if had:
                target.replace(kept / new.name)
            done.append((target, had))
            new.replace(target)
    except BaseException:  # an interruption from the keyboard too
        for target, had in reversed(done):
            target.unlink(missing_ok=True)
            if had:
                (kept / target.name).replace(target)
        raise
    return [target for target, _ in done]


@contextmanager
def delivered(out: Path, paths: list[Path], *, inside: bool = False) -> Iterator[Path]:
    """Give a folder to write into; on leaving, move its files to ``out`` and list them in ``paths``.

    ``out`` is made if need be; other files in it are left alone. The folder to write into is beside
    ``out``, or in it when ``inside`` says so. Raises `OutputError` when the folder or
    a file cannot be written; whatever the failure, nothing half-written remains and earlier outputs stay.
    """
    staged: Path | None = None
    made_out = False
    out = out.absolute()
    try:
        if out.exists() and not out.is_dir():
            raise OutputError(f"cannot write into {out}: it is a file, not a folder")
        out.parent.mkdir(parents=True, exist_ok=True)
        staged = _staging(out, inside=inside)
        files, kept = staged / "new", staged / "old"
        files.mkdir()
        kept.mkdir()
        yield files
        made_out = not out.exists()
        out.mkdir(exist_ok=True)
        paths += _move(files, out, kept)
    except BaseException as error:
        cause = _os_error(error)
        if made_out and out.is_dir() and not any(out.iterdir()):
            out.rmdir()
        if cause is None:
            raise
        raise _explain(out, cause) from error
    finally:
        if staged:
            shutil.rmtree(staged, ignore_errors=True)
