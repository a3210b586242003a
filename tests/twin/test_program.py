"""The kernel's functions put together as one program."""

from __future__ import annotations

import pytest

from upturn.journeys.compiled import can_compile
from upturn.twin.accelerate import kernel_function
from upturn.twin.streams import quantile

pytestmark = pytest.mark.skipif(not can_compile(), reason="numba is not installed")


def three_times(p):  # type: ignore[no-untyped-def]
    return quantile(p) + quantile(p * p) + quantile(0.5 * p)


def test_what_is_built_into_a_program_is_not_found_by_others_under_its_name() -> None:
    """Code kept on disk holds names that another process gives to functions of its own."""
    import numba
    from llvmlite.binding import Linkage

    from upturn.twin.program import WholeCompiler

    kernel_function()  # makes parts of the twin's functions
    whole = numba.njit(pipeline_class=WholeCompiler, _nrt=False, error_model="numpy")(three_times)
    for p in (0.001, 0.4, 0.93):
        assert whole(p) == three_times(p)
    (made,) = whole.overloads.values()
    parts = [
        function.name
        for function in made.library._final_module.functions
        if function.linkage == Linkage.internal
    ]
    assert any("quantile" in name for name in parts)
    assert all(name.startswith("upturn.twin.") for name in parts)


def test_a_part_is_still_there_for_programs_of_others() -> None:
    import numba

    kernel_function()
    other = numba.njit(three_times)
    for p in (0.001, 0.4, 0.93):
        assert other(p) == three_times(p)
