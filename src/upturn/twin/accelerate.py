"""The kernel compiled when numba is there, and as plain Python when it is not: the same answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import Any

from upturn.journeys.compiled import can_compile, digest, stamped
from upturn.twin import (
    allocation,
    assessment,
    children,
    days,
    enquiry,
    heap,
    kernel,
    lists,
    plans,
    shares,
    staff,
    start,
    streams,
    takeover,
    today_staff,
    today_work,
    visits,
    work,
)
from upturn.twin.parameters import PARAMETERS
from upturn.twin.series import SERIES

Kernel = Callable[..., int]
#: What a compiled kernel is made of. Numba renews what it keeps on disk when the file of the outermost
#: function changes; ours stands on all of these.
_MADE_OF = (
    "accelerate.py", "allocation.py", "assessment.py", "children.py", "columns.py", "compact.py",
    "days.py", "enquiry.py", "heap.py", "kernel.py", "lists.py", "plans.py", "program.py", "shares.py",
    "staff.py", "start.py", "streams.py", "takeover.py", "today_columns.py", "today_staff.py",
    "today_work.py", "visits.py", "work.py",
)  # fmt: skip
_MODULES = (streams, heap, lists, work, visits, plans, assessment, enquiry, children, staff, start,
            today_staff, today_work, takeover, allocation, shares, days, kernel)  # fmt: skip
_LOCK = Lock()

#: Arrays handed from function to function are not counted: nothing here makes or frees one.
_PLAIN: dict[str, Any] = {"_nrt": False, "error_model": "numpy"}
#: What is called from compiled code alone needs no way in from Python or C.
_PART = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


@cache
def kernel_function(compile: bool | None = None) -> Kernel:
    """`upturn.twin.kernel.run_many`, compiled unless ``compile`` is False or numba is not there.

    The first call of a compiled one compiles for some seconds and keeps the result on disk.
    """
    if compile is False or not can_compile():
        return kernel.run_many
    with _LOCK:  # threads that ask at once get one kernel
        return _compiled()


@cache
def _compiled() -> Kernel:
    import numba
    from numba.extending import register_jitable

    from upturn.twin.compact import Compact, run_block
    from upturn.twin.program import PartCompiler, WholeCompiler

    part = register_jitable(pipeline_class=PartCompiler, **_PART, **_PLAIN)
    for module in _MODULES:
        for helper in module.JIT:
            part(helper)
    part(kernel.run)
    part(kernel.run_many)
    whole = partial(numba.njit, nogil=True, pipeline_class=WholeCompiler, **_PLAIN)
    try:
        kept: Any = whole(cache=True)(run_block)
    except RuntimeError:  # no folder to keep it in
        kept = None
    is_kept = kept is not None and stamped(kept, _digest())
    fast = kept if is_kept else whole()(run_block)
    return Compact(fast)


@cache
def _digest() -> str:
    here, numbers = Path(__file__).parent, repr((list(PARAMETERS), SERIES))  # those of the columns
    return digest((here / name for name in _MADE_OF), also=numbers)
