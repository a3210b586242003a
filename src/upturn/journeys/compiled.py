"""Compile a loop when numba is there; run it as plain Python when it is not.

The function is the same and so is the answer, to the last bit. Compiling takes seconds the first
time and is then kept on disk, so a small log is quicker without: the caller says when it is worth
it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
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
def compiled(loop: Loop, *helpers: Loop) -> Loop:
    """``loop`` compiled, without the interpreter's lock; ``helpers`` are the functions it calls.

    All must stand in one file: what is kept on disk is renewed only when the loop's own file
    changes. Where nothing can be kept on disk it is compiled for this run.
    """
    import numba
    from numba.extending import register_jitable

    for helper in helpers:
        register_jitable(helper)
    try:
        fast: Loop = numba.njit(nogil=True, cache=True)(loop)
    except RuntimeError:  # no folder to keep it in
        fast = numba.njit(nogil=True)(loop)
    return fast
