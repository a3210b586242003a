"""Compile a loop when numba is there; run it as plain Python when it is not.

The function is the same and so is the answer, to the last bit. Compiling takes seconds the first
time and is then kept on disk, so a small log is quicker without: the caller says when it is worth
it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Loop = Callable[..., Any]


def can_compile() -> bool:
    """Whether numba is installed and has not been switched off by ``NUMBA_DISABLE_JIT=1``.

    >>> can_compile() in (True, False)
    True
    """
    off = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
    return not off and find_spec("numba") is not None


@cache
def compiled(loop: Loop, *helpers: Loop, files: tuple[str, ...] = ()) -> Loop:
    """``loop`` compiled, without the interpreter's lock; ``helpers`` are the functions it calls.

    ``files`` are those, beside its own, that it is made of: a change in any of them renews what is kept on
    disk. Where nothing can be kept on disk it is compiled for this run.
    """
    import numba
    from numba.extending import register_jitable

    for helper in helpers:
        register_jitable(helper)
    try:
        fast: Any = numba.njit(nogil=True, cache=True)(loop)
    except RuntimeError:  # no folder to keep it in
        fast = None
    kept = fast is not None and (not files or stamped(fast, digest(files)))
    return fast if kept else numba.njit(nogil=True)(loop)


def stamped(fast: Any, made_of: str) -> bool:
    """Make what is kept on disk of ``fast`` depend on ``made_of``; False when that cannot be done.

    By itself numba renews it only when the file of the outermost function changes.
    """
    try:
        index = fast._cache._cache_file
        index._source_stamp = (*index._source_stamp, made_of)
    except (AttributeError, TypeError):
        return False
    return True


def digest(files: Iterable[str | Path], *, also: str = "") -> str:
    """One number for all that is in the files, in their order, and for the text ``also``."""
    hashed = hashlib.sha256()
    for file in files:
        hashed.update(Path(file).read_bytes())
    hashed.update(also.encode())
    return hashed.hexdigest()
