"""Looking over a block of sheet XML with arrays: what is in it, and is any cell far out or unplaced?

This runs over every byte of a workbook, so it compares whole arrays of bytes at once; patterns and
loops are kept for the blocks in which it finds something.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]
Places = np.ndarray[tuple[int], np.dtype[np.intp]]

#: Cells within this size are not measured one by one: no sheet of it can fill the memory.
EASY_ROWS, EASY_COLUMNS = 99_999, 52
_ENDS_NAME = np.isin(np.arange(256), [ord(letter) for letter in " \t\r\n/>"])
_MARGIN = b" " * 24  # so that looking past the last cell stays inside the array


@dataclass(frozen=True)
class Look:
    """How many value and formula elements a block has, and which kinds of cell call for a closer look."""

    values: int
    formulas: int
    errors: bool  # an error cell, or a date written as ISO text
    adrift: bool  # a row or cell that does not begin with its reference
    far: bool  # a cell past `EASY_ROWS` or `EASY_COLUMNS`


def look_over(block: bytes) -> Look:
    """Look over a block whose elements carry no namespace prefix.

    >>> look_over(b'<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>')
    Look(values=1, formulas=1, errors=True, adrift=False, far=False)
    """
    data = np.frombuffer(block + _MARGIN, dtype=np.uint8)
    opens, second = data[:-1] == ord("<"), data[1:]
    cells = np.flatnonzero(opens & (second == ord("c")))
    rows = np.flatnonzero(opens & (second == ord("r")))
    cells = cells[_ENDS_NAME[data[cells + 2]]]  # not <cols>, <cfRule>
    rows = rows[_begins(data, rows + 2, "ow") & _ENDS_NAME[data[rows + 4]]]  # not <r>, <rowBreaks>
    return Look(
        values=int(np.count_nonzero(opens & (second == ord("v")))),
        formulas=int(np.count_nonzero(opens & (second == ord("f")))),
        errors=_has_typed(data),
        adrift=not (_referenced(data, cells + 2) and _referenced(data, rows + 4)),
        far=_has_far(data, cells + 6),
    )


def _has_typed(data: Bytes) -> bool:
    """A letter e or d alone between quotation marks: ``t="e"``, ``t="d"``, in either kind of quotes."""
    between = (data[1:-1] == ord("e")) | (data[1:-1] == ord("d"))
    places = np.flatnonzero(between) + 1
    before, after = data[places - 1], data[places + 1]
    return bool(np.any((before == after) & ((before == ord('"')) | (before == ord("'")))))


def _referenced(data: Bytes, places: Places) -> bool:
    """Does each element go on with `` r="`` at its place?"""
    return bool(np.all(_begins(data, places, ' r="')))


def _begins(data: Bytes, places: Places, text: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    same = np.ones(len(places), dtype=np.bool_)
    for offset, letter in enumerate(text):
        same &= data[places + offset] == ord(letter)
    return same


def _has_far(data: Bytes, references: Places) -> bool:
    first, second, third = (data[references + i] for i in range(3))
    two_letters = second >= ord("A")
    if np.any(two_letters & ((third >= ord("A")) | (first != ord("A")))):
        return True
    digits = references + 1 + two_letters
    ended = np.zeros(len(references), dtype=np.bool_)
    for offset in range(1, 6):
        ended |= data[digits + offset] == ord('"')
    return not bool(np.all(ended))
