"""Cells that a spreadsheet will show and never run.

A cell that begins with ``=``, ``+``, ``-`` or ``@`` is a formula to a spreadsheet that opens a CSV file,
and so is one that hides such a mark behind a tab or a line break. These get an apostrophe in front, in
CSV and in Excel alike, so that the cell stays harmless when a workbook is saved again as CSV.
"""

from __future__ import annotations

import re

import polars as pl

#: Full-width forms count too: some spreadsheets fold them into the plain marks.
_DANGEROUS = r"^[\t\r\n]|^[\s\x00]*[=+\-@＝＋－＠]"
_STARTS_FORMULA = re.compile(_DANGEROUS)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
#: Excel holds no more than this in one cell.
CELL_LIMIT = 32_767
_CUT = " … (cut; Excel holds no more in one cell)"


def harmless(text: str) -> str:
    """The text with an apostrophe in front when a spreadsheet would take it for a formula.

    >>> harmless("=1+1"), harmless("-A17"), harmless("A-17")
    ("'=1+1", "'-A17", 'A-17')
    """
    return f"'{text}" if _STARTS_FORMULA.match(text) else text


def excel_text(text: str) -> str:
    """The text as it may stand in an Excel cell: harmless, and cut (and said to be) when too long.

    The writer of workbooks passes text between ``<r>`` and ``</r>`` through as XML; an apostrophe
    stops that too. Control characters, which XML cannot hold, become "�".

    >>> excel_text("<r>x</r>")
    "'<r>x</r>"
    """
    text = f"'{text}" if text.startswith("<r>") else harmless(text)
    text = _CONTROL.sub("\ufffd", text)
    return text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - len(_CUT)] + _CUT


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with columns that no cell can hold (lists, structures, lengths of time) as text.

    >>> flat(pl.DataFrame({"a": [["x", "y"], None]}))["a"].to_list()
    ['x; y', None]
    """
    texts = []
    for name, kind in frame.schema.items():
        if isinstance(kind, pl.List):
            texts.append(pl.col(name).cast(pl.List(pl.String)).list.join("; "))
        elif isinstance(kind, pl.Struct):
            texts.append(pl.col(name).struct.json_encode())
        elif kind == pl.Duration:
            texts.append(pl.col(name).dt.to_string("polars"))
        elif kind == pl.Binary:
            texts.append(pl.col(name).bin.encode("hex"))
        elif kind in (pl.Categorical, pl.Enum) or kind == pl.Null:
            texts.append(pl.col(name).cast(pl.String))
    return frame.with_columns(texts) if texts else frame


def harmless_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """`flat`, with every text cell made `harmless`; numbers and dates are left as they are."""
    frame = flat(frame)
    names = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(_DANGEROUS))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name in names
    )


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """The frame as CSV: UTF-8 with a byte order mark, ISO dates, harmless text cells.

    Excel reads UTF-8 correctly only when the mark is there; Python's ``utf-8-sig``, Polars, pandas and R
    all skip it.

    >>> csv_bytes(pl.DataFrame({"child": ["=A1"]}))
    b"\\xef\\xbb\\xbfchild\\n'=A1\\n"
    """
    frame = harmless_frame(frame)
    frame = frame.rename({name: harmless(name) for name in frame.columns})
    return b"\xef\xbb\xbf" + frame.write_csv(datetime_format="%Y-%m-%d %H:%M:%S").encode()
