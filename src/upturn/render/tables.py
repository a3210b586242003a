"""Any table as a CSV file, a workbook or a table in the terminal."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import polars.selectors as cs

from upturn.render import excel
from upturn.render.cells import csv_bytes, flat
from upturn.render.delivery import OutputError, delivered
from upturn.render.excel import Book, Column
from upturn.render.sheetnames import sheet_names

#: Columns are made as wide as their texts within these limits (characters).
NARROWEST, WIDEST = 8, 60
#: Longer tables are lists to be filtered: their rows stay one line high, and quick to write.
MOST_WRAPPED = 1000


def write_table(frame: pl.DataFrame, path: Path, *, title: str = "Table") -> Path:
    """Write ``frame`` to ``path`` as ``.csv`` or ``.xlsx``, by the ending of its name.

    Texts that a spreadsheet would run are made harmless. The file appears whole or not at all. Raises
    `OutputError` when it cannot be written or the ending is neither.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     made = write_table(pl.DataFrame({"child": ["-C1"]}), Path(folder) / "list.csv")
    ...     made.read_text(encoding="utf-8-sig")
    "child\\n'-C1\\n"
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise OutputError(f"cannot write {path.name}: the name must end in .csv or .xlsx")
    if path.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder, not a file")
    paths: list[Path] = []
    with delivered(path.parent, paths, inside=True) as staged:
        if kind == ".csv":
            (staged / path.name).write_bytes(csv_bytes(frame))
        else:
            write_sheets({title: frame}, staged / path.name)
    return paths[0]


def write_sheets(frames: dict[str, pl.DataFrame], path: Path) -> None:
    """A workbook with one sheet per frame, or several where a frame is longer than a sheet can be."""
    parts = [
        (title, part)
        for title, frame in frames.items()
        for part in (flat(frame).iter_slices(excel.MOST_ROWS) if frame.height else [flat(frame)])
    ]
    names = sheet_names([title for title, _ in parts])
    with excel.workbook(path, as_at=None, rows=max(part.height for _, part in parts)) as book:
        for name, (title, part) in zip(names, parts, strict=True):
            add_sheet(book, name, title, part)


def add_sheet(book: Book, name: str, title: str, frame: pl.DataFrame) -> None:
    """One more sheet of an open workbook: the frame under its headings, ``title`` at the head in print."""
    sheet, columns = book.workbook.add_worksheet(name), _columns(frame)
    wraps = [book.wrap if column.wrap else None for column in columns]
    excel.head(sheet, book, columns, row=0, rows=frame.height)
    for row, values in enumerate(frame.iter_rows(), start=1):
        if any(wraps):
            excel.fit(sheet, row, values, columns)
        for column, (value, wrap) in enumerate(zip(values, wraps, strict=True)):
            excel.put(sheet, row, column, value, book, wrap)
    excel.for_print(sheet, header=title, row=0)


def _columns(frame: pl.DataFrame) -> list[Column]:
    """As wide as their texts, or of the greatest width and wrapped; numbers as wide as they are shown."""
    shown = frame.head(1000).with_columns(cs.float().round(3))
    widths = shown.select(pl.all().cast(pl.String, strict=False).str.len_chars().max().fill_null(0))
    longest = widths.row(0) if widths.height else (0,) * frame.width
    return [
        Column(
            name,
            min(max(NARROWEST, len(name) + 3, int(width) + 2), WIDEST),
            wrap=kind == pl.String and int(width) + 2 > WIDEST and frame.height <= MOST_WRAPPED,
        )
        for (name, kind), width in zip(frame.schema.items(), longest, strict=True)
    ]
