"""The kernel's state as one pointer, for the compiled kernel.

Handed over as it is, `upturn.twin.columns.State` is some 150 numbers for each call of each function, and
that is most of what a call costs. Here it is the address of a small block that says, of each array,
where it lies and how large it is. Numba is told how to read ``s.kid[row, column]`` from it: without a look
at the sign of an index (the kernel has no negative ones), and knowing that no two arrays overlap.
"""
# mypy: allow-untyped-defs, allow-untyped-calls
# mypy: disable-error-code="misc,attr-defined,override,call-arg,import-untyped"

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.typing.templates import (
    AbstractTemplate,
    AttributeTemplate,
    infer_getattr,
    infer_global,
    signature,
)
from numba.extending import intrinsic, lower_builtin, lower_getattr_generic, register_model
from numpy.typing import NDArray

from upturn.twin import columns as C
from upturn.twin.kernel import run_many
from upturn.twin.parameters import PARAMETERS
from upturn.twin.series import BINS, SERIES

#: Numbers for each array in a block: its address, and its size in up to three directions.
WORDS = 4
#: The kind and the directions of each array; and how many columns, where the model says so.
ARRAYS: dict[str, tuple[Any, int, int]] = {
    **dict.fromkeys(("queue", "out", "log", "opening"), (types.float64, 2, 0)),
    **dict.fromkeys(("hours", "pulls", "weights", "num", "par", "pull"), (types.float64, 1, 0)),
    **dict.fromkeys(("held", "what", "late", "done", "heap", "coming"), (types.int64, 1, 0)),
    **dict.fromkeys(("work_day", "extra"), (types.int64, 1, 0)),
    "tally": (types.float64, 1, 0),
    **dict.fromkeys(("stems", "keys", "staff_keys"), (types.uint64, 1, 0)),
    "kid": (types.float64, 2, C.KID),
    "staff": (types.float64, 2, C.STAFF),
    "cal": (types.int64, 2, 4),
    "visits": (types.int64, 2, 2),
    "book": (types.float64, 2, 4),
    "hist": (types.float64, 3, 0),
    "bars": (types.float64, 2, BINS),
}


#: Arrays that lie in the block itself, after the numbers about the others, and how long each is: what is
#: read most is then found without a look at where it lies.
WITHIN = {
    "num": C.NUM,
    "par": len(PARAMETERS),
    "tally": len(SERIES) + 2,
}


class StateType(types.Type):
    """The whole state."""

    def __init__(self) -> None:
        super().__init__("TwinState")


def first_within(field: str) -> int:
    """Where in the block an array begins that lies in it."""
    before = list(WITHIN)[: list(WITHIN).index(field)]
    return len(C.State._fields) * WORDS + sum(WITHIN[name] for name in before)


class SheetType(types.Type):
    """One array of it."""

    def __init__(self, field: str) -> None:
        self.field, self.place = field, C.State._fields.index(field)
        self.dtype, self.ndim, self.columns = ARRAYS[field]
        self.within = first_within(field) if field in WITHIN else 0
        super().__init__(f"TwinSheet({field})")


STATE = StateType()
SHEETS = {name: SheetType(name) for name in C.State._fields}


@register_model(StateType)
@register_model(SheetType)
class _Pointer(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, ir.IntType(64).as_pointer())


@infer_getattr
class _Sheets(AttributeTemplate):
    key = StateType

    def generic_resolve(self, state: Any, name: str) -> Any:
        return SHEETS.get(name)


@infer_getattr
class _Shape(AttributeTemplate):
    key = SheetType

    def resolve_shape(self, sheet: Any) -> Any:
        return types.UniTuple(types.int64, sheet.ndim)


@lower_getattr_generic(StateType)
def _sheet(context, builder, state, value, name):
    return value


@lower_getattr_generic(SheetType)
def _shape(context, builder, sheet, value, name):
    sizes = [_size(builder, sheet, value, n) for n in range(sheet.ndim)]
    return context.make_tuple(builder, types.UniTuple(types.int64, sheet.ndim), sizes)


