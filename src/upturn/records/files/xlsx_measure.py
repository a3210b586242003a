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
_LONGEST_REFERENCE = 11  # XFD1048576 and its closing quotation mark
_MARGIN = b" " * 24  # so that looking past the last cell stays inside the array


@dataclass(frozen=True)
class Look:
    """What a block holds, and which kinds of cell in it call for a closer look.

    ``values`` counts elements that give a cell its value, ``formulas`` formulas. The block reaches at
    most row ``rows`` and column ``columns``, counted from 1.
    """

    values: int
    formulas: int
    errors: bool  # an error cell, or a date written as ISO text
    adrift: bool  # a row or cell that does not begin with its reference
    rows: int
    columns: int


def look_over(block: bytes, *, exact: bool = False) -> Look:
    """Look over a block whose elements carry no namespace prefix.

    Its size is stated as `EASY_ROWS` by `EASY_COLUMNS` where nothing lies beyond, unless ``exact``.

    >>> look_over(b'<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>', exact=True)
    Look(values=1, formulas=1, errors=True, adrift=False, rows=1, columns=1)
    """
    data = np.frombuffer(block + _MARGIN, dtype=np.uint8)
    opens, second = data[:-1] == ord("<"), data[1:]
    cells = np.flatnonzero(opens & (second == ord("c")))
    rows = np.flatnonzero(opens & (second == ord("r")))
    inline = np.flatnonzero(opens & (second == ord("i")))
    cells = cells[_ENDS_NAME[data[cells + 2]]]  # not <cols>, <cfRule>
    rows = rows[_begins(data, rows + 2, "ow") & _ENDS_NAME[data[rows + 4]]]  # not <r>, <rowBreaks>
    inline = inline[_begins(data, inline + 2, "s") & _ENDS_NAME[data[inline + 3]]]
    is_value = opens & (second == ord("v"))
    size = (EASY_ROWS, EASY_COLUMNS)
    if exact or _has_far(data, cells + 6):
        size = _extent(data, cells, np.concatenate([np.flatnonzero(is_value), inline]))
    return Look(
        values=int(np.count_nonzero(is_value)) + len(inline),
        formulas=int(np.count_nonzero(opens & (second == ord("f")))),
        errors=_has_typed(data),
        adrift=not (_referenced(data, cells + 2) and _referenced(data, rows + 4)),
        rows=size[0],
        columns=size[1],
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


def _extent(data: Bytes, cells: Places, values: Places) -> tuple[int, int]:
    """The last row and column of the cells that hold these values: empty, formatted cells do not count."""
    filled = np.unique(np.searchsorted(cells, values) - 1)
    references = cells[filled[filled >= 0]] + 6
    row = np.zeros(len(references), dtype=np.int64)
    column, ended = row.copy(), row != 0
    for offset in range(_LONGEST_REFERENCE):
        letter = data[references + offset].astype(np.int64)
        ended |= letter == ord('"')
        digit = (letter >= ord("0")) & (letter <= ord("9")) & ~ended
        alpha = (letter >= ord("A")) & ~ended
        row = np.where(digit, row * 10 + letter - ord("0"), row)
        column = np.where(alpha, column * 26 + (letter & 31), column)
    row[~ended] = 10**_LONGEST_REFERENCE
    return int(row.max(initial=0)), int(column.max(initial=0))
