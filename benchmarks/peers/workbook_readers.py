"""One way of reading a workbook, timed in a process of its own: ``workbook_readers.py FOLDER WAY``."""

import sys
from pathlib import Path

from timing import report


def fastexcel_text(path):
    import fastexcel

    book = fastexcel.read_excel(path)
    frames = [
        book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
        for name in book.sheet_names
    ]
    return sum(f.width * f.height - sum(f.null_count().row(0)) for f in frames)


def fastexcel_typed(path):
    import fastexcel

    book = fastexcel.read_excel(path)
    frames = [book.load_sheet(name).to_polars() for name in book.sheet_names]
    return sum(f.width * (f.height + 1) - sum(f.null_count().row(0)) for f in frames)


def calamine(path):
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return sum(1 for sheet in sheets for row in sheet for cell in row if cell != "")


def openpyxl(path):
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    rows = [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
    return sum(1 for row in rows for cell in row if cell is not None)


def open_source(path):
    from upturn.records.sources import open_source

    frames = [sheet.cells for sheet in open_source(path).sheets]
    return sum(f.width * f.height - sum(f.null_count().row(0)) for f in frames)


def read_annex_a(path):
    from upturn.records.annex_a.reader import read_annex_a

    return sum(count.accepted for count in read_annex_a(path).counts)


WAYS = {
    way.__name__: way
    for way in (fastexcel_text, fastexcel_typed, calamine, openpyxl, open_source, read_annex_a)
}

if __name__ == "__main__":
    folder, way = sys.argv[1:]
    workbook = Path(folder) / "county.xlsx"
    report(lambda: [(WAYS[way](workbook), 1)], 1)