@infer_global(operator.getitem)
class _Get(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        sheet, index = args
        if isinstance(sheet, SheetType) and _indices(sheet, index):
            return signature(sheet.dtype, sheet, index)
        return None


@infer_global(operator.setitem)
class _Set(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        sheet, index, _ = args
        whole = isinstance(index, types.SliceType)
        if isinstance(sheet, SheetType) and (whole or _indices(sheet, index)):
            return signature(types.none, sheet, index, sheet.dtype)
        return None


def _indices(sheet: Any, index: Any) -> bool:
    kinds = index.types if isinstance(index, types.BaseTuple) else (index,)
    return len(kinds) == sheet.ndim and all(isinstance(k, types.Integer) for k in kinds)


@lower_builtin(operator.getitem, SheetType, types.Any)
def _get(context, builder, sig, args):
    found = builder.load(_address(context, builder, sig, args))
    _apart(builder, found, sig.args[0])
    return found


@lower_builtin(operator.setitem, SheetType, types.Any, types.Any)
def _set(context, builder, sig, args):
    sheet = sig.args[0]
    if not isinstance(sig.args[1], types.SliceType):
        _apart(builder, builder.store(args[2], _address(context, builder, sig, args)), sheet)
        return context.get_dummy_value()
    total = _size(builder, sheet, args[0], 0)
    for n in range(1, sheet.ndim):
        total = builder.mul(total, _size(builder, sheet, args[0], n))
    with cgutils.for_range(builder, total) as loop:
        place = builder.gep(_data(context, builder, sheet, args[0]), [loop.index])
        _apart(builder, builder.store(args[2], place), sheet)
    return context.get_dummy_value()


def _address(context, builder, sig, args):
    """Where one number of an array lies: rows one after another."""
    sheet, index = sig.args[:2]
    kinds, places = (index,), [args[1]]
    if isinstance(index, types.BaseTuple):
        kinds, places = index.types, cgutils.unpack_tuple(builder, args[1])
    whole = [context.cast(builder, p, k, types.int64) for p, k in zip(places, kinds, strict=True)]
    at = whole[0]
    for n in range(1, sheet.ndim):
        at = builder.add(builder.mul(at, _size(builder, sheet, args[0], n)), whole[n])
    return builder.gep(_data(context, builder, sheet, args[0]), [at])


def _data(context, builder, sheet, block):
    kind = context.get_data_type(sheet.dtype).as_pointer()
    if sheet.within:
        first = builder.gep(block, [ir.Constant(ir.IntType(64), sheet.within)])
        return builder.bitcast(first, kind)
    return builder.inttoptr(_word(builder, block, sheet.place * WORDS), kind)


def _size(builder, sheet, block, n):
    if sheet.columns and n == sheet.ndim - 1:
        return ir.Constant(ir.IntType(64), sheet.columns)
    return _word(builder, block, sheet.place * WORDS + 1 + n)


def _word(builder, block, place):
    """A number of the block, which never changes while the kernel runs."""
    read = builder.load(builder.gep(block, [ir.Constant(ir.IntType(64), place)]))
    read.set_metadata("invariant.load", builder.module.add_metadata([]))
    return read


def _apart(builder, access, sheet):
    """Tell the compiler that what is read or written lies in this array and in no other."""
    module = builder.module
    domain = module.add_metadata(["upturn.twin"])
    scope = {name: module.add_metadata([f"upturn.twin.{name}", domain]) for name in SHEETS}
    others = [node for name, node in scope.items() if name != sheet.field]
    access.set_metadata("alias.scope", module.add_metadata([scope[sheet.field]]))
    access.set_metadata("noalias", module.add_metadata(others))


@intrinsic
def _state(typing: Any, block: Any) -> Any:
    """The state behind a block."""

    def read(context, builder, sig, args):
        array = context.make_array(sig.args[0])(context, builder, args[0])
        return builder.bitcast(array.data, ir.IntType(64).as_pointer())

    return STATE(block), read


def run_block(block, plans, reps, dropped, seed, monthly, histograms):
    """`run_many` on the state behind a block."""
    return run_many(_state(block), plans, reps, dropped, seed, monthly, histograms)


def block_of(state: C.State) -> NDArray[np.int64]:
    """The block that says where the arrays of a state lie. They must outlive it.

    Raises ValueError for an array of another kind or shape than the compiled kernel reads.
    """
    block = np.zeros(len(state) * WORDS + sum(WITHIN.values()), np.int64)
    about = block[: len(state) * WORDS].reshape(-1, WORDS)
    for row, (name, array) in zip(about, state._asdict().items(), strict=True):
        kind, directions, columns = ARRAYS[name]
        fits = array.dtype == np.dtype(kind.name) and array.ndim == directions
        fits = fits and WITHIN.get(name, array.shape[0]) == array.shape[0]
        if not fits or not array.flags.c_contiguous or columns not in (0, array.shape[-1]):
            raise ValueError(f"{name}: not the array that the kernel was compiled for")
        row[0] = array.ctypes.data
        row[1 : 1 + directions] = array.shape
    return block


@dataclass(frozen=True)
class Compact:
    """The compiled kernel, called like `upturn.twin.kernel.run_many`."""

    fast: Callable[..., int]

    def __call__(self, s: C.State, *rest: Any) -> int:
        block = block_of(s)
        fault = self.fast(block, *rest)
        for name, size in WITHIN.items():  # what they hold in the end is read by the caller
            first = first_within(name)
            getattr(s, name)[:] = block[first : first + size].view(np.float64)
        return fault
