"""How the compiled kernel is put together: its functions become one program, and that is optimised once.

By itself numba optimises every function with all that it calls, and makes it into machine code, before it
turns to the one that calls it. The kernel has some 170 functions and calls them from one. What was made of
the others is thrown away, and was most of the first compile. And a function that nobody else can call may
be built into its only caller, however long it is; numba's own linking says that anybody can.
"""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="misc,attr-defined,import-untyped"

from __future__ import annotations

from typing import Any

from llvmlite.binding import Linkage
from numba import _dynfunc
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder


class _Part(JITCodeLibrary):
    """A function that is only called by others of the kernel: kept as it is until the whole is there."""

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalized = True


class _Whole(JITCodeLibrary):
    """The function that is called from outside, with all the others in it, which nothing else can call."""

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            if function.linkage == Linkage.linkonce_odr:
                function.linkage = Linkage.internal
                # Names are unique in one process, and what is kept on disk comes from another. There a
                # function of the same name would be taken for this one, which may have lost arguments.
                function.name = f"upturn.twin.{function.name}"
        super()._optimize_final_module()


class _Compiler(CompilerBase):
    """Numba's own steps, with a library of ours."""

    kind: type[JITCodeLibrary]

    def define_pipelines(self) -> list[Any]:
        state = self.state
        state.library = self.kind(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return [DefaultPassBuilder.define_nopython_pipeline(state)]


class PartCompiler(_Compiler):
    """Compiles a function of the kernel that is called by others of it."""

    kind = _Part

    def define_pipelines(self) -> list[Any]:
        self.state.targetctx.get_executable = _not_alone  # the context is this compiler's own
        return super().define_pipelines()


class WholeCompiler(_Compiler):
    """Compiles the function of the kernel that is called from outside."""

    kind = _Whole


def _not_alone(library, fndesc, env):
    """What stands for a part towards Python, which never calls it: its address is 0."""
    library.finalize()
    name = fndesc.qualname.rsplit(".", 1)[-1]
    return _dynfunc.make_function(fndesc.lookup_module(), name, "", 0, env, (library,))
